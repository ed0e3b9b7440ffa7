"""Running a test's script under node, without a browser."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import javascript


def answer_of(script: Path, given: Any) -> Any:
    """Return what a script prints as JSON when it is given a value as JSON; skip the test where there is no node."""
    node = javascript.node()
    if node is None:
        pytest.skip("There is no node on this machine.")
    done = subprocess.run(
        [node, str(script)], input=json.dumps(given), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
