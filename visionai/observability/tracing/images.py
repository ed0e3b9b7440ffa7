"""Spans of images, made once they are answered, from the times that were taken anyway.

A frame of a stream is a trace of its own, so that the sampler decides on each, with a link to its connection. The steps
of images over REST are below their request.
"""

from __future__ import annotations

import time

from flask import has_request_context
from opentelemetry.context import Context
from opentelemetry.trace import Link, SpanKind, StatusCode, Tracer
from opentelemetry.trace.propagation import set_span_in_context

from ...signals import frame_answered, image_analyzed, row_awaited
from ...vision.results import Analysis
from .. import trace_context
from ..metrics import FAULTS
from .requests import context_of, span_context_of


class ImageSpans:
    """Observes images that are answered."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def connect(self) -> None:
        """Begin to observe, for as long as somebody keeps this."""
        frame_answered.connect(self._frame)
        image_analyzed.connect(self._analyzed)
        row_awaited.connect(self._awaited)

    def _frame(
        self,
        transport: str,
        *,
        status: str,
        code: str | None,
        arrived: float,
        analysis: Analysis | None,
        recording: tuple[float, float] | None,
    ) -> None:
        connection, clock = trace_context.current(), _WallClock()
        span = self._tracer.start_span(
            "frame",
            Context(),
            SpanKind.SERVER,
            {"visionai.transport": transport, "visionai.status": status},
            [Link(span_context_of(connection))] if connection else [],
            clock(arrived),
        )
        if span.is_recording():
            within = set_span_in_context(span, Context())
            if analysis is not None:
                span.set_attribute("visionai.faces", len(analysis.faces))
                span.set_attribute("visionai.version", analysis.model_version_tag)
                self._steps(analysis, within, clock)
            if recording is not None:
                self._step("record", *recording, within, clock)
            if code is not None:
                span.set_attribute("error.type", code)
            if code in FAULTS:
                span.set_status(StatusCode.ERROR)
        span.end(clock(time.monotonic()))

    def _analyzed(self, _: object, *, analysis: Analysis) -> None:
        if (within := _request()) is not None:
            self._steps(analysis, within, _WallClock())

    def _awaited(self, _: object, *, began: float) -> None:
        if (within := _request()) is not None:
            self._step("record", began, time.monotonic(), within, _WallClock())

    def _steps(self, analysis: Analysis, within: Context, clock: _WallClock) -> None:
        """Make the spans of the steps of an analysis, which followed one another."""
        if (began := analysis.began) is None:
            return
        for name, milliseconds in analysis.step_ms.items():
            ended = began + milliseconds / 1000
            self._step(name, began, ended, within, clock)
            began = ended

    def _step(self, name: str, began: float, ended: float, within: Context, clock: _WallClock) -> None:
        self._tracer.start_span(name, within, start_time=clock(began)).end(clock(ended))


def _request() -> Context | None:
    """Return the context of the current request where its span is recorded; a stream's images are no request's."""
    trace = trace_context.current()
    if trace is None or not trace.recorded or not has_request_context():
        return None
    return context_of(trace, remote=False)


class _WallClock:
    """Moments of the monotonic clock in nanoseconds since 1970, all by one comparison of both clocks."""

    def __init__(self) -> None:
        # The system may take the processor away between two looks: the quickest of some comparisons counts.
        self._offset = min(_compared() for _ in range(3))[1]

    def __call__(self, moment: float) -> int:
        return round(moment * 1e9) + self._offset


def _compared() -> tuple[int, int]:
    """Return how long a comparison of both clocks took, and how far the wall's is ahead, in nanoseconds."""
    before, wall, after = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
    return after - before, wall - (before + after) // 2
