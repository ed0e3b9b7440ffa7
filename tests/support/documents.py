"""The formal documents (OpenAPI, AsyncAPI) as tests read them: schemas that know their components."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

METHODS = ("get", "post", "put", "patch", "delete")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the operations of an OpenAPI document, each with its method and path."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield f"{method.upper()} {path}", methods[method]


def bodies(operation: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield what an operation takes and answers: "request" or the status, the content type, schema and examples."""
    described = {"request": operation.get("requestBody", {}), **operation["responses"]}
    for name, body in described.items():
        for kind, media in body.get("content", {}).items():
            yield name, kind, media


def fault(document: dict[str, Any], schema: dict[str, Any], value: Any, *, closed: bool = False) -> str | None:
    """Return what is wrong with `value` by a schema of `document`, None where nothing is.

    Where it is `closed`, fields that the schema does not have are wrong too.
    """
    rooted = {**schema, "components": document["components"]}
    if closed:
        rooted = _closed(rooted)
    error = best_match(
        Draft202012Validator(rooted, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(value)
    )
    return None if error is None else f"{'/'.join(map(str, error.absolute_path))}: {error.message}"


def _closed(schema: Any) -> Any:
    """Return a copy of `schema` in which objects have the properties that are named, and no others."""
    if isinstance(schema, list):
        return [_closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {key: _closed(part) for key, part in schema.items()}
    is_object = isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
    return {"additionalProperties": False, **copy} if is_object else copy
