"""Checkpoints: the whole state of a run on disk, so that a kill costs at most the epoch it fell into."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from visionai.errors import WeightsError

Variables = Mapping[str, Sequence[Any]]


def save_checkpoint(path: Path, variables: Variables, progress: dict[str, Any]) -> None:
    """Write groups of Keras variables and a JSON-able `progress`; the file is replaced whole or not at all."""
    arrays = {f"{group}/{index}": value.numpy() for group, index, value in _numbered(variables)}
    beside = path.with_name(f"{path.stem}.part.npz")
    np.savez(beside, **arrays, progress=np.array(json.dumps(progress)))
    with beside.open("rb") as file:
        os.fsync(file.fileno())
    beside.replace(path)


def load_checkpoint(path: Path, variables: Variables) -> dict[str, Any]:
    """Give the variables the values they were saved with and return the `progress`.

    Raises WeightsError where the file is missing, damaged, or of another network; nothing is changed then.
    """
    expected = "expected the checkpoint.npz of a run with this network"
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            progress: dict[str, Any] = json.loads(str(file["progress"]))
            pairs = [(value, file[f"{group}/{index}"]) for group, index, value in _numbered(variables)]
    except Exception as err:
        raise WeightsError(f"{path}: cannot be read; {expected}") from err
    if any(tuple(value.shape) != array.shape for value, array in pairs):
        raise WeightsError(f"{path}: holds arrays of other shapes; {expected}")
    for value, array in pairs:
        value.assign(array)
    return progress


def _numbered(variables: Variables) -> list[tuple[str, int, Any]]:
    return [(group, index, value) for group, values in variables.items() for index, value in enumerate(values)]
