"""A frame waiting to be read, and the slot of at most one, the newest: backpressure by dropping."""

from __future__ import annotations

import time
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

from uuid_utils.compat import uuid7

from ...concurrency import Share
from ...services.analysis import Source
from ...signals import frame_answered, image_answered
from ...vision.priors import Prior
from ...vision.results import Analysis
from .run import Run
from .shared import Reply


@dataclass(slots=True)
class Frame:
    """An image that waits to be read and answered. `arrived` is seconds of the monotonic clock."""

    image: bytes | str
    seq: int | float | str | None
    detect: bool
    record: bool
    prior: Prior
    source: Source
    reply: Reply
    run: Run | None = None
    """The recorded session that it belongs to, if it does."""

    offset_ms: int | None = None
    """A video's own time, where the client gave it."""

    held: Share | None = None
    """The hold on the memory of the image; it ends with the frame."""

    arrived: float = field(default_factory=time.monotonic)
    uid: UUID = field(default_factory=uuid7)
    context: Context = field(default_factory=copy_context)
    """Where it came: what is observed and logged of it belongs to its client's connection."""

    recording: tuple[float, float] | None = None
    """From when to when its faces were recorded, in seconds of the monotonic clock, if they were."""

    @property
    def age_ms(self) -> float:
        """Milliseconds since the frame arrived."""
        return round((time.monotonic() - self.arrived) * 1000, 1)

    def tell(self, transport: str, status: str, age_ms: float, analysis: Analysis | None, code: str | None) -> None:
        """Tell observers how it was answered, after so many milliseconds; `code` is that of an error."""
        image_answered.send(transport, status=status, age_ms=age_ms)
        if frame_answered.receivers:
            send = partial(frame_answered.send, transport, status=status, code=code, arrived=self.arrived)
            self.context.run(partial(send, analysis=analysis, recording=self.recording))


class FrameSlot:
    """Holds at most one frame: the newest. A native thread may take it while a task puts another."""

    def __init__(self) -> None:
        # Every change is one call of the list, which is atomic: a lock would have to suit greenlets and threads both.
        self._frames: list[Frame] = []

    def __bool__(self) -> bool:
        return bool(self._frames)

    def put(self, frame: Frame) -> Frame | None:
        """Put the newest frame and return the one whose place it took."""
        older = self.take()
        self._frames.append(frame)
        return older

    def take(self) -> Frame | None:
        """Take the frame out; None where there is none."""
        try:
            return self._frames.pop()
        except IndexError:
            return None
