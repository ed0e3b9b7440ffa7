"""Face tracking over the frames of a stream, and temporal smoothing of the expression.

The tracker has no clock: every call is told the time, in seconds of any steady clock.

Expectation. A track's box is expected where its speed v brings it, for `trust` seconds at most. The speed follows the
movement d between two frames dt apart: v = (v + d / dt) / 2.

Matching. A face continues the track that it lies nearest to, by its last box or by the expected one, for heads turn
back: the pair with the smallest distance between middles, in sides of the track's box, is taken first. A pair is
possible up to `reach` sides, and `reach_per_second` more for each second since the track was seen, `most_reach` in
all, with sides that differ by a factor of `most_growth` at most.

Smoothing. A track's scores s follow a face's scores p over time, not over frames: s += (1 - exp(-dt / tau)) (p - s),
dt the seconds since the face was last seen. The label changes to the best score only once that leads the label's own
by `lead`, so that two expressions of like scores do not take turns. Scores of different priors answer different
questions and are smoothed apart: a face continues the scores and the label of its track's frames at the same prior.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .emotions import EMOTIONS, Emotion
from .priors import Prior
from .results import Box, Face


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
    trust: float = 0.25
    reach: float = 0.5
    reach_per_second: float = 8.0
    most_reach: float = 2.0
    most_growth: float = 2.0
    search_every: float = 0.5
    most_near: int = 2
    forget_after: float = 1.0
    most_tracks: int = 200


class FaceTracker:
    """Follows the faces of one stream."""

    def __init__(self, settings: Tracking = Tracking()) -> None:
        self._settings = settings
        self._tracks: list[_Track] = []
        self._next_id = 1
        self._seen_at = -math.inf
        self._searched_at = -math.inf

    def near(self, now: float) -> tuple[Box, ...]:
        """Return the boxes that the frame of this moment is to be searched near; empty calls for a full search.

        That is due when there is no track, or one that the last frame did not show, or too many, and at least every
        `search_every` seconds, so that new faces are found.
        """
        steady = all(track.seen_at == self._seen_at and track.found for track in self._tracks)
        few = 0 < len(self._tracks) <= self._settings.most_near
        if not (steady and few) or now - self._searched_at >= self._settings.search_every:
            self._searched_at = now
            return ()
        return tuple(track.expected(now, self._settings.trust) for track in self._tracks)

    def update(self, faces: Sequence[Face], now: float, prior: Prior = Prior.TYPICAL) -> tuple[TrackedFace, ...]:
        """Take the faces of a frame, scored at `prior`; return them in their order, each with its track."""
        settings = self._settings
        self._tracks = [track for track in self._tracks if now - track.seen_at <= settings.forget_after]
        matches = self._match(faces, now)
        shown = [self._follow(face, matches.get(index), now, prior) for index, face in enumerate(faces)]
        self._seen_at = now
        self._tracks.sort(key=lambda track: -track.seen_at)
        del self._tracks[settings.most_tracks :]
        return tuple(
            TrackedFace(face, track.id, smoothed.emotion, tuple(smoothed.scores))
            for face, track in zip(faces, shown, strict=True)
            for smoothed in (track.smoothed[prior],)
        )

    def _match(self, faces: Sequence[Face], now: float) -> dict[int, _Track]:
        """Return the track that each face, by its place, continues; a face without one is new."""
        settings = self._settings
        pairs = sorted(
            (distance, index, number)
            for number, track in enumerate(self._tracks)
            for index, face in enumerate(faces)
            if (distance := track.distance(face.box, now, settings)) <= self._reach(track, now)
        )
        matches: dict[int, _Track] = {}
        taken: set[int] = set()
        for _, index, number in pairs:
            if index not in matches and number not in taken:
                matches[index] = self._tracks[number]
                taken.add(number)
        return matches

    def _reach(self, track: _Track, now: float) -> float:
        grown = self._settings.reach + self._settings.reach_per_second * max(now - track.seen_at, 0)
        return min(grown, self._settings.most_reach)

    def _follow(self, face: Face, track: _Track | None, now: float, prior: Prior) -> _Track:
        """Continue a track by a face, or begin one."""
        if track is None:
            track = _Track(self._next_id, face, now)
            self._next_id += 1
            self._tracks.append(track)
        else:
            track.move(face, now)
        track.smooth(face, now, prior, self._settings)
        return track


class _Track:
    """One face over time."""

    def __init__(self, track_id: int, face: Face, now: float) -> None:
        self.id = track_id
        self.box = face.box
        self.found = face.detection_confidence is not None
        self.seen_at = now
        self.smoothed: dict[Prior, _Smoothed] = {}
        self._speed = 0.0, 0.0

    def expected(self, now: float, trust: float) -> Box:
        """Return where the face should be by now."""
        seconds = min(max(now - self.seen_at, 0), trust)
        across, down = round(self._speed[0] * seconds), round(self._speed[1] * seconds)
        return Box(self.box.x + across, self.box.y + down, self.box.width, self.box.height)

    def distance(self, box: Box, now: float, settings: Tracking) -> float:
        """Return how far a box lies from where the face was or should be; infinite where the sizes do not fit."""
        return min(_distance(old, box, settings.most_growth) for old in (self.box, self.expected(now, settings.trust)))

    def move(self, face: Face, now: float) -> None:
        """Move the track to a face, by the module's formula."""
        passed = max(now - self.seen_at, 0)
        if passed > 0:
            movement = _movement(self.box, face.box)
            self._speed = (self._speed[0] + movement[0] / passed) / 2, (self._speed[1] + movement[1] / passed) / 2
        self.box = face.box
        self.found = face.detection_confidence is not None
        self.seen_at = now

    def smooth(self, face: Face, now: float, prior: Prior, settings: Tracking) -> None:
        """Take the scores of a face, read at `prior`, into those of earlier frames at the same prior, if any."""
        smoothed = self.smoothed.get(prior)
        if smoothed is None or now - smoothed.seen_at > settings.forget_after:
            self.smoothed[prior] = _Smoothed(face, now)
        else:
            smoothed.follow(face, now, settings)


class _Smoothed:
    """A track's scores and label at one prior."""

    def __init__(self, face: Face, now: float) -> None:
        self.scores = list(face.scores)
        self.emotion = face.emotion
        self.seen_at = now

    def follow(self, face: Face, now: float, settings: Tracking) -> None:
        """Follow a face's scores over time, by the module's formulas."""
        share = -math.expm1(-max(now - self.seen_at, 0) / settings.tau)
        self.scores = [old + share * (new - old) for old, new in zip(self.scores, face.scores, strict=True)]
        best = max(self.scores)
        if best >= self.scores[self.emotion.class_index] + settings.lead:
            self.emotion = EMOTIONS[self.scores.index(best)]
        self.seen_at = now


def _movement(old: Box, new: Box) -> tuple[float, float]:
    """Return how far a box's middle went, across and down."""
    return new.x + new.width / 2 - old.x - old.width / 2, new.y + new.height / 2 - old.y - old.height / 2


def _distance(old: Box, new: Box, most_growth: float) -> float:
    """Return the distance between the boxes' middles in sides of the old one; infinite where the sizes do not fit."""
    side, other = max(old.width, old.height), max(new.width, new.height)
    if max(side, other) > most_growth * min(side, other):
        return math.inf
    return math.hypot(*_movement(old, new)) / side
