from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import delete, insert, text

from visionai.database import revisions
from visionai.database.revisions import COMPATIBILITY
from visionai.errors import DatabaseEmpty, DatabaseOutdated, DatabaseTooNew, VisionAIError
from visionai.extensions import db
from visionai.services import health

pytestmark = pytest.mark.databases

WANTED = revisions.known()[0]
NEWER = "9999"


def mark(revision: str, compatible_with: str | None = None) -> None:
    """Make the database one of `revision`, and say of it what older code runs on it."""
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})
        connection.execute(delete(COMPATIBILITY))
        if compatible_with:
            connection.execute(insert(COMPATIBILITY).values(revision=revision, compatible_with=compatible_with))


def drop(table: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP TABLE {table}"))


def test_the_revisions_of_the_code_are_known_from_the_newest_to_the_first() -> None:
    assert revisions.known()[-3:] == ("0003", "0002", "0001")


def test_a_migrated_database_is_right(app: Flask) -> None:
    assert health.require_schema() == WANTED


def test_a_newer_database_that_is_compatible_with_the_code_is_right(app: Flask) -> None:
    mark(NEWER, compatible_with=WANTED)
    assert health.require_schema() == NEWER


def test_a_newer_database_that_is_compatible_with_even_older_code_is_right(app: Flask) -> None:
    mark(NEWER, compatible_with="0003")
    assert health.require_schema() == NEWER


@pytest.mark.parametrize(
    ("change", "error", "revision"),
    [
        (lambda: drop("alembic_version"), DatabaseEmpty, None),
        (lambda: mark("0002"), DatabaseOutdated, "0002"),
        (lambda: mark(NEWER), DatabaseTooNew, NEWER),
        (lambda: mark(NEWER, compatible_with="9998"), DatabaseTooNew, NEWER),
        (lambda: (mark(NEWER), drop("schema_compatibility")), DatabaseTooNew, NEWER),
    ],
    ids=["never migrated", "older", "newer", "compatible with code that is newer too", "of another program"],
)
def test_another_one_is_refused_with_both_revisions(
    app: Flask, change: Callable[[], object], error: type[VisionAIError], revision: str | None
) -> None:
    change()
    with pytest.raises(error) as raised:
        health.require_schema()
    assert raised.value.details == {"revision": revision, "wanted": WANTED}


def test_a_schema_that_was_right_once_is_not_looked_at_again(app: Flask) -> None:
    health.require_schema()
    mark("0002")
    assert health.require_schema() == WANTED


def test_a_schema_that_becomes_right_is_seen(app: Flask) -> None:
    mark("0002")
    with pytest.raises(DatabaseOutdated):
        health.require_schema()
    mark(WANTED)
    assert health.require_schema() == WANTED
