"""What every test may ask for: an application on a clean database, its client and its command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from flask_migrate import upgrade

import config as configuration
from visionai import create_app
from visionai.extensions import db
from visionai.services import lifecycle
from visionai.services.recording.recorder import Recorder

from .support.postgres import Cluster, cluster_or_skip


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "databases: the test runs on SQLite and on PostgreSQL")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        both = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("database_url", ["sqlite", "postgresql"] if both else ["sqlite"], indirect=True)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of this run's own."""
    yield from cluster_or_skip()


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database: SQLite, or PostgreSQL where the test is marked `databases`; with `tables`, that makes it."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    cluster = request.getfixturevalue("cluster")
    return cluster.new_url() if "tables" in request.fixturenames else cluster.new_database()


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file that the migrations made, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "template.sqlite3"
    _migrate(f"sqlite:///{file}", file.parent)
    return file


@pytest.fixture(scope="session")
def migrated_database(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a PostgreSQL database that the migrations made, to be copied."""
    url = cluster.new_database()
    _migrate(url, tmp_path_factory.mktemp("migrated"))
    return url


def _migrate(url: str, folder: Path) -> None:
    app = create_app(configuration.Testing(folder, DATABASE_URL=url))
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture
def tables(request: pytest.FixtureRequest, database_url: str) -> Iterator[str]:
    """The URL of a database with the tables of the migrations, a copy of one that was made once."""
    if database_url.startswith("sqlite"):
        shutil.copyfile(request.getfixturevalue("migrated_file"), database_url.removeprefix("sqlite:///"))
        yield database_url
    else:
        cluster = request.getfixturevalue("cluster")
        cluster.copy_database(request.getfixturevalue("migrated_database"), database_url)
        yield database_url
        # Hundreds of them would be written to the disk, and take a minute to remove in the end.
        if cluster.is_running:
            cluster.drop_database(database_url)


@pytest.fixture
def settings() -> dict[str, str]:
    """Environment variables of the application; a test file overrides this fixture to set its own."""
    return {}


@pytest.fixture
def app(tables: str, tmp_path: Path, settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An application with its tables and the seven emotions, within its context.

    Its recorder waits for a commit however long it takes on a busy machine, instead of putting rows on the disk.
    """
    monkeypatch.setattr(Recorder, "_patience", 60.0)
    app = create_app(configuration.Testing(tmp_path, DATABASE_URL=tables, **settings))
    with app.app_context():
        yield app
        lifecycle.stop(app)
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def runner(app: Flask) -> FlaskCliRunner:
    return app.test_cli_runner()
