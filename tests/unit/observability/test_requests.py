"""Ids of requests, and the log line that each leaves."""

from __future__ import annotations

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from visionai.observability import requests


@pytest.fixture
def client() -> FlaskClient:
    app = Flask(__name__)
    requests.init_app(app)
    app.add_url_rule("/<path:path>", "page", lambda path: "ok")
    return app.test_client()


def fields_logged(caplog: pytest.LogCaptureFixture) -> list[dict]:
    return [record.fields for record in caplog.records if record.name == "visionai.requests"]


def test_a_request_without_an_id_gets_one(client: FlaskClient) -> None:
    assert len(client.get("/x").headers["X-Request-ID"]) == 32


def test_two_requests_get_two_ids(client: FlaskClient) -> None:
    assert client.get("/x").headers["X-Request-ID"] != client.get("/x").headers["X-Request-ID"]


@pytest.mark.parametrize("sane", ["abc-123", "a" * 64, "0b9c1d5e-8f", "trace/1:2+3="])
def test_a_sane_id_of_the_callers_is_kept(client: FlaskClient, sane: str) -> None:
    assert client.get("/x", headers={"X-Request-ID": sane}).headers["X-Request-ID"] == sane


@pytest.mark.parametrize("odd", ["", " ", "a b", "a" * 65, "<script>", "ñ", '"', "a;b"])
def test_an_odd_id_is_replaced(client: FlaskClient, odd: str) -> None:
    answered = client.get("/x", headers={"X-Request-ID": odd.encode().decode("latin-1")}).headers["X-Request-ID"]
    assert answered != odd
    assert len(answered) == 32


def test_a_request_leaves_a_line_with_its_rule_and_without_its_path_or_query(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "visionai.requests")
    client.get("/page?token=secret")
    (fields,) = fields_logged(caplog)
    assert fields["route"] == "/<path:path>"
    assert (fields["method"], fields["status"]) == ("GET", 200)
    assert fields["ms"] >= 0
    assert "secret" not in caplog.text


def test_a_path_that_matches_no_rule_is_not_logged(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "visionai.requests")
    client.post("/secret")
    assert fields_logged(caplog)[0]["route"] == "(none)"
    assert "secret" not in caplog.text


def test_what_a_view_raises_is_logged_under_its_rule(caplog: pytest.LogCaptureFixture) -> None:
    app = Flask(__name__)
    requests.init_app(app)
    app.add_url_rule("/users/<name>", "user", lambda name: 1 // 0)
    assert app.test_client().get("/users/secret?token=secret").status_code == 500
    assert "GET /users/<name>" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "secret" not in caplog.text


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/v1/health/live", "/metrics", "/static/a.css"])
def test_what_machines_ask_all_the_time_is_logged_for_debugging_only(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.INFO, "visionai.requests")
    client.get(path)
    assert fields_logged(caplog) == []


def test_an_answer_says_the_trace_of_its_caller(client: FlaskClient) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    answered = client.get("/x", headers={"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}).headers["traceresponse"]
    assert answered.startswith(f"00-{trace}-")
    assert answered.endswith("-01")
    assert "00f067aa0ba902b7" not in answered
