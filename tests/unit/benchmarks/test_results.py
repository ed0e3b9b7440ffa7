"""Verdicts and percentiles of the report."""

from __future__ import annotations

import math

import pytest

from benchmarks.load.plan import Group, Kind, Plan
from benchmarks.results import judged, percentile, readable


@pytest.mark.parametrize(
    ("value", "reach", "beyond", "verdict"),
    [
        (5, 10, 8, "beyond"),
        (8, 10, 8, "beyond"),
        (9, 10, 8, "reached"),
        (11, 10, 8, "missed"),
        (300, 150, 220, "beyond"),
        (200, 150, 220, "reached"),
        (100, 150, 220, "missed"),
        (0, 0, 0, "beyond"),
        (1, 0, 0, "missed"),
        (math.nan, 10, 8, "missed"),
    ],
)
def test_a_value_is_judged_against_both_marks(value: float, reach: float, beyond: float, verdict: str) -> None:
    assert judged("x", value, "ms", reach, beyond).verdict == verdict


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 50), (0.99, 99), (1.0, 100)])
def test_a_percentile_is_a_value_that_was_measured(share: float, value: float) -> None:
    assert percentile(list(range(100, 0, -1)), share) == value


def test_nothing_measured_has_no_percentile() -> None:
    assert math.isnan(percentile([], 0.5))


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234 ms"), (99.94, "99.9 ms"), (7.123, "7.12 ms"), (0.5, "0.50 ms")]
)
def test_three_digits_are_enough(value: float, text: str) -> None:
    assert readable(value, "ms") == text


def test_a_plan_survives_the_way_to_the_load_generator() -> None:
    plan = Plan(8000, 1.0, [Group("a", Kind.STREAM, 16), Group("b", Kind.GET, path="/x", rate=20)])
    assert Plan.from_json(plan.to_json()) == plan


@pytest.mark.parametrize(("clients", "seconds"), [(5_001, 1), (1, 601)])
def test_a_plan_is_bounded(clients: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="at most"):
        Plan(8000, seconds, [Group("a", Kind.STREAM, clients)])
