"""Error handlers: one JSON shape for every status, or a page for a browser."""

from __future__ import annotations

import logging
from http import HTTPStatus

from flask import Response, jsonify, render_template, request
from jinja2 import TemplateNotFound
from werkzeug.exceptions import HTTPException, TooManyRequests

from .. import errors
from ..contract.errors import error_body, status_of
from ..errors import MalformedRequest, MethodNotAllowed, RetryableError, VisionAIError
from .request import current_request

logger = logging.getLogger(__name__)

# Kept with the request and not in `g`, which outlives it where an application context was there before.
_CODE = "visionai.error_code"


def answer(error: VisionAIError) -> Response:
    """Return the response for `error`: JSON, or a page where a browser asks for one."""
    status = status_of(error)
    request.environ[_CODE] = error.code
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


def answered_code() -> str | None:
    """Return the code of the error that the current request was answered with, or None."""
    return request.environ.get(_CODE)


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
