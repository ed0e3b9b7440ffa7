"""Evaluation reports of weights: the JSON that `flask model evaluate` wrote into `docs/model/`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from flask import current_app

Report = dict[str, Any]

# The split that nobody tuned anything on speaks first.
_SPLITS = ("PRIVATE_TEST", "PUBLIC_TEST", "TRAINING")


def tags() -> list[str]:
    """Return the versions of which there are figures."""
    return sorted({report["weights"]["model_version_tag"] for report in _reports()})


def find(tag: str) -> Report | None:
    """Return the figures of the weights `tag`, those of the private test split where there are several."""
    found = [report for report in _reports() if report["weights"]["model_version_tag"] == tag]
    return min(found, key=lambda report: _SPLITS.index(report["data"]["split"]), default=None)


def _reports() -> Iterator[Report]:
    folder = Path(current_app.root_path).parent / "docs" / "model"
    for file in sorted(folder.glob("*.json")):
        report = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(report, dict) and "weights" in report and report.get("data", {}).get("split") in _SPLITS:
            yield report
