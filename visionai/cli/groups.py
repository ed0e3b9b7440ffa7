"""Command groups whose setup failures are one line and exit code 2."""

from __future__ import annotations

from typing import Any

import click
from flask.cli import AppGroup

from ..errors import VisionAIError
from ..services.audit.acting import COMMAND_LINE, acting


class SetupFailure(click.ClickException):
    """A file, setting or name that does not fit; told in one line, without a traceback."""

    exit_code = 2


class CommandGroup(AppGroup):
    """A group whose commands raise our errors freely: they are translated here, once. The command line is who acts."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; raises SetupFailure in the place of a VisionAIError."""
        try:
            with acting(COMMAND_LINE):
                return super().invoke(ctx)
        except VisionAIError as err:
            raise SetupFailure(" ".join(str(err).split())) from err
