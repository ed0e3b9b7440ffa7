"""Read `train/<emotion>/*.jpg` folders: the form most published sets of faces come in."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from visionai.errors import DatasetError
from visionai.vision.emotions import EMOTIONS, Emotion

from .dataset import FACE_SIDE, Dataset, Split, assemble

_SPLIT_NAMES = {
    "train": Split.TRAINING,
    "training": Split.TRAINING,
    "val": Split.PUBLIC_TEST,
    "valid": Split.PUBLIC_TEST,
    "validation": Split.PUBLIC_TEST,
    "test": Split.PRIVATE_TEST,
}
_SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"}
_HOLD_OUT = 10
"""Where there is no validation folder, one training image in this many stands in for it."""


def load_folders(root: Path) -> Dataset:
    """Read `<split>/<emotion>/` images below `root`, or `<emotion>/` alone, which then is all for training.

    Images of any size and colour become 48x48 grey. Without a validation folder a tenth of the training images,
    chosen by their names, is set aside. Raises DatasetError where there are none or one does not decode.
    """
    faces, labels, splits = [], [], []
    for path, emotion, split in _list_pictures(root):
        faces.append(read_face(path))
        labels.append(emotion.class_index)
        splits.append(split)
    if not faces:
        raise DatasetError(f"{root}: no pictures; expected train/<emotion>/*.jpg with emotions {', '.join(EMOTIONS)}")
    return assemble(np.stack(faces), np.array(labels), np.array(splits), None, None)


def read_face(path: Path) -> npt.NDArray[np.uint8]:
    """Decode a face crop as 48x48 grey pixels, uint8; raises DatasetError where it does not decode."""
    try:
        with Image.open(path) as picture:
            grey = ImageOps.exif_transpose(picture).convert("L")
            return np.asarray(grey.resize((FACE_SIDE, FACE_SIDE), Image.Resampling.BILINEAR))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as err:
        raise DatasetError(f"{path}: does not decode; expected a whole JPEG, PNG, WebP, BMP or GIF picture") from err


def _list_pictures(root: Path) -> list[tuple[Path, Emotion, Split]]:
    """Return images, emotions and splits in a fixed order."""
    parts = {name: root / name for name in sorted(_SPLIT_NAMES) if (root / name).is_dir()} or {"train": root}
    found = [
        (path, emotion, _SPLIT_NAMES[part])
        for part, folder in parts.items()
        for emotion, emotion_folder in _emotion_folders(folder)
        for path in sorted(emotion_folder.iterdir())
        if path.suffix.lower() in _SUFFIXES
    ]
    if any(split == Split.PUBLIC_TEST for _, _, split in found):
        return found
    return [(path, emotion, _hold_out(path, split)) for path, emotion, split in found]


def _emotion_folders(folder: Path) -> list[tuple[Emotion, Path]]:
    folders = sorted(entry for entry in folder.iterdir() if entry.is_dir())
    named = [(Emotion.named(entry.name), entry) for entry in folders]
    return [(emotion, entry) for emotion, entry in named if emotion is not None]


def _hold_out(path: Path, split: Split) -> Split:
    """Set a training image aside by its name, so that the same ones are set aside every time."""
    aside = split == Split.TRAINING and zlib.crc32(path.name.encode()) % _HOLD_OUT == 0
    return Split.PUBLIC_TEST if aside else split
