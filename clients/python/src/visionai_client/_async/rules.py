"""Rules: what makes the event `rule.fired` in one's sessions."""

from __future__ import annotations

from typing import Any

from ..http import Call
from .transport import AsyncTransport


class AsyncRules:
    """A rule comes true when enough people showed an expression for long enough."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(self, name: str, expression: str, *, share: float, seconds: int, people: int = 1) -> Any:
        """Make a rule: `people` persons show `expression` in `share` (0 to 1) of the last `seconds` seconds."""
        body = {"name": name, "expression": expression, "share": share, "seconds": seconds, "people": people}
        return await self._transport.json(Call("POST", "/rules", json=body))

    async def list(self) -> Any:
        return await self._transport.json(Call("GET", "/rules"))

    async def get(self, rule: str) -> Any:
        return await self._transport.json(Call("GET", f"/rules/{rule}"))

    async def edit(self, rule: str, **changes: Any) -> Any:
        return await self._transport.json(Call("PATCH", f"/rules/{rule}", json=changes))

    async def delete(self, rule: str) -> None:
        await self._transport.json(Call("DELETE", f"/rules/{rule}"))
