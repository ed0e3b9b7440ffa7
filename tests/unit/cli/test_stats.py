"""`flask stats rebuild`."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import update

from tests.support.rows import a_row
from visionai.extensions import db
from visionai.models import PredictionTotal
from visionai.services.recording.recorder import recorder

pytestmark = pytest.mark.databases


@pytest.fixture
def wrong(app: Flask) -> None:
    """A figure that is not what the log holds."""
    recorder.write(a_row("happy"))
    db.session.execute(update(PredictionTotal).values(count=9))
    db.session.commit()


def test_right_figures_pass_the_check(runner: FlaskCliRunner) -> None:
    recorder.write(a_row())
    result = runner.invoke(args=["stats", "rebuild", "--check"])
    assert (result.exit_code, result.output) == (0, "The figures are what the log holds.\n")


def test_wrong_figures_are_told_and_left(runner: FlaskCliRunner, wrong: None) -> None:
    for _ in range(2):
        result = runner.invoke(args=["stats", "rebuild", "--check"])
        assert result.exit_code == 1
        assert result.output == "prediction_totals, user 0, emotion 4: 9, not 1\n"


def test_wrong_figures_are_counted_again(runner: FlaskCliRunner, wrong: None) -> None:
    assert runner.invoke(args=["stats", "rebuild"]).output == "Days counted: 1.\n"
    assert runner.invoke(args=["stats", "rebuild", "--check"]).exit_code == 0
