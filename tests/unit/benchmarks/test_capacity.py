"""The tables of docs/OPERATIONS.md come of docs/performance.json and of nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import capacity


def section(name: str, what: str, measured: str) -> dict:
    return {"name": name, "rows": [{"what": "another row", "measured": "1"}, {"what": what, "measured": measured}]}


def test_the_page_has_what_was_measured_last() -> None:
    sections = json.loads((capacity.DOCS / "performance.json").read_text())["sections"]
    assert capacity.text(sections) in (capacity.DOCS / "OPERATIONS.md").read_text()


def test_every_figure_of_the_page_is_measured_by_some_section() -> None:
    sections = json.loads((capacity.DOCS / "performance.json").read_text())["sections"]
    assert [what for what in capacity.MEASURED if f"| {what} |" not in capacity.text(sections)] == []


def test_cores_are_rounded_up_from_the_goodput_of_one_core() -> None:
    text = capacity.text([section("goodput", "One process, in time", "61.5 /s (123 /s of 24 clients)")])
    assert "| Frames a second and core that are answered in time | 61.5 /s (123 /s of 24 clients) |" in text
    assert "| 10 | 1 | 1 | 2 |\n| 100 | 2 | 9 | 17 |\n| 1,000 | 17 | 82 | 163 |" in text


def test_a_figure_over_a_thousand_is_read() -> None:
    text = capacity.text([section("goodput", "One process, in time", "1,000 /s")])
    assert "| 1,000 | 1 | 5 | 10 |" in text


def test_only_the_figures_of_the_page_are_written(tmp_path: Path) -> None:
    (tmp_path / "performance.json").write_text(json.dumps({"sections": [section("idle", "Network loaded", "7 MB")]}))
    page = tmp_path / "OPERATIONS.md"
    page.write_text(f"before\n{capacity.BEGIN}old\n{capacity.END}after\n")
    capacity.write(tmp_path)
    text = page.read_text()
    assert text.startswith(f"before\n{capacity.BEGIN}\n| | measured |")
    assert text.endswith(f"| 7 MB |\n\n{capacity.END}after\n")
    assert "old" not in text


def test_a_page_without_a_place_for_figures_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "performance.json").write_text('{"sections": []}')
    (tmp_path / "OPERATIONS.md").write_text("nothing here\n")
    with pytest.raises(ValueError, match="no place"):
        capacity.write(tmp_path)
    assert (tmp_path / "OPERATIONS.md").read_text() == "nothing here\n"
