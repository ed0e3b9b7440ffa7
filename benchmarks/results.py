"""What a measurement hands to the report, and the small statistics behind it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the report: what was measured, what came out, what was to be reached and what would be better yet.

    `verdict` is "beyond", "reached" or "missed", or empty where nothing was to be reached.
    """

    what: str
    measured: str
    to_reach: str = ""
    beyond: str = ""
    verdict: str = ""


def judged(what: str, value: float, unit: str, reach: float, beyond: float, note: str = "") -> Row:
    """Return the row of `value` against two marks; the marks' order says whether less or more is better."""
    sign = 1 if beyond <= reach else -1
    verdict = "beyond" if sign * value <= sign * beyond else "reached" if sign * value <= sign * reach else "missed"
    return Row(what, f"{readable(value, unit)}{note}", readable(reach, unit), readable(beyond, unit), verdict)


def readable(value: float, unit: str) -> str:
    """Return a figure with three digits that count and its unit."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` (0 to 1) of `values` do not exceed, by nearest rank; NaN where there are none."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else math.nan
