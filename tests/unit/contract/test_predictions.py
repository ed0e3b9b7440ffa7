"""The answer to an image is written by hand because it is the fast path; here it is held equal to its schema."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
import pytest

from tests.support.fakes import a_face, an_analysis
from visionai.contract.predictions import Prediction, prediction_body, unread_body
from visionai.contract.schemas.predictions import FaceSchema, PredictionSchema
from visionai.vision.priors import Prior
from visionai.vision.results import Box

UID = UUID("0190c7c1-0000-7000-8000-000000000007")
MOMENT = datetime(2026, 1, 31, 10, 30, tzinfo=UTC)
UNSURE = (0.3, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1)
FACES = [a_face(), a_face(UNSURE, Box(-3, 0, 20, 20))]


def written(*faces: Any, **changes: Any) -> dict[str, Any]:
    known = {"user": "ana", "id": 7, "recorded": True} | changes
    return prediction_body(Prediction(UID, an_analysis(*faces), MOMENT, **known))


@pytest.mark.parametrize("user", ["ana", None])
@pytest.mark.parametrize("id", [7, None])
@pytest.mark.parametrize("faces", [FACES, FACES[1:]], ids=["two faces", "one unsure face"])
def test_the_body_is_what_its_schema_would_write(faces: list[Any], id: int | None, user: str | None) -> None:
    body = written(*faces, id=id, user=user)
    dumped = PredictionSchema().dump(body)
    assert dumped == body
    assert list(dumped) == list(body) == list(PredictionSchema().fields)


def test_each_face_is_what_its_schema_would_write() -> None:
    for face in written(*FACES)["faces"]:
        dumped = FaceSchema().dump(face)
        assert dumped == face
        assert list(dumped) == list(face) == list(FaceSchema().fields)
        assert list(face["scores"]) == list(FaceSchema().fields["scores"].schema.fields)


def test_every_field_has_the_type_that_its_schema_says() -> None:
    assert PredictionSchema(unknown=ma.RAISE).validate(written(*FACES)) == {}


def test_a_frame_that_was_not_read_has_the_same_fields() -> None:
    assert list(unread_body(UID, Prior.TYPICAL, None, None)) == list(written(*FACES))


def test_without_a_face_the_fields_are_the_same_and_those_of_the_emotion_are_null() -> None:
    body = written()
    assert list(body) == list(PredictionSchema().fields)
    assert [name for name, value in body.items() if value is None] == ["emotion_name", "confidence", "uncertain"]
