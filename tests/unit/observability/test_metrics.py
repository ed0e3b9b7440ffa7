"""What /metrics says after something happened."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from tests.support.fakes import a_face, an_analysis
from tests.support.rows import a_row
from visionai import signals
from visionai.extensions import db
from visionai.observability import metrics
from visionai.services.recording.recorder import recorder


def value(client: FlaskClient, name: str, **labels: str) -> float:
    """The figure of that name and with these labels; 0 where there is none yet."""
    text = client.get("/metrics").text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return sum(sample.value for sample in samples if sample.name == name and labels.items() <= sample.labels.items())


def test_figures_are_in_the_format_of_prometheus(client: FlaskClient) -> None:
    response = client.get("/metrics")
    assert response.mimetype == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"
    assert list(text_string_to_metric_families(response.text))


@pytest.mark.parametrize(
    "name",
    [
        "visionai_clients_connected",
        "visionai_inference_queue",
        "visionai_inference_loaded",
        "visionai_recorder_backlog",
        "visionai_recorder_ok",
        "visionai_recorder_set_aside",
        "visionai_build",
        "visionai_login_failures_total",
        "visionai_build_info",
        "visionai_model_info",
        "visionai_processes",
        "visionai_database_up",
        "visionai_spool_bytes",
        "visionai_disk_free_bytes",
        "visionai_rows_committed_total",
        "visionai_rows_refused_total",
        "visionai_frames_unrecorded_total",
        'visionai_predictions_total{status="success",transport="ws"}',
        'visionai_predictions_total{status="no_face",transport="rest"}',
        'visionai_prediction_failures_total{code="busy",transport="socketio"}',
        'visionai_requests_total{endpoint="predict.predict",method="POST",status="500"}',
        'visionai_requests_total{endpoint="sessions.edit",method="PATCH",status="503"}',
        'visionai_step_seconds_count{step="decode"}',
        'visionai_pool_busy_threads{pool="inference"}',
        'visionai_pool_waiting{pool="native"}',
        'visionai_pool_threads{pool="spool"}',
        "process_resident_memory_bytes",
    ],
)
def test_a_figure_is_there_before_anything_happened(client: FlaskClient, name: str) -> None:
    assert f"\n{name}" in client.get("/metrics").text


def test_requests_are_counted_by_endpoint_and_not_by_path(client: FlaskClient) -> None:
    labels = {"method": "GET", "endpoint": "unknown", "status": "404"}
    before = value(client, "visionai_requests_total", **labels)
    client.get("/api/v1/nothing/1")
    client.get("/api/v1/nothing/2")
    assert value(client, "visionai_requests_total", **labels) == before + 2


def test_an_invented_method_makes_no_series_of_its_own(client: FlaskClient) -> None:
    client.open("/api/v1/health", method="BREW")
    assert "BREW" not in client.get("/metrics").text


def test_a_frame_is_counted_by_its_way_and_its_answer(client: FlaskClient) -> None:
    labels = {"transport": "ws", "status": "dropped"}
    before = value(client, "visionai_predictions_total", **labels)
    signals.image_answered.send("ws", status="dropped", age_ms=12.0)
    assert value(client, "visionai_predictions_total", **labels) == before + 1


def test_each_step_of_an_analysis_is_timed(client: FlaskClient) -> None:
    steps = ("decode", "detect", "classify", "whole")
    before = {step: value(client, "visionai_step_seconds_sum", step=step) for step in steps}
    metrics.count_analysis(None, analysis=an_analysis(a_face()))
    spent = {step: value(client, "visionai_step_seconds_sum", step=step) - before[step] for step in steps}
    assert spent == pytest.approx({"decode": 0.001, "detect": 0.003, "classify": 0.0032, "whole": 0.0072})


def test_a_refused_picture_is_counted_by_its_code(client: FlaskClient) -> None:
    labels = {"transport": "rest", "status": "missing_image"}
    before = value(client, "visionai_predictions_total", **labels)
    client.post("/api/v1/predict", data=b"", content_type="image/jpeg")
    assert value(client, "visionai_predictions_total", **labels) == before + 1


def test_a_refused_login_is_counted(client: FlaskClient) -> None:
    before = value(client, "visionai_login_failures_total")
    client.post("/api/v1/auth/login", json={"username": "nobody", "password": "not the one"})
    assert value(client, "visionai_login_failures_total") == before + 1


def test_a_figure_of_ours_has_a_sentence_that_explains_it(client: FlaskClient) -> None:
    families = [*text_string_to_metric_families(client.get("/metrics").text)]
    told = {family.name: family.documentation for family in families if family.name.startswith("visionai_")}
    assert len(told) > 40
    assert [
        name for name, text in told.items() if not (text[:1].isupper() or text[:1].isdigit() or text[0] == "/")
    ] == []
    assert [name for name, text in told.items() if not text.endswith(".")] == []


@pytest.mark.parametrize(
    ("code", "counted"), [("busy", 1), ("model_unavailable", 1), ("internal_error", 1), ("no_face", 0), ("error", 0)]
)
def test_a_picture_that_the_server_failed_is_counted_as_a_failure(client: FlaskClient, code: str, counted: int) -> None:
    before = value(client, "visionai_prediction_failures_total", transport="ws", code=code)
    signals.image_answered.send("ws", status=code, age_ms=1.0)
    assert value(client, "visionai_prediction_failures_total", transport="ws", code=code) == before + counted


def test_a_frame_that_failed_is_counted_by_its_code(client: FlaskClient) -> None:
    before = value(client, "visionai_prediction_failures_total", transport="ws", code="internal_error")
    signals.image_failed.send("ws", code="internal_error")
    assert value(client, "visionai_prediction_failures_total", transport="ws", code="internal_error") == before + 1


def test_a_frame_that_was_not_recorded_is_counted(client: FlaskClient) -> None:
    before = value(client, "visionai_frames_unrecorded_total")
    signals.faces_unrecorded.send(None)
    assert value(client, "visionai_frames_unrecorded_total") == before + 1


def test_rows_are_counted_when_they_are_committed(client: FlaskClient) -> None:
    recorder.write(a_row())
    assert value(client, "visionai_rows_committed_total") == 1
    assert (value(client, "visionai_recorder_queue"), value(client, "visionai_spool_rows")) == (0, 0)


def test_the_disk_of_the_spool_is_shown_with_what_is_set_aside(client: FlaskClient, app: Flask) -> None:
    spool = Path(app.config["INSTANCE_PATH"]) / "spool"
    spool.mkdir()
    (spool / "a.unreadable").write_bytes(b"x" * 100)
    assert value(client, "visionai_spool_bytes") == 100
    assert value(client, "visionai_disk_free_bytes") > 0


def test_a_database_that_is_away_shows(client: FlaskClient, app: Flask, tables: str) -> None:
    assert value(client, "visionai_database_up") == 1
    db.engine.dispose()
    Path(tables.removeprefix("sqlite:///")).write_bytes(b"no database")
    assert value(client, "visionai_database_up") == 0


def test_strangers_are_not_told_that_there_are_figures(client: FlaskClient) -> None:
    response = client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}, headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json["error"]["code"] == "not_found"


def test_an_observer_that_asks_twice_is_told_once(client: FlaskClient) -> None:
    signals.image_answered.connect(metrics.count_answer)
    before = value(client, "visionai_predictions_total", transport="ws", status="busy")
    signals.image_answered.send("ws", status="busy", age_ms=1.0)
    assert value(client, "visionai_predictions_total", transport="ws", status="busy") == before + 1
