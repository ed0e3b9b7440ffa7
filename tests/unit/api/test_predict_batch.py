from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.unit.api.conftest import Login
from tests.unit.api.images import blank_png, form, png
from visionai.extensions import db
from visionai.inference.engine import Engine
from visionai.models import PredictionLog

BATCH = "/api/v1/predict/batch"
PNG = png(64, 48)


def files(*pictures: bytes) -> dict[str, Any]:
    return form(*[("files", f"{index}.png", data) for index, data in enumerate(pictures)])


def test_each_picture_is_answered_in_its_place_with_the_status_it_would_have_alone(client: FlaskClient) -> None:
    answer = client.post(BATCH, **files(PNG, b"", b"just words", blank_png(), PNG[:200], PNG))
    assert answer.status_code == 200
    results = answer.json["results"]
    assert [item["index"] for item in results] == [0, 1, 2, 3, 4, 5]
    assert [item["filename"] for item in results] == [f"{index}.png" for index in range(6)]
    assert [item["status"] for item in results] == [200, 400, 415, 422, 422, 200]
    codes = [item["error"]["code"] for item in results if "error" in item]
    assert codes == ["missing_image", "unsupported_format", "no_face", "broken_image"]
    assert results[0]["prediction"]["emotion_name"] == "happy"
    assert all(("prediction" in item) == (item["status"] == 200) for item in results)


def test_each_picture_that_was_read_is_a_row_of_its_own(client: FlaskClient, login: Login) -> None:
    answer = client.post(BATCH, **files(PNG, PNG, blank_png()), headers=login())
    ids = [item["prediction"]["id"] for item in answer.json["results"][:2]]
    rows = db.session.scalars(select(PredictionLog)).all()
    assert sorted(ids) == sorted(row.predic_id for row in rows)
    assert {row.user_id for row in rows} != {None}


def test_the_flags_hold_for_every_picture(client: FlaskClient) -> None:
    answer = client.post(f"{BATCH}?detect=false&record=false", **files(blank_png(), PNG))
    predictions = [item["prediction"] for item in answer.json["results"]]
    assert [prediction["recorded"] for prediction in predictions] == [False, False]
    assert [prediction["faces"][0]["detection_confidence"] for prediction in predictions] == [None, None]


@pytest.mark.parametrize(("query", "prior"), [("", "even"), ("?prior=typical", "typical")])
def test_the_prior_holds_for_every_picture(client: FlaskClient, query: str, prior: str) -> None:
    answer = client.post(BATCH + query, **files(PNG, PNG))
    assert [item["prediction"]["prior"] for item in answer.json["results"]] == [prior, prior]


def test_a_prior_that_does_not_exist_refuses_the_batch(client: FlaskClient) -> None:
    answer = client.post(f"{BATCH}?prior=odd", **files(PNG))
    assert (answer.status_code, answer.json["error"]["code"]) == (422, "validation_failed")
    assert list(answer.json["error"]["details"]) == ["prior"]


def test_thirty_two_pictures_are_read(client: FlaskClient) -> None:
    answer = client.post(BATCH, **files(*[PNG] * 32))
    assert [item["status"] for item in answer.json["results"]] == [200] * 32
    assert db.session.scalar(select(func.count()).select_from(PredictionLog)) == 32


@pytest.mark.parametrize("count", [33, 50, 2000])
def test_more_than_thirty_two_are_too_many(client: FlaskClient, count: int) -> None:
    answer = client.post(BATCH, **files(*[b"x"] * count))
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
    assert answer.json["error"]["details"] == {"limit": 32}


def test_a_batch_without_pictures_is_missing_them(client: FlaskClient) -> None:
    answer = client.post(BATCH, data={"other": "1"}, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "missing_image")


def test_a_picture_over_the_limit_of_one_is_refused_in_its_place(client: FlaskClient) -> None:
    answer = client.post(BATCH, **files(PNG + b"\0" * 10 * 1024 * 1024, PNG))
    assert [item["status"] for item in answer.json["results"]] == [413, 200]


def test_a_fault_of_ours_in_one_picture_leaves_the_others_unharmed(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Engine.run
    calls = iter(range(10))

    def fail_once(engine: Engine, work: object) -> object:
        if next(calls) == 0:
            raise ZeroDivisionError
        return run(engine, work)  # type: ignore[arg-type]

    monkeypatch.setattr(Engine, "run", fail_once)
    answer = client.post(BATCH, **files(PNG, PNG, PNG))
    assert sorted(item["status"] for item in answer.json["results"]) == [200, 200, 500]
