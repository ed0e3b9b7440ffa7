"""The span of an HTTP request, or of a WebSocket for as long as it is open, in the trace of its caller."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from opentelemetry.context import Context
from opentelemetry.trace import NonRecordingSpan, Span, SpanContext, SpanKind, StatusCode, TraceFlags, Tracer
from opentelemetry.trace.propagation import set_span_in_context
from werkzeug.wsgi import ClosingIterator

from ...concurrency import until_gone
from .. import trace_context
from ..metrics import METHODS
from ..requests import NO_ROUTE, PROBES, SPAN
from ..streams import route_of
from ..trace_context import TraceContext

Answer = Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]


class RequestSpans:
    """Makes a span for each request, except for what machines ask every few seconds."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer

    def serve(self, answer: Answer, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Have `answer` answer a request within its span, which ends with the body of the response."""
        if environ.get("PATH_INFO", "").startswith(PROBES):
            return answer(environ, start_response)
        request = environ[SPAN] = _Request(self._begin(environ), environ)

        def begin_response(line: str, *rest: Any) -> Callable[[bytes], object]:
            request.status = int(line.split()[0])
            return start_response(line, *rest)

        answered: Iterable[bytes] | None = None

        def end() -> None:
            if answered is None:  # It became a stream, or failed.
                request.end()

        with until_gone(environ, end):
            answered = ClosingIterator(answer(environ, begin_response), request.end)
            return answered

    def _begin(self, environ: WSGIEnvironment) -> Span:
        span = self._tracer.start_span(
            "request",
            context_of(trace_context.parse(environ.get("HTTP_TRACEPARENT"))),
            SpanKind.SERVER,
            {"http.request.method": _method(environ), "url.scheme": environ.get("wsgi.url_scheme", "http")},
        )
        ours = span.get_span_context()
        trace_context.place(
            environ,
            TraceContext(
                f"{ours.trace_id:032x}", f"{ours.span_id:016x}", ours.trace_flags.sampled, span.is_recording()
            ),
        )
        return span


class _Request:
    """A request that is being answered, its span, and its status and route as far as they are known."""

    def __init__(self, span: Span, environ: WSGIEnvironment) -> None:
        self.status = int(HTTPStatus.SWITCHING_PROTOCOLS)
        self.route = route_of(environ.get("PATH_INFO", ""))  # Flask, which tells others, does not see streams.
        self._method = _method(environ)
        self._span = span

    def end(self) -> None:
        """End the span, under the name of the route."""
        span, known = self._span, self.route != NO_ROUTE
        span.update_name(f"{self._method} {self.route}" if known else self._method)
        if known:
            span.set_attribute("http.route", self.route)
        span.set_attribute("http.response.status_code", self.status)
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.set_attribute("error.type", str(self.status))
            span.set_status(StatusCode.ERROR)
        span.end()


def context_of(trace: TraceContext | None, *, remote: bool = True) -> Context:
    """Return the context of spans whose parent is that of `trace`, or which begin a trace."""
    if trace is None:
        return Context()
    return set_span_in_context(NonRecordingSpan(span_context_of(trace, remote=remote)), Context())


def span_context_of(trace: TraceContext, *, remote: bool = False) -> SpanContext:
    """Return a place in a trace in OpenTelemetry's own form."""
    flags = TraceFlags(TraceFlags.SAMPLED if trace.sampled else TraceFlags.DEFAULT)
    return SpanContext(int(trace.trace_id, 16), int(trace.span_id, 16), remote, flags)


def _method(environ: WSGIEnvironment) -> str:
    """Return the method, as OpenTelemetry's conventions want it: a client may invent others."""
    method: str = environ.get("REQUEST_METHOD", "")
    return method if method in METHODS else "_OTHER"
