"""Data augmentation of training faces, the way cameras, crops and light vary them.

All of it works on batches of grey float32 (n, 48, 48) in [0, 1] and draws from the generator it is given, so that a
batch is the same again after a resume. Brightness and contrast are missing on purpose: the network takes them out of
every image itself (see `network`).
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import numpy.typing as npt

from ..data.dataset import FACE_SIDE

Floats = npt.NDArray[np.float32]

MAX_ANGLE = np.radians(15)
MAX_ZOOM = 1.25
MAX_SHIFT = 5.0
MAX_SHEAR = 0.1
MAX_FIELD = 0.6
"""The most that light bends a part of a face, as a factor's logarithm."""

_COARSE_SIDES = (16, 20, 24, 32)
"""Pixels a side that a face may be brought down to: what a small face in a large photograph has."""


@dataclass(frozen=True)
class Strengths:
    """How far the steps go that differ from run to run.

    `stretch`: width and height change separately by up to exp(+-`stretch`). `field`, `coarse`: the shares of faces
    that get an uneven light of few pixels, or a low resolution.
    """

    stretch: float = 0.2
    field: float = 0.0
    coarse: float = 0.0


def augment(faces: Floats, rng: np.random.Generator, strengths: Strengths = Strengths()) -> Floats:
    """Return the batch moved, stretched, relit, blurred or sharpened, disturbed by noise and partly covered."""
    faces = mirror(faces, rng)
    faces = relight(faces, rng)
    faces = light_unevenly(faces, rng, strengths.field)
    faces = hide_background(faces, rng)
    faces = move(faces, rng, strengths.stretch)
    faces = coarsen(faces, rng, strengths.coarse)
    faces = refocus(faces, rng)
    faces = add_noise(faces, rng)
    return cut_out(faces, rng)


def mirror(faces: Floats, rng: np.random.Generator) -> Floats:
    """Flip every other face, by lot."""
    return np.where(_by_lot(faces, 0.5, rng), faces[:, :, ::-1], faces)


def move(faces: Floats, rng: np.random.Generator, stretch: float = 0.2) -> Floats:
    """Rotate, zoom, stretch, shear and shift each face about its middle; beyond the edge its last pixels go on.

    Crops of other origin are wider or narrower than the training images, whose proportions are all alike: of all
    that was tried, stretching is what helps most on images that the network has never seen the like of. In a quarter
    of the batches it is black beyond the edge.
    """
    n = len(faces)
    angle = rng.uniform(-MAX_ANGLE, MAX_ANGLE, n)
    zoom = np.exp(rng.uniform(-np.log(MAX_ZOOM), np.log(MAX_ZOOM), n))
    shear = rng.uniform(-MAX_SHEAR, MAX_SHEAR, n)
    shift = np.clip(rng.normal(0, MAX_SHIFT / 2, (2, n)), -MAX_SHIFT, MAX_SHIFT)
    width, height = zoom * np.exp(rng.uniform(-stretch, stretch, (2, n)))
    a, b = np.cos(angle) / width, (shear - np.sin(angle)) / height
    c, d = np.sin(angle) / width, np.cos(angle) / height
    middle = (FACE_SIDE - 1) / 2
    right = middle - a * middle - b * middle + shift[0]
    down = middle - c * middle - d * middle + shift[1]
    transforms = np.stack([a, b, right, c, d, down, np.zeros(n), np.zeros(n)], axis=1).astype(np.float32)
    beyond = "constant" if rng.random() < 0.25 else "nearest"
    moved = keras.ops.image.affine_transform(
        faces[..., None], transforms, "bilinear", beyond, data_format="channels_last"
    )
    return np.asarray(keras.ops.convert_to_numpy(moved)[..., 0], np.float32)


def relight(faces: Floats, rng: np.random.Generator) -> Floats:
    """Bend the grey scale (gamma), and let light fall in from a side."""
    n = len(faces)
    gamma = np.exp(rng.uniform(-0.5, 0.5, (n, 1, 1))).astype(np.float32)
    bent = np.maximum(faces, 1e-3) ** gamma
    direction = rng.uniform(0, 2 * np.pi, (n, 1, 1))
    depth = np.where(_by_lot(faces, 0.3, rng), rng.uniform(0, 0.6, (n, 1, 1)), 0)
    line = np.linspace(-1, 1, FACE_SIDE)
    ramp = np.cos(direction) * line[None, None, :] + np.sin(direction) * line[None, :, None]
    return np.clip(bent * (1 + depth * ramp), 0, 1).astype(np.float32)


def light_unevenly(faces: Floats, rng: np.random.Generator, share: float) -> Floats:
    """Multiply `share` of the faces by a smooth field of light and shade, drawn on a grid of 4 by 4."""
    if share <= 0:
        return faces
    grid = np.exp(rng.uniform(-MAX_FIELD, MAX_FIELD, (len(faces), 4, 4))).astype(np.float32)
    return np.where(_by_lot(faces, share, rng), np.clip(faces * _resized(grid, FACE_SIDE), 0, 1), faces)


def coarsen(faces: Floats, rng: np.random.Generator, share: float) -> Floats:
    """Bring `share` of the faces down to 16 to 32 pixels a side and up again."""
    if share <= 0:
        return faces
    chosen = rng.random(len(faces)) < share
    side = int(rng.choice(_COARSE_SIDES))
    coarse = faces.copy()
    if chosen.any():
        coarse[chosen] = np.clip(_resized(_resized(faces[chosen], side), FACE_SIDE), 0, 1)
    return coarse


