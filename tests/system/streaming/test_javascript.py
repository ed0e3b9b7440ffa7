"""`/stream` of a real server, with npm's client."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from scripts import javascript, vendor
from tests.support.images import face_jpeg
from tests.support.servers import ROOT, Server

SCRIPT = Path(__file__).with_name("js_client.mjs")


def node() -> str:
    """The node that checks the pages, too."""
    found = javascript.node()
    if found is None:
        pytest.skip("There is no node on this machine.")
    return found


@pytest.fixture(scope="module", autouse=True)
def client_library() -> None:
    """npm's client, installed where it is not."""
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
