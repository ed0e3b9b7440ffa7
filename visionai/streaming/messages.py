"""JSON encoding of the messages of streams."""

from __future__ import annotations

import json
from typing import Any


def render(body: Any) -> str:
    """Return the JSON of `body`, without spaces."""
    return _encode(body)


_encode = json.JSONEncoder(separators=(",", ":")).encode