def refocus(faces: Floats, rng: np.random.Generator) -> Floats:
    """Blur some faces and sharpen some: what is served is sharper than the training images, or far softer."""
    amount = np.where(_by_lot(faces, 0.6, rng), rng.uniform(-0.5, 1.0, (len(faces), 1, 1)), 0).astype(np.float32)
    return np.clip(faces + amount * (_soften(faces) - faces), 0, 1)


def add_noise(faces: Floats, rng: np.random.Generator) -> Floats:
    """Add sensor noise of up to 0.03 standard deviation to some faces."""
    strength = np.where(_by_lot(faces, 0.4, rng), rng.uniform(0, 0.03, (len(faces), 1, 1)), 0).astype(np.float32)
    return np.clip(faces + strength * rng.standard_normal(faces.shape, dtype=np.float32), 0, 1)


def hide_background(faces: Floats, rng: np.random.Generator) -> Floats:
    """Paint what lies outside an oval around some faces in one grey, often black."""
    n = len(faces)
    rows, columns = np.mgrid[-1 : 1 : FACE_SIDE * 1j, -1 : 1 : FACE_SIDE * 1j]
    width, height = rng.uniform(0.75, 1.1, (n, 1, 1)), rng.uniform(0.9, 1.25, (n, 1, 1))
    outside = (columns / width) ** 2 + (rows / height) ** 2 > 1
    paint = np.where(rng.random((n, 1, 1)) < 0.6, 0, rng.random((n, 1, 1))).astype(np.float32)
    return np.where(_by_lot(faces, 0.12, rng) & outside, paint, faces)


def cut_out(faces: Floats, rng: np.random.Generator) -> Floats:
    """Cover a rectangle of 6 to 16 pixels a side of some faces in one grey (DeVries & Taylor, arXiv:1708.04552)."""
    n = len(faces)
    sides = rng.integers(6, 17, (2, n, 1, 1))
    corners = rng.integers(-6, FACE_SIDE - 6, (2, n, 1, 1))
    rows, columns = np.arange(FACE_SIDE)[None, :, None], np.arange(FACE_SIDE)[None, None, :]
    inside = (rows >= corners[0]) & (rows < corners[0] + sides[0])
    inside = inside & (columns >= corners[1]) & (columns < corners[1] + sides[1])
    return np.where(_by_lot(faces, 0.3, rng) & inside, rng.random((n, 1, 1), dtype=np.float32), faces)


def mix(faces: Floats, wanted: Floats, strength: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Blend every image and its target with those of another (mixup, Zhang et al., arXiv:1710.09412).

    The share of the other is drawn from Beta(strength, strength); 0 blends nothing.
    """
    if strength <= 0:
        return faces, wanted
    share = rng.beta(strength, strength, len(faces)).astype(np.float32)
    share = np.minimum(share, 1 - share)
    other = rng.permutation(len(faces))
    blended = faces + share[:, None, None] * (faces[other] - faces)
    return blended, wanted + share[:, None] * (wanted[other] - wanted)


def exchange_halves(faces: Floats, wanted: Floats, share: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Give `share` of the faces a side, or the upper or lower part, of another face; targets follow by area.

    The cut lies between a quarter and three quarters (CutMix with whole halves, Yun et al., arXiv:1905.04899): what
    the network says must come from mouth and eyes alike.
    """
    if share <= 0:
        return faces, wanted
    n = len(faces)
    other = rng.permutation(n)
    place = np.arange(FACE_SIDE)
    cut = rng.integers(FACE_SIDE // 4, 3 * FACE_SIDE // 4 + 1, (n, 1))
    beyond = (place >= cut) ^ (rng.random((n, 1)) < 0.5)
    across = rng.random((n, 1, 1)) < 0.5
    taken = np.where(across, beyond[:, None, :], beyond[:, :, None]) & (rng.random((n, 1, 1)) < share)
    area = taken.mean(axis=(1, 2), dtype=np.float32)[:, None]
    return np.where(taken, faces[other], faces), wanted + area * (wanted[other] - wanted)


def _resized(faces: Floats, side: int) -> Floats:
    """Return the batch at `side` pixels a side, bilinear; what is made smaller is averaged over."""
    resized = keras.ops.image.resize(
        faces[..., None], (side, side), "bilinear", antialias=True, data_format="channels_last"
    )
    return np.asarray(keras.ops.convert_to_numpy(resized)[..., 0], np.float32)


def _soften(faces: Floats) -> Floats:
    """Return each pixel's mean with its neighbours, weighted 1 2 1 along both axes."""
    padded = np.pad(faces, ((0, 0), (1, 1), (1, 1)), mode="edge")
    across = (padded[:, :, :-2] + 2 * padded[:, :, 1:-1] + padded[:, :, 2:]) / 4
    return np.asarray((across[:, :-2] + 2 * across[:, 1:-1] + across[:, 2:]) / 4, np.float32)


def _by_lot(faces: Floats, share: float, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Choose `share` of the batch; bool (n, 1, 1)."""
    return rng.random((len(faces), 1, 1)) < share
