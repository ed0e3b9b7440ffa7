"""What goes wrong: in calls of the REST API, in a stream, with a webhook's signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class VisionAIError(Exception):
    """A failure; `code` is one of the API's, or "timeout" or "disconnected" where there was no answer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class ApiError(VisionAIError):
    """A call that was refused, or that was not answered: `status` is 0 then.

    `details` says of `validation_failed` what is wrong, by field; `retry_after` is in seconds, where the server says
    when to ask again.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        details: Mapping[str, Any] | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(code, message)
        self.status = status
        self.details = details or {}
        self.retry_after = retry_after


class StreamError(VisionAIError):
    """A command of a stream that was refused, or that was not answered."""


class SignatureError(VisionAIError):
    """A delivery that is not the server's, or not of now."""

    def __init__(self, message: str) -> None:
        super().__init__("invalid_signature", message)
