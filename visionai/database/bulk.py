"""Bulk inserts: many rows in one INSERT, on either database.

PostgreSQL gets one array a column, which is one short statement to parse however many rows there are, and takes the
rows in the order of the arrays. Scores go as the text of their array, since `unnest` would flatten arrays of arrays.
SQLite gets row after row, which costs it nothing: there is no way to a server.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ARRAY, Table, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from .types import ArrayText, Scores


@lru_cache
def bulk_insert(dialect: str, table: Table, columns: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT into `columns`, to be executed with `bulk_values`; what to do on a conflict may be added."""
    if dialect == "sqlite":
        return sqlite.insert(table)
    arrays = [_unnested(name, table.c[name].type) for name in columns]
    return postgresql.insert(table).from_select(columns, select(*arrays))


def bulk_values(dialect: str, columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]) -> Any:
    """Return rows, given as tuples in the order of `columns`, as the parameters of a `bulk_insert`."""
    if dialect == "sqlite":
        return [dict(zip(columns, row, strict=True)) for row in rows]
    return dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True))


def _unnested(name: str, kind: Any) -> Any:
    """Return the column of a parameter's values; the casts tell the server types where the driver writes plain text."""
    if isinstance(kind, Scores):
        return cast(func.unnest(_array(name, ArrayText)), kind)
    return func.unnest(_array(name, kind))


def _array(name: str, kind: Any) -> Any:
    return cast(bindparam(name, type_=ARRAY(kind, dimensions=1)), ARRAY(kind))
