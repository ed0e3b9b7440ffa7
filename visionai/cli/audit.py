"""`flask model audit`: how the weights treat groups of people."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask import current_app

from ..services.weights import calibrations
from ..training.measuring.fairness import fairness, fairness_table, read_people
from ..vision.analyzer import open_analyzer
from .labelled import Skipped, read_faces, served_weights
from .model import FILE, model


@model.command()
@click.argument("weights", type=FILE, required=False)
@click.option("--data", type=FILE, required=True, help="A folder with pictures and manifest.csv: file, label, groups.")
@click.option("--output", type=FILE, default=Path("runs/audit"), show_default=True, help="Folder for the two reports.")
@click.option("--group", "columns", multiple=True, help="A column of groups; by default all but file, label, subject.")
@click.option("--source", help="Where the pictures are from, as it is to be cited.")
@click.option("--note", "notes", multiple=True, help="A limit of these pictures, in words.")
def audit(
    weights: Path | None, data: Path, output: Path, columns: tuple[str, ...], source: str | None, notes: tuple[str, ...]
) -> None:
    """Measure recall by group of people, with 95 % intervals, for WEIGHTS or those that are served.

    For looking, not for choosing weights or thresholds. Writes fairness.json and fairness.md.
    """
    people = read_people(data, columns)
    if weights is None:
        opened = served_weights()
        opened = opened.calibrated(calibrations.in_force(opened.manifest.model_version_tag))
    else:
        opened = open_analyzer(weights, precision=current_app.config["INFERENCE_PRECISION"])
    skipped = Skipped()
    found = dict(read_faces([person.file for person in people], opened, skipped))
    report = fairness(people, found, opened.served, skipped.unreadable.total())
    report["data"]["source"] = source
    report["limits"] = [*notes, *report["limits"]]
    output.mkdir(parents=True, exist_ok=True)
    (output / "fairness.json").write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (output / "fairness.md").write_text(fairness_table(report) + "\n", encoding="utf-8")
    click.echo(fairness_table(report))
