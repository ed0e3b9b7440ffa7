from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

from visionai.errors import DatasetError, WeightsError
from visionai.training.data.dataset import Dataset, Split
from visionai.training.learning.settings import Settings
from visionai.training.learning.train import Trainer

from ..conftest import TINY, make_dataset


class Killed(Exception):
    """Stands for the end of a process in the middle of an epoch."""


def kill_in_the_second_epoch(epoch: int, step: int, steps: int, loss: float) -> None:
    if (epoch, step) == (1, 2):
        raise Killed


def answers_of(folder: Path, dataset: Dataset) -> np.ndarray:
    with np.load(folder / "checkpoint.npz") as file:
        return np.concatenate([file[name].ravel() for name in sorted(file.files) if name.startswith("averaged")])


def test_a_run_that_was_killed_and_resumed_ends_like_one_that_was_not(
    dataset: Dataset, settings: Settings, tmp_path: Path
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    Trainer(dataset, settings, whole, TINY).run()
    with pytest.raises(Killed):
        Trainer(dataset, settings, broken, TINY).run(kill_in_the_second_epoch)
    again = Trainer(dataset, Settings.read(broken / "settings.json"), broken, TINY)
    again.resume()
    again.run()
    assert np.allclose(answers_of(whole, dataset), answers_of(broken, dataset), atol=1e-4)
    assert [entry["epoch"] for entry in json.loads((broken / "history.json").read_text())] == [0, 1]


def test_training_learns(settings: Settings, tmp_path: Path) -> None:
    losses: list[float] = []
    longer = replace(settings, epochs=8, mixup=0.0, dropout=0.0)
    Trainer(make_dataset(8), longer, tmp_path, TINY).run(on_epoch=lambda figures: losses.append(figures.loss))
    assert losses[-1] < losses[0]


def test_a_run_leaves_its_settings_its_history_and_weights_that_load(weights: Path) -> None:
    assert Settings.read(weights.with_name("settings.json")).seed == 1
    assert len(json.loads(weights.with_name("history.json").read_text())) == 1
    network = keras.models.load_model(weights, compile=False)
    assert network.input_shape == (None, 96, 96, 3)
    assert network.output_shape == (None, 7)


def test_what_loads_answers_like_what_was_trained(weights: Path) -> None:
    pictures = np.random.default_rng(0).random((4, 96, 96, 3), dtype=np.float32)
    answers = np.asarray(keras.models.load_model(weights, compile=False)(pictures))
    assert answers.sum(axis=1) == pytest.approx(np.ones(4), abs=1e-5)
    assert np.ptp(answers, axis=0).max() > 1e-4


def test_brightness_contrast_and_colour_of_the_light_change_nothing(weights: Path) -> None:
    network = keras.models.load_model(weights, compile=False)
    grey = np.random.default_rng(0).random((4, 6, 6, 1), dtype=np.float32).repeat(16, 1).repeat(16, 2).repeat(3, 3)
    plain = np.asarray(network(grey))
    assert np.asarray(network(0.4 * grey + 0.3)) == pytest.approx(plain, abs=5e-3)
    assert np.asarray(network(grey * np.array([1, 0.7, 0.5], np.float32))) == pytest.approx(plain, abs=5e-3)


def test_saved_weights_can_begin_another_run(
    weights: Path, dataset: Dataset, settings: Settings, tmp_path: Path
) -> None:
    trainer = Trainer(dataset, replace(settings, epochs=1, peak_rate=0.0), tmp_path, TINY)
    trainer.start_from(weights)
    trainer.run()
    first = keras.models.load_model(weights, compile=False).get_layer("logits").get_weights()[0]
    second = keras.models.load_model(tmp_path / "weights.h5", compile=False).get_layer("logits").get_weights()[0]
    assert np.allclose(first, second, atol=1e-5)


def test_a_run_is_not_resumed_on_other_data(dataset: Dataset, settings: Settings, tmp_path: Path) -> None:
    Trainer(dataset, replace(settings, epochs=1), tmp_path, TINY).run()
    with pytest.raises(DatasetError, match="other data"):
        Trainer(make_dataset(seed=9), settings, tmp_path, TINY).resume()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut short"])
def test_a_damaged_checkpoint_is_refused_by_name(
    content: bytes, dataset: Dataset, settings: Settings, tmp_path: Path
) -> None:
    trainer = Trainer(dataset, settings, tmp_path, TINY)
    (tmp_path / "checkpoint.npz").write_bytes(content)
    with pytest.raises(WeightsError, match=r"checkpoint\.npz"):
        trainer.resume()


@pytest.mark.parametrize("missing", [Split.TRAINING, Split.PUBLIC_TEST])
def test_a_split_without_pictures_is_said_at_once(
    missing: Split, dataset: Dataset, settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(DatasetError, match="expected"):
        Trainer(dataset.take(dataset.splits != missing), settings, tmp_path, TINY)


def test_only_every_so_many_epochs_are_validated_and_the_last_one(settings: Settings, tmp_path: Path) -> None:
    rarely = replace(settings, epochs=5, validate_every=2)
    trainer = Trainer(make_dataset(), rarely, tmp_path, TINY)
    trainer.run()
    assert [figures.epoch for figures in trainer.history] == [1, 3, 4]


def test_a_resumed_run_counts_epochs_that_were_not_validated(settings: Settings, tmp_path: Path) -> None:
    Trainer(make_dataset(), replace(settings, epochs=3, validate_every=2), tmp_path, TINY).run()
    again = Trainer(make_dataset(), replace(settings, epochs=4, validate_every=2), tmp_path, TINY)
    again.resume()
    again.run()
    assert [figures.epoch for figures in again.history] == [1, 2, 3]
