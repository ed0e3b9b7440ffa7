"""The model card, the reports it is filled from, and the weights that are committed: all must be of one piece."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from visionai import ROOT
from visionai.errors import SetupError
from visionai.training.measuring.evaluate import flat_metrics
from visionai.training.shipping.card import fill
from visionai.vision.priors import Prior
from visionai.vision.weights import WeightsManifest

CARD, REPORTS = ROOT / "docs/MODEL_CARD.md", ROOT / "docs/model"


@pytest.fixture(scope="module")
def manifest() -> WeightsManifest:
    return WeightsManifest.read(ROOT / "ml_models/modelo_emociones.json")


def report(name: str) -> dict[str, Any]:
    return json.loads((REPORTS / name).read_text())


def test_the_cards_tables_are_those_of_the_reports() -> None:
    text = CARD.read_text()
    assert fill(text, REPORTS) == text


def test_no_measured_figure_stands_outside_the_tables() -> None:
    prose = re.sub(r"<!-- begin (\w+) -->.*?<!-- end \1 -->", "", CARD.read_text(), flags=re.DOTALL)
    prose = re.sub(r"```.*?```|\(http[^)]*\)", "", prose, flags=re.DOTALL)
    assert re.findall(r"\b0\.\d{2,}|\d+(?:\.\d+)? ?%", prose) == []


def test_the_committed_files_are_those_the_manifest_names(manifest: WeightsManifest) -> None:
    assert manifest.keras is not None
    assert manifest.tflite is not None
    assert manifest.keras.verified().exists()
    assert manifest.tflite.verified().exists()


@pytest.mark.parametrize("name", ["private.json", "public.json"])
def test_an_evaluation_is_of_the_committed_weights(name: str, manifest: WeightsManifest) -> None:
    weights = report(name)["weights"]
    assert manifest.tflite is not None
    assert weights["files"]["tflite"]["sha256"] == manifest.tflite.sha256
    assert {prior: weights["priors"][prior]["temperature"] for prior in Prior} == {
        prior: manifest.priors[prior].temperature for prior in Prior
    }
    assert weights["uncertain_threshold"] == manifest.uncertain_threshold


@pytest.mark.parametrize("name", ["peers_private.json", "peers_public.json"])
def test_a_comparison_is_of_the_committed_weights(name: str, manifest: WeightsManifest) -> None:
    """On PrivateTest a version of ours is measured once; until then peers stand there alone."""
    assert manifest.tflite is not None
    ours = {entry["sha256"] for entry in report(name)["systems"].values() if "sha256" in entry}
    assert ours <= {manifest.tflite.sha256}
    assert ours or name == "peers_private.json"


@pytest.mark.parametrize("name", ["peers_private.json", "peers_public.json"])
def test_a_comparison_has_all_peers_on_all_pictures(name: str) -> None:
    assert {"fer", "face-api", "human"} <= report(name)["systems"].keys()
    assert report(name)["data"]["pictures"] == 3589


def test_the_manifest_carries_the_figures_of_the_private_test(manifest: WeightsManifest) -> None:
    assert dict(manifest.metrics) == flat_metrics(report("private.json"))


def test_the_manifest_carries_the_crop_that_was_measured(manifest: WeightsManifest) -> None:
    chosen = report("crop.json")["chosen"]
    assert {name: getattr(manifest.crop, name) for name in chosen} == chosen


def test_no_expression_is_never_recognised() -> None:
    classes = report("private.json")["f32"]["even"]["majority"]["classes"]
    assert min(entry["recall"] for entry in classes.values()) > 0.55


@pytest.mark.parametrize(
    "picture", ["private_confusion.png", "private_calibration.png", "private_majority.png", "history.png"]
)
def test_the_cards_pictures_are_there(picture: str) -> None:
    assert f"(model/{picture})" in CARD.read_text()
    assert (REPORTS / picture).read_bytes().startswith(b"\x89PNG")


def test_a_card_with_an_unknown_block_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="weather"):
        fill("<!-- begin weather -->\n<!-- end weather -->", tmp_path)


def test_a_missing_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"private\.json"):
        fill("<!-- begin files -->\n<!-- end files -->", tmp_path)
