"""What every measurement is given: the machine's PostgreSQL and how much to do."""

from __future__ import annotations

from dataclasses import dataclass

from tests.support.postgres import Cluster


@dataclass(frozen=True, slots=True)
class Scale:
    """How long and how many. `frames` and `rows` are a smaller and a larger number that are compared."""

    seconds: float
    crowd: int
    idle: int
    frames: tuple[int, int]
    rows: tuple[int, int, int]


FULL = Scale(seconds=15.0, crowd=1_000, idle=2_000, frames=(2_000, 20_000), rows=(1_000_000, 10_000_000, 30_000_000))
QUICK = Scale(seconds=1.5, crowd=40, idle=40, frames=(100, 200), rows=(1_000, 5_000, 10_000))


@dataclass(frozen=True, slots=True)
class Bench:
    """A running PostgreSQL and the scale."""

    cluster: Cluster
    scale: Scale
