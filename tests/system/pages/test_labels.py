"""The labels over a picture cover neither faces nor each other."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from scripts import javascript

SCRIPT = Path(__file__).with_name("labels.mjs")


def test_labels_cover_no_face_and_no_other_label() -> None:
    node = javascript.node()
    if node is None:
        pytest.skip("There is no node on this machine.")
    done = subprocess.run([node, str(SCRIPT)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        str(count): {"placed": count, "facesCovered": 0, "labelsOverlap": 0} for count in (1, 2, 5, 16)
    }
