"""An engine that works when the test tells it to, and sees faces of its own in everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from visionai.errors import Busy, ImageTooSmall
from visionai.vision.priors import Prior

from .fakes import a_face, an_analysis

SAD = (0.01, 0.0, 0.01, 0.36, 0.01, 0.6, 0.01)


class FakeAnalyzer:
    """Sees a face in everything but `blank`, happy at typical shares and sad at even ones; refuses `small`."""

    def __init__(self) -> None:
        self.pictures: list[bytes] = []

    def analyze(self, data: bytes, *, prior: Prior, **options: Any) -> Any:
        self.pictures.append(data)
        if data == b"small":
            raise ImageTooSmall(width=1, height=1, limit=16)
        if data == b"broken inside":
            raise ZeroDivisionError
        face = a_face() if prior is Prior.TYPICAL else a_face(SAD)
        return an_analysis(*([] if data == b"blank" else [face]), prior=prior)


class HandEngine:
    """An engine that works when it is told to."""

    version_tag = "v1.0.0+office"

    def __init__(self) -> None:
        self.analyzer = FakeAnalyzer()
        self.full = False
        self.failure: Exception | None = None
        self._queue: list[tuple[Callable[[Any], Any], Any]] = []

    def submit(self, work: Callable[[Any], Any], on_done: Any) -> None:
        if self.full:
            raise Busy
        self._queue.append((work, on_done))

    def work(self) -> None:
        """Do everything that is queued, and what that leads to."""
        while self._queue:
            work, on_done = self._queue.pop(0)
            if self.failure is not None:
                on_done(None, self.failure)
                continue
            try:
                result = work(self.analyzer)
            except Exception as error:  # noqa: BLE001 - as the native threads do
                on_done(None, error)
            else:
                on_done(result, None)

    def close(self) -> None:
        """Nothing to stop."""
