"""Fill the tables of the model card from the reports that commands wrote, so that no figure is typed by hand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from visionai.errors import SetupError

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
    return _table(("file", "size", "sha256"), rows) + "\n\n" + _table(("", ""), facts)


def _points(report: Report) -> str:
    points = report["weights"]["priors"]
    rows = [
        (f"share assumed of {name}", *(_share(points[prior]["shares"][name]) for prior in _PRIORS))
        for name in points["even"]["shares"]
    ]
    rows.append(("temperature", *(_share(points[prior]["temperature"]) for prior in _PRIORS)))
    return _table(("", *(f"`{prior}`" for prior in _PRIORS)), rows)


def _results(report: Report) -> str:
    rows = [
        (f"`{prior}`", _PRECISIONS[precision], _TRUTHS[truth], entry["pictures"], *_two(entry))
        for prior in _PRIORS
        for precision in _PRECISIONS
        for truth in _TRUTHS
        if (entry := report[precision][prior].get(truth))
    ]
    return _table(("shares", "arithmetic", "truth", "pictures", "accuracy", "macro recall"), rows)


def _raters(report: Report) -> str:
    rows = [
        (f"`{prior}`", _PRECISIONS[precision], entry["pictures"], *(_share(entry[name]) for name in _RATER_SHARES))
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
    return _table(headings, rows)


def _latency(report: Report) -> str:
    rows = [
        (_PRECISIONS[precision], *(entry[name] for name in ("median_ms", "best_tenth_ms", "processor_ms")))
        for precision in _PRECISIONS
        if (entry := report[precision]["latency"])
    ]
    return _table(("arithmetic", "median ms", "best tenth ms", "processor ms"), rows)


def _classes(report: Report) -> str:
    points = [report["f32"][prior]["majority"]["classes"] for prior in _PRIORS]
    rows = [
        (
            name,
            entry["pictures"],
            *(_share(point[name][share]) for point in points for share in ("recall", "precision")),
        )
        for name, entry in points[0].items()
    ]
    columns = (f"`{prior}`: {share}" for prior in _PRIORS for share in ("recall", "precision"))
    return _table(("expression", "pictures", *columns), rows)


def _disturbances(report: Report) -> str:
    points = [report["disturbed"][prior] for prior in _PRIORS]
    rows = [(name.replace("_", " "), *(cell for point in points for cell in _two(point[name]))) for name in points[0]]
    columns = (f"`{prior}`: {share}" for prior in _PRIORS for share in ("accuracy", "macro recall"))
    return _table(("the same pictures", *columns), rows)


def _soup(report: Report) -> str:
    kept = {entry["with"]: "yes" if entry["kept"] else "no" for entry in report["tried"]}
    rows = [
        (name, *(_share(entry[share]) for share in ("accuracy", "proxy")), kept[name])
        for name, entry in report["alone"].items()
    ]
    rows.append(("**their mean**", *(_share(report["score"][share]) for share in ("accuracy", "proxy")), ""))
    return _table(("run", "accuracy on PublicTest", "proxy", "in the mean"), rows)


def _disturbed(report: Report) -> str:
    systems = ("fer", "visionai")
    rows = [("as it is", *_pair(report, lambda entry: entry["majority"]))]
    for name in report["visionai"]["disturbed"]:
        rows.append((name.replace("_", " "), *_pair(report, lambda entry, name=name: entry["disturbed"][name])))  # type: ignore[misc]
    columns = (f"{system}: {figure}" for system in systems for figure in ("accuracy", "macro recall"))
    return _table(("the same pictures", *columns), rows)


def _pair(report: Report, pick: Callable[[Report], Report]) -> tuple[str, ...]:
    entries = (pick(report[system]) for system in ("fer", "visionai"))
    return tuple(_share(entry[name]) for entry in entries for name in ("accuracy", "macro_recall"))


def _peers(report: Report) -> str:
    rows = [
        (f"{_TRUTHS[truth]}: {name.replace('_', ' ')}", *(_share(report[system][truth][name]) for system in _SYSTEMS))
        for truth in _TRUTHS
        for name in _SHARES
    ]
    recalls = report["visionai"]["majority"]["recall"]
    rows += [
        (f"recall of {name}", *(_share(report[system]["majority"]["recall"][name]) for system in _SYSTEMS))
        for name in recalls
    ]
    return _table(("", f"`fer` {report['fer']['version']}", f"VisionAI {report['visionai']['version']}"), rows)


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
    placement = _table(("", "lower quartile", "median", "upper quartile"), placed)
    return "\n\n".join(
        (found, placement, _table(("", "scale", "offset y", "turned by the eyes", "accuracy", "macro recall"), tried))
    )


def _two(entry: Report) -> tuple[str, str]:
    return _share(entry["accuracy"]), _share(entry["macro_recall"])


def _table(headings: Iterable[object], rows: Iterable[Iterable[object]]) -> str:
    names = list(headings)
    lines: list[Iterable[object]] = [names, ["---"] * len(names), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in lines)


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


_PRECISIONS = {"f32": "float32", "default": "the processor's own"}
_TRUTHS = {"majority": "FER+ majority", "label": "FER2013 label"}
_SHARES = ("accuracy", "macro_recall", "calibration_error")
_RATER_SHARES = ("agreement", "confidence", "calibration_error", "uncertain_share")
_PRIORS = ("even", "typical")
_SYSTEMS = ("fer", "visionai")
_BLOCKS: dict[str, tuple[str, Callable[[Report], str]]] = {
    "files": ("private.json", _files),
    "results": ("private.json", _results),
    "public_results": ("public.json", _results),
    "points": ("private.json", _points),
    "raters": ("private.json", _raters),
    "public_raters": ("public.json", _raters),
    "disturbances": ("private.json", _disturbances),
    "soup": ("soup.json", _soup),
    "latency": ("private.json", _latency),
    "classes": ("private.json", _classes),
    "peers": ("fer_private.json", _peers),
    "disturbed": ("fer_private.json", _disturbed),
    "crop": ("crop.json", _crop),
}
"""The blocks a card may have: the report each is filled from, and how."""
