"""Many candidates to one box a face."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .blazeface import SCORE, Rows

_SAME_FACE = 0.3
"""Intersection over union from which two candidates are one face: MediaPipe's min_suppression_threshold."""

_MOSTLY_INSIDE = 0.6
"""Share of the smaller box within the other from which it is a part of that face, seen by a closer look."""


def suppress(rows: Rows, threshold: float) -> Rows:
    """Return one row a face of at least `threshold`, best first.

    Candidates of one face are averaged by their scores, as MediaPipe's weighted suppression does, so that a box does
    not jump from frame to frame with the anchor that happens to win; the best score is kept.
    """
    rest = rows[np.argsort(-rows[:, SCORE])]
    faces = []
    while len(rest) and rest[0, SCORE] >= threshold:
        union, inside = overlaps(rest[0], rest)
        same = union > _SAME_FACE
        face = np.average(rest[same], axis=0, weights=rest[same, SCORE]).astype(np.float32)
        face[SCORE] = rest[0, SCORE]
        faces.append(face)
        rest = rest[~(same | (inside > _MOSTLY_INSIDE))]
    return np.stack(faces) if faces else rows[:0]


def overlaps(row: npt.NDArray[np.float32], rows: Rows) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return, for each of `rows`, its intersection with `row` over the union and over the smaller of the two."""
    sides = np.minimum(row[2:4], rows[:, 2:4]) - np.maximum(row[0:2], rows[:, 0:2])
    shared = np.prod(np.maximum(sides, 0), axis=1)
    area = np.prod(row[2:4] - row[0:2])
    areas = np.prod(rows[:, 2:4] - rows[:, 0:2], axis=1)
    return shared / (area + areas - shared), shared / np.minimum(area, areas)
