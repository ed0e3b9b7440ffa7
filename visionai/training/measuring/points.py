"""Fitting of the operating points on PublicTest: class shares to assume, and a temperature for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import keras
import numpy as np

from visionai.vision.classifier import calibrate
from visionai.vision.priors import OperatingPoint, Prior

from ..data.dataset import Dataset, Split
from ..data.labels import truth
from ..network.predict import predict
from .calibrate import fit_temperature
from .corruptions import as_input, disturbed
from .metrics import is_face, rater_agreement
from .priors import Floats, choose_strength, class_shares, evened
from .validation import DISTURBED

DIGITS = 4


@dataclass(frozen=True)
class Points:
    """What the manifest says of how scores are made: see `WeightsManifest`. `strength` is that of the even shares."""

    learned_shares: tuple[float, ...]
    strength: float
    priors: Mapping[Prior, OperatingPoint]


def fit_points(classifier: keras.Model, dataset: Dataset) -> Points | None:
    """Fit both points on the faces of PublicTest; None where there are none.

    `typical` assumes the shares that were learned, `even` those that `priors.choose_strength` finds on the images as
    they are and disturbed. Both temperatures make the confidence the chance that one rater agrees, of all faces, also
    those that raters dispute; rather a little less than more.
    """
    held_out = dataset.part(Split.PUBLIC_TEST)
    if held_out.votes is not None:
        held_out = held_out.take(is_face(held_out.votes))
    known = truth(held_out) >= 0
    if not known.any():
        return None
    answers = [predict(classifier, as_input(held_out.pixels))]
    answers += [predict(classifier, disturbed(held_out.pixels, name)) for name in DISTURBED]
    learned = class_shares(dataset)
    strength = choose_strength(truth(held_out)[known], [entry[known] for entry in answers], learned)
    shares = {Prior.EVEN: evened(learned, strength), Prior.TYPICAL: learned}
    points = {prior: _point(answers[0], held_out, shares[prior], learned) for prior in Prior}
    return Points(_rounded(learned), strength, points)


def _point(answers: Floats, held_out: Dataset, shares: Floats, learned: Floats) -> OperatingPoint:
    """Fit the temperature for `shares` to the answers (n, 7) to `held_out`."""
    point = OperatingPoint.of_shares(_rounded(shares), _rounded(learned), 1.0)
    said = calibrate(answers.astype(np.float32), point).argmax(axis=1)
    agreements = rater_agreement(held_out.votes, held_out.labels, said)
    temperature = round(fit_temperature(answers, agreements, point.offsets), DIGITS)
    return OperatingPoint(point.offsets, temperature, point.shares)


def _rounded(shares: Floats) -> tuple[float, ...]:
    return tuple(round(float(share), 5) for share in shares)
