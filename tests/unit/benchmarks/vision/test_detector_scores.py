"""What the detector scores, measured on a photograph of our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.vision import detector_scores
from scripts import faces

KINDS = ["whole, searched for", "whole, looked for nearby", "covered, searched for", "covered, looked for nearby"]


def test_every_kind_of_face_is_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    faces.write_photo(tmp_path / "photo.jpg")
    monkeypatch.setattr("sys.argv", ["detector_scores", str(tmp_path)])
    monkeypatch.setattr(detector_scores, "TIMES", 4)
    detector_scores.main()
    _, *lines = capsys.readouterr().out.splitlines()
    whole = {line[:28].strip(): line[28:].split() for line in lines}
    assert list(whole) == [*KINDS, "false"]
    found, missed, *_ = whole["whole, looked for nearby"]
    assert (int(found) + int(missed), int(missed) <= 1) == (4, True)
