from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.readings import Reading, record
from tests.unit.services.sessions.conftest import label
from visionai import ROOT
from visionai.contract.schemas.sessions import SessionRowSchema
from visionai.models import RecordedSession
from visionai.services.privacy import erasure
from visionai.services.sessions import editing, export

pytestmark = pytest.mark.databases

DICTIONARY = (ROOT / "docs" / "DATA_DICTIONARY.md").read_text()


def places(recorded: RecordedSession) -> list[tuple[int, int]]:
    return [(row["second"], row["person"]) for row in export.records(recorded)]


def read_csv(recorded: RecordedSession) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(export.as_csv(export.records(recorded))))))


def as_cell(value: object) -> str:
    return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)


def test_a_row_is_a_person_and_a_second(recorded: RecordedSession) -> None:
    record(recorded, [Reading(1300, 2, emotion="sad", share=0.46, frames=7)], "v1.2.0")
    (row,) = export.records(editing.edit(recorded, {"participant": "P-07"}, {2: "Ana"}))
    assert {name: row[name] for name in export.COLUMNS if name not in export.SCORES} == {
        "session_uid": str(recorded.uid),
        "participant": "P-07",
        "person": 2,
        "label": "Ana",
        "second": 1,
        "offset_ms": 1300,
        "timestamp": recorded.started_at + timedelta(milliseconds=1300),
        "emotion_name": "sad",
        "confidence": 0.46,
        "uncertain": True,
        "frames": 7,
        "model_version_tag": "v1.2.0",
    }
    assert [row[name] for name in export.SCORES] == [0.09, 0.09, 0.09, 0.09, 0.09, 0.46, 0.09]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_rows_come_by_second_and_person_whatever_the_page(
    recorded: RecordedSession, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_PAGE", size)
    record(recorded, [Reading(1900, 1), Reading(1100, 2), Reading(0, 2), Reading(2000, 2), Reading(0, 1)])
    assert places(recorded) == [(0, 1), (0, 2), (1, 1), (1, 2), (2, 2)]


def test_rows_of_frames_become_one_of_their_second(recorded: RecordedSession) -> None:
    frames = [
        Reading(offset, person, share=0.5 + offset / 1000, frames=1) for offset in (0, 100, 200) for person in (1, 2)
    ]
    record(recorded, frames)
    first, second = export.records(recorded)
    for row in (first, second):
        assert (row["offset_ms"], row["frames"], row["confidence"]) == (0, 3, 0.6)


def test_of_several_rows_in_a_second_those_of_more_frames_weigh_more(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, share=0.8, frames=3), Reading(500, share=0.4, frames=1)])
    assert [row["confidence"] for row in export.records(recorded)] == [0.7]


def test_a_csv_and_a_json_have_the_same_rows(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, 1, share=0.4), Reading(0, 2)])
    of_json = json.loads("".join(export.as_json(export.records(recorded))))
    of_csv = read_csv(recorded)
    assert [list(row) for row in of_json] == [list(export.COLUMNS)] * 2
    assert of_csv == [{name: as_cell(value) for name, value in row.items()} for row in of_json]


def test_the_document_names_the_fields_of_a_row(recorded: RecordedSession) -> None:
    assert set(SessionRowSchema().fields) == set(export.COLUMNS)


@pytest.mark.parametrize("dangerous", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_a_cell_that_a_spreadsheet_would_run_begins_with_an_apostrophe(
    recorded: RecordedSession, dangerous: str
) -> None:
    record(recorded, [Reading()])
    (row,) = read_csv(editing.edit(recorded, {"participant": dangerous}, {1: dangerous}))
    assert (row["participant"], row["label"]) == (f"'{dangerous}", f"'{dangerous}")


def test_quotes_commas_and_lines_stay_in_their_cell(recorded: RecordedSession) -> None:
    record(recorded, [Reading()])
    label(recorded, p1='a,"b"\n<script>c')
    assert read_csv(recorded)[0]["label"] == 'a,"b"\n<script>c'


def test_rows_without_scores_are_left_out(recorded: RecordedSession) -> None:
    record(recorded, [Reading()], scores=False)
    assert places(recorded) == []


def test_a_session_deleted_meanwhile_ends_the_file(recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_PAGE", 2)
    record(recorded, [Reading(1000 * second) for second in range(6)])
    rows = export.records(recorded)
    next(rows)
    erasure.delete_session(recorded)
    assert len(list(rows)) <= 2


# The dictionary ------------------------------------------------------------------------------------------------------


def test_the_dictionary_explains_every_column_in_their_order() -> None:
    table = re.findall(r"^\| `(\w+)` \|", DICTIONARY, flags=re.MULTILINE)
    assert table == list(export.COLUMNS)


def test_every_column_has_a_type_a_unit_a_range_and_a_meaning() -> None:
    for line in re.findall(r"^\| `\w+` \|.*$", DICTIONARY, flags=re.MULTILINE):
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        assert len(cells) == 5, line
        assert all(cells), line


@pytest.fixture
def file(recorded: RecordedSession, tmp_path: Path) -> Path:
    record(recorded, [Reading(0, 1, share=0.4), Reading(1000, 1), Reading(1000, 2)])
    label(recorded, p2="Ana")
    file = tmp_path / "session.csv"
    file.write_text("".join(export.as_csv(export.records(recorded))), newline="")
    return file


def documented(language: str) -> str:
    (line,) = re.findall(rf"```{language}\n(.*?)```", DICTIONARY, flags=re.DOTALL)
    return line


def test_the_line_for_pandas_opens_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    monkeypatch.chdir(file.parent)
    names: dict[str, Any] = {}
    exec(documented("python"), {"pd": pandas}, names)
    table = names["table"]
    assert list(table.columns) == list(export.COLUMNS)
    assert table["uncertain"].tolist() == [True, False, False]
    assert str(table["timestamp"].dtype).startswith("datetime64")
    assert table["score_happy"].dtype == float
    assert table["label"].isna().tolist() == [True, True, False]


def test_the_line_for_r_opens_the_file(file: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("R is not installed here (apt-get install r-base-core)")
    script = f"{documented('r')}\ncat(class(table$uncertain), nrow(table), ncol(table))"
    done = subprocess.run([program, "-e", script], cwd=file.parent, capture_output=True, text=True, check=True)
    assert done.stdout == f"logical 3 {len(export.COLUMNS)}"
