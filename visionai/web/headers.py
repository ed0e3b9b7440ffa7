"""Security headers of every answer (CSP and others), whichever part of the program gave it."""

from __future__ import annotations

from flask import Response, request

_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' blob:",
    "media-src": "'self' blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

# Swagger UI's style sheet holds its icons as data URLs.
_DOCS_POLICY = _POLICY | {"img-src": "'self' data:"}

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}

_YEAR = 365 * 24 * 60 * 60


def guard(response: Response) -> Response:
    """Add the headers; one that a view set itself stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", content_security_policy(request.path))
    if request.endpoint == "static":
        # The stream's client is a module that pages of other origins may import; who may connect is decided elsewhere.
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-cache")
        response.vary.update(("Accept-Language", "Cookie"))
    return response


def content_security_policy(path: str) -> str:
    """Return the policy of a path: nothing from elsewhere, nothing inline, nothing evaluated."""
    policy = _DOCS_POLICY if path.rstrip("/") == "/docs/api" else _POLICY
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
