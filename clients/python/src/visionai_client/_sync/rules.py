# Written from _async by `python -m scripts.clients`.
"""Rules: what makes the event `rule.fired` in one's sessions."""

from __future__ import annotations

from typing import Any

from ..http import Call
from .transport import Transport


class Rules:
    """A rule comes true when enough people showed an expression for long enough."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, name: str, expression: str, *, share: float, seconds: int, people: int = 1) -> Any:
        """Make a rule: `people` persons show `expression` in `share` (0 to 1) of the last `seconds` seconds."""
        body = {"name": name, "expression": expression, "share": share, "seconds": seconds, "people": people}
        return self._transport.json(Call("POST", "/rules", json=body))

    def list(self) -> Any:
        return self._transport.json(Call("GET", "/rules"))

    def get(self, rule: str) -> Any:
        return self._transport.json(Call("GET", f"/rules/{rule}"))

    def edit(self, rule: str, **changes: Any) -> Any:
        return self._transport.json(Call("PATCH", f"/rules/{rule}", json=changes))

    def delete(self, rule: str) -> None:
        self._transport.json(Call("DELETE", f"/rules/{rule}"))
