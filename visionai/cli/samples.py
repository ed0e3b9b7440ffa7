"""`flask samples`: pictures to try VisionAI with, out of a package that carries one in the public domain."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import click
from PIL import Image

from ..errors import SetupError
from .groups import SetupFailure

_PACKAGE, _PICTURE = "skimage", "data/astronaut.png"
"""NASA's portrait of Eileen Collins, in the public domain, as scikit-image carries it."""

_FACE = (160, 55, 290, 185)
"""Left, top, right and bottom of her face, in pixels of that picture."""


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def samples(folder: Path) -> None:
    """Write photo.jpg, and face.jpg cut out of it, into FOLDER (by default the current one)."""
    try:
        with Image.open(_source()) as opened:
            whole = opened.convert("RGB")
        folder.mkdir(parents=True, exist_ok=True)
        for name, image in (("photo.jpg", whole), ("face.jpg", whole.crop(_FACE))):
            with (folder / name).open("xb") as file:
                image.save(file, "JPEG", quality=92)
            click.echo(folder / name)
    except FileExistsError as err:
        raise SetupFailure(f"{err.filename}: is there already and is not written over; name another folder") from err
    except OSError as err:
        raise SetupFailure(f"{err.filename or folder}: {err.strerror or err}") from err
    except SetupError as err:
        raise SetupFailure(str(err)) from err


def _source() -> Path:
    """Return where the picture lies, without importing its package; raises SetupError where that is not installed."""
    found = importlib.util.find_spec(_PACKAGE)
    places = (found.submodule_search_locations or []) if found else []
    for place in places:
        if (path := Path(place) / _PICTURE).is_file():
            return path
    raise SetupError(
        "The sample pictures come with the package scikit-image, which is not installed: "
        "pip install --no-deps -r requirements/samples.txt"
    )
