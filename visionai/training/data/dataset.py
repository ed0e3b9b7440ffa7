"""Labelled faces as arrays of 48x48 grey pixels, with their labels, votes and splits."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

FACE_SIDE = 48
"""Pixels a side of a FER2013 face; larger images are brought down to it."""

VOTE_NAMES = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt", "unknown", "NF")
"""FER+'s columns (Barsoum et al. 2016, https://arxiv.org/abs/1608.01041); NF says "not a face"."""


class Split(IntEnum):
    """The challenge's own parts: learn from the first, choose by the second, report the third."""

    TRAINING = 0
    PUBLIC_TEST = 1
    PRIVATE_TEST = 2


@dataclass(frozen=True)
class Dataset:
    """Faces with labels, row by row.

    `pixels` uint8 (n, 48, 48); `labels` int8 (n,), class indices; `splits` int8 (n,), values of `Split`;
    `votes` int16 (n, 10) by `VOTE_NAMES`, or None; `crosses` bool (n,): the same image stands in another split too.
    """

    pixels: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int8]
    splits: npt.NDArray[np.int8]
    votes: npt.NDArray[np.int16] | None
    crosses: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, rows: npt.NDArray[np.bool_] | npt.NDArray[np.intp]) -> Dataset:
        """Return the rows of a mask or of indices."""
        votes = None if self.votes is None else self.votes[rows]
        return Dataset(self.pixels[rows], self.labels[rows], self.splits[rows], votes, self.crosses[rows])

    def part(self, split: Split) -> Dataset:
        """Return the rows of one split."""
        return self.take(self.splits == split)

    def sha256(self) -> str:
        """Return the fingerprint of pixels, labels, splits and votes, whatever file they came from."""
        digest = hashlib.sha256()
        for array in (self.pixels, self.labels, self.splits, self.votes):
            if array is not None:
                digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()


def assemble(
    pixels: npt.NDArray[np.uint8],
    labels: npt.NDArray[np.integer],
    splits: npt.NDArray[np.integer],
    votes: npt.NDArray[np.int16] | None,
    crosses: npt.NDArray[np.bool_] | None,
) -> Dataset:
    """Make a `Dataset`; where nobody marked images that stand in several splits, those equal to the pixel are."""
    small = np.asarray(splits, np.int8)
    crosses = find_crossing(pixels, small) if crosses is None else crosses.astype(bool)
    return Dataset(pixels, np.asarray(labels, np.int8), small, votes, crosses)


def find_crossing(pixels: npt.NDArray[np.uint8], splits: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Mark the images of which a copy, equal to the pixel, stands in another split; bool (n,)."""
    homes: dict[bytes, set[int]] = {}
    keys = [hashlib.sha256(face.tobytes()).digest() for face in pixels]
    for key, split in zip(keys, splits, strict=True):
        homes.setdefault(key, set()).add(int(split))
    return np.array([len(homes[key]) > 1 for key in keys], dtype=bool)
