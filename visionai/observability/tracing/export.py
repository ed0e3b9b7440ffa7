"""The batch processor: ended spans wait in a bounded queue, and a native thread sends them.

OpenTelemetry's own starts a thread of `threading`, which is a greenlet here once the process is patched: encoding and
the exporter's requests would hold up the hub.
"""

from __future__ import annotations

import logging
import time
from collections import deque

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

from ... import concurrency
from .collector import Collector, Unsent

logger = logging.getLogger(__name__)

BATCH = 512
"""Spans of one request to the collector, at most: the SDK's own default."""

TRIES = 3
"""How often a batch is sent that the collector cannot take now."""

MOST_PAUSE_SECONDS = 30.0
STOP_SECONDS = 1.0
"""How long the end of the process waits for the last spans."""


class SpanExport(SpanProcessor):
    """Sends spans in batches, `delay` seconds apart or once a batch is full; what does not fit the queue is dropped.

    `queue` is how many spans wait, at most. Nobody who ends a span waits for the network, or for the encoding.
    """

    def __init__(self, collector: Collector, queue: int, delay: float) -> None:
        self._collector = collector
        self._most = queue
        self._delay = delay
        self._batch = min(BATCH, queue)
        self._waiting: deque[ReadableSpan] = deque()
        self._changed = concurrency.native_condition()
        self._thread = concurrency.native_thread(self._run, "spans")
        self._closing = self._failing = False
        self._dropped = 0

    @property
    def running(self) -> bool:
        """Whether the thread that sends has not ended."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span that was sampled."""
        context = span.get_span_context()
        if context is None or not context.trace_flags.sampled:
            return
        with self._changed:
            if self._closing or len(self._waiting) >= self._most:
                self._dropped += 1
                return
            self._waiting.append(span)
            if len(self._waiting) >= self._batch:
                self._changed.notify()

    def shutdown(self) -> None:
        """Send what waits, once, and take no more; gives up after STOP_SECONDS. Safe to call twice."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self.running:
            self._thread.join(STOP_SECONDS)
        self._collector.close()

    def _run(self) -> None:
        while batch := self._next_batch():
            try:
                self._send(encode_spans(batch).SerializeToString(), len(batch))
            except Exception:
                logger.exception("Spans could not be exported")

    def _next_batch(self) -> list[ReadableSpan]:
        """Wait for spans and return them, none at the end."""
        with self._changed:
            self._changed.wait_for(self._is_due, self._delay)
            while not self._waiting and not self._closing:
                self._changed.wait(self._delay)
            return [self._waiting.popleft() for _ in range(min(self._batch, len(self._waiting)))]

    def _is_due(self) -> bool:
        return self._closing or len(self._waiting) >= self._batch

    def _send(self, body: bytes, count: int) -> None:
        for tries_left in reversed(range(TRIES)):
            try:
                self._collector.send(body)
            except Unsent as error:
                self._failed(error)
                if not error.may_repeat or not tries_left or self._closing:
                    break
                self._pause(min(error.after or self._delay, MOST_PAUSE_SECONDS))
            else:
                self._came_through()
                return
        with self._changed:
            self._dropped += count

    def _pause(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        with self._changed:
            while not self._closing and (left := deadline - time.monotonic()) > 0:
                self._changed.wait(left)

    def _failed(self, error: Unsent) -> None:
        """Say once, and not every few seconds for as long as it lasts, that spans do not arrive."""
        if not self._failing:
            self._failing = True
            logger.warning("Spans do not reach the collector, and are dropped beyond %d: %s", self._most, error)

    def _came_through(self) -> None:
        if self._failing:
            self._failing = False
            logger.info("Spans reach the collector again; %d were dropped so far", self._dropped)
