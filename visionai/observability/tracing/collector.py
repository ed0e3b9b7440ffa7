"""OTLP over HTTP: one POST of protobuf for each batch (https://opentelemetry.io/docs/specs/otlp/#otlphttp).

For a native thread, on sockets that make it wait, whether or not the process is patched. OpenTelemetry's own exporter
stands on `requests`, whose sockets and locks are green then.
"""

from __future__ import annotations

import contextlib
import math
import socket
import ssl
from collections.abc import Mapping
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

from ... import __version__, concurrency

PATH = "/v1/traces"
MOST_READ = 65_536
_LATER = (
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
)


class Unsent(Exception):
    """A batch did not arrive: why, whether it may be sent again, and after how many seconds, where that was said."""

    def __init__(self, reason: str, *, may_repeat: bool, after: float | None = None) -> None:
        super().__init__(reason)
        self.may_repeat, self.after = may_repeat, after


class Collector:
    """Where spans go. `headers` are sent with each request; `certificate` is a file of authorities to trust.

    `seconds` is how long each step of a request may take: connecting, sending, a part of the answer.
    """

    def __init__(self, endpoint: str, headers: Mapping[str, str], certificate: Path | None, seconds: float) -> None:
        parts = urlsplit(endpoint)
        self._host, self._path = parts.hostname or "localhost", parts.path.rstrip("/") + PATH
        self._tls = ssl.create_default_context(cafile=certificate) if parts.scheme == "https" else None
        self._port = parts.port or (80 if self._tls is None else 443)
        self._headers = {
            "User-Agent": f"visionai/{__version__}",
            **headers,
            "Content-Type": "application/x-protobuf",
            "Connection": "close",
        }
        self._seconds = seconds
        self._open: socket.socket | None = None

    def send(self, body: bytes) -> None:
        """Send a batch; raises Unsent."""
        connection = HTTPConnection(self._host, self._port)
        try:
            self._open = concurrency.native_connection((self._host, self._port), self._seconds)
            connection.sock = concurrency.TLSConnection(self._open, self._tls, self._host) if self._tls else self._open
            connection.request("POST", self._path, body, self._headers)
            answer = connection.getresponse()
            answer.read(MOST_READ)
        except (OSError, HTTPException) as error:
            raise Unsent(f"{type(error).__name__}: {error}", may_repeat=True) from error
        finally:
            connection.close()
            self._hang_up()
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise Unsent(f"HTTP {answer.status}", may_repeat=answer.status in _LATER, after=_retry_after(answer))

    def close(self) -> None:
        """Break off what is being sent."""
        if (sock := self._open) is not None:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        sock, self._open = self._open, None
        if sock is not None:
            sock.close()


def _retry_after(answer: HTTPResponse) -> float | None:
    """Return the seconds of `Retry-After`; a date counts as nothing said."""
    try:
        seconds = float(answer.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
