"""Messages of a stream and what becomes of its session; nothing here speaks to a network."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from .errors import StreamError

SESSION_OVER = frozenset({"not_found", "session_ended", "validation_failed", "invalid_token", "token_expired"})
"""Codes after which a session will not be had by asking again."""
REPEATABLE = frozenset({"predict", "session_end", "health", "emotions", "model_info", "subscribe"})
"""Commands that may be sent again over another connection: what they do twice they did once."""
PUSHED = frozenset({"stats", "auth", "connection"})


@dataclass(frozen=True)
class HeldSession:
    """The session that frames are recorded into; `receipt` is its key where no account owns it."""

    uid: str
    receipt: str | None

    @property
    def claim(self) -> dict[str, Any]:
        """What a new connection says to go on with it."""
        return {"session": self.uid} | ({"receipt": self.receipt} if self.receipt else {})


def websocket_url(url: str) -> str:
    """Return the address of the stream of the server at `url`."""
    scheme, host, path, *_ = urlsplit(url)
    return urlunsplit(("wss" if scheme == "https" else "ws", host, f"{path.rstrip('/')}/ws", "", ""))


def written(command: str, **fields: Any) -> str:
    """Return the text of a command; None is left out, an image becomes base64."""
    given = {name: value for name, value in fields.items() if value is not None}
    if "image" in given:
        given["image"] = base64.b64encode(given["image"]).decode()
    return json.dumps({"command": command, **given})


def is_pushed(message: dict[str, Any]) -> bool:
    """Tell whether a message answers nothing."""
    return message["type"] in PUSHED or (message["type"] == "session" and message["status"] in ("moved", "lost"))


def checked(message: dict[str, Any]) -> dict[str, Any]:
    """Return an answer; raises StreamError for one that is a failure."""
    if message["status"] == "error":
        raise StreamError(message["error"]["code"], message["message"])
    return message


def disconnected() -> StreamError:
    return StreamError("disconnected", "The connection was lost, or the server was not reached.")
