"""What /metrics says after something happened."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from tests.support.fakes import a_face, an_analysis
from visionai import signals
from visionai.observability import metrics


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


def test_strangers_are_not_told_that_there_are_figures(client: FlaskClient) -> None:
    response = client.get("/metrics", environ_base={"REMOTE_ADDR": "192.0.2.1"}, headers={"Accept": "application/json"})
    assert response.status_code == 404
    assert response.json["error"]["code"] == "not_found"


def test_an_observer_that_asks_twice_is_told_once(client: FlaskClient) -> None:
    signals.image_answered.connect(metrics.count_answer)
    before = value(client, "visionai_predictions_total", transport="ws", status="busy")
    signals.image_answered.send("ws", status="busy", age_ms=1.0)
    assert value(client, "visionai_predictions_total", transport="ws", status="busy") == before + 1
