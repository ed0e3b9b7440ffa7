"""The colours, patterns and letters of the seven: told apart by everybody, whichever colours they see."""

from __future__ import annotations

import re
from itertools import combinations, pairwise

import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab

from visionai import ROOT
from visionai.locale import LANGUAGES, translate
from visionai.vision.emotions import EMOTIONS

from .conftest import Visitor

TOKENS = ROOT / "static" / "css" / "tokens.css"
TEXTS = ROOT / "templates" / "texts" / "shared.html"
BY_VALENCE = ("happy", "surprise", "neutral", "sad", "fear", "disgust", "angry")
NEIGHBOURS = list(pairwise((*BY_VALENCE, BY_VALENCE[0])))
"""Those that lie beside each other in stacked bars, and in a doughnut."""
LEAST_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: parts of graphics against what is beside them."""
GROUNDS = ("surface", "sunken")
LEAST_DIFFERENCE = 8.0
"""CIEDE2000; 1 is about the least that is seen side by side, and these are areas apart from each other."""
LEAST_BESIDE = 12.0
"""CIEDE2000 of those that touch."""
MOST_HUE_TURN = 12.0
"""Degrees of CIELAB by which a colour may turn from light to dark and be taken for the same."""
GREY = 6.0
"""The CIELAB chroma below which a colour has no hue to speak of."""

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


themes = pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])


def colours(theme: int) -> dict[str, np.ndarray]:
    """Return the colour of each emotion, linear RGB in [0, 1], in light (0) or dark (1)."""
    return {emotion.value: token(emotion.value, theme) for emotion in EMOTIONS}


def token(name: str, theme: int) -> np.ndarray:
    """Return the colour of a custom property, linear RGB in [0, 1], in light (0) or dark (1)."""
    pair = re.search(rf"--{name}: light-dark\(#(\w{{6}}), #(\w{{6}})\)", TOKENS.read_text())
    assert pair, name
    encoded = np.frombuffer(bytes.fromhex(pair.group(theme + 1)), np.uint8) / 255
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def contrast(one: np.ndarray, other: np.ndarray) -> float:
    """Return the contrast ratio of two linear colours (WCAG 2.2)."""
    darker, lighter = sorted(float(colour @ (0.2126, 0.7152, 0.0722)) for colour in (one, other))
    return (lighter + 0.05) / (darker + 0.05)


def as_lab(linear: np.ndarray) -> np.ndarray:
    linear = linear.clip(0, 1)
    return rgb2lab(np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055))


def difference(one: np.ndarray, other: np.ndarray, sight: str = "all cones") -> float:
    return float(deltaE_ciede2000(as_lab(SIGHTS[sight] @ one), as_lab(SIGHTS[sight] @ other)))


@themes
@pytest.mark.parametrize("sight", SIGHTS)
def test_every_pair_stays_apart(theme: int, sight: str) -> None:
    seen = colours(theme)
    apart = {pair: difference(seen[pair[0]], seen[pair[1]], sight) for pair in combinations(seen, 2)}
    assert min(apart.values()) >= LEAST_DIFFERENCE, min(apart, key=lambda pair: apart[pair])


@themes
@pytest.mark.parametrize("sight", SIGHTS)
def test_those_that_touch_stay_further_apart(theme: int, sight: str) -> None:
    seen = colours(theme)
    apart = {pair: difference(seen[pair[0]], seen[pair[1]], sight) for pair in NEIGHBOURS}
    assert min(apart.values()) >= LEAST_BESIDE, min(apart, key=lambda pair: apart[pair])


@themes
@pytest.mark.parametrize("ground", GROUNDS)
def test_each_stands_out_from_the_ground(theme: int, ground: str) -> None:
    ratios = {name: contrast(colour, token(ground, theme)) for name, colour in colours(theme).items()}
    assert min(ratios.values()) >= LEAST_CONTRAST, ratios


@pytest.mark.parametrize("name", BY_VALENCE)
def test_a_colour_is_the_same_one_in_light_and_in_dark(name: str) -> None:
    light, dark = colours(0), colours(1)
    assert min(dark, key=lambda other: difference(light[name], dark[other])) == name
    assert min(light, key=lambda other: difference(dark[name], light[other])) == name
    hues, chromas = zip(*(hue_and_chroma(theme[name]) for theme in (light, dark)), strict=True)
    turn = abs((hues[0] - hues[1] + 180) % 360 - 180)
    assert turn <= MOST_HUE_TURN or max(chromas) < GREY


def hue_and_chroma(linear: np.ndarray) -> tuple[float, float]:
    _, a, b = as_lab(linear)
    return float(np.degrees(np.arctan2(b, a))), float(np.hypot(a, b))


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_letters_tell_each_name_from_the_others(language: str) -> None:
    names = re.findall(r'"emotion\.\w+": _\("(\w+)"\)', TEXTS.read_text())
    assert len(names) == len({translate(name, language=language)[:2] for name in names}) == len(EMOTIONS)


# The modules as the page has them: their address has a version in it.
MODULES = """
const shell = document.querySelector('script[src$="core/shell.js"]').src;
const module = (name) => import(shell.replace("shell", name));
const [emotions, patterns] = [await module("emotions"), await module("patterns")];
"""


def test_the_order_of_charts_is_from_pleasant_to_unpleasant(visit: Visitor) -> None:
    page = visit("/")
    assert page.evaluate(f"async () => {{ {MODULES} return emotions.BY_VALENCE; }}") == list(BY_VALENCE)


def test_each_has_a_pattern_of_its_own_on_canvases_and_in_svg(visit: Visitor) -> None:
    page = visit("/")
    tiles = page.evaluate(
        f"""async () => {{ {MODULES}
          const canvas = document.createElement("canvas");
          const context = canvas.getContext("2d", {{ willReadFrequently: true }});
          return emotions.BY_VALENCE.map((name) => {{
            context.fillStyle = patterns.emotionPattern(name, "black", "white");
            context.fillRect(0, 0, 64, 64);
            return context.getImageData(0, 0, 64, 64).data.join();
          }});
        }}"""
    )
    assert len(set(tiles)) == len(EMOTIONS)
    drawn = page.evaluate(
        f"""async () => {{ {MODULES}
          return emotions.BY_VALENCE.map((name) => {{
            const pattern = patterns.svgPattern(name, `p-${{name}}`);
            return [pattern.id, pattern.querySelector("path").getAttribute("d")];
          }});
        }}"""
    )
    assert [id_ for id_, _ in drawn] == [f"p-{name}" for name in BY_VALENCE]
    assert len({path for _, path in drawn}) == len(EMOTIONS)
