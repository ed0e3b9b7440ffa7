"""Bulkheads of the connection pool."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from visionai.database import bulkheads
from visionai.database.bulkheads import Bulkheads, Kind


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulkheads, "PATIENCE_SECONDS", 0.01)


def held(places: Bulkheads, kinds: Sequence[Kind]) -> int:
    """Return how many places were held at once before one of `kinds`, taken in turn and without end, was refused."""
    with ExitStack() as stack:
        for number in range(1000):
            try:
                stack.enter_context(places.place(kinds[number % len(kinds)]))
            except PoolTimeout:
                return number
    raise AssertionError("no bound")


@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize(("connections", "most"), [(20, 6), (10, 3), (4, 1), (3, 1)])
def test_one_kind_holds_a_third_of_the_connections(kind: Kind, connections: int, most: int) -> None:
    assert held(Bulkheads(connections), [kind]) == most


@pytest.mark.parametrize(("connections", "most"), [(20, 18), (4, 3), (3, 2)])
def test_all_kinds_together_leave_a_connection_to_the_recorder(connections: int, most: int) -> None:
    assert held(Bulkheads(connections), list(Kind)) == most


def test_a_kind_finds_a_place_while_another_has_all_of_its_own() -> None:
    places = Bulkheads(20)
    with ExitStack() as stack:
        for _ in range(6):
            stack.enter_context(places.place(Kind.READING))
        with pytest.raises(PoolTimeout, match="for reading"), places.place(Kind.READING):
            raise AssertionError("it must not begin")
        with places.place(Kind.BROWSING), places.place(Kind.WRITING):
            pass


def test_a_place_is_free_again_after_a_failure() -> None:
    places = Bulkheads(3)
    for _ in range(3):
        with pytest.raises(KeyError), places.place(Kind.WRITING):
            raise KeyError
    assert held(places, [Kind.WRITING]) == 1
