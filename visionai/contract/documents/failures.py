"""Failures as examples: the body that each class of the exception tree is answered with."""

from __future__ import annotations

import re
from typing import Any

from ...errors import ValidationFailed, VisionAIError
from ...locale import ENGLISH
from ..errors import error_body

_PLACEHOLDER = re.compile(r"%\((\w+)\)s")
_DETAILS: dict[str, Any] = {
    "limit": 10_485_760,
    "width": 12_000,
    "height": 9_000,
    "revision": "0005",
    "wanted": "0006",
    "found": "happy 12",
    "first": "fear",
    "second": "surprise",
}
"""What fills the messages that tell of something; another one is a number."""


def failure_example(kind: type[VisionAIError]) -> dict[str, Any]:
    """Return the JSON of an error of `kind`, in English."""
    if kind is ValidationFailed:
        return error_body(ValidationFailed({"limit": ["Choose a whole number from 1 to 100."]}), ENGLISH)
    names = _PLACEHOLDER.findall(kind.message)
    return error_body(kind(**{name: _DETAILS.get(name, 1) for name in names}), ENGLISH)
