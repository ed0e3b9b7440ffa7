"""The command line: `flask audit`, `backup`, `users`, `model`, `predict`, `predictions`, `samples`, `stats`."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup


class Commands(AppGroup):
    """The application's commands, imported at the first need: a server has none, and saves the memory they take."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name, or None."""
        self.load()
        return super().get_command(ctx, cmd_name)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands."""
        self.load()
        return super().list_commands(ctx)

    def load(self) -> None:
        """Import the commands; again is nothing."""
        from .commands import COMMANDS

        for command in COMMANDS:
            self.add_command(command)


def init_app(app: Flask) -> None:
    """Add the commands to those that extensions gave the application.

    Where a command line makes the application they are imported at once, since `flask db` gets some of them.
    """
    app.cli = commands = Commands(app.name, commands=app.cli.commands)
    if click.get_current_context(silent=True):
        commands.load()
