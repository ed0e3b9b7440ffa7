from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

from visionai.training.data.dataset import Dataset, Split
from visionai.training.learning.objectives import VOTER_WEIGHT, Annotators, Blend
from visionai.training.learning.settings import Settings
from visionai.training.learning.train import Trainer

from ..conftest import TINY, make_dataset


def test_annotators_have_votes_and_label_side_by_side(dataset: Dataset, settings: Settings) -> None:
    training = dataset.part(Split.TRAINING)
    training.votes[0] = [10, 0, 0, 0, 0, 0, 0, 0, 0, 0]  # neutral, whatever the label says
    wanted = Annotators().targets(training, replace(settings, smoothing=0.0))
    assert wanted[0].tolist() == [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_the_loss_of_annotators_is_what_each_would_say() -> None:
    logits = np.zeros((1, 7), np.float32)
    logits[0, 2] = 50
    wanted = np.concatenate([np.eye(7)[[2]], np.eye(7)[[5]]], axis=1).astype(np.float32)
    expected = -VOTER_WEIGHT * np.log(0.9) - (1 - VOTER_WEIGHT) * np.log(0.1 / 6)
    assert float(Annotators().loss(tf.constant(logits), tf.constant(wanted))) == pytest.approx(expected, rel=1e-4)


def test_a_blend_is_plain_cross_entropy() -> None:
    wanted = np.eye(7, dtype=np.float32)[[3]]
    assert float(Blend().loss(tf.zeros((1, 7)), tf.constant(wanted))) == pytest.approx(np.log(7))


def test_the_matrices_are_learned_and_resumed(settings: Settings, tmp_path: Path) -> None:
    both = replace(settings, objective="annotators", epochs=1)
    trainer = Trainer(make_dataset(), both, tmp_path, TINY)
    before = trainer._objective.variables[0].numpy().copy()
    trainer.run()
    after = trainer._objective.variables[0].numpy()
    again = Trainer(make_dataset(), both, tmp_path, TINY)
    again.resume()
    assert not np.allclose(before, after)
    assert np.array_equal(again._objective.variables[0].numpy(), after)
