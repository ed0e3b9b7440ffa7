"""What the detector of live frames scores on photographs: `python -m benchmarks.vision.detector_scores FOLDER`.

Their faces are put into pictures as a camera gives them, 45 to 130 pixels large, turned by up to 15 degrees, in light
and in dark, whole or with somebody before a sixth to a third of them; and the photographs are shown with their faces
blurred away, where every face that is found is none. The percentiles are what `clips.Noise` draws from, and the shares
what `visionai.vision.tracking.association.Association.doubted` rests on.
"""

from __future__ import annotations

import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from visionai.vision.detection.faces import Detection, DetectorNetworks, FaceDetector
from visionai.vision.images.decoding import decode
from visionai.vision.results import Box
from visionai.vision.tracking.association import Association

from ..tracking.clips import PERCENTILES
from . import frames

SMALLEST = 60
"""Faces of photographs that have fewer pixels than this are not made larger."""
TIMES = 40
SIDES, LIGHT, TURN, COVER = (45, 130), (0.6, 1.2), 15, (0.175, 0.35)
AROUND, BLANKED = 1.0, 0.35
"""How much around a face is cut out with it, and blurred with it, in its sides."""


@dataclass(frozen=True, slots=True)
class Found:
    """A photograph and a face in it."""

    photograph: Image.Image
    face: Detection


def main() -> None:
    """Print the percentiles of each kind of face, how many were missed, and the share below `sure`."""
    photographs = [_opened(path) for path in sorted(Path(sys.argv[1]).glob("*.jpg"))]
    sure = Association().sure
    heads = "  ".join(f"p{100 * share:02.0f}  " for share in PERCENTILES)
    print(f"{'':28}{'found':>7}{'missed':>8}   {heads} below {sure}")
    for kind, scores in measured(photographs).items():
        there = np.array([score for score in scores if score is not None])
        spread = np.quantile(there, PERCENTILES) if len(there) else []
        below = f"{100 * np.mean(there < sure):.0f} %" if len(there) else "-"
        print(f"{kind:28}{len(there):7}{len(scores) - len(there):8}   {'  '.join(f'{s:.3f}' for s in spread)}  {below}")


def measured(photographs: Sequence[Image.Image]) -> dict[str, list[float | None]]:
    """Return the scores of true faces by how they were looked for, None where missed, and of false ones."""
    chance = Random(7)
    detector = DetectorNetworks().detector()
    faces = {id(each): detector.detect(each) for each in photographs}
    all_found = [Found(each, face) for each in photographs for face in faces[id(each)] if face.width >= SMALLEST]
    scores: dict[str, list[float | None]] = defaultdict(list)
    for found in all_found * TIMES:
        for covered in (False, True):
            picture, box = _picture(found, chance.choice(all_found) if covered else None, chance)
            kind = "covered" if covered else "whole"
            scores[f"{kind}, searched for"].append(_score(detector.detect(picture, thorough=False), box))
            scores[f"{kind}, looked for nearby"].append(_score(detector.detect_near(picture, [box]), box))
    for photograph in list(photographs) * TIMES:
        scores["false"] += _false(photograph, faces[id(photograph)], detector, chance)
    return scores


def _picture(found: Found, before: Found | None, chance: Random) -> tuple[Image.Image, Box]:
    """Return a picture with a face, with somebody else before a part of it if asked for, and the face's box."""
    side = chance.uniform(*SIDES)
    face = _cut(found, AROUND, side, chance.uniform(-TURN, TURN))
    canvas = Image.new("RGB", (frames.WIDTH, frames.HEIGHT), (120, 130, 125))
    x, y = chance.randint(0, canvas.width - face.width), chance.randint(0, canvas.height - face.height)
    canvas.paste(face, (x, y))
    box = Box(*(round(each) for each in (x + AROUND * side, y + AROUND * side, side, side)))
    if before is not None:
        head = _cut(before, BLANKED, side * chance.uniform(1.05, 1.35), 0)
        inner = head.width / (1 + 2 * BLANKED)
        hidden = chance.uniform(*COVER) * side
        left = box.x + hidden - inner if chance.random() < 0.5 else box.x + side - hidden
        canvas.paste(head, (round(left - BLANKED * inner), round(box.y - BLANKED * inner)))
    return _photographed(canvas, chance), box


def _cut(found: Found, around: float, side: float, turn: float) -> Image.Image:
    """Return a face with what is around it, so that the face has `side` pixels."""
    part = found.photograph.crop(_grown(found.face, around)).resize([round(side * (1 + 2 * around))] * 2)
    return part.rotate(turn, Image.Resampling.BILINEAR)


def _grown(face: Detection, around: float) -> tuple[int, int, int, int]:
    across, down = around * face.width, around * face.height
    right, bottom = face.left + face.width, face.top + face.height
    return round(face.left - across), round(face.top - down), round(right + across), round(bottom + down)


def _photographed(canvas: Image.Image, chance: Random) -> Image.Image:
    """Return a picture in some light, with noise, as a JPEG."""
    noise = np.random.default_rng(chance.randrange(1 << 30)).normal(0, 6, (frames.HEIGHT, frames.WIDTH, 3))
    pixels = np.clip(np.asarray(canvas) * chance.uniform(*LIGHT) + noise, 0, 255).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=82)
    return Image.open(buffer).convert("RGB")


def _score(faces: Iterable[Detection], box: Box) -> float | None:
    """Return the score of the face whose middle is about that of `box`."""
    here = [
        face.score
        for face in faces
        if abs(face.left + face.width / 2 - box.x - box.width / 2) < 0.35 * box.width
        and abs(face.top + face.height / 2 - box.y - box.height / 2) < 0.35 * box.height
    ]
    return max(here, default=None)


def _false(photograph: Image.Image, faces: Sequence[Detection], detector: FaceDetector, chance: Random) -> list[float]:
    """Return the scores of what is found in a photograph whose faces were blurred away."""
    nobody = photograph.copy()
    for face in faces:
        corner = (left, top, *_) = _grown(face, BLANKED)
        part = nobody.crop(corner)
        nobody.paste(part.resize((3, 3), Image.Resampling.BOX).resize(part.size, Image.Resampling.BICUBIC), (left, top))
    size = (
        chance.uniform(*SIDES) / faces[0].width if faces else chance.uniform(0.5, 2) * frames.WIDTH / max(nobody.size)
    )
    smaller = nobody.resize([max(8, round(side * size)) for side in nobody.size])
    canvas = Image.new("RGB", (frames.WIDTH, frames.HEIGHT), (120, 130, 125))
    spare = canvas.width - smaller.width, canvas.height - smaller.height
    canvas.paste(smaller, tuple(chance.randint(min(0, each), max(0, each)) for each in spare))
    return [face.score for face in detector.detect(_photographed(canvas, chance), thorough=False)]


def _opened(path: Path) -> Image.Image:
    return decode(path.read_bytes()).image


if __name__ == "__main__":
    main()
