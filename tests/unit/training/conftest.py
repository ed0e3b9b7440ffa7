"""Tiny generated data and a tiny network: what training does can be seen on a few dozen stripes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from visionai.training.data.dataset import Dataset, Split, assemble
from visionai.training.learning.settings import Settings
from visionai.training.network.network import Architecture, Stage

TINY = Architecture(stem_channels=4, stages=(Stage(8, 1), Stage(8, 1)), dropout=0.1)


def stripes(emotion: int, rng: np.random.Generator) -> np.ndarray:
    """Make a picture whose stripes turn with the class, so that there is something to learn."""
    rows, columns = np.mgrid[0:48, 0:48]
    angle = emotion * np.pi / 7
    wave = np.sin((np.cos(angle) * rows + np.sin(angle) * columns) * 0.6 + rng.uniform(0, 6))
    return np.asarray(127 + 100 * wave + rng.normal(0, 8, (48, 48)), np.uint8)


def make_dataset(each: int = 4, seed: int = 0) -> Dataset:
    """Make `each` pictures of every class in every split, with votes that agree with the label."""
    rng = np.random.default_rng(seed)
    rows = [(emotion, split) for split in Split for emotion in range(7) for _ in range(each)]
    pixels = np.stack([stripes(emotion, rng) for emotion, _ in rows])
    labels, splits = (np.array(column) for column in zip(*rows, strict=True))
    votes = np.zeros((len(rows), 10), np.int16)
    votes[np.arange(len(rows)), np.array([4, 5, 6, 1, 0, 3, 2])[labels]] = 10
    return assemble(pixels, labels, splits, votes, None)


@pytest.fixture
def dataset() -> Dataset:
    return make_dataset()


@pytest.fixture
def settings() -> Settings:
    return Settings(epochs=2, batch_size=7, precision="float32", average_over=4, warm_up=0.5, seed=1)


@pytest.fixture
def npz(dataset: Dataset, tmp_path: Path) -> Path:
    """The data as an .npz file."""
    path = tmp_path / "faces.npz"
    np.savez(path, x=dataset.pixels, y=dataset.labels, split=dataset.splits, votes=dataset.votes)
    return path


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of one epoch on the tiny network, with its files; returns the weights."""
    from visionai.training.learning.train import Trainer

    folder = tmp_path_factory.mktemp("run")
    quick = Settings(epochs=1, batch_size=7, precision="float32", seed=1)
    Trainer(make_dataset(), quick, folder, TINY).run()
    return folder / "weights.h5"
