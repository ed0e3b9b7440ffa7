"""Command groups whose setup failures are one line and exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from flask.cli import AppGroup

from ..errors import VisionAIError
from ..services.audit.acting import COMMAND_LINE, acting


class SetupFailure(click.ClickException):
    """A file, setting or name that does not fit; told in one line, without a traceback."""

    exit_code = 2


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Raise SetupFailure in the place of a VisionAIError."""
    try:
        yield
    except VisionAIError as err:
        raise SetupFailure(" ".join(str(err).split())) from err


class CommandGroup(AppGroup):
    """A group whose commands raise our errors freely: they are translated here, once. The command line is who acts."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; raises SetupFailure in the place of a VisionAIError."""
        with told_in_one_line(), acting(COMMAND_LINE):
            return super().invoke(ctx)
