"""The application with an address at which it makes noise of every kind; for `test_log_lines`."""

from __future__ import annotations

import gc
import logging
import sys
import threading
import traceback
import warnings

from visionai import concurrency
from wsgi import app

__all__ = ["app"]

SECRET = "noise that is raised"


class _Unfinished:
    def __del__(self) -> None:
        raise ValueError(SECRET)


def _raise() -> None:
    raise ValueError(SECRET)


def _of_eventlet() -> None:
    """Raise on the hub, which prints a traceback by itself."""
    import eventlet

    eventlet.spawn_n(_raise)
    eventlet.sleep(0.1)


@app.route("/noise")
def noise() -> str:
    print("printed to stdout\nin two lines")
    print("printed to stderr", file=sys.stderr)
    sys.stderr.write("begun ")
    sys.stderr.write("and ended\n")
    warnings.warn("warned of something", stacklevel=1)
    logging.getLogger("engineio.server").error("a library's line\nand its second")
    try:
        _raise()
    except ValueError:
        traceback.print_exc()
        logging.getLogger("socketio").exception("a library's exception")
    _Unfinished()
    gc.collect()
    native = concurrency.NativeThreads(1, 1, "noise")
    native.run(print, "printed by a native thread")
    native.close()
    thread = threading.Thread(target=_raise)
    thread.start()
    thread.join()
    if concurrency.mode() == "eventlet":
        _of_eventlet()
    _raise()
    return "never"
