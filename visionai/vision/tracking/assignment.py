"""Linear sum assignment: the pairs of rows and columns with the smallest sum of costs, where pairs may be impossible.

Shortest augmenting paths over dual variables, after R. Jonker and A. Volgenant, "A Shortest Augmenting Path Algorithm
for Dense and Sparse Linear Assignment Problems", 1987, in the form of D. F. Crouse, "On implementing 2D rectangular
assignment algorithms", 2016. Each row is added by a search like Dijkstra's over reduced costs, along which rows before
it exchange their columns. SciPy has the same in C, in 140 MB that a server needs for nothing else.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence


def assign(costs: Sequence[Mapping[int, float]], alone: float) -> dict[int, int]:
    """Return the column of each row that has one.

    `costs` holds, for each row, the cost of every column it may have; columns are numbers from 0. A row that is left
    without a column costs `alone`. Of solutions with the same sum, any may be returned.
    """
    cheapest = {row: min(columns, key=columns.__getitem__) for row, columns in enumerate(costs) if columns}
    wanted = {row: column for row, column in cheapest.items() if costs[row][column] < alone}
    if len(set(wanted.values())) == len(wanted):
        return wanted  # No two rows want one column, as in nearly every frame: no sum is smaller.
    matching = _Matching(costs, alone)
    for row in range(len(costs)):
        matching.add(row)
    return {row: column for row, column in matching.column_of.items() if column >= 0}


class _Matching:
    """The best assignment of the rows so far. Column -1 - row is the row's own: to be alone."""

    def __init__(self, costs: Sequence[Mapping[int, float]], alone: float) -> None:
        self.column_of: dict[int, int] = {}
        self._row_of: dict[int, int] = {}
        self._costs = [{**row, -1 - number: alone} for number, row in enumerate(costs)]
        self._row_prices = [0.0] * len(costs)
        self._column_prices: defaultdict[int, float] = defaultdict(float)

    def add(self, row: int) -> None:
        """Give a row its column, and rows before it others where that costs less."""
        distances: dict[int, float] = {}
        came_from: dict[int, int] = {}
        settled: dict[int, float] = {}
        current, length = row, 0.0
        while True:
            self._relax(current, length, settled, distances, came_from)
            column = min(distances, key=lambda column: (distances[column], column in self._row_of))
            length = settled[column] = distances.pop(column)
            if column not in self._row_of:
                break
            current = self._row_of[column]
        self._reprice(row, length, settled)
        self._augment(row, column, came_from)

    def _relax(
        self,
        row: int,
        length: float,
        settled: Mapping[int, float],
        distances: dict[int, float],
        came_from: dict[int, int],
    ) -> None:
        """Shorten the distances of the columns that a row at the end of a path of `length` may have."""
        base = length - self._row_prices[row]
        for column, cost in self._costs[row].items():
            if column not in settled:
                distance = base + cost - self._column_prices[column]
                if distance < distances.get(column, math.inf):
                    distances[column] = distance
                    came_from[column] = row

    def _reprice(self, row: int, length: float, settled: Mapping[int, float]) -> None:
        """Change the dual variables so that no reduced cost is negative and those of all pairs are zero."""
        self._row_prices[row] += length
        for column, distance in settled.items():
            self._column_prices[column] += distance - length
            if column in self._row_of:
                self._row_prices[self._row_of[column]] += length - distance

    def _augment(self, row: int, column: int, came_from: Mapping[int, int]) -> None:
        """Exchange columns along the path that ends in a free one."""
        while True:
            owner = came_from[column]
            before = self.column_of.get(owner)
            self.column_of[owner], self._row_of[column] = column, owner
            if owner == row or before is None:
                return
            column = before
