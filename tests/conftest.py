"""What every test may ask for: an application on a clean database, its client and its command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner

import config as configuration
from visionai import create_app
from visionai.extensions import db
from visionai.models import seed_emotions
from visionai.services import lifecycle

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
    """An empty database: SQLite, or PostgreSQL where the test is marked `databases`."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.sqlite3'}"
    return request.getfixturevalue("cluster").new_database()


@pytest.fixture
def settings() -> dict[str, str]:
    """Environment variables of the application; a test file overrides this fixture to set its own."""
    return {}


@pytest.fixture
def app(database_url: str, tmp_path: Path, settings: dict[str, str]) -> Iterator[Flask]:
    """An application with its tables and the seven emotions, within its context."""
    app = create_app(configuration.Testing(tmp_path, DATABASE_URL=database_url, **settings))
    with app.app_context():
        db.create_all()
        seed_emotions()
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
