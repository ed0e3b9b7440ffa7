from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from tests.support.rows import a_row
from visionai.errors import NotFound
from visionai.services.recording.recorder import recorder
from visionai.services.weights import versions
from visionai.vision.priors import OperatingPoint, same_point
from visionai.vision.weights import WeightsFile, WeightsManifest

pytestmark = pytest.mark.databases


def a_manifest(tag: str = "v1.0.0", temperature: float = 1.2) -> WeightsManifest:
    tflite = WeightsFile(Path("weights.tflite"), "ab" * 32)
    priors = same_point(OperatingPoint.of_temperature(temperature))
    return WeightsManifest(tag, None, tflite, 2_000_000, priors, metrics={"accuracy": 0.7})


def test_a_version_is_registered_with_what_its_manifest_says(app: Flask, tmp_path: Path) -> None:
    version = versions.register(a_manifest(), tmp_path / "weights.json")
    assert (version.model_version_tag, version.model_status, version.temperature) == ("v1.0.0", "registered", 1.2)
    assert (version.sha256, version.total_params, version.metrics) == ("ab" * 32, 2_000_000, {"accuracy": 0.7})
    assert versions.manifest_path(version) == tmp_path / "weights.json"


def test_weights_of_the_project_are_found_wherever_it_is_moved(app: Flask) -> None:
    version = versions.register(a_manifest(), ROOT / "ml_models" / "weights.json")
    assert version.model_filename == "ml_models/weights.json"
    assert versions.manifest_path(version) == ROOT / "ml_models" / "weights.json"


def test_registering_again_changes_what_is_known(app: Flask, tmp_path: Path) -> None:
    versions.register(a_manifest(temperature=1.2), tmp_path / "weights.json")
    versions.activate("v1.0.0")
    versions.register(a_manifest(temperature=1.5), tmp_path / "weights.json")
    assert [(one.temperature, one.model_status) for one in versions.list_versions()] == [(1.5, "active")]


def test_one_version_is_active_at_a_time(app: Flask, tmp_path: Path) -> None:
    assert versions.active() is None
    for tag in ("v1.0.0", "v1.1.0"):
        versions.register(a_manifest(tag), tmp_path / f"{tag}.json")
        versions.activate(tag)
    active = versions.active()
    assert active is not None
    assert active.model_version_tag == "v1.1.0"
    assert versions.activate("v1.1.0").model_status == "active"


def test_only_what_was_registered_can_be_activated(app: Flask) -> None:
    with pytest.raises(NotFound):
        versions.activate("v9")
    recorder.write(a_row(model_version_tag="v9"))
    with pytest.raises(NotFound):
        versions.activate("v9")


def test_a_version_seen_in_predictions_can_be_registered_later(app: Flask, tmp_path: Path) -> None:
    recorder.write(a_row(model_version_tag="v9"))
    assert [one.model_status for one in versions.list_versions()] == ["seen"]
    assert versions.register(a_manifest("v9"), tmp_path / "v9.json").model_status == "registered"
