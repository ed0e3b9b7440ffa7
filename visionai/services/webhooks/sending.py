"""One try of a delivery: a signed POST (Standard Webhooks) to an address that was checked, and what came of it.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from http.client import HTTPConnection, HTTPException
from uuid import UUID

from ... import __version__
from ...concurrency import TLSConnection
from ...errors import ValidationFailed
from . import targets
from .targets import Resolve, Target, TargetRefused
from .wire import Wire

CONNECT_SECONDS = 3.0
"""How long one of several addresses of a name is tried before the next."""

GONE = 410


class Failure(StrEnum):
    """Why a try failed; these names never change."""

    REFUSED_TARGET = "refused_target"
    UNRESOLVED = "unresolved"
    CONNECTION = "connection"
    TLS = "tls"
    TIMEOUT = "timeout"
    BAD_ANSWER = "bad_answer"
    REDIRECT = "redirect"
    STATUS = "status"
    INTERNAL = "internal"
    INACTIVE = "webhook_inactive"
    BACKLOG = "backlog_full"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A delivery to be tried: which try it is, of which webhook, and what is sent."""

    delivery_id: int
    webhook_id: int
    tries: int
    uid: UUID
    url: str
    secret: str
    payload: str
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a try: the status of the answer, if there was one, and why it failed, if it did."""

    status: int | None = None
    failure: Failure | None = None
    took_ms: int = 0


class Sender:
    """Sends parcels, each within `timeout` seconds; `private` lets them go to one's own network."""

    def __init__(self, timeout: float, *, private: bool, resolve: Resolve = targets.resolve) -> None:
        self._timeout = timeout
        self._private = private
        self._resolve = resolve
        self._wires: set[Wire] = set()

    def send(self, parcel: Parcel) -> Outcome:
        """Send a parcel and return what came of it; nothing of the answer but its status is kept."""
        began = time.monotonic()
        status, failure = self._attempt(parcel, began + self._timeout)
        return Outcome(status, failure, round((time.monotonic() - began) * 1000))

    def abort(self) -> None:
        """Have what is being sent fail now."""
        for wire in tuple(self._wires):
            wire.abort()

    def _attempt(self, parcel: Parcel, deadline: float) -> tuple[int | None, Failure | None]:
        wire = Wire(deadline)
        self._wires.add(wire)
        try:
            target = targets.parse(parcel.url, private=self._private)
            addresses = self._addresses(target)
            status = _post(_connect(wire, target, addresses), target, parcel)
        except (TargetRefused, ValidationFailed):
            return None, Failure.REFUSED_TARGET
        except _Unresolved:
            return None, Failure.UNRESOLVED
        except ssl.SSLError:
            return None, Failure.TLS
        except TimeoutError:
            return None, Failure.TIMEOUT
        except (HTTPException, ValueError):
            return None, Failure.BAD_ANSWER
        except OSError:
            return None, Failure.CONNECTION
        finally:
            wire.hang_up()
            self._wires.discard(wire)
        return status, _verdict(status)

    def _addresses(self, target: Target) -> Sequence[str]:
        try:
            return targets.addresses(target, private=self._private, resolve=self._resolve)
        except OSError as err:
            raise _Unresolved from err


class _Unresolved(Exception):
    pass


def headers(parcel: Parcel, sent_at: datetime) -> dict[str, str]:
    """Return the headers of a parcel sent at that instant: what it is and its signature."""
    # Only a process that sends needs it.
    from standardwebhooks import Webhook as Signer

    return {
        "Content-Type": "application/json",
        "User-Agent": f"VisionAI/{__version__} (webhooks)",
        "webhook-id": str(parcel.uid),
        "webhook-timestamp": str(int(sent_at.timestamp())),
        "webhook-signature": Signer(parcel.secret).sign(str(parcel.uid), sent_at, parcel.payload),
    }


def _connect(wire: Wire, target: Target, addresses: Sequence[str]) -> Wire | TLSConnection:
    """Connect to the first address that takes it, and to nothing that was not checked; return what to speak through."""
    for number, address in enumerate(addresses, 1):
        try:
            wire.connect(address, target.port, CONNECT_SECONDS if number < len(addresses) else float("inf"))
        except OSError:
            if number == len(addresses):
                raise
        else:
            break
    return TLSConnection(wire, _trust(), target.host) if target.scheme == "https" else wire


@cache
def _trust() -> ssl.SSLContext:
    """Return the certificate authorities of the machine; SSL_CERT_FILE and SSL_CERT_DIR name others."""
    return ssl.create_default_context()


def _post(connected: Wire | TLSConnection, target: Target, parcel: Parcel) -> int:
    connection = HTTPConnection(target.host)
    connection.sock = connected
    body = parcel.payload.encode()
    connection.putrequest("POST", target.path, skip_host=True, skip_accept_encoding=True)
    plain = {"Host": target.netloc, "Connection": "close", "Content-Length": str(len(body))}
    for name, value in {**plain, **headers(parcel, datetime.now(UTC))}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    return connection.getresponse().status


def _verdict(status: int) -> Failure | None:
    if 200 <= status < 300:
        return None
    return Failure.REDIRECT if 300 <= status < 400 else Failure.STATUS


Send = Callable[[Parcel], Outcome]
