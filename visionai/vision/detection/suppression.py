"""Weighted non-maximum suppression (NMS)."""

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
        alike = rest[same]
        face = alike[:, SCORE] @ alike / alike[:, SCORE].sum()
        face[SCORE] = alike[0, SCORE]
        faces.append(face)
        rest = rest[~(same | (inside > _MOSTLY_INSIDE))]
    return np.stack(faces) if faces else rows[:0]


def overlaps(row: npt.NDArray[np.float32], rows: Rows) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return, for each of `rows`, its intersection with `row` over the union and over the smaller of the two."""
    wide = np.minimum(row[2], rows[:, 2]) - np.maximum(row[0], rows[:, 0])
    high = np.minimum(row[3], rows[:, 3]) - np.maximum(row[1], rows[:, 1])
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    area = (row[2] - row[0]) * (row[3] - row[1])
    areas = (rows[:, 2] - rows[:, 0]) * (rows[:, 3] - rows[:, 1])
    return shared / (area + areas - shared), shared / np.minimum(area, areas)
