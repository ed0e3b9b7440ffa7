"""`flask backup`: everything that an installation keeps, in one file, and back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from ..services.backup import backups
from ..services.backup.archive import DamagedBackup
from .groups import CommandGroup

backup = CommandGroup("backup", help="Create, verify and restore backups.")

_FILE = click.Path(path_type=Path, dir_okay=False)


@backup.command()
@click.argument("file", type=_FILE, required=False)
@click.option(
    "--without-secrets", is_flag=True, help="Leave the signing keys out: whoever has them can sign in as anybody."
)
def create(file: Path | None, without_secrets: bool) -> None:
    """Write database, weights, signing keys and waiting rows into FILE, while servers go on.

    Without FILE it is visionai-<date>-<time>.tar in the current folder. Only its owner may read it.
    """
    target = file or Path(f"visionai-{datetime.now():%Y%m%d-%H%M%S}.tar")
    made = backups.create(target, with_secrets=not without_secrets)
    click.echo(f"{target}: {target.stat().st_size:,} bytes, revision {made.state.revision}, {_rows(made)} rows.")
    if made.has_secrets:
        click.echo("It holds the signing keys of the server and the hashes of passwords: keep it as you keep these.")


@backup.command()
@click.argument("file", type=_FILE)
def verify(file: Path) -> None:
    """Check that FILE is whole and that its database opens, and say what is in it; exit with 1 where it is not."""
    try:
        found = backups.verify(file)
    except DamagedBackup as err:
        click.echo(str(err), err=True)
        raise SystemExit(1) from err
    secrets = "with" if found.has_secrets else "without"
    click.echo(
        f"{file} is whole: {found.dialect}, revision {found.state.revision}, made {found.created_at} by VisionAI "
        f"{found.program}, {secrets} signing keys, {found.waiting} files of waiting rows."
    )
    _show(found)


@backup.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Let the backup take the place of what the database holds.")
def restore(file: Path, replace: bool) -> None:
    """Make this installation what FILE holds. Stop its servers first.

    An older database is upgraded. Exits with 1 where the counters of the backup are not what its log holds. Restore
    what you trust alone: PostgreSQL runs a dump as the role of DATABASE_URL.
    """
    done = backups.restore(file, replace=replace)
    click.echo(f"Restored {_rows(done.backup)} rows of {done.backup.created_at}.")
    if done.new_keys:
        click.echo(
            "Logins of the backup need its signing keys, which are in secret_key in INSTANCE_PATH: "
            "take SECRET_KEY out of the settings, or list them in SECRET_KEYS."
        )
    tell(done.differences)


def tell(differences: Sequence[object]) -> None:
    """Say whether counters and log differ; ends with 1 where they do."""
    if differences:
        click.echo(f"{len(differences)} counters are not what the log holds: see `flask stats rebuild --check`.")
        raise SystemExit(1)
    click.echo("The counters are what the log holds.")


def _rows(found: backups.Backup) -> str:
    return f"{sum(found.state.tables.values()):,}"


def _show(found: backups.Backup) -> None:
    console = Console()
    tables = Table("table", "rows")
    for name, count in sorted(found.state.tables.items()):
        tables.add_row(name, f"{count:,}")
    console.print(tables)
    for version in found.weights:
        console.print(f"weights {version['tag']} ({version['status']})  sha256 {version['sha256']}", highlight=False)
