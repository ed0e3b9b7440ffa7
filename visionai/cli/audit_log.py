"""`flask audit`: the audit log, the newest first."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import click
from flask.cli import with_appcontext
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..contract.audit import audit_body
from ..services.administration.audit_log import Wanted, audit_page
from ..services.audit.trail import AuditAction
from .predict import PIPE_WIDTH

_PAGE = 500


@click.command("audit")
@click.option("--actor", help="A user's name, or command_line, server or nobody.")
@click.option("--action", type=click.Choice([action.value for action in AuditAction]), metavar="ACTION")
@click.option("--since", type=click.DateTime(), help="Then or later (UTC).")
@click.option("--until", type=click.DateTime(), help="Before (UTC).")
@click.option("--limit", type=click.IntRange(1), help="At most so many rows; by default all.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@with_appcontext
def audit_log(
    actor: str | None,
    action: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """List who did what, on what, from where, when; the newest first."""
    bounds = [moment.replace(tzinfo=UTC) if moment else None for moment in (since, until)]
    rows = _bodies(Wanted(actor, AuditAction(action) if action else None, *bounds), limit)
    if as_json:
        for row in rows:
            click.echo(json.dumps(row, default=datetime.isoformat, ensure_ascii=False))
        return
    table = Table("time (UTC)", "action", "who", "on what", "from", "details")
    for row in rows:
        cells = (f"{row['timestamp']:%Y-%m-%d %H:%M:%S}", row["action"], _who(row["actor"]), _on_what(row["target"]))
        facts = ", ".join(f"{name} {value}" for name, value in row["details"].items())
        table.add_row(*map(Text, (*cells, row["source_ip"] or "-", facts)))
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)


def _bodies(wanted: Wanted, limit: int | None) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    left = limit
    while True:
        page = audit_page(wanted, _PAGE if left is None else min(_PAGE, left), cursor)
        yield from map(audit_body, page.entries)
        left = None if left is None else left - len(page.entries)
        cursor = page.next_cursor
        if cursor is None or left == 0:
            return


def _who(actor: dict[str, Any]) -> str:
    if actor["user_id"] is None:
        return str(actor["kind"]).replace("_", " ")
    return actor["username"] or f"user {actor['user_id']} (erased)"


def _on_what(target: dict[str, Any] | None) -> str:
    return f"{target['kind']} {target['username'] or target['id']}" if target else "-"
