"""The OpenAPI document is one that people read and generators work with."""

from __future__ import annotations

import re
from typing import Any

import pytest
from apispec import APISpec
from flask import Flask
from flask.testing import FlaskClient

from tests.support.documents import bodies, fault, operations
from visionai.contract.documents.examples import UNTOLD

from .conftest import Login

DOCUMENT = "/api/v1/openapi.json"


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    return client.get(DOCUMENT).json


def test_every_operation_has_an_id_of_its_own_that_begins_with_a_verb(document: dict[str, Any]) -> None:
    ids = {name: operation.get("operationId") for name, operation in operations(document)}
    without = [name for name, own in ids.items() if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", own or "")]
    assert without == [], 'Add @blueprint.doc(operationId="verbNoun") below the decorator of the route.'
    assert len(set(ids.values())) == len(ids), "Two operations have one operationId."


def test_generators_keep_the_names_that_clients_were_written_with(document: dict[str, Any]) -> None:
    ids = {operation["operationId"] for _, operation in operations(document)}
    assert ids >= {"registerUser", "login", "predictImage", "predictBatch", "startSession", "getStats", "getHealth"}


def test_every_json_body_has_an_example_that_its_schema_allows(document: dict[str, Any]) -> None:
    shown = document["components"]["examples"]
    for name, operation in operations(document):
        for part, kind, media in bodies(operation):
            if kind != "application/json":
                continue
            named = [shown[one["$ref"].rpartition("/")[2]]["value"] for one in media.get("examples", {}).values()]
            examples = named or [media.get("example", media["schema"].get("example"))]
            for example in examples:
                assert fault(document, media["schema"], example, closed=True) is None, f"{name}, {part}"


def untold(value: Any, path: str) -> list[str]:
    """The paths of texts that nothing says anything of."""
    if isinstance(value, dict):
        return [found for key, inner in value.items() for found in untold(inner, f"{path}.{key}")]
    if isinstance(value, list):
        return [found for inner in value for found in untold(inner, path)]
    return [path] if value == UNTOLD else []


def test_every_text_of_an_example_says_something(document: dict[str, Any]) -> None:
    examples = {
        f"{name} {part}": media["example"]
        for name, operation in operations(document)
        for part, _, media in bodies(operation)
        if "example" in media
    }
    found = [path for name, example in examples.items() for path in untold(example, name)]
    assert found == [], 'Give these fields of schemas metadata={"example": ...}.'


def test_every_field_of_every_schema_has_a_type_and_every_schema_says_what_it_is(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert schema["description"], name
        for field, typed in schema["properties"].items():
            assert typed.keys() & {"type", "$ref", "anyOf"}, f"{name}.{field}"


def test_every_answer_with_a_body_has_a_schema(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status, answer in operation["responses"].items():
            assert status == "204" or answer["content"], f"{name} {status}"
        assert all(media["schema"] for _, _, media in bodies(operation)), name


def test_a_nullable_object_is_the_object_or_null(document: dict[str, Any]) -> None:
    most_common = document["components"]["schemas"]["Stats"]["properties"]["most_common_emotion"]
    assert most_common == {"anyOf": [{"$ref": "#/components/schemas/MostCommon"}, {"type": "null"}]}


def test_failures_show_the_body_of_each_of_their_codes(document: dict[str, Any]) -> None:
    examples = document["paths"]["/api/v1/predict"]["post"]["responses"]["422"]["content"]["application/json"][
        "examples"
    ]
    assert examples.keys() >= {"no_face", "broken_image", "image_too_small", "validation_failed"}
    assert document["components"]["examples"]["no_face"]["value"]["error"]["code"] == "no_face"


def test_failures_that_pass_say_when_to_come_back(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        for status in ("429", "503"):
            assert "Retry-After" in operation["responses"][status]["headers"], f"{name} {status}"


def test_answers_to_keys_tell_of_their_limits(document: dict[str, Any]) -> None:
    headers = document["paths"]["/api/v1/predict"]["post"]["responses"]["200"]["headers"]
    assert headers.keys() >= {"X-Request-ID", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"}
    assert "RateLimit-Limit" not in document["paths"]["/api/v1/emotions"]["get"]["responses"]["200"]["headers"]


def test_open_calls_say_that_they_need_nothing(document: dict[str, Any]) -> None:
    assert document["paths"]["/api/v1/emotions"]["get"]["security"] == []
    assert document["paths"]["/api/v1/predict"]["post"]["security"] == [{}, {"bearer": []}, {"receipt": []}]


def test_the_server_is_the_one_that_answers(document: dict[str, Any]) -> None:
    assert [server["url"] for server in document["servers"]] == ["/"]


def test_it_is_written_once_whoever_asks(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(DOCUMENT)
    monkeypatch.setattr(APISpec, "to_dict", lambda _: pytest.fail("It was written again."))
    assert client.get(DOCUMENT).data == first.data


class TestBelowAPath:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"SCRIPT_NAME": "/faces"}

    def test_the_server_is_below_that_path(self, client: FlaskClient) -> None:
        assert [server["url"] for server in client.get(f"/faces{DOCUMENT}").json["servers"]] == ["/faces"]


def test_the_personal_data_export_is_documented_field_by_field(
    app: Flask, client: FlaskClient, document: dict[str, Any], login: Login, picture: bytes
) -> None:
    headers = login()
    session = client.post("/api/v1/sessions", json={"title": "Interview 7"}, headers=headers).json["uid"]
    client.post(f"/api/v1/predict?session={session}", data=picture, content_type="image/png", headers=headers)
    client.post(f"/api/v1/sessions/{session}/markers", json={"label": "a", "offset_ms": 0}, headers=headers)
    client.post("/api/v1/keys", json={"name": "lab", "scopes": ["predict"]}, headers=headers)
    held = client.get("/api/v1/auth/users/me/export", headers=headers).json
    assert held["keys"]
    assert held["predictions"]
    assert held["recorded_sessions"][0]["markers"]
    schema = {"$ref": "#/components/schemas/PersonalData"}
    assert fault(document, schema, held, closed=True) is None, "Document it in contract/schemas/personal_data.py."
