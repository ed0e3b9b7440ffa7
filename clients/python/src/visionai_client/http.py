"""Requests to the REST API and what their answers mean; nothing here speaks to a network."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import httpx

from .errors import ApiError

TRIES = 3
LONGEST_WAIT_SECONDS = 30.0
"""Who is asked to wait for longer than this is told, and decides."""

Query = Mapping[str, object]
"""Texts, numbers, truth values, instants, or lists of them; None is left out."""


@dataclass(frozen=True)
class Call:
    """A request; `receipt` is that of a session of no account."""

    method: str
    path: str
    query: Query = field(default_factory=dict)
    json: Any = None
    content: bytes | None = None
    files: Sequence[tuple[str, tuple[str, bytes]]] | None = None
    receipt: str | None = None

    def headers(self, token: str | None) -> dict[str, str]:
        given = {"X-Session-Receipt": self.receipt, "Authorization": token and f"Bearer {token}"}
        # Which format a picture has the server sees for itself.
        kind = {"Content-Type": "image/*"} if self.content is not None else {}
        return {**kind, **{name: value for name, value in given.items() if value}}

    def words(self) -> list[tuple[str, str | int | float | bool | None]]:
        """Return the query as pairs."""
        given = ((name, value) for name, value in self.query.items() if value is not None)
        return [(name, _word(one)) for name, value in given for one in _each(value)]


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list | tuple) else (value,)


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def wait_before(error: ApiError, call: Call, tried: int) -> float | None:
    """Return the seconds to wait before `call`, which failed `tried` times, is made again; None: it is not to be."""
    if tried >= TRIES:
        return None
    # What is refused for now was not done, whatever it is.
    if error.status in (429, 503) and error.retry_after is not None:
        return error.retry_after if error.retry_after <= LONGEST_WAIT_SECONDS else None
    if error.status == 0 and call.method == "GET":
        return 0.2 * math.pow(2, tried) * random.uniform(0.5, 1.5)  # noqa: S311 - jitter, no secret
    return None


def refusal(response: httpx.Response) -> ApiError:
    """Return what a response with an error says; its body has been read."""
    try:
        error = response.json()["error"]
    except (ValueError, KeyError, TypeError):
        error = {"code": "unknown", "message": f"The server answered {response.status_code}."}
    try:
        retry_after = float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        retry_after = None
    return ApiError(response.status_code, error["code"], error["message"], error.get("details"), retry_after)


def unanswered(error: httpx.TransportError) -> ApiError:
    """Return the failure of a call that had no answer."""
    if isinstance(error, httpx.TimeoutException):
        return ApiError(0, "timeout", "The server did not answer in time.")
    return ApiError(0, "disconnected", "The server was not reached, or its answer broke off.")
