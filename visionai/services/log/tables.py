"""Tables as files: rows written as pieces of CSV or JSON as they are read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

Record = Mapping[str, Any]
"""The cells of a row by the names of their columns."""

_ROWS_A_PIECE = 200
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(columns: Sequence[str], records: Iterable[Record]) -> Iterator[str]:
    """Yield the pieces of a CSV file (RFC 4180) whose cells no spreadsheet runs."""
    yield _csv_lines([list(columns)])
    for some in _batched(records):
        yield _csv_lines([_cell(record[name]) for name in columns] for record in some)


def as_json(columns: Sequence[str], records: Iterable[Record]) -> Iterator[str]:
    """Yield the pieces of a JSON array of objects."""
    separator = "["
    for some in _batched(records):
        yield separator + ",\n".join(json.dumps({name: _plain(record[name]) for name in columns}) for record in some)
        separator = ",\n"
    yield "]\n" if separator != "[" else "[]\n"


def _batched(records: Iterable[Record]) -> Iterator[list[Record]]:
    iterator = iter(records)
    while some := list(islice(iterator, _ROWS_A_PIECE)):
        yield some


def _csv_lines(lines: Iterable[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    return text.getvalue()


def _cell(value: Any) -> Any:
    """Return `value` as it is written, with an apostrophe before a text that a spreadsheet would take for a formula.

    https://owasp.org/www-community/attacks/CSV_Injection
    """
    value = _plain(value)
    if isinstance(value, bool):
        return json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUN_BY_SPREADSHEETS) else value


def _plain(value: Any) -> Any:
    """Return a value that JSON has."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
