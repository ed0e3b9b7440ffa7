"""WebSocket frames: opcodes, heads, masks and close codes (RFC 6455, sections 5.2, 5.3 and 7.4)."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

import numpy as np

MAX_CONTROL_BYTES = 125
"""The longest payload of a ping, a pong or a close frame (section 5.5)."""

_MAX_REASON_BYTES = MAX_CONTROL_BYTES - 2
_FINAL, _MASKED = 0x80, 0x80
_RESERVED = 0x70
"""Bits of extensions, of which none is ever negotiated: JPEG does not compress, and what inflates is a bomb."""

_UNSENDABLE = (1004, 1005, 1006)
"""Reserved, "there was no code" and "there was no close frame": for local use, as 1015 is (section 7.4.1)."""

_FIRST_CODE, _LAST_CODE = 1000, 1014
_FIRST_REGISTERED_CODE, _LAST_PRIVATE_CODE = 3000, 4999


class Opcode(IntEnum):
    """The kinds of frames (section 5.2)."""

    CONTINUATION = 0
    TEXT = 1
    BINARY = 2
    CLOSE = 8
    PING = 9
    PONG = 10


class CloseCode(IntEnum):
    """Why a connection is closed (section 7.4.1; TRY_AGAIN from IANA's registry)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    NOT_TEXT = 1007
    POLICY = 1008
    TOO_BIG = 1009
    TRY_AGAIN = 1013


class Violation(Exception):
    """The client broke the protocol or a limit; the connection is closed with `code`."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class Head(NamedTuple):
    """What a frame says of itself before its mask and payload."""

    final: bool
    opcode: Opcode
    size: int

    @property
    def is_control(self) -> bool:
        """Whether this is a close frame, a ping or a pong, which may come between the fragments of a message."""
        return self.opcode >= Opcode.CLOSE


_OPCODES = {int(opcode): opcode for opcode in Opcode}


def read_head(take: Callable[[int], bytes]) -> Head:
    """Read the head of a client's frame by means of `take`, which returns exactly so many bytes.

    Raises Violation by the head alone, so that nothing is read of a payload that is not wanted.
    """
    first, second = take(2)
    size = second & 0x7F
    if first & _RESERVED or not second & _MASKED:
        raise Violation(CloseCode.PROTOCOL_ERROR, "compressed, extended or unmasked")
    opcode = _OPCODES.get(first & 0x0F)
    if opcode is None:
        raise Violation(CloseCode.PROTOCOL_ERROR, "unknown opcode")
    if size == 126:
        size = int.from_bytes(take(2), "big")
    elif size == 127:
        size = int.from_bytes(take(8), "big")
    head = Head(bool(first & _FINAL), opcode, size)
    if head.is_control and (size > MAX_CONTROL_BYTES or not head.final):
        raise Violation(CloseCode.PROTOCOL_ERROR, "control frame too long")
    return head


def unmask(data: bytes, key: bytes) -> bytes:
    """Return `data` with the four bytes of `key` taken off again (section 5.3)."""
    whole = len(data) & ~3
    rest = len(data) - whole
    tail = (int.from_bytes(data[whole:], "big") ^ int.from_bytes(key[:rest], "big")).to_bytes(rest, "big")
    # Four bytes at a time in C: byte by byte in Python, 20 KiB take 5 ms, in which no other task runs.
    words = np.frombuffer(data, "<u4", count=whole // 4) ^ np.frombuffer(key, "<u4")
    unmasked: bytes = words.tobytes()
    return unmasked + tail


def frame(opcode: Opcode, payload: bytes) -> bytes:
    """Return an unmasked, final frame: a server neither masks nor has to fragment."""
    size = len(payload)
    if size < 126:
        head = bytes((_FINAL | opcode, size))
    elif size < 65_536:
        head = bytes((_FINAL | opcode, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((_FINAL | opcode, 127)) + size.to_bytes(8, "big")
    return head + payload


def close_frame(code: CloseCode, reason: str = "") -> bytes:
    """Return a close frame; a long reason is cut."""
    # Cut between characters: half of one would make a reason that is not UTF-8.
    cut = reason.encode()[:_MAX_REASON_BYTES].decode(errors="ignore")
    return frame(Opcode.CLOSE, code.to_bytes(2, "big") + cut.encode())


def close_reply(payload: bytes) -> bytes:
    """Return the close frame that answers a client's, which repeats its code (section 5.5.1).

    Raises Violation for a code that may not be sent (section 7.4), half a code, or a reason that is not UTF-8.
    """
    if len(payload) == 1 or (payload and not _is_sendable(int.from_bytes(payload[:2], "big"))):
        raise Violation(CloseCode.PROTOCOL_ERROR, "invalid close code")
    try:
        payload[2:].decode()
    except UnicodeDecodeError as err:
        raise Violation(CloseCode.NOT_TEXT, "not UTF-8") from err
    return frame(Opcode.CLOSE, payload[:2])


def _is_sendable(code: int) -> bool:
    if code in _UNSENDABLE:
        return False
    return _FIRST_CODE <= code <= _LAST_CODE or _FIRST_REGISTERED_CODE <= code <= _LAST_PRIVATE_CODE
