"""The document and the server agree: requests made from the one are answered by the other as it says."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import timedelta

import bcrypt
import pytest
import schemathesis
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation

from visionai.database.types import utc_now
from visionai.errors import InvalidToken
from visionai.extensions import db
from visionai.models import AuthSession, Role, User
from visionai.services.accounts import tokens
from visionai.services.accounts.accounts import Login

DOCUMENT = "/api/v1/openapi.json"

bounded = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=False,
)

# What fits the document may still be refused: half of base64 is none, and a day may not be before itself.
UNDOCUMENTABLE = [schemathesis.checks.positive_data_acceptance]

# A body with too many parts is refused for that, whatever else is wrong with it.
REFUSALS = [400, 401, 403, 404, 405, 409, 413, 415, 422, 429, "5xx"]
CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSALS}}})

# The cheapest there is: hashing takes longer than all the rest.
HASH = bcrypt.hashpw(b"una frase larga", bcrypt.gensalt(4)).decode()


class Visitor:
    """Somebody with a token, who comes back under another name when a request has ended their login or account."""

    def __init__(self, role: Role) -> None:
        self._role = role
        self._count = 0
        self._token = ""

    def headers(self) -> dict[str, str]:
        try:
            tokens.identify(self._token)
        except InvalidToken:
            self._token = self._come_back()
        return {"Authorization": f"Bearer {self._token}"}

    def _come_back(self) -> str:
        self._count += 1
        user = User(username=f"{self._role}-{self._count}", hashed_password=HASH, role=self._role, is_active=True)
        db.session.add(user)
        db.session.flush()
        login = AuthSession(user_id=user.user_id, expires_at=utc_now() + timedelta(days=1))
        db.session.add(login)
        db.session.commit()
        return tokens.issue(Login(user, login.session_id)).access_token


def spoils_headers(case: schemathesis.Case) -> bool:
    """Tell whether a request is wrong by its headers, which those of a visitor take the place of."""
    component = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return component is not None and component.mode.is_negative


@pytest.mark.parametrize("mode", list(schemathesis.GenerationMode), ids=lambda mode: mode.name.lower())
def test_every_answer_is_one_that_the_document_allows(
    app: Flask, subtests: pytest.Subtests, mode: schemathesis.GenerationMode
) -> None:
    # Each request is made by nobody, a user and an administrator: to think of it takes longer than to answer it.
    visitors = [None, Visitor(Role.USER), Visitor(Role.ADMIN)]
    for result in schemathesis.openapi.from_wsgi(DOCUMENT, app, config=CONFIG).get_all_operations():
        operation = result.ok()

        @bounded
        @given(case=operation.as_strategy(mode))
        def try_out(case: schemathesis.Case) -> None:
            for visitor in visitors[:1] if spoils_headers(case) else visitors:
                # The client asks for what it does not unpack without a network.
                headers = {"Accept-Encoding": "identity"} | (visitor.headers() if visitor else {})
                case.call_and_validate(headers=headers, excluded_checks=UNDOCUMENTABLE)

        with subtests.test(operation.label), suppress(Unsatisfiable):  # where there is nothing to get wrong
            try_out()


# What a document must have so that people can work with it -----------------------------------------------------------


def as_documented(rule: str) -> str:
    return re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule)


@pytest.fixture
def operations(client: FlaskClient) -> dict[str, dict]:
    paths = client.get(DOCUMENT).json["paths"]
    return {
        f"{method.upper()} {path}": methods[method]
        for path, methods in paths.items()
        for method in ("get", "post", "put", "patch", "delete")
        if method in methods
    }


def test_every_call_says_what_it_is_for_and_how_it_fails(operations: dict[str, dict]) -> None:
    for name, operation in operations.items():
        assert operation["summary"], name
        assert {"429", "500", "503"} <= operation["responses"].keys(), name


def test_calls_that_need_a_token_say_so_and_what_comes_without(operations: dict[str, dict]) -> None:
    guarded = {name for name, operation in operations.items() if operation.get("security") == [{"bearer": []}]}
    assert "GET /api/v1/auth/users/me" in guarded
    assert "GET /api/v1/dashboard/users" in guarded
    assert all("401" in operations[name]["responses"] for name in guarded)


def test_a_session_is_open_to_a_token_or_to_its_receipt(client: FlaskClient, operations: dict[str, dict]) -> None:
    ways = [{"bearer": []}, {"receipt": []}]
    of_one = {name: operation for name, operation in operations.items() if "/sessions/{uid}" in name}
    assert len(of_one) == 8
    assert {name for name, operation in of_one.items() if operation["security"] != ways} == set()
    receipt = client.get(DOCUMENT).json["components"]["securitySchemes"]["receipt"]
    assert (receipt["in"], receipt["name"]) == ("header", "X-Session-Receipt")


def test_a_picture_may_come_in_any_of_its_bodies(operations: dict[str, dict]) -> None:
    bodies = operations["POST /api/v1/predict"]["requestBody"]["content"]
    assert list(bodies) == ["multipart/form-data", "application/json", "image/*", "application/octet-stream"]


def test_every_route_of_the_api_is_in_the_document(app: Flask, operations: dict[str, dict]) -> None:
    routes = {
        f"{method} {as_documented(rule.rule)}"
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/") and not rule.rule.endswith(("openapi.json", "asyncapi.json"))
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert routes == operations.keys()


class TestWithLimitsOfItsOwn:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {
            "MAX_IMAGE_BYTES": str(3 * 2**20),
            "MAX_IMAGE_PIXELS": "12500000",
            "MAX_BATCH_BYTES": "5000",
            "MAX_BATCH_FILES": "7",
        }

    def test_the_document_has_the_limits_of_the_settings(self, client: FlaskClient) -> None:
        paths = client.get("/api/v1/openapi.json").json["paths"]
        one, many = (paths[f"/api/v1/{name}"]["post"]["requestBody"] for name in ("predict", "predict/batch"))
        assert "3 MiB and 12.5 megapixels" in one["description"]
        assert "Up to 7 pictures, 5000 bytes in all, each up to 3 MiB" in many["description"]
        assert many["content"]["multipart/form-data"]["schema"]["properties"]["files"]["maxItems"] == 7


def test_the_document_has_the_limits_of_the_defaults(client: FlaskClient) -> None:
    paths = client.get("/api/v1/openapi.json").json["paths"]
    assert "10 MiB and 64 megapixels" in paths["/api/v1/predict"]["post"]["requestBody"]["description"]
    assert "Up to 32 pictures, 50 MiB" in paths["/api/v1/predict/batch"]["post"]["requestBody"]["description"]
