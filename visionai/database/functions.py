"""SQL functions that PostgreSQL and SQLite spell differently."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Double, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _Score(FunctionElement[float]):
    type = Double()
    name = "score"
    inherit_cache = True


class greatest(FunctionElement[float]):
    """The greatest of its arguments, none of which is null."""

    type = Double()
    name = "greatest"
    inherit_cache = True


def score(scores: Any, class_index: int) -> FunctionElement[float]:
    """Return one of the scores in a column of `Scores`, in double precision; `class_index` is 0 to 6."""
    return _Score(scores, literal_column(str(int(class_index))))


@compiles(_Score)
def _score_of_an_array(element: _Score, compiler: Any, **kwargs: Any) -> str:
    column, index = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({column})[{index} + 1]::float8"  # PostgreSQL's arrays begin at 1.


@compiles(_Score, "sqlite")
def _score_of_json(element: _Score, compiler: Any, **kwargs: Any) -> str:
    column, index = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"json_extract({column}, '$[{index}]')"


@compiles(greatest)
def _greatest(element: greatest, compiler: Any, **kwargs: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kwargs)})"


@compiles(greatest, "sqlite")
def _greatest_of_sqlite(element: greatest, compiler: Any, **kwargs: Any) -> str:
    return f"max({compiler.process(element.clauses, **kwargs)})"
