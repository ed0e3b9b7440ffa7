"""gunicorn's workers: how they start, stop, reload, and what they do when there is too much."""

from __future__ import annotations

import os
import resource
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
import websocket

from tests.support.images import face_jpeg
from tests.support.servers import Server, start_server
from tests.support.waiting import eventually

from .conftest import MODES, Client, RawClient, get

Start = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a server of this test's own."""
    servers: list[Server] = []

    def start(**settings: str) -> Server:
        servers.append(start_server(tmp_path / f"server{len(servers)}", **settings))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()


@pytest.fixture(params=MODES)
def mode(request: pytest.FixtureRequest) -> str:
    mode: str = request.param
    return mode


def test_a_stop_says_goodbye_to_every_client_and_does_not_wait_for_them(start: Start, mode: str) -> None:
    server = start(ASYNC_MODE=mode)
    raw, client = RawClient(server.websocket_url + "/ws"), Client(server.url)
    assert raw.ask(face_jpeg())["status"] == "success"
    assert server.stop() == 0
    assert "SIGKILL" not in server.log.read_text(), "gunicorn had to end it"
    opcode, data = raw.socket.recv_data()
    assert (opcode, int.from_bytes(data[:2], "big")) == (websocket.ABNF.OPCODE_CLOSE, 1001)
    raw.close()
    assert eventually(lambda: not client.sio.connected, 30)
    client.close()
    assert "Traceback" not in server.log.read_text()


def test_every_frame_that_was_answered_before_a_stop_is_in_the_log(start: Start, mode: str, tmp_path: Path) -> None:
    server = start(ASYNC_MODE=mode)
    clients = [RawClient(server.websocket_url + "/ws") for _ in range(4)]
    answered = 0
    for client in clients:
        client.ask(face_jpeg())
        answered += 1
    server.process.send_signal(signal.SIGTERM)
    for client in clients:
        try:
            while client.ask(face_jpeg())["status"] == "success":
                answered += 1
        except (OSError, ValueError, websocket.WebSocketException):
            pass
        client.close()
    server.stop()
    with closing(sqlite3.connect(server.folder / "visionai.sqlite3")) as database:
        assert database.execute("SELECT sum(frames) FROM predictions_log").fetchone() == (answered,)


def test_a_reload_serves_on_with_another_process(start: Start, mode: str) -> None:
    server = start(ASYNC_MODE=mode)
    old = server.workers[0].pid
    server.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: old not in [worker.pid for worker in server.workers], 30)
    assert get(f"{server.url}/api/v1/health/live")["status"] == "alive"


@pytest.mark.parametrize("seconds", [0.0, 0.5, 1.0, 1.5])
def test_a_worker_that_is_told_to_stop_as_it_boots_does(start: Start, mode: str, seconds: float) -> None:
    server = start(ASYNC_MODE=mode)
    server.process.send_signal(signal.SIGHUP)
    assert eventually(lambda: server.log.read_text().count("Booting worker") == 2)
    time.sleep(seconds)
    assert server.stop() == 0
    log = server.log.read_text()
    assert [sign for sign in ("SIGKILL", "Exception in worker", "exited with code") if sign in log] == []


def test_a_worker_that_is_killed_is_replaced(start: Start, mode: str) -> None:
    server = start(ASYNC_MODE=mode)
    old = server.workers[0].pid
    os.kill(old, signal.SIGKILL)
    assert eventually(lambda: [worker.pid for worker in server.workers] not in ([], [old]), 30)
    assert eventually(lambda: is_alive(server), 30)


def is_alive(server: Server) -> bool:
    try:
        return bool(get(f"{server.url}/api/v1/health/live"))
    except OSError:
        return False


def test_a_worker_leaves_when_its_parent_was_killed(start: Start, mode: str) -> None:
    server = start(ASYNC_MODE=mode)
    worker = server.workers[0]
    server.process.kill()
    server.process.wait()
    assert psutil.wait_procs([worker], timeout=30)[1] == []


def test_connections_without_a_request_make_room_for_those_with_one(start: Start) -> None:
    server = start(ASYNC_MODE="eventlet")
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most_files, 8192), most_files))
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(1200)]
    client = RawClient(server.websocket_url + "/ws")
    assert client.ask({"command": "emotions"})["status"] == "success"
    client.close()
    for connection in silent:
        connection.close()


def test_a_request_that_never_ends_costs_no_row_when_the_server_stops(start: Start, mode: str) -> None:
    server = start(ASYNC_MODE=mode, RECORDER_FLUSH_MS="60000")
    raw = RawClient(server.websocket_url + "/ws")
    assert raw.ask(face_jpeg())["recorded"] is True
    endless = socket.create_connection(("127.0.0.1", server.port))
    head = ("POST /api/v1/predict HTTP/1.1", "Host: localhost", "Content-Type: image/jpeg", "Content-Length: 1000000")
    endless.sendall("\r\n".join([*head, "", ""]).encode())
    sending = threading.Thread(target=drip, args=(endless,))
    sending.start()
    server.stop()
    endless.close()
    sending.join()
    raw.close()
    with closing(sqlite3.connect(server.folder / "visionai.sqlite3")) as database:
        assert database.execute("SELECT count(*) FROM predictions_log").fetchone() == (1,)


def drip(connection: socket.socket) -> None:
    """Send a body as slowly as is allowed, until nobody takes it any more."""
    with suppress(OSError):
        while True:
            connection.sendall(bytes(1000))
            time.sleep(0.5)


def test_an_address_may_have_so_many_clients_and_no_more(start: Start, mode: str) -> None:
    server = start(ASYNC_MODE=mode, MAX_CLIENTS_PER_ADDRESS="2")
    first, second = Client(server.url), RawClient(server.websocket_url + "/ws")
    with pytest.raises(websocket.WebSocketBadStatusException) as refusal:
        RawClient(server.websocket_url + "/ws")
    assert refusal.value.status_code == 429
    second.close()
    assert eventually(lambda: first.call("health")["clients_connected"] == 1, 30)
    RawClient(server.websocket_url + "/ws").close()
    first.close()


def test_listed_origins_are_let_in(start: Start) -> None:
    server = start(CORS_ORIGINS="https://app.example")
    raw = RawClient(server.websocket_url + "/ws", origin="https://app.example")
    assert raw.greeting["status"] == "connected"
    raw.close()


def test_the_process_starts_without_loading_the_network(start: Start) -> None:
    server = start()
    assert get(f"{server.url}/api/v1/health")["model"] == "not_loaded"
    assert get(f"{server.url}/api/v1/model/info")["status"] in ("not_loaded", "loading", "loaded")
    assert eventually(lambda: get(f"{server.url}/api/v1/health")["model"] == "loaded", 30)
