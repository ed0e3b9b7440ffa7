# Written from _async by `python -m scripts.clients`.
"""Figures of what was seen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Unpack, cast
from urllib.parse import quote

from .. import answers
from ..http import Call
from ..parameters import Filters
from .transport import Transport


class Dashboard:
    """Each call takes filters: which user, expression, span, session and version of the weights."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def stats(self, **filters: Unpack[Filters]) -> answers.Stats:
        """Return totals, the most common expression and the average confidence."""
        return cast(answers.Stats, self._transport.json(Call("GET", "/dashboard/stats", {**filters})))

    def recent(
        self, *, limit: int | None = None, cursor: str | None = None, **filters: Unpack[Filters]
    ) -> answers.Recent:
        """List predictions, newest first, a page at a time."""
        call = Call("GET", "/dashboard/recent", {"limit": limit, "cursor": cursor, **filters})
        return cast(answers.Recent, self._transport.json(call))

    def timeline(
        self,
        *,
        days: int | None = None,
        bucket: Literal["day", "hour", "minute"] | None = None,
        tz: str | None = None,
        **filters: Unpack[Filters],
    ) -> answers.Timeline:
        """Count predictions by the day, the hour or the minute."""
        call = Call("GET", "/dashboard/timeline", {"days": days, "bucket": bucket, "tz": tz, **filters})
        return cast(answers.Timeline, self._transport.json(call))

    def emotion(self, name: answers.EmotionName, **filters: Unpack[Filters]) -> answers.EmotionDetail:
        """Return the figures of one expression."""
        call = Call("GET", f"/dashboard/emotion/{name}", {**filters})
        return cast(answers.EmotionDetail, self._transport.json(call))

    def user(self, username: str, **filters: Unpack[Filters]) -> answers.UserStats:
        """Return the figures of a user: one's own, or anybody's for an administrator."""
        call = Call("GET", f"/dashboard/users/{quote(username, safe='')}", {**filters})
        return cast(answers.UserStats, self._transport.json(call))

    def export(self, *, format: Literal["csv", "json"] = "csv", **filters: Unpack[Filters]) -> Iterator[bytes]:
        """Go through one's own predictions, all of them for an administrator, as they come."""
        return self._transport.stream(Call("GET", "/dashboard/export", {"format": format, **filters}))
