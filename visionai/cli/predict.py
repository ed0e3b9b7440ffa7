"""`flask predict`: read pictures of this machine and say what is in them; nothing is recorded."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext
from rich.console import Console
from rich.progress import track
from rich.table import Column, Table

from ..contract.errors import error_body
from ..contract.predictions import face_body
from ..errors import ImageError, SetupError
from ..extensions import inference
from ..locale import ENGLISH
from ..vision.priors import Prior
from .groups import SetupFailure

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"}
"""What is taken from a folder; a file that is named itself is judged by its content alone."""

PIPE_WIDTH = 200
"""Columns of the table where it does not go to a terminal."""

Result = dict[str, Any]


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE_OR_FOLDER...")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a picture and line.")
@click.option("--no-detect", is_flag=True, help="The pictures are face crops already.")
@click.option(
    "--prior",
    type=click.Choice([prior.value for prior in Prior]),
    help="How common each expression is taken to be: all alike, or neutral and happy most; by default as PRIOR says.",
)
@with_appcontext
def predict(sources: tuple[Path, ...], as_json: bool, no_detect: bool, prior: str | None) -> None:
    """Find the faces in pictures and read their apparent expression."""
    try:
        files = [file for source in sources for file in _images(source)]
        assumed = Prior(prior) if prior else None
        rows = _read_all(files, detect=not no_detect, prior=assumed, quiet=as_json)
        failed = _print_json(rows) if as_json else _print_table(rows)
    except SetupError as err:
        raise SetupFailure(" ".join(str(err).split())) from err
    if failed:
        raise SystemExit(2)


def _images(source: Path) -> list[Path]:
    """Return the picture files of a folder and those below it in order, or the file itself."""
    if source.is_dir():
        found = sorted(file for file in source.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
        if not found:
            raise SetupError(f"{source}: no pictures in this folder; expected {', '.join(sorted(SUFFIXES))}")
        return found
    if not source.is_file():
        raise SetupError(f"{source}: no such file or folder")
    return [source]


def _read_all(files: Sequence[Path], *, detect: bool, prior: Prior | None, quiet: bool) -> Iterator[Result]:
    """Yield what was read of each file, under a progress bar where there are several."""
    hidden = quiet or len(files) == 1
    for file in track(files, "Reading", console=Console(stderr=True), disable=hidden, transient=True):
        yield {"file": str(file), **_read(file, detect, prior)}


def _read(file: Path, detect: bool, prior: Prior | None) -> Result:
    try:
        data = _bytes_of(file)
        analysis = inference.analyze(data, detect=detect, prior=prior)
    except OSError as error:
        return {"error": {"code": "unreadable_file", "message": error.strerror, "details": {}}}
    except ImageError as error:
        return error_body(error, ENGLISH)
    return {
        "prior": analysis.prior.value,
        "processing_time_ms": round(analysis.processing_time_ms, 1),
        "faces": [face_body(face) for face in analysis.faces],
    }


def _bytes_of(file: Path) -> bytes:
    """Return what is in a file, of one that is over the limit no more than shows it."""
    with file.open("rb") as handle:
        return handle.read(current_app.config["MAX_IMAGE_BYTES"] + 1)


def _print_json(rows: Iterator[Result]) -> bool:
    """Print one line a picture; tell whether any failed."""
    failed = False
    for row in rows:
        failed |= "error" in row
        click.echo(json.dumps(row, ensure_ascii=False))
    return failed


def _print_table(rows: Iterator[Result]) -> bool:
    """Print one line a face; tell whether any picture failed."""
    whole = partial(Column, no_wrap=True)
    heads = ("face", "box", "apparent expression", "confidence", "ms")
    table = Table(Column("file", overflow="fold"), *map(whole, heads))
    failed = False
    for row in rows:
        failed |= "error" in row
        for cells in _cells(row):
            table.add_row(row["file"], *cells)
    # Nobody folds lines in a pipe: there a row stays a row.
    Console(width=None if sys.stdout.isatty() else PIPE_WIDTH).print(table)
    return failed


def _cells(row: Result) -> Iterator[tuple[str, ...]]:
    if "error" in row:
        yield ("-", "-", f"[red]{row['error']['code']}[/red]", "-", "-")
        return
    if not row["faces"]:
        yield ("-", "-", "no face", "-", str(row["processing_time_ms"]))
    for number, face in enumerate(row["faces"], 1):
        box = face["box"]
        name = face["emotion_name"] + (" (uncertain)" if face["uncertain"] else "")
        place = f"{box['x']},{box['y']} {box['width']}x{box['height']}"
        yield (str(number), place, name, f"{face['confidence']:.2f}", str(row["processing_time_ms"]))
