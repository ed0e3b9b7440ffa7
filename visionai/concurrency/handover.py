"""Hand-over of a connection: the request that became a stream ends, and the stream goes on in a task of its own.

The task of a request holds the web server's parser, the request, and the frames of every layer around the application:
15 KB for each client who says nothing. What is called here is functions of Python's own, since each call through C, a
`partial` too, is half a kilobyte of the machine's stack that is kept for as long as the client is there.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

Environ = dict[str, Any]
Serve = Callable[[Any], object]
"""What serves a stream, on the socket that it is given."""

KEEP = "keep"
"""The attribute of a request's socket, where its web server hands connections over, that takes who is to go on with it,
and in which context."""

_STREAM = "visionai.stream"


class _Stream:
    """What is to be called once the stream of a request is over, and whether the stream outlives the request."""

    __slots__ = ("ends", "handed_over")

    def __init__(self) -> None:
        self.ends: list[Callable[[], object]] = []
        self.handed_over = False


@contextmanager
def until_gone(environ: Environ, end: Callable[[], object]) -> Iterator[None]:
    """Call `end` after the block or, where the block handed its connection over, when the stream is over."""
    stream = _stream_of(environ)
    try:
        yield
    finally:
        if stream.handed_over:
            stream.ends.append(end)
        else:
            end()


def hand_over(environ: Environ, serve: Serve) -> bool:
    """Have `serve` called once the request has ended, in the request's context; False where the web server cannot."""
    keep = getattr(environ.get("gunicorn.socket"), KEEP, None)
    if keep is None:
        return False
    stream = _stream_of(environ)
    stream.handed_over = True

    def go_on(sock: Any) -> None:
        try:
            serve(sock)
        finally:
            for end in stream.ends:
                end()

    keep(go_on, contextvars.copy_context())
    return True


def _stream_of(environ: Environ) -> _Stream:
    stream: _Stream = environ.setdefault(_STREAM, _Stream())
    return stream
