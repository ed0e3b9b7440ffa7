"""Receivers of webhooks: small servers that answer as a test says, and remember what they got."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

Answer = Callable[[socket.socket], None]

OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@dataclass(frozen=True)
class Request:
    """What a receiver got: the first line, headers by their names in small letters, and the body."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A running receiver; `answer` may be exchanged while it runs."""

    port: int
    answer: Answer
    requests: list[Request] = field(default_factory=list)
    connections: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str]:
        """The deliveries that came, in order."""
        return [request.headers["webhook-id"] for request in self.requests]


def saying(head: str) -> Answer:
    """Return an answer of so many lines and no body."""
    return lambda connection: connection.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode())


def hang(connection: socket.socket) -> None:
    """Answer nothing until the other side has gone."""
    connection.recv(1)


def endless(connection: socket.socket) -> None:
    """Answer 200 with a body of a gigabyte, for as long as somebody reads."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
    for _ in range(1024):
        connection.sendall(bytes(1 << 20))


def endless_headers(connection: socket.socket) -> None:
    """Answer with headers that have no end, for as long as somebody reads."""
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: " + b"x" * 60_000 + b"\r\n")


def drip(connection: socket.socket) -> None:
    """Answer a byte at a time, and never to the end of the headers, until the other side has gone."""
    connection.settimeout(0.05)
    for byte in b"HTTP/1.1 200 OK\r\n" + b"X: " + b"x" * 1_000_000:
        connection.sendall(bytes([byte]))
        with contextlib.suppress(TimeoutError):
            if connection.recv(1) == b"":
                return


@contextlib.contextmanager
def receiving(answer: Answer | None = None, certificate: Path | None = None) -> Iterator[Receiver]:
    """Run a receiver on loopback for the block; with a `certificate` (with its key) it speaks TLS."""
    context = None
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        receiver = Receiver(listener.getsockname()[1], answer or (lambda connection: connection.sendall(OK)))
        thread = threading.Thread(target=_accept, args=(listener, receiver, context), daemon=True)
        thread.start()
        yield receiver
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def _accept(listener: socket.socket, receiver: Receiver, context: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError):
        while True:
            connection, _ = listener.accept()
            receiver.connections += 1
            threading.Thread(target=_serve, args=(connection, receiver, context), daemon=True).start()


def _serve(connection: socket.socket, receiver: Receiver, context: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError):
        connection.settimeout(30)
        spoken = context.wrap_socket(connection, server_side=True) if context else connection
        with spoken:
            receiver.requests.append(_read(spoken))
            receiver.answer(spoken)
    connection.close()


def _read(connection: socket.socket) -> Request:
    with connection.makefile("rb") as file:
        line = file.readline().decode().strip()
        if not line:
            raise OSError("The other side has gone")
        headers = {}
        while head := file.readline().decode().strip():
            name, _, value = head.partition(":")
            headers[name.lower()] = value.strip()
        return Request(line, headers, file.read(int(headers.get("content-length", 0))))
