"""The one place that knows greenlets from threads.

A server process runs on plain threads until `patch` is called, and on eventlet's greenlets from then on. Everybody
else writes what suits both: `spawn`, `sleep`, `Lock`, `Event`, and native threads for what would stop the hub.
"""

from .native import Done, NativeThreads, call_native
from .tasks import Event, Guard, Lock, NativeLock, Semaphore, at_stop, mode, patch, send_now, sleep, spawn, stop

__all__ = [
    "Done",
    "Event",
    "Guard",
    "Lock",
    "NativeLock",
    "NativeThreads",
    "Semaphore",
    "at_stop",
    "call_native",
    "mode",
    "patch",
    "send_now",
    "sleep",
    "spawn",
    "stop",
]
