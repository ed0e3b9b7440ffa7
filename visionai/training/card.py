"""Fill the tables of the model card from the reports that commands wrote, so that no figure is typed by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from visionai.errors import SetupError

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
        ("Temperature", weights["temperature"]),
        ("“Uncertain” below", weights["uncertain_threshold"]),
    ]
    return table(("file", "size", "sha256"), rows) + "\n\n" + table(("", ""), facts)


def _results(report: Report) -> str:
    rows = [
        (_PRECISIONS[precision], _TRUTHS[truth], entry["pictures"], *(share(entry[name]) for name in _SHARES))
        for precision in _PRECISIONS
        for truth in _TRUTHS
        if (entry := report[precision].get(truth))
    ]
    return table(("arithmetic", "truth", "pictures", "accuracy", "macro recall", "calibration error"), rows)


def _certainty(report: Report) -> str:
    entry = report["f32"]["majority"]
    headings = ("answers marked uncertain", "accuracy of the others", "accuracy of all")
    row = tuple(share(entry[name]) for name in ("uncertain_share", "accuracy_where_certain", "accuracy"))
    return table(headings, [row])


def _latency(report: Report) -> str:
    rows = [
        (_PRECISIONS[precision], *(entry[name] for name in ("median_ms", "best_tenth_ms", "processor_ms")))
        for precision in _PRECISIONS
        if (entry := report[precision]["latency"])
    ]
    return table(("arithmetic", "median ms", "best tenth ms", "processor ms"), rows)


def _classes(report: Report) -> str:
    rows = [
        (name, entry["pictures"], share(entry["recall"]), share(entry["precision"]))
        for name, entry in report["f32"]["majority"]["classes"].items()
    ]
    return table(("expression", "pictures", "recall", "precision"), rows)


def _crop(report: Report) -> str:
    placed = [
        (name.replace("_", " "), *(entry[quartile] for quartile in ("lower_quartile", "median", "upper_quartile")))
        for name, entry in report["placement"].items()
    ]
    tried = [("the pictures as they are", "", "", "", *_two(report["as_they_are"]))]
    tried += [
        (
            "**chosen**" if all(entry[name] == value for name, value in report["chosen"].items()) else "",
            *(entry[name] for name in ("scale", "offset_y")),
            "yes" if entry["align"] else "no",
            *_two(entry),
        )
        for entry in report["tried"]
    ]
    found = f"Faces found: {report['found']:,} of {report['pictures']:,} pictures."
    placement = table(("", "lower quartile", "median", "upper quartile"), placed)
    return "\n\n".join(
        (found, placement, table(("", "scale", "offset y", "turned by the eyes", "accuracy", "macro recall"), tried))
    )


def _two(entry: Report) -> tuple[str, str]:
    return share(entry["accuracy"]), share(entry["macro_recall"])


_PRECISIONS = {"f32": "float32", "default": "the processor's own"}
_TRUTHS = {"majority": "FER+ majority", "label": "FER2013 label"}
_SHARES = ("accuracy", "macro_recall", "calibration_error")
_BLOCKS: dict[str, tuple[str, Callable[[Report], str]]] = {
    "files": ("private.json", _files),
    "results": ("private.json", _results),
    "public_results": ("public.json", _results),
    "certainty": ("private.json", _certainty),
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
