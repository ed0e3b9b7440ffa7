from __future__ import annotations

from typing import Any

import pytest

from visionai.training.shipping import card_peers


def system(version: str, **more: Any) -> dict[str, Any]:
    figures = {"accuracy": 0.5, "macro_recall": 0.4, "calibration_error": 0.1, "recall": {"happy": 0.9, "fear": None}}
    return {
        "version": version,
        "majority": figures,
        "label": figures | {"accuracy": 0.25},
        "rater": {"agreement": 0.6, "confidence": 0.7, "calibration_error": 0.125},
        "disturbed": {"no_background": figures | {"macro_recall": 0.3}},
        "latency": {"median_ms": 1.5, "best_tenth_ms": 1.0},
    } | more


FORM = {
    "network": "file",
    "side": 64,
    "halved": False,
    "resample": "bilinear",
    "scale": 1.0,
    "down": 0.0,
    "fill": "edge",
    "grey": False,
}
PEER = {"package": "p (PyPI)", "licence": "MIT", "trained_on": "pictures", "run": "as it is", "form": FORM}
REPORT = {"systems": {"fer": system("1.2", **PEER), "visionai even": system("v1"), "visionai typical": system("v1")}}


def rows(text: str) -> dict[str, list[str]]:
    cells = [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines()]
    return {first: rest for first, *rest in cells}


def test_every_system_has_a_column_and_ours_one_at_each_prior() -> None:
    heading = card_peers.results(REPORT).splitlines()[0]
    assert heading == "|  | `fer` 1.2 | VisionAI v1, even | VisionAI v1, typical |"


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ("FER+ majority: accuracy", "0.500"),
        ("FER2013 label: accuracy", "0.250"),
        ("one rater: calibration error", "0.125"),
        ("recall of fear", "–"),
        ("one picture, median ms", "1.5"),
    ],
)
def test_every_figure_has_a_row(row: str, cell: str) -> None:
    assert rows(card_peers.results(REPORT))[row] == [cell] * 3


def test_disturbed_pictures_have_accuracy_and_macro_recall_in_a_cell() -> None:
    table = rows(card_peers.disturbed(REPORT))
    assert table["as they are"][0] == "0.500 / 0.400"
    assert table["no background"][0] == "0.500 / 0.300"


def test_peers_are_described_and_we_are_not() -> None:
    table = rows(card_peers.described(REPORT))
    assert table["`fer`"] == ["p (PyPI)", "1.2", "MIT", "pictures", "as it is", "file, 64x64, bilinear"]
    assert not [name for name in table if "visionai" in name]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"halved": True}, "from 48x48"),
        ({"scale": 0.8}, "a square of 0.8 picture sides"),
        ({"scale": 1.2, "fill": "mean"}, "a square of 1.2 picture sides, beyond the edge: mean"),
        ({"down": 0.05}, "moved down by 0.05, beyond the edge: edge"),
        ({"grey": True}, "grey"),
    ],
)
def test_a_form_says_what_is_not_the_whole_picture(change: dict[str, Any], words: str) -> None:
    report = {"systems": {"fer": system("1.2", **PEER | {"form": FORM | change})}}
    assert rows(card_peers.described(report))["`fer`"][-1] == f"file, 64x64, bilinear, {words}"
