"""Clips for multi-object tracking: detections of a noisy face detector, with the ground truth of who is who.

A clip is made of people who move by a formula, of what a detector reports of them, and of frames at irregular times.
The same seed gives the same clip. A face that another one covers is not in the truth, since there is nothing to see;
one that the detector missed is. Nobody is recognised: who comes back after longer than a tracker remembers is somebody
new.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from visionai.vision.emotions import EMOTIONS
from visionai.vision.results import Box, Face

from ..vision import frames

RATES = (5, 15, 30)
"""Frames a second."""

MOST_NEAR = 2
"""Faces that are looked for near their last boxes; more are searched for in the whole image."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody's face is: its middle and its side, in pixels of a picture of 640x480."""

    x: float
    y: float
    side: float


Path = Callable[[float], Place | None]
"""Somebody's place at a second of the clip, None while nobody is there."""


Scores = tuple[float, float, float, float, float]
"""The 5th, 25th, 50th, 75th and 95th percentile of what a detector gives."""
PERCENTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Noise:
    """What a detector does wrong; the first six and the scores are measured, the others assumed.

    Measured with BlazeFace on portraits of 45 to 130 pixels that swayed and turned by 6 degrees: boxes are off by
    `shift` pixels each way and their sides by `growth` pixels (standard deviations), whatever the size of the face,
    since the network sees the whole image as 192x192 pixels. Where two portraits lay over each other, the nearer one
    kept its box, and the other was not found once `covered` of its box was; from half of that its box was off by
    `blurred` times as much. One or two faces are looked for near their last boxes by another network, and a whole
    search comes twice a second: its boxes lie `networks` sides away, by as much in every frame, in other directions
    for every face. What each network gives faces, whole and covered, and what is none, `python -m
    benchmarks.vision.detector_scores` measured on twenty photographs.

    Assumed, for want of annotated footage: a face is missed in a share `missed` of the frames, and `away` times a
    second for `away_seconds`, as of somebody who turns, but is found at the latest in the first frame `longest` after
    the last one that showed it. `false` times a second there is a face where there is none; non-maximum suppression
    leaves none that covers `suppressed` of a true one. Times of frames vary by up to half of `irregular` intervals to
    either side.
    """

    shift: float = 1.2
    growth: float = 1.8
    covered: float = 0.35
    blurred: float = 2.0
    networks: float = 0.03
    search_every: float = 0.5
    missed: float = 0.05
    away: float = 0.1
    away_seconds: float = 0.4
    longest: float = 0.6
    false: float = 0.3
    suppressed: float = 0.4
    irregular: float = 0.3
    searched_scores: Scores = (0.553, 0.781, 0.86, 0.908, 0.945)
    near_scores: Scores = (0.774, 0.845, 0.895, 0.939, 0.969)
    covered_scores: Scores = (0.421, 0.498, 0.568, 0.672, 0.739)
    covered_near_scores: Scores = (0.705, 0.718, 0.751, 0.78, 0.816)
    false_scores: Scores = (0.554, 0.627, 0.655, 0.674, 0.704)

    def scores(self, *, near: bool, blurred: bool) -> Scores:
        """Return what the network that looks at a face gives it."""
        if near:
            return self.covered_near_scores if blurred else self.near_scores
        return self.covered_scores if blurred else self.searched_scores


