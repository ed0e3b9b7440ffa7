"""The model card's tables that compare systems, from a report of `benchmarks.compare_peers`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .markdown import share, table

Report = Mapping[str, Any]

_TRUTHS = {"majority": "FER+ majority", "label": "FER2013 label"}
_FIGURES = {"accuracy": "accuracy", "macro_recall": "macro recall", "calibration_error": "calibration error"}
_RATER = {
    "agreement": "would say the same",
    "confidence": "mean confidence",
    "calibration_error": "calibration error",
}
_OURS = "visionai"


def results(report: Report) -> str:
    """Return the figures of every system on the images as they are, a column each."""
    systems = report["systems"]
    rows = [
        (f"{title}: {name}", *(share(entry[truth][figure]) for entry in systems.values()))
        for truth, title in _TRUTHS.items()
        for figure, name in _FIGURES.items()
    ]
    rows += [
        (f"one rater: {name}", *(share(entry["rater"][figure]) for entry in systems.values()))
        for figure, name in _RATER.items()
    ]
    classes = next(iter(systems.values()))["majority"]["recall"]
    rows += [
        (f"recall of {name}", *(share(entry["majority"]["recall"][name]) for entry in systems.values()))
        for name in classes
    ]
    rows.append(("one picture, median ms", *(entry["latency"]["median_ms"] for entry in systems.values())))
    rows.append(("one picture, best tenth ms", *(entry["latency"]["best_tenth_ms"] for entry in systems.values())))
    return table(("", *_headings(systems)), rows)


def disturbed(report: Report) -> str:
    """Return accuracy and macro recall of every system under each disturbance, a column a system."""
    systems = report["systems"]
    names = next(iter(systems.values()))["disturbed"]
    rows = [("as they are", *(_two(entry["majority"]) for entry in systems.values()))]
    rows += [
        (name.replace("_", " "), *(_two(entry["disturbed"][name]) for entry in systems.values())) for name in names
    ]
    return table(("accuracy / macro recall", *_headings(systems)), rows)


def described(report: Report) -> str:
    """Return what each peer is, how it ran and in which form it got its images."""
    columns = ("package", "version", "licence", "trained_on", "run")
    rows = [
        (f"`{name}`", *(entry[column] for column in columns), _form(entry["form"]))
        for name, entry in report["systems"].items()
        if "form" in entry
    ]
    return table(("", "package", "version", "licence", "trained on", "how it ran", "how it got its pictures"), rows)


def _form(form: Report) -> str:
    """Say a form in words; only what differs from the whole image is worth saying."""
    words = [form["network"], f"{form['side']}x{form['side']}", form["resample"]]
    if form["halved"]:
        words.append("from 48x48")
    if form["scale"] != 1:
        words.append(f"a square of {form['scale']} picture sides")
    if form["down"]:
        words.append(f"moved down by {form['down']}")
    if form["scale"] > 1 or form["down"]:
        words.append(f"beyond the edge: {form['fill']}")
    if form["grey"]:
        words.append("grey")
    return ", ".join(words)


def _two(entry: Report) -> str:
    return f"{share(entry['accuracy'])} / {share(entry['macro_recall'])}"


def _headings(systems: Report) -> list[str]:
    return [_heading(name, entry["version"]) for name, entry in systems.items()]


def _heading(name: str, version: str) -> str:
    """Name a system and its version; ours may stand there at several operating points."""
    if not name.startswith(_OURS):
        return f"`{name}` {version}"
    point = name.removeprefix(_OURS).strip()
    return f"VisionAI {version}" + (f", {point}" if point else "")
