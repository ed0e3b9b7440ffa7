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

from . import frames

RATES = (5, 15, 30)
"""Frames a second."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody's face is: its middle and its side, in pixels of a picture of 640x480."""

    x: float
    y: float
    side: float


Path = Callable[[float], Place | None]
"""Somebody's place at a second of the clip, None while nobody is there."""


@dataclass(frozen=True, slots=True)
class Noise:
    """What a detector does wrong.

    `shift` and `growth` are standard deviations, in sides. A face is missed in a share `missed` of the frames, and
    `away` times a second for `away_seconds`, as of somebody who turns, but is found at the latest in the first frame
    `longest` after the last one that showed it. `false` times a second there is a face where
    there is none; non-maximum suppression leaves none that covers `covered` of a true one. A face is hidden when a
    nearer one covers as much of it. Times of frames vary by up to half of `irregular` intervals to either side.
    """

    shift: float = 0.02
    growth: float = 0.03
    missed: float = 0.05
    away: float = 0.1
    away_seconds: float = 0.4
    longest: float = 0.6
    false: float = 0.3
    covered: float = 0.4
    irregular: float = 0.3


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
    attention = {number: _Attention() for number in range(1, len(scene.people) + 1)}
    result = []
    for number in range(round(scene.seconds * rate)):
        at = (number + random.uniform(-0.5, 0.5) * noise.irregular) / rate
        result.append(_frame(at, scene.at(at), attention, rate, noise, random))
    return result


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


def _frame(
    at: float,
    places: Mapping[int, Place],
    attention: Mapping[int, _Attention],
    rate: int,
    noise: Noise,
    random: np.random.Generator,
) -> Frame:
    seen = {number: place for number, place in places.items() if not _hidden(place, places.values(), noise.covered)}
    faces = []
    for number, place in seen.items():
        if attention[number].is_found(at, rate, noise, random):
            faces.append(_face(_blurred(place, noise, random), random.uniform(0.75, 0.98), number))
    if random.random() < noise.false / rate:
        nothing = Place(random.uniform(0, frames.WIDTH), random.uniform(0, frames.HEIGHT), random.uniform(40, 140))
        box = box_of(nothing)
        if all(common_area(box, face.box) <= noise.covered * min(box.area, face.box.area) for face in faces):
            faces.append(_face(nothing, random.uniform(0.7, 0.8), 0))
    faces.sort(key=lambda face: -face.box.area)
    return Frame(at, {number: box_of(place) for number, place in seen.items()}, tuple(faces))


def _hidden(place: Place, others: Iterable[Place], covered: float) -> bool:
    """Tell whether a larger face, which is taken to be nearer, covers a share of this one."""
    box = box_of(place)
    return any(other.side > place.side and common_area(box, box_of(other)) > covered * box.area for other in others)


def _blurred(place: Place, noise: Noise, random: np.random.Generator) -> Place:
    across, down, growth = random.normal(0, (noise.shift, noise.shift, noise.growth)).tolist()
    return Place(place.x + across * place.side, place.y + down * place.side, place.side * math.exp(growth))


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
