"""Train the network: epochs of augmented batches, averaged weights, validation, and a checkpoint after each."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from visionai.errors import DatasetError

from ..data.dataset import Dataset
from ..measuring.validation import EpochFigures, Validation
from ..network.network import Architecture, FusedBatchNormalization, build_classifier, build_network, copy_weights
from ..network.weights import load_unshifted, save_classifier
from .batches import Batches
from .checkpoint import load_checkpoint, save_checkpoint
from .objectives import OBJECTIVES
from .schedule import Schedule
from .settings import WEIGHTS, Settings

OnStep = Callable[[int, int, int, float], None]
"""Called with the epoch, the step, the steps of this epoch and the loss."""
OnEpoch = Callable[[EpochFigures], None]
"""Called with the figures of an epoch that was validated."""


class Trainer:
    """A run: its data, network, optimiser and place on disk.

    In `output` it keeps `settings.json`, `checkpoint.npz` (the whole state), `history.json` (figures by epoch) and
    `weights.h5` (the best so far). Raises DatasetError where there is nothing to learn from or to choose by.
    """

    def __init__(
        self, dataset: Dataset, settings: Settings, output: Path, architecture: Architecture | None = None
    ) -> None:
        self.settings = settings
        self.output = output
        self.history: list[EpochFigures] = []
        self.epochs_done = 0
        self._architecture = architecture or Architecture(dropout=settings.dropout)
        self._objective = OBJECTIVES[settings.objective]()
        self._batches = Batches(dataset, settings, self._objective)
        self._data_sha256 = dataset.sha256()
        self._validation = Validation(dataset)
        self._build()
        output.mkdir(parents=True, exist_ok=True)

    def run(self, on_step: OnStep | None = None, on_epoch: OnEpoch | None = None) -> None:
        """Train until the settings' number of epochs is reached, from wherever the run stands."""
        self.settings.write(self.output / "settings.json", self._data_sha256)
        for epoch in range(self.epochs_done, self.settings.epochs):
            begun = time.monotonic()
            loss = float(np.mean(list(self._epoch(epoch, on_step))))
            self.epochs_done = epoch + 1
            if self._is_validated(epoch):
                self._validate(epoch, loss, round(time.monotonic() - begun, 1))
                if on_epoch:
                    on_epoch(self.history[-1])
            self._save()

    def resume(self) -> None:
        """Take up the run that `output` holds; raises WeightsError where there is none or it is of another kind."""
        progress = load_checkpoint(self.output / "checkpoint.npz", self._variables())
        if progress["data_sha256"] != self._data_sha256:
            raise DatasetError(f"{self.output}: was trained on other data; resume it with the data it began with")
        self.history = [EpochFigures(**figures) for figures in progress["history"]]
        self.epochs_done = progress["epochs_done"]

    def start_from(self, weights: Path) -> None:
        """Begin with the weights of a saved classifier, not random ones; raises WeightsError if they do not fit."""
        copy_weights(load_unshifted(weights), self._network)
        copy_weights(self._network, self._averaged)

    def _build(self) -> None:
        settings = self.settings
        keras.utils.set_random_seed(settings.seed)
        self._network = build_network(
            self._architecture,
            precision=settings.precision,
            normalization=FusedBatchNormalization,
            seed=settings.seed,
        )
        self._averaged = build_network(self._architecture)
        copy_weights(self._network, self._averaged)
        self._classifier = build_classifier(self._averaged, self._architecture)
        self._optimizer = keras.optimizers.SGD(
            settings.peak_rate, momentum=0.9, nesterov=True, weight_decay=settings.weight_decay
        )
        self._optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
        self._optimizer.build(self._trained())
        self._step = tf.function(self._learn)

    def _learn(self, faces: tf.Tensor, wanted: tf.Tensor, keep: tf.Tensor) -> tf.Tensor:
        """Take one step on a batch, move the averaged weights by 1 - `keep` towards the new ones, return the loss."""
        with tf.GradientTape() as tape:
            logits = self._network(faces, training=True)
            loss = self._objective.loss(logits, wanted)
        variables = [variable.value for variable in self._trained()]
        self._optimizer.apply(tape.gradient(loss, variables), self._trained())
        for average, current in zip(self._averaged.weights, self._network.weights, strict=True):
            average.assign_add((1 - keep) * (current - average))
        return loss

    def _trained(self) -> list[keras.Variable]:
        return [*self._network.trainable_variables, *self._objective.variables]

    def _epoch(self, epoch: int, on_step: OnStep | None) -> Iterator[float]:
        """Go once through the images and yield the loss of each step."""
        settings = self.settings
        schedule = Schedule(settings.peak_rate, settings.epochs, settings.warm_up, settings.cool_down)
        batches = self._batches.rows_of(epoch)
        for step, rows in enumerate(batches):
            self._optimizer.learning_rate.assign(schedule.rate(epoch + step / len(batches)))
            taken = int(self._optimizer.iterations)
            keep = min(1 - 1 / settings.average_over, (1 + taken) / (10 + taken))
            faces, wanted = self._batches.make(rows, epoch, step)
            loss = float(self._step(faces[..., None], wanted, tf.constant(keep, tf.float32)))
            if on_step:
                on_step(epoch, step + 1, len(batches), loss)
            yield loss

    def _is_validated(self, epoch: int) -> bool:
        return (epoch + 1) % self.settings.validate_every == 0 or epoch + 1 == self.settings.epochs

    def _validate(self, epoch: int, loss: float, seconds: float) -> None:
        """Add the epoch to the history and write its weights if they are the best so far."""
        copy_weights(self._averaged, self._classifier)
        score = self._validation.score(self._classifier)
        rate = float(self._optimizer.learning_rate)
        shares = (round(value, 4) for value in (score.accuracy, score.macro_recall, score.strength, score.proxy))
        figures = EpochFigures(epoch, loss, rate, seconds, *shares)
        if all(figures.proxy > earlier.proxy for earlier in self.history):
            save_classifier(self._classifier, self.output / WEIGHTS)
        self.history.append(figures)

    def _save(self) -> None:
        """Write the history and the checkpoint that counts this epoch."""
        history = [asdict(entry) for entry in self.history]
        (self.output / "history.json").write_text(json.dumps(history, indent=2) + "\n")
        progress = {"data_sha256": self._data_sha256, "epochs_done": self.epochs_done, "history": history}
        save_checkpoint(self.output / "checkpoint.npz", self._variables(), progress)

    def _variables(self) -> dict[str, Any]:
        """Return all that changes while training, by group; the network's include the state of its dropout."""
        return {
            "network": self._network.variables,
            "averaged": self._averaged.weights,
            "optimizer": self._optimizer.variables,
            "objective": self._objective.variables,
        }
