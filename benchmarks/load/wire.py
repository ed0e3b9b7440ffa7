"""The few bytes of WebSocket, Engine.IO and Socket.IO that a client of a stream sends and gets.

Written for a load generator: a frame is masked once and sent many times, and an answer is searched, not parsed.
"""

from __future__ import annotations

import base64
import re
import struct

MASK = b"\x37\xfa\x21\x3d"
TEXT, BINARY, CLOSE, PING, PONG = 0x1, 0x2, 0x8, 0x9, 0xA
_STATUS = re.compile(rb'"status": ?"(\w+)"')


def masked(opcode: int, payload: bytes) -> bytes:
    """Return a whole client frame of RFC 6455, section 5.2, masked with a key that stays the same."""
    length = len(payload)
    if length < 126:
        head = struct.pack("!BB", 0x80 | opcode, 0x80 | length)
    elif length < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 0xFE, length)
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 0xFF, length)
    key = int.from_bytes((MASK * (length // 4 + 1))[:length], "big")
    body = (int.from_bytes(payload, "big") ^ key).to_bytes(length, "big") if length else b""
    return head + MASK + body


def predict(ack: int) -> bytes:
    """Return the frame that announces a picture, which follows as a binary frame, and asks for an acknowledgement."""
    text = b'451-/stream,%d["predict",{"image":{"_placeholder":true,"num":0},"seq":%d}]' % (ack, ack)
    return masked(TEXT, text)


def upgrade(port: int) -> bytes:
    """Return the request that opens a websocket-only Engine.IO session."""
    key = base64.b64encode(b"visionai-measure").decode()
    return (
        f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


class Frames:
    """Takes bytes as they come from a server and gives whole frames: (opcode, payload)."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[int, bytes]]:
        """Return the frames that `data` completes."""
        self._buffer += data
        frames = []
        while frame := self._take():
            frames.append(frame)
        return frames

    def _take(self) -> tuple[int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        length, start = buffer[1] & 0x7F, 2
        if length >= 126:
            start = 4 if length == 126 else 10
            if len(buffer) < start:
                return None
            length = int.from_bytes(buffer[2:start], "big")
        if len(buffer) < start + length:
            return None
        payload = bytes(buffer[start : start + length])
        opcode = buffer[0] & 0x0F
        del buffer[: start + length]
        return opcode, payload


def acknowledged(text: bytes) -> tuple[int, str] | None:
    """Return the number and the status of an acknowledgement (`43/stream,7[{...}]`), None for another packet."""
    if not text.startswith(b"43/stream,"):
        return None
    number, _, body = text[10:].partition(b"[")
    found = _STATUS.search(body)
    return int(number), found[1].decode() if found else "unknown"
