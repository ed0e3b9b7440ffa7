"""W3C Trace Context: what is taken from a caller, to the letter, and what is said back."""

from __future__ import annotations

import re

import pytest

from visionai.observability.trace_context import TraceContext, current, parse, serving, trace_of

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize(("flags", "sampled"), [("00", False), ("01", True), ("03", True), ("fe", False)])
def test_a_valid_header_is_taken(flags: str, sampled: bool) -> None:
    assert parse(f"00-{TRACE}-{SPAN}-{flags}") == TraceContext(TRACE, SPAN, sampled)


@pytest.mark.parametrize("more", ["", "-", "-what-the-future-will-bring"])
def test_a_later_version_is_read_as_this_one(more: str) -> None:
    assert parse(f"cc-{TRACE}-{SPAN}-01{more}") == TraceContext(TRACE, SPAN, True)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "00",
        f"ff-{TRACE}-{SPAN}-01",
        f"0-{TRACE}-{SPAN}-01",
        f"0g-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN.upper()}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}0-01",
        f"00-{TRACE}-{SPAN}-1",
        f"00-{TRACE}-{SPAN}-0x",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01-",
        f"00-{TRACE}-{SPAN}",
        f"00_{TRACE}-{SPAN}-01",
        f" 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{TRACE}-{SPAN}-01,00-{TRACE}-{SPAN}-01",
        f"00-{TRACE.replace('4', '٤')}-{SPAN}-01",
        f"cc-{TRACE}-{SPAN}-01-{'x' * 1000}",
        f"cc-{TRACE}-{SPAN}-01.more",
    ],
    ids=repr,
)
def test_anything_else_is_not(header: str | None) -> None:
    assert parse(header) is None


def test_a_request_goes_on_in_the_trace_of_its_caller_with_a_span_of_its_own() -> None:
    trace = trace_of({"HTTP_TRACEPARENT": f"00-{TRACE}-{SPAN}-01"})
    assert (trace.trace_id, trace.sampled) == (TRACE, True)
    assert trace.span_id != SPAN
    assert trace.header() == f"00-{TRACE}-{trace.span_id}-01"


@pytest.mark.parametrize("sent", [{}, {"HTTP_TRACEPARENT": "no trace"}], ids=repr)
def test_without_one_a_trace_begins_that_is_not_sampled(sent: dict[str, str]) -> None:
    assert re.fullmatch(r"00-[0-9a-f]{32}-[0-9a-f]{16}-00", trace_of(dict(sent)).header())
    assert trace_of(dict(sent)).trace_id != trace_of(dict(sent)).trace_id


def test_a_request_has_one_trace_however_often_it_is_asked() -> None:
    environ: dict[str, str] = {}
    assert trace_of(environ) is trace_of(environ)


def test_a_trace_is_current_while_its_request_is_served() -> None:
    with serving({"HTTP_TRACEPARENT": f"00-{TRACE}-{SPAN}-01"}) as trace:
        assert current() is trace
    assert current() is None
