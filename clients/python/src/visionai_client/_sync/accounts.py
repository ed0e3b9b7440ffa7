# Written from _async by `python -m scripts.clients`.
"""Accounts and logins."""

from __future__ import annotations

from typing import cast

from .. import answers
from ..http import Call
from .transport import Transport


class Accounts:
    """Making an account, signing in, and who calls."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def register(self, username: str, password: str) -> answers.User:
        """Make an account, where registration is open."""
        call = Call("POST", "/auth/register", json={"username": username, "password": password})
        return cast(answers.User, self._transport.json(call))

    def login(self, username: str, password: str) -> answers.Tokens:
        """Sign in: calls are the user's from now on, and the token is renewed as long as the login lasts."""
        call = Call("POST", "/auth/login", json={"username": username, "password": password})
        tokens = cast(answers.Tokens, self._transport.json(call))
        self._transport.token = tokens["access_token"]
        self._transport.refresh_token = tokens.get("refresh_token")
        return tokens

    def resume(self, refresh_token: str) -> None:
        """Take up a login of before by its refresh token; raises ApiError."""
        self._transport.token, self._transport.refresh_token = None, refresh_token
        self._transport.renew(None)

    def logout(self) -> None:
        """End the login, here and on the server."""
        self._transport.json(Call("POST", "/auth/logout"))
        self._transport.token = self._transport.refresh_token = None

    def me(self) -> answers.Profile:
        """Tell who calls."""
        return cast(answers.Profile, self._transport.json(Call("GET", "/auth/users/me")))