@dataclass(frozen=True, slots=True)
class Frame:
    """A moment, who is to be seen then and where, and what the detector reports: faces, the largest first."""

    at: float
    truth: Mapping[int, Box]
    faces: tuple[Face, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """Who moves how, for how many seconds; `shake` is what the camera adds to every place, in pixels."""

    name: str
    seconds: float
    people: Sequence[Path]
    shake: Callable[[float], tuple[float, float]] = lambda _: (0.0, 0.0)

    def at(self, second: float) -> dict[int, Place]:
        """Return the place of everybody who is there, by number from 1."""
        across, down = self.shake(second)
        places = {number: path(second) for number, path in enumerate(self.people, 1)}
        return {
            number: Place(place.x + across, place.y + down, place.side) for number, place in places.items() if place
        }


def clip(scene: Scene, rate: int, noise: Noise = Noise(), seed: int = 7) -> list[Frame]:
    """Return what a detector reports of a scene at `rate` frames a second."""
    random = np.random.default_rng([seed, rate])
    detector = _Detector(len(scene.people), rate, noise, random)
    times = ((n + random.uniform(-0.5, 0.5) * noise.irregular) / rate for n in range(round(scene.seconds * rate)))
    return [detector.frame(at, scene.at(at)) for at in times]


@dataclass(slots=True)
class _Attention:
    """Until when somebody is turned away, and when they were last found."""

    away_until: float = -math.inf
    found_at: float = -math.inf

    def is_found(self, at: float, rate: int, noise: Noise, random: np.random.Generator) -> bool:
        """Draw whether the detector finds the face in the frame of this moment."""
        if at >= self.away_until and random.random() < noise.away / rate:
            self.away_until = at + noise.away_seconds
        missed = random.random() < noise.missed or at < self.away_until
        if missed and at - self.found_at < noise.longest:
            return False
        self.found_at = at
        return True


class _Detector:
    """A detector with noise, and what it needs to remember of the people before it."""

    def __init__(self, people: int, rate: int, noise: Noise, random: np.random.Generator) -> None:
        self._rate = rate
        self._noise = noise
        self._random = random
        self._attention = [_Attention() for _ in range(people)]
        self._looks_near = people <= MOST_NEAR
        self._networks = random.normal(0, noise.networks, (people, 3)) if self._looks_near else np.zeros((people, 3))
        self._searched_at = -math.inf

    def frame(self, at: float, places: Mapping[int, Place]) -> Frame:
        """Return what is reported of the people at these places."""
        noise, random = self._noise, self._random
        cover = {number: _covered(place, places.values()) for number, place in places.items()}
        seen = {number: place for number, place in places.items() if cover[number] <= noise.covered}
        searched = at - self._searched_at >= noise.search_every
        self._searched_at = at if searched else self._searched_at
        faces = []
        for number, place in seen.items():
            if self._attention[number - 1].is_found(at, self._rate, noise, random):
                blurred = cover[number] > noise.covered / 2
                drawn = self._drawn(number, place, searched, blurred)
                scores = noise.scores(near=self._looks_near and not searched, blurred=blurred)
                faces.append(_face(drawn, self._score(scores), number))
        faces.extend(self._false(faces))
        faces.sort(key=lambda face: -face.box.area)
        return Frame(at, {number: box_of(place) for number, place in seen.items()}, tuple(faces))

    def _drawn(self, number: int, place: Place, searched: bool, blurred: bool) -> Place:
        """Return a face as the detector draws it."""
        noise = self._noise
        scale = noise.blurred if blurred else 1.0
        across, down, growth = (scale * self._random.normal(0, (noise.shift, noise.shift, noise.growth))).tolist()
        if searched:
            x, y, larger = (self._networks[number - 1] * place.side).tolist()
            across, down, growth = across + x, down + y, growth + larger
        return Place(place.x + across, place.y + down, max(1.0, place.side + growth))

    def _false(self, faces: Sequence[Face]) -> list[Face]:
        """Return a face where there is none, now and then."""
        noise, random = self._noise, self._random
        if random.random() >= noise.false / self._rate:
            return []
        nothing = Place(random.uniform(0, frames.WIDTH), random.uniform(0, frames.HEIGHT), random.uniform(40, 140))
        box = box_of(nothing)
        if any(common_area(box, face.box) > noise.suppressed * min(box.area, face.box.area) for face in faces):
            return []
        return [_face(nothing, self._score(noise.false_scores), 0)]

    def _score(self, scores: Scores) -> float:
        return float(np.interp(self._random.random(), PERCENTILES, scores))


def _covered(place: Place, others: Iterable[Place]) -> float:
    """Return the most of a face's box, 0 to 1, that a larger one, which is taken to be nearer, covers."""
    box = box_of(place)
    nearer = (box_of(other) for other in others if other.side > place.side)
    return max((common_area(box, other) / box.area for other in nearer), default=0.0)


def _face(place: Place, confidence: float, number: int) -> Face:
    """Return a face with an expression of its own for each of seven people."""
    scores = tuple(0.7 if index == number % len(EMOTIONS) else 0.05 for index in range(len(EMOTIONS)))
    return Face(box_of(place), confidence, scores, uncertain=False)


def box_of(place: Place) -> Box:
    """Return the box of a face."""
    side = round(place.side)
    return Box(round(place.x - place.side / 2), round(place.y - place.side / 2), side, side)


def common_area(one: Box, other: Box) -> int:
    """Return the area that two boxes have in common, in square pixels."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    return max(0, width) * max(0, height)
