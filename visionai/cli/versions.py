"""`flask model register`, `activate`, `rollback` and `prune`: which version of the weights every server serves."""

from __future__ import annotations

from pathlib import Path

import click

from ..errors import NotFound, SetupError, WeightsError
from ..services.weights import activation, versions
from .model import FILE, model


@model.command()
@click.argument("weights", type=FILE)
def register(weights: Path) -> None:
    """Keep the weights of a manifest (WEIGHTS, .json) as a version that every server can be told to serve."""
    version = activation.register(weights)
    click.echo(f"{version.model_version_tag} is registered.")


@model.command()
@click.argument("version", metavar="WEIGHTS|VERSION|VERSION+CALIBRATION")
def activate(version: str) -> None:
    """Let every server process serve a version; those that run change within seconds.

    WEIGHTS is a manifest (.json), which is registered first. A version alone is served as it was measured, without any
    calibration.
    """
    _register_shipped()
    path = Path(version)
    tag = activation.register(path).model_version_tag if path.suffix == ".json" else version
    try:
        activation.activate(tag)
    except NotFound as err:
        known = ", ".join(one.model_version_tag for one in versions.list_versions() if one.model_filename)
        raise SetupError(f"{tag}: no such version; registered are: {known or 'none'}") from err
    click.echo(f"{tag} is active.")


@model.command()
def rollback() -> None:
    """Let every server process serve the version that was in force before the active one."""
    try:
        click.echo(f"{activation.roll_back()} is active.")
    except NotFound as err:
        raise SetupError("No version that is kept was in force before: `flask model activate` names one.") from err


@model.command()
@click.option("--keep", type=click.IntRange(min=0), default=3, show_default=True, help="Former versions that stay.")
def prune(keep: int) -> None:
    """Delete the files of old versions; the active one and the one of MODEL_PATH stay."""
    pruned = activation.prune(keep)
    click.echo(f"Deleted the files of: {', '.join(pruned)}." if pruned else "There was nothing to delete.")


def _register_shipped() -> None:
    """Keep the weights that MODEL_PATH names, so that one can come back to them; not where they are damaged."""
    try:
        activation.register_shipped()
    except WeightsError as error:
        click.echo(f"What MODEL_PATH names cannot be registered: {error}", err=True)
