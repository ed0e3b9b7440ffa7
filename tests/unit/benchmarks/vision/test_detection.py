"""The detector over a folder of photographs, as its command shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from visionai import ROOT


def test_photographs_are_searched_and_summed_up(tmp_path: Path) -> None:
    (tmp_path / "one.jpg").write_bytes((ROOT / "static" / "samples" / "astronaut.jpg").read_bytes())
    (tmp_path / "manifest.csv").write_text("file,faces\none.jpg,1\none.jpg,3\n")
    command = [sys.executable, "-m", "benchmarks.vision.detection", str(tmp_path), "--live"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "1 of 2 exact, 2 faces missed, 0 extra" in shown


def test_a_setting_that_is_none_is_refused(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.vision.detection", str(tmp_path), "--set", "unknown=1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "expected one of" in done.stderr
