"""Training objectives (loss functions): what the network's answers are held against.

`Blend` holds them against one target, FER+'s votes and FER2013's label mixed. `Annotators` supposes a truth behind
both and lets each annotator see it through a matrix of its own (Zeng et al., "Facial Expression Recognition with
Inconsistently Annotated Datasets", ECCV 2018): what FER+'s voters call neutral and the searcher calls sad may then be
one and the same face.
"""

from __future__ import annotations

from typing import Protocol

import keras
import numpy as np
import tensorflow as tf

from visionai.vision.emotions import EMOTIONS

from ..data.dataset import Dataset
from ..data.labels import Floats, targets
from .settings import Settings

VOTER_WEIGHT = 0.6
"""How much of the loss is what a voter says; the rest is what the searcher said."""

_AGREEING = 0.9
"""The chance on the matrices' diagonal that training begins with."""


class Objective(Protocol):
    """A loss of logits (n, 7) against targets (n, `width`) and what of it is learned along."""

    variables: list[keras.Variable]

    def targets(self, dataset: Dataset, settings: Settings) -> Floats:
        """Return the targets of images, float32 (n, width): rows that may be blended."""

    def loss(self, logits: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        """Return the mean loss of a batch, in nats."""


class Blend:
    """Cross entropy against votes and label mixed (see `labels.targets`)."""

    def __init__(self) -> None:
        self.variables: list[keras.Variable] = []

    def targets(self, dataset: Dataset, settings: Settings) -> Floats:
        """Return the mixed targets, float32 (n, 7)."""
        return targets(dataset, settings.vote_share, settings.smoothing)

    def loss(self, logits: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        """Return the mean cross entropy."""
        return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=wanted, logits=logits))


class Annotators:
    """Cross entropy of each annotator's answer: softmax(logits) times a matrix (7, 7) of that annotator, learned along.

    Row i of a matrix holds the chances of what the annotator says of a face that is truly i. What is served is the
    truth, softmax(logits); the matrices are left behind in the checkpoint.
    """

    def __init__(self) -> None:
        classes = len(EMOTIONS)
        chances = np.full((classes, classes), (1 - _AGREEING) / (classes - 1))
        np.fill_diagonal(chances, _AGREEING)
        logs = np.log(chances).astype(np.float32)
        # Keras leaves what is called a bias out of weight decay: decay would pull the rows towards even chances.
        self.variables = [keras.Variable(logs, name=f"{name}_bias") for name in ("voter", "searcher")]

    def targets(self, dataset: Dataset, settings: Settings) -> Floats:
        """Return the votes' shares and the label side by side, float32 (n, 14)."""
        sides = [targets(dataset, vote_share, settings.smoothing) for vote_share in (1.0, 0.0)]
        return np.concatenate(sides, axis=1)

    def loss(self, logits: tf.Tensor, wanted: tf.Tensor) -> tf.Tensor:
        """Return the mean cross entropy of both annotators, weighted."""
        truth = tf.nn.softmax(logits)
        losses = [
            -tf.reduce_mean(tf.reduce_sum(side * tf.math.log(tf.matmul(truth, tf.nn.softmax(rows.value)) + 1e-7), 1))
            for side, rows in zip(tf.split(wanted, 2, axis=1), self.variables, strict=True)
        ]
        return VOTER_WEIGHT * losses[0] + (1 - VOTER_WEIGHT) * losses[1]


OBJECTIVES: dict[str, type[Blend] | type[Annotators]] = {"blend": Blend, "annotators": Annotators}
"""The objectives by the name that settings give them."""
