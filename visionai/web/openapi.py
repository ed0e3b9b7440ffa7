"""The OpenAPI document beside its routes: failures, headers, examples, who may call, what all of it is."""

from __future__ import annotations

import http
from typing import Any

from apispec import APISpec, BasePlugin
from flask_smorest.utils import prepare_response

from .. import errors
from ..contract.documents import webhooks
from ..contract.documents.examples import Examples
from ..contract.documents.failures import failure_example
from ..contract.errors import STATUS
from ..contract.schemas.errors import ErrorSchema
from ..errors import InvalidJSON, ValidationFailed, VisionAIError
from .cors import RECEIPT_HEADER

DESCRIPTION = """Reads the apparent expression of faces in pictures: what a face looks like, never what somebody feels.

Errors have one shape, `{"error": {"code", "message", "details"}}`. Messages are in Spanish, or in English with
`Accept-Language: en`; codes never change. Clients pass over fields that they do not know: answers may gain some.

Live frames go over Socket.IO or a WebSocket, which `/api/v1/asyncapi.json` describes."""

INFO = {
    "description": DESCRIPTION,
    "license": {"name": "MIT", "identifier": "MIT"},
}

# Any route may answer these: a limit that the operator set, a fault of ours, a database that is away.
_EVERYWHERE = (errors.RateLimited, VisionAIError, errors.DatabaseUnavailable)

_SCHEMES = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "The access token of a login, or a key for programs.",
    },
    "receipt": {
        "type": "apiKey",
        "in": "header",
        "name": RECEIPT_HEADER,
        "description": "The receipt of a session that was started without a token.",
    },
    "refresh": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "The refresh token of a login.",
    },
}
_WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
_HEADERS: dict[str, tuple[str, dict[str, Any]]] = {
    "X-Request-ID": ("The id of this request in the log of the server; the one that was sent, if any.", {}),
    "Retry-After": ("Seconds to wait before trying again.", _WHOLE),
    "WWW-Authenticate": ("`Bearer`: a token, as the security of the operation says.", {"const": "Bearer"}),
    "Location": ("The address of what was made.", {"format": "uri-reference"}),
    "Content-Disposition": ("`attachment`, with the name of the file.", {}),
    "RateLimit-Limit": ("With a key that has limits: calls in the window of the one that is nearest.", _WHOLE),
    "RateLimit-Remaining": ("How many of them are left.", _WHOLE),
    "RateLimit-Reset": ("Seconds until there are more.", _WHOLE),
}
_EACH = ("X-Request-ID",)
_OF_KEYS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def describe(spec: APISpec) -> None:
    """Give a document its security schemes, the headers that operations refer to, and the requests of webhooks."""
    for name, scheme in _SCHEMES.items():
        spec.components.security_scheme(name, scheme)
    for name, (description, schema) in _HEADERS.items():
        spec.components.header(name, {"description": description, "schema": {"type": "string", **schema}}, lazy=True)
    spec.options["webhooks"] = webhooks.described(spec)


def document_failures(doc: dict[str, Any], doc_info: dict[str, Any], *, spec: Any, **_: Any) -> dict[str, Any]:
    """Write the errors that a route raises, and the headers of all its answers, into its documentation."""
    kinds = [*doc_info.get("raises", ()), *_EVERYWHERE]
    if "arguments" in doc_info:
        kinds.append(ValidationFailed)
    if "requestBody" in doc:
        kinds += [InvalidJSON, errors.TooLarge, errors.RequestTimeout]
    by_status: dict[int, list[type[VisionAIError]]] = {}
    for kind in kinds:
        by_status.setdefault(STATUS[kind.code], []).append(kind)
    for status, those in by_status.items():
        response = _failure(status, those)
        _have_examples(spec.components, those)
        prepare_response(response, spec, "application/json")
        doc["responses"][status] = response
    doc["responses"] = {status: doc["responses"][status] for status in sorted(doc["responses"])}
    doc["security"] = []  # Open to everybody, unless a decorator says otherwise.
    return doc


def _failure(status: int, kinds: list[type[VisionAIError]]) -> dict[str, Any]:
    listed = ", ".join(f"`{code}`" for code in sorted({kind.code for kind in kinds}))
    names = sorted({_example_name(kind) for kind in kinds})
    return {
        "description": f"{http.HTTPStatus(status).phrase}: {listed}",
        "schema": ErrorSchema(),
        "examples": {name: name for name in names},
    }


def _have_examples(components: Any, kinds: list[type[VisionAIError]]) -> None:
    """Make the examples that failures of `kinds` refer to, where no route before had them."""
    for kind in kinds:
        if (name := _example_name(kind)) not in components.examples:
            components.example(name, {"value": failure_example(kind)})


def _example_name(kind: type[VisionAIError]) -> str:
    """Return the code of `kind`, and the class where it says something else than the first of that code."""
    says = next(cls for cls in kind.__mro__ if "message" in vars(cls))
    names = next(cls for cls in kind.__mro__ if "code" in vars(cls))
    return kind.code if says is names else f"{kind.code}.{says.__name__}"


class OperationsPlugin(BasePlugin):
    """apispec's plugin that completes operations whose schemas marshmallow's has named: headers and examples."""

    def init_spec(self, spec: APISpec) -> None:
        """Keep `spec`, whose components the examples are made of."""
        self._components = spec.components

    def operation_helper(self, operations: dict[str, Any] | None = None, **_: Any) -> None:
        """Complete `operations`, those of one path by method."""
        examples = Examples(self._components.schemas)
        for operation in (operations or {}).values():
            _add_headers(operation)
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in (body.get("content", {}) for body in bodies):
                for kind, media in content.items():
                    if kind == "application/json" and not media.keys() & {"example", "examples"}:
                        media["example"] = examples.of(media["schema"])


def _add_headers(operation: dict[str, Any]) -> None:
    takes_keys = any("bearer" in way for way in operation["security"])
    for status, response in operation["responses"].items():
        names = [*_EACH, *(_OF_KEYS if takes_keys else ())]
        if int(status) == http.HTTPStatus.UNAUTHORIZED:
            names.append("WWW-Authenticate")
        if int(status) in (http.HTTPStatus.TOO_MANY_REQUESTS, http.HTTPStatus.SERVICE_UNAVAILABLE):
            names.append("Retry-After")
        response["headers"] = {name: name for name in names} | response.get("headers", {})
