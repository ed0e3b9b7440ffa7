"""What a machine carries, from docs/performance.json into docs/OPERATIONS.md: no figure of it is typed by hand.

`python -m benchmarks.capacity` writes it; a run of the benchmarks that writes its report does too.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .servers import ROOT

DOCS = ROOT / "docs"
BEGIN, END = "<!-- measured: begin -->\n", "<!-- measured: end -->\n"
MEASURED = {
    "Frames a second and core that are answered in time": ("goodput", "One process"),
    "The same with two processes on one machine": ("goodput", "Two processes"),
    "Rows a second into one PostgreSQL, one process": ("recorder", "Rows a second"),
    "Rows a second into one PostgreSQL, ten processes": ("recorder", "10 processes at once"),
    "Memory of a process whose network is loaded": ("idle", "Network loaded"),
    "Memory with 2,000 clients connected": ("idle", "2,000 connected"),
    "From `gunicorn` to the first answer": ("startup", "`gunicorn`"),
    "Restore of a backup of a million rows": ("restoring", "Restoring"),
}
"""What is told, and where it is measured: the section, and how its row begins."""
CAMERAS, RATES = (10, 100, 1000), (1, 5, 10)


def write(docs: Path = DOCS) -> None:
    """Put the figures of `docs`/performance.json into its OPERATIONS.md; raises ValueError without the two marks."""
    page = docs / "OPERATIONS.md"
    before, begun, rest = page.read_text().partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"{page} has no place for the figures")
    sections = json.loads((docs / "performance.json").read_text())["sections"]
    page.write_text(before + BEGIN + "\n" + text(sections) + "\n" + END + after)


def text(sections: list[dict[str, Any]]) -> str:
    """Return both tables: what was measured, and the cores that cameras need."""
    rows = {section["name"]: section["rows"] for section in sections}
    found = {what: _row(rows.get(name, []), begins) for what, (name, begins) in MEASURED.items()}
    lines = [f"| {what} | {measured} |" for what, measured in found.items() if measured]
    table = "\n".join(["| | measured |", "| --- | --- |", *lines])
    goodput = found["Frames a second and core that are answered in time"]
    return f"{table}\n{_cores(_number(goodput)) if goodput else ''}"


def _row(rows: list[Mapping[str, str]], begins: str) -> str | None:
    return next((row["measured"] for row in rows if row["what"].startswith(begins)), None)


def _cores(goodput: float) -> str:
    head = ["cameras", *(f"{rate} a second each" for rate in RATES)]
    lines = [[f"{cameras:,}", *(_core_text(cameras * rate / goodput) for rate in RATES)] for cameras in CAMERAS]
    table = [f"| {' | '.join(line)} |" for line in [head, ["---"] * len(head), *lines]]
    return "\n".join(["\nCores for so many cameras that send so many frames:\n", *table, ""])


def _core_text(cores: float) -> str:
    return f"{max(1, math.ceil(cores)):,}"


def _number(measured: str) -> float:
    """Return the figure that a text begins with, such as 1234.5 of "1,234.5 /s (…)"."""
    found = re.match(r"[\d,]+(?:\.\d+)?", measured)
    return float(found[0].replace(",", "")) if found else math.nan


if __name__ == "__main__":
    write()
