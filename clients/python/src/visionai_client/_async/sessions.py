"""Recorded sessions: people over time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Literal, Unpack, cast

from .. import answers
from ..http import Call
from ..parameters import Instant, Label, SessionTexts
from .transport import AsyncTransport


class AsyncSessions:
    """Sessions are reached by whoever owns them, or by their `receipt`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def start(
        self,
        *,
        title: str | None = None,
        participant: str | None = None,
        notes: str | None = None,
        source: answers.SessionSource = "api",
    ) -> answers.StartedSession:
        """Start a session for pictures that name its uid; without an account its `receipt` is told this once."""
        body = {"title": title, "participant": participant, "notes": notes, "source": source}
        call = Call("POST", "/sessions", json=body)
        return cast(answers.StartedSession, await self._transport.json(call))

    async def list(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        q: str | None = None,
        participant: str | None = None,
        user: str | None = None,
        since: Instant | None = None,
        until: Instant | None = None,
    ) -> answers.Sessions:
        """List one's own sessions, newest first, a page at a time."""
        query = {"limit": limit, "cursor": cursor, "q": q, "participant": participant, "user": user}
        call = Call("GET", "/sessions", {**query, "since": since, "until": until})
        return cast(answers.Sessions, await self._transport.json(call))

    async def all(
        self, *, limit: int | None = None, q: str | None = None, participant: str | None = None
    ) -> AsyncIterator[answers.ListedSession]:
        """Go through all of them, page after page."""
        cursor = None
        while True:
            page = await self.list(limit=limit, cursor=cursor, q=q, participant=participant)
            for session in page["sessions"]:
                yield session
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def get(self, uid: str, *, receipt: str | None = None) -> answers.Session:
        """Return people with their seconds and shares by expression, gaps, markers."""
        return cast(answers.Session, await self._transport.json(Call("GET", f"/sessions/{uid}", receipt=receipt)))

    async def edit(
        self,
        uid: str,
        *,
        people: Iterable[Label] | None = None,
        receipt: str | None = None,
        **texts: Unpack[SessionTexts],
    ) -> answers.Session:
        """Change texts and label people; what is not given stays."""
        body = {**texts, **({} if people is None else {"people": [*people]})}
        call = Call("PATCH", f"/sessions/{uid}", json=body, receipt=receipt)
        return cast(answers.Session, await self._transport.json(call))

    async def end(self, uid: str, *, receipt: str | None = None) -> answers.Session:
        """End a session; ending it twice changes nothing."""
        call = Call("POST", f"/sessions/{uid}/end", receipt=receipt)
        return cast(answers.Session, await self._transport.json(call))

    async def delete(self, uid: str, *, receipt: str | None = None) -> None:
        """Delete a session with its rows and their share of all figures."""
        await self._transport.json(Call("DELETE", f"/sessions/{uid}", receipt=receipt))

    async def timeline(
        self,
        uid: str,
        *,
        step: Literal["1s", "10s", "1m", "auto"] | None = None,
        person: int | None = None,
        since_ms: int | None = None,
        until_ms: int | None = None,
        receipt: str | None = None,
    ) -> answers.SessionTimeline:
        """Return a point a step for each person."""
        query = {"step": step, "person": person, "since_ms": since_ms, "until_ms": until_ms}
        call = Call("GET", f"/sessions/{uid}/timeline", query, receipt=receipt)
        return cast(answers.SessionTimeline, await self._transport.json(call))

    async def mark(
        self,
        uid: str,
        label: str,
        *,
        offset_ms: int | None = None,
        at: str | None = None,
        receipt: str | None = None,
    ) -> answers.Marker:
        """Name a moment, by its offset or by an instant."""
        given = {"offset_ms": offset_ms, "at": at}
        body = {"label": label, **{name: value for name, value in given.items() if value is not None}}
        call = Call("POST", f"/sessions/{uid}/markers", json=body, receipt=receipt)
        return cast(answers.Marker, await self._transport.json(call))

    async def unmark(self, uid: str, marker: int, *, receipt: str | None = None) -> None:
        """Delete a marker by its id."""
        await self._transport.json(Call("DELETE", f"/sessions/{uid}/markers/{marker}", receipt=receipt))

    async def compare(
        self,
        uids: Sequence[str],
        *,
        align: str | None = None,
        step: str | None = None,
        receipts: Sequence[str] = (),
    ) -> answers.Comparison:
        """Put 2 to 8 sessions on one clock, from their "start" or from "marker:LABEL"."""
        query = {"uid": [*uids], "align": align, "step": step}
        call = Call("GET", "/sessions/compare", query, receipt=",".join(receipts))
        return cast(answers.Comparison, await self._transport.json(call))

    def export(
        self, uid: str, *, format: Literal["csv", "json"] = "csv", receipt: str | None = None
    ) -> AsyncIterator[bytes]:
        """Go through a session as a long table, one row a person and second, as it comes."""
        return self._transport.stream(Call("GET", f"/sessions/{uid}/export", {"format": format}, receipt=receipt))
