"""Other weights are activated while two processes serve under load."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from sqlalchemy import create_engine, text

from tests.support.images import face_jpeg
from tests.support.postgres import Cluster
from tests.support.servers import ROOT, Server, environment_of, flask, start_server
from tests.support.waiting import eventually

WEIGHTS = ROOT / "ml_models"
PATIENCE_SECONDS = 60.0


class Load(threading.Thread):
    """A client that sends a picture whenever the last one was answered, until it is told to stop."""

    def __init__(self, server: Server) -> None:
        super().__init__(daemon=True)
        self.failures: list[str] = []
        self.tags: list[str] = []
        self._url = f"{server.url}/api/v1/predict"
        self._stopped = threading.Event()

    def run(self) -> None:
        with requests.Session() as session:
            while not self._stopped.is_set():
                answer = session.post(self._url, data=face_jpeg(), headers={"Content-Type": "image/jpeg"}, timeout=30)
                if answer.status_code == 200:
                    self.tags.append(answer.json()["model_version_tag"])
                else:
                    self.failures.append(answer.text)

    def stop(self) -> None:
        self._stopped.set()
        self.join(PATIENCE_SECONDS)


@dataclass(frozen=True)
class Site:
    """Two servers on one database, and the environment of their operator."""

    servers: list[Server]
    operator: dict[str, str]

    def model(self, *arguments: str) -> None:
        flask(self.operator, "model", *arguments)


@pytest.fixture(scope="module")
def site(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = cluster.new_database()
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    servers = [start_server(folder, DATABASE_URL=database, PRELOAD_MODEL="true") for folder in folders]
    yield Site(servers, environment_of(folders[0], DATABASE_URL=database))
    for server in servers:
        server.stop()


@pytest.fixture
def loads(site: Site) -> Iterator[list[Load]]:
    loads = [Load(server) for server in site.servers]
    for load in loads:
        load.start()
    assert eventually(lambda: all(load.tags for load in loads), PATIENCE_SECONDS)
    yield loads
    for load in loads:
        load.stop()


def copy_of_the_weights(folder: Path, tag: str) -> Path:
    """Lay the served weights down once more as another version."""
    folder.mkdir()
    manifest = json.loads((WEIGHTS / "modelo_emociones.json").read_text())
    for file in manifest["files"].values():
        shutil.copy(WEIGHTS / file["name"], folder)
    path = folder / "modelo_emociones.json"
    path.write_text(json.dumps({**manifest, "model_version_tag": tag}))
    return path


def test_an_activated_version_comes_into_force_in_every_process_and_no_request_fails(
    site: Site, loads: list[Load], tmp_path: Path
) -> None:
    site.model("register", str(copy_of_the_weights(tmp_path / "weights", "v9.9.9")))
    site.model("activate", "v9.9.9")
    assert eventually(lambda: all(load.tags[-1] == "v9.9.9" for load in loads), PATIENCE_SECONDS)
    for load in loads:
        load.stop()
    assert [load.failures for load in loads] == [[], []]
    assert all(load.tags == sorted(load.tags) for load in loads), "nobody goes back to the old version"


def test_weights_that_were_damaged_are_not_activated_and_the_running_ones_stay(
    site: Site, loads: list[Load], tmp_path: Path
) -> None:
    in_force = {load.tags[-1] for load in loads}
    site.model("register", str(copy_of_the_weights(tmp_path / "broken", "v9.9.10")))
    (tmp_path / "broken" / "modelo_emociones.tflite").write_bytes(b"not a network")
    with pytest.raises(AssertionError, match=r"modelo_emociones\.tflite"):
        site.model("activate", "v9.9.10")
    seen = [len(load.tags) for load in loads]
    assert eventually(
        lambda: all(len(load.tags) > before + 5 for load, before in zip(loads, seen, strict=True)), PATIENCE_SECONDS
    )
    assert {load.tags[-1] for load in loads} == in_force
    assert [load.failures for load in loads] == [[], []]


def keep_a_calibration(database: str, version: str, name: str) -> None:
    """Store a calibration as if it had been fitted: one that takes every face for angry."""
    with create_engine(database.replace("postgresql://", "postgresql+psycopg2://")).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO model_versions (model_version_tag, model_status, creation_date) "
                "VALUES (:version, 'seen', now()) ON CONFLICT DO NOTHING"
            ),
            {"version": version},
        )
        connection.execute(
            text(
                "INSERT INTO model_calibrations (model_id, name, offsets, temperature_factor, pictures, figures, "
                "status, created_at) SELECT model_id, :name, '[50, 0, 0, 0, 0, 0, 0]', 1, '{}', '{}', 'kept', now() "
                "FROM model_versions WHERE model_version_tag = :version"
            ),
            {"version": version, "name": name},
        )


def test_a_calibration_comes_into_force_in_every_process_and_goes_again_and_no_request_fails(
    site: Site, loads: list[Load]
) -> None:
    (version,) = {load.tags[-1] for load in loads}
    keep_a_calibration(site.operator["DATABASE_URL"], version, "shop")
    for tag in (f"{version}+shop", version):
        site.model("activate", tag)
        assert eventually(lambda tag=tag: all(load.tags[-1] == tag for load in loads), PATIENCE_SECONDS)  # type: ignore[misc]
    assert [load.failures for load in loads] == [[], []]
