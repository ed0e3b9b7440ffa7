"""Admission hook: asked before an image is decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Need:
    """What decoding an image of `width` x `height` takes.

    `memory` is bytes at the peak, `work` the pixels that the decoder goes over in all.
    """

    memory: int
    work: int
    width: int
    height: int


Admission = Callable[[Need], None]
"""Returns when the image may be decoded. It may wait, and raises Busy or ImageTooLarge where it may not."""


def admit_all(need: Need) -> None:
    """Admit every image at once, as a command line does with files of its own user."""
