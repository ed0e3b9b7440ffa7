"""Sixty clients of one address that try names without end, and one user at another address."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from tests.support.servers import Server
from tests.system.streaming.conftest import sign_in

PASSWORD = "una frase larga"
LOGINS = 6


def log_in(server: Server, username: str, password: str, address: str) -> int:
    """Sign in from `address` of this machine and return the status of the answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(address, 0))
    body: dict[str, Any] = {"username": username, "password": password}
    connection.request("POST", "/api/v1/auth/login", json.dumps(body), {"Content-Type": "application/json"})
    status = connection.getresponse().status
    connection.close()
    return status


@contextmanager
def flood(server: Server, clients: int) -> Iterator[Counter[int]]:
    """Let so many clients of one address guess names while the block lasts; yields how they were answered."""
    over, names, answers = threading.Event(), count(), Counter[int]()

    def guess() -> None:
        while not over.is_set():
            answers[log_in(server, f"invented{next(names)}", "adivinando", "127.0.0.3")] += 1

    threads = [threading.Thread(target=guess) for _ in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_a_user_elsewhere_signs_in_as_ever(server: Server) -> None:
    sign_in(server, "real")
    with flood(server, 60) as answers:
        while not answers[401]:
            threading.Event().wait(0.05)
        assert [log_in(server, "real", PASSWORD, "127.0.0.2") for _ in range(LOGINS)] == [200] * LOGINS


def test_a_class_behind_one_address_signs_in_at_once(server: Server) -> None:
    answers: list[bool] = []
    pupils = [
        threading.Thread(target=lambda number=n: answers.append(bool(sign_in(server, f"pupil{number}"))))
        for n in range(12)
    ]
    for pupil in pupils:
        pupil.start()
    for pupil in pupils:
        pupil.join()
    assert answers == [True] * 12
