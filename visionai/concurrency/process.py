"""The process as a whole: its memory allocator, its last moments, its replacement when it can go on no longer."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
from collections.abc import Callable

logger = logging.getLogger(__name__)

_M_MMAP_THRESHOLD, _M_ARENA_MAX = -3, -8
_MMAP_BYTES = 2 << 20
"""From this size on glibc takes memory from the system piece by piece, and gives each piece back when it is freed."""

_replacement: Callable[[], object] | None = None
_draining = False


def return_freed_memory() -> None:
    """Keep glibc from giving every native thread a heap of its own, and from keeping large pieces once freed.

    Without a fixed threshold it learns from what is freed, up to 32 MB, and keeps pieces of that size for ever.
    """
    with contextlib.suppress(OSError, AttributeError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_MMAP_THRESHOLD, _MMAP_BYTES)


def freeze_objects() -> None:
    """Leave what is there out of all later garbage collections: modules, tables, schemas, routes.

    They are 160,000 objects that stay to the end. A full collection would walk over each of them while nobody is
    answered, which takes longer than most answers.
    """
    gc.collect()
    gc.freeze()


def trim_memory() -> None:
    """Give back to the system what is free at the end of the heap and between its pieces (glibc)."""
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def on_replacement(function: Callable[[], object]) -> None:
    """Have `function` called to replace this process: it makes the server stop accepting, drain, and leave."""
    global _replacement  # noqa: PLW0603
    _replacement = function


def replace_process(reason: str) -> None:
    """Have this process replaced by a new one, or say in the log that somebody must; may be called by any thread."""
    if _replacement is None:
        logger.critical("%s. Nobody replaces this process: restart the server.", reason)
    else:
        logger.critical("%s. This process drains and is replaced.", reason)
        _replacement()


def begin_draining() -> None:
    """Remember that this process was told to stop and serves on only until nobody sends it more."""
    global _draining  # noqa: PLW0603
    _draining = True


def draining() -> bool:
    """Tell whether this process was told to stop."""
    return _draining
