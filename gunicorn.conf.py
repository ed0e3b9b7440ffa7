"""How gunicorn serves VisionAI: `gunicorn --config gunicorn.conf.py wsgi:app`. Settings come from the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
MAX_OPEN_FILES = 65_536

sys.path.insert(0, str(ROOT))

import config as configuration  # noqa: E402

try:
    settings = configuration.from_environment()
    server = configuration.Server(settings)
except configuration.ConfigError as error:
    error.show()
    sys.exit(error.exit_code)
# Workers import these themselves, so that a reload (HUP) takes their code anew.
for read in ("config", "visionai.environment"):
    del sys.modules[read]


def raise_file_limit() -> None:
    """Allow as many open files as the machine lets us: every client is one, and the usual 1,024 are too few."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MAX_OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def post_worker_init(worker: Any) -> None:
    """Begin what a server process does beside answering; a command line that reads wsgi.py must not."""
    from gunicorn.arbiter import Arbiter

    from visionai.app import start
    from visionai.errors import SetupError

    # The application has read it. gunicorn would fail at paths without it, probes among them, and at "/visionary" too.
    os.environ.pop("SCRIPT_NAME", None)
    try:
        start(worker.wsgi)
    except SetupError as error:
        worker.log.critical("Not started: %s", str(error))
        # The one code after which gunicorn does not try again, for ever.
        sys.exit(Arbiter.WORKER_BOOT_ERROR)


def pre_request(worker: Any, req: Any) -> None:
    """Log nothing: gunicorn's own hook logs the path of every request where LOG_LEVEL is debug."""


raise_file_limit()

wsgi_app = "wsgi:app"
chdir = str(ROOT)
bind = server.netloc

threading_mode = server.ASYNC_MODE == "threading"
worker_class = f"visionai.server.worker.{'ThreadedWorker' if threading_mode else 'EventletWorker'}"
# Every open socket has a greenlet, and beyond 5,000 of them clients are turned away at once. In the other mode it has a
# thread, and beyond 1,000 clients wait for one.
worker_connections = 5000
threads = 1000 if threading_mode else 1
backlog = 2048

workers = server.WEB_CONCURRENCY

# The parser looks through the whole head with each piece that comes: the largest one, of 0.4 MB, costs 50 ms of the
# hub, and one of gunicorn's own limit of 100 fields four times that.
limit_request_fields = 50

# Seconds. A connection has `keepalive` to send a request's head; a worker that does not breathe for `timeout` is
# replaced, and one that is told to stop has `graceful_timeout` to drain and to answer what it accepted.
keepalive = server.HEADERS_MAX_SECONDS
timeout = 60
graceful_timeout = 15 + settings.STOP_DELAY_SECONDS

# Headers that would change what a request asks for: a proxy says its path in X-Forwarded-Prefix.
forwarder_headers = ""

# The system's sendfile wants a blocking socket, and a greenlet's is none: files would arrive empty.
sendfile = False
# Its socket does not come up in a patched process.
control_socket_disable = True
# The application logs requests itself, with an id and without tokens.
accesslog = None
loglevel = settings.LOG_LEVEL.lower()
logger_class = f"visionai.server.gunicorn_logging.{'JSONLogger' if settings.LOG_FORMAT == 'json' else 'TextLogger'}"
