"""Multi-object tracking of faces over the frames of a stream, and temporal smoothing of their expressions.

The tracker has no clock: every call is told the time, in seconds of any steady clock.

Prediction. A track's box is expected where a Kalman filter of constant velocity brings it (`motion.py`).

Association. Faces and tracks are paired all at once, by the assignment with the smallest sum of costs
(`assignment.py`): a choice for one face that is wrong for two is not made, as when people cross or the camera shakes.
A pair is possible when the face lies within reach of where the track was or should be, for heads turn back: up to
`reach` sides of the track's box, and `reach_per_second` more for each second since the track was seen, `most_reach` in
all, with sides that differ by a factor of `most_growth` at most. Its cost is the mean of three parts from 0 to 1, by
the expected box: what the boxes do not share (one less intersection over union), d² / (d² + `near`²) of their distance
d in sides, and r² / (r² + `alike`²) of the logarithm r of their sizes' ratio. The distance saturates, so that one face
far from its place is a surprise no greater than two, which would exchange tracks. A face is new where that costs less,
`alone` each.

Smoothing (`smoothing.py`). Scores of different priors answer different questions and are smoothed apart: a face
continues the scores and the label of its track's frames at the same prior.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from .assignment import assign
from .emotions import Emotion
from .motion import Dynamics, Motion, Point
from .priors import Prior
from .results import Box, Face
from .smoothing import Smoothed


@dataclass(frozen=True, slots=True)
class TrackedFace:
    """A face of this frame, the id of its track, and the track's smoothed label and scores."""

    face: Face
    track_id: int
    emotion: Emotion
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Tracking:
    """How faces are followed; times in seconds, distances in sides of a face.

    `search_every` is the longest time without a full search. To look near more than `most_near` faces takes longer
    than a full search. A track is forgotten when it was not seen for `forget_after`; `most_tracks` are kept.
    """

    tau: float = 0.4
    lead: float = 0.1
    dynamics: Dynamics = field(default_factory=Dynamics)
    reach: float = 0.5
    reach_per_second: float = 8.0
    most_reach: float = 2.0
    most_growth: float = 1.35
    near: float = 0.4
    alike: float = 0.2
    alone: float = 0.8
    search_every: float = 0.5
    most_near: int = 2
    forget_after: float = 1.2
    most_tracks: int = 200


class FaceTracker:
    """Follows the faces of one stream."""

    def __init__(self, settings: Tracking = Tracking()) -> None:
        self._settings = settings
        self._clock = _SteadyClock()
        self._tracks: list[_Track] = []
        self._next_id = 1
        self._seen_at = -math.inf
        self._searched_at = -math.inf

    def near(self, now: float) -> tuple[Box, ...]:
        """Return the boxes that the frame of this moment is to be searched near; empty calls for a full search.

        That is due when there is no track, or one that the last frame did not show, or too many, and at least every
        `search_every` seconds, so that new faces are found.
        """
        now = self._clock.time(now)
        steady = all(track.seen_at == self._seen_at and track.found for track in self._tracks)
        few = 0 < len(self._tracks) <= self._settings.most_near
        if not (steady and few) or now - self._searched_at >= self._settings.search_every:
            self._searched_at = now
            return ()
        return tuple(track.expected(now) for track in self._tracks)

    def update(self, faces: Sequence[Face], now: float, prior: Prior = Prior.TYPICAL) -> tuple[TrackedFace, ...]:
        """Take the faces of a frame, scored at `prior`; return them in their order, each with its track."""
        settings, now = self._settings, self._clock.time(now)
        self._tracks = [track for track in self._tracks if now - track.seen_at <= settings.forget_after]
        matches = assign(self._costs(faces, now), settings.alone)
        tracks = [self._tracks[matches[index]] if index in matches else None for index in range(len(faces))]
        shown = tuple(self._follow(face, track, now, prior) for face, track in zip(faces, tracks, strict=True))
        self._seen_at = now
        self._tracks.sort(key=lambda track: -track.seen_at)
        del self._tracks[settings.most_tracks :]
        return shown

    def _costs(self, faces: Sequence[Face], now: float) -> list[dict[int, float]]:
        """Return, for each face, the cost of every track that it may continue, by the track's place in the list."""
        costs: list[dict[int, float]] = [{} for _ in faces]
        places = [(_middle(face.box), face.box) for face in faces]
        for number, track in enumerate(self._tracks):
            candidate = _Candidate(track, now, self._settings)
            for row, (middle, box) in zip(costs, places, strict=True):
                cost = candidate.cost(middle, box)
                if cost < math.inf:
                    row[number] = cost
        return costs

    def _follow(self, face: Face, track: _Track | None, now: float, prior: Prior) -> TrackedFace:
        """Continue a track by a face, or begin one."""
        if track is None:
            track = _Track(self._next_id, face, now, self._settings)
            self._next_id += 1
            self._tracks.append(track)
        else:
            track.move(face, now)
        smoothed = track.smooth(face, now, prior)
        return TrackedFace(face, track.id, smoothed.emotion, tuple(smoothed.scores))


