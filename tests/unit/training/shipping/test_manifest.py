"""What is written of a set of weights is what is read again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from visionai.training.shipping.manifest import write_manifest
from visionai.vision.priors import OperatingPoint, Prior, same_point
from visionai.vision.weights import WeightsFile, WeightsManifest

LEARNED = (0.1, 0.01, 0.03, 0.26, 0.36, 0.12, 0.12)
ONE_TEMPERATURE = same_point(OperatingPoint.of_temperature(0.44))
TWO_POINTS = {
    Prior.EVEN: OperatingPoint.of_shares((1 / 7,) * 7, LEARNED, 0.83),
    Prior.TYPICAL: OperatingPoint.of_shares(LEARNED, LEARNED, 0.84),
}


@pytest.mark.parametrize(("priors", "learned"), [(ONE_TEMPERATURE, None), (TWO_POINTS, LEARNED)])
def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path, priors: dict, learned: tuple | None) -> None:
    path = tmp_path / "weights.json"
    plain = WeightsManifest("v1", None, WeightsFile(tmp_path / "weights.tflite", "ab" * 32), 3)
    manifest = replace(plain, priors=priors, learned_shares=learned)
    write_manifest(path, manifest)
    assert WeightsManifest.read(path) == manifest
