"""What is left of a key's limits, as headers of the answer (draft-ietf-httpapi-ratelimit-headers-06)."""

from __future__ import annotations

from flask import Flask, Response, request

from ..services.keys.meter import Budget

# Kept with the request and not in `g`, which outlives it where an application context was there before.
_BUDGET = "visionai.key_budget"


def init_app(app: Flask) -> None:
    """Tell of a key's limits on every answer that was made with one."""
    app.after_request(_tell)


def show(budget: Budget) -> None:
    """Let the answer to this request tell of a limit."""
    request.environ[_BUDGET] = budget


def _tell(response: Response) -> Response:
    budget: Budget | None = request.environ.get(_BUDGET)
    if budget is not None:
        response.headers["RateLimit-Limit"] = str(budget.limit)
        response.headers["RateLimit-Remaining"] = str(budget.remaining)
        response.headers["RateLimit-Reset"] = str(budget.reset_seconds)
    return response
