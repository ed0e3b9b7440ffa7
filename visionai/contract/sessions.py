"""The series of recorded sessions, and their JSON, written by hand because there are thousands of points.

A test holds it equal to `schemas.sessions`, which documents it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from ..vision.emotions import EMOTIONS
from ..vision.results import UNCERTAIN_BELOW

DIGITS = 4
"""What answers have of a score, as `predictions.rounded`."""

_NAMES = [emotion.value for emotion in EMOTIONS]


@dataclass(frozen=True, slots=True)
class Lane:
    """What is shown as one person: one, or several that have the same label.

    `person` is the lowest of the numbers `persons`; `seconds` are those in which one of them was seen, as recorded.
    """

    person: int
    persons: tuple[int, ...]
    label: str | None
    first_offset_ms: int
    last_offset_ms: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Point:
    """The mean of a lane's seconds within a step: `seconds` of them, `scores` in the order of the emotions."""

    offset_ms: int
    seconds: int
    scores: Sequence[float]


@dataclass(frozen=True, slots=True)
class Series:
    """The points of a lane, in order; a step in which it was not seen has none."""

    lane: Lane
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment of a session that somebody named."""

    id: int
    offset_ms: int
    label: str


Gap = Sequence[int]
"""The offsets of two instants, in milliseconds, between which the client was away."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The series of a session at one step."""

    step_seconds: int
    people: Sequence[Series]
    markers: Sequence[Marker]
    gaps: Sequence[Gap]


@dataclass(frozen=True, slots=True)
class ComparedSession:
    """A session on the clock of a comparison, whose zero is `zero_offset_ms` of its own."""

    uid: UUID
    title: str | None
    participant: str | None
    started_at: datetime
    zero_offset_ms: int
    people: Sequence[Series]
    markers: Sequence[Marker]
    gaps: Sequence[Gap]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Sessions on one clock."""

    align: str
    step_seconds: int
    sessions: Sequence[ComparedSession]


def timeline_body(timeline: Timeline) -> dict[str, Any]:
    """Return the JSON fields of a timeline."""
    return {"step_seconds": timeline.step_seconds, **_tracks(timeline)}


def comparison_body(comparison: Comparison) -> dict[str, Any]:
    """Return the JSON fields of a comparison."""
    return {
        "align": comparison.align,
        "step_seconds": comparison.step_seconds,
        "sessions": [
            {
                "uid": str(one.uid),
                "title": one.title,
                "participant": one.participant,
                "started_at": one.started_at.isoformat(),
                "zero_offset_ms": one.zero_offset_ms,
                **_tracks(one),
            }
            for one in comparison.sessions
        ],
    }


def marker_body(marker: Marker) -> dict[str, Any]:
    """Return the JSON fields of a marker."""
    return {"id": marker.id, "offset_ms": marker.offset_ms, "label": marker.label}


def _tracks(shown: Timeline | ComparedSession) -> dict[str, Any]:
    return {
        "people": [_series_body(series) for series in shown.people],
        "markers": [marker_body(marker) for marker in shown.markers],
        "gaps": [list(gap) for gap in shown.gaps],
    }


def _series_body(series: Series) -> dict[str, Any]:
    lane = series.lane
    return {
        "person": lane.person,
        "persons": list(lane.persons),
        "label": lane.label,
        "points": [_point_body(*pair) for pair in zip(series.points, _rounded(series.points), strict=True)],
    }


def _rounded(points: Sequence[Point]) -> list[list[float]]:
    """Return the scores of points as answers have them, all at once: a number at a time is most of the work."""
    return np.round(np.array([point.scores for point in points], np.float64), DIGITS).tolist() if points else []


def _point_body(point: Point, scores: list[float]) -> dict[str, Any]:
    confidence = max(scores)
    return {
        "offset_ms": point.offset_ms,
        "seconds": point.seconds,
        "scores": dict(zip(_NAMES, scores, strict=True)),
        "emotion_name": _NAMES[scores.index(confidence)],
        "confidence": confidence,
        "uncertain": confidence < UNCERTAIN_BELOW,
    }
