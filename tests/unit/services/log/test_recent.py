from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from tests.unit.services.conftest import Log
from visionai.database.types import utc_now
from visionai.errors import ValidationFailed
from visionai.extensions import db
from visionai.models import PredictionLog
from visionai.services.accounts.identity import Identity
from visionai.services.log import export, recent, retention
from visionai.services.log.export import ExportRow
from visionai.services.log.recent import RecentPrediction
from visionai.services.statistics import queries
from visionai.services.statistics.filters import Filters

pytestmark = pytest.mark.databases

ADMIN = Identity(0, "admin", "admin", True, uuid4())
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def test_recent_rows_come_newest_first_page_by_page(log: Log) -> None:
    moments = [NOON, NOON, NOON - timedelta(hours=1), NOON + timedelta(hours=1), NOON]
    for moment in moments:
        log(timestamp=moment)
    found: list[RecentPrediction] = []
    cursor = None
    for _ in range(3):
        page = recent.recent_page(Filters(), 2, cursor, None)
        found += page.predictions
        cursor = page.next_cursor
    assert cursor is None
    assert [row.id for row in found] == [4, 5, 2, 1, 3]


def test_a_new_row_does_not_shift_the_next_page(log: Log) -> None:
    for _ in range(3):
        log()
    first = recent.recent_page(Filters(), 2, None, None)
    log()
    (last,) = recent.recent_page(Filters(), 2, first.next_cursor, None).predictions
    assert last.id == 1


@pytest.mark.parametrize(
    "cursor", ["", "x", "ñ", "MTIzNA", "LTEuLTE", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjE", "MS45OTk5OTk5OTk5OTk5OTk5OTk5OTk"]
)
def test_a_cursor_that_is_not_ours_is_refused(app: Flask, cursor: str) -> None:
    with pytest.raises(ValidationFailed):
        recent.recent_page(Filters(), 10, cursor, None)


@pytest.mark.parametrize(
    ("viewer", "sees"),
    [("nobody", False), ("another", False), ("owner", True), ("admin", True)],
)
def test_user_and_address_are_for_the_user_and_administrators(log: Log, user_id: int, viewer: str, sees: bool) -> None:
    log(user_id=user_id)
    viewers = {
        "nobody": None,
        "another": Identity(user_id + 1, "otra", "user", True, uuid4()),
        "owner": Identity(user_id, "usuario", "user", True, uuid4()),
        "admin": ADMIN,
    }
    (row,) = recent.recent_page(Filters(), 10, None, viewers[viewer]).predictions
    assert (row.user, row.source_ip) == (("usuario", "203.0.113.0") if sees else (None, None))


def test_filters_narrow_what_is_recent(log: Log, user_id: int) -> None:
    log("happy", user_id=user_id, timestamp=NOON)
    log("sad", user_id=user_id, timestamp=NOON)
    log("happy", timestamp=NOON)
    log("happy", user_id=user_id, timestamp=NOON + timedelta(minutes=1))
    filters = Filters(user_id, "happy", NOON, NOON + timedelta(seconds=1))
    assert [row.id for row in recent.recent_page(filters, 10, None, None).predictions] == [1]


def test_an_export_has_all_rows_oldest_first(log: Log, user_id: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_PAGE", 2)
    for minutes in (3, 1, 2, 2, 0):
        log(timestamp=NOON + timedelta(minutes=minutes), user_id=user_id)
    assert [row.id for row in export.rows(Filters())] == [5, 2, 3, 4, 1]


def test_an_exported_row_says_what_the_view_says(log: Log, user_id: int) -> None:
    row = log("sad", confidence=0.61, user_id=user_id, timestamp=NOON)
    assert list(export.rows(Filters())) == [
        ExportRow(1, row.uid, NOON, "usuario", "sad", 0.61, "v1.0.0", 7, "203.0.113.0")
    ]


def test_pruning_deletes_rows_by_the_hour_and_keeps_their_figures(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_AT_ONCE", 2)
    for minutes in (-120, -90, -61, 0, 5, 60):
        log(timestamp=NOON + timedelta(minutes=minutes))
    assert retention.prune(NOON + timedelta(minutes=59)) == 3
    assert db.session.query(PredictionLog).count() == 3
    assert queries.stats(Filters()).total_predictions == 6


def test_pruning_never_reaches_into_the_present_hour(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "utc_now", lambda: NOON + timedelta(minutes=30))
    log(timestamp=NOON + timedelta(minutes=10))
    assert retention.prune(NOON + timedelta(days=1)) == 0


class TestWithARetention:
    @pytest.fixture
    def settings(self) -> dict[str, str]:
        return {"RETENTION_DAYS": "30"}

    def test_older_rows_expire(self, log: Log) -> None:
        for days in (0, 29, 31, 400):
            log(timestamp=utc_now() - timedelta(days=days))
        assert retention.prune_expired() == 2


def test_without_a_retention_nothing_expires(log: Log) -> None:
    log(when="2001-01-01T00:00:00")
    assert retention.prune_expired() == 0
