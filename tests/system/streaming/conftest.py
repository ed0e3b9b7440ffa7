"""A real server in both modes, and clients of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.request import Request, urlopen

import pytest
import socketio
import websocket

from tests.support.messages import Watched
from tests.support.servers import Server, start_server

MODES = ("eventlet", "threading")
NAMESPACE = "/stream"


@pytest.fixture(scope="module", params=MODES)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own for each test file, in each mode."""
    server = start_server(tmp_path_factory.mktemp(request.param), ASYNC_MODE=request.param)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


class Client:
    """A Socket.IO client on `/stream` that keeps its events, and holds all messages to the AsyncAPI document."""

    def __init__(self, url: str, transports: list[str] | None = None, **options: Any) -> None:
        self.events: list[tuple[str, Any]] = []
        self.watched = Watched("stream")
        self.sio = socketio.Client(reconnection=False)
        self.sio.on("*", self._keep, namespace=NAMESPACE)
        self.sio.connect(url, namespaces=[NAMESPACE], transports=transports or ["websocket"], **options)
        self._line = self.sio.eio.ws

    def call(self, event: str, payload: Any = None) -> Any:
        """Send an event and return its acknowledgement."""
        answer = self.sio.call(event, payload, namespace=NAMESPACE, timeout=30)
        return self.watched.answered(event, payload, answer)

    def emit(self, event: str, payload: Any = None) -> None:
        """Send an event without asking for an acknowledgement."""
        self.sio.emit(event, payload, namespace=NAMESPACE)

    def wait_for(self, event: str, count: int = 1, seconds: float = 20.0) -> list[Any]:
        """Wait until `event` came `count` times and return what came with it."""
        for _ in range(int(seconds / 0.02)):
            found = [body for name, body in self.events if name == event]
            if len(found) >= count:
                return found
            self.sio.sleep(0.02)
        raise AssertionError(f"{event} did not come {count} times: {self.events}")

    def _keep(self, event: str, body: Any = None) -> None:
        self.watched.received(event, body)
        self.events.append((event, body))

    def close(self) -> None:
        self.sio.disconnect()
        if self._line is not None:
            # The library leaves the socket open where it was the server that hung up.
            self._line.shutdown()


Connect = Callable[..., Client]


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Connect a Socket.IO client; it is disconnected at the end."""
    clients: list[Client] = []

    def connect(**options: Any) -> Client:
        clients.append(Client(server.url, **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()
        client.watched.check()


class RawClient:
    """A plain WebSocket client that speaks JSON, and holds all messages to the AsyncAPI document."""

    def __init__(self, url: str, **options: Any) -> None:
        self.watched = Watched("ws")
        self.socket = websocket.create_connection(url, timeout=30, **options)
        self.greeting = self.receive()

    def receive(self) -> Any:
        return self.watched.received(None, json.loads(self.socket.recv()))

    def close(self) -> None:
        """Hang up; the library leaves the socket open where it was the server that did."""
        with suppress(OSError, websocket.WebSocketException):
            self.socket.close()
        self.socket.shutdown()

    def ask(self, message: Any) -> Any:
        """Send bytes, a text, or an object as JSON, and return the answer."""
        if isinstance(message, bytes):
            self.socket.send_binary(message)
        else:
            self.socket.send(message if isinstance(message, str) else json.dumps(message))
        answer = self.receive()
        if isinstance(message, dict):
            self.watched.answered(message.get("command"), message, answer)
        return answer


RawConnect = Callable[..., RawClient]


@pytest.fixture
def connect_raw(server: Server) -> Iterator[RawConnect]:
    """Connect a plain WebSocket client; it is closed at the end."""
    clients: list[RawClient] = []

    def connect(path: str = "/ws", **options: Any) -> RawClient:
        clients.append(RawClient(server.websocket_url + path, **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()
        client.watched.check()


def post(url: str, body: Any, headers: dict[str, str] | None = None) -> Any:
    """Send JSON over REST and return the JSON that comes back, None for none."""
    request = Request(url, json.dumps(body).encode(), {"Content-Type": "application/json", **(headers or {})})
    with urlopen(request, timeout=30) as response:
        content = response.read()
    return json.loads(content) if content else None


def sign_in(server: Server, username: str) -> str:
    """Make an account and return an access token of it."""
    account = {"username": username, "password": "una frase larga"}
    post(f"{server.url}/api/v1/auth/register", account)
    token: str = post(f"{server.url}/api/v1/auth/login", account)["access_token"]
    return token


def get(url: str, headers: dict[str, str] | None = None) -> Any:
    """Return the JSON at `url`."""
    with urlopen(Request(url, headers=headers or {}), timeout=30) as response:
        return json.loads(response.read())
