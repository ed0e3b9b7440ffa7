"""What is written beside the loggers becomes log lines."""

from __future__ import annotations

import io
import json
import logging
import threading

import pytest

from visionai.server.stray_output import LineStream, plain


@pytest.fixture
def below() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def stream(below: io.StringIO) -> LineStream:
    return LineStream(below, "stderr", logging.ERROR)


def messages(below: io.StringIO) -> list[str]:
    return [json.loads(line)["message"] for line in below.getvalue().splitlines()]


def test_a_line_is_one_object(stream: LineStream, below: io.StringIO) -> None:
    print("hello", file=stream)
    line = json.loads(below.getvalue())
    assert line.pop("time").endswith("+00:00")
    assert line == {"level": "error", "logger": "stderr", "message": "hello"}


def test_a_line_is_written_when_it_ends(stream: LineStream, below: io.StringIO) -> None:
    stream.write("be")
    stream.flush()
    assert below.getvalue() == ""
    stream.write("gun\nand the next")
    assert messages(below) == ["begun"]


def test_empty_lines_are_left_out(stream: LineStream, below: io.StringIO) -> None:
    stream.writelines(["\n", "  \n", "one\n\n", "two %s\n"])
    assert messages(below) == ["one", "two %s"]


def test_lines_that_threads_begin_at_once_do_not_mix(stream: LineStream, below: io.StringIO) -> None:
    stream.write("mine ")
    thread = threading.Thread(target=lambda: stream.write("another's\n"))
    thread.start()
    thread.join()
    stream.write("goes on\n")
    assert messages(below) == ["another's", "mine goes on"]


def test_it_is_known_for_what_it_is_and_what_is_below(stream: LineStream, below: io.StringIO) -> None:
    assert (stream.writable(), stream.isatty()) == (True, False)
    assert plain(stream) is below
    assert plain(below) is below


def test_a_stream_that_is_closed_below_is_not_flushed(stream: LineStream, below: io.StringIO) -> None:
    below.close()
    stream.flush()
