"""The one place that knows greenlets from threads.

A server process runs on plain threads until `patch` is called, and on eventlet's greenlets from then on. Everybody
else writes what suits both: `spawn`, `sleep`, `Lock`, `Event`, and native threads for what would stop the hub.
"""

from .budget import Budget, Share
from .fair import FairSlots
from .native import NativeThreads, call_native, pools
from .pace import Pace, PacedSocket
from .process import begin_draining, draining, on_replacement, replace_process, return_freed_memory, trim_memory
from .tasks import (
    Event,
    Guard,
    Lock,
    NativeLock,
    Semaphore,
    at_stop,
    green_listener,
    mode,
    patch,
    send_now,
    sleep,
    spawn,
    stop,
    time_limit,
)
from .work import Done

__all__ = [
    "Budget",
    "Done",
    "Event",
    "FairSlots",
    "Guard",
    "Lock",
    "NativeLock",
    "NativeThreads",
    "Pace",
    "PacedSocket",
    "Semaphore",
    "Share",
    "at_stop",
    "begin_draining",
    "call_native",
    "draining",
    "green_listener",
    "mode",
    "on_replacement",
    "patch",
    "pools",
    "replace_process",
    "return_freed_memory",
    "send_now",
    "sleep",
    "spawn",
    "stop",
    "time_limit",
    "trim_memory",
]
