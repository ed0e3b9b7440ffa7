"""Calls over REST that prepare a measurement: somebody signed in, and what is theirs."""

from __future__ import annotations

from typing import Any

import requests

from .servers import Server

API = "/api/v1"
NAME, PASSWORD = "program", "a password of a benchmark"


def sign_in(server: Server) -> str:
    """Make an account and return a token of it."""
    account = {"username": NAME, "password": PASSWORD}
    post(server, "/auth/register", account)
    token: str = post(server, "/auth/login", account)["access_token"]
    return token


def post(server: Server, path: str, body: dict[str, object], token: str = "") -> dict[str, Any]:
    """Return what a call answers; raises HTTPError where that is a failure."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.post(f"{server.url}{API}{path}", json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found
