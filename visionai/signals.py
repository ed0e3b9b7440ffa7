"""Signals (blinker): observers of answered images, analyses and commits; none may wait.

Receivers are called one after another by the task that sends.
"""

from __future__ import annotations

from blinker import Signal

image_answered = Signal()
"""An image or frame was answered. The sender is the transport: "rest", "socketio" or "ws". `status` is "success" or the
word or code of the answer, `age_ms` its age in milliseconds, None where nobody measured it."""

image_failed = Signal()
"""A frame could not be read and was answered as an error. The sender is its transport; `code` is the error's."""

faces_unrecorded = Signal()
"""The faces of a frame were to be recorded and were not: as many rows wait as may. The sender is None."""

image_analyzed = Signal()
"""Faces were looked for in an image. The sender is the `Engine`; `analysis` is the `Analysis`."""

rows_committed = Signal()
"""Rows were committed to the log and the counters. The sender is the `Recorder`."""
