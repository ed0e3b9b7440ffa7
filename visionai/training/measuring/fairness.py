"""Fairness table: recall of each expression by group of people, with 95 % intervals, at both operating points.

For looking at weights, never for choosing weights, operating points or thresholds. Intervals are Wilson's (E. B.
Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927); where people occur more than once
in a cell, images are not independent and a bootstrap over people takes their place.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from visionai.errors import DatasetError
from visionai.vision.classifier import Probabilities, calibrate
from visionai.vision.emotions import EMOTIONS, Emotion
from visionai.vision.priors import Prior
from visionai.vision.weights import WeightsManifest

Report = dict[str, Any]

MANIFEST = "manifest.csv"
FILE, LABEL, SUBJECT = "file", "label", "subject"
LEAST_PEOPLE = 5
"""People of a group below which no figure is shown: it would say more about persons than about a group."""
MOST_GROUPS = 12
AGES = (18, 25, 35, 50, 65)
_BLANKS = {"", "na", "n/a", "nan", "?"}
_Z = 1.959964
_DRAWS = 2000


class Group(NamedTuple):
    """A group of people, and where it stands among those of its column: bands by number, those without one last."""

    order: float
    name: str


_NOT_STATED = Group(float("inf"), "not stated")


@dataclass(frozen=True, slots=True)
class Person:
    """A labelled image of somebody: its file, what it shows, who it is and the groups of theirs, by column."""

    file: Path
    emotion: Emotion
    subject: str
    groups: Mapping[str, Group]


def read_people(folder: Path, columns: Sequence[str] = ()) -> list[Person]:
    """Read `folder`/manifest.csv: `file`, `label`, `subject` where people occur more than once, and columns of groups.

    `columns` names those of groups, by default all others. Numbers are put into bands, ages of 18, 25, 35, 50 and 65,
    others into thirds. Raises DatasetError with one line on what is wrong.
    """
    path = folder / MANIFEST
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            rows, names = list(reader), list(reader.fieldnames or ())
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise DatasetError(
            f"{path}: cannot be read; expected a CSV with the columns {FILE}, {LABEL} and groups"
        ) from err
    chosen = list(columns) or [name for name in names if name not in (FILE, LABEL, SUBJECT)]
    missing = [name for name in (FILE, LABEL, *chosen) if name not in names]
    if missing or not chosen:
        wanted = ", ".join(missing) or "at least one column of groups, such as gender or age"
        raise DatasetError(f"{path}: expected {wanted}; found {', '.join(names) or 'no columns'}")
    if not rows:
        raise DatasetError(f"{path}: has no rows")
    groups = {name: _grouped(path, name, [_stated(row[name]) for row in rows]) for name in chosen}
    return [
        Person(
            _inside(folder, row[FILE] or "", line),
            _emotion(path, row[LABEL] or "", line),
            (row.get(SUBJECT) or "").strip() or f"row {line}",
            {name: values[line - 2] for name, values in groups.items()},
        )
        for line, row in enumerate(rows, 2)
    ]


def fairness(
    people: Sequence[Person], found: Mapping[int, Probabilities], manifest: WeightsManifest, unreadable: int = 0
) -> Report:
    """Return recall by group and expression, as JSON has it.

    `found` maps rows of `people` to what the classifier says of their face; rows without one are faces not found, but
    for the `unreadable` ones.
    """
    rows = sorted(found)
    said = np.array([found[row] for row in rows], np.float32).reshape(-1, len(EMOTIONS))
    read = {
        prior.value: dict(zip(rows, calibrate(said, point).argmax(axis=1).tolist(), strict=True))
        for prior, point in manifest.priors.items()
    }
    entries = [
        entry for column, group, members in _members(people) for entry in _entries(people, column, group, members, read)
    ]
    shown = sorted({person.emotion for person in people}, key=EMOTIONS.index)
    return {
        "weights": {"model_version_tag": manifest.model_version_tag},
        "data": {
            "pictures": len(people),
            "people": len({person.subject for person in people}),
            "faces_found": len(found),
            "unreadable": unreadable,
            "expressions": [emotion.value for emotion in shown],
        },
        "groups": entries,
        "limits": _limits(people, shown),
    }


def fairness_table(report: Mapping[str, Any]) -> str:
    """Return the report of `fairness` as Markdown: the table, where the images are from, and the limits in words."""
    priors = [prior.value for prior in Prior]
    heads = ["group", "people", "expression", "faces found", *(f"recall, {prior} shares" for prior in priors)]
    lines = [heads, ["---"] * len(heads)]
    for entry in report["groups"]:
        if entry[priors[0]] is None and entry["found"]:
            continue  # Too few people; the limits name the group.
        group = "everybody" if entry["column"] == "all" else f"{entry['column']}: {entry['group']}"
        found = f"{entry['found']} of {entry['pictures']}"
        lines.append(
            [group, str(entry["people"]), entry["expression"], found, *(_cell(entry[prior]) for prior in priors)]
        )
    table = "\n".join(f"| {' | '.join(_escaped(cell) for cell in line)} |" for line in lines)
    data = report["data"]
    about = f"Weights {report['weights']['model_version_tag']}; {data['pictures']} pictures of {data['people']} people"
    source = f", {data['source']}" if data.get("source") else ""
    limits = "\n".join(f"- {limit}" for limit in report["limits"])
    return f"{about}{source}. Recall of the faces found, with 95 % intervals.\n\n{table}\n\n{limits}"


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share of `count` independent trials, at least one."""
    share, square = right / count, _Z**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = _Z / (1 + square / count) * np.sqrt(share * (1 - share) / count + square / (4 * count**2))
    return max(0.0, float(middle - half)), min(1.0, float(middle + half))