class _Track:
    """One face over time."""

    def __init__(self, track_id: int, face: Face, now: float, settings: Tracking) -> None:
        self.id = track_id
        self.box = face.box
        self.found = face.detection_confidence is not None
        self._settings = settings
        self._motion = Motion(_middle(face.box), now, settings.dynamics)
        self._smoothed: dict[Prior, Smoothed] = {}

    @property
    def seen_at(self) -> float:
        """When a frame last showed the face."""
        return self._motion.at

    def expected(self, now: float) -> Box:
        """Return where the face should be by now."""
        (x, y), box = self._motion.expected(now), self.box
        return Box(round(x - box.width / 2), round(y - box.height / 2), box.width, box.height)

    def move(self, face: Face, now: float) -> None:
        """Move the track to a face."""
        self._motion.follow(_middle(face.box), now)
        self.box = face.box
        self.found = face.detection_confidence is not None

    def smooth(self, face: Face, now: float, prior: Prior) -> Smoothed:
        """Take the scores of a face, read at `prior`, into those of earlier frames at the same prior, if any."""
        smoothed = self._smoothed.get(prior)
        if smoothed is None or now - smoothed.seen_at > self._settings.forget_after:
            smoothed = self._smoothed[prior] = Smoothed(face, now)
        else:
            smoothed.follow(face, now, self._settings.tau, self._settings.lead)
        return smoothed


class _Candidate:
    """A track at one moment, to be compared with faces. Sixteen faces make 256 pairs, so the common is done once."""

    __slots__ = ("_expected", "_last", "_limit", "_settings", "_side")

    def __init__(self, track: _Track, now: float, settings: Tracking) -> None:
        self._settings = settings
        self._expected = track.expected(now)
        self._last = _middle(track.box)
        self._side = _side(track.box)
        reach = settings.reach + settings.reach_per_second * (now - track.seen_at)
        self._limit = (min(reach, settings.most_reach) * self._side) ** 2

    def cost(self, middle: Point, box: Box) -> float:
        """Return what it costs to continue the track by a box, by the module's formula; infinite out of reach."""
        squared = _squared_distance(_middle(self._expected), middle)
        if squared > self._limit and _squared_distance(self._last, middle) > self._limit:
            return math.inf
        settings, growth = self._settings, _side(box) / self._side
        if not 1 / settings.most_growth <= growth <= settings.most_growth:
            return math.inf
        far = _saturated(squared, (settings.near * self._side) ** 2)
        unlike = _saturated(math.log(growth) ** 2, settings.alike**2)
        return (1 - _overlap(self._expected, box) + far + unlike) / 3


class _SteadyClock:
    """Time that never goes back: where the caller's clock steps back, no time has passed, and it goes on from there."""

    def __init__(self) -> None:
        self._time = -math.inf
        self._lost = 0.0

    def time(self, now: float) -> float:
        """Return the time of a frame that the caller's clock puts at `now`."""
        self._lost = max(self._lost, self._time - now)
        self._time = now + self._lost
        return self._time


def _middle(box: Box) -> Point:
    return box.x + box.width / 2, box.y + box.height / 2


def _side(box: Box) -> int:
    """Return the longer side of a box, one pixel at least."""
    return max(box.width, box.height, 1)


def _squared_distance(one: Point, other: Point) -> float:
    return (other[0] - one[0]) ** 2 + (other[1] - one[1]) ** 2


def _saturated(squared: float, scale: float) -> float:
    """Return a square as a cost from 0 to 1 that is a half at `scale` (S. Geman and D. E. McClure, 1987)."""
    return squared / (squared + scale)


def _overlap(one: Box, other: Box) -> float:
    """Return the intersection of two boxes over their union."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (one.area + other.area - width * height)
