"""Base64 in pieces is what it is in one."""

from __future__ import annotations

import base64

import pytest

from visionai.errors import InvalidBase64
from visionai.vision.images.base64_text import base64_body, decode_body

BYTES = bytes(range(256)) * 4000


def decoded(text: str) -> bytes:
    return decode_body(base64_body(text))


@pytest.mark.parametrize("length", [1, 2, 3, 196_607, 196_608, 196_609, len(BYTES)])
def test_a_text_of_any_length_gives_its_bytes(length: int) -> None:
    assert decoded(base64.b64encode(BYTES[:length]).decode()) == BYTES[:length]


@pytest.mark.parametrize("between", [" ", "\r\n", "\t \x0b\x0c"])
def test_white_space_anywhere_is_passed_over(between: str) -> None:
    text = base64.b64encode(BYTES[:300_001]).decode()
    assert decoded(between.join(text[start : start + 5] for start in range(0, len(text), 5))) == BYTES[:300_001]


@pytest.mark.parametrize("place", [4, 262_140, 262_143, 300_000])
@pytest.mark.parametrize("character", ["=", "*", "ñ", "\u00a0", "\ud800"])
def test_one_wrong_character_is_refused_wherever_it_is(place: int, character: str) -> None:
    text = base64.b64encode(BYTES[:400_000]).decode()
    with pytest.raises(InvalidBase64):
        decoded(text[:place] + character + text[place + 1 :])
