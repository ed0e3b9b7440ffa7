"""A process that serves takes over the calibration that the database says is active, and loads nothing for it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.unit.services.weights.test_calibrations import OFFSETS, a_proposal
from tests.unit.services.weights.test_versions import a_manifest
from visionai import ROOT
from visionai.extensions import inference
from visionai.inference.engine import Engine
from visionai.services import lifecycle
from visionai.services.weights import calibrations, versions
from visionai.vision.calibration import Calibration


@dataclasses.dataclass(frozen=True)
class Weights:
    """Weights whose analyzer is the tag of their answers."""

    path: Path
    calibration: Calibration | None = None

    @property
    def manifest(self):
        return a_manifest(self.path.stem)

    @property
    def version_tag(self) -> str:
        return self.calibration.tag if self.calibration else self.path.stem

    def calibrated(self, calibration: Calibration | None) -> Weights:
        return dataclasses.replace(self, calibration=calibration)

    def analyzer(self) -> str:
        return self.version_tag


@pytest.fixture
def loads(app: Flask) -> Iterator[list[str]]:
    """Names of the weights that were loaded, in order."""
    loads: list[str] = []

    def load(path: Path) -> Weights:
        loads.append(path.name)
        return Weights(path)

    app.extensions["inference"] = Engine(load, Path("v1.0.0.json"), threads=2, waiting=8)  # type: ignore[arg-type]
    answered()
    return loads


def answered() -> str:
    return inference.run(lambda tag: tag)


def test_an_active_calibration_is_taken_over_and_nothing_is_loaded(loads: list[str]) -> None:
    calibrations.keep(a_proposal(), "office")
    calibrations.activate("v1.0.0+office", serving="v1.0.0")
    lifecycle.follow_active_version()
    assert answered() == inference.version_tag == "v1.0.0+office"
    assert loads == ["v1.0.0.json"]


def test_a_calibration_that_is_only_kept_changes_nothing(loads: list[str]) -> None:
    calibrations.keep(a_proposal(), "office")
    lifecycle.follow_active_version()
    assert answered() == "v1.0.0"


def test_a_calibration_is_rolled_back(loads: list[str]) -> None:
    calibrations.keep(a_proposal(), "office")
    calibrations.activate("v1.0.0+office", serving="v1.0.0")
    lifecycle.follow_active_version()
    calibrations.activate("v1.0.0", serving="v1.0.0")
    lifecycle.follow_active_version()
    assert answered() == "v1.0.0"


def test_other_weights_come_with_their_own_calibration(loads: list[str], tmp_path: Path) -> None:
    shipped = json.loads((ROOT / "ml_models/modelo_emociones.json").read_text())
    (tmp_path / "v2.0.0.json").write_text(json.dumps(shipped | {"model_version_tag": "v2.0.0"}))
    versions.register(a_manifest("v2.0.0"), tmp_path / "v2.0.0.json")
    calibrations.keep(a_proposal(version="v2.0.0"), "street")
    calibrations.activate("v2.0.0+street", serving="v1.0.0")
    lifecycle.follow_active_version()
    assert answered() == "v2.0.0+street"
    assert loads == ["v1.0.0.json", "v2.0.0.json"]


def test_the_weights_themselves_are_known_whatever_calibration_is_in_force(loads: list[str]) -> None:
    inference.calibrate(Calibration("v1.0.0", "office", OFFSETS, 1.4))
    assert inference.manifest is not None
    assert inference.manifest.model_version_tag == "v1.0.0"
