"""`flask predictions`: export, retention and partitions of the log."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from ..errors import SetupError
from ..services.audit import trail
from ..services.audit.trail import AuditAction
from ..services.log import export, retention
from ..services.statistics.filters import Filters
from .groups import CommandGroup

predictions = CommandGroup("predictions", help="Export, prune and partition the log of predictions.")


@predictions.command()
@click.option("--before", type=click.DateTime(), help="Delete what is older than this instant (UTC), by the hour.")
@click.option("--days", type=click.IntRange(min=0), help="Delete what is older than so many days.")
def prune(before: datetime | None, days: int | None) -> None:
    """Delete old predictions; their figures stay."""
    if (before is None) == (days is None):
        raise click.UsageError("Give either --before or --days.")
    moment = before.replace(tzinfo=UTC) if before else datetime.now(UTC) - timedelta(days=days or 0)
    count = retention.prune(moment)
    click.echo(f"Deleted {count} predictions.")


@predictions.command()
def partitions() -> None:
    """Make the partitions that the next rows go to, where a server's own role may not (PostgreSQL).

    Rows that lie in the default partition meanwhile are moved, however long that takes; recorders wait.
    """
    click.echo(f"Made {retention.keep_partitions_ahead(patience_ms=0)} partitions.")


@predictions.command("export")
@click.option("--format", "kind", type=click.Choice(list(export.KINDS)), default="csv", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write, else standard output.")
def export_log(kind: str, output: Path | None) -> None:
    """Write all predictions, the oldest first."""
    trail.note(AuditAction.READINGS_EXPORTED, details={"format": kind, "users": "all"})
    write, _ = export.KINDS[kind]
    pieces = write(export.rows(Filters()))
    if output is None:
        sys.stdout.writelines(pieces)
        return
    try:
        with output.open("w", encoding="utf-8", newline="") as file:
            file.writelines(pieces)
    except OSError as err:
        raise SetupError(f"{output}: {err.strerror}") from err
