"""`flask keys`: keys for programs, from the operator's side."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from ..contract.scopes import Scope
from ..errors import UserNotFound
from ..services.accounts import accounts
from ..services.keys import keys as service
from .groups import CommandGroup

keys = CommandGroup("keys", help="Create, list and revoke keys for programs.")


@keys.command()
@click.argument("user")
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice([scope.value for scope in Scope]))
@click.option("--days", type=click.IntRange(1, 36_500), help="In how many days it ends; without it, never.")
@click.option("--rate", type=click.IntRange(1, service.MAX_RATE), help="Calls a minute; without it, no limit.")
@click.option("--daily-quota", type=click.IntRange(1, service.MAX_QUOTA), help="Calls a day of UTC; without it, any.")
def create(
    user: str, name: str, scopes: Sequence[str], days: int | None, rate: int | None, daily_quota: int | None
) -> None:
    """Make a key called NAME for USER, and print it, this once."""
    owner = _user_id(user)
    if not 0 < len(name.strip()) <= service.MAX_NAME:
        raise click.BadParameter(f"Choose 1 to {service.MAX_NAME} characters.", param_hint="NAME")
    ends = datetime.now(UTC) + timedelta(days=days) if days else None
    wanted = service.NewKey(name.strip(), [Scope(one) for one in scopes], ends, rate, daily_quota)
    click.echo(service.create(owner, wanted).text)


@keys.command(name="list")
@click.argument("user", required=False)
def list_(user: str | None) -> None:
    """List the keys of USER, or of everybody."""
    table = Table("id", "user", "name", "scopes", "last used (UTC)", "ends (UTC)")
    found = service.all_keys() if user is None else [(key, user) for key in service.keys_of(_user_id(user))]
    for key, owner in found:
        ends = "revoked" if key.revoked_at else _minute(key.expires_at)
        table.add_row(key.key_id, owner, escape(key.name), " ".join(key.scopes), _minute(key.last_used_at), ends)
    Console().print(table)


@keys.command()
@click.argument("key_id", metavar="ID")
def revoke(key_id: str) -> None:
    """Revoke the key ID; open streams lose it within 20 seconds."""
    service.revoke(key_id)
    click.echo(f"{key_id} is revoked.")


def _user_id(name: str) -> int:
    account = accounts.user_named(name)
    if account is None:
        raise UserNotFound
    return account.user_id


def _minute(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "never"
