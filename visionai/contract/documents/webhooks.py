"""The `webhooks` of the OpenAPI document: the requests that this server sends, as an operation of the receiver each."""

from __future__ import annotations

from typing import Any

from apispec import APISpec

from ..schemas.events import TOLD
from .examples import Examples

_HEADERS = {
    "webhook-id": "The delivery; one that is tried again has the same.",
    "webhook-timestamp": "When it was sent, in seconds since 1970. Refuse what is older than five minutes.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of id, timestamp and body, as Standard Webhooks say.",
}
_ANSWERS = {
    "default": {
        "description": "A status from 200 to 299 says that it came through, 410 that nobody listens here any more: the "
        "webhook is switched off. After any other, and after none, it is tried again, up to 8 times over 24 hours."
    }
}


def described(spec: APISpec) -> dict[str, Any]:
    """Return the webhooks by their events; their schemas join the components of `spec`."""
    return {event: {"post": _operation(spec, event)} for event in TOLD}


def _operation(spec: APISpec, event: str) -> dict[str, Any]:
    schema = TOLD[event]
    name = schema.__name__.removesuffix("Schema")
    spec.components.schema(name, schema=schema)
    body = {"$ref": f"#/components/schemas/{name}"}
    media = {"schema": body, "example": Examples(spec.components.schemas).of(body)}
    return {
        "summary": (schema.__doc__ or "").partition("\n")[0],
        "operationId": f"receive{name}",
        "parameters": [_header(name, description) for name, description in _HEADERS.items()],
        "requestBody": {"required": True, "content": {"application/json": media}},
        "responses": _ANSWERS,
        "security": [],
    }


def _header(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "description": description, "schema": {"type": "string"}}
