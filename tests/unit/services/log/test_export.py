from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from uuid import UUID

import pytest

from visionai.services.log.export import ExportRow, as_csv, as_json

MOMENT = datetime(2026, 1, 1, 10, 30, tzinfo=UTC)


def a_row(username: str | None = "usuario") -> ExportRow:
    return ExportRow(1, UUID(int=7), MOMENT, username, "sad", 0.61, "v1.0.0", 7, None)


def read_csv(rows: list[ExportRow]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(as_csv(rows)))))


def test_a_csv_has_its_columns_first() -> None:
    (row,) = read_csv([a_row()])
    assert row["timestamp"] == "2026-01-01T10:30:00+00:00"
    assert (row["uid"], row["confidence"], row["source_ip"]) == (str(UUID(int=7)), "0.61", "")


@pytest.mark.parametrize("dangerous", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(dangerous: str) -> None:
    assert read_csv([a_row(dangerous)])[0]["username"] == f"'{dangerous}"


def test_commas_and_quotes_stay_in_their_cell() -> None:
    assert read_csv([a_row('a,"b"')])[0]["username"] == 'a,"b"'


@pytest.mark.parametrize("count", [0, 1, 199, 200, 201, 450])
def test_a_file_is_whole_however_many_rows_it_has(count: int) -> None:
    rows = [a_row()] * count
    assert len(read_csv(rows)) == count
    assert len(json.loads("".join(as_json(rows)))) == count
