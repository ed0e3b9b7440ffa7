"""Hand-over of a connection: the request that became a stream ends, and the stream goes on without it.

The task of a request holds the web server's parser, the request, and the frames of every layer around the application:
15 KB for each client who says nothing.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from wsgiref.types import WSGIEnvironment

Serve = Callable[[Any, Callable[[], object]], object]
"""What serves a stream: on a socket, until it calls what it is given with that."""

KEEP = "keep"
"""The attribute of a request's socket, where its web server hands connections over, that takes what goes on with it,
and in which context: a `Serve`, whose second argument lets go of the connection."""

_STREAM = "visionai.stream"


class _Stream:
    """What is to be called once the stream of a request is over, and whether the stream outlives the request."""

    __slots__ = ("ends", "handed_over")

    def __init__(self) -> None:
        self.ends: list[Callable[[], object]] = []
        self.handed_over = False


@contextmanager
def until_gone(environ: WSGIEnvironment, end: Callable[[], object]) -> Iterator[None]:
    """Call `end` after the block or, where the block handed its connection over, when the stream is over."""
    stream = _stream_of(environ)
    try:
        yield
    finally:
        if stream.handed_over:
            stream.ends.append(end)
        else:
            end()


def hand_over(environ: WSGIEnvironment, serve: Serve) -> bool:
    """Have `serve` called once the request has ended, in the request's context; False where the web server cannot.

    It is given the socket, and what it calls once when the stream is over, which may be in another task.
    """
    keep = getattr(environ.get("gunicorn.socket"), KEEP, None)
    if keep is None:
        return False
    stream = _stream_of(environ)
    stream.handed_over = True

    def go_on(sock: Any, release: Callable[[], object]) -> None:
        def over() -> None:
            with ExitStack() as ends:
                ends.callback(release)
                for end in reversed(stream.ends):
                    ends.callback(end)

        serve(sock, over)

    keep(go_on, contextvars.copy_context())
    return True


def _stream_of(environ: WSGIEnvironment) -> _Stream:
    stream: _Stream = environ.setdefault(_STREAM, _Stream())
    return stream
