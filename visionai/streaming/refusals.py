"""HTTP refusals of stream requests, in the shape of every other error."""

from __future__ import annotations

from http import HTTPStatus
from wsgiref.types import StartResponse

from ..contract.errors import error_body, status_of
from ..errors import RetryableError, VisionAIError
from .messages import render


def refuse(
    error: VisionAIError,
    language: str,
    start_response: StartResponse,
    status: str | None = None,
    *headers: tuple[str, str],
) -> list[bytes]:
    """Answer a request with `error` and close its connection; `status` is a line that says more than the error's."""
    body = render(error_body(error, language)).encode()
    also = [*headers, ("Retry-After", str(error.retry_after_seconds))] if isinstance(error, RetryableError) else headers
    fixed = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), ("Connection", "close")]
    start_response(status or _status_line(status_of(error)), [*fixed, *also])
    return [body]


def _status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
