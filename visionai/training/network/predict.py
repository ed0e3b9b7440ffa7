"""Batch inference of a Keras classifier over many images."""

from __future__ import annotations

import keras
import numpy as np
import numpy.typing as npt

BATCH = 128


def predict(classifier: keras.Model, pictures: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Return probabilities (n, 7) of images uint8 (n, 96, 96, 3); they become float batch by batch."""
    starts = range(0, len(pictures), BATCH)
    batches = (pictures[start : start + BATCH].astype(np.float32) / np.float32(255) for start in starts)
    return np.concatenate([keras.ops.convert_to_numpy(classifier.predict_on_batch(batch)) for batch in batches])
