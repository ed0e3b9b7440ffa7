"""Streamed downloads of exported rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TypeVar

from flask import Response, stream_with_context

from ..services.audit import trail
from ..services.audit.trail import AuditAction
from ..services.log import export
from ..services.statistics.filters import Filters

T = TypeVar("T")


def download(filters: Filters, kind: str) -> Response:
    """Return a streamed file of the predictions that `filters` let through; `kind` is one of `export.KINDS`."""
    write, mimetype = export.KINDS[kind]
    response = streamed(export.rows(filters), write, mimetype, f"visionai-predictions.{kind}")
    trail.note(AuditAction.READINGS_EXPORTED, details={"format": kind, "user_id": filters.user_id})
    return response


def streamed(rows: Iterator[T], write: Callable[[Iterable[T]], Iterator[str]], mimetype: str, name: str) -> Response:
    """Return a file that is written while its rows are read."""
    # The first is read before the answer begins: a database that is away is an error then, and not half a file.
    first = list(islice(rows, 1))
    response = Response(stream_with_context(write(chain(first, rows))), mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response
