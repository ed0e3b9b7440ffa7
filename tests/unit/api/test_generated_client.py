"""A client that openapi-python-client generates from the document calls the API."""

from __future__ import annotations

import compileall
import importlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient

PASSWORD = "una frase larga"
PACKAGE = "generated_client"
BIN = Path(sys.executable).parent


@pytest.fixture
def generated(client: FlaskClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the generated package, which can be imported."""
    pytest.importorskip("openapi_python_client")
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(client.get("/api/v1/openapi.json").json))
    folder = tmp_path / PACKAGE
    subprocess.run(
        [
            str(BIN / "openapi-python-client"),
            "generate",
            "--meta=none",
            f"--path={document}",
            f"--output-path={folder}",
        ],
        check=True,
        capture_output=True,
        env={**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"},
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


def part(name: str) -> Any:
    return importlib.import_module(f"{PACKAGE}.{name}")


def test_a_generated_client_compiles_and_calls(app: Flask, generated: Path, picture: bytes) -> None:
    assert compileall.compile_dir(generated, quiet=1)
    models, types = part("models"), part("types")
    transport = {"transport": httpx.WSGITransport(app=app)}
    anybody = part("client").Client(base_url="http://localhost", httpx_args=transport)
    assert part("api.system.get_health").sync(client=anybody).service == "VisionAI Backend"
    made = part("api.auth.register_user").sync(
        client=anybody, body=models.Registration(username="usuario", password=PASSWORD)
    )
    assert made.username == "usuario"
    tokens = part("api.auth.login").sync(client=anybody, body=models.Credentials(username="usuario", password=PASSWORD))
    user = part("client").AuthenticatedClient(
        base_url="http://localhost", token=tokens.access_token, httpx_args=transport
    )
    file = types.File(io.BytesIO(picture), "face.png", "image/png")
    read = part("api.predict.predict_image").sync(client=user, body=models.PredictImageFilesBody(file=file))
    assert (read.emotion_name.value, read.user) == ("happy", "usuario")
    files = [types.File(io.BytesIO(picture), f"{n}.png", "image/png") for n in range(2)]
    batch = part("api.predict.predict_batch").sync(client=user, body=models.PredictBatchBody(files=files))
    assert [one.status for one in batch.results] == [200, 200]
    assert part("api.dashboard.get_stats").sync(client=user).total_predictions == 3
    started = part("api.sessions.start_session").sync(client=user, body=models.NewSession(title="Interview 7"))
    assert part("api.sessions.get_session").sync(started.uid, client=user).title == "Interview 7"
