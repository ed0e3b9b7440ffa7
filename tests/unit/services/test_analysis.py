"""The one use case behind every transport."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

import pytest
from flask import Flask

from tests.support.fakes import HAPPY, a_face, an_analysis
from visionai import signals
from visionai.contract.predictions import Prediction, prediction_body
from visionai.errors import NoFace
from visionai.extensions import db
from visionai.inference.engine import Engine
from visionai.models import PredictionLog
from visionai.services import analysis
from visionai.services.accounts import accounts
from visionai.services.analysis import Sighting, Source
from visionai.services.recording.readings import Readings
from visionai.services.recording.recorder import recorder
from visionai.vision.emotions import Emotion
from visionai.vision.results import Analysis, Box

pytestmark = pytest.mark.databases

Sees = Callable[[Analysis], None]


@pytest.fixture
def sees(app: Flask) -> Sees:
    """Let the application see the same in every picture."""

    def install(seen: Analysis) -> None:
        class Weights:
            def analyzer(self) -> Weights:
                return self

            def analyze(self, data: bytes, **options: object) -> Analysis:
                return seen

        app.extensions["inference"] = Engine(lambda path: Weights(), Path("none"), threads=1, waiting=4)

    return install


def log() -> list[PredictionLog]:
    db.session.expire_all()
    return db.session.query(PredictionLog).all()


def test_a_picture_leaves_one_row_of_its_largest_face(sees: Sees) -> None:
    sees(an_analysis(a_face(), a_face((0.9, 0.1, 0, 0, 0, 0, 0), Box(0, 0, 20, 20))))
    prediction = analysis.analyse(b"picture", Source(address="203.0.113.0"))
    [row] = log()
    assert (row.predic_id, row.uid, row.emotion_id) == (prediction.id, prediction.uid, 4)
    assert row.source_ip == "203.0.113.0"


def test_a_signed_in_prediction_is_the_users(sees: Sees) -> None:
    user = accounts.create_user("ana", "una frase larga")
    sees(an_analysis(a_face()))
    assert analysis.analyse(b"picture", Source(user.user_id, "ana")).user == "ana"
    assert [row.user_id for row in log()] == [user.user_id]


def test_a_picture_without_a_face_is_an_error_and_leaves_no_row(sees: Sees) -> None:
    sees(an_analysis())
    with pytest.raises(NoFace):
        analysis.analyse(b"picture", Source())
    assert log() == []


def test_record_false_leaves_no_row(sees: Sees) -> None:
    sees(an_analysis(a_face()))
    prediction = analysis.analyse(b"picture", Source(), record=False)
    assert (prediction.id, prediction.recorded) == (None, False)
    assert log() == []


def test_a_frame_does_not_wait_for_its_row_but_the_row_comes(app: Flask) -> None:
    readings = Readings(recorder, 1000)
    prediction = analysis.conclude(an_analysis(a_face()), Source(), uuid4(), readings, SIGHTING)
    assert (prediction.id, prediction.recorded) == (None, True)
    readings.flush()
    assert recorder.flush()
    assert [(row.emotion_id, row.frames) for row in log()] == [(Emotion.HAPPY.id, 1)]


def test_with_no_interval_each_face_is_a_row_and_the_largest_has_the_uid_of_the_frame(app: Flask) -> None:
    sighting = replace(SIGHTING, tracks=(1, 2))
    faces = an_analysis(a_face(), a_face())
    prediction = analysis.conclude(faces, Source(), uuid4(), Readings(recorder, 0), sighting)
    assert recorder.flush()
    assert [row.uid == prediction.uid for row in log()] == [True, False]


def test_a_frame_without_a_face_leaves_no_row(app: Flask) -> None:
    readings = Readings(recorder, 1000)
    assert analysis.conclude(an_analysis(), Source(), uuid4(), readings, SIGHTING).recorded is False


def test_a_frame_that_is_not_to_be_recorded_leaves_no_row(app: Flask) -> None:
    readings = Readings(recorder, 1000)
    assert analysis.conclude(an_analysis(a_face()), Source(), uuid4(), readings, None).recorded is False


def test_a_frame_that_there_is_no_room_for_is_told(app: Flask) -> None:
    told: list[object] = []
    full = SimpleNamespace(has_room=False)

    def hear(sender: object) -> None:
        told.append(sender)

    with signals.faces_unrecorded.connected_to(hear):
        analysis.conclude(an_analysis(a_face()), Source(), uuid4(), Readings(full, 1000), SIGHTING)
        analysis.conclude(an_analysis(a_face()), Source(), uuid4(), Readings(recorder, 1000), SIGHTING)
    assert told == [None]


SIGHTING = Sighting(tracks=(1,), clock_ms=0, now=0.0)


def test_the_body_names_the_largest_face_and_lists_them_all() -> None:
    prediction = Prediction(
        uuid4(), an_analysis(a_face(), a_face()), analysis.datetime.now(analysis.UTC), None, 3, recorded=True
    )
    body = prediction_body(prediction)
    assert (body["emotion_name"], body["confidence"], len(body["faces"])) == ("happy", 0.9234, 2)
    assert body["timestamp"].endswith("+00:00")
    assert sum(body["faces"][0]["scores"].values()) == pytest.approx(sum(HAPPY), abs=1e-3)


def test_without_a_face_the_fields_of_the_emotion_are_null() -> None:
    prediction = Prediction(uuid4(), an_analysis(), analysis.datetime.now(analysis.UTC), None, None, recorded=False)
    body = prediction_body(prediction)
    assert (body["emotion_name"], body["confidence"], body["uncertain"], body["faces"]) == (None, None, None, [])
