"""Markdown tables of figures, as the model card shows them."""

from __future__ import annotations

from collections.abc import Iterable


def table(headings: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    """Return a table with a heading over each column."""
    names = list(headings)
    lines: list[Iterable[object]] = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def share(value: float | None) -> str:
    """Return a share with three digits, a dash where it is not defined."""
    return "–" if value is None else f"{value:.3f}"
