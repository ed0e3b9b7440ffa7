"""The fairness table: who is counted in which group, what the intervals are, and what is said of few people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from visionai.errors import DatasetError
from visionai.training.measuring.fairness import bootstrap, fairness, fairness_table, read_people, wilson
from visionai.vision.emotions import EMOTIONS
from visionai.vision.priors import OperatingPoint, Prior
from visionai.vision.weights import WeightsManifest

HAPPY, NEUTRAL = 3, 4


def write(folder: Path, *rows: str) -> Path:
    """Write a manifest, and an empty file for each picture that it names."""
    (folder / "manifest.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for row in rows[1:]:
        (folder / row.partition(",")[0]).touch()
    return folder


def said(*classes: int):
    """What a network says that is all but sure of a class for each row."""
    return {row: (0.9 * np.eye(7)[index] + 0.1 / 7).astype(np.float32) for row, index in enumerate(classes)}


@pytest.fixture
def manifest() -> WeightsManifest:
    return WeightsManifest("v1.1.0", None, None)


@pytest.fixture
def ten(tmp_path: Path) -> Path:
    """Ten smiling people, of whom the first six are a, the others b."""
    rows = (f"{row}.jpg,happy,{'a' if row < 6 else 'b'}" for row in range(10))
    return write(tmp_path, "file,label,group", *rows)


def test_recall_is_counted_by_group(ten: Path, manifest: WeightsManifest) -> None:
    report = fairness(read_people(ten), said(*[HAPPY] * 3, *[NEUTRAL] * 3, *[HAPPY] * 4), manifest)
    recalls = {entry["group"]: entry["even"] and entry["even"]["recall"] for entry in report["groups"]}
    assert recalls == {"all": 0.7, "a": 0.5, "b": None}


def test_both_operating_points_are_measured(ten: Path) -> None:
    toward_neutral = OperatingPoint((0, 0, 0, 0, 9, 0, 0), 1.0)
    points = {Prior.EVEN: OperatingPoint.of_temperature(1.0), Prior.TYPICAL: toward_neutral}
    report = fairness(read_people(ten), said(*[HAPPY] * 10), WeightsManifest("v1", None, None, priors=points))
    everybody = report["groups"][0]
    assert (everybody["even"]["recall"], everybody["typical"]["recall"]) == (1.0, 0.0)


def test_faces_that_are_not_found_are_counted_and_not_called_wrong(ten: Path, manifest: WeightsManifest) -> None:
    report = fairness(read_people(ten), said(*[HAPPY] * 8), manifest)
    everybody = report["groups"][0]
    assert (everybody["pictures"], everybody["found"], everybody["even"]["recall"]) == (10, 8, 1.0)


def test_a_group_of_one_person_has_no_figure_and_is_named(ten: Path, manifest: WeightsManifest) -> None:
    write(ten, "file,label,group", *(f"{row}.jpg,happy,{'a' if row else 'alone'}" for row in range(10)))
    report = fairness(read_people(ten), said(*[HAPPY] * 10), manifest)
    assert [entry["even"] for entry in report["groups"] if entry["group"] == "alone"] == [None]
    assert any("group alone" in limit for limit in report["limits"])
    assert "group: alone" not in fairness_table(report)


def test_a_person_with_many_pictures_is_one_person(tmp_path: Path, manifest: WeightsManifest) -> None:
    rows = (f"{row}.jpg,happy,{row % 5},a" for row in range(20))
    report = fairness(read_people(write(tmp_path, "file,label,subject,group", *rows)), said(*[HAPPY] * 20), manifest)
    entry = report["groups"][1]
    assert (entry["people"], entry["pictures"], entry["even"]["interval"]) == (5, 20, "bootstrap")


def test_ages_are_put_into_bands_in_order_and_who_does_not_say_comes_last(tmp_path: Path) -> None:
    ages = ["70", "NA", "17", "18", "24.5", "35", ""]
    people = read_people(write(tmp_path, "file,label,age", *(f"{row}.jpg,happy,{age}" for row, age in enumerate(ages))))
    named = [person.groups["age"].name for person in people]
    assert named == ["65 and over", "not stated", "under 18", *["18 to under 25"] * 2, "35 to under 50", "not stated"]
    in_order = sorted({person.groups["age"] for person in people})
    assert [group.name for group in in_order][0::4] == ["under 18", "not stated"]


def test_other_numbers_are_put_into_thirds(tmp_path: Path) -> None:
    rows = (f"{row}.jpg,happy,{row}" for row in range(9))
    people = read_people(write(tmp_path, "file,label,glasses", *rows))
    assert len({person.groups["glasses"] for person in people}) == 3


def test_columns_of_groups_can_be_chosen(tmp_path: Path) -> None:
    folder = write(tmp_path, "file,label,name,gender", *(f"{row}.jpg,happy,n{row},f" for row in range(20)))
    assert list(read_people(folder, ["gender"])[0].groups) == ["gender"]
    with pytest.raises(DatasetError, match="“name” has 20 groups"):
        read_people(folder)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (("label,group", "happy,a"), "expected file"),
        (("file,group", "0.jpg,a"), "expected label"),
        (("file,label", "0.jpg,happy"), "at least one column of groups"),
        (("file,label,group",), "has no rows"),
        (("file,label,group", "0.jpg,joyful,a"), "line 2: expected a label out of angry"),
        (("file,label,group", "0.jpg"), "line 2: expected a label"),
    ],
)
def test_a_manifest_that_does_not_fit_is_one_line(tmp_path: Path, rows: tuple[str, ...], said: str) -> None:
    with pytest.raises(DatasetError, match=said) as refused:
        read_people(write(tmp_path, *rows))
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["missing.jpg", "", "../outside.jpg", "/etc/hostname"])
def test_a_file_that_is_missing_or_lies_elsewhere_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "outside.jpg").touch()
    (tmp_path / "set" / "manifest.csv").write_text(f"file,label,group\n{name},happy,a\n")
    with pytest.raises(DatasetError, match="line 2: expected a file of this folder"):
        read_people(tmp_path / "set")


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00bad"])
def test_a_manifest_that_cannot_be_read_is_one_line(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "manifest.csv").write_bytes(content)
    with pytest.raises(DatasetError, match="cannot be read"):
        read_people(tmp_path)


@pytest.mark.parametrize(("right", "count"), [(66, 102), (0, 10), (10, 10), (1, 1)])
def test_wilson_intervals_end_where_the_share_is_just_two_standard_errors_off(right: int, count: int) -> None:
    for end in wilson(right, count):
        assert (right / count - end) ** 2 == pytest.approx(1.959964**2 * end * (1 - end) / count, abs=1e-9)


def test_people_who_differ_make_the_interval_wider_than_their_pictures_alone_would() -> None:
    right = [True] * 50 + [False] * 50
    subjects = [str(row // 10) for row in range(100)]
    low, high = bootstrap(right, subjects)
    alone = wilson(50, 100)
    assert high - low > 1.5 * (alone[1] - alone[0])


def test_the_table_says_where_the_pictures_are_from_and_what_it_cannot_tell(
    ten: Path, manifest: WeightsManifest
) -> None:
    report = fairness(read_people(ten), said(*[HAPPY] * 10), manifest)
    report["data"]["source"] = "A. Author, CC BY 4.0"
    table = fairness_table(report)
    assert "A. Author, CC BY 4.0" in table
    assert "| group: a | 6 | happy | 6 of 6 | 1.00 (0.61 to 1.00) | 1.00 (0.61 to 1.00) |" in table
    assert "1 of seven expressions (happy)" in table


def test_a_group_cannot_break_the_table(tmp_path: Path, manifest: WeightsManifest) -> None:
    rows = (f'{row}.jpg,happy,"a|b\nc"' for row in range(6))
    (tmp_path / "manifest.csv").write_text("file,label,group\n" + "\n".join(rows) + "\n")
    for row in range(6):
        (tmp_path / f"{row}.jpg").touch()
    table = fairness_table(fairness(read_people(tmp_path), said(*[HAPPY] * 6), manifest))
    assert "| group: a\\|b c |" in table


def test_labels_may_be_in_spanish(tmp_path: Path) -> None:
    people = read_people(write(tmp_path, "file,label,group", "0.jpg,Alegría,a"))
    assert people[0].emotion is EMOTIONS[HAPPY]
