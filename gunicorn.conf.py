"""How gunicorn serves VisionAI: `gunicorn --config gunicorn.conf.py wsgi:app`. Settings come from the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

ROOT = Path(__file__).resolve().parent
MAX_OPEN_FILES = 65_536

sys.path.insert(0, str(ROOT))
load_dotenv(ROOT / ".env")


def setting(name: str, default: str) -> str:
    """Return a variable of the environment; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def raise_file_limit() -> None:
    """Allow as many open files as the machine lets us: every client is one, and the usual 1,024 are too few."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def post_worker_init(worker: Any) -> None:
    """Begin what a server process does beside answering; a command line that reads wsgi.py must not."""
    from visionai.app import start

    start(worker.wsgi)


def pre_request(worker: Any, req: Any) -> None:
    """Log nothing: gunicorn's own hook logs the path of every request where LOG_LEVEL is debug."""


raise_file_limit()

wsgi_app = "wsgi:app"
chdir = str(ROOT)
bind = f"{setting('HOST', '127.0.0.1')}:{setting('PORT', '8000')}"

mode = setting("ASYNC_MODE", "eventlet").lower()
if mode not in ("eventlet", "threading"):
    sys.exit(f"ASYNC_MODE takes eventlet or threading, not {mode!r}.")
threading_mode = mode == "threading"
worker_class = f"visionai.gunicorn_worker.{'ThreadedWorker' if threading_mode else 'EventletWorker'}"
# Every open socket has a greenlet, and beyond 5,000 of them clients are turned away at once. In the other mode it has a
# thread, and beyond 1,000 clients wait for one.
worker_connections = 5000
threads = 1000 if threading_mode else 1
backlog = 2048

workers = int(setting("WEB_CONCURRENCY", "1"))
if workers > 1 and setting("DATABASE_URL", "sqlite").startswith("sqlite"):
    sys.exit("WEB_CONCURRENCY: SQLite takes one process. Set DATABASE_URL to a PostgreSQL, or leave it at 1.")
if workers > 1 and not setting("REDIS_URL", ""):
    sys.exit("WEB_CONCURRENCY: more than one process needs REDIS_URL, so that they hear of each other.")

# The parser looks through the whole head with each piece that comes: the largest one, of 0.4 MB, costs 50 ms of the
# hub, and one of gunicorn's own limit of 100 fields four times that.
limit_request_fields = 50

# Seconds. A connection has `keepalive` to send a request's head; a worker that does not breathe for `timeout` is
# replaced, and one that is told to stop has `graceful_timeout` to answer what it accepted.
keepalive = int(setting("HEADERS_MAX_SECONDS", "5"))
timeout = 60
graceful_timeout = 15

# The system's sendfile wants a blocking socket, and a greenlet's is none: files would arrive empty.
sendfile = False
# Its socket does not come up in a patched process.
control_socket_disable = True
# The application logs requests itself, with an id and without tokens.
accesslog = None
loglevel = setting("LOG_LEVEL", "info")
