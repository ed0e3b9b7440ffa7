"""JSON of large answers, written from what services return: a schema takes a fifth of the call.

The schema still documents such an answer, and tests hold the two together.
"""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response


def json_response(body: Any) -> Response:
    """Return `body` as JSON: dictionaries, lists, dataclasses, aware datetimes and UUIDs too."""
    return Response(orjson.dumps(body), mimetype="application/json")
