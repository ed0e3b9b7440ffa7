"""`flask users`: accounts, from the operator's side."""

from __future__ import annotations

import sys

import click
from rich.console import Console
from rich.table import Table

from ..errors import UserNotFound
from ..models import Role
from ..services.accounts import accounts
from ..services.privacy import erasure
from .groups import CommandGroup

users = CommandGroup("users", help="Create, list, promote, deactivate and erase accounts, and reset passwords.")

_name = click.argument("name")
_from_stdin = click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")


@users.command()
@_name
@click.option("--admin", is_flag=True, help="Make an administrator.")
@_from_stdin
def create(name: str, admin: bool, password_stdin: bool) -> None:
    """Create the account NAME; asks for the password."""
    account = accounts.create_user(name, _password(password_stdin), Role.ADMIN if admin else Role.USER)
    click.echo(f"Created {account.username} ({account.role}).")


@users.command(name="list")
def list_() -> None:
    """List all accounts."""
    table = Table("id", "name", "role", "active", "created (UTC)")
    for user in accounts.list_users():
        cells = (str(user.user_id), user.username, user.role, "yes" if user.is_active else "no")
        table.add_row(*cells, f"{user.created_at:%Y-%m-%d %H:%M}")
    Console().print(table)


@users.command()
@_name
def promote(name: str) -> None:
    """Make NAME an administrator."""
    accounts.set_role(name, Role.ADMIN)
    click.echo(f"{name} is an administrator.")


@users.command()
@_name
def demote(name: str) -> None:
    """Let NAME no longer be an administrator, and end their logins; the last active one stays."""
    accounts.set_role(name, Role.USER)
    click.echo(f"{name} is no administrator.")


@users.command()
@_name
def activate(name: str) -> None:
    """Let NAME sign in again."""
    accounts.activate(name)
    click.echo(f"{name} can sign in.")


@users.command()
@_name
def deactivate(name: str) -> None:
    """Let NAME no longer sign in, and end their logins; the last active administrator stays."""
    accounts.deactivate(name)
    click.echo(f"{name} can no longer sign in.")


@users.command(name="reset-password")
@_name
@_from_stdin
def reset_password(name: str, password_stdin: bool) -> None:
    """Set a new password for NAME and end their logins."""
    accounts.reset_password(name, _password(password_stdin))
    click.echo(f"{name} has a new password.")


@users.command()
@_name
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(name: str, yes: bool) -> None:
    """Erase NAME with all their readings and sessions, from the figures too; rows of the audit log lose the name."""
    account = accounts.user_named(name)
    if account is None:
        raise UserNotFound
    if not yes:
        click.confirm(f"Erase {account.username} and everything that is held on them, for good?", abort=True)
    erasure.delete_user(account.user_id)
    click.echo(f"{name} is erased.")


def _password(from_stdin: bool) -> str:
    """Return a password that was typed twice, or the first line of standard input."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
