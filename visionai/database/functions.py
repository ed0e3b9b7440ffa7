"""SQL functions that PostgreSQL and SQLite spell differently."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Double, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from .types import MeanScores, UtcDateTime


class _Score(FunctionElement[float]):
    type = Double()
    name = "score"
    inherit_cache = True


class _MeanScores(FunctionElement[list[float]]):
    type = MeanScores()
    name = "mean_scores"
    inherit_cache = True


class _Truncated(FunctionElement[datetime]):
    type = UtcDateTime()
    name = "truncated"
    inherit_cache = True


class greatest(FunctionElement[float]):
    """The greatest of its arguments, none of which is null."""

    type = Double()
    name = "greatest"
    inherit_cache = True


def score(scores: Any, class_index: int) -> FunctionElement[float]:
    """Return one of the scores in a column of `Scores`, in double precision; `class_index` is 0 to 6."""
    return _Score(scores, literal_column(str(int(class_index))))


def mean_scores(scores: Any, classes: int) -> FunctionElement[list[float]]:
    """Return the means, over the rows of a group, of a column of `Scores` of so many classes; none may be null."""
    return _MeanScores(scores, literal_column(str(int(classes))))


def truncated(moment: Any, unit: Literal["hour", "minute"]) -> FunctionElement[datetime]:
    """Return the start of the hour or the minute of UTC in which a column of `UtcDateTime` lies."""
    return _Truncated(moment, literal_column(f"'{unit}'"))


@compiles(_Truncated)
def _truncated_by_date_trunc(element: _Truncated, compiler: Any, **kwargs: Any) -> str:
    moment, unit = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"date_trunc({unit}, {moment}, 'UTC')"


@compiles(_Truncated, "sqlite")
def _truncated_text(element: _Truncated, compiler: Any, **kwargs: Any) -> str:
    """Cut the text of an instant: our own `date_trunc` would be called in Python, row by row."""
    moment, unit = (compiler.process(clause, **kwargs) for clause in element.clauses)
    length, rest = (13, ":00:00.000000") if unit == "'hour'" else (16, ":00.000000")
    return f"substr({moment}, 1, {length}) || '{rest}'"


@compiles(_Score)
def _score_of_an_array(element: _Score, compiler: Any, **kwargs: Any) -> str:
    column, index = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"({column})[{index} + 1]::float8"  # PostgreSQL's arrays begin at 1.


@compiles(_Score, "sqlite")
def _score_of_json(element: _Score, compiler: Any, **kwargs: Any) -> str:
    column, index = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"json_extract({column}, '$[{index}]')"


@compiles(_MeanScores)
def _array_of_means(element: _MeanScores, compiler: Any, **kwargs: Any) -> str:
    """Divide sums: `avg` works on a variance as well. Summed in double precision, handed out in that of the scores."""
    column, classes = (compiler.process(clause, **kwargs) for clause in element.clauses)
    means = (f"sum(({column})[{index + 1}]::float8) / count(*)" for index in range(int(classes)))
    return f"ARRAY[{', '.join(means)}]::real[]::text"


@compiles(_MeanScores, "sqlite")
def _scores_of_all_rows(element: _MeanScores, compiler: Any, **kwargs: Any) -> str:
    """Hand out all of them, as JSON: reading that at once is three times as fast as `json_extract` by row and score."""
    column, _ = (compiler.process(clause, **kwargs) for clause in element.clauses)
    return f"'[' || group_concat({column}) || ']'"


@compiles(greatest)
def _greatest(element: greatest, compiler: Any, **kwargs: Any) -> str:
    return f"greatest({compiler.process(element.clauses, **kwargs)})"


@compiles(greatest, "sqlite")
def _greatest_of_sqlite(element: greatest, compiler: Any, **kwargs: Any) -> str:
    return f"max({compiler.process(element.clauses, **kwargs)})"
