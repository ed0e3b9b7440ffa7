from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from visionai.errors import DatasetError
from visionai.training.data.dataset import Dataset, Split
from visionai.training.measuring.corruptions import DISTURBANCES, as_input, disturbed
from visionai.training.measuring.evaluate import evaluate, figures, flat_metrics, rater_figures
from visionai.training.shipping.export import export
from visionai.training.shipping.plots import draw_report
from visionai.vision.priors import Prior
from visionai.vision.weights import WeightsManifest

from ..conftest import make_dataset


@pytest.fixture(scope="module")
def report(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> dict:
    manifest = export(weights, tmp_path_factory.mktemp("exported"), "stripes", "v0.1.0", make_dataset()).manifest
    return evaluate(manifest, make_dataset(), Split.PRIVATE_TEST, with_disturbances=True)


def test_a_report_says_what_was_measured(report: dict) -> None:
    assert report["weights"]["model_version_tag"] == "v0.1.0"
    assert report["weights"]["files"]["tflite"]["bytes"] > 1000
    assert report["data"] == {"split": "PRIVATE_TEST", "pictures": 28, "sha256": make_dataset().sha256()}


@pytest.mark.parametrize("precision", ["f32", "default"])
@pytest.mark.parametrize("prior", list(Prior))
@pytest.mark.parametrize("truth", ["majority", "label"])
def test_each_precision_and_point_is_held_against_both_truths(
    report: dict, precision: str, prior: Prior, truth: str
) -> None:
    entry = report[precision][prior][truth]
    assert entry["pictures"] == np.sum(entry["confusion"]) == 28
    assert entry["accuracy"] == pytest.approx(np.trace(entry["confusion"]) / 28, abs=1e-4)


@pytest.mark.parametrize("prior", list(Prior))
def test_every_disturbance_is_measured_at_each_point(report: dict, prior: Prior) -> None:
    assert report["disturbed"][prior].keys() == DISTURBANCES.keys()


@pytest.mark.parametrize("prior", list(Prior))
def test_confidence_is_held_against_one_rater(report: dict, prior: Prior) -> None:
    entry = report["f32"][prior]["rater"]
    assert entry["pictures"] == sum(part["count"] for part in entry["bins"]) == 28
    assert 0 <= entry["agreement"] <= 1


def test_faces_that_raters_dispute_count_and_what_is_no_face_does_not() -> None:
    pictures = make_dataset(1).part(Split.PRIVATE_TEST)
    assert pictures.votes is not None
    pictures.votes[0] = [5, 5, 0, 0, 0, 0, 0, 0, 0, 0]
    pictures.votes[1] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 10]
    scores = np.eye(7)[[4, 1, 2, 3, 4, 5, 6]]
    entry = rater_figures(pictures, scores, 0.5)
    assert entry["pictures"] == 6
    assert entry["agreement"] == pytest.approx(5.5 / 6, abs=1e-4)


def test_the_manifests_metrics_are_flat(report: dict) -> None:
    metrics = flat_metrics(report)
    assert metrics["even_accuracy"] == report["f32"]["even"]["majority"]["accuracy"]
    assert metrics["typical_calibration_error"] == report["f32"]["typical"]["rater"]["calibration_error"]
    assert all(value is None or isinstance(value, int | float) for value in metrics.values())


def test_a_report_is_drawn(report: dict, tmp_path: Path) -> None:
    draw_report(report, tmp_path, "private")
    for name in ("private_confusion.png", "private_calibration.png", "private_majority.png"):
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_lone_weights_are_converted_and_counted(weights: Path) -> None:
    report = evaluate(WeightsManifest.read(weights), make_dataset(1), Split.PUBLIC_TEST)
    assert report["weights"]["total_params"] > 1000


def test_pictures_without_a_majority_are_left_out() -> None:
    scores = np.eye(7)[[0, 1, 2]]
    assert figures(np.array([0, -1, 5], np.int8), scores, 0.5)["pictures"] == 2


def test_uncertain_answers_are_counted_apart() -> None:
    scores = np.array([[0.9, 0.1, 0, 0, 0, 0, 0], [0.4, 0.3, 0.3, 0, 0, 0, 0]])
    entry = figures(np.array([0, 1], np.int8), scores, threshold=0.5)
    assert entry["accuracy"] == 0.5
    assert entry["uncertain_share"] == 0.5
    assert entry["accuracy_where_certain"] == 1.0


def test_a_split_without_pictures_is_refused(weights: Path, dataset: Dataset) -> None:
    with pytest.raises(DatasetError, match="PRIVATE_TEST"):
        evaluate(WeightsManifest.read(weights), dataset.part(Split.TRAINING), Split.PRIVATE_TEST)


@pytest.mark.parametrize("name", DISTURBANCES)
def test_a_disturbance_keeps_the_form_and_changes_the_picture(name: str, dataset: Dataset) -> None:
    changed, plain = disturbed(dataset.pixels[:3], name), as_input(dataset.pixels[:3])
    assert changed.shape == plain.shape == (3, 96, 96, 3)
    assert changed.dtype == np.uint8
    assert not np.array_equal(changed, plain)
