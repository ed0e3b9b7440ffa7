"""Calls in the client's name: credentials, what is tried again, and exports as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx

from ..errors import ApiError
from ..http import Call, refusal, unanswered, wait_before
from .io import Lock, pause

OUTDATED = frozenset({"token_expired", "invalid_token"})


class AsyncTransport:
    """The connection to a server, and who calls: `token` is a key or a token, renewed where `refresh_token` is known.

    `timeout` is in seconds, for each wait for the network.
    """

    def __init__(self, url: str, token: str | None, timeout: float, language: str | None) -> None:
        self.url = url.rstrip("/")
        self.timeout = timeout
        self.token = token
        self.refresh_token: str | None = None
        headers = {"Accept-Language": language} if language else {}
        # Redirects are not followed: a token goes to the server that it is for.
        self._http = httpx.AsyncClient(base_url=f"{self.url}/api/v1", timeout=timeout, headers=headers)
        self._renewing = Lock()

    async def close(self) -> None:
        await self._http.aclose()

    async def json(self, call: Call) -> Any:
        """Return the JSON of an answer, None of an empty one; raises ApiError."""
        response = await self._send(call)
        try:
            await response.aread()
            return response.json() if response.content else None
        except httpx.TransportError as error:
            raise unanswered(error) from error
        finally:
            await response.aclose()

    async def stream(self, call: Call) -> AsyncIterator[bytes]:
        """Go through an answer as it comes; raises ApiError, also in the middle where it breaks off."""
        response = await self._send(call)
        try:
            async for part in response.aiter_bytes():
                yield part
        except httpx.TransportError as error:
            raise unanswered(error) from error
        finally:
            await response.aclose()

    async def renew(self, refused: str | None) -> bool:
        """Get a token in the place of the one that was refused; False where there is none to be had."""
        async with self._renewing:
            if self.token != refused:
                return True  # Somebody else did meanwhile.
            if self.refresh_token is None:
                return False
            response = await self._send_with(Call("POST", "/auth/refresh"), self.refresh_token)
            await response.aread()
            self.token = response.json()["access_token"]
            return True

    async def _send(self, call: Call) -> httpx.Response:
        token = self.token
        try:
            return await self._send_with(call, token)
        except ApiError as error:
            if error.code not in OUTDATED or not await self.renew(token):
                raise
        return await self._send_with(call, self.token)

    async def _send_with(self, call: Call, token: str | None) -> httpx.Response:
        tried = 0
        while True:
            tried += 1
            try:
                return await self._send_once(call, token)
            except ApiError as error:
                seconds = wait_before(error, call, tried)
                if seconds is None:
                    raise
            await pause(seconds)

    async def _send_once(self, call: Call, token: str | None) -> httpx.Response:
        request = self._http.build_request(
            call.method,
            call.path,
            params=call.words(),
            json=call.json,
            content=call.content,
            files=call.files,
            headers=call.headers(token),
        )
        try:
            response = await self._http.send(request, stream=True)
            if response.is_success:
                return response
            await response.aread()
        except httpx.TransportError as error:
            raise unanswered(error) from error
        await response.aclose()
        raise refusal(response)
