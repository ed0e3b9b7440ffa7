"""Long texts of strangers are read as the standard parser reads them, or are refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from visionai.contract.bounded_json import check_structure, load_object, load_value
from visionai.errors import InvalidJSON

LONG: dict[str, Any] = {
    "a picture": {"image": "A" * 5_000_000, "seq": 7},
    "two long strings": {"a": "x" * 70_000, "b": {"c": ["y" * 2_000_000, None, 1.5, True]}},
    "line breaks": {"image": "QUJD\r\n" * 300_000},
    "quotes and backslashes": {"image": '\\"\\\\' * 300_000},
    "accents": {"image": "ñ€" * 300_000},
}


@pytest.mark.parametrize("escaped", [True, False], ids=["escaped", "as it is"])
@pytest.mark.parametrize("value", LONG.values(), ids=LONG)
def test_a_long_text_is_read_as_the_standard_parser_reads_it(value: Any, escaped: bool) -> None:
    assert load_object(json.dumps(value, ensure_ascii=escaped).encode()) == value


def test_slashes_may_be_escaped() -> None:
    assert load_object('{"image": "' + "\\/9j\\/4AAQ" * 200_000 + '"}')["image"] == "/9j/4AAQ" * 200_000


@pytest.mark.parametrize("padding", range(12))
def test_no_cut_falls_within_an_escape_or_a_character(padding: int) -> None:
    text = "x" * padding + "\\u00f1\\n\\/ñ€😀" * 100_000
    assert load_object(f'{{"image":"{text}"}}'.encode()) == json.loads(f'{{"image":"{text}"}}')


def test_a_list_is_a_value_and_no_object() -> None:
    text = json.dumps(["predict", {"image": "A" * 2_000_000}])
    assert load_value(text) == ["predict", {"image": "A" * 2_000_000}]
    with pytest.raises(InvalidJSON):
        load_object(text)


N = 3_000_000
TOO_MUCH = {
    "lists": b"[" + b"[]," * (N // 3) + b"[]]",
    "objects": b"[" + b"{}," * (N // 3) + b"{}]",
    "keys": b"{" + b",".join(b'"%d":0' % number for number in range(N // 9)) + b"}",
    "deep lists": b"[" * N,
    "lists 900 deep around a picture": b"[" * 900 + b'"' + b"A" * N + b'"' + b"]" * 900,
    "deep objects": b'{"a":' * (N // 5),
    "digits": b'{"image":' + b"9" * N + b"}",
    "blanks": b'{"image":' + b" " * N + b"1}",
    "a string without an end": b'{"image":"' + b"A" * N,
    "backslashes without an end": b'{"image":"' + b"\\" * N,
    "strings side by side": b'{"image":' + b'""' * (N // 2) + b"}",
    "broken escapes": b'{"image":"' + b"\\u12" * (N // 4) + b'"}',
    "a line break in a string": b'{"image":"' + b"A" * N + b'\n"}',
    "bytes that are no UTF-8": b'{"image":"' + b"\xff" * N + b'"}',
    "bytes that begin no character": b'{"image":"' + b"\x80" * N + b'"}',
}


@pytest.mark.parametrize("data", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_would_take_long_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidJSON):
        load_object(data)


def test_half_a_surrogate_in_a_long_text_is_refused() -> None:
    with pytest.raises(InvalidJSON):
        load_value('{"image":"' + "\ud800" * 2_000_000 + '"}')


def test_text_and_bytes_are_held_to_the_same_structure() -> None:
    for data in ("[" + "[]," * 30_000 + "[]]", b"[" + b"[]," * 30_000 + b"[]]"):
        with pytest.raises(InvalidJSON):
            check_structure(data)
    check_structure("[" + "[]," * 1000 + "[]]")
