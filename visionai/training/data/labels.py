"""Training targets: vote shares mixed with labels, which images to leave out, how often to draw each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from visionai.vision.emotions import EMOTIONS

from .dataset import VOTE_NAMES, Dataset, Split

Floats = npt.NDArray[np.float32]

_EMOTION_COLUMNS = [VOTE_NAMES.index(emotion.value) for emotion in EMOTIONS]
_NOT_AN_EMOTION = [VOTE_NAMES.index("unknown"), VOTE_NAMES.index("NF")]


def majority(votes: npt.NDArray[np.int16]) -> npt.NDArray[np.int8]:
    """Return FER+'s majority as a class index, -1 where there is none of the seven; int8 (n,).

    The rule is its authors': single votes are dropped, and more than half of what remains must agree.
    """
    kept = np.where(votes > 1, votes, 0)
    best = kept.argmax(axis=1)
    clear = kept.max(axis=1) * 2 > kept.sum(axis=1)
    class_of_column = np.full(len(VOTE_NAMES), -1, np.int8)
    class_of_column[_EMOTION_COLUMNS] = np.arange(len(EMOTIONS))
    return np.where(clear, class_of_column[best], -1).astype(np.int8)


def truth(dataset: Dataset) -> npt.NDArray[np.int8]:
    """Return what a prediction is held against: the FER+ majority (-1: none), or the label where nobody voted."""
    return dataset.labels if dataset.votes is None else majority(dataset.votes)


def targets(dataset: Dataset, vote_share: float, smoothing: float) -> Floats:
    """Return what the network should answer, float32 (n, 7), rows summing to 1.

    `vote_share` of it are the FER+ votes for the seven expressions, the rest the set's own label; an image without
    such votes has its label alone. `smoothing` of the whole is spread evenly.
    """
    mixed = np.eye(len(EMOTIONS), dtype=np.float32)[dataset.labels]
    if dataset.votes is not None:
        votes = dataset.votes[:, _EMOTION_COLUMNS].astype(np.float32)
        total = votes.sum(axis=1, keepdims=True)
        shares = np.divide(votes, total, out=mixed.copy(), where=total > 0)
        mixed = vote_share * shares + (1 - vote_share) * mixed
    return ((1 - smoothing) * mixed + smoothing / len(EMOTIONS)).astype(np.float32)


def usable(dataset: Dataset) -> Dataset:
    """Return the training images to learn from: no copies of test images, nothing that half could not name."""
    keep = (dataset.splits == Split.TRAINING) & ~dataset.crosses
    if dataset.votes is not None:
        unnamed = dataset.votes[:, _NOT_AN_EMOTION].sum(axis=1)
        keep &= unnamed * 2 < dataset.votes.sum(axis=1)
    return dataset.take(keep)


def draw_weights(wanted: Floats) -> npt.NDArray[np.float64]:
    """Return how often to draw each image of an epoch, mean 1: one over the square root of its classes' shares.

    An image whose target is spread over classes gets the mean of theirs. Without this the network hardly ever says
    `disgust` or `fear`; drawing all classes alike would show the few images of `disgust` forty times over.
    """
    shares = wanted.mean(axis=0)
    weights = wanted @ (1 / np.sqrt(np.maximum(shares, 1e-4)))
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def draw_epoch(weights: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.intp]:
    """Return row numbers in random order, each as often as its weight says: the whole part surely, the rest by lot."""
    times = np.floor(weights + rng.random(len(weights))).astype(int)
    return rng.permutation(np.repeat(np.arange(len(weights)), times))
