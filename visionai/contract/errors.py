"""Errors as clients see them: code to HTTP status and JSON, for REST, sockets and batches alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..errors import N_, ValidationFailed, VisionAIError
from ..locale import translate

STATUS: dict[str, int] = {
    "bad_request": 400,
    "missing_image": 400,
    "invalid_base64": 400,
    "invalid_json": 400,
    "unknown_command": 400,
    "invalid_token": 401,
    "token_expired": 401,
    "bad_credentials": 401,
    "forbidden": 403,
    "not_found": 404,
    "method_not_allowed": 405,
    "request_timeout": 408,
    "username_taken": 409,
    "last_administrator": 409,
    "too_many_keys": 409,
    "calibration_name_taken": 409,
    "readings_expired": 409,
    "no_session": 409,
    "session_ended": 409,
    "too_many": 409,
    "webhook_inactive": 409,
    "too_large": 413,
    "unsupported_format": 415,
    "validation_failed": 422,
    "broken_image": 422,
    "image_too_large": 422,
    "image_too_small": 422,
    "no_face": 422,
    "too_few_pictures": 422,
    "calibration_refused": 422,
    "rate_limited": 429,
    "quota_exceeded": 429,
    "internal_error": 500,
    "busy": 503,
    "model_unavailable": 503,
    "database_unavailable": 503,
    "database_outdated": 503,
    "database_too_new": 503,
    "disk_full": 503,
}
"""The HTTP status of every code there is."""

SEVERAL = N_("These fields are not valid: %(names)s. “details” says why.")


def status_of(error: VisionAIError) -> int:
    """Return the HTTP status of `error`."""
    return STATUS[error.code]


def error_body(error: VisionAIError, language: str | None = None) -> dict[str, Any]:
    """Return the JSON of `error` in `language`, by default that of the current request."""
    if isinstance(error, ValidationFailed):
        details = _translated(error.details, language)
        message = _what_is_wrong(error, details, language)
    else:
        message = translate(error.message, error.details, language)
        details = error.details
    return {"error": {"code": error.code, "message": message, "details": details}}


def _what_is_wrong(error: ValidationFailed, details: Any, language: str | None) -> str:
    """Return one sentence for people: what is wrong with the one field that does not fit, or which ones do not."""
    wrong = dict(_by_path(details))
    if not wrong or error.message != ValidationFailed.message:
        return translate(error.message, language=language)  # There is none to name, or it says all by itself.
    if len(wrong) == 1:
        return "{}: {}".format(*wrong.popitem())
    return translate(SEVERAL, {"names": ", ".join(wrong)}, language)


def _by_path(details: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield each field that something is wrong with, by its names from the outermost in, and what that is."""
    if isinstance(details, dict):
        for name, inner in details.items():
            yield from _by_path(inner, f"{path}.{name}" if path else str(name))
    elif path and details:
        yield path, " ".join(map(str, details)) if isinstance(details, list | tuple) else str(details)


def _translated(details: Any, language: str | None) -> Any:
    """Translate every text in `details`, however deep it lies."""
    if isinstance(details, dict):
        return {key: _translated(value, language) for key, value in details.items()}
    if isinstance(details, list | tuple):
        return [_translated(value, language) for value in details]
    return translate(details, language=language) if isinstance(details, str) else details
