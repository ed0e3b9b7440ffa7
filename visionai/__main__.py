"""`python -m visionai`: check the settings, then let gunicorn serve as gunicorn.conf.py says."""

from __future__ import annotations

import os
import sys

from config import Server, from_environment

from . import ROOT
from .environment import ConfigError


def main() -> None:
    """Replace this process by gunicorn; a wrong setting is one line and exit code 2."""
    try:
        server = Server(from_environment())
    except ConfigError as error:
        error.show()
        sys.exit(error.exit_code)
    # gunicorn reads this one before its configuration file, and a blank one stops it with a traceback.
    os.environ["WEB_CONCURRENCY"] = str(server.WEB_CONCURRENCY)
    os.chdir(ROOT)
    gunicorn = [sys.executable, "-m", "gunicorn", "--config", "gunicorn.conf.py", "wsgi:app"]
    os.execv(sys.executable, gunicorn)  # noqa: S606


if __name__ == "__main__":
    main()
