"""Commits beside each other: the table by hand, and a short run of this tree beside its own commit."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.compare_commits import UNITS, table
from tests.support.postgres import find_binaries
from visionai import ROOT


def turn(**values: float) -> dict[str, dict[str, float]]:
    return {name: dict.fromkeys(UNITS, value) for name, value in values.items()}


def test_a_ratio_is_taken_turn_by_turn() -> None:
    # The machine was twice and four times as slow: in every turn `new` took half as long, whatever the medians say.
    lines = table("one", [turn(new=1, old=2), turn(new=2, old=4), turn(new=4, old=8)]).splitlines()
    assert lines[1] == "| one | new | old |"
    assert lines[3] == "| p50 | 2.00 ms (0.500) | 4.00 ms (1.000) |"
    assert len(lines) == 3 + len(UNITS)


@pytest.mark.skipif(find_binaries() is None, reason="No PostgreSQL server on this machine")
def test_this_tree_is_loaded_beside_a_commit_and_leaves_nothing_behind() -> None:
    worktrees = ["git", "-C", str(ROOT), "worktree", "list"]
    before = subprocess.check_output(worktrees)
    words = ["HEAD", "--turns", "1", "--seconds", "2", "--only", "one"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.compare_commits", *words], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "| one | this tree | HEAD |" in done.stdout
    assert "nan" not in done.stdout
    assert subprocess.check_output(worktrees) == before
