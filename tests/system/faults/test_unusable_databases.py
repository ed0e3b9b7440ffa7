"""A database that cannot be used (damaged, read-only, without tables or rights) is as one that is away.

Readiness asks whether the schema is the code's: it says so where it is not, and does not mind what is read-only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import stamp

import config as configuration
from tests.support.postgres import Cluster
from tests.support.rows import a_row
from visionai import create_app
from visionai.database import revisions
from visionai.errors import DatabaseEmpty, DatabaseUnavailable, VisionAIError
from visionai.extensions import db
from visionai.models import seed_emotions
from visionai.services import health, lifecycle
from visionai.services.accounts import accounts
from visionai.services.recording.recorder import recorder

CREDENTIALS = {"username": "usuario", "password": "una frase larga"}
CALLS = {
    "a login": lambda client: client.post("/api/v1/auth/login", json=CREDENTIALS),
    "a registration": lambda client: client.post("/api/v1/auth/register", json={**CREDENTIALS, "username": "otra"}),
    "figures": lambda client: client.get("/api/v1/dashboard/stats"),
    "a timeline": lambda client: client.get("/api/v1/dashboard/timeline"),
    "rows": lambda client: client.get("/api/v1/dashboard/recent"),
}
WRITES = ("a login", "a registration")


def made(url: str) -> None:
    """Make the tables at `url`, with an account."""
    app = create_app(configuration.Testing(Path(app_folder(url)), DATABASE_URL=url))
    with app.app_context():
        db.create_all()
        stamp()
        seed_emotions()
        accounts.create_user(**CREDENTIALS)
        lifecycle.stop(app)
        db.session.remove()
        db.engine.dispose()


def app_folder(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///")).parent if url.startswith("sqlite") else FOLDERS[url]


FOLDERS: dict[str, Path] = {}


def a_folder(file: Path) -> str:
    file.mkdir()
    return f"sqlite:///{file}"


def no_tables(file: Path) -> str:
    sqlite3.connect(file).close()
    return f"sqlite:///{file}"


def not_a_database(file: Path) -> str:
    file.write_bytes(b"This is no database at all. " * 500)
    return f"sqlite:///{file}"


def damaged(file: Path) -> str:
    made(f"sqlite:///{file}")
    with file.open("r+b") as handle:
        handle.seek(4096)
        handle.write(b"\xff" * (file.stat().st_size - 4096))
    return f"sqlite:///{file}"


def read_only(file: Path) -> str:
    made(f"sqlite:///{file}")
    return f"sqlite:///file:{file}?mode=ro&uri=true"


BROKEN: dict[str, Callable[[Path], str]] = {
    "a folder": a_folder,
    "no tables": no_tables,
    "no database": not_a_database,
    "damaged": damaged,
}


def opened(url: str, folder: Path) -> Iterator[Flask]:
    """An application on the database at `url`, which answers faults of its own as it does for clients."""
    app = create_app(configuration.Testing(folder, DATABASE_URL=url))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        yield app
        lifecycle.stop(app)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(params=BROKEN.values(), ids=BROKEN)
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    yield from opened(request.param(tmp_path / "test.sqlite3"), tmp_path)


def test_health_answers_and_says_that_the_database_cannot_be_used(client: FlaskClient) -> None:
    answer = client.get("/api/v1/health")
    assert answer.status_code == 200
    assert (answer.json["status"], answer.json["database"]) == ("degraded", "unavailable")


def is_unavailable(answer: object) -> bool:
    body = answer.json  # type: ignore[attr-defined]
    return answer.status_code == 503 and body["error"]["code"] == "database_unavailable"  # type: ignore[attr-defined]


def refused_as(error: type[VisionAIError]) -> bool:
    """Whether the schema is refused with exactly this error."""
    with pytest.raises(error) as raised:
        health.require_schema()
    return type(raised.value) is error


def test_the_schema_is_not_right(app: Flask, request: pytest.FixtureRequest) -> None:
    assert refused_as(DatabaseEmpty if "no tables" in request.node.name else DatabaseUnavailable)


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_needs_the_database_is_unavailable(client: FlaskClient, call: Callable[[FlaskClient], object]) -> None:
    assert is_unavailable(call(client))


def test_a_prediction_waits_on_the_disk(app: Flask) -> None:
    assert recorder.write(a_row(), timeout=10) is None
    assert (recorder.state, recorder.backlog) == ("degraded", 1)


class TestReadOnly:
    @pytest.fixture
    def app(self, tmp_path: Path) -> Iterator[Flask]:
        yield from opened(read_only(tmp_path / "test.sqlite3"), tmp_path)

    def test_health_says_that_the_database_cannot_be_used(self, client: FlaskClient) -> None:
        assert client.get("/api/v1/health").json["database"] == "unavailable"

    def test_the_schema_is_right(self, app: Flask) -> None:
        assert health.require_schema() == revisions.known()[0]

    @pytest.mark.parametrize("call", WRITES)
    def test_what_writes_is_unavailable(self, client: FlaskClient, call: str) -> None:
        assert is_unavailable(CALLS[call](client))

    def test_a_prediction_waits_on_the_disk(self, app: Flask) -> None:
        assert recorder.write(a_row(), timeout=10) is None
        assert recorder.backlog == 1


class TestFull:
    """A disk without room for one more page (`SQLITE_FULL`)."""

    @pytest.fixture
    def app(self, tmp_path: Path) -> Iterator[Flask]:
        made(f"sqlite:///{tmp_path / 'test.sqlite3'}")
        for app in opened(f"sqlite:///{tmp_path / 'test.sqlite3'}", tmp_path):
            with db.engine.connect() as connection:
                driver = connection.connection.dbapi_connection
                pages = driver.execute("PRAGMA page_count").fetchone()[0]
                driver.execute(f"PRAGMA max_page_count = {pages}")
            yield app

    def test_what_writes_is_unavailable_in_the_end(self, client: FlaskClient) -> None:
        names = [f"nombre{number:040}" for number in range(100)]
        calls = (client.post("/api/v1/auth/register", json={**CREDENTIALS, "username": name}) for name in names)
        refused = next(answer for answer in calls if answer.status_code != 201)
        assert is_unavailable(refused)


class TestBusy:
    """A healthy database to which somebody else writes."""

    @pytest.fixture
    def app(self, tmp_path: Path) -> Iterator[Flask]:
        made(f"sqlite:///{tmp_path / 'test.sqlite3'}")
        yield from opened(f"sqlite:///{tmp_path / 'test.sqlite3'}", tmp_path)

    def test_health_is_well_while_others_write(self, app: Flask, client: FlaskClient) -> None:
        other = sqlite3.connect(db.engine.url.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert client.get("/api/v1/health").json["database"] == "ok"
        other.close()

    def test_looking_leaves_no_lock_behind(self, app: Flask, client: FlaskClient) -> None:
        assert client.get("/api/v1/health").json["database"] == "ok"
        other = sqlite3.connect(db.engine.url.database, isolation_level=None, timeout=0)
        other.execute("BEGIN IMMEDIATE")
        other.close()


POSTGRES = {
    "no tables": "DROP SCHEMA public CASCADE; CREATE SCHEMA public",
    "an older schema": "".join(
        f"ALTER TABLE {table} RENAME COLUMN user_id TO whose; "
        for table in ("users", "predictions_log", "prediction_hourly", "prediction_daily", "prediction_totals")
    ),
    "no rights": "CREATE ROLE stranger LOGIN",
    "read-only": "ALTER DATABASE {name} SET default_transaction_read_only TO on",
}


class TestPostgreSQL:
    @pytest.fixture(params=POSTGRES.items(), ids=POSTGRES)
    def broken(self, request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[tuple[str, str]]:
        kind, statements = request.param
        url = cluster.new_database()
        FOLDERS[url] = tmp_path
        made(url)
        with psycopg2.connect(url) as connection, connection.cursor() as cursor:
            cursor.execute(statements.format(name=url.rpartition("/")[2]))
        connection.close()
        yield kind, url.replace("visionai@", "stranger@") if kind == "no rights" else url
        if kind == "no rights":
            with psycopg2.connect(url) as connection, connection.cursor() as cursor:
                cursor.execute("DROP OWNED BY stranger; DROP ROLE stranger")
            connection.close()

    @pytest.fixture
    def app(self, broken: tuple[str, str], tmp_path: Path) -> Iterator[Flask]:
        yield from opened(broken[1], tmp_path)

    def test_health_says_that_the_database_cannot_be_used(self, client: FlaskClient) -> None:
        answer = client.get("/api/v1/health")
        assert (answer.status_code, answer.json["database"]) == (200, "unavailable")

    def test_the_schema_is_right_where_it_can_be_seen_and_is_whole(self, app: Flask, broken: tuple[str, str]) -> None:
        if broken[0] == "read-only":
            assert health.require_schema() == revisions.known()[0]
        else:
            assert refused_as(DatabaseEmpty if broken[0] == "no tables" else DatabaseUnavailable)

    @pytest.mark.parametrize("call", CALLS)
    def test_what_needs_it_is_unavailable(self, client: FlaskClient, call: str, broken: tuple[str, str]) -> None:
        answer = CALLS[call](client)
        if broken[0] == "read-only" and call not in WRITES:
            assert answer.status_code == 200
        else:
            assert is_unavailable(answer)

    def test_a_prediction_waits_on_the_disk(self, app: Flask) -> None:
        assert recorder.write(a_row(), timeout=10) is None
        assert recorder.backlog == 1
