"""Weights files by their content, in the database and in a folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import update

from visionai.database.sessions import writing
from visionai.errors import WeightsError
from visionai.models import WeightsPart
from visionai.services.weights import files
from visionai.services.weights.files import DatabaseStore, FolderStore, Store
from visionai.vision.weights import WeightsFile

pytestmark = pytest.mark.databases

CONTENT = bytes(range(256)) * 10_000  # Two parts and a half.


@pytest.fixture(params=["database", "folder"])
def store(request: pytest.FixtureRequest, app: Flask, tmp_path: Path) -> Store:
    """Where weights are kept: the application is set to it."""
    if request.param == "database":
        return DatabaseStore()
    app.config["MODEL_STORE"] = tmp_path / "store"
    return FolderStore(tmp_path / "store")


def a_file(folder: Path, content: bytes = CONTENT) -> WeightsFile:
    folder.mkdir(exist_ok=True)
    (folder / "weights.tflite").write_bytes(content)
    return WeightsFile(folder / "weights.tflite", hashlib.sha256(content).hexdigest())


def test_a_file_comes_out_as_it_went_in(store: Store, tmp_path: Path) -> None:
    file = a_file(tmp_path / "here")
    files.keep(file)
    files.keep(file)
    assert store.kept() == {file.sha256}
    files.fetch(WeightsFile(tmp_path / "there/weights.tflite", file.sha256))
    assert (tmp_path / "there/weights.tflite").read_bytes() == CONTENT


def test_a_file_that_is_not_what_its_manifest_says_is_not_kept(store: Store, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights\.tflite"):
        files.keep(WeightsFile(a_file(tmp_path / "here").path, "ab" * 32))
    assert store.kept() == set()


def test_what_is_not_kept_is_said(store: Store, tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"weights\.tflite: expected its content"):
        files.fetch(WeightsFile(tmp_path / "weights.tflite", "ab" * 32))


def test_what_was_damaged_where_it_is_kept_is_not_written(store: Store, tmp_path: Path) -> None:
    file = a_file(tmp_path / "here")
    files.keep(file)
    if isinstance(store, FolderStore):
        (tmp_path / "store" / file.sha256).write_bytes(CONTENT[:-1])
    else:
        with writing() as session:
            session.execute(update(WeightsPart).where(WeightsPart.part == 1).values(content=b""))
    with pytest.raises(WeightsError, match="damaged"):
        files.fetch(WeightsFile(tmp_path / "there/weights.tflite", file.sha256))
    assert list((tmp_path / "there").iterdir()) == []


def test_what_nobody_needs_is_let_go(store: Store, tmp_path: Path) -> None:
    needed, spare = a_file(tmp_path / "one"), a_file(tmp_path / "two", b"other")
    for file in (needed, spare):
        files.keep(file)
    assert files.forget_all_but([needed.sha256]) == 1
    assert store.kept() == {needed.sha256}
