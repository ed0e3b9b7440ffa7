"""The application that gunicorn serves (`wsgi:app`); `python wsgi.py` serves it without gunicorn.

Under gunicorn the worker class has patched the process before this is imported, and gunicorn.conf.py starts what goes
on in the background. By hand it is the development server:
threads, a secret made where there is none, the database upgraded.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("VISIONAI_ENV", "development")

from config import ConfigError, Server, from_environment
from visionai import concurrency, create_app

try:
    settings = from_environment()
    server = Server(settings)
    app = create_app(settings)
except ConfigError as error:
    if __name__ != "__main__":
        raise
    error.show()
    sys.exit(error.exit_code)


def main() -> None:
    """Upgrade the database and serve on HOST and PORT (127.0.0.1:8000) with threads."""
    from flask_migrate import upgrade

    from visionai.app import start
    from visionai.errors import SetupError
    from visionai.extensions import socketio
    from visionai.server.development import RequestHandler
    from visionai.server.stray_output import log_everything

    log_everything(settings.LOG_FORMAT)
    with app.app_context():
        upgrade()
    concurrency.return_freed_memory()
    try:
        start(app)
    except SetupError as error:
        sys.exit(f"Not started: {error}")
    print(f"VisionAI on http://{server.netloc}")
    socketio.run(app, host=server.HOST, port=server.PORT, allow_unsafe_werkzeug=True, request_handler=RequestHandler)


if __name__ == "__main__":
    main()
