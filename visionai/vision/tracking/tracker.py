"""Multi-object tracking of faces over the frames of a stream, and temporal smoothing of their expressions.

The tracker has no clock: every call is told the time, in seconds of any steady clock. It knows boxes and scores alone:
no part of an image is kept or compared, and nobody is recognised. Who comes back after `forget_after` seconds is
somebody new, and two who exchange places while nobody sees them are taken for each other.

Prediction. A track's face is expected where a Kalman filter brings it (`motion.py`), by two hypotheses after a jump
(`hypotheses.py`).

Association. Faces and tracks are paired all at once, by the assignment with the smallest sum of costs
(`assignment.py`): a choice for one face that is wrong for two is not made, as when people cross or the camera shakes.
Costs are negative log-likelihoods (`association.py`), so that the assignment is the likeliest.

Smoothing (`smoothing.py`). Scores of different priors answer different questions and are smoothed apart: a face
continues the scores and the label of its track's frames at the same prior.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..emotions import Emotion
from ..priors import Prior
from ..results import Box, Face
from .assignment import assign
from .association import Candidate
from .hypotheses import Following, Hypotheses
from .motion import Measurement, measured
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
    """How faces are followed; times in seconds.

    `search_every` is the longest time without a full search. To look near more than `most_near` faces takes longer
    than a full search. A track is forgotten when it was not seen for `forget_after`: who passes behind somebody and is
    missed on coming out may take 1.5 s. `most_tracks` are kept. One that was seen in fewer than `confirmed` frames, in
    none of which the detector was sure of it, may be a face that it made up: to continue it costs `doubt` nats more for
    each frame since that did not show it, so that no true face nearby goes on as it, and leaves its own track to the
    next such face. Of one second no more than `looks` frames count: a head that is turned away is missed in all of a
    moment, however many they are.
    """

    tau: float = 0.4
    lead: float = 0.1
    following: Following = field(default_factory=Following)
    search_every: float = 0.5
    most_near: int = 2
    forget_after: float = 1.6
    most_tracks: int = 200
    confirmed: int = 3
    doubt: float = 1.0
    looks: float = 15.0


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
        places = [measured(face.box) for face in faces]
        association = settings.following.association
        doubts = [0.0 if association.is_sure(face) else association.doubted for face in faces]
        matches = assign(self._costs(places, doubts, now), association.alone)
        tracks = [self._tracks[matches[index]] if index in matches else None for index in range(len(faces))]
        shown = tuple(
            self._follow(face, place, track, now, prior)
            for face, place, track in zip(faces, places, tracks, strict=True)
        )
        for track in self._tracks:
            track.missed = 0 if track.seen_at == now else track.missed + 1
        self._seen_at = now
        self._tracks.sort(key=lambda track: -track.seen_at)
        del self._tracks[settings.most_tracks :]
        return shown

    def _costs(self, places: Sequence[Measurement], doubts: Sequence[float], now: float) -> list[dict[int, float]]:
        """Return, for each face, the cost of every track that it may continue, by the track's place in the list."""
        costs: list[dict[int, float]] = [{} for _ in places]
        for number, track in enumerate(self._tracks):
            doubt = track.doubt(self._seen_at)
            for candidate in track.candidates(now, self._seen_at):
                for row, place, of_face in zip(costs, places, doubts, strict=True):
                    cost = candidate.cost(place) + doubt + of_face
                    if cost < row.get(number, math.inf):
                        row[number] = cost
        return costs

    def _follow(self, face: Face, place: Measurement, track: _Track | None, now: float, prior: Prior) -> TrackedFace:
        """Continue a track by a face, or begin one."""
        if track is None:
            track = _Track(self._next_id, face, place, now, self._settings)
            self._next_id += 1
            self._tracks.append(track)
        else:
            track.move(face, place, now)
        smoothed = track.smooth(face, now, prior)
        return TrackedFace(face, track.id, smoothed.emotion, tuple(smoothed.scores))


class _Track:
    """One face over time."""

    def __init__(self, track_id: int, face: Face, place: Measurement, now: float, settings: Tracking) -> None:
        self.id = track_id
        self.box = face.box
        self.found = face.detection_confidence is not None
        self._settings = settings
        self.missed = 0
        """How many frames in a row did not show the face."""

        self._frames = 1
        self._sure = settings.following.association.is_sure(face)
        self._hypotheses = Hypotheses(place, now, settings.following)
        self._smoothed: dict[Prior, Smoothed] = {}

    @property
    def seen_at(self) -> float:
        """When a frame last showed the face."""
        return self._hypotheses.motion.at

    def doubt(self, last_frame_at: float) -> float:
        """Return what it costs more to continue a track of a face that may never have been there."""
        settings = self._settings
        if self._sure or self._frames >= settings.confirmed:
            return 0.0
        return settings.doubt * min(self.missed, settings.looks * (last_frame_at - self.seen_at))

    def expected(self, now: float) -> Box:
        """Return where the face should be by now."""
        (x, y), box = self._hypotheses.motion.expected(now), self.box
        return Box(round(x - box.width / 2), round(y - box.height / 2), box.width, box.height)

    def candidates(self, now: float, last_frame_at: float) -> Sequence[Candidate]:
        """Return what the faces of a frame are to be compared with; the frame before it was at `last_frame_at`."""
        return self._hypotheses.candidates(now, lost=self.seen_at != last_frame_at)

    def move(self, face: Face, place: Measurement, now: float) -> None:
        """Move the track to a face."""
        self._frames += 1
        self._sure = self._sure or self._settings.following.association.is_sure(face)
        self._hypotheses.follow(place, now)
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
