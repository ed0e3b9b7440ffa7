"""Messages of streams, held to the AsyncAPI document."""

from __future__ import annotations

from typing import Any

from visionai.contract.asyncapi.document import document as asyncapi
from visionai.contract.asyncapi.messages import ANSWERS, COMMANDS

from .documents import fault

DOCUMENT = asyncapi("localhost", "", secure=False)
_COMMANDS = {command.name for command in COMMANDS}


def answer_fault(event: str | None, body: Any) -> str | None:
    """Return what is wrong with a message of the server's, its undocumented fields too; None where nothing is.

    Without an event its `type` says which it is, as over `/ws` and in acknowledgements.
    """
    kind = body.get("type") if event is None and isinstance(body, dict) else event
    keys = [answer.key for answer in ANSWERS if answer.event == kind]
    if not keys:
        return f"The document has no message “{kind}”; add it to contract/asyncapi/messages.py: {body}"
    faults = [fault(DOCUMENT, _payload(key), body, closed=True) for key in keys]
    return None if None in faults else f"{kind}: {'; '.join(map(str, faults))}: {body}"


def command_fault(channel: str, name: Any, payload: Any) -> str | None:
    """Return what is wrong with a message of a client's to "stream" or "ws", None where nothing is."""
    if name not in _COMMANDS:
        return f"The document has no command {name!r}."
    taken = {} if payload is None else payload
    return fault(DOCUMENT, _payload(f"{channel}.{name}"), _as_text(taken))


def _payload(key: str) -> dict[str, Any]:
    schema: dict[str, Any] = DOCUMENT["components"]["messages"][key]["payload"]
    return schema


def _as_text(value: Any) -> Any:
    """Return a payload with texts in the place of bytes, which JSON Schema has no word for."""
    if isinstance(value, bytes):
        return "bytes"
    return {name: _as_text(inner) for name, inner in value.items()} if isinstance(value, dict) else value


class Watched:
    """The messages of one client: what was wrong with them is told at the end."""

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._faults: list[str] = []

    def received(self, event: str | None, body: Any) -> Any:
        """Look at a message of the server's and return it."""
        self._note(answer_fault(event, body))
        return body

    def answered(self, command: Any, payload: Any, body: Any) -> Any:
        """Look at a command and at its answer, which is returned; one that failed may have been wrong."""
        if isinstance(body, dict) and body.get("type") != "error":
            self._note(command_fault(self._channel, command, payload))
        return self.received(None, body)

    def check(self) -> None:
        """Raise AssertionError where a message was not as the document has it."""
        assert self._faults == []

    def _note(self, found: str | None) -> None:
        if found is not None:
            self._faults.append(found)