def bootstrap(right: Sequence[bool], subjects: Sequence[str]) -> tuple[float, float]:
    """Return the 95 % percentile interval of a share, people drawn anew with all their images."""
    numbers = np.unique(subjects, return_inverse=True)[1]
    hits = np.bincount(numbers, np.asarray(right, np.float64))
    counts = np.bincount(numbers)
    drawn = np.random.default_rng(0).integers(len(counts), size=(_DRAWS, len(counts)))
    low, high = np.quantile(hits[drawn].sum(axis=1) / counts[drawn].sum(axis=1), (0.025, 0.975))
    return float(low), float(high)


def _members(people: Sequence[Person]) -> Iterable[tuple[str, str, list[int]]]:
    """Yield column, group and rows: everybody, then each column's groups, bands in order, others by size."""
    yield "all", "all", list(range(len(people)))
    for column in people[0].groups:
        rows: dict[Group, list[int]] = defaultdict(list)
        for row, person in enumerate(people):
            rows[person.groups[column]].append(row)
        for group in sorted(rows, key=lambda group: (group.order, -len(rows[group]), group.name)):
            yield column, group.name, rows[group]


def _entries(
    people: Sequence[Person], column: str, group: str, members: Sequence[int], read: Mapping[str, Mapping[int, int]]
) -> Iterable[Report]:
    """Yield an entry for each expression that the members of a group show."""
    for emotion in EMOTIONS:
        rows = [row for row in members if people[row].emotion is emotion]
        if not rows:
            continue
        subjects = {people[row].subject for row in rows}
        found = {prior: [row for row in rows if row in answers] for prior, answers in read.items()}
        yield {
            "column": column,
            "group": group,
            "expression": emotion.value,
            "people": len(subjects),
            "pictures": len(rows),
            "found": len(next(iter(found.values()))),
            **{
                prior: _recall(people, seen, emotion, read[prior]) if len(subjects) >= LEAST_PEOPLE else None
                for prior, seen in found.items()
            },
        }


def _recall(people: Sequence[Person], rows: Sequence[int], emotion: Emotion, read: Mapping[int, int]) -> Report | None:
    if not rows:
        return None
    right = [read[row] == emotion.class_index for row in rows]
    subjects = [people[row].subject for row in rows]
    alone = len(set(subjects)) == len(subjects)
    low, high = wilson(sum(right), len(right)) if alone else bootstrap(right, subjects)
    return {
        "right": sum(right),
        "recall": round(sum(right) / len(right), 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "interval": "wilson" if alone else "bootstrap",
    }


def _limits(people: Sequence[Person], shown: Sequence[Emotion]) -> list[str]:
    """Return what the table cannot tell, in words."""
    columns = people[0].groups
    few = [
        f"{column} {group}"
        for column, group, rows in _members(people)
        if column in columns and len({people[row].subject for row in rows}) < LEAST_PEOPLE
    ]
    limits = [
        f"The pictures show {len(shown)} of seven expressions ({', '.join(shown)}); nothing follows for the others.",
        "Recall depends on how strongly an expression is shown. Where groups differ in that, a difference of recall is "
        "not by itself one of the network, and equal recall is no proof of equal treatment.",
        "Intervals that overlap leave open whether groups differ. Of many groups some differ by chance.",
        "The groups are looked at one by one; what they have in common (age and gender, say) is not told apart.",
    ]
    if few:
        limits.append(f"Groups of fewer than {LEAST_PEOPLE} people are without a figure: {', '.join(few)}.")
    return limits


def _cell(entry: Mapping[str, Any] | None) -> str:
    return f"{entry['recall']:.2f} ({entry['low']:.2f} to {entry['high']:.2f})" if entry else "–"


def _escaped(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _inside(folder: Path, name: str, line: int) -> Path:
    """Return a file of the folder; raises DatasetError where it is missing or lies elsewhere."""
    path = folder / name
    if not name or not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
        raise DatasetError(f"{folder / MANIFEST}, line {line}: expected a file of this folder, found “{name}”")
    return path


def _emotion(path: Path, label: str, line: int) -> Emotion:
    emotion = Emotion.named(label)
    if emotion is None:
        raise DatasetError(f"{path}, line {line}: expected a label out of {', '.join(EMOTIONS)}, found “{label}”")
    return emotion


def _grouped(path: Path, column: str, values: Sequence[str]) -> list[Group]:
    """Return the group of each row; raises DatasetError where there are too many for any to say something."""
    numbers = [_number(value) for value in values]
    known = [number for number in numbers if number is not None]
    if len(known) == sum(map(bool, values)) and len(set(known)) > 2:
        edges = AGES if column.lower() in ("age", "edad") else np.quantile(known, (1 / 3, 2 / 3)).tolist()
        return [_NOT_STATED if number is None else _band(number, edges) for number in numbers]
    groups = [Group(0, value) if value else _NOT_STATED for value in values]
    if len(set(groups)) > MOST_GROUPS:
        raise DatasetError(
            f"{path}: the column “{column}” has {len(set(groups))} groups; expected at most {MOST_GROUPS}; choose "
            "columns with --group"
        )
    return groups


def _stated(value: str | None) -> str:
    """Return what a cell says, "" where it says nothing."""
    text = (value or "").strip()
    return "" if text.lower() in _BLANKS else text


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if np.isfinite(number) else None


def _band(number: float, edges: Sequence[float]) -> Group:
    below = [edge for edge in edges if edge <= number]
    above = [edge for edge in edges if edge > number]
    if not below:
        return Group(float("-inf"), f"under {above[0]:g}")
    return Group(below[-1], f"{below[-1]:g} to under {above[0]:g}" if above else f"{below[-1]:g} and over")
