"""Predictions as a file, written while they are read so that their number does not matter."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from datetime import datetime
from itertools import chain, islice
from typing import Any

from flask import Response, stream_with_context

from ..services import predictions
from ..services.predictions import ExportRow
from ..services.statistics import Filters

_ROWS_A_PIECE = 200
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "\n")
_COLUMNS = [column.name for column in fields(ExportRow)]


def download(filters: Filters, kind: str) -> Response:
    """Return a streamed file of the predictions that `filters` let through; `kind` is "csv" or "json"."""
    rows = iter(predictions.export_rows(filters))
    # The first is read before the answer begins: a database that is away is an error then, and not half a file.
    rows = chain(list(islice(rows, 1)), rows)
    pieces, mimetype = _KINDS[kind]
    response = Response(stream_with_context(pieces(rows)), mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=visionai-predictions.{kind}"
    return response


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


_KINDS: dict[str, tuple[Callable[[Iterable[ExportRow]], Iterator[str]], str]] = {
    "csv": (as_csv, "text/csv"),
    "json": (as_json, "application/json"),
}


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
