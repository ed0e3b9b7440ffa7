"""`flask model calibrate` and `calibrations`: fit the served weights to labelled pictures of one's own kind."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from ..errors import CalibrationNameTaken, SetupError
from ..services.weights import calibrations
from ..vision.calibration import Proposal, propose
from ..vision.emotions import EMOTIONS
from ..vision.trial import Trial
from .labelled import Skipped, list_images, read_faces, served_weights
from .model import FILE, model
from .predict import PIPE_WIDTH


@model.command()
@click.option("--data", type=FILE, required=True, help="A folder with <emotion>/*.jpg, about 20 pictures an emotion.")
@click.option("--name", required=True, help="1 to 40 of A-Z, a-z, 0-9, “.”, “_” and “-”; answers carry VERSION+NAME.")
@click.option("--activate", is_flag=True, help="Let every server process serve it at once.")
def calibrate(data: Path, name: str, activate: bool) -> None:
    """Fit the scores of the served weights to labelled pictures of one's own kind, if that helps.

    Seven offsets and a temperature are fitted and tried by cross-validation. The pictures are read and not kept.
    """
    if not calibrations.is_name(name):
        raise SetupError(f"{name!r}: expected a name of 1 to 40 characters out of A-Z, a-z, 0-9, “.”, “_” and “-”")
    skipped = Skipped()
    pictures = list_images(data, skipped)
    weights = served_weights()
    if calibrations.find(f"{weights.manifest.model_version_tag}+{name}"):
        raise CalibrationNameTaken
    read = dict(read_faces([file for file, _ in pictures], weights, skipped))
    if skipped.total:
        click.echo(f"Skipped: {skipped}.", err=True)
    labels = np.array([pictures[row][1].class_index for row in read], np.int64)
    proposal = propose(weights.manifest, np.array(list(read.values()), np.float32).reshape(-1, len(EMOTIONS)), labels)
    _show(_console(), proposal)
    kept = calibrations.keep(proposal, name)
    if activate:
        calibrations.activate(kept.tag, proposal.version)
    click.echo(f"{kept.tag} is {'active' if activate else 'kept; `flask model activate` puts it into force'}.")


@model.command("calibrations")
def list_all() -> None:
    """List the calibrations of all versions, with what cross-validation measured before and after."""
    table = Table("tag", "state", "pictures", "balanced accuracy", "log loss", "calibration error", "created")
    for one in calibrations.list_calibrations():
        before, after = one.figures["before"], one.figures["after"]
        names = ("macro_recall", "log_loss", "calibration_error")
        cells = (f"{before[name]:.3f} → {after[name]:.3f}" for name in names)
        created = one.created_at.isoformat(timespec="seconds")
        table.add_row(one.tag, one.status, str(sum(one.pictures.values())), *cells, created)
    _console().print(table)


def _console() -> Console:
    """Return a console that folds no table where nobody sees it, in a pipe."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH)


def _show(console: Console, proposal: Proposal) -> None:
    """Print what was fitted to which pictures, and the figures of the trial."""
    counts = ", ".join(f"{emotion} {count}" for emotion, count in proposal.pictures.items())
    console.print(f"Weights {proposal.version}; pictures: {counts}", highlight=False)
    left_out = ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in proposal.left_out.items() if count)
    if left_out:
        console.print(f"Left out: {left_out}", highlight=False)
    console.print(_figures_table(proposal.trial))
    offsets = ", ".join(f"{emotion} {value:+.2f}" for emotion, value in zip(EMOTIONS, proposal.offsets, strict=True))
    console.print(f"Offsets: {offsets}; temperature x {proposal.temperature_factor:.2f}", highlight=False)


def _figures_table(trial: Trial) -> Table:
    table = Table("cross-validated", "before", "after", "gain", "standard error")
    for name, label in (("accuracy", "accuracy"), ("macro_recall", "balanced accuracy"), ("log_loss", "log loss")):
        gain = getattr(trial, name)
        before, after = getattr(trial.before, name), getattr(trial.after, name)
        table.add_row(label, f"{before:.3f}", f"{after:.3f}", f"{gain.value:+.3f}", f"{gain.standard_error:.3f}")
    errors = (trial.before.calibration_error, trial.after.calibration_error)
    table.add_row("calibration error", *(f"{error:.3f}" for error in errors), "", "")
    return table
