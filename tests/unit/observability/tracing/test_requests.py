"""The span of a request: when it begins and ends, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from visionai.observability.requests import SPAN
from visionai.observability.trace_context import trace_of
from visionai.observability.tracing.requests import RequestSpans

TRACE, CALLER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def ended() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def spans(ended: InMemorySpanExporter) -> RequestSpans:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(ended))
    return RequestSpans(provider.get_tracer("tests"))


def answering(status: str, route: str | None = None) -> Callable[..., Iterable[bytes]]:
    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if route:
            environ[SPAN].route = route
        start_response(status, [])
        return [b"one", b"two"]

    return answer


def serve(spans: RequestSpans, answer: Any, path: str = "/", **environ: str) -> Iterable[bytes]:
    return spans.serve(answer, {"REQUEST_METHOD": "GET", "PATH_INFO": path, **environ}, lambda *_: None)


def only(ended: InMemorySpanExporter) -> ReadableSpan:
    (span,) = ended.get_finished_spans()
    return span


def test_a_span_ends_with_the_body_of_the_response(spans: RequestSpans, ended: InMemorySpanExporter) -> None:
    body = serve(spans, answering("200 OK", "/users/<name>"), "/users/ana")
    assert list(body) == [b"one", b"two"]
    assert ended.get_finished_spans() == ()
    body.close()  # type: ignore[attr-defined]
    assert only(ended).name == "GET /users/<name>"
    assert "ana" not in str(only(ended).attributes)


@pytest.mark.parametrize(("status", "failed"), [("404 Not Found", False), ("500 x", True), ("503 x", True)])
def test_what_fails_by_the_servers_fault_is_an_error(
    spans: RequestSpans, ended: InMemorySpanExporter, status: str, failed: bool
) -> None:
    serve(spans, answering(status)).close()  # type: ignore[attr-defined]
    assert (only(ended).status.status_code is StatusCode.ERROR) == failed
    assert ("error.type" in (only(ended).attributes or {})) == failed


def test_a_websocket_that_leaves_by_an_exception_ends_its_span(
    spans: RequestSpans, ended: InMemorySpanExporter
) -> None:
    def leave(*_: object) -> Iterable[bytes]:
        raise StopIteration

    with pytest.raises(StopIteration):
        serve(spans, leave, "/ws")
    assert only(ended).name == "GET /ws"
    assert only(ended).attributes["http.response.status_code"] == 101  # type: ignore[index]
    assert only(ended).events == ()


def test_a_method_that_a_client_invents_is_no_name(spans: RequestSpans, ended: InMemorySpanExporter) -> None:
    serve(spans, answering("405 x"), REQUEST_METHOD="SECRET").close()  # type: ignore[attr-defined]
    assert only(ended).name == "_OTHER /"


@pytest.mark.parametrize("path", ["/metrics", "/api/v1/health/ready", "/static/css/base.css"])
def test_what_machines_ask_all_the_time_has_no_span(
    spans: RequestSpans, ended: InMemorySpanExporter, path: str
) -> None:
    def answer(environ: WSGIEnvironment, _: object) -> Iterable[bytes]:
        assert not trace_of(environ).recorded
        return []

    serve(spans, answer, path)
    assert ended.get_finished_spans() == ()


@pytest.mark.parametrize(("flags", "sampled"), [("00", False), ("01", True)])
def test_a_caller_decides_whether_its_requests_are_sampled(
    spans: RequestSpans, ended: InMemorySpanExporter, flags: str, sampled: bool
) -> None:
    seen = []

    def answer(environ: WSGIEnvironment, _: object) -> Iterable[bytes]:
        seen.append(trace_of(environ))
        return []

    serve(spans, answer, HTTP_TRACEPARENT=f"00-{TRACE}-{CALLER}-{flags}").close()  # type: ignore[attr-defined]
    (trace,) = seen
    assert (trace.trace_id, trace.sampled, trace.recorded) == (TRACE, sampled, sampled)
    assert len(ended.get_finished_spans()) == int(sampled)
    assert trace.header().endswith(flags)
