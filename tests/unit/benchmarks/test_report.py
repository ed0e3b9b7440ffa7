"""The report: each section says on which machine it was measured."""

from __future__ import annotations

from pathlib import Path

from benchmarks.report import Report, Section
from benchmarks.results import Row, judged

ONE, OTHER = {"processor": "One, 2 cores", "memory": "8 GB"}, {"processor": "Other, 4 cores", "disk": "fast"}


def section(name: str, machine: dict[str, str], bare_ms: float | None = None) -> Section:
    rows = [judged("a call", 5.0, "ms", 10, 2)]
    return Section(name, name.title(), "What it is.", rows, 1.0, "2026-11-28 18:06 UTC", 0.3, machine, bare_ms)


def test_each_section_names_its_machine_and_how_fast_it_was(tmp_path: Path) -> None:
    Report([section("first", ONE, 4.0), section("second", OTHER, 13.5), section("third", ONE, 4.1)]).write(tmp_path)
    text = (tmp_path / "PERFORMANCE.md").read_text()
    assert "|  | machine 1 | machine 2 |\n| --- | --- | --- |\n| processor | One, 2 cores | Other, 4 cores |" in text
    assert "| memory | 8 GB |  |\n| disk |  | fast |" in text
    named = [line.partition(", ")[2] for line in text.splitlines() if line.startswith("2026-")]
    assert named == [
        "machine 1, whose bare loop took 4.00 ms a frame; load average before it 0.3.",
        "machine 2, whose bare loop took 13.5 ms a frame; load average before it 0.3.",
        "machine 1, whose bare loop took 4.10 ms a frame; load average before it 0.3.",
    ]


def test_what_is_measured_anew_replaces_its_section_and_leaves_the_machines_of_others(tmp_path: Path) -> None:
    Report([section("first", ONE), section("second", ONE), section("gone", ONE)]).write(tmp_path)
    anew = Report([Section("second", "Second", "New.", [Row("x", "1")], 1.0, "2026-12-01 00:00 UTC", 0.0, OTHER)])
    merged = anew.over(tmp_path, ["first", "second"])
    assert [(one.name, one.text, one.machine) for one in merged.sections] == [
        ("first", "What it is.", ONE),
        ("second", "New.", OTHER),
    ]


def test_a_section_of_before_says_that_its_machine_was_not_kept(tmp_path: Path) -> None:
    Report([section("first", {})]).write(tmp_path)
    text = (tmp_path / "PERFORMANCE.md").read_text()
    assert "2026-11-28 18:06 UTC, a machine that was not kept; load average before it 0.3." in text
