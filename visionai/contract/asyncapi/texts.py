"""What the AsyncAPI document says of streams in words."""

from __future__ import annotations

from typing import Any

INFO: dict[str, Any] = {
    "title": "VisionAI streams",
    "description": "Live frames in, apparent expressions out: what a face looks like, never what somebody feels. "
    "Every message of a client is answered once. Messages are in Spanish, or in the language of the handshake's "
    "`Accept-Language: en`; codes never change. Clients pass over fields that they do not know. REST is described by "
    "`/api/v1/openapi.json`.",
    "license": {"name": "MIT"},
}
SOCKETIO = """A Socket.IO namespace. Each message is an event of its `name` with one argument, its payload.

A client that asks for an acknowledgement gets the answer as the acknowledgement; one that does not gets an event. The
`auth` of the connection may have a `token`, and `session` (with its `receipt`) to go on with a session that the client
recorded into before. A token that is not valid refuses the connection."""
WEBSOCKET = """A WebSocket. Each message is a JSON text whose `command` says what is asked; a binary message is a frame.

`/` takes WebSockets too, as the first clients expect. A token in the query refuses the connection."""
PICTURE: dict[str, Any] = {
    "name": "picture",
    "summary": "A frame as bytes alone: JPEG, PNG, WebP, BMP or GIF, told by its content.",
    "contentType": "application/octet-stream",
}
