"""CORS: which pages of other origins may call the API, those of `CORS_ORIGINS`, none by default."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

RECEIPT_HEADER = "X-Session-Receipt"
"""Where whoever started a recorded session without a token shows its receipt."""

_HEADERS = {
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    # Not among them: the header that goes with the refresh cookie, which is for our own pages alone.
    "Access-Control-Allow-Headers": f"Authorization, Content-Type, Accept-Language, {RECEIPT_HEADER}",
    "Access-Control-Expose-Headers": "Retry-After, Content-Disposition, Location, "
    "RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset",
    "Access-Control-Max-Age": "600",
}


def init_app(app: Flask) -> None:
    """Let pages of the origins in `CORS_ORIGINS` call what is under /api; "*" is every origin."""
    app.after_request(_allow)


def _allow(response: Response) -> Response:
    """Add the CORS headers; credentials are never allowed, tokens travel in a header."""
    origins = current_app.config["CORS_ORIGINS"]
    if not origins or not request.path.startswith("/api/"):
        return response
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin is not None and (origin in origins or "*" in origins):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers.update(_HEADERS)
    return response
