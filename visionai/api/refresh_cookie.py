"""The refresh token of a page of ours: in a cookie that scripts cannot read and other sites cannot send.

`SameSite=Strict` keeps other sites from sending it; asking for a header that no form can send, and that CORS never
allows, keeps them from using it where a browser is old.
"""

from __future__ import annotations

from flask import Response, current_app, request

from ..web.smorest import PREFIX

NAME = "visionai_refresh"
PATH = f"{PREFIX}/auth/refresh"
"""Below the path that VisionAI is at."""
CLIENT_HEADER = "X-VisionAI-Client"


def read() -> str | None:
    """Return the refresh token of the cookie, None without one or without the header of our pages."""
    return request.cookies.get(NAME) if request.headers.get(CLIENT_HEADER) == "web" else None


def put(response: Response, token: str) -> None:
    """Let the browser keep `token` as long as it is valid."""
    lifetime = current_app.config["JWT_REFRESH_TOKEN_EXPIRES"]
    response.set_cookie(
        NAME,
        token,
        max_age=lifetime,
        path=request.script_root + PATH,
        secure=request.is_secure,
        httponly=True,
        samesite="Strict",
    )


def clear(response: Response) -> None:
    """Let the browser forget the token."""
    response.delete_cookie(
        NAME, path=request.script_root + PATH, secure=request.is_secure, httponly=True, samesite="Strict"
    )
