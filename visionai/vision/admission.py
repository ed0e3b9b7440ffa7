"""Asking, before a picture is decoded, whether it may be now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """What decoding a picture of `width` x `height` takes.

    `memory` is bytes at the peak, `work` the pixels that the decoder goes over in all.
    """

    memory: int
    work: int
    width: int
    height: int


Admission = Callable[[Need], None]
"""Returns when the picture may be decoded. It may wait, and raises Busy or ImageTooLarge where it may not."""


def admit_all(need: Need) -> None:
    """Admit every picture at once, as a command line does with files of its own user."""
