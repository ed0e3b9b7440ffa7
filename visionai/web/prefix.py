"""Path prefix behind a proxy (`X-Forwarded-Prefix`): VisionAI below a path of a host that has other things too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask

# Plain segments: what begins with two slashes would be another host in a link, and ".." another path.
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|\Z))[A-Za-z0-9._~-]+)+")


def init_app(app: Flask) -> None:
    """Let `app` know the path that a trusted proxy took off a request, so that links, cookies and sockets have it."""
    inner: Any = app.wsgi_app

    def wsgi_app(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        prefix = environ.get("HTTP_X_FORWARDED_PREFIX", "").rpartition(",")[2].strip().rstrip("/")
        if _PREFIX.fullmatch(prefix):
            environ["SCRIPT_NAME"] = prefix
        answer: Iterable[bytes] = inner(environ, start_response)
        return answer

    app.wsgi_app = wsgi_app  # type: ignore[method-assign]
