"""A server whose weights are damaged or gone: what it answers, that it recovers, where it does not start."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.servers import ROOT, Server, environment_of, flask, free_port, migrate, start_server
from tests.system.streaming.conftest import MODES, RawClient

from .rows import predict

PATIENCE_SECONDS = 60.0


def damaged_weights(folder: Path) -> Path:
    """Lay the served weights down in `folder`, the network itself damaged; return the manifest."""
    folder.mkdir()
    for file in (ROOT / "ml_models").glob("modelo_emociones.*"):
        shutil.copy(file, folder)
    (folder / "modelo_emociones.tflite").write_bytes(b"not a network")
    return folder / "modelo_emociones.json"


@pytest.fixture(params=MODES)
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Server]:
    manifest = damaged_weights(tmp_path / "weights")
    server = start_server(tmp_path / "instance", ASYNC_MODE=request.param, MODEL_PATH=str(manifest))
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_streams_and_requests_say_so_until_other_weights_are_activated(server: Server) -> None:
    client = RawClient(server.websocket_url + "/ws")
    assert client.ask(face_jpeg())["error"]["code"] == "model_unavailable"
    assert requests.get(f"{server.url}/api/v1/health/ready", timeout=10).json()["error"]["code"] == "model_unavailable"
    manifest = json.loads((ROOT / "ml_models" / "modelo_emociones.json").read_text())
    operator = environment_of(server.folder)
    flask(operator, "model", "register", "ml_models/modelo_emociones.json")
    flask(operator, "model", "activate", manifest["model_version_tag"])
    deadline = time.monotonic() + PATIENCE_SECONDS
    while client.ask(face_jpeg())["status"] != "success":
        assert time.monotonic() < deadline, "the activated weights did not come into force"
        time.sleep(0.2)
    client.close()


def test_files_that_are_deleted_or_cut_under_a_server_do_not_matter_to_it(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    weights.mkdir()
    for file in (ROOT / "ml_models").glob("modelo_emociones.*"):
        shutil.copy(file, weights)
    settings = {"MODEL_PATH": str(weights / "modelo_emociones.json"), "INFERENCE_THREADS": "4"}
    server = start_server(tmp_path / "instance", PRELOAD_MODEL="true", **settings)
    for file in weights.iterdir():
        os.truncate(file, 100)
    assert [predict(server).status_code for _ in range(8)] == [200] * 8
    shutil.rmtree(weights)
    with ThreadPoolExecutor(8) as threads:
        assert {answer.status_code for answer in threads.map(lambda _: predict(server), range(16))} == {200}
    assert requests.get(f"{server.url}/api/v1/health/ready", timeout=10).status_code == 200
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize(
    ("program", "code"), [(["-m", "visionai"], 3), (["wsgi.py"], 1)], ids=["gunicorn", "the development server"]
)
def test_a_server_that_is_to_load_them_at_the_start_does_not_start(
    program: list[str], code: int, tmp_path: Path
) -> None:
    environment = environment_of(
        tmp_path / "instance",
        PORT=str(free_port()),
        PRELOAD_MODEL="true",
        MODEL_PATH=str(damaged_weights(tmp_path / "weights")),
    )
    migrate(tmp_path / "instance", environment)
    ended = subprocess.run(
        [sys.executable, *program], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )
    assert ended.returncode == code
    assert len([line for line in ended.stderr.splitlines() if "Not started: modelo_emociones.tflite" in line]) == 1
    assert "Traceback" not in ended.stderr
