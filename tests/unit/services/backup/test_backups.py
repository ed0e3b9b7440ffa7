"""Backups of a database with rows, restored into another one."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select, text, update

import config as configuration
from tests.support.rows import a_row
from visionai import create_app
from visionai.database import revisions
from visionai.database.sessions import reading, writing
from visionai.errors import SetupError
from visionai.extensions import db
from visionai.models import PredictionLog, PredictionTotal
from visionai.services import lifecycle
from visionai.services.accounts import accounts
from visionai.services.backup import backups
from visionai.services.backup.archive import DamagedBackup
from visionai.services.recording.recorder import recorder
from visionai.services.recording.spool import Spool
from visionai.services.weights import versions

pytestmark = pytest.mark.databases

Elsewhere = Callable[..., "contextmanager[Flask]"]


@pytest.fixture
def settings() -> dict[str, str]:
    return {"MODEL_PATH": "ml_models/modelo_emociones.json"}


@pytest.fixture
def filled(app: Flask) -> Flask:
    """An installation with a user and three rows."""
    accounts.register("usuario", "una frase larga")
    for emotion in ("happy", "happy", "sad"):
        recorder.write(a_row(emotion))
    return app


@pytest.fixture
def elsewhere(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Elsewhere:
    """Another installation, on an empty database of the same kind."""
    own = f"sqlite:///{tmp_path / 'other' / 'other.sqlite3'}"
    url = own if database_url.startswith("sqlite") else request.getfixturevalue("cluster").new_database()

    @contextmanager
    def installed(**settings: str) -> Iterator[Flask]:
        (tmp_path / "other").mkdir(exist_ok=True)
        app = create_app(configuration.Testing(tmp_path / "other", DATABASE_URL=url, **settings))
        with app.app_context():
            yield app
            lifecycle.stop(app)
            db.engine.dispose()

    return installed


def rows() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(PredictionLog)) or 0


def test_a_backup_is_restored_with_its_rows_counters_users_and_weights(
    filled: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    made = backups.create(tmp_path / "backup.tar")
    assert made.state.tables["predictions_log"] == 3
    assert backups.verify(tmp_path / "backup.tar") == made
    with elsewhere():
        done = backups.restore(tmp_path / "backup.tar")
        assert done.differences == []
        assert rows() == 3
        assert accounts.login("usuario", "una frase larga", None).user.username == "usuario"
        (shipped,) = [one for one in versions.list_versions() if one.manifest]
        assert shipped.model_version_tag == made.weights[0]["tag"]
        recorder.write(a_row())
        assert rows() == 4


def test_a_backup_without_secrets_has_none(filled: Flask, tmp_path: Path) -> None:
    assert not backups.create(tmp_path / "backup.tar", with_secrets=False).has_secrets
    with tarfile.open(tmp_path / "backup.tar") as tar:
        assert "secrets.json" not in tar.getnames()


def test_the_keys_of_a_backup_come_behind_those_that_are_kept(
    filled: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    backups.create(tmp_path / "backup.tar")
    with elsewhere(SECRET_KEY="k" * 32):
        (tmp_path / "other" / "secret_key").write_text("o" * 32)
        assert backups.restore(tmp_path / "backup.tar").new_keys
    kept = configuration.Production({"INSTANCE_PATH": str(tmp_path / "other")})
    assert kept.SECRET_KEY == "o" * 32
    assert [filled.config["SECRET_KEY"]] == kept.SECRET_KEY_FALLBACKS


def test_a_database_in_use_is_refused_and_replaced_where_that_is_said(
    filled: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    backups.create(tmp_path / "backup.tar")
    recorder.write(a_row())
    with pytest.raises(SetupError, match="--replace"):
        backups.restore(tmp_path / "backup.tar")
    assert rows() == 4
    backups.restore(tmp_path / "backup.tar", replace=True)
    assert rows() == 3


def test_an_older_database_is_upgraded(app: Flask, elsewhere: Elsewhere, tmp_path: Path) -> None:
    with elsewhere():
        upgrade(revision="0003")
        assert backups.create(tmp_path / "backup.tar").state.revision == "0003"
    backups.restore(tmp_path / "backup.tar")
    assert backups.create(tmp_path / "upgraded.tar").state.revision == revisions.known()[0]


def test_a_newer_database_is_refused(filled: Flask, tmp_path: Path) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    backups.create(tmp_path / "backup.tar")
    with pytest.raises(SetupError, match="revision 9999"):
        backups.restore(tmp_path / "backup.tar", replace=True)
    assert rows() == 3


def test_a_restore_that_fails_leaves_what_was_there(
    filled: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backups.create(tmp_path / "backup.tar")
    recorder.write(a_row())

    def fails() -> None:
        raise SetupError("The migration failed")

    monkeypatch.setattr(backups, "upgrade", fails)
    with pytest.raises(SetupError, match="migration"):
        backups.restore(tmp_path / "backup.tar", replace=True)
    assert rows() == 4
    recorder.write(a_row())
    assert rows() == 5


def test_rows_that_waited_on_the_disk_are_taken_along_and_written_once(
    filled: Flask, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    spool = Spool(tmp_path / "spool")
    spool.append([a_row("fear"), a_row("fear")])
    made = backups.create(tmp_path / "backup.tar")
    spool.close()
    assert made.waiting == 1
    with elsewhere():
        backups.restore(tmp_path / "backup.tar")
        taken = Spool(tmp_path / "other" / "spool")
        assert taken.adopt()
        assert taken.waiting == 2
        taken.close()


def test_counters_that_the_log_contradicts_are_told(filled: Flask, elsewhere: Elsewhere, tmp_path: Path) -> None:
    with writing() as session:
        session.execute(update(PredictionTotal).values(count=7))
    backups.create(tmp_path / "backup.tar")
    with elsewhere():
        assert len(backups.restore(tmp_path / "backup.tar").differences) > 0


def test_a_backup_of_another_kind_of_database_is_refused(filled: Flask, tmp_path: Path) -> None:
    backups.create(tmp_path / "backup.tar")
    other = "sqlite" if db.engine.dialect.name == "postgresql" else "postgresql"
    renamed = _with_manifest(tmp_path, lambda one: one["database"].update(dialect=other))
    with pytest.raises(SetupError, match=f"a backup of {other}"):
        backups.restore(renamed, replace=True)
    assert rows() == 3


def test_a_database_that_cannot_be_opened_is_refused_before_anything_changes(filled: Flask, tmp_path: Path) -> None:
    backups.create(tmp_path / "backup.tar")
    broken = _with_database(tmp_path, b"not a database at all" * 500)
    for attempt in (backups.verify, lambda path: backups.restore(path, replace=True)):
        with pytest.raises(DamagedBackup, match=r"cannot read|damaged"):
            attempt(broken)
    assert rows() == 3


def test_a_database_without_tables_is_not_backed_up(elsewhere: Elsewhere, tmp_path: Path) -> None:
    with elsewhere(), pytest.raises(SetupError, match="flask db upgrade"):
        backups.create(tmp_path / "backup.tar")
    assert not (tmp_path / "backup.tar").exists()


def test_no_backup_takes_the_place_of_another_file(filled: Flask, tmp_path: Path) -> None:
    (tmp_path / "backup.tar").write_text("something")
    with pytest.raises(SetupError, match="already"):
        backups.create(tmp_path / "backup.tar")


def test_nothing_is_left_beside_a_backup(filled: Flask, tmp_path: Path) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    backups.create(tmp_path / "backup.tar")
    backups.verify(tmp_path / "backup.tar")
    backups.restore(tmp_path / "backup.tar", replace=True)
    assert {path.name for path in tmp_path.iterdir()} - before == {"backup.tar", "secret_key"}


def _with_manifest(folder: Path, change: Callable[[dict], object]) -> Path:
    """Pack a backup once more with another manifest."""
    unpacked = folder / "again"
    unpacked.mkdir()
    facts = backups.archive.unpack(folder / "backup.tar", unpacked)
    change(facts)
    members = {name: unpacked / name for name in facts.pop("members")}
    facts.pop("format")
    backups.archive.pack(folder / "changed.tar", json.loads(json.dumps(facts)), members)
    shutil.rmtree(unpacked)
    return folder / "changed.tar"


def _with_database(folder: Path, content: bytes) -> Path:
    """Pack a backup once more with another file for its database."""
    unpacked = folder / "again"
    unpacked.mkdir()
    facts = backups.archive.unpack(folder / "backup.tar", unpacked)
    members = {name: unpacked / name for name in facts.pop("members")}
    next(iter(unpacked.glob("database.*"))).write_bytes(content)
    backups.archive.pack(folder / "changed.tar", facts, members)
    shutil.rmtree(unpacked)
    return folder / "changed.tar"
