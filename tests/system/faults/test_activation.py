"""Other weights are activated while two processes serve under load."""

from __future__ import annotations

import hashlib
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
    """Two servers on one database that share no folder, and the environment of their operator, beside the first."""

    servers: list[Server]
    operator: dict[str, str]

    def model(self, *arguments: str) -> None:
        flask(self.operator, "model", *arguments)


@pytest.fixture(scope="module")
def site(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    database = cluster.new_database()
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
    own = [copy_of_the_weights(folder / "ml_models", "v1.0.0") for folder in folders]
    servers = [
        start_server(folder, DATABASE_URL=database, PRELOAD_MODEL="true", MODEL_PATH=str(manifest))
        for folder, manifest in zip(folders, own, strict=True)
    ]
    yield Site(servers, environment_of(folders[0], DATABASE_URL=database, MODEL_PATH=str(own[0])))
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


def copy_of_the_weights(folder: Path, tag: str, behind: bytes = b"") -> Path:
    """Lay the served weights down once more as another version, of another content where there is more `behind`."""
    folder.mkdir()
    manifest = json.loads((WEIGHTS / "modelo_emociones.json").read_text())
    del manifest["files"]["h5"]
    for file in manifest["files"].values():
        content = (WEIGHTS / file["name"]).read_bytes() + behind
        (folder / file["name"]).write_bytes(content)
        file["sha256"] = hashlib.sha256(content).hexdigest()
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


def test_a_rollback_reaches_a_server_that_shares_no_folder(site: Site, loads: list[Load], tmp_path: Path) -> None:
    manifest = copy_of_the_weights(tmp_path / "weights", "v9.9.11", b"\0")
    site.model("activate", str(manifest))
    shutil.rmtree(manifest.parent)
    assert eventually(lambda: all(load.tags[-1] == "v9.9.11" for load in loads), PATIENCE_SECONDS)
    site.model("rollback")
    assert eventually(lambda: all(load.tags[-1] == "v9.9.9" for load in loads), PATIENCE_SECONDS)
    assert [load.failures for load in loads] == [[], []]


def damage(database: str, tag: str) -> None:
    """Overwrite what is kept of the weights of a version."""
    with create_engine(database.replace("postgresql://", "postgresql+psycopg2://")).begin() as connection:
        manifest = connection.scalar(
            text("SELECT manifest FROM model_versions WHERE model_version_tag = :tag"), {"tag": tag}
        )
        parts = text("UPDATE weights_files SET content = 'no network' WHERE part = 2 AND sha256 = :sha256")
        connection.execute(parts, {"sha256": manifest["files"]["tflite"]["sha256"]})


def test_weights_that_were_damaged_are_not_activated_and_the_running_ones_stay(
    site: Site, loads: list[Load], tmp_path: Path
) -> None:
    in_force = {load.tags[-1] for load in loads}
    site.model("register", str(copy_of_the_weights(tmp_path / "broken", "v9.9.10", b"\0")))
    damage(site.operator["DATABASE_URL"], "v9.9.10")
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
