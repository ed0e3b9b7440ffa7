"""Calibrations of versions: kept once under a name, one in force, and none where a version is served as measured."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from tests.support.rows import a_row
from tests.unit.services.weights.test_versions import a_manifest
from visionai.errors import (
    CalibrationNameTaken,
    CalibrationRefused,
    LabelsExchanged,
    LabelsUnrelated,
    NotFound,
    ValidationFailed,
)
from visionai.models import User
from visionai.services.accounts import accounts
from visionai.services.privacy import erasure
from visionai.services.recording.recorder import recorder
from visionai.services.weights import calibrations, versions
from visionai.vision.calibration import Calibration, Proposal
from visionai.vision.emotions import Emotion
from visionai.vision.trial import Figures, Gain, Trial, Verdict

pytestmark = pytest.mark.databases

OFFSETS = (0.1, 0.2, 0.3, -0.1, -0.2, -0.3, 0.0)


def a_proposal(verdict: Verdict = Verdict.HELPS, version: str = "v1.0.0") -> Proposal:
    gains = (Gain(0.05, 0.02), Gain(0.06, 0.02), Gain(0.3, 0.1))
    exchanged = (Emotion.HAPPY, Emotion.SAD) if verdict is Verdict.EXCHANGED else None
    trial = Trial(verdict, Figures(0.6, 0.58, 1.3, 0.2), Figures(0.65, 0.64, 1.0, 0.05), *gains, exchanged)
    return Proposal(version, OFFSETS, 1.4, {Emotion.HAPPY: 20, Emotion.SAD: 20}, {"duplicate": 0}, trial)


def test_a_calibration_is_kept_with_what_was_measured(app: Flask) -> None:
    kept = calibrations.keep(a_proposal(), "office")
    assert (kept.tag, kept.status, kept.created_by) == ("v1.0.0+office", "kept", None)
    (found,) = calibrations.list_calibrations()
    assert (found.offsets, found.temperature_factor) == (list(OFFSETS), 1.4)
    assert found.pictures == {"happy": 20, "sad": 20}
    assert found.figures["before"]["macro_recall"] == 0.58
    assert found.figures["gains"]["log_loss"] == {"value": 0.3, "standard_error": 0.1}


@pytest.mark.parametrize(
    ("verdict", "error"),
    [
        (Verdict.NO_CLEAR_GAIN, CalibrationRefused),
        (Verdict.NO_BETTER_THAN_CHANCE, LabelsUnrelated),
        (Verdict.EXCHANGED, LabelsExchanged),
    ],
)
def test_what_does_not_help_is_refused_with_its_figures(
    app: Flask, verdict: Verdict, error: type[CalibrationRefused]
) -> None:
    with pytest.raises(error) as refused:
        calibrations.keep(a_proposal(verdict), "office")
    assert refused.value.details["recall_after"] == "0.640"
    assert calibrations.list_calibrations() == []


@pytest.mark.parametrize("name", ["", "x" * 41, "a b", "a+b", "ñ", "a\n", "../x"])
def test_a_name_becomes_part_of_a_tag_and_has_to_fit(app: Flask, name: str) -> None:
    with pytest.raises(ValidationFailed):
        calibrations.keep(a_proposal(), name)


def test_a_name_that_makes_the_tag_too_long_does_not_fit(app: Flask) -> None:
    with pytest.raises(ValidationFailed):
        calibrations.keep(a_proposal(version="v" * 90), "x" * 20)


def test_a_name_is_given_once_by_version(app: Flask) -> None:
    calibrations.keep(a_proposal(), "office")
    calibrations.keep(a_proposal(version="v1.1.0"), "office")
    with pytest.raises(CalibrationNameTaken):
        calibrations.keep(a_proposal(), "office")


def test_a_tag_of_other_weights_is_not_taken_from_them(app: Flask, tmp_path: Path) -> None:
    versions.register(a_manifest("v1.0.0+office"), tmp_path / "weights.json")
    with pytest.raises(CalibrationNameTaken):
        calibrations.keep(a_proposal(), "office")


def test_one_calibration_of_a_version_is_in_force(app: Flask) -> None:
    for name in ("office", "street"):
        calibrations.keep(a_proposal(), name)
        calibrations.activate(f"v1.0.0+{name}", serving="v1.0.0")
    assert calibrations.in_force("v1.0.0") == Calibration("v1.0.0", "street", OFFSETS, 1.4)
    assert calibrations.in_force("v1.1.0") is None


def test_a_version_alone_is_served_as_it_was_measured(app: Flask) -> None:
    calibrations.keep(a_proposal(), "office")
    calibrations.activate("v1.0.0+office", serving="v1.0.0")
    calibrations.activate("v1.0.0", serving="v1.0.0")
    assert calibrations.in_force("v1.0.0") is None


def test_a_calibration_of_another_registered_version_brings_that_version_along(app: Flask, tmp_path: Path) -> None:
    for tag in ("v1.0.0", "v1.1.0"):
        versions.register(a_manifest(tag), tmp_path / f"{tag}.json")
    versions.activate("v1.1.0")
    calibrations.keep(a_proposal(), "office")
    calibrations.activate("v1.0.0+office", serving="v1.1.0")
    active = versions.active()
    assert active is not None
    assert active.model_version_tag == "v1.0.0"


@pytest.mark.parametrize("tag", ["v1.0.0+nobody", "v9+office", "office", "+", "v1.0.0+"])
def test_a_tag_that_nothing_has_is_not_found(app: Flask, tag: str) -> None:
    calibrations.keep(a_proposal(), "office")
    with pytest.raises(NotFound):
        calibrations.activate(tag, serving="v1.0.0")


def test_weights_that_no_server_can_load_are_not_activated(app: Flask) -> None:
    calibrations.keep(a_proposal(version="v0.9.0"), "office")
    with pytest.raises(NotFound):
        calibrations.activate("v0.9.0+office", serving="v1.0.0")


def test_rows_name_the_calibration_that_was_in_force(app: Flask) -> None:
    kept = calibrations.keep(a_proposal(), "office")
    recorder.write(a_row(model_version_tag=kept.tag))
    assert [one.model_version_tag for one in versions.list_versions()] == ["v1.0.0+office", "v1.0.0"]


def test_a_calibration_stays_when_whoever_made_it_goes(app: Flask) -> None:
    user: User = accounts.create_user("ana", "una frase larga", "admin")
    accounts.create_user("otra", "una frase larga", "admin")  # The last administrator could not go.
    calibrations.keep(a_proposal(), "office", user.user_id)
    erasure.delete_user(user.user_id)
    (found,) = calibrations.list_calibrations()
    assert found.created_by is None
