"""The HTTP ground that `api` and `pages` stand on: errors, bodies, documentation, CORS and headers."""

from __future__ import annotations

from .failures import STATUS, answer, error_body, render_error_page, status_of
from .request import Request, current_request
from .smorest import PREFIX, Api, Blueprint, Schema

__all__ = [
    "PREFIX",
    "STATUS",
    "Api",
    "Blueprint",
    "Request",
    "Schema",
    "answer",
    "current_request",
    "error_body",
    "render_error_page",
    "status_of",
]
