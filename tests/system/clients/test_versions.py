"""Socket.IO clients of others, at both ends of the versions that the README says work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.javascript import NODE_MODULES, node
from tests.support.images import face_jpeg
from tests.support.servers import Server, start_server
from visionai import ROOT

from .conftest import PROGRAMS, run

OLDEST_PYTHON = ROOT / ".venv" / "oldest"
READ = ["connected", "happy", 1, 2, "open", "ended", "validation_failed"]
SEEN = {"websocket": READ, "polling+websocket": READ, "refused": "invalid_token"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server(tmp_path_factory.mktemp("versions"))
    yield server
    assert server.stop() == 0


@pytest.fixture
def photo(tmp_path: Path) -> str:
    file = tmp_path / "photo.jpg"
    file.write_bytes(face_jpeg())
    return str(file)


@pytest.mark.parametrize("name", ["socket.io-client-3.1", "socket.io-client"])
def test_a_version_of_npms_client_speaks_to_the_stream(name: str, server: Server, photo: str, tmp_path: Path) -> None:
    if not (NODE_MODULES / name).is_dir():
        pytest.skip(f"{name} is not there; run `python -m scripts.vendor --tools`.")
    said = run([str(node()), str(PROGRAMS / "version.mjs"), server.url, photo, name], tmp_path)
    assert json.loads(said) == SEEN


@pytest.mark.parametrize("oldest", [True, False])
def test_a_version_of_pythons_client_speaks_to_the_stream(oldest: bool, server: Server, photo: str) -> None:
    if oldest and not OLDEST_PYTHON.is_dir():
        pytest.skip("python-socketio 5.0 is not there; `make test` installs it.")
    environment = {**os.environ, **({"PYTHONPATH": str(OLDEST_PYTHON)} if oldest else {})}
    command = [sys.executable, str(PROGRAMS / "version.py"), server.url, photo]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    # 5.0 can name no token as it connects.
    assert json.loads(done.stdout) == (SEEN | {"refused": "no auth"} if oldest else SEEN)
