"""Conformance of the server to RFC 6455: the cases of the Autobahn test suite that apply without extensions.

Numbers are that suite's: chapters 1 to 5, 7, 9 and 10 (6 is UTF-8, in a file of its own; 12 and 13 are compression).
Those of chapter 9 are sent smaller. Each case ends with a client's close frame where nothing closed before it.
"""

from __future__ import annotations

import pytest

from visionai.streaming.websocket.frames import Opcode

from .client import (
    FAILED,
    NOT_UTF8,
    WHOLE,
    Echo,
    Frame,
    binary,
    by_code,
    close,
    closed,
    echoed,
    in_fragments,
    more,
    ping,
    pong,
    ponged,
    sent_by_client,
    text,
)

PINGED = [ping(b"payload-%d" % number) for number in range(10)]
NON_ASCII_BYTES = b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff"

# 1 to 5 and 7: what is sent, and the frames that answer it ----------------------------------------------------------

SMALL: dict[str, tuple[bytes, list[Frame]]] = {
    **{f"1.1 text of {size}": (text("*" * size), [echoed("*" * size), closed()]) for size in (0, 125, 126, 127, 128)},
    **{
        f"1.2 binary of {size}": (binary(b"\xfe" * size), [echoed(b"\xfe" * size), closed()])
        for size in (0, 125, 126, 127, 128)
    },
    "2.1 ping": (ping(), [ponged(), closed()]),
    "2.2 ping with text": (ping(b"Hello, world!"), [ponged(b"Hello, world!"), closed()]),
    "2.3 ping with bytes": (ping(NON_ASCII_BYTES), [ponged(NON_ASCII_BYTES), closed()]),
    "2.4, 2.6 ping of 125": (ping(b"\xfe" * 125), [ponged(b"\xfe" * 125), closed()]),
    "2.5 ping of 126": (ping(b"\xfe" * 126), [FAILED]),
    "2.7 pong unasked": (pong(), [closed()]),
    "2.8 pong unasked, with text": (pong(b"unsolicited pong payload"), [closed()]),
    "2.9 pong, then ping": (pong(b"unsolicited") + ping(b"payload"), [ponged(b"payload"), closed()]),
    "2.10, 2.11 ten pings": (b"".join(PINGED), [*(ponged(b"payload-%d" % n) for n in range(10)), closed()]),
    "3.1 reserved bits 1": (text("Hello, world!", reserved=1), [FAILED]),
    "3.2 reserved bits 2": (text("a") + text("b", reserved=2) + ping(), [echoed("a"), FAILED]),
    "3.3 reserved bits 3": (text("a") + text("b", reserved=3) + ping(), [echoed("a"), FAILED]),
    "3.4 reserved bits 4": (text("a") + text("b", reserved=4) + ping(), [echoed("a"), FAILED]),
    "3.5 reserved bits 5": (binary(b"\x00\xff", reserved=5), [FAILED]),
    "3.6 reserved bits 6": (ping(b"a", reserved=6), [FAILED]),
    "3.7 reserved bits 7": (close(reserved=7), [FAILED]),
    **{
        f"4 opcode {opcode}, {kind}": (before + sent_by_client(opcode, payload) + ping(), [*answer, FAILED])
        for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
        for kind, before, payload, answer in (
            ("empty", b"", b"", []),
            ("with payload", b"", b"reserved opcode payload", []),
            ("after a message", text("a"), b"", [echoed("a")]),
        )
    },
    "5.1 ping in fragments": (ping(b"a", final=False) + more("b"), [FAILED]),
    "5.2 pong in fragments": (pong(b"a", final=False) + more("b"), [FAILED]),
    "5.3 to 5.5 two fragments": (text("one", final=False) + more("two"), [echoed("onetwo"), closed()]),
    "5.6 to 5.8 ping between": (
        text("one", final=False) + ping(b"p") + more("two"),
        [ponged(b"p"), echoed("onetwo"), closed()],
    ),
    "5.9 to 5.11 continuation of nothing": (more("a") + text("b"), [FAILED]),
    "5.12 to 5.14 continuation of nothing, not final": (more("a", final=False) + text("b"), [FAILED]),
    "5.15 continuation after the end": (
        text("one", final=False) + more("two") + more("three", final=False) + text("four"),
        [echoed("onetwo"), FAILED],
    ),
    "5.16 continuation of nothing first": (more("a", final=False) + text("b", final=False) + more("c"), [FAILED]),
    "5.17 final continuation of nothing first": (more("a") + text("b", final=False) + more("c"), [FAILED]),
    "5.18 two beginnings": (text("a", final=False) + text("b"), [FAILED]),
    "5.19, 5.20 pings between five fragments": (
        text("1", final=False)
        + more("2", final=False)
        + ping(b"p")
        + more("3", final=False)
        + more("4", final=False)
        + ping(b"q")
        + more("5"),
        [ponged(b"p"), ponged(b"q"), echoed("12345"), closed()],
    ),
    "7.1.1 message, then close": (text("Hello"), [echoed("Hello"), closed()]),
    "7.1.2 two closes": (close() + close(), [closed()]),
    "7.1.3 ping after close": (close() + ping(), [closed()]),
    "7.1.4 text after close": (close() + text("late"), [closed()]),
    "7.1.5 close within a message": (text("a", final=False) + close() + more("b"), [closed()]),
    "7.3.1 empty close": (close(b""), [closed(None)]),
    "7.3.2 close of one byte": (close(b"\x03"), [FAILED]),
    "7.3.3 close with a code": (close(1000), [closed()]),
    "7.3.4 close with a reason": (close(b"\x03\xe8Hello World!"), [closed()]),
    "7.3.5 close with a reason of 123": (close(b"\x03\xe8" + b"*" * 123), [closed()]),
    "7.3.6 close with a reason of 124": (close(b"\x03\xe8" + b"*" * 124), [FAILED]),
    "7.5.1 close with a reason that is not UTF-8": (close(b"\x03\xe8" + b"\xce\xba\xed\xa0\x80"), [NOT_UTF8]),
    **{
        f"7.7 close code {code}": (close(code), [closed(code)])
        for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999)
    },
    **{
        f"7.9, 7.13 invalid close code {code}": (close(code), [FAILED])
        for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
    },
}


