"""The benchmarks run: a quick one, whose figures say nothing, on a real server and a real PostgreSQL."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.postgres import find_binaries
from visionai import ROOT


@pytest.mark.skipif(find_binaries() is None, reason="No PostgreSQL server on this machine")
def test_a_quick_run_reports_what_it_measured() -> None:
    # Streams, REST, a bounded number of frames, clients that send nothing, and a process of another kind.
    chosen = ["one_client", "idle", "steady", "figures", "recorder", "tracking"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", *chosen], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if line.startswith("## ")] == [
        "## One client",
        "## Idle clients",
        "## Memory over time",
        "## Figures",
        "## Recorder",
        "## Tracking",
        "## Repeat it",
    ]
    assert "nan" not in done.stdout
    assert "100.0 % / 100.0 %" in done.stdout, "the face is where it is"


def test_the_last_report_is_of_every_measurement() -> None:
    from benchmarks import measurements

    report = (ROOT / "docs" / "PERFORMANCE.md").read_text()
    assert [module.TITLE for module in measurements.ALL if f"## {module.TITLE}\n" not in report] == []
