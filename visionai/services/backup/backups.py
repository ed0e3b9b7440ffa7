"""Create, verify and restore a backup: database, weights, signing keys, and rows that wait on the disk.

A server may go on while one is created. What is restored takes the place of everything that was there, or of nothing.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import select

from ... import __version__, private_files
from ...database import revisions
from ...database.availability import DATABASE_AWAY
from ...database.sessions import reading
from ...database.types import utc_now
from ...errors import SetupError, WeightsError
from ...extensions import db
from ...models import ModelVersion, VersionStatus
from ...vision.weights import WeightsFile
from ..statistics import rebuild
from ..weights import activation, files
from . import archive
from .databases import Database, State, has_rows
from .postgres import PostgreSQL
from .sqlite import SQLite

SECRETS = "secrets.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup says of itself: when it was made and by which version, its database and the rows of each table."""

    created_at: str
    program: str
    dialect: str
    state: State
    weights: list[Mapping[str, Any]]
    has_secrets: bool
    waiting: int
    """Files of rows that waited for the database."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: the backup, keys that this process does not have yet, counters that the log contradicts."""

    backup: Backup
    new_keys: bool
    differences: list[rebuild.Difference]


def create(target: Path, *, with_secrets: bool = True) -> Backup:
    """Write a backup into a new file, mode 0600; raises SetupError where that cannot be done.

    Rows that wait on the disk are copied before the database: those that reach it meanwhile are in both, once.
    """
    if target.exists():
        raise SetupError(f"{target.name}: there is such a file already; name another one")
    with suppress(WeightsError, *DATABASE_AWAY):  # Nor can an older database take them that is to be upgraded next.
        activation.register_shipped()
    database = _database()
    with _folder_beside(target) as folder:
        members = _waiting_rows(folder)
        state = database.write(folder / database.member)
        if not state.revision:
            raise SetupError("The database has no tables: `flask db upgrade` makes them")
        members[database.member] = folder / database.member
        members |= _stored_weights()
        if with_secrets:
            members[SECRETS] = _write_secrets(folder)
        facts = {
            "program": __version__,
            "created_at": utc_now().isoformat(timespec="seconds"),
            "database": {"dialect": database.dialect, "revision": state.revision, "tables": dict(state.tables)},
            "weights": _versions(),
        }
        archive.pack(target, facts, members)
    return _described({**facts, "members": members})


def verify(source: Path) -> Backup:
    """Check every byte of a backup, and that its database opens; raises DamagedBackup."""
    with _folder_beside(source) as folder:
        manifest = archive.unpack(source, folder)
        _database(manifest["database"]["dialect"]).check(_database_in(folder))
    return _described(manifest)


def restore(source: Path, *, replace: bool = False) -> Restored:
    """Make this installation what a backup holds, brought up to the present revision.

    Raises SetupError where it cannot be: a damaged archive, a newer revision, another kind of database, or one that is
    in use without `replace`. Nothing has changed then.
    """
    database = _database()
    with _folder_beside(Path(current_app.instance_path) / "restore") as folder:
        manifest = archive.unpack(source, folder)
        backup = _described(manifest)
        _refuse_unfit(backup, database, source.name)
        database.check(_database_in(folder))
        if not replace and has_rows():
            raise SetupError("The database holds data already: restore into an empty one, or add --replace")
        with database.set_aside(folder):
            database.restore(_database_in(folder))
            upgrade()
            db.engine.dispose()
            _take_over_weights(folder)
            new_keys = _take_over_secrets(folder)
            _take_over_rows(folder)
    return Restored(backup, new_keys, rebuild.check())


# Before anything changes ----------------------------------------------------------------------------------------------


def _refuse_unfit(backup: Backup, database: Database, name: str) -> None:
    if backup.dialect != database.dialect:
        raise SetupError(f"{name}: a backup of {backup.dialect}, and DATABASE_URL names {database.dialect}")
    if backup.state.revision not in revisions.known():
        raise SetupError(
            f"{name}: its database is at revision {backup.state.revision}, which this version of VisionAI does not "
            "know: take the version that made the backup, or a later one"
        )


