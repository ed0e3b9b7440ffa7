"""The model card's tables, filled from the reports that commands wrote, so that no figure is typed by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from visionai.errors import SetupError

from ..measuring.fairness import fairness_table
from . import card_peers
from .markdown import share, table

Report = Mapping[str, Any]

_BLOCK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def fill(text: str, folder: Path) -> str:
    """Return a card with every block `<!-- begin NAME -->` ... `<!-- end NAME -->` filled from reports in `folder`.

    Raises SetupError where a report is missing or a block has an unknown name.
    """

    def block(match: re.Match[str]) -> str:
        if match[2] not in _BLOCKS:
            raise SetupError(f"the card has a block “{match[2]}”; expected one of {', '.join(_BLOCKS)}")
        name, render = _BLOCKS[match[2]]
        return f"{match[1]}{render(_read(folder / name))}\n{match[3]}"

    return _BLOCK.sub(block, text)


def _read(path: Path) -> Report:
    try:
        report: Report = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as err:
        raise SetupError(f"{path}: cannot be read; expected a report of `flask model` or of the benchmarks") from err
    return report


def _files(report: Report) -> str:
    weights = report["weights"]
    rows = [(entry["name"], f"{entry['bytes']:,} bytes", f"`{entry['sha256']}`") for entry in weights["files"].values()]
    facts = [
        ("Version", weights["model_version_tag"]),
        ("Parameters", f"{weights['total_params']:,}"),
        ("“Uncertain” below", weights["uncertain_threshold"]),
    ]
    return table(("file", "size", "sha256"), rows) + "\n\n" + table(("", ""), facts)


def _points(report: Report) -> str:
    points = report["weights"]["priors"]
    rows = [
        (f"share assumed of {name}", *(share(points[prior]["shares"][name]) for prior in _PRIORS))
        for name in points["even"]["shares"]
    ]
    rows.append(("temperature", *(share(points[prior]["temperature"]) for prior in _PRIORS)))
    return table(("", *(f"`{prior}`" for prior in _PRIORS)), rows)


def _results(report: Report) -> str:
    rows = [
        (f"`{prior}`", _PRECISIONS[precision], _TRUTHS[truth], entry["pictures"], *_two(entry))
        for prior in _PRIORS
        for precision in _PRECISIONS
        for truth in _TRUTHS
        if (entry := report[precision][prior].get(truth))
    ]
    return table(("shares", "arithmetic", "truth", "pictures", "accuracy", "macro recall"), rows)


def _raters(report: Report) -> str:
    rows = [
        (f"`{prior}`", _PRECISIONS[precision], entry["pictures"], *(share(entry[name]) for name in _RATER_SHARES))
        for prior in _PRIORS
        for precision in _PRECISIONS
        if (entry := report[precision][prior]["rater"])
    ]
    headings = (
        "shares",
        "arithmetic",
        "faces",
        "one rater agrees",
        "mean confidence",
        "calibration error",
        "uncertain",
    )
    return table(headings, rows)


def _latency(report: Report) -> str:
    rows = [
        (_PRECISIONS[precision], *(entry[name] for name in ("median_ms", "best_tenth_ms", "processor_ms")))
        for precision in _PRECISIONS
        if (entry := report[precision]["latency"])
    ]
    return table(("arithmetic", "median ms", "best tenth ms", "processor ms"), rows)


def _classes(report: Report) -> str:
    points = [report["f32"][prior]["majority"]["classes"] for prior in _PRIORS]
    rows = [
        (
            name,
            entry["pictures"],
            *(share(point[name][part]) for point in points for part in ("recall", "precision")),
        )
        for name, entry in points[0].items()
    ]
    columns = (f"`{prior}`: {part}" for prior in _PRIORS for part in ("recall", "precision"))
    return table(("expression", "pictures", *columns), rows)


def _disturbances(report: Report) -> str:
    points = [report["disturbed"][prior] for prior in _PRIORS]
    rows = [(name.replace("_", " "), *(cell for point in points for cell in _two(point[name]))) for name in points[0]]
    columns = (f"`{prior}`: {part}" for prior in _PRIORS for part in ("accuracy", "macro recall"))
    return table(("the same pictures", *columns), rows)


def _soup(report: Report) -> str:
    rows = [("the ancestor", "", *(share(report["ancestor"][part]) for part in ("accuracy", "proxy")), "yes")]
    rows += [
        (
            entry["with"],
            share(entry["alone"]),
            *(share(entry[part]) for part in ("accuracy", "proxy")),
            "yes" if entry["kept"] else "no",
        )
        for entry in report["tried"]
    ]
    return table(("run", "its own proxy", "accuracy of the mean with it", "proxy of the mean with it", "kept"), rows)


def _crop(report: Report) -> str:
    placed = [
        (name.replace("_", " "), *(entry[quartile] for quartile in ("lower_quartile", "median", "upper_quartile")))
        for name, entry in report["placement"].items()
    ]
    tried = [("the pictures as they are", "", "", *_two(report["as_they_are"]))]
    tried += [
        (
            "**chosen**" if all(entry[name] == value for name, value in report["chosen"].items()) else "",
            *(entry[name] for name in ("scale", "offset_y")),
            *_two(entry),
        )
        for entry in report["tried"]
    ]
    turned = report["turned"]
    aligned = [("yes" if entry["align"] else "no", *_two(entry)) for entry in turned["tried"]]
    pictures = 2 * report["pictures"]
    return "\n\n".join(
        (
            f"Faces found: {report['found']:,} of {report['pictures']:,} pictures.",
            table(("", "lower quartile", "median", "upper quartile"), placed),
            f"The same pictures turned by {turned['degrees']:.0f} degrees either way, faces found in "
            f"{turned['found']:,} of {pictures:,}:",
            table(("crop turned back by the eyes", "accuracy", "macro recall"), aligned),
            "The pictures as they are:",
            table(("", "scale", "offset y", "accuracy", "macro recall"), tried),
        )
    )


def _two(entry: Report) -> tuple[str, str]:
    return share(entry["accuracy"]), share(entry["macro_recall"])


_PRECISIONS = {"f32": "float32", "default": "the processor's own"}
_TRUTHS = {"majority": "FER+ majority", "label": "FER2013 label"}
_SHARES = ("accuracy", "macro_recall", "calibration_error")
_RATER_SHARES = ("agreement", "confidence", "calibration_error", "uncertain_share")
_PRIORS = ("even", "typical")
_BLOCKS: dict[str, tuple[str, Callable[[Report], str]]] = {
    "files": ("private.json", _files),
    "results": ("private.json", _results),
    "public_results": ("public.json", _results),
    "points": ("private.json", _points),
    "raters": ("private.json", _raters),
    "public_raters": ("public.json", _raters),
    "disturbances": ("private.json", _disturbances),
    "soup": ("soup.json", _soup),
    "fairness": ("fairness.json", fairness_table),
    "latency": ("private.json", _latency),
    "classes": ("private.json", _classes),
    "peers": ("peers_private.json", card_peers.results),
    "disturbed": ("peers_private.json", card_peers.disturbed),
    "public_peers": ("peers_public.json", card_peers.results),
    "public_disturbed": ("peers_public.json", card_peers.disturbed),
    "peers_described": ("peers_public.json", card_peers.described),
    "crop": ("crop.json", _crop),
}
"""The blocks a card may have: the report each is filled from, and how."""
