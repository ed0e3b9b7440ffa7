"""What a server's SQLite holds, and pictures sent to a server over REST: for tests that count both."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from uuid import UUID

import requests

from tests.support.images import face_jpeg
from tests.support.servers import Server

JPEG = {"Content-Type": "image/jpeg"}


def predict(server: Server, **query: str) -> requests.Response:
    """Send a picture of a face and return the answer."""
    return requests.post(f"{server.url}/api/v1/predict", face_jpeg(), params=query, headers=JPEG, timeout=30)


def health(server: Server) -> dict[str, str]:
    """Return what the server says of its parts."""
    body: dict[str, str] = requests.get(f"{server.url}/api/v1/health", timeout=30).json()
    return body


def frames_in(file: Path) -> int:
    """Return how many frames and pictures the log stands for."""
    with closing(sqlite3.connect(file)) as connection:
        found: int = connection.execute("SELECT coalesce(sum(frames), 0) FROM predictions_log").fetchone()[0]
        return found


def uids_in(file: Path) -> set[UUID]:
    """Return the uids of the log."""
    with closing(sqlite3.connect(file)) as connection:
        return {UUID(uid) for (uid,) in connection.execute("SELECT uid FROM predictions_log")}
