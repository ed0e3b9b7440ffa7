"""A server whose database is behind PgBouncer in transaction mode, as Debian installs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest
import requests
from websocket import create_connection

from tests.support.images import face_jpeg
from tests.support.pgbouncer import PgBouncer, pgbouncer_or_skip
from tests.support.postgres import Cluster
from tests.support.servers import Server, environment_of, flask, start_server
from tests.support.waiting import eventually

ACCOUNT = {"username": "usuario", "password": "una frase larga"}
PICTURE = {"Content-Type": "image/jpeg"}
SECONDS = 30


@dataclass
class Behind:
    """A server, its database without PgBouncer in between, and PgBouncer."""

    server: Server
    direct: str
    pooled: str

    def call(self, method: str, path: str, token: str | None = None, **options: object) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= options.pop("headers", {})  # type: ignore[arg-type]
        url = f"{self.server.url}/api/v1{path}"
        return requests.request(method, url, headers=headers, timeout=SECONDS, **options)  # type: ignore[arg-type]

    def sign_in(self) -> str:
        token: str = self.call("POST", "/auth/login", json=ACCOUNT).json()["access_token"]
        return token


@pytest.fixture(scope="module")
def bouncer(cluster: Cluster) -> Iterator[PgBouncer]:
    yield from pgbouncer_or_skip(cluster.port)


@pytest.fixture(scope="module")
def behind(cluster: Cluster, bouncer: PgBouncer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    direct = cluster.new_database()
    pooled = cluster.url(direct.rpartition("/")[2], bouncer.port)
    # Migrates over PgBouncer too.
    server = start_server(tmp_path_factory.mktemp("behind"), DATABASE_URL=pooled, LOCK_TIMEOUT_MS="500")
    behind = Behind(server, direct, pooled)
    assert behind.call("POST", "/auth/register", json=ACCOUNT).status_code == 201
    yield behind
    assert server.stop() == 0
    assert "Traceback" not in server.log.read_text()


def test_accounts_rows_figures_and_erasure_are_as_without_it(behind: Behind) -> None:
    token = behind.sign_in()
    answer = behind.call("POST", "/predict", token, data=face_jpeg(), headers=PICTURE).json()
    assert answer["recorded"]
    assert answer["id"] > 0
    assert behind.call("GET", "/dashboard/stats?user=me", token).json()["total_predictions"] == 1
    assert behind.call("GET", "/dashboard/recent", token).json()["predictions"][0]["id"] == answer["id"]
    assert answer["uid"] in behind.call("GET", "/dashboard/export?format=json", token).text
    assert behind.call("DELETE", "/auth/users/me/predictions", token).status_code == 204
    assert behind.call("GET", "/dashboard/stats?user=me", token).json()["total_predictions"] == 0


def test_a_session_is_recorded_summed_up_and_deleted(behind: Behind) -> None:
    token = behind.sign_in()
    uid = behind.call("POST", "/sessions", token, json={"title": "Behind"}).json()["uid"]
    for _ in range(2):
        behind.call("POST", f"/predict?session={uid}", token, data=face_jpeg(), headers=PICTURE)
    behind.call("POST", f"/sessions/{uid}/end", token)
    assert eventually(lambda: behind.call("GET", f"/sessions/{uid}", token).json()["people"])
    assert behind.call("DELETE", f"/sessions/{uid}", token).status_code == 204


def test_a_stream_records(behind: Behind) -> None:
    before = behind.call("GET", "/dashboard/stats").json()["total_predictions"]
    client = create_connection(behind.server.websocket_url + "/ws", timeout=SECONDS)
    client.recv()
    client.send_binary(face_jpeg())
    client.recv()
    client.close()
    assert eventually(lambda: behind.call("GET", "/dashboard/stats").json()["total_predictions"] > before)


def test_it_is_healthy_and_ready(behind: Behind) -> None:
    assert eventually(lambda: behind.call("GET", "/health/ready").status_code == 200, SECONDS)
    assert behind.call("GET", "/health").json()["status"] == "healthy"


def test_the_timeouts_hold(behind: Behind) -> None:
    other = psycopg2.connect(behind.direct)
    with other.cursor() as cursor:
        cursor.execute("LOCK TABLE prediction_hourly IN ACCESS EXCLUSIVE MODE")
    answer = behind.call("GET", "/dashboard/timeline?bucket=hour")
    other.close()
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "database_unavailable")


def test_what_one_client_set_is_not_in_force_for_the_next(behind: Behind) -> None:
    behind.call("GET", "/dashboard/stats")
    other = psycopg2.connect(behind.pooled)
    with other.cursor() as cursor:
        for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"):
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone() == ("0",), name
    other.close()


def test_counters_are_rebuilt_and_migrations_go_down_and_up(behind: Behind, tmp_path: Path) -> None:
    environment = environment_of(tmp_path, DATABASE_URL=behind.pooled)
    flask(environment, "stats", "rebuild", "--check")
    flask(environment, "db", "downgrade")
    flask(environment, "db", "upgrade")
