# Written from _async by `python -m scripts.clients`.
"""Calls in the client's name: credentials, what is tried again, and exports as they come."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx

from ..errors import ApiError
from ..http import Call, refusal, unanswered, wait_before
from .io import Lock, pause

OUTDATED = frozenset({"token_expired", "invalid_token"})


class Transport:
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
        self._http = httpx.Client(base_url=f"{self.url}/api/v1", timeout=timeout, headers=headers)
        self._renewing = Lock()

    def close(self) -> None:
        self._http.close()

    def json(self, call: Call) -> Any:
        """Return the JSON of an answer, None of an empty one; raises ApiError."""
        response = self._send(call)
        try:
            response.read()
            return response.json() if response.content else None
        except httpx.TransportError as error:
            raise unanswered(error) from error
        finally:
            response.close()

    def stream(self, call: Call) -> Iterator[bytes]:
        """Go through an answer as it comes; raises ApiError, also in the middle where it breaks off."""
        response = self._send(call)
        try:
            yield from response.iter_bytes()
        except httpx.TransportError as error:
            raise unanswered(error) from error
        finally:
            response.close()

    def renew(self, refused: str | None) -> bool:
        """Get a token in the place of the one that was refused; False where there is none to be had."""
        with self._renewing:
            if self.token != refused:
                return True  # Somebody else did meanwhile.
            if self.refresh_token is None:
                return False
            response = self._send_with(Call("POST", "/auth/refresh"), self.refresh_token)
            response.read()
            self.token = response.json()["access_token"]
            return True

    def _send(self, call: Call) -> httpx.Response:
        token = self.token
        try:
            return self._send_with(call, token)
        except ApiError as error:
            if error.code not in OUTDATED or not self.renew(token):
                raise
        return self._send_with(call, self.token)

    def _send_with(self, call: Call, token: str | None) -> httpx.Response:
        tried = 0
        while True:
            tried += 1
            try:
                return self._send_once(call, token)
            except ApiError as error:
                seconds = wait_before(error, call, tried)
                if seconds is None:
                    raise
            pause(seconds)

    def _send_once(self, call: Call, token: str | None) -> httpx.Response:
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
            response = self._http.send(request, stream=True)
            if response.is_success:
                return response
            response.read()
        except httpx.TransportError as error:
            raise unanswered(error) from error
        response.close()
        raise refusal(response)
