"""Training batches: which images an epoch draws, and how each is varied."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from visionai.errors import DatasetError

from ..data.dataset import Dataset
from ..data.labels import draw_epoch, draw_weights, targets, usable
from .augment import Strengths, augment, exchange_halves, mix
from .objectives import Objective
from .settings import Settings

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.intp]


class Batches:
    """The batches of a run, the same ones for the same seed, whether or not the run was interrupted before.

    Raises DatasetError where the data has no image to learn from.
    """

    def __init__(self, dataset: Dataset, settings: Settings, objective: Objective) -> None:
        training = usable(dataset)
        if not len(training):
            raise DatasetError("the data has no usable training pictures; expected some in the training split")
        self._settings = settings
        self._strengths = Strengths(settings.stretch, settings.field, settings.coarse)
        self._faces = training.pixels
        self._wanted = objective.targets(training, settings)
        self._weights = draw_weights(targets(training, settings.vote_share, settings.smoothing))

    def rows_of(self, epoch: int) -> list[Rows]:
        """Return the rows of each batch of an epoch.

        A last batch that is not full would shift the statistics of normalisation and is left for another epoch.
        """
        order = draw_epoch(self._weights, self._rng(epoch))
        size = min(self._settings.batch_size, len(order))
        return [order[start : start + size] for start in range(0, len(order) - size + 1, size)]

    def make(self, rows: Rows, epoch: int, step: int) -> tuple[Floats, Floats]:
        """Return varied faces (n, 48, 48) in [0, 1] and their targets as the objective has them."""
        settings, rng = self._settings, self._rng(epoch, step)
        faces = augment(self._faces[rows].astype(np.float32) / np.float32(255), rng, self._strengths)
        faces, wanted = exchange_halves(faces, self._wanted[rows], settings.halves, rng)
        return mix(faces, wanted, settings.mixup, rng)

    def faces(self, count: int) -> Iterator[Floats]:
        """Yield the faces of the first `count` batches of the first epoch, or as many as there are."""
        for step, rows in enumerate(self.rows_of(0)[:count]):
            yield self.make(rows, 0, step)[0]

    def _rng(self, *place: int) -> np.random.Generator:
        return np.random.default_rng([self._settings.seed, *place])