def _database(dialect: str | None = None) -> Database:
    kinds: dict[str, type[SQLite] | type[PostgreSQL]] = {"sqlite": SQLite, "postgresql": PostgreSQL}
    kind = kinds.get(dialect or db.engine.dialect.name)
    if kind is None:
        raise SetupError("A backup of a database that this version of VisionAI does not know")
    return kind()


def _database_in(folder: Path) -> Path:
    return next(folder.glob("database.*"))


@contextmanager
def _folder_beside(path: Path) -> Iterator[Path]:
    """Yield a folder of ours alone beside a file, on the same disk, for as long as the block takes."""
    try:
        folder = tempfile.TemporaryDirectory(prefix=".visionai-", dir=path.parent)
    except OSError as err:
        raise SetupError(f"{path.parent}: {err.strerror}; it has to be a folder that can be written to") from err
    with folder as name:
        yield Path(name)


def _described(manifest: Mapping[str, Any]) -> Backup:
    database = manifest["database"]
    members = manifest["members"]
    return Backup(
        created_at=manifest["created_at"],
        program=str(manifest.get("program", "")),
        dialect=database["dialect"],
        state=State(database["revision"], database["tables"]),
        weights=list(manifest.get("weights", [])),
        has_secrets=SECRETS in members,
        waiting=sum(name.startswith("spool/") for name in members),
    )


# What is beside the database ------------------------------------------------------------------------------------------


def _spool() -> Path:
    return Path(current_app.instance_path) / "spool"


def _waiting_rows(folder: Path) -> dict[str, Path]:
    """Copy the files of rows that wait for the database, and of lines that could not be read."""
    copies = {}
    for path in sorted(_spool().glob("*")) if _spool().is_dir() else ():
        with suppress(FileNotFoundError):  # Its rows have reached the database.
            copies[f"spool/{path.name}"] = Path(shutil.copy(path, folder / path.name))
    return copies


def _take_over_rows(folder: Path) -> None:
    """Lay waiting rows down where a server looks for those of a process that is gone."""
    for path in sorted((folder / "spool").glob("*")):
        private_files.make_folder(_spool())
        path.replace(_spool() / f"restored-{path.name}")


def _versions() -> list[dict[str, Any]]:
    """Describe the versions of the weights, by columns that every revision has."""
    columns = {
        "tag": ModelVersion.model_version_tag,
        "status": ModelVersion.model_status,
        "sha256": ModelVersion.sha256,
        "metrics": ModelVersion.metrics,
    }
    registered = ModelVersion.model_status != VersionStatus.SEEN
    with reading() as session:
        rows = session.execute(select(*columns.values()).where(registered).order_by(ModelVersion.model_id))
        return [dict(zip(columns, row, strict=True)) for row in rows]


def _stored_weights() -> dict[str, Path]:
    """Return the files of MODEL_STORE; those that the database keeps are in its copy."""
    folder = current_app.config["MODEL_STORE"]
    kept = sorted(files.FolderStore(folder).kept()) if folder else []
    return {f"weights/{sha256}": folder / sha256 for sha256 in kept}


def _take_over_weights(folder: Path) -> None:
    for path in sorted((folder / "weights").glob("*")):
        files.keep(WeightsFile(path, path.name))


def _write_secrets(folder: Path) -> Path:
    ring = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    private_files.write(folder / SECRETS, [json.dumps({"SECRET_KEYS": ring}).encode()])
    return folder / SECRETS


def _take_over_secrets(folder: Path) -> bool:
    """Add the keys of a backup behind those kept in INSTANCE_PATH; tell whether this process lacks some of them."""
    if not (folder / SECRETS).is_file():
        return False
    keys = [str(key) for key in json.loads((folder / SECRETS).read_bytes())["SECRET_KEYS"]]
    file = Path(current_app.instance_path) / "secret_key"
    kept = file.read_text(encoding="utf-8").split("\n") if file.is_file() else []
    kept = [line.strip() for line in kept if line.strip()]
    private_files.write(file, ["\n".join([*kept, *(key for key in keys if key not in kept), ""]).encode()])
    ring = [current_app.config["SECRET_KEY"], *current_app.config["SECRET_KEY_FALLBACKS"]]
    return not set(keys) <= set(ring)
