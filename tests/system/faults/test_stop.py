"""A server that is told to stop while two hundred clients record, each with a frame under way."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.support.crowd import answered, gathered
from tests.support.images import face_jpeg
from tests.support.servers import start_server
from tests.system.streaming.conftest import MODES

from .rows import frames_in

CLIENTS = 200


@pytest.mark.parametrize("mode", MODES)
def test_every_frame_is_answered_once_and_what_was_promised_is_written(mode: str, tmp_path: Path) -> None:
    settings = {"ASYNC_MODE": mode, "PRELOAD_MODEL": "true", "INFERENCE_QUEUE": str(CLIENTS)}
    server = start_server(tmp_path, **settings)
    clients = gathered(server.websocket_url, CLIENTS)
    for client in clients:
        client.send(face_jpeg())
    server.process.send_signal(signal.SIGTERM)
    answers, statuses, recorded = answered(clients)
    assert server.stop() == 0
    assert Counter(answers) == {1: CLIENTS}
    assert set(statuses) <= {"success", "busy"}
    assert recorded == statuses["success"] > 0
    assert frames_in(tmp_path / "visionai.sqlite3") == recorded
    log = server.log.read_text()
    # gunicorn kills what is left of a worker after `graceful_timeout`, 15 seconds.
    assert "SIGKILL" not in log
    assert "Traceback" not in log
