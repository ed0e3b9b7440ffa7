"""Metrics of multi-object tracking: identity F1 (IDF1) and identity switches.

IDF1, after Ristani, Solera, Zou, Cucchiara and Tomasi, "Performance Measures and a Data Set for Multi-Target,
Multi-Camera Tracking" (ECCV workshops 2016), section 3. Every true person is given one track at most, and every track
one person at most, over the whole clip, so that IDTP, the boxes of persons that lie on their own track's boxes, are
most:

    IDF1 = 2 IDTP / (2 IDTP + IDFP + IDFN) = 2 IDTP / (true boxes + shown boxes).

Identity switches, after Bernardin and Stiefelhagen, "Evaluating Multiple Object Tracking Performance: The CLEAR MOT
Metrics" (EURASIP Journal on Image and Video Processing 2008), section 2.1: frame by frame, a person keeps the track of
before while their boxes lie on each other; the others are paired by the largest overlap. A switch is a person on
another track than when last paired.

Two boxes lie on each other from an intersection over union of `OVERLAP`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from visionai.vision.results import Box

from .clips import common_area

OVERLAP = 0.5

Moment = tuple[Mapping[int, Box], Mapping[int, Box]]
"""A frame: the true boxes by person, and the shown boxes by track."""


def intersection_over_union(one: Box, other: Box) -> float:
    """Return the share, 0 to 1, of what two boxes cover that both of them cover."""
    common = common_area(one, other)
    return common / (one.area + other.area - common)


def idf1(moments: Sequence[Moment]) -> float:
    """Return the identity F1 of a clip, 0 to 1; 1 where there was nobody and nothing was shown."""
    boxes = sum(len(truth) + len(shown) for truth, shown in moments)
    together = Counter(pair for moment in moments for pair in _overlaps(*moment))
    return 2 * _most_true_positives(together) / boxes if boxes else 1.0


def switches(moments: Sequence[Moment]) -> int:
    """Return how often a person was shown as another track than when last shown."""
    last: dict[int, int] = {}
    count = 0
    for moment in moments:
        for person, track in _correspondences(_overlaps(*moment), last).items():
            count += last.get(person, track) != track
            last[person] = track
    return count


def _overlaps(truth: Mapping[int, Box], shown: Mapping[int, Box]) -> dict[tuple[int, int], float]:
    """Return the overlap of every person and track whose boxes lie on each other."""
    overlaps = {
        (person, track): intersection_over_union(box, other)
        for person, box in truth.items()
        for track, other in shown.items()
    }
    return {pair: overlap for pair, overlap in overlaps.items() if overlap >= OVERLAP}


def _most_true_positives(together: Mapping[tuple[int, int], int]) -> int:
    return sum(together[pair] for pair in _assigned(together))


def _correspondences(overlaps: Mapping[tuple[int, int], float], last: Mapping[int, int]) -> dict[int, int]:
    """Return the track of every person of a frame; pairs of before come first."""
    kept = {person: track for person, track in overlaps if last.get(person) == track}
    tracks = set(kept.values())
    others = {pair: value for pair, value in overlaps.items() if pair[0] not in kept and pair[1] not in tracks}
    return kept | dict(_assigned(others))


def _assigned(values: Mapping[tuple[int, int], float]) -> Iterable[tuple[int, int]]:
    """Return the pairs that have values, each side in one at most, with the greatest sum."""
    rows, columns = (sorted({pair[side] for pair in values}) for side in (0, 1))
    matrix = np.array([[values.get((row, column), 0) for column in columns] for row in rows]).reshape(
        len(rows), len(columns)
    )
    chosen = linear_sum_assignment(matrix, maximize=True)
    pairs = [(rows[row], columns[column]) for row, column in zip(*chosen, strict=True)]
    return [pair for pair in pairs if pair in values]
