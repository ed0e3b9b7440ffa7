"""Loaders of labelled faces from the forms they are handed around in."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from visionai.errors import DatasetError
from visionai.vision.emotions import EMOTIONS, Emotion

from .dataset import FACE_SIDE, VOTE_NAMES, Dataset, assemble
from .folders import load_folders

_KAGGLE_LABELS = tuple(Emotion(name) for name in ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"))
_KAGGLE_USAGE = {"Training": 0, "PublicTest": 1, "PrivateTest": 2}
_VOTE_FILE = "fer2013new.csv"


def load_dataset(path: Path) -> Dataset:
    """Read an `.npz`, Kaggle's `fer2013.csv`, or a folder that holds either of them or `train/<emotion>/` images.

    Raises DatasetError where nothing of the kind is there or a file is damaged.
    """
    if not path.exists():
        raise DatasetError(
            f"{path}: no such file or folder; expected an .npz, fer2013.csv or train/<emotion>/ pictures"
        )
    if path.is_dir():
        files = sorted(path.glob("*.npz")) + sorted(path.glob("fer2013.csv"))
        return load_dataset(files[0]) if files else load_folders(path)
    readers = {".npz": load_npz, ".csv": load_csv}
    if path.suffix not in readers:
        raise DatasetError(f"{path}: expected an .npz or .csv file or a folder, not “{path.suffix}”")
    dataset = readers[path.suffix](path)
    if not len(dataset):
        raise DatasetError(f"{path}: holds no pictures; expected at least one")
    return dataset


def load_npz(path: Path) -> Dataset:
    """Read arrays `x`, `y`, `split` and, where given, `votes` and `dup_crosses_split`."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            data = {name: arrays[name] for name in arrays.files}
    except Exception as err:
        raise DatasetError(f"{path}: cannot be read as an .npz archive; is it complete?") from err
    missing = {"x", "y", "split"} - data.keys()
    if missing:
        raise DatasetError(f"{path}: lacks {', '.join(sorted(missing))}; expected arrays x, y and split")
    pixels = data["x"]
    if pixels.shape[1:] != (FACE_SIDE, FACE_SIDE) or pixels.dtype != np.uint8:
        raise DatasetError(f"{path}: x is {pixels.dtype} {pixels.shape}; expected uint8 (n, {FACE_SIDE}, {FACE_SIDE})")
    _check_classes(path, data)
    votes = data["votes"].astype(np.int16) if "votes" in data else None
    crosses = data.get("dup_crosses_split")
    return assemble(pixels, data["y"], data["split"], votes, crosses)


def load_csv(path: Path) -> Dataset:
    """Read Kaggle's columns `emotion`, `pixels`, `Usage`, and FER+ votes from `fer2013new.csv` where it lies beside."""
    faces, labels, splits = [], [], []
    try:
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                pixels = np.array(row["pixels"].split(), dtype=np.uint8)
                faces.append(pixels.reshape(FACE_SIDE, FACE_SIDE))
                labels.append(_KAGGLE_LABELS[int(row["emotion"])].class_index)
                splits.append(_KAGGLE_USAGE[row["Usage"]])
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, OverflowError) as err:
        expected = f"expected columns emotion (0-6), pixels ({FACE_SIDE * FACE_SIDE} of 0-255) and Usage"
        raise DatasetError(f"{path}: row {len(labels) + 2} does not fit; {expected}") from err
    if not faces:
        raise DatasetError(f"{path}: holds no rows; expected Kaggle's columns emotion, pixels and Usage")
    beside = path.with_name(_VOTE_FILE)
    votes = _read_votes(beside, len(faces)) if beside.exists() else None
    return assemble(np.stack(faces), np.array(labels), np.array(splits), votes, None)


def _check_classes(path: Path, data: dict[str, npt.NDArray]) -> None:
    """Refuse another order of classes or votes than ours, labels out of range, and arrays of different lengths."""
    ours = {"classes": [emotion.value for emotion in EMOTIONS], "vote_names": list(VOTE_NAMES)}
    for name, expected in ours.items():
        if name in data and data[name].tolist() != expected:
            raise DatasetError(f"{path}: {name} are {data[name].tolist()}; expected {expected}")
    if data["y"].size and not 0 <= data["y"].min() <= data["y"].max() < len(EMOTIONS):
        raise DatasetError(f"{path}: y reaches from {data['y'].min()} to {data['y'].max()}; expected 0 to 6")
    rows = {name: len(data[name]) for name in ("x", "y", "split", "votes", "dup_crosses_split") if name in data}
    if len(set(rows.values())) > 1:
        raise DatasetError(f"{path}: arrays of different lengths {rows}; expected one row a picture")


def _read_votes(path: Path, rows: int) -> npt.NDArray[np.int16]:
    """Read FER+'s ten vote columns, which follow usage and image name, in the order of Kaggle's rows."""
    with path.open(newline="") as file:
        lines = list(csv.reader(file))[1:]
    try:
        votes = np.array([line[2 : 2 + len(VOTE_NAMES)] for line in lines], dtype=np.int16)
    except ValueError as err:
        raise DatasetError(f"{path}: expected {len(VOTE_NAMES)} columns of votes after usage and name") from err
    if votes.shape != (rows, len(VOTE_NAMES)):
        raise DatasetError(f"{path}: {len(votes)} rows of votes; expected {rows}, one a picture")
    return votes
