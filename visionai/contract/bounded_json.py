"""JSON from clients, bounded in structure before it is parsed.

Parsing is one call into C that no other task interrupts, so what goes into it is small: a text of many values is
refused (a megabyte of `[]` becomes half a million lists), and a string as long as an image is taken out of a long
text first and read in pieces. Even so a text of megabytes takes a while, and is read on a native thread.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from .. import concurrency
from ..errors import InvalidJSON

SMALL = 65_536
"""Bytes of a text that may be of any structure: its parsing takes some milliseconds at the worst."""

_LONG = 1 << 20
"""Bytes beyond which a text of few values is read in pieces, on a native thread. Below, it takes as long at the worst
as a small one of many."""

MAX_VALUES = 1024
"""Values in a long text: an image in base64 is one."""

_PIECE = 262_144
# Characters and escapes (RFC 8259, section 7) up to the closing quote, as many whole ones as there are.
_CHARACTERS = re.compile(rb'(?:[^"\\]++|\\u[0-9A-Fa-f]{4}|\\[^u])*+')


def load_object(data: bytes | str) -> dict[str, Any]:
    """Return the JSON object in `data`; raises InvalidJSON for anything else, however deep or long, and Busy."""
    value = load_value(data)
    if not isinstance(value, dict):
        raise InvalidJSON
    return value


def load_value(data: bytes | str) -> Any:
    """Return the JSON value in `data` while other tasks go on; raises InvalidJSON for what is none, and Busy."""
    check_structure(data)
    return _parse(data) if len(data) <= _LONG else concurrency.call_native(_load_long, data)


def check_structure(data: bytes | str) -> None:
    """Raise InvalidJSON for a long text of many values, without going through it letter by letter."""
    if len(data) <= SMALL:
        return
    left = MAX_VALUES
    for letter in (",", "[", "{"):
        for _ in _places(data, letter):
            left -= 1
            if left < 0:
                raise InvalidJSON


def _places(data: Any, letter: str) -> Iterator[int]:
    sought = letter if isinstance(data, str) else letter.encode()
    place = data.find(sought)
    while place >= 0:
        yield place
        place = data.find(sought, place + 1)


def _parse(data: bytes | str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as err:
        raise InvalidJSON from err


def _load_long(data: bytes | str) -> Any:
    """Parse what is left of a long text without its long strings, and put them back where they were."""
    try:
        skeleton, strings = _without_long_strings(data.encode() if isinstance(data, str) else data)
        return _with_strings(_parse(skeleton), strings)
    except (UnicodeEncodeError, RecursionError) as err:
        raise InvalidJSON from err


def _without_long_strings(data: bytes) -> tuple[bytes, dict[str, str]]:
    """Return `data` with a short name in place of each string over SMALL bytes, and the strings by their names.

    Raises InvalidJSON where more than SMALL bytes are left.
    """
    kept: list[bytes] = []
    strings: dict[str, str] = {}
    size = position = 0
    while (opening := data.find(b'"', position)) >= 0:
        cuts = _cuts(data, opening + 1)
        part = data[position : cuts[-1] + 1]
        if cuts[-1] - opening > SMALL:
            name = f"\0{len(strings)}"
            strings[name] = "".join(_parse(b'"' + data[start:end] + b'"') for start, end in pairwise(cuts))
            part = data[position:opening] + json.dumps(name).encode()
        kept.append(part)
        size, position = size + len(part), cuts[-1] + 1
        if size > SMALL:
            raise InvalidJSON
    if size + len(data) - position > SMALL:
        raise InvalidJSON
    return b"".join((*kept, data[position:])), strings


def _cuts(data: bytes, start: int) -> list[int]:
    """Return where the string that begins at `start` may be cut into pieces, and where its closing quote is.

    Raises InvalidJSON where it has none. A cut never falls within a character or an escape; two escapes that are the
    halves of one character may be parted, and stay halves: a string so long is an image, and none has any.
    """
    cuts = [start]
    while True:
        end = min(cuts[-1] + _PIECE, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80:  # the middle of a character of several bytes
            end -= 1
        characters = _CHARACTERS.match(data, cuts[-1], end)
        assert characters is not None, "It matches nothing, too."
        cuts.append(characters.end())
        if data[cuts[-1] : cuts[-1] + 1] == b'"':
            return cuts
        if cuts[-1] == cuts[-2]:
            raise InvalidJSON


def _with_strings(value: Any, strings: dict[str, str]) -> Any:
    """Return `value` with the strings in the place of their names."""
    if isinstance(value, str):
        return strings.get(value, value)
    if isinstance(value, list):
        return [_with_strings(item, strings) for item in value]
    if isinstance(value, dict):
        return {key: _with_strings(item, strings) for key, item in value.items()}
    return value
