"""`flask stats`: rebuild or check the counters beside the log."""

from __future__ import annotations

import click

from ..services.statistics import rebuild
from .groups import CommandGroup

stats = CommandGroup("stats", help="Count the figures of the dashboard again.")


@stats.command("rebuild")
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 where figures and log differ.")
def rebuild_counters(check: bool) -> None:
    """Count the figures again from what the log holds; what was pruned from it stays as it was counted."""
    if not check:
        click.echo(f"Days counted: {rebuild.rebuild()}.")
        return
    differences = rebuild.check()
    for one in differences:
        period = f" from {one.period:%Y-%m-%d %H:%M}" if one.period else ""
        click.echo(f"{one.table}{period}, user {one.user_id}, emotion {one.emotion_id}: {one.kept}, not {one.counted}")
    if differences:
        raise SystemExit(1)
    click.echo("The figures are what the log holds.")
