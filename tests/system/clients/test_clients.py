"""Both clients, installed from the files that are published, with a real server."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.clients import CLIENTS
from tests.support.servers import start_server

from .conftest import Installed, ended, output_of

SLOW = ("-m", "gunicorn", "--config", "gunicorn.conf.py", "tests.support.slow_app:app")


class Site:
    """A server of slow pictures that can be started anew, at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server = start_server(folder, program=SLOW)
        self.url = self._server.url

    def restart(self) -> None:
        self.stop()
        self._server = start_server(self._folder, port=self._server.port, program=SLOW)

    def stop(self) -> None:
        assert self._server.stop() == 0


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"))
    yield site
    site.stop()


@pytest.fixture(scope="module", params=["javascript", "python"])
def installed(request: pytest.FixtureRequest) -> Installed:
    client: Installed = request.getfixturevalue(request.param)
    return client


FEATURES = {
    "health": "healthy",
    "emotions": "Anger",
    "picture": "happy",
    "model": "loaded",
    "batch": [200, 415],
    "refused": [415, "unsupported_format"],
    "closed": [401, "invalid_token"],
    "withoutReceipt": [404, "not_found"],
    "withReceipt": "Lent",
    "frame": ["success", "happy", 1],
    "ended": ["ended", 1],
    "labelled": ["Ana"],
    "listed": ["Pictures", "Interview"],
    "timeline": True,
    "compared": ["Interview", "Pictures"],
    "exported": ["session_uid", "participant"],
    "stats": "happy",
    "recent": 1,
    "days": 3,
    "detail": True,
    "since": 0,
    "rows": ["id", "uid"],
    "key": ["happy", 403, "forbidden"],
    "revoked": [True],
    "rule": [2, 1],
    "told": ["webhook.test", True],
    "webhook": ["whsec_", "Lab"],
    "off": "owner",
    "left": [0, 0],
    "deleted": [404, "not_found"],
    "loggedOut": [401, "invalid_token"],
}

KINDS = {"javascript": ["blob", "base64"], "python": ["file", "pixels", "pillow"]}
"""What else a picture may be, in each language."""


def test_every_part_of_the_api_is_there(installed: Installed, site: Site) -> None:
    seen = json.loads(output_of(installed.start("features", site.url, "photo.jpg")))
    user = dict.fromkeys(["me", "resumed", "user"], installed.language)
    pictures = dict.fromkeys(KINDS[installed.language], "happy")
    assert seen == FEATURES | user | pictures


def test_what_is_different_over_asyncio_is_there_too(python: Installed, site: Site) -> None:
    assert json.loads(output_of(python.start("features_async", site.url, "photo.jpg"))) == {
        "pictures": ["happy", "happy"],
        "replaced": [False, True],
        "pushed": ["success"],
        "asked": ["success", "success"],
        "rows": True,
        "figures": True,
    }


def test_a_session_goes_on_when_the_server_is_started_anew(installed: Installed, site: Site) -> None:
    running = installed.start("restart", site.url, "photo.jpg")
    with ended(running):
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        site.restart()
        assert running.stdin is not None
        running.stdin.write("\n")
        running.stdin.flush()
        seen = json.loads(output_of(running))
    assert seen == {"told": ["resumed"], "status": "success", "same": True, "gaps": 1}


def test_a_slow_server_is_sent_one_frame_at_a_time_and_the_newest_next(installed: Installed, site: Site) -> None:
    seen = json.loads(output_of(installed.start("slow", site.url, "photo.jpg")))
    assert seen == {"skipped": True, "unread": 0, "newest": True}


def test_the_quick_start_works_as_it_stands(installed: Installed, site: Site) -> None:
    readme = (CLIENTS / installed.language / "README.md").read_text()
    first = re.search(r"```(?:js|python)\n(.*?)```", readme, flags=re.DOTALL)
    assert first
    assert len(first[1].splitlines()) <= 20
    file = installed.folder / f"quick_start{installed.suffix}"
    file.write_text(first[1].replace("http://localhost:8000", site.url))
    emotion, people, count = output_of(installed.start_file(file)).splitlines()
    assert emotion.startswith("happy ")
    assert json.loads(people) == [1]
    assert count == "1"
