from __future__ import annotations

import threading

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.support.rows import a_row
from visionai.errors import SetupError
from visionai.extensions import db
from visionai.models import PredictionLog
from visionai.services.recording.recorder import Recorder, recorder
from visionai.services.statistics import rebuild

pytestmark = pytest.mark.databases


def test_a_written_row_is_in_the_log_under_its_id(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    # However long the first commit takes on a busy machine: it is not put on the disk meanwhile.
    monkeypatch.setattr(Recorder, "_patience", 60.0)
    row = a_row()
    row_id = recorder.write(row)
    assert db.session.get_one(PredictionLog, row_id).uid == row.uid
    assert (recorder.state, recorder.backlog) == ("ok", 0)


def test_rows_of_many_threads_are_all_there_once(app: Flask) -> None:
    def write() -> None:
        with app.app_context():
            for number in range(25):
                if number % 5:
                    assert recorder.offer(a_row())
                else:
                    assert recorder.write(a_row()) is not None

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert recorder.flush()
    assert db.session.scalar(select(func.count()).select_from(PredictionLog)) == 200
    assert rebuild.check() == []


def test_an_app_without_a_recorder_is_told_what_was_forgotten() -> None:
    with Flask("bare").app_context(), pytest.raises(SetupError, match="did you forget"):
        recorder.write(a_row())
