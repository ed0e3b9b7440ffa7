"""Partitions of the log: made ahead, with what lies in the default one, and without keeping a recorder waiting."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, text

import config as configuration
from tests.support.rows import a_row
from visionai import create_app
from visionai.database import partitions
from visionai.database.partitions import OTHER, existing, keep_ahead, period_of
from visionai.database.sessions import PARTITIONS_LOCK, alone
from visionai.database.types import utc_now
from visionai.extensions import db
from visionai.services.recording.ledger import Ledger
from visionai.services.statistics import rebuild


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("cluster").new_database()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A table in use is given up sooner than in a server."""
    monkeypatch.setattr(partitions, "LOCK_PATIENCE_MS", 50)
    monkeypatch.setattr(partitions, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(partitions, "_warned_on", None)


@pytest.fixture
def end(app: Flask) -> datetime:
    """Where the last partition ends that the migrations made."""
    return existing()[-1].until


def rows_in(table: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def spans(since: datetime) -> list[tuple[datetime, datetime]]:
    return [(part.since, part.until) for part in existing() if part.since and part.since >= since]


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ("month", datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        ("week", datetime(2026, 12, 7, tzinfo=UTC), datetime(2026, 12, 14, tzinfo=UTC)),
        ("day", datetime(2026, 12, 10, tzinfo=UTC), datetime(2026, 12, 11, tzinfo=UTC)),
    ],
)
def test_a_period_begins_and_ends_with_utc_s(period: str, since: datetime, until: datetime) -> None:
    assert period_of(datetime(2026, 12, 10, 17, 5, tzinfo=UTC), period) == (since, until)
    assert period_of(since, period) == (since, until)
    assert period_of(until, period)[0] == until


def test_right_after_the_migrations_nothing_is_missing(app: Flask, end: datetime) -> None:
    assert keep_ahead("month") == 0
    assert end > utc_now() + timedelta(days=56)


def test_the_current_and_the_next_two_periods_have_their_partitions(app: Flask, end: datetime) -> None:
    assert keep_ahead("month", now=end) == 3
    first, second, third = spans(end)
    assert (first[0], first[1], second[1]) == (end, second[0], third[0])
    assert all(since == period_of(since, "month")[0] for since, _ in (first, second, third))
    assert keep_ahead("month", now=end) == 0


def test_a_server_that_was_off_for_long_goes_on_with_the_current_period(app: Flask, end: datetime) -> None:
    later = end + timedelta(days=400)
    assert keep_ahead("month", now=later) == 3
    assert spans(end)[0][0] == period_of(later, "month")[0]


def test_another_period_holds_from_the_end_of_the_last_partition_on(app: Flask, end: datetime) -> None:
    keep_ahead("week", now=end)
    (first, *others) = spans(end)
    assert first == (end, period_of(end, "week")[1])
    assert all(until - since == timedelta(days=7) for since, until in others)
    keep_ahead("day", now=others[-1][1])
    assert all(until - since == timedelta(days=1) for since, until in spans(others[-1][1]))


def test_rows_of_the_default_partition_move_into_the_one_that_is_made(app: Flask, end: datetime) -> None:
    moments = [end, end + timedelta(days=3), end + timedelta(days=300)]
    ids = Ledger(db.engine).record([a_row(timestamp=moment) for moment in moments])
    assert rows_in(OTHER) == 3
    assert keep_ahead("month", now=end) == 3
    assert (rows_in(OTHER), rows_in("predictions_log")) == (1, 3)
    with db.engine.connect() as connection:
        kept = connection.execute(text("SELECT predic_id FROM predictions_log")).scalars()
        assert set(kept) == set(ids.values())
    assert rebuild.check() == []


def test_a_row_that_moved_is_still_the_same_row_when_it_is_tried_again(app: Flask, end: datetime) -> None:
    row, ledger = a_row(timestamp=end), Ledger(db.engine)
    first = ledger.record([row])
    keep_ahead("month", now=end)
    assert ledger.record([row]) == first
    assert rows_in("predictions_log") == 1


@contextmanager
def in_use(table: str) -> Iterator[Connection]:
    with db.engine.connect() as connection, connection.begin():
        connection.execute(text(f"SELECT count(*) FROM {table}"))
        yield connection


def test_a_table_in_use_is_left_to_the_next_time(app: Flask, end: datetime, caplog: pytest.LogCaptureFixture) -> None:
    with in_use(OTHER):
        assert keep_ahead("month", now=end) == 0
    assert "tried again later" in caplog.text
    assert keep_ahead("month", now=end) == 3


def test_a_recorder_goes_on_while_a_partition_is_waited_for(app: Flask, end: datetime) -> None:
    with in_use(OTHER):
        keep_ahead("month", now=end)
        assert Ledger(db.engine).record([a_row()])


def test_too_many_rows_to_move_at_once_stay_where_they_are(
    app: Flask, end: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ledger(db.engine).record([a_row(timestamp=end)])
    slow = "CREATE FUNCTION slowly() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(5); RETURN OLD; END'"
    trigger = f"CREATE TRIGGER slowly BEFORE DELETE ON {OTHER} FOR EACH ROW EXECUTE FUNCTION slowly()"
    with db.engine.begin() as connection:
        connection.execute(text(slow))
        connection.execute(text(trigger))
    assert keep_ahead("month", now=end, patience_ms=100) == 2
    assert rows_in(OTHER) == 1


def test_one_process_makes_them_at_a_time(app: Flask, end: datetime) -> None:
    with alone(PARTITIONS_LOCK) as free:
        assert free
        assert keep_ahead("month", now=end) == 0


@pytest.fixture
def as_lesser_role(app: Flask, tables: str, tmp_path: object) -> Iterator[Flask]:
    """The application as a role that may read and write rows, and own nothing."""
    database = tables.rpartition("/")[2]
    role = f"lesser_{database}"
    with db.engine.begin() as connection:
        connection.execute(text(f"CREATE ROLE {role} LOGIN"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    lesser = create_app(configuration.Testing(tmp_path, DATABASE_URL=tables.replace("visionai@", f"{role}@")))
    with lesser.app_context():
        yield lesser
        db.engine.dispose()
    with db.engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
        connection.execute(text(f"DROP ROLE {role}"))


def test_a_role_that_owns_nothing_warns_once_and_loses_no_row(
    as_lesser_role: Flask, end: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        assert [keep_ahead("month", now=end) for _ in range(3)] == [0, 0, 0]
    assert len([record for record in caplog.records if "does not own the log" in record.message]) == 1
    assert Ledger(db.engine).record([a_row(timestamp=end)])
    assert rows_in("predictions_log") == 1


def test_a_role_that_is_a_member_of_the_owner_makes_them(as_lesser_role: Flask, tables: str, end: datetime) -> None:
    engine = create_engine(configuration.database_uri(tables))
    with engine.begin() as connection:
        connection.execute(text(f"GRANT visionai TO lesser_{tables.rpartition('/')[2]}"))
        connection.execute(text(f"GRANT CREATE ON SCHEMA public TO lesser_{tables.rpartition('/')[2]}"))
    engine.dispose()
    assert keep_ahead("month", now=end) == 3


def test_a_new_partition_has_the_keys_and_indexes_of_the_log(app: Flask, end: datetime) -> None:
    keep_ahead("month", now=end)
    shape = (
        "SELECT string_agg(pg_get_indexdef(indexrelid), ' ') FROM pg_index WHERE indrelid = '{0}'::regclass UNION ALL"
        " SELECT string_agg(pg_get_constraintdef(oid), ' ' ORDER BY conname) FROM pg_constraint"
        " WHERE conrelid = '{0}'::regclass"
    )
    made, migrated = existing()[-1].name, existing()[1].name
    with db.engine.connect() as connection:
        of_made, of_migrated = (
            [
                sorted(str(value).replace(name, "").split())
                for value in connection.execute(text(shape.format(name))).scalars()
            ]
            for name in (made, migrated)
        )
    assert of_made == of_migrated
