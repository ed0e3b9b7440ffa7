"""JSON Schema of marshmallow schemas (apispec), as OpenAPI 3.1 and AsyncAPI 3 take it."""

from __future__ import annotations

import inspect
from typing import Any

import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_instance
from apispec.ext.marshmallow.openapi import OpenAPIConverter

_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number"}


class Converter(OpenAPIConverter):
    """What apispec leaves out: descriptions of schemas, types of constants, null among the choices of a nullable."""

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        """Return the JSON Schema of `schema`, described by its docstring."""
        document: dict[str, Any] = super().schema2jsonschema(schema)
        if described := type(resolve_schema_instance(schema)).__doc__:
            document = {"description": inspect.cleandoc(described), **document}
        return document

    def field2property(self, field: ma.fields.Field[Any]) -> dict[str, Any]:
        """Return the JSON Schema of `field`."""
        document: dict[str, Any] = super().field2property(field)
        if isinstance(field, ma.fields.Constant):
            document.pop("default", None)
            document |= {"type": _TYPES[type(field.constant)], "const": field.constant}
        if "example" in document:
            # JSON Schema has `examples`; the singular is OpenAPI 3.0's.
            document["examples"] = [document.pop("example")]
        if field.allow_none and None not in document.get("enum", [None]):
            document["enum"] = [*document["enum"], None]
        return document


class Plugin(MarshmallowPlugin):
    """apispec's plugin for marshmallow with our converter."""

    Converter = Converter
