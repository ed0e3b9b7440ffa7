# Written from _async by `python -m scripts.clients`.
"""Webhooks: where the server tells of what happened. `verify_webhook` reads what it sends there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..http import Call
from .transport import Transport


class Webhooks:
    """Webhooks of one's own, and what was delivered to them."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, url: str, events: Iterable[str], *, description: str | None = None) -> dict[str, Any]:
        """Make a webhook; the answer has the `secret` that deliveries are signed with, this once."""
        body = {"url": url, "events": [*events], **({} if description is None else {"description": description})}
        webhook: dict[str, Any] = self._transport.json(Call("POST", "/webhooks", json=body))
        return webhook

    def list(self) -> Any:
        return self._transport.json(Call("GET", "/webhooks"))

    def get(self, webhook: int | str) -> Any:
        return self._transport.json(Call("GET", f"/webhooks/{webhook}"))

    def edit(self, webhook: int | str, **changes: Any) -> Any:
        return self._transport.json(Call("PATCH", f"/webhooks/{webhook}", json=changes))

    def delete(self, webhook: int | str) -> None:
        self._transport.json(Call("DELETE", f"/webhooks/{webhook}"))

    def test(self, webhook: int | str) -> Any:
        """Have a delivery sent to try it."""
        return self._transport.json(Call("POST", f"/webhooks/{webhook}/test"))

    def deliveries(self, webhook: int | str, *, limit: int | None = None, cursor: str | None = None) -> Any:
        """A page of deliveries, newest first; `next_cursor` of the answer asks for the next."""
        call = Call("GET", f"/webhooks/{webhook}/deliveries", {"limit": limit, "cursor": cursor})
        return self._transport.json(call)

    def retry(self, webhook: int | str, delivery: int | str) -> Any:
        return self._transport.json(Call("POST", f"/webhooks/{webhook}/deliveries/{delivery}/retry"))
