"""Streamed downloads of exported predictions."""

from __future__ import annotations

from itertools import chain, islice

from flask import Response, stream_with_context

from ..services.log import export
from ..services.statistics.filters import Filters


def download(filters: Filters, kind: str) -> Response:
    """Return a streamed file of the predictions that `filters` let through; `kind` is one of `export.KINDS`."""
    rows = export.rows(filters)
    # The first is read before the answer begins: a database that is away is an error then, and not half a file.
    first = list(islice(rows, 1))
    write, mimetype = export.KINDS[kind]
    response = Response(stream_with_context(write(chain(first, rows))), mimetype=mimetype)
    response.headers["Content-Disposition"] = f"attachment; filename=visionai-predictions.{kind}"
    return response
