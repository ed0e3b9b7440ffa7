"""flask-smorest as we use it: arguments, answers and errors are declared on a route and are its documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any, NoReturn, TypeVar

import flask_smorest
import marshmallow as ma
from flask import Flask, Response, current_app, request
from webargs.core import missing
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.exceptions import HTTPException

from .. import __version__, body_memory
from ..contract.bounded_json import load_object
from ..contract.documents.converter import Plugin
from ..contract.schemas.errors import ErrorSchema
from ..errors import InvalidJSON, ValidationFailed, VisionAIError
from . import cors, openapi
from .failures import answer, answer_http
from .request import Request

PREFIX = "/api/v1"
RECEIPT_HEADER = cors.RECEIPT_HEADER
SMALL_BODY_BYTES = 64 * 1024
"""The largest body of a request without an image."""

_PREFIXES = 4
"""How many path prefixes the document is kept for: a server usually has one."""

Route = TypeVar("Route", bound=Callable[..., Any])

_SETTINGS = {
    "API_TITLE": "VisionAI",
    "API_VERSION": __version__,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": PREFIX,
    "OPENAPI_JSON_PATH": "openapi.json",
    "MAX_CONTENT_LENGTH": SMALL_BODY_BYTES,
}


class Parser(FlaskParser):
    """Reads bodies and queries; whatever does not fit is raised as an error of ours."""

    def _raw_load_json(self, req: Any) -> Any:
        if not req.get_data(cache=True):
            return missing
        if not is_json_request(req):
            raise InvalidJSON
        return load_object(req.get_data(cache=True))

    def handle_error(self, error: ma.ValidationError, *_: Any, **__: Any) -> NoReturn:
        """Raise ValidationFailed with the fields of `error`, wherever in the request they were."""
        fields: dict[str, Any] = {}
        for located in error.messages_dict.values():
            fields |= located if isinstance(located, Mapping) else {"_schema": located}
        raise ValidationFailed(fields) from error


class Blueprint(flask_smorest.Blueprint):
    """Routes whose decorators say who may call them, what they take, what they answer and how they fail."""

    ARGUMENTS_PARSER = Parser()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._prepare_doc_cbks.append(openapi.document_failures)

    @staticmethod
    def raises(*kinds: type[VisionAIError]) -> Callable[[Route], Route]:
        """Document the errors that a route may answer with, beside those that any may."""

        def decorator(route: Route) -> Route:
            document = deepcopy(getattr(route, "_apidoc", {}))
            document["raises"] = (*document.get("raises", ()), *kinds)
            route._apidoc = document  # type: ignore[attr-defined]
            return route

        return decorator


class Api(flask_smorest.Api):
    """The API under /api/v1, its document, and the shape of everything that fails.

    Sets `MAX_CONTENT_LENGTH` for bodies without an image; reads `CORS_ORIGINS` and `BODY_MEMORY_MB`.
    """

    ERROR_SCHEMA = ErrorSchema
    # "default" would allow every answer; what a route may answer is listed on it.
    DEFAULT_ERROR_RESPONSE_NAME = None

    def init_app(self, app: Flask, *, spec_kwargs: Mapping[str, Any] | None = None) -> None:
        """Bind to `app`: requests, errors, CORS and the document at /api/v1/openapi.json."""
        app.request_class = Request
        # Half of what we say has accents, and people read it in a terminal.
        app.json.ensure_ascii = False  # type: ignore[attr-defined]
        app.config.from_mapping(_SETTINGS)
        spec: dict[str, Any] = {
            "info": openapi.INFO,
            "marshmallow_plugin": Plugin(),
            "extra_plugins": [openapi.OperationsPlugin()],
            "servers": _servers(app.config["SCRIPT_NAME"]),
        }
        super().init_app(app, spec_kwargs={**spec, **(spec_kwargs or {})})
        openapi.describe(self.spec)
        # Anybody may ask for it, and writing it takes as long as a picture.
        self._document = lru_cache(maxsize=_PREFIXES)(self._written)
        app.register_error_handler(VisionAIError, answer)
        cors.init_app(app)
        body_memory.init_app(app)

    def handle_http_exception(self, error: HTTPException) -> Any:
        """Answer what Werkzeug, Flask or an extension raised in our shape."""
        return answer_http(error)

    def _openapi_json(self) -> Response:
        """Answer the document, with the path that this request came below."""
        return current_app.response_class(self._document(request.script_root), mimetype="application/json")

    def _written(self, prefix: str) -> bytes:
        document = self.spec.to_dict() | {"servers": _servers(prefix)}
        return current_app.json.dumps(document).encode()

    def _register_pagination_header(self) -> None:
        """Leave out flask-smorest's own pagination, which nothing here uses: ours are cursors."""


def _servers(prefix: str) -> list[dict[str, str]]:
    return [{"url": prefix or "/", "description": "This server."}]
