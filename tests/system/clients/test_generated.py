"""Clients that public generators make of a running server's document, in Python and TypeScript, call that server."""

from __future__ import annotations

import compileall
import importlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from scripts import javascript
from tests.support.images import face_jpeg
from tests.support.servers import Server, start_server

from .conftest import PROGRAMS, run

PASSWORD = "una frase larga"
PACKAGE = "generated_client"
BIN = Path(sys.executable).parent
STRICT = ("--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2022,dom,dom.iterable")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = start_server(tmp_path_factory.mktemp("server"))
    yield server
    assert server.stop() == 0


@pytest.fixture
def document(server: Server, tmp_path: Path) -> Path:
    """The file of the server's OpenAPI document."""
    file = tmp_path / "openapi.json"
    file.write_bytes(requests.get(f"{server.url}/api/v1/openapi.json", timeout=30).content)
    return file


@pytest.fixture
def generated(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of the generated package, which can be imported."""
    pytest.importorskip("openapi_python_client")
    folder = tmp_path / PACKAGE
    program = str(BIN / "openapi-python-client")
    subprocess.run(
        [program, "generate", "--meta=none", f"--path={document}", f"--output-path={folder}"],
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


def test_openapi_python_client_compiles_and_calls(server: Server, generated: Path) -> None:
    assert compileall.compile_dir(generated, quiet=1)
    models, types, picture = part("models"), part("types"), face_jpeg()
    with part("client").Client(base_url=server.url, timeout=60) as anybody:
        assert part("api.system.get_health").sync(client=anybody).service == "VisionAI Backend"
        account = {"username": "python", "password": PASSWORD}
        made = part("api.auth.register_user").sync(client=anybody, body=models.Registration(**account))
        assert made.username == "python"
        tokens = part("api.auth.login").sync(client=anybody, body=models.Credentials(**account))
    with part("client").AuthenticatedClient(base_url=server.url, token=tokens.access_token, timeout=60) as user:
        file = types.File(io.BytesIO(picture), "face.jpg", "image/jpeg")
        read = part("api.predict.predict_image").sync(client=user, body=models.PredictImageFilesBody(file=file))
        assert (read.emotion_name.value, read.user) == ("happy", "python")
        files = [types.File(io.BytesIO(picture), f"{n}.jpg", "image/jpeg") for n in range(2)]
        batch = part("api.predict.predict_batch").sync(client=user, body=models.PredictBatchBody(files=files))
        assert [one.status for one in batch.results] == [200, 200]
        assert part("api.dashboard.get_stats").sync(client=user, user="me").total_predictions == 3
        started = part("api.sessions.start_session").sync(client=user, body=models.NewSession(title="Interview 7"))
        assert part("api.sessions.get_session").sync(started.uid, client=user).title == "Interview 7"
        asked = models.NewWebhookRequest.from_dict(
            {"url": "https://receiver.invalid/hook", "events": ["session.ended"]}
        )
        hook = part("api.webhooks.create_webhook").sync(client=user, body=asked)
        assert [one.id for one in part("api.webhooks.list_webhooks").sync(client=user).webhooks] == [hook.id]


def test_openapi_typescript_compiles_and_calls(server: Server, document: Path, tmp_path: Path) -> None:
    modules, node = javascript.NODE_MODULES, javascript.node()
    tools = [modules / "openapi-typescript/bin/cli.js", modules / "typescript/bin/tsc"]
    if node is None or not all(tool.is_file() for tool in tools):
        pytest.skip("There is no TypeScript; run `python -m scripts.vendor --tools`.")
    # What has a default may be left out of a request; the generator takes it for what an answer always has.
    output = ("--output", str(tmp_path / "openapi.d.ts"), "--default-non-nullable", "false")
    run([node, str(tools[0]), str(document), *output], tmp_path)
    program = Path(shutil.copy(PROGRAMS / "generated.ts", tmp_path / "generated.mts"))
    (tmp_path / "node_modules").symlink_to(modules)
    (tmp_path / "photo.jpg").write_bytes(face_jpeg())
    types = ("--types", "node", "--typeRoots", str(modules / "@types"))
    run(
        [
            node,
            str(tools[1]),
            *STRICT,
            *types,
            "--allowImportingTsExtensions",
            "--rewriteRelativeImportExtensions",
            str(program),
        ],
        tmp_path,
    )
    said = json.loads(run([node, "generated.mjs", server.url], tmp_path))
    assert said == {
        "happiest": True,
        "refused": [415, "unsupported_format"],
        "mostCommon": "happy",
        "title": "Interview 7",
        "key": True,
        "secret": True,
        "closed": [401, "invalid_token"],
    }
