"""Predictions as a file, written while they are read so that their number does not matter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from itertools import islice
from typing import Any

from .predictions import ExportRow

_ROWS_A_PIECE = 200
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = [column.name for column in fields(ExportRow)]


def as_csv(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield the pieces of a CSV file (RFC 4180) whose cells no spreadsheet runs."""
    yield _csv_lines([_COLUMNS])
    for some in _batched(rows):
        yield _csv_lines([_cell(value) for value in asdict(row).values()] for row in some)


def as_json(rows: Iterable[ExportRow]) -> Iterator[str]:
    """Yield the pieces of a JSON array of objects."""
    separator = "["
    for some in _batched(rows):
        yield separator + ",\n".join(json.dumps({k: _plain(v) for k, v in asdict(row).items()}) for row in some)
        separator = ",\n"
    yield "]\n" if separator != "[" else "[]\n"


KINDS: dict[str, tuple[Callable[[Iterable[ExportRow]], Iterator[str]], str]] = {
    "csv": (as_csv, "text/csv"),
    "json": (as_json, "application/json"),
}
"""Each kind of file there is: what writes it, and its media type."""


def _batched(rows: Iterable[ExportRow]) -> Iterator[list[ExportRow]]:
    iterator = iter(rows)
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
    return f"'{value}" if isinstance(value, str) and value.startswith(_RUN_BY_SPREADSHEETS) else value


def _plain(value: Any) -> Any:
    """Return a value that JSON has."""
    if isinstance(value, datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
