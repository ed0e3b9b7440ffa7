"""The pairs with the smallest sum of costs, as SciPy finds them."""

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from visionai.vision.tracking.assignment import assign


def test_a_choice_that_is_best_for_one_and_wrong_for_both_is_not_made():
    assert assign([{0: 0.0, 1: 0.1}, {0: 0.1, 1: 0.9}], alone=1) == {0: 1, 1: 0}


def test_a_row_stays_alone_where_a_column_costs_more():
    assert assign([{0: 0.9}, {}], alone=0.5) == {}


def test_nothing_is_assigned_to_nothing():
    assert assign([], alone=1) == {}


def test_rows_that_want_columns_of_their_own_have_them():
    assert assign([{0: 0.3, 1: 0.1}, {0: 0.2}, {}], alone=1) == {0: 1, 1: 0}


def test_of_two_rows_that_want_one_column_the_one_that_it_suits_better_has_it():
    assert assign([{0: 0.4}, {0: 0.1}], alone=1) == {1: 0}


def test_a_row_gives_its_column_up_along_a_chain_of_others():
    assert assign([{0: 0.0, 1: 0.1}, {1: 0.0, 2: 0.1}, {0: 0.0}], alone=5) == {0: 1, 1: 2, 2: 0}


@pytest.mark.parametrize("seed", range(40))
def test_the_sum_is_the_one_that_scipy_finds(seed):
    random = np.random.default_rng(seed)
    rows, columns, alone = int(random.integers(1, 17)), int(random.integers(1, 17)), 0.6
    costs = random.random((rows, columns)).round(2)
    possible = random.random(costs.shape) < random.uniform(0.1, 1)
    sparse = [{j: float(costs[i, j]) for j in range(columns) if possible[i, j]} for i in range(rows)]
    pairs = assign(sparse, alone)
    dense = np.hstack([np.where(possible, costs, 99), np.full((rows, rows), alone)])
    best = dense[linear_sum_assignment(dense)].sum()
    assert len(set(pairs.values())) == len(pairs)
    assert sum(sparse[i][pairs[i]] if i in pairs else alone for i in range(rows)) == pytest.approx(best)
