"""The measurements, in the order in which the report shows them. Each has a `TITLE`, a text and `measure(bench)`."""

from __future__ import annotations

from . import (
    beside,
    crowd,
    erasure,
    figures,
    goodput,
    greedy,
    idle,
    one_client,
    pages,
    recorder,
    sessions,
    sixteen,
    startup,
    steady,
    stopping,
    threads,
    tracking,
)

ALL = (
    one_client,
    sixteen,
    goodput,
    crowd,
    idle,
    beside,
    greedy,
    steady,
    figures,
    sessions,
    recorder,
    erasure,
    tracking,
    threads,
    startup,
    stopping,
    pages,
)
