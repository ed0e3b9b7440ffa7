# Written from _async by `python -m scripts.clients`.
"""Keys of programs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from ..http import Call
from ..parameters import Instant
from .transport import Transport


class Keys:
    """A key stands wherever a token does, for what its scopes allow."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        name: str,
        scopes: Iterable[str],
        *,
        expires_at: Instant | None = None,
        rate: int | None = None,
        daily_quota: int | None = None,
    ) -> dict[str, Any]:
        """Make a key; the answer has it as `key`, this once."""
        given = {"expires_at": _text(expires_at), "rate": rate, "daily_quota": daily_quota}
        limits = {limit: value for limit, value in given.items() if value is not None}
        call = Call("POST", "/keys", json={"name": name, "scopes": [*scopes], **limits})
        key: dict[str, Any] = self._transport.json(call)
        return key

    def list(self) -> Any:
        """List one's own keys, without their secrets."""
        return self._transport.json(Call("GET", "/keys"))

    def revoke(self, key: int | str) -> None:
        """Revoke a key by its id: no call is answered with it any more."""
        self._transport.json(Call("DELETE", f"/keys/{key}"))


def _text(instant: Instant | None) -> str | None:
    return instant.isoformat() if isinstance(instant, datetime) else instant
