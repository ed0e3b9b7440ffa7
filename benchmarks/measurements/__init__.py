"""The measurements, in the order in which the report shows them. Each has a `TITLE`, a text and `measure(bench)`."""

from __future__ import annotations

from . import (
    beside,
    crowd,
    deliveries,
    erasure,
    figures,
    goodput,
    greedy,
    idle,
    keys,
    one_client,
    pages,
    recorder,
    restoring,
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
    keys,
    deliveries,
    recorder,
    erasure,
    restoring,
    tracking,
    threads,
    startup,
    stopping,
    pages,
)
