"""Text that claims to be JSON, bounded before it is parsed."""

from __future__ import annotations

import json
from typing import Any

from ..errors import InvalidJSON

SMALL = 65_536
MAX_VALUES = 1024
"""Values in a long message: a picture in base64 is one. A megabyte of `{}` would become a hundred of objects."""


def check_structure(text: str) -> None:
    """Raise InvalidJSON for a long text of many values; counting letters costs a hundredth of parsing them."""
    if len(text) > SMALL and text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:
        raise InvalidJSON


def parse(text: str) -> dict[str, Any]:
    """Return the JSON object in `text`; raises InvalidJSON for anything else, however deep."""
    check_structure(text)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as err:
        raise InvalidJSON from err
    if not isinstance(value, dict):
        raise InvalidJSON
    return value


def render(body: Any) -> str:
    """Return the JSON of `body`, without spaces."""
    return _encode(body)


_encode = json.JSONEncoder(separators=(",", ":")).encode
