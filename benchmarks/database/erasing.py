"""`python -m benchmarks.database.erasing erase USER_ID` or `record`: what erases, and what records beside it.

`erase` ends with the seconds that the erasure of a user's predictions took. `record` commits a row every 10 ms until a
line comes in, and ends with the milliseconds that each commit took. Both in JSON.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from datetime import UTC, datetime
from uuid import uuid4

from visionai import create_app
from visionai.extensions import db
from visionai.services.privacy import erasure
from visionai.services.recording.ledger import Ledger
from visionai.services.recording.row import Row

PAUSE_SECONDS = 0.01


def erase(user_id: int) -> float:
    """Erase the predictions of a user and return the seconds that took."""
    begun = time.perf_counter()
    erasure.delete_predictions(user_id)
    return time.perf_counter() - begun


def record() -> list[float]:
    """Commit rows of nobody one by one until a line comes in; return the milliseconds that each took."""
    ledger, told, took = Ledger(db.engine), threading.Event(), []
    threading.Thread(target=lambda: (sys.stdin.readline(), told.set()), daemon=True).start()
    print("ready", flush=True)
    while not told.wait(PAUSE_SECONDS):
        begun = time.perf_counter()
        ledger.record([a_row()])
        took.append(round(1000 * (time.perf_counter() - begun), 2))
    return took


def a_row() -> Row:
    """Return the row of a prediction of this moment."""
    return Row(uuid4(), 4, 0.75, "v0", 7, "192.0.2.0", None, datetime.now(UTC))


if __name__ == "__main__":
    with create_app().app_context():
        print(json.dumps(erase(int(sys.argv[2])) if sys.argv[1] == "erase" else record()))
