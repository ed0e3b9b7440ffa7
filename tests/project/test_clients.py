"""The Python client's files: typed, generated where they say so, and of the fields that the server answers."""

from __future__ import annotations

import subprocess
import sys
from typing import Any, is_typeddict

import pytest
from flask.testing import FlaskClient
from visionai_client import answers

from scripts import clients

TYPED = {name: known for name, known in vars(answers).items() if is_typeddict(known)}


def test_the_client_without_asyncio_is_written_from_the_other() -> None:
    there = {file: file.read_text() for file in clients.TARGET.glob("*.py") if file.name not in clients.BY_HAND}
    assert there == clients.written()


def test_the_client_is_strictly_typed() -> None:
    command = [sys.executable, "-m", "mypy"]
    done = subprocess.run(command, cwd=clients.CLIENTS / "python", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def schemas(client: FlaskClient) -> dict[str, Any]:
    document = client.get("/api/v1/openapi.json").get_json()
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def test_answers_have_the_fields_of_the_document(schemas: dict[str, Any]) -> None:
    assert set(TYPED) <= set(schemas)
    stated = {name: set(known.__required_keys__ | known.__optional_keys__) for name, known in TYPED.items()}
    assert stated == {name: set(schemas[name]["properties"]) for name in TYPED}


def test_what_may_be_missing_from_an_answer_is_what_the_document_says(schemas: dict[str, Any]) -> None:
    stated = {name: set(known.__required_keys__) for name, known in TYPED.items()}
    assert stated == {name: set(schemas[name].get("required", ())) for name in TYPED}
