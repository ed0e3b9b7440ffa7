"""Accounts and logins."""

from __future__ import annotations

from typing import cast

from .. import answers
from ..http import Call
from .transport import AsyncTransport


class AsyncAccounts:
    """Making an account, signing in, and who calls."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def register(self, username: str, password: str) -> answers.User:
        """Make an account, where registration is open."""
        call = Call("POST", "/auth/register", json={"username": username, "password": password})
        return cast(answers.User, await self._transport.json(call))

    async def login(self, username: str, password: str) -> answers.Tokens:
        """Sign in: calls are the user's from now on, and the token is renewed as long as the login lasts."""
        call = Call("POST", "/auth/login", json={"username": username, "password": password})
        tokens = cast(answers.Tokens, await self._transport.json(call))
        self._transport.token = tokens["access_token"]
        self._transport.refresh_token = tokens.get("refresh_token")
        return tokens

    async def resume(self, refresh_token: str) -> None:
        """Take up a login of before by its refresh token; raises ApiError."""
        self._transport.token, self._transport.refresh_token = None, refresh_token
        await self._transport.renew(None)

    async def logout(self) -> None:
        """End the login, here and on the server."""
        await self._transport.json(Call("POST", "/auth/logout"))
        self._transport.token = self._transport.refresh_token = None

    async def me(self) -> answers.Profile:
        """Tell who calls."""
        return cast(answers.Profile, await self._transport.json(Call("GET", "/auth/users/me")))
