"""Refusals of malformed HTTP by gunicorn's workers: in the shape of every other error, without quoting it.

gunicorn answers such requests with HTML, and logs the line that it could not read; that may be the one with the token.
"""

from __future__ import annotations

import contextlib
import errno
import json
import logging
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import (
    ConfigurationProblem,
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    ParseException,
)

from .. import concurrency

# Errors of the parser's tree that are ours and not the client's.
_OURS = (ConfigurationProblem, InvalidResponseHeader, InvalidResponseHeaderName)


class Refusals:
    """A worker that answers errors in our shape; to be inherited from before gunicorn's worker."""

    log: Any

    def handle_error(self, req: Any, client: Any, addr: Any, exc: BaseException) -> None:  # noqa: ARG002
        """Answer what went wrong outside of the application; log its kind, and a traceback only where it is ours."""
        # Imported here, since a worker imports this module before it patches its process.
        from ..errors import RequestTimeout

        kind = type(exc).__name__
        if isinstance(exc, RequestTimeout):
            # Its request was answered before its body had come; the connection ends.
            self.log.warning("The rest of a body came too slowly")
            return
        if isinstance(exc, ParseException) and not isinstance(exc, _OURS):
            self.log.warning("A request could not be read: %s", kind)
            answer = _answer(HTTPStatus.BAD_REQUEST)
        else:
            self.log.error("A request failed outside of the application: %s", kind, exc_info=exc)
            answer = _answer(HTTPStatus.INTERNAL_SERVER_ERROR)
        with contextlib.suppress(OSError):
            concurrency.send_now(client, answer)

    def keep_quiet(self) -> None:
        """Let gunicorn's own lines name an exception by its kind alone: its text holds bytes that a client sent."""
        self.log.error_log.addFilter(_by_kind)


class CheckedBody:
    """A reader of a body in chunks, to which a body that cannot be taken apart is a client that went away.

    That is what Werkzeug answers 400 to and gunicorn closes the connection after. The parser's own errors would
    pass through the application as faults of ours.
    """

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes, none at the end; raises ConnectionResetError where chunks are malformed."""
        try:
            data: bytes = self._reader.read(size)
        except ParseException as err:
            raise ConnectionResetError(errno.ECONNRESET, "The body is not made as its head says.") from err
        return data


def _answer(status: HTTPStatus) -> bytes:
    """Return a whole response, after which the connection is closed."""
    # Imported here, since a worker imports this module before it patches its process.
    from ..contract.errors import error_body
    from ..errors import MalformedRequest, VisionAIError
    from ..locale import SPANISH

    error = MalformedRequest() if status == HTTPStatus.BAD_REQUEST else VisionAIError()
    body = json.dumps(error_body(error, SPANISH), ensure_ascii=False).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _by_kind(record: logging.LogRecord) -> bool:
    if isinstance(record.args, tuple):
        record.args = tuple(type(arg).__name__ if isinstance(arg, BaseException) else arg for arg in record.args)
    return True
