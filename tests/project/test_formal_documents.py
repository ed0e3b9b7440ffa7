"""The formal documents pass the linters and parsers that others read them with."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from scripts import javascript
from tests.support.scripts import answer_of

CONFIG = javascript.ROOT / "redocly.yaml"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def run_tool(program: str, *arguments: str) -> str:
    """Run a program of node_modules and return what it says; the test is skipped where it is not installed."""
    tool, interpreter = javascript.NODE_MODULES / program, javascript.node()
    if interpreter is None or not tool.is_file():
        pytest.skip(f"{program} is not installed; run `python -m scripts.vendor --tools`.")
    command = [interpreter, str(tool), *arguments]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=300, check=False, env={**os.environ, **QUIET}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_redocly_finds_nothing_in_the_openapi_document(client: FlaskClient, tmp_path: Path) -> None:
    file = tmp_path / "openapi.json"
    file.write_bytes(client.get("/api/v1/openapi.json").data)
    run_tool("@redocly/cli/bin/cli.js", "lint", str(file), "--config", str(CONFIG), "--format", "stylish")


def test_asyncapis_own_parser_finds_nothing_in_the_asyncapi_document(client: FlaskClient) -> None:
    if not (javascript.NODE_MODULES / "@asyncapi" / "parser").is_dir():
        pytest.skip("@asyncapi/parser is not installed; run `python -m scripts.vendor --tools`.")
    said = answer_of(Path(__file__).with_name("asyncapi.mjs"), client.get("/api/v1/asyncapi.json").json)
    assert said == {"parsed": True, "found": []}
