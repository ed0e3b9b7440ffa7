"""The one place that knows greenlets from threads.

A server process runs on plain threads until `patch` is called, and on eventlet's greenlets from then on. Everybody
else writes what suits both: `spawn`, `sleep`, `Lock`, `Event`, and native threads for what would stop the hub.
"""

from .budget import Budget, Share
from .fair import FairSlots
from .handover import KEEP, Serve, hand_over, until_gone
from .native import NativeThreads, call_native, pools
from .pace import Pace, PacedSocket
from .process import (
    begin_draining,
    draining,
    freeze_objects,
    on_replacement,
    replace_process,
    return_freed_memory,
    trim_memory,
)
from .readiness import Readiness, on_readable, readable_within
from .tasks import (
    Event,
    Guard,
    Lock,
    NativeLock,
    Semaphore,
    at_stop,
    green_listener,
    mode,
    native_condition,
    native_connection,
    native_thread,
    patch,
    send_now,
    sleep,
    spawn,
    spawn_until,
    spawn_within,
    stop,
    time_limit,
)
from .tls import TLSConnection
from .work import Done

__all__ = [
    "KEEP",
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
    "Readiness",
    "Semaphore",
    "Serve",
    "Share",
    "TLSConnection",
    "at_stop",
    "begin_draining",
    "call_native",
    "draining",
    "freeze_objects",
    "green_listener",
    "hand_over",
    "mode",
    "native_condition",
    "native_connection",
    "native_thread",
    "on_readable",
    "on_replacement",
    "patch",
    "pools",
    "readable_within",
    "replace_process",
    "return_freed_memory",
    "send_now",
    "sleep",
    "spawn",
    "spawn_until",
    "spawn_within",
    "stop",
    "time_limit",
    "trim_memory",
    "until_gone",
]
