from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from visionai.errors import WeightsError
from visionai.training.data.dataset import Dataset
from visionai.training.learning import soup
from visionai.training.learning.settings import Settings
from visionai.training.learning.soup import Kitchen, cook, read_ingredient, take_statistics
from visionai.training.learning.train import Trainer
from visionai.training.measuring.validation import Score
from visionai.training.network.network import Architecture, Stage
from visionai.training.network.weights import load_classifier

from ..conftest import TINY, make_dataset


@pytest.fixture(scope="module")
def runs(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two runs of an epoch that began with the same weights."""
    folders = [tmp_path_factory.mktemp(f"run{seed}") for seed in (2, 3)]
    for seed, folder in zip((2, 3), folders, strict=True):
        trainer = Trainer(
            make_dataset(), Settings(epochs=1, batch_size=7, precision="float32", seed=seed), folder, TINY
        )
        trainer.start_from(weights)
        trainer.run()
    return folders


def proxies(monkeypatch: pytest.MonkeyPatch, *scores: tuple[float, float]) -> None:
    """Let what is tried out score these accuracies and proxies, in turn."""
    given = iter(scores)

    def score(*_: object) -> Score:
        accuracy, proxy = next(given)
        return Score(accuracy, accuracy, 0.0, proxy, {})

    monkeypatch.setattr(soup.Validation, "score", score)


def test_the_mean_of_weights_lies_between_them(weights: Path, runs: list[Path], dataset: Dataset) -> None:
    kitchen = Kitchen(weights, dataset)
    kitchen.try_out([read_ingredient(run) for run in runs])
    kernels = [load_classifier(run / "weights.h5").get_layer("logits").get_weights()[0] for run in runs]
    assert kitchen.classifier.get_layer("logits").get_weights()[0] == pytest.approx(np.mean(kernels, axis=0), abs=1e-6)


def test_a_mixture_takes_its_statistics_from_the_training_pictures(
    weights: Path, runs: list[Path], dataset: Dataset
) -> None:
    kitchen = Kitchen(weights, dataset)
    ingredients = [read_ingredient(run) for run in runs]
    kitchen.try_out(ingredients)
    means = [ingredient.arrays["stem_norm"][2] for ingredient in ingredients]
    assert not np.allclose(
        kitchen.classifier.get_layer("stem_norm").get_weights()[2], np.mean(means, axis=0), atol=1e-7
    )


def test_statistics_are_the_mean_over_the_batches(weights: Path) -> None:
    classifier = load_classifier(weights)
    body = soup._body_of(classifier)
    batches = [np.random.default_rng(seed).random((8, 48, 48), dtype=np.float32) for seed in (0, 1)]
    each = []
    for batch in batches:
        take_statistics(body, [batch])
        each.append(classifier.get_layer("stem_norm").get_weights()[2])
    take_statistics(body, batches)
    assert classifier.get_layer("stem_norm").get_weights()[2] == pytest.approx(np.mean(each, axis=0), abs=1e-6)


def test_what_does_not_help_is_left_out(
    weights: Path, runs: list[Path], dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies(monkeypatch, (0.8, 0.5), (0.8, 0.45), (0.8, 0.6), (0.8, 0.55), (0.8, 0.6))
    report = cook(weights, runs, dataset, tmp_path)
    assert [entry["kept"] for entry in report["tried"]] == [False, True, False]
    assert report["kept"] == [weights.parent.name, report["tried"][1]["with"]]
    assert json.loads((tmp_path / "soup.json").read_text()) == report
    assert load_classifier(tmp_path / "weights.h5").output_shape == (None, 7)


def test_what_costs_accuracy_at_home_is_left_out(
    weights: Path, runs: list[Path], dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies(monkeypatch, (0.8, 0.5), (0.794, 0.9), (0.796, 0.8), (0.794, 0.9), (0.796, 0.8))
    report = cook(weights, runs, dataset, tmp_path)
    assert [entry["kept"] for entry in report["tried"]] == [False, True, False]


def test_what_costs_too_much_at_first_is_kept_once_the_mean_bears_it(
    weights: Path, runs: list[Path], dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxies(monkeypatch, (0.8, 0.5), (0.794, 0.9), (0.796, 0.8), (0.796, 0.9), (0.796, 0.9))
    report = cook(weights, runs, dataset, tmp_path)
    assert [entry["kept"] for entry in report["tried"]] == [False, True, True]


def test_runs_come_in_the_order_of_the_proxies_they_had(weights: Path, runs: list[Path], dataset: Dataset) -> None:
    for run, proxy in zip(runs, (0.3, 0.4), strict=True):
        history = [{"epoch": 0, "proxy": proxy}, {"epoch": 1, "proxy": 0.1}]
        (run / "history.json").write_text(json.dumps(history))
    report = cook(weights, runs, dataset, runs[0].parent / "soup")
    assert [entry["with"] for entry in report["tried"]][:2] == [runs[1].name, runs[0].name]


def test_the_weights_of_a_run_bear_the_name_of_its_folder(
    runs: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(runs[0])
    assert read_ingredient(Path("weights.h5")).name == runs[0].name
    assert read_ingredient(runs[0] / "weights.h5").name == read_ingredient(runs[0]).name == runs[0].name
    elsewhere = shutil.copy(runs[0] / "weights.h5", tmp_path / "base.h5")
    assert read_ingredient(elsewhere).name == "base"


def test_the_settings_of_what_was_kept_come_along(
    weights: Path, runs: list[Path], dataset: Dataset, tmp_path: Path
) -> None:
    report = cook(weights, runs, dataset, tmp_path)
    settings = json.loads((tmp_path / "settings.json").read_text())["soup"]
    assert list(settings) == report["kept"]


def test_runs_of_another_architecture_are_refused_in_one_line(weights: Path, dataset: Dataset, tmp_path: Path) -> None:
    other = Architecture(stem_channels=8, stages=(Stage(8, 1), Stage(8, 1)))
    quick = Settings(epochs=1, batch_size=7, precision="float32", seed=1)
    Trainer(make_dataset(), quick, tmp_path / "other", other).run()
    with pytest.raises(WeightsError, match="another architecture") as refused:
        cook(weights, [tmp_path / "other"], dataset, tmp_path / "soup")
    assert "\n" not in str(refused.value)


def test_a_folder_without_weights_is_refused(weights: Path, dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no such file"):
        cook(weights, [tmp_path], dataset, tmp_path / "soup")
