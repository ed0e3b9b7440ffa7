"""The REST side of errors, bodies and documentation: what every route builds on."""

from __future__ import annotations

from .callers import caller_key, current_caller
from .documented import PREFIX, Api, Blueprint, Schema, load_json
from .failures import STATUS, answer, error_body, render_error_page, status_of
from .request import Request, current_request

__all__ = [
    "PREFIX",
    "STATUS",
    "Api",
    "Blueprint",
    "Request",
    "Schema",
    "answer",
    "caller_key",
    "current_caller",
    "current_request",
    "error_body",
    "load_json",
    "render_error_page",
    "status_of",
]
