"""How well faces are found, how fast: `python -m benchmarks.vision.detection FOLDER [--live] [--set NAME=VALUE ...]`.

FOLDER holds photographs and a `manifest.csv` with the columns `file` and `faces`, the number of faces in each.
`--live` searches as for frames, without tiles; `--set` tries other values of `visionai.vision.detection.faces.Search`.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from visionai.vision.detection.faces import DetectorNetworks, FaceDetector, Search
from visionai.vision.images.decoding import DecodedImage, decode


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one photograph gave."""

    file: str
    size: str
    faces: int
    found: int
    milliseconds: float


def main() -> None:
    """Read the arguments, search every photograph and print a table and its sums."""
    arguments = _arguments()
    detector = DetectorNetworks().detector(Search(**dict(arguments.set)))
    outcomes = list(_outcomes(arguments.folder, detector, thorough=not arguments.live))
    print(f"{'file':34}{'size':>12}{'faces':>7}{'found':>7}{'ms':>9}")
    for one in outcomes:
        mark = "" if one.found == one.faces else "  ←"
        print(f"{one.file:34}{one.size:>12}{one.faces:>7}{one.found:>7}{one.milliseconds:>9.1f}{mark}")
    exact = sum(one.found == one.faces for one in outcomes)
    missed = sum(max(one.faces - one.found, 0) for one in outcomes)
    extra = sum(max(one.found - one.faces, 0) for one in outcomes)
    middle = statistics.median(one.milliseconds for one in outcomes)
    print(f"{exact} of {len(outcomes)} exact, {missed} faces missed, {extra} extra, median {middle:.1f} ms")


def _outcomes(folder: Path, detector: FaceDetector, *, thorough: bool) -> Iterator[Outcome]:
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as manifest:
        rows = list(csv.DictReader(manifest))
    for row in rows:
        picture = decode((folder / row["file"]).read_bytes())
        found, milliseconds = _search(detector, picture, thorough=thorough)
        yield Outcome(row["file"], f"{picture.width}x{picture.height}", int(row["faces"]), found, milliseconds)


def _search(detector: FaceDetector, picture: DecodedImage, *, thorough: bool, times: int = 3) -> tuple[int, float]:
    """Return the number of faces and the fastest of some searches, in milliseconds."""
    fastest = float("inf")
    for _ in range(times):
        begun = time.perf_counter()
        faces = detector.detect(picture.image, thorough=thorough)
        fastest = min(fastest, (time.perf_counter() - begun) * 1000)
    return len(faces), fastest


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--live", action="store_true", help="one pass, as for live frames")
    parser.add_argument("--set", type=_setting, action="append", default=[], metavar="NAME=VALUE")
    return parser.parse_args()


def _setting(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    if name not in Search.__dataclass_fields__:
        raise argparse.ArgumentTypeError(f"expected one of {', '.join(Search.__dataclass_fields__)}")
    return name, float(value)


if __name__ == "__main__":
    main()
