"""How failures that are nobody's input look: ours, the database's, the limits that an operator set."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from tests.unit.api.images import png
from visionai import errors
from visionai.contract.errors import STATUS, error_body
from visionai.errors import VisionAIError, WeightsError

STATS = "/api/v1/dashboard/stats"


def every_error() -> list[type[VisionAIError]]:
    """All classes of the tree, this package's own included."""
    found, waiting = [], [VisionAIError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


def test_every_code_there_is_has_a_status() -> None:
    assert {kind.code for kind in every_error()} == set(STATUS)


def test_a_body_is_made_for_the_language_of_a_connection(app: Flask) -> None:
    spanish = error_body(errors.TooLarge(limit=5), "es")["error"]
    english = error_body(errors.TooLarge(limit=5), "en")["error"]
    assert english["message"].startswith("That is over the limit of 5")
    assert spanish["message"] != english["message"]
    assert "5" in spanish["message"]
    assert spanish["details"] == english["details"] == {"limit": 5}


def failing_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("visionai.services.statistics.queries.stats", fail)


def test_a_fault_of_ours_tells_the_log_what_it_was_and_the_client_nothing(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    failing_with(ZeroDivisionError("a secret of ours"), monkeypatch)
    answer = client.get(STATS)
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "internal_error")
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert "a secret of ours" in caplog.text


def test_weights_that_do_not_fit_are_told_to_the_log_alone(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing_with(WeightsError("the file is another one"), monkeypatch)
    answer = client.get(STATS)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "model_unavailable")
    assert "another one" not in answer.text
    assert "the file is another one" in caplog.text


def test_a_database_that_is_away_is_503_and_says_when_to_come_back(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    failing_with(OperationalError("SELECT secret", {}, Exception("no connection")), monkeypatch)
    answer = client.get(STATS)
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "database_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert "secret" not in answer.text
    assert "secret" not in caplog.text


def test_a_page_that_fails_is_a_page(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/nothing", headers={"Accept": "text/html"})
    assert answer.mimetype == "text/html"


class TestWithARateLimit:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"RATE_LIMIT": "2 per minute"}

    def test_one_call_too_many_says_when_to_come_back(self, client: FlaskClient) -> None:
        answers = [client.get("/api/v1/emotions") for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[-1].json["error"]["code"] == "rate_limited"
        assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_a_server_that_is_full_says_when_to_come_back(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise errors.Busy

    monkeypatch.setattr("visionai.inference.engine.Engine.run", full)
    answer = client.post("/api/v1/predict", data=png(64, 48), content_type="image/png")
    assert (answer.status_code, answer.json["error"]["code"]) == (503, "busy")
    assert answer.headers["Retry-After"] == "1"
