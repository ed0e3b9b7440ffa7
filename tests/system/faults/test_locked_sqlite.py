"""A SQLite that another process holds for writing, such as a backup or the command line."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import requests

from tests.support.images import face_jpeg
from tests.support.servers import Server
from tests.support.watch import Watch
from tests.system.streaming.conftest import sign_in

PASSWORD = "una frase larga"
LONGEST_SECONDS = 1.5


@contextmanager
def locked(server: Server) -> Iterator[None]:
    """Hold the database for writing, as another process."""
    other = sqlite3.connect(server.folder / "visionai.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def call(server: Server, method: str, path: str, token: str | None = None, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return requests.request(method, f"{server.url}/api/v1{path}", headers=headers, timeout=60, **options)


def test_logins_wait_for_it_and_nobody_else_does(server: Server) -> None:
    sign_in(server, "waiting")
    answers: list[int] = []

    def log_in() -> None:
        body = {"username": "waiting", "password": PASSWORD}
        answers.append(call(server, "POST", "/auth/login", json=body).status_code)

    logins = [threading.Thread(target=log_in) for _ in range(3)]
    with Watch(server) as watch:
        with locked(server):
            for login in logins:
                login.start()
            time.sleep(3)
        for login in logins:
            login.join()
    assert answers == [200] * 3
    assert watch.longest < LONGEST_SECONDS


WRITERS: dict[str, Callable[[Server, str], requests.Response]] = {
    "register": lambda server, _: call(
        server, "POST", "/auth/register", json={"username": "newcomer", "password": PASSWORD}
    ),
    "log in": lambda server, _: call(server, "POST", "/auth/login", json={"username": "writer", "password": PASSWORD}),
    "change the password": lambda server, token: call(
        server,
        "PUT",
        "/auth/users/me/password",
        token,
        json={"current_password": PASSWORD, "new_password": "otra frase larga"},
    ),
    "log out": lambda server, token: call(server, "POST", "/auth/logout", token),
    "erase predictions": lambda server, token: call(server, "DELETE", "/auth/users/me/predictions", token),
    "erase the user": lambda server, token: call(server, "DELETE", "/auth/users/me", token),
}


def test_whoever_writes_is_told_to_come_back_when_it_lasts(server: Server) -> None:
    token = sign_in(server, "writer")
    answers: dict[str, requests.Response] = {}

    def write(name: str) -> None:
        answers[name] = WRITERS[name](server, token)

    writers = [threading.Thread(target=write, args=(name,)) for name in WRITERS]
    with locked(server), Watch(server) as watch:
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(WRITERS, 503)
    assert {answer.json()["error"]["code"] for answer in answers.values()} == {"database_unavailable"}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers.values())
    assert watch.longest < LONGEST_SECONDS


def test_pictures_are_answered_and_their_rows_wait_on_the_disk(server: Server) -> None:
    with locked(server), Watch(server) as watch:
        answer = call(server, "POST", "/predict", files={"file": face_jpeg()})
    body = answer.json()
    assert (answer.status_code, body["id"], body["recorded"]) == (200, None, True)
    assert watch.longest < LONGEST_SECONDS


def test_what_reads_goes_on(server: Server) -> None:
    token = sign_in(server, "reader")
    with locked(server):
        asked = time.monotonic()
        for path in ("/auth/verify", "/dashboard/stats", "/health"):
            assert call(server, "GET", path, token).status_code == 200
        assert time.monotonic() - asked < LONGEST_SECONDS
