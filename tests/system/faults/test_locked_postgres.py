"""A table that somebody locked: what reads it is told to come back, and everybody else goes on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg2
import pytest
import requests

from tests.support.images import face_jpeg
from tests.support.postgres import Cluster
from tests.support.servers import Server, start_server
from tests.support.waiting import eventually

ACCOUNT = {"username": "usuario", "password": "una frase larga"}
DASHBOARD = ["stats?since=2026-01-01T01:00:00Z", "timeline?bucket=hour", "emotion/happy?since=2026-01-01T01:00:00Z"]


@pytest.fixture(scope="module", params=["eventlet", "threading"])
def server(
    request: pytest.FixtureRequest, cluster: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    database = cluster.new_database()
    server = start_server(tmp_path_factory.mktemp(request.param), ASYNC_MODE=request.param, DATABASE_URL=database)
    server.database = database  # type: ignore[attr-defined]
    requests.post(f"{server.url}/api/v1/auth/register", json=ACCOUNT, timeout=30)
    yield server
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


@pytest.fixture
def locked(server: Server, request: pytest.FixtureRequest) -> Iterator[psycopg2.extensions.connection]:
    """Another connection, which holds a table for itself: the hours of the figures unless a test names another one."""
    connection = psycopg2.connect(server.database)  # type: ignore[attr-defined]
    lock(connection, getattr(request, "param", "prediction_hourly"))
    yield connection
    connection.close()


def lock(connection: psycopg2.extensions.connection, table: str) -> None:
    """Hold a table for `connection` until it rolls back."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")


def ask(server: Server, number: int) -> requests.Response:
    """Ask for one of the figures."""
    return requests.get(f"{server.url}/api/v1/dashboard/{DASHBOARD[number % len(DASHBOARD)]}", timeout=60)


def sign_in(server: Server, username: str = ACCOUNT["username"]) -> requests.Response:
    return requests.post(f"{server.url}/api/v1/auth/login", json={**ACCOUNT, "username": username}, timeout=60)


def test_a_login_finds_a_connection_while_forty_ask_for_figures_of_a_locked_table(
    server: Server, locked: psycopg2.extensions.connection
) -> None:
    with ThreadPoolExecutor(45) as threads:
        asked = [threads.submit(ask, server, number) for number in range(40)]
        logins = [threads.submit(sign_in, server) for _ in range(3)]
        assert [login.result().status_code for login in logins] == [200] * 3
        # None of the figures was answered before: the logins did not merely come after them.
        answers = [future.result() for future in asked]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["error"]["code"] for answer in answers} == {"database_unavailable"}
    assert all(int(answer.headers["Retry-After"]) > 0 for answer in answers)
    locked.rollback()
    assert [ask(server, number).status_code for number in range(3)] == [200] * 3


def test_a_login_is_not_kept_by_those_who_ask_again_and_again(
    server: Server, locked: psycopg2.extensions.connection
) -> None:
    over: list[bool] = []

    def go_on_asking(number: int) -> None:
        while not over:
            ask(server, number)

    with ThreadPoolExecutor(45) as threads:
        for number in range(40):
            threads.submit(go_on_asking, number)
        try:
            for _ in range(5):
                assert sign_in(server).status_code == 200
                assert requests.get(f"{server.url}/api/v1/health", timeout=60).json()["database"] == "ok"
        finally:
            over.append(True)
            locked.rollback()


@pytest.mark.parametrize("locked", ["users"], indirect=True)
def test_pictures_are_read_while_more_sign_in_to_locked_accounts_than_there_are_connections(
    server: Server, locked: psycopg2.extensions.connection
) -> None:
    with ThreadPoolExecutor(25) as threads:
        logins = [threads.submit(sign_in, server, f"name{number}") for number in range(25)]
        answer = requests.post(
            f"{server.url}/api/v1/predict", face_jpeg(), headers={"Content-Type": "image/jpeg"}, timeout=60
        )
        assert (answer.status_code, answer.json()["recorded"]) == (200, True)
        assert requests.get(f"{server.url}/api/v1/health/ready", timeout=60).status_code == 200
        answers = [login.result() for login in logins]
    assert {answer.status_code for answer in answers} == {503}
    assert {answer.json()["error"]["code"] for answer in answers} == {"database_unavailable"}
    locked.rollback()
    assert sign_in(server).status_code == 200


@pytest.mark.parametrize("locked", ["users"], indirect=True)
def test_figures_are_answered_while_a_hundred_callers_with_logins_wait_for_locked_accounts(
    server: Server, locked: psycopg2.extensions.connection
) -> None:
    locked.rollback()
    token = {"Authorization": f"Bearer {sign_in(server).json()['access_token']}"}
    lock(locked, "users")
    over, statuses = threading.Event(), Counter[int]()

    def go_on_calling() -> None:
        while not over.is_set():
            statuses[requests.get(f"{server.url}/api/v1/auth/users/me", headers=token, timeout=60).status_code] += 1

    with ThreadPoolExecutor(100) as threads:
        for _ in range(100):
            threads.submit(go_on_calling)
        try:
            assert eventually(lambda: statuses[503], 20), statuses
            assert [ask(server, number).status_code for number in range(6)] == [200] * 6
            assert requests.get(f"{server.url}/api/v1/health", timeout=60).json()["database"] == "ok"
        finally:
            over.set()
            locked.rollback()
    assert not statuses[500]
