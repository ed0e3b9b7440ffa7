"""Conformance of the server to RFC 6455: UTF-8, chapter 6 of the Autobahn test suite.

Of 6.4, which wants a text to fail as soon as it cannot become valid, what is within one frame fails at its end.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from visionai.streaming.websocket.frames import Opcode

from .client import NOT_UTF8, Echo, by_code, close, closed, echoed, in_fragments, more, text

ACCENTED = "Hello-µ@ßöäüàá-UTF-8!!"
KOSME = "κόσμε"


def hexes(words: str) -> list[bytes]:
    return [bytes.fromhex(word) for word in words.split()]


PREFIXES = [KOSME.encode()[:size] for size in range(1, len(KOSME.encode()) + 1)]
LAST_MISSING = hexes("c0 e080 f08080 f8808080 fc80808080 df efbf f7bfbf fbbfbfbf fdbfbfbfbf")

VALID: dict[str, list[bytes]] = {
    "6.2, 6.5 a text": [ACCENTED.encode(), b"Hello-World", KOSME.encode(), b"edited" + KOSME.encode()],
    "6.6 prefixes": PREFIXES[1::2],
    "6.7 first of each length": hexes("00 c280 e0a080 f0908080"),
    "6.9 last of each length": hexes("7f dfbf efbfbf f48fbfbf"),
    "6.11 boundaries": hexes("ed9fbf ee8080 efbfbd f48fbfbf"),
    "6.22 non-characters": [chr(plane << 16 | last).encode() for plane in range(17) for last in (0xFFFE, 0xFFFF)],
    "6.23 specials": hexes("efbfb8 efbfb9 efbfba efbfbb efbfbc efbfbd efbfbe"),
}

INVALID: dict[str, list[bytes]] = {
    "6.3 a surrogate within a text": hexes("cebae1bdb9cf83cebcceb5eda080656469746564"),
    "6.6 prefixes": PREFIXES[0::2],
    "6.8 first of five and six": hexes("f888808080 fc8480808080"),
    "6.10 last of too many bits": hexes("f7bfbfbf fbbfbfbfbf fdbfbfbfbfbf"),
    "6.11 beyond Unicode": hexes("f4908080"),
    "6.12 continuation bytes": [*hexes("80 bf 80bf 80bf80 80bf80bf 80bf80bf80 80bf80bf80bf"), bytes(range(0x80, 0xC0))],
    "6.13 lonely starts": [
        b"".join(bytes((byte, 0x20)) for byte in range(first, last))
        for first, last in pairwise((0xC0, 0xE0, 0xF0, 0xF8, 0xFC, 0xFE))
    ],
    "6.14 last byte missing": LAST_MISSING,
    "6.15 last bytes missing, in a row": [b"".join(LAST_MISSING)],
    "6.16 impossible bytes": hexes("fe ff fefeffff"),
    "6.17 overlong slash": hexes("c0af e080af f08080af f8808080af fc80808080af"),
    "6.18 highest overlong": hexes("c1bf e09fbf f08fbfbf f887bfbfbf fc83bfbfbfbf"),
    "6.19 overlong null": hexes("c080 e08080 f0808080 f880808080 fc8080808080"),
    "6.20 surrogates": hexes("eda080 edadbf edae80 edafbf edb080 edbe80 edbfbf"),
    "6.21 pairs of surrogates": [
        bytes.fromhex(high + low) for high in ("eda080", "edadbf", "edae80", "edafbf") for low in ("edb080", "edbfbf")
    ],
}


def listed(table: dict[str, list[bytes]]) -> list[object]:
    return [
        pytest.param(payload, id=f"{name} {payload.hex()[:24]}") for name, each in table.items() for payload in each
    ]


@pytest.mark.parametrize("payload", listed(VALID))
def test_a_text_of_valid_utf8_is_echoed_whole_or_in_fragments_of_a_byte(echo: Echo, payload: bytes) -> None:
    answer = (Opcode.TEXT, payload)
    assert by_code(echo(text(payload) + in_fragments(payload, 1) + close())) == [answer, answer, closed()]


@pytest.mark.parametrize("fragmented", [False, True], ids=["whole", "in fragments of a byte"])
@pytest.mark.parametrize("payload", listed(INVALID))
def test_a_text_of_invalid_utf8_fails_the_connection(echo: Echo, payload: bytes, fragmented: bool) -> None:
    assert by_code(echo(in_fragments(payload, 1) if fragmented else text(payload))) == [NOT_UTF8]


EMPTY_FRAGMENTS = {
    "6.1.1 an empty text": (text(""), ""),
    "6.1.2 three empty fragments": (text("", final=False) + more("", final=False) + more(""), ""),
    "6.1.3 the middle one not empty": (text("", final=False) + more("middle", final=False) + more(""), "middle"),
    "6.2.2 fragments at a character": (text(ACCENTED[:10], final=False) + more(ACCENTED[10:]), ACCENTED),
}


@pytest.mark.parametrize(("sent", "message"), EMPTY_FRAGMENTS.values(), ids=EMPTY_FRAGMENTS)
def test_fragments_of_a_text_are_put_together(echo: Echo, sent: bytes, message: str) -> None:
    assert by_code(echo(sent + close())) == [echoed(message), closed()]


@pytest.mark.parametrize(
    "fragments",
    [[KOSME.encode(), b"\xf4\x90\x80\x80"], [KOSME.encode() + b"\xf4", b"\x90"]],
    ids=["6.4.1 a wrong fragment", "6.4.2 a wrong character over two fragments"],
)
def test_a_text_that_cannot_become_valid_fails_before_its_last_fragment(echo: Echo, fragments: list[bytes]) -> None:
    first, second = fragments
    assert by_code(echo(text(first, final=False) + more(second, final=False))) == [NOT_UTF8]
