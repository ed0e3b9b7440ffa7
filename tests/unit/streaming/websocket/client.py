"""The client's side of RFC 6455, written by hand so that it can break every rule."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress

from visionai.streaming.websocket.frames import CloseCode, Opcode
from visionai.streaming.websocket.protocol import Only, WebSocket

KEY = b"\x01\x82\x03\xf4"
FINAL = 0x80

Frame = tuple[int, bytes]
"""The opcode and the payload of a frame of the server."""

WHOLE = 1 << 30
Echo = Callable[..., list[Frame]]
"""Sends bytes in writes of a size to a server that echoes, and returns its frames until it ends."""


def next_message(websocket: WebSocket) -> str | bytes | None:
    """The next message that a server receives, whatever comes before it; None at the end."""
    while (message := websocket.receive()) is Only.CONTROL:
        pass
    return message


def sent_by_client(opcode: int, payload: bytes, head: int = FINAL, announced: int | None = None) -> bytes:
    """A masked frame, of which the head may say another length than it has."""
    size = len(payload) if announced is None else announced
    if size < 126:
        length = bytes((0x80 | size,))
    elif size < 65_536:
        length = bytes((0x80 | 126,)) + size.to_bytes(2, "big")
    else:
        length = bytes((0x80 | 127,)) + size.to_bytes(8, "big")
    stream = (KEY * (len(payload) // 4 + 1))[: len(payload)]
    masked = (int.from_bytes(payload, "big") ^ int.from_bytes(stream, "big")).to_bytes(len(payload), "big")
    return bytes((head | opcode,)) + length + KEY + masked


def send_in_pieces(line: socket.socket, data: bytes, size: int) -> None:
    """Send `data` in writes of `size` bytes; a server that has had enough of it may have gone."""
    with suppress(OSError):
        for start in range(0, len(data), size):
            line.sendall(data[start : start + size])


def frames_until_end(line: socket.socket) -> list[Frame]:
    """Read until the server hangs up and return its frames, each of which must be whole, final and unmasked."""
    received = b""
    while chunk := line.recv(65_536):
        received += chunk
    frames = []
    while received:
        size, start = received[1], 2
        assert received[0] & 0xF0 == FINAL
        assert size < 128, "masked by a server"
        if size > 125:
            start = 4 if size == 126 else 10
            size = int.from_bytes(received[2:start], "big")
        assert len(received) >= start + size
        frames.append((received[0] & 0x0F, received[start : start + size]))
        received = received[start + size :]
    return frames


# Frames of a client, in the words of the tables ---------------------------------------------------------------------


def text(payload: str | bytes, *, final: bool = True, reserved: int = 0) -> bytes:
    data = payload.encode() if isinstance(payload, str) else payload
    return sent_by_client(Opcode.TEXT, data, FINAL * final | reserved << 4)


def binary(payload: bytes, *, final: bool = True, reserved: int = 0) -> bytes:
    return sent_by_client(Opcode.BINARY, payload, FINAL * final | reserved << 4)


def more(payload: str | bytes, *, final: bool = True) -> bytes:
    data = payload.encode() if isinstance(payload, str) else payload
    return sent_by_client(Opcode.CONTINUATION, data, FINAL * final)


def ping(payload: bytes = b"", *, final: bool = True, reserved: int = 0) -> bytes:
    return sent_by_client(Opcode.PING, payload, FINAL * final | reserved << 4)


def pong(payload: bytes = b"", *, final: bool = True) -> bytes:
    return sent_by_client(Opcode.PONG, payload, FINAL * final)


def close(payload: bytes | int = 1000, *, reserved: int = 0) -> bytes:
    data = payload.to_bytes(2, "big") if isinstance(payload, int) else payload
    return sent_by_client(Opcode.CLOSE, data, FINAL | reserved << 4)


def in_fragments(payload: bytes, size: int, opcode: Opcode = Opcode.TEXT) -> bytes:
    """A message in fragments of `size` bytes."""
    starts = range(0, len(payload), size)
    return b"".join(
        sent_by_client(
            Opcode.CONTINUATION if start else opcode,
            payload[start : start + size],
            FINAL * (start == starts[-1]),
        )
        for start in starts
    )


def echoed(payload: str | bytes) -> Frame:
    return (Opcode.TEXT, payload.encode()) if isinstance(payload, str) else (Opcode.BINARY, payload)


def ponged(payload: bytes = b"") -> Frame:
    return Opcode.PONG, payload


def closed(code: int | None = 1000) -> Frame:
    """A close frame by its code alone: what reason the server gives is its own affair."""
    return Opcode.CLOSE, b"" if code is None else code.to_bytes(2, "big")


def by_code(frames: list[Frame]) -> list[Frame]:
    return [(opcode, payload[:2] if opcode == Opcode.CLOSE else payload) for opcode, payload in frames]


FAILED = closed(CloseCode.PROTOCOL_ERROR)
NOT_UTF8 = closed(CloseCode.NOT_TEXT)
