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

frame_answered = Signal()
"""A frame of a stream was answered, in whatever way. Sent in the context in which it came (`contextvars`). The sender
is its transport, `status` the word of the answer, `code` an error's. `arrived`, and `recording`, from when to when its
faces were recorded, are seconds of the monotonic clock; `analysis` is the `Analysis`. What was not done is None."""

row_awaited = Signal()
"""A task waited until a row was durable, or could not be. The sender is the `Recorder`; `began` is seconds of the
monotonic clock."""

faces_unrecorded = Signal()
"""The faces of a frame were to be recorded and were not: as many rows wait as may. The sender is None."""

image_analyzed = Signal()
"""Faces were looked for in an image. The sender is the `Engine`; `analysis` is the `Analysis`."""

rows_committed = Signal()
"""Rows were committed to the log and the counters. The sender is the `Recorder`."""
