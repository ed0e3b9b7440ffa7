"""Servers behind nginx are replaced one after the other, as an upgrade does, while clients go on."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
import websocket

from tests.support.images import face_jpeg
from tests.support.nginx import nginx_or_skip
from tests.support.servers import Server
from tests.support.waiting import eventually

from .conftest import Start

SECONDS = 30
PAUSE = 0.1
"""Between two requests of a client: nginx lets an address make 50 a second."""

FORGIVEN_AFTER = 5.5
"""nginx does not ask a server that was away again for `fail_timeout`; an upgrade goes on to the next one later."""


@dataclass
class Load:
    """Clients that send one request after the other, and streams that connect again when they are cut off."""

    address: str
    answered: int = 0
    failures: list[Any] = field(default_factory=list)
    connections: list[str] = field(default_factory=list)
    longest_gap: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going(self) -> Any:
        threads = [threading.Thread(target=work) for work in (self._post, self._post, self._get, *[self._stream] * 2)]
        for thread in threads:
            thread.start()
        try:
            yield self
        finally:
            self._over.set()
            for thread in threads:
                thread.join(SECONDS)

    def _post(self) -> None:
        headers = {"Content-Type": "image/jpeg"}
        with requests.Session() as session:
            self._repeat(lambda: session.post(f"{self._url}/predict", face_jpeg(), headers=headers, timeout=SECONDS))

    def _get(self) -> None:
        with requests.Session() as session:
            self._repeat(lambda: session.get(f"{self._url}/emotions", timeout=SECONDS))

    @property
    def _url(self) -> str:
        return f"http://{self.address}/api/v1"

    def _repeat(self, ask: Any) -> None:
        while not self._over.wait(PAUSE):
            try:
                answer = ask()
            except requests.RequestException as error:
                self.failures.append(error)
            else:
                self.answered += 1
                if answer.status_code != 200:
                    self.failures.append((answer.status_code, answer.text[:200]))

    def _stream(self) -> None:
        last = time.monotonic()
        while not self._over.is_set():
            try:
                client = websocket.create_connection(f"ws://{self.address}/ws", timeout=SECONDS)
            except (OSError, websocket.WebSocketException) as error:
                self.connections.append(repr(error))
                continue
            self.connections.append("opened")
            try:
                client.recv()
                while not self._over.wait(PAUSE):
                    client.send_binary(face_jpeg())
                    client.recv()
                    self.longest_gap = max(self.longest_gap, time.monotonic() - last)
                    last = time.monotonic()
            except (OSError, websocket.WebSocketException):
                pass
            finally:
                client.shutdown()


@pytest.mark.parametrize("mode", ["eventlet", "threading"])
def test_no_request_fails_and_every_stream_connects_again_at_once(start: Start, tmp_path: Path, mode: str) -> None:
    settings = {"ASYNC_MODE": mode, "PRELOAD_MODEL": "true", "STOP_DELAY_SECONDS": "5"}
    servers = {name: start(f"{mode}-{name}", **settings) for name in ("first", "second")}
    nginx = nginx_or_skip(tmp_path, (servers["first"].port, servers["second"].port))
    with nginx.running(), Load(f"127.0.0.1:{nginx.port}").going() as load:
        assert eventually(lambda: load.answered > 20, SECONDS)
        for name, server in servers.items():
            assert server.stop() == 0
            assert is_ready(start(f"{mode}-{name}-again", server.port, **settings))
            time.sleep(FORGIVEN_AFTER)
        answered = load.answered
        assert eventually(lambda: load.answered > answered + 20, SECONDS)
    assert load.failures == []
    assert set(load.connections) == {"opened"}
    assert 2 < len(load.connections) <= 2 * (1 + len(servers))
    print(f"{mode}: {load.answered} requests, longest gap of a stream {load.longest_gap:.2f} s")


def is_ready(server: Server) -> bool:
    def answers() -> bool:
        return requests.get(f"{server.url}/api/v1/health/ready", timeout=SECONDS).status_code == 200

    return eventually(answers, SECONDS)


@pytest.mark.parametrize("mode", ["eventlet", "threading"])
def test_a_server_that_drains_says_so_and_still_answers(start: Start, mode: str) -> None:
    server = start(f"{mode}-draining", ASYNC_MODE=mode, STOP_DELAY_SECONDS="4")
    assert is_ready(server)
    with requests.Session() as session:
        kept = session.get(f"{server.url}/api/v1/emotions", timeout=SECONDS)
        assert kept.headers["Connection"] == "keep-alive"
        server.process.terminate()
        ready = f"{server.url}/api/v1/health/ready"
        assert eventually(lambda: requests.get(ready, timeout=SECONDS).status_code == 503, 3)
        last = session.get(f"{server.url}/api/v1/emotions", timeout=SECONDS)
    assert (last.status_code, last.headers["Connection"]) == (200, "close")
    assert requests.get(f"{server.url}/api/v1/health/live", timeout=SECONDS).status_code == 200
    assert server.stop() == 0
