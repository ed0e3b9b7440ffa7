"""The AsyncAPI document: two channels with the same commands and answers, framed as each transport frames them."""

from __future__ import annotations

from functools import cache
from typing import Any

from apispec import APISpec

from ... import __version__
from ..documents.converter import Plugin
from ..documents.examples import Examples
from .messages import ANSWERS, COMMANDS, Answer, Command
from .texts import INFO, PICTURE, SOCKETIO, WEBSOCKET

Part = dict[str, Any]

_SCHEMAS = "#/components/schemas/"
_MESSAGES = "#/components/messages/"
_BYTES: Part = {"type": "string", "format": "binary"}
_STREAM, _WS = "stream", "ws"


def document(host: str, prefix: str, *, secure: bool) -> Part:
    """Return the document of a server at `host` (with its port), below the path `prefix`."""
    protocol = "wss" if secure else "ws"
    security = {"socketio": "socketioToken", "websocket": "bearer"}
    servers = {
        name: {
            "host": host,
            "protocol": protocol,
            "pathname": prefix + pathname,
            "description": described,
            "security": [{"$ref": f"#/components/securitySchemes/{security[name]}"}],
        }
        for name, pathname, described in (
            ("socketio", "/socket.io", "Socket.IO 5 (Engine.IO 4). A token is not needed."),
            ("websocket", "/", "Plain WebSocket. A token is not needed."),
        )
    }
    described = _described()
    return {"asyncapi": "3.0.0", "info": {**INFO, "version": __version__}, "servers": servers, **described}


@cache
def _described() -> Part:
    """Return what is the same wherever the server is."""
    spec = APISpec(INFO["title"], __version__, "3.1.0", plugins=[Plugin()])
    messages = _messages(spec)
    return {
        "defaultContentType": "application/json",
        "channels": {
            _STREAM: _channel("/stream", "socketio", SOCKETIO, [key for key in messages if not key.startswith(_WS)]),
            _WS: _channel("/ws", "websocket", WEBSOCKET, [key for key in messages if not key.startswith(_STREAM)]),
        },
        "operations": {**_operations(_STREAM), **_operations(_WS)},
        "components": {
            "schemas": spec.components.schemas,
            "messages": messages,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An access token or a key, in the header `Authorization` of the handshake.",
                },
                "socketioToken": {
                    "type": "apiKey",
                    "in": "password",
                    "description": "An access token or a key, as `token` of the `auth` that Socket.IO connects with.",
                },
            },
        },
    }


def _channel(address: str, server: str, description: str, messages: list[str]) -> Part:
    return {
        "address": address,
        "description": description,
        "servers": [{"$ref": f"#/servers/{server}"}],
        "messages": {key: {"$ref": _MESSAGES + key} for key in messages},
        "bindings": {"ws": {"method": "GET", "bindingVersion": "0.1.0"}},
    }


def _messages(spec: APISpec) -> Part:
    messages: Part = {"picture": PICTURE | {"payload": _BYTES}}
    for answer in ANSWERS:
        messages[answer.key] = _message(spec, answer.event, _schema_of(spec, answer.schema))
    for command in COMMANDS:
        taken = _schema_of(spec, command.schema) if command.schema else {"type": "object", "description": "Nothing."}
        summary = {"summary": command.summary}
        messages[key_of(_STREAM, command)] = _message(spec, command.name, _with_bytes(command, taken)) | summary
        messages[key_of(_WS, command)] = _message(spec, command.name, _as_command(command, taken)) | summary
    return messages


def _message(spec: APISpec, name: str, payload: Part) -> Part:
    example = Examples(spec.components.schemas).of(payload)
    return {"name": name, "contentType": "application/json", "payload": payload, "examples": [{"payload": example}]}


def _schema_of(spec: APISpec, schema: type[Any]) -> Part:
    name = schema.__name__.removesuffix("Schema")
    if name not in spec.components.schemas:
        spec.components.schema(name, schema=schema)
    return {"$ref": _SCHEMAS + name}


def _with_bytes(command: Command, taken: Part) -> Part:
    """Return what Socket.IO takes: a frame may be bytes alone, without an object around them."""
    return {"anyOf": [taken, _BYTES]} if command.name == "predict" else taken


def _as_command(command: Command, taken: Part) -> Part:
    """Return what `/ws` takes: the same fields, and beside them the name of the command."""
    named = {"type": "object", "properties": {"command": {"const": command.name}}, "required": ["command"]}
    return {"allOf": [named, taken]}


def _operations(channel: str) -> Part:
    unasked = {f"{channel}.{answer.key}": _sent(channel, answer) for answer in ANSWERS if answer.unasked}
    asked = {f"{channel}.{command.name}": _received(channel, command) for command in COMMANDS}
    return asked | unasked


def _sent(channel: str, answer: Answer) -> Part:
    return {
        "action": "send",
        "summary": (answer.schema.__doc__ or "").partition("\n")[0],
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [_of_channel(channel, answer.key)],
    }


def _received(channel: str, command: Command) -> Part:
    taken = [key_of(channel, command), *(["picture"] if command.name == "predict" else [])]
    return {
        "action": "receive",
        "summary": command.summary,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [_of_channel(channel, key) for key in taken],
        "reply": {
            "channel": {"$ref": f"#/channels/{channel}"},
            "messages": [_of_channel(channel, key) for key in (*command.answers, "error")],
        },
    }


def key_of(channel: str, command: Command) -> str:
    """Return the key of a command's message in a channel, "stream" or "ws"."""
    return f"{channel}.{command.name}"


def _of_channel(channel: str, key: str) -> dict[str, str]:
    return {"$ref": f"#/channels/{channel}/messages/{key}"}
