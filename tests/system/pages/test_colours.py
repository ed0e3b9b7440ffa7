"""The colours of the seven: told apart by everybody, whichever colours they see."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from visionai import ROOT
from visionai.vision.emotions import EMOTIONS

TOKENS = ROOT / "static" / "css" / "tokens.css"
LEAST_DIFFERENCE = 8.0
"""CIEDE2000; 1 is about the least that is seen side by side, and these are areas apart from each other."""

# Linear RGB as it is seen without a kind of cone: Machado, Oliveira and Fernandes 2009 (doi:10.1109/TVCG.2009.113).
SIGHTS = {
    "all cones": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def colours(theme: int) -> dict[str, np.ndarray]:
    """Return the colour of each emotion, linear RGB in [0, 1], in light (0) or dark (1)."""
    found = {}
    for emotion in EMOTIONS:
        pair = re.search(rf"--{emotion}: light-dark\(#(\w{{6}}), #(\w{{6}})\)", TOKENS.read_text())
        assert pair, emotion
        encoded = np.frombuffer(bytes.fromhex(pair.group(theme + 1)), np.uint8) / 255
        found[emotion] = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return found


def as_lab(linear: np.ndarray) -> np.ndarray:
    linear = linear.clip(0, 1)
    return rgb2lab(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055))


@pytest.mark.parametrize("sight", SIGHTS)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_every_pair_stays_apart(theme: int, sight: str) -> None:
    seen = {name: as_lab(SIGHTS[sight] @ colour) for name, colour in colours(theme).items()}
    differences = {pair: float(deltaE_ciede2000(seen[pair[0]], seen[pair[1]])) for pair in combinations(EMOTIONS, 2)}
    assert min(differences.values()) >= LEAST_DIFFERENCE, min(differences, key=lambda pair: differences[pair])
