"""W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/): which trace a request belongs to.

A caller's `traceparent` is taken where it is valid to the letter; else a trace begins here, as OpenTelemetry's
propagators do, not sampled unless a span of ours is recorded (`tracing/`). Log lines carry its id, and answers say it
in `traceresponse` (https://w3c.github.io/trace-context/, the draft that OpenTelemetry's instrumentations write too).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from secrets import token_hex
from wsgiref.types import WSGIEnvironment

_FORM = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_NO_VERSION = "ff"
_SAMPLED = 0x01
_OURS = "visionai.trace"
_MAX_LENGTH = 512
"""Characters; a later version may be longer than the 55 of this one, and is not read without a bound."""


@dataclass(frozen=True, slots=True)
class TraceContext:
    """A trace and our place in it: `span_id` is ours, hexadecimal as all ids are."""

    trace_id: str
    span_id: str
    sampled: bool = False
    recorded: bool = False
    """Whether ours is a span that is recorded, so that its id leads somewhere."""

    def header(self) -> str:
        """Return it as the value of `traceparent` or `traceresponse`."""
        return f"00-{self.trace_id}-{self.span_id}-{_SAMPLED if self.sampled else 0:02x}"


_current: ContextVar[TraceContext | None] = ContextVar("trace", default=None)


def parse(header: str | None) -> TraceContext | None:
    """Return what a `traceparent` says, its `span_id` the caller's; None where it is not valid (section 3.2.2)."""
    match = _FORM.fullmatch(header) if header and len(header) <= _MAX_LENGTH else None
    if match is None:
        return None
    version, trace_id, span_id, flags, more = match.groups()
    # What follows belongs to versions to come; of this one nothing does. Ids of zeros alone are none.
    known = version != _NO_VERSION and (version != "00" or more is None)
    if not known or not int(trace_id, 16) or not int(span_id, 16):
        return None
    return TraceContext(trace_id, span_id, bool(int(flags, 16) & _SAMPLED))


def trace_of(environ: WSGIEnvironment) -> TraceContext:
    """Return the trace of a request, the same each time: its caller's with a span of ours, or one that begins here."""
    if _OURS not in environ:
        sent = parse(environ.get("HTTP_TRACEPARENT"))
        environ[_OURS] = replace(sent, span_id=token_hex(8)) if sent else TraceContext(token_hex(16), token_hex(8))
    trace: TraceContext = environ[_OURS]
    return trace


def place(environ: WSGIEnvironment, trace: TraceContext) -> None:
    """Make `trace` that of a request, before anybody asks for it."""
    environ[_OURS] = trace


def current() -> TraceContext | None:
    """Return the trace of the request or connection that the calling task serves, if it serves one."""
    return _current.get()


@contextmanager
def serving(environ: WSGIEnvironment) -> Iterator[TraceContext]:
    """Make the trace of a request the current one for a while."""
    trace = trace_of(environ)
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)
