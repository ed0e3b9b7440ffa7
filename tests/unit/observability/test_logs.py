"""How a log line looks, for people and for machines."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from flask import Flask, g, request

import config as configuration
from visionai.observability import logs, trace_context
from visionai.server.log_format import HANDLER_NAME
from visionai.services.accounts.identity import IDENTITY


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    """Leave the process' logging as it was."""
    root, level = logging.getLogger(), logging.getLogger("visionai").level
    before = list(root.handlers)
    yield
    root.handlers[:] = before
    logging.getLogger("visionai").setLevel(level)


@pytest.fixture(params=["text", "json"])
def log_format(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def app(log_format: str) -> Flask:
    app = Flask(__name__)
    app.config.update(LOG_FORMAT=log_format, LOG_LEVEL="INFO")
    logs.init_app(app)
    return app


@pytest.fixture
def log() -> logging.Logger:
    return logging.getLogger("visionai.tests")


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
def test_a_line_of_json_is_one_object(app: Flask, log: logging.Logger, capsys: pytest.CaptureFixture) -> None:
    log.info("Hello %s", "you", extra={"fields": {"status": 200}})
    line = json.loads(capsys.readouterr().err)
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "info", "logger": "visionai.tests", "message": "Hello you", "status": 200}


@pytest.mark.parametrize("log_format", ["text"], indirect=True)
def test_a_line_of_text_reads_well(app: Flask, log: logging.Logger, capsys: pytest.CaptureFixture) -> None:
    log.info("request", extra={"fields": {"method": "GET", "path": "/", "status": 200}})
    assert capsys.readouterr().err.endswith("Z INFO visionai.tests: request method=GET path=/ status=200\n")


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
def test_a_line_within_a_request_has_its_id_and_its_user(
    app: Flask, log: logging.Logger, capsys: pytest.CaptureFixture
) -> None:
    with app.test_request_context():
        g.request_id, request.environ[IDENTITY] = "abc", SimpleNamespace(user_id=7)
        log.info("x")
    line = json.loads(capsys.readouterr().err)
    assert (line["request_id"], line["user_id"]) == ("abc", 7)
    assert len(line["trace_id"]) == 32


@pytest.mark.parametrize("log_format", ["json"], indirect=True)
def test_a_line_of_a_stream_has_its_trace(app: Flask, log: logging.Logger, capsys: pytest.CaptureFixture) -> None:
    with trace_context.serving({}) as trace:
        log.info("x")
    assert json.loads(capsys.readouterr().err)["trace_id"] == trace.trace_id


def test_a_line_break_in_a_value_does_not_begin_a_line(
    app: Flask, log: logging.Logger, capsys: pytest.CaptureFixture
) -> None:
    log.info("request", extra={"fields": {"path": "/x\n2026-01-01T00:00:00Z INFO forged"}})
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_an_exception_is_logged_with_its_traceback(
    app: Flask, log: logging.Logger, capsys: pytest.CaptureFixture
) -> None:
    try:
        raise ValueError("no good")
    except ValueError:
        log.exception("It failed")
    assert "ValueError: no good" in capsys.readouterr().err


def test_what_is_below_the_level_is_left_out(app: Flask, log: logging.Logger, capsys: pytest.CaptureFixture) -> None:
    log.debug("x")
    assert capsys.readouterr().err == ""


def test_a_second_application_replaces_the_first_ones_handler(app: Flask) -> None:
    logs.init_app(app)
    names = [handler.get_name() for handler in logging.getLogger().handlers]
    assert names.count(HANDLER_NAME) == 1


@pytest.mark.parametrize("url", ["sqlite://", "postgresql+psycopg2://localhost/x"])
def test_a_database_error_does_not_say_what_was_to_be_written(url: str) -> None:
    assert configuration.engine_options(url)["hide_parameters"] is True
