"""Examples of bodies, composed from the examples, constants and choices of their schemas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

_REF = "#/components/schemas/"
_BY_FORMAT = {
    "date": "2026-01-01",
    "date-time": "2026-01-01T10:30:00.123456+00:00",
    "uuid": "0b9c6a4e-3f0d-4c55-9a57-6f3f6f1f2b11",
    "password": "una frase larga",
    "uri": "https://example.org/visionai",
}
_BY_NAME: dict[str, Any] = {
    "access_token": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl",
    "activated_by": "admin",
    "active": "our-camera",
    "align": "start",
    "before": "v1.1.0",
    "calibration": "our-camera",
    "can_be_activated": True,
    "confidence": 0.9234,
    "count": 1,
    "database": "ok",
    "emotion_classes": "happy",
    "date": "2026-01-01",
    "description": "Happiness or joy",
    "expected": "0006",
    "expires_in": 1800,
    "filename": "ana.jpg",
    "id": 1523,
    "in_force": "v1.3.0",
    "input_shape": "(None, 96, 96, 3)",
    "is_active": True,
    "label": "Ana",
    "message": "No face was found. Send a picture with a visible face.",
    "model": "loaded",
    "model_version_tag": "v1.3.0",
    "name": "our-camera",
    "next_cursor": None,
    "notes": None,
    "num_classes": 7,
    "participant": "P-07",
    "readings": "eyJ2IjoidjEuMi4wIn0.c2lnbmF0dXJl",
    "reason": None,
    "recorder": "ok",
    "revision": "0006",
    "role": "user",
    "runtime": "openvino",
    "service": "VisionAI Backend",
    "source_ip": "192.0.2.0",
    "status": "read",
    "tag": "v1.3.0+our-camera",
    "title": "Interview 7",
    "total_params": 2_141_063,
    "user": "usuario",
    "user_id": 7,
    "username": "usuario",
    "version": "1.0.0",
    "weights_version_tag": "v1.3.0",
}
"""What fields of these names hold, wherever they are: one thing has one word."""

UNTOLD = "text"
"""A text that nothing tells of; a test asks for an example in its place."""

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", type(None): "null"}
_BY_TYPE = {"string": UNTOLD, "integer": 1, "number": 0.5, "boolean": False, "null": None}


class Examples:
    """Examples of the schemas of one document, whose `components` have a name each."""

    def __init__(self, components: Mapping[str, Schema]) -> None:
        self._components = components

    def of(self, schema: Schema, name: str = "") -> Any:
        """Return an example of `schema`, of a field `name`: its own, else the name's, else one made of its parts."""
        if "$ref" in schema:
            return self.of(self._components[schema["$ref"].removeprefix(_REF)])
        if "examples" in schema:
            return schema["examples"][0]
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return schema["enum"][0]
        if "allOf" in schema:
            return {name: value for part in schema["allOf"] for name, value in self.of(part).items()}
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return self.of(schema[choice][0], name)
        return self._of_type(schema, name)

    def _of_type(self, schema: Schema, name: str) -> Any:
        kinds = _listed(schema.get("type", "object"))
        if kinds[0] == "object":
            return self._object(schema)
        if kinds[0] == "array":
            return [self.of(schema["items"], name)]
        if schema.get("format") in _BY_FORMAT:
            return _BY_FORMAT[schema["format"]]
        known = _BY_NAME.get(name, UNTOLD)
        if _TYPES[type(known)] in kinds and known != UNTOLD:
            return known
        return schema.get("default", schema.get("minimum", _BY_TYPE[kinds[0]]))

    def _object(self, schema: Schema) -> dict[str, Any]:
        """Return the properties that are required or have an example of their own; others may exclude one another."""
        required = schema.get("required", ())
        return {
            name: self.of(inner, name)
            for name, inner in schema.get("properties", {}).items()
            if name in required or "examples" in inner
        }


def _listed(kind: str | list[str]) -> list[str]:
    return [kind] if isinstance(kind, str) else kind