@pytest.mark.parametrize("size", [WHOLE, 1], ids=["at once", "byte by byte"])
@pytest.mark.parametrize(("sent", "answer"), SMALL.values(), ids=SMALL)
def test_a_case_is_answered_as_the_suite_says(echo: Echo, sent: bytes, answer: list[Frame], size: int) -> None:
    assert by_code(echo(sent + close(), size)) == answer


# 9 and 10: larger messages ------------------------------------------------------------------------------------------

LARGE = bytes(range(256)) * 256
LARGE_TEXT = ("*" * 65_536).encode()


@pytest.mark.parametrize("size", [65_535, 65_536, 262_144])
@pytest.mark.parametrize("kind", [Opcode.TEXT, Opcode.BINARY])
def test_a_large_message_is_echoed(echo: Echo, kind: Opcode, size: int) -> None:  # 1.1.6, 1.1.7, 7.1.6, 9.1, 9.2
    assert by_code(echo(sent_by_client(kind, b"*" * size) + close() + ping())) == [(kind, b"*" * size), closed()]


@pytest.mark.parametrize("size", [64, 256, 1024, 1300, 4096, 16_384, 65_536])
@pytest.mark.parametrize(("kind", "payload"), [(Opcode.TEXT, LARGE_TEXT), (Opcode.BINARY, LARGE)])
def test_a_large_message_in_fragments_is_echoed(echo: Echo, kind: Opcode, payload: bytes, size: int) -> None:
    sent = in_fragments(payload, size, kind)  # 9.3, 9.4, 10.1.1
    assert by_code(echo(sent + close())) == [(kind, payload), closed()]


@pytest.mark.parametrize("size", [64, 128, 256, 512, 997, 1024, 2048])
@pytest.mark.parametrize(("kind", "payload"), [(Opcode.TEXT, LARGE_TEXT), (Opcode.BINARY, LARGE)])
def test_a_large_message_in_many_writes_is_echoed(echo: Echo, kind: Opcode, payload: bytes, size: int) -> None:
    sent = sent_by_client(kind, payload)  # 1.1.8, 1.2.8, 9.5, 9.6
    assert by_code(echo(sent + close(), size)) == [(kind, payload), closed()]


@pytest.mark.parametrize("size", [0, 16, 64, 256, 1024])
@pytest.mark.parametrize("kind", [Opcode.TEXT, Opcode.BINARY])
def test_many_messages_are_echoed_in_order(echo: Echo, kind: Opcode, size: int) -> None:  # 9.7, 9.8
    messages = [(b"%03d" % number * 400)[:size] for number in range(200)]
    sent = b"".join(sent_by_client(kind, message) for message in messages)
    assert by_code(echo(sent + close())) == [*((kind, message) for message in messages), closed()]
