from __future__ import annotations

import json
from uuid import uuid4
from zlib import crc32

import pytest

from tests.support.rows import a_row
from visionai.services.recording.row import from_line, to_line


@pytest.mark.parametrize("changes", [{}, {"user_id": 7, "source_ip": None}, {"model_version_tag": "versión “2”\n"}])
def test_a_row_survives_its_line(changes: dict[str, object]) -> None:
    row = a_row(**changes)
    line = to_line(row)
    assert line.count(b"\n") == 1
    assert from_line(line) == row


def line_of(*fields: object) -> bytes:
    """Return a line with a right checksum around fields that may not be those of a row."""
    text = json.dumps(fields).encode()
    return b"%08x %b\n" % (crc32(text), text)


GOOD = [uuid4().hex, 4, 0.8, "v1.0.0", 7, "203.0.113.0", None, "2026-01-01T12:00:00+00:00"]
BAD = {
    "too few fields": GOOD[:5],
    "too many fields": [*GOOD, 1],
    "a uid that is a number": [5, *GOOD[1:]],
    "a uid that is none": ["x", *GOOD[1:]],
    "an emotion there is not": [GOOD[0], 8, *GOOD[2:]],
    "an emotion without end": [GOOD[0], 10**30, *GOOD[2:]],
    "a confidence that is a text": [*GOOD[:2], "0.8", *GOOD[3:]],
    "a confidence that is no number": [*GOOD[:2], float("nan"), *GOOD[3:]],
    "a tag with a zero byte": [*GOOD[:3], "v\0", *GOOD[4:]],
    "a tag that is a list": [*GOOD[:3], ["v1"], *GOOD[4:]],
    "a time below zero": [*GOOD[:4], -1, *GOOD[5:]],
    "an address that is none": [*GOOD[:5], "here", *GOOD[6:]],
    "a user that is a list": [*GOOD[:6], [1], GOOD[7]],
    "a user without end": [*GOOD[:6], 10**30, GOOD[7]],
    "a moment that is null": [*GOOD[:7], None],
    "a moment without a zone": [*GOOD[:7], "2026-01-01T12:00:00"],
}


def test_a_line_made_by_hand_is_read() -> None:
    assert from_line(line_of(*GOOD)).confidence == 0.8


@pytest.mark.parametrize("fields", BAD.values(), ids=BAD)
def test_a_line_whose_fields_are_not_those_of_a_row_is_told(fields: list[object]) -> None:
    with pytest.raises(ValueError, match="damaged"):
        from_line(line_of(*fields))


@pytest.mark.parametrize("text", [b"5", b"null", b"{}", b"[" * 100_000, b"\xff"])
def test_a_line_that_holds_something_else_is_told(text: bytes) -> None:
    with pytest.raises(ValueError, match="damaged"):
        from_line(b"%08x %b\n" % (crc32(text), text))


@pytest.mark.parametrize("length", [0, 1, 8, 20, -5])
def test_a_torn_line_is_told(length: int) -> None:
    with pytest.raises(ValueError, match=r"damaged|invalid literal"):
        from_line(to_line(a_row())[:length])


def test_a_changed_line_is_told() -> None:
    with pytest.raises(ValueError, match="damaged"):
        from_line(to_line(a_row(confidence=0.8)).replace(b"0.8", b"0.9"))
