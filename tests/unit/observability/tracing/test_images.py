"""Spans of frames and of the steps of images, from the signals that tell of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from wsgiref.types import WSGIEnvironment

import pytest
from flask import Flask
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from tests.support.fakes import a_face, an_analysis
from visionai.observability import trace_context
from visionai.observability.trace_context import TraceContext
from visionai.observability.tracing.images import ImageSpans
from visionai.signals import frame_answered, image_analyzed, row_awaited

TRACE, OURS = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
Observing = Callable[[], InMemorySpanExporter]


@pytest.fixture
def observing() -> Iterator[Observing]:
    """Begin to make spans, by the sampler that the environment names at that moment."""
    kept: list[ImageSpans] = []

    def begin() -> InMemorySpanExporter:
        ended = InMemorySpanExporter()
        provider = TracerProvider(shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(ended))
        kept.append(ImageSpans(provider.get_tracer("tests")))
        kept[-1].connect()
        return ended

    yield begin
    kept.clear()


def a_frame(code: str | None = None) -> None:
    now = time.monotonic()
    analysis = replace(an_analysis(a_face()), began=now, step_ms={"decode": 1.0, "detect": 2.0}) if not code else None
    told = {"arrived": now, "analysis": analysis, "recording": (now, now) if analysis else None}
    frame_answered.send("ws", status="error" if code else "success", code=code, **told)


def within_a_request(recorded: bool) -> None:
    """Answer an image over REST, in a request whose span is recorded, or is not."""
    environ: WSGIEnvironment = {}
    trace_context.place(environ, TraceContext(TRACE, OURS, sampled=recorded, recorded=recorded))
    with Flask(__name__).test_request_context(), trace_context.serving(environ):
        began = time.monotonic()
        image_analyzed.send(None, analysis=replace(an_analysis(a_face()), began=began, step_ms={"decode": 1.0}))
        row_awaited.send(None, began=began)


def named(ended: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in ended.get_finished_spans()}


def test_a_frame_has_its_steps_below_it_one_after_the_other(observing: Observing) -> None:
    ended = observing()
    a_frame()
    spans = named(ended)
    assert list(spans) == ["decode", "detect", "record", "frame"]
    assert {span.parent.span_id for name, span in spans.items() if span.parent} == {spans["frame"].context.span_id}
    decode, detect = spans["decode"], spans["detect"]
    assert (decode.end_time or 0) - (decode.start_time or 0) > 0
    assert (detect.end_time or 0) > (decode.end_time or 0)


@pytest.mark.parametrize(("code", "failed"), [("image_too_small", False), ("model_unavailable", True)])
def test_a_frame_that_failed_says_whose_fault_it_was(observing: Observing, code: str, failed: bool) -> None:
    ended = observing()
    a_frame(code)
    (frame,) = ended.get_finished_spans()
    assert (frame.attributes or {})["error.type"] == code
    assert (frame.status.status_code is StatusCode.ERROR) == failed


def test_the_sampler_decides_on_each_frame_by_itself_and_on_requests_by_their_caller(
    observing: Observing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "parentbased_traceidratio")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER_ARG", "0")
    ended = observing()
    a_frame()
    within_a_request(recorded=True)
    assert list(named(ended)) == ["decode", "record"]
    assert {f"{span.context.trace_id:032x}" for span in ended.get_finished_spans()} == {TRACE}


def test_a_request_that_is_not_recorded_has_no_steps(observing: Observing) -> None:
    ended = observing()
    within_a_request(recorded=False)
    assert ended.get_finished_spans() == ()


def test_an_image_of_no_request_is_a_frames_which_tells_of_it(observing: Observing) -> None:
    ended = observing()
    image_analyzed.send(None, analysis=replace(an_analysis(a_face()), began=time.monotonic()))
    assert ended.get_finished_spans() == ()
