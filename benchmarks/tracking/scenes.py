"""The scenes that the tracker is measured on: people who sway, cross, leave, come back, and a camera that shakes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from ..vision import frames
from .clips import Path, Place, Scene

SWAY = 0.08
"""How far a head sways to either side, in widths of the picture."""
NEARER = 0.04
"""How much larger and smaller a face becomes as its owner sways or walks: 3 cm at an arm's length from the camera."""
MIDDLE = frames.WIDTH / 2


def all_scenes(seed: int) -> Sequence[Scene]:
    """Return every scene, in the order of the report; who crosses whom how is drawn."""
    return (
        two_sway(),
        five_sway(),
        crossing(chance=Random(seed)),
        five_crossing(chance=Random(seed)),
        handover(),
        returning(),
        turning(),
        near_and_far(),
        shaking(),
        sixteen(),
    )


def two_sway(seconds: float = 60) -> Scene:
    """Two people side by side."""
    return Scene("Two who sway", seconds, [_sway(200, 230, 120, 2.3, 0), _sway(440, 240, 110, 1.9, 2)])


def five_sway(seconds: float = 60) -> Scene:
    """Five people, three before and two behind them."""
    spots = [(110, 300, 92, 2.3), (320, 310, 96, 1.9), (530, 295, 90, 2.7), (215, 170, 70, 2.1), (425, 165, 74, 1.7)]
    return Scene("Five who sway", seconds, [_sway(*spot, number) for number, spot in enumerate(spots)])


def crossing(seconds: float = 48, chance: Random | None = None) -> Scene:
    """Two people who pass each other again and again, one before the other.

    They need four seconds from one side to the other; with `chance`, two and a half to five, and sizes and heights are
    drawn too.
    """
    period, far, ratio, height = 8.0, 96.0, 112 / 96, 8.0
    if chance:
        period, far, ratio, height = (chance.uniform(*ends) for ends in ((5, 10), (75, 105), (1.05, 1.35), (-12, 12)))
    people = [_walk(0, period, 200, 240, far * ratio), _walk(math.pi, period, 200, 240 - height, far)]
    return Scene("Two who cross", seconds, people)


def five_crossing(seconds: float = 48, chance: Random | None = None) -> Scene:
    """Five people at five distances who walk to and fro, so that everybody passes everybody twice in eight seconds.

    With `chance`, the pace is drawn, and where each is, how large and how high.
    """
    chance = chance or Random(7)
    period, way = chance.uniform(6, 9), chance.uniform(200, 250)
    sides = chance.sample((68, 78, 90, 104, 120), 5)
    people = [
        _walk(
            phase=2 * math.pi * (number + chance.uniform(-0.05, 0.05)) / len(sides),
            period=period,
            way=way,
            y=240 + chance.uniform(-25, 25),
            side=side * chance.uniform(0.97, 1.03),
        )
        for number, side in enumerate(sides)
    ]
    return Scene("Five who cross", seconds, people)


def handover() -> Scene:
    """One leaves to the left; a third of a second later another comes from the right."""

    def leave(second: float) -> Place | None:
        x = 320 - 130 * max(0, second - 4)
        return Place(x, 240, 110) if x > 0 else None

    def come(second: float) -> Place | None:
        x = frames.WIDTH - 130 * (second - 6.8)
        return Place(max(x, 320), 235, 105) if x < frames.WIDTH else None

    return Scene("One leaves, another comes", 16, [leave, come])


def returning() -> Scene:
    """One is away for three seconds, longer than a tracker remembers, and so is somebody new."""

    def before(second: float) -> Place | None:
        return _sway(320, 240, 110, 2.3, 0)(second) if second < 6 else None

    def after(second: float) -> Place | None:
        return _sway(320, 240, 110, 2.3, 0)(second) if second >= 9 else None

    return Scene("One leaves for 3 s and returns", 16, [before, after])


def turning() -> Scene:
    """One is away for half a second in every three, while somebody else stays."""

    def turns(second: float) -> Place | None:
        return _sway(220, 240, 110, 2.3, 0)(second) if second % 3 < 2.5 else None

    return Scene("One turns away for 0.5 s", 24, [turns, _sway(430, 235, 105, 1.9, 1)])


def near_and_far() -> Scene:
    """One sits close to the camera; another walks to and fro behind, and is hidden for a moment each time."""

    def walk(second: float) -> Place:
        return Place(MIDDLE + 260 * math.cos(math.pi * second / 3.5), 200, 60)

    return Scene("A close one and a far one", 40, [_sway(330, 250, 130, 2.9, 0, 0.02), walk])


def shaking() -> Scene:
    """A camera in a hand before three people."""

    def shake(second: float) -> tuple[float, float]:
        turn = 2 * math.pi * second
        return 10 * math.sin(2.3 * turn) + 7 * math.sin(3.7 * turn), 8 * math.sin(1.9 * turn) + 5 * math.cos(4.1 * turn)

    spots = [(150, 240, 90, 2.3), (320, 225, 84, 1.9), (490, 245, 88, 2.7)]
    return Scene("A camera that shakes", 30, [_sway(*spot, number, 0.02) for number, spot in enumerate(spots)], shake)


def sixteen() -> Scene:
    """Sixteen people in rows of four."""
    spots = [
        (80 + 160 * (number % 4), 60 + 120 * (number // 4), 64 + number, 1.7 + number / 10) for number in range(16)
    ]
    return Scene("Sixteen in four rows", 20, [_sway(*spot, number, 0.04) for number, spot in enumerate(spots)])


def _walk(phase: float, period: float, way: float, y: float, side: float) -> Path:
    """Return the path of somebody who walks to and fro about the middle of the picture, not quite at one distance."""

    def path(second: float) -> Place:
        turn = 2 * math.pi * second / period + phase
        return Place(MIDDLE - way * math.cos(turn), y, side * (1 + NEARER * math.sin(1.7 * turn)))

    return path


def _sway(x: float, y: float, side: float, period: float, phase: float, amplitude: float = SWAY) -> Path:
    """Return the path of a head that sways and nods about a place, and to and from the camera."""

    def path(second: float) -> Place:
        turn = 2 * math.pi * second / period + phase
        nearer = 1 + NEARER * math.sin(0.7 * turn)
        return Place(x + amplitude * frames.WIDTH * math.sin(turn), y + 8 * math.sin(2 * turn + 1), side * nearer)

    return path
