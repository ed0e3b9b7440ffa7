"""The application that gunicorn serves (`wsgi:app`); `python wsgi.py` serves it without gunicorn.

Under gunicorn the worker class has patched the process before this is imported, and gunicorn.conf.py starts what goes
on in the background. By hand it is the development server:
threads, a secret made where there is none, the database upgraded.
"""

from __future__ import annotations

import os

if __name__ == "__main__":
    os.environ.setdefault("VISIONAI_ENV", "development")

from visionai import concurrency, create_app

app = create_app()


def main() -> None:
    """Upgrade the database and serve on HOST and PORT (127.0.0.1:8000) with threads."""
    from flask_migrate import upgrade

    from visionai.app import start
    from visionai.extensions import socketio
    from visionai.rest.development import RequestHandler

    with app.app_context():
        upgrade()
    concurrency.return_freed_memory()
    start(app)
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    print(f"VisionAI on http://{host}:{port}")
    socketio.run(app, host=host, port=port, allow_unsafe_werkzeug=True, request_handler=RequestHandler)


if __name__ == "__main__":
    main()
