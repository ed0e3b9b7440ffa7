"""From an error to what a client sees of it: one JSON shape for every status, or a page for a browser."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException, TooManyRequests

from .. import errors
from ..errors import N_, RetryableError, ValidationFailed, VisionAIError
from ..locale import translate
from .request import current_request

logger = logging.getLogger(__name__)

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
    "calibration_name_taken": 409,
    "readings_expired": 409,
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
    "internal_error": 500,
    "busy": 503,
    "model_unavailable": 503,
    "database_unavailable": 503,
}
"""The HTTP status of every code there is."""


class MalformedRequest(VisionAIError):
    """The request is not the HTTP that it says it is."""

    code = "bad_request"
    message = N_("The request cannot be read. Check how it is put together.")


class MethodNotAllowed(VisionAIError):
    """The address exists and does not know this method."""

    code = "method_not_allowed"
    message = N_("This address does not take that method; the “Allow” header lists those it takes.")


def status_of(error: VisionAIError) -> int:
    """Return the HTTP status of `error`."""
    return STATUS[error.code]


def error_body(error: VisionAIError, language: str | None = None) -> dict[str, Any]:
    """Return the JSON of `error` in `language`, by default that of the current request."""
    if isinstance(error, ValidationFailed):
        message = translate(error.message, language=language)
        details = _translated(error.details, language)
    else:
        message = translate(error.message, error.details, language)
        details = error.details
    return {"error": {"code": error.code, "message": message, "details": details}}


def _translated(details: Any, language: str | None) -> Any:
    """Translate every text in `details`, however deep it lies."""
    if isinstance(details, dict):
        return {key: _translated(value, language) for key, value in details.items()}
    if isinstance(details, list | tuple):
        return [_translated(value, language) for value in details]
    return translate(details, language=language) if isinstance(details, str) else details


def answer(error: VisionAIError) -> Response:
    """Return the response for `error`: JSON, or a page where a browser asks for one."""
    status = status_of(error)
    ours = status == HTTPStatus.INTERNAL_SERVER_ERROR or isinstance(error, errors.SetupError)
    if ours and error.__traceback__ is not None:
        logger.error("A request failed: %s", error)
    body = error_body(error)
    page = render_error_page(status, body["error"]["message"]) if _wants_page() else None
    response = Response(page, mimetype="text/html") if page is not None else jsonify(body)
    response.status_code = status
    if isinstance(error, RetryableError):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    response.vary.add("Accept-Language")
    return response


def render_error_page(status: int, message: str) -> str | None:
    """Return the HTML of `templates/errors/<status>.html`, else of `error.html` there; None where neither exists."""
    try:
        return render_template([f"errors/{status}.html", "errors/error.html"], status=status, message=message)
    except TemplateNotFound:
        return None


def answer_http(error: HTTPException) -> Response:
    """Return the response for an error of Werkzeug's, Flask's or an extension's, its headers kept."""
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()  # type: ignore[return-value]
    response = answer(_from_http(error))
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers.setdefault(name, value)
    return response


def _from_http(error: HTTPException) -> VisionAIError:
    """Return the error of ours that says the same as `error`."""
    match error.code:
        case HTTPStatus.NOT_FOUND:
            return errors.NotFound()
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return MethodNotAllowed()
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return current_request().too_large()
        case HTTPStatus.TOO_MANY_REQUESTS:
            return errors.RateLimited(retry_after=_seconds_left(error))
        case HTTPStatus.UNAUTHORIZED:
            return errors.InvalidToken()
        case HTTPStatus.FORBIDDEN:
            return errors.Forbidden()
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return errors.Busy()
    return VisionAIError() if (error.code or 500) >= HTTPStatus.INTERNAL_SERVER_ERROR else MalformedRequest()


def _seconds_left(error: HTTPException) -> int | None:
    """Return how long the limit that answered 429 lasts, where it says so."""
    limit = getattr(error, "limit", None) if isinstance(error, TooManyRequests) else None
    return int(limit.limit.get_expiry()) if limit is not None else None


def _wants_page() -> bool:
    """Tell whether a browser asks for something that is not the API."""
    if request.path.startswith("/api/"):
        return False
    return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
