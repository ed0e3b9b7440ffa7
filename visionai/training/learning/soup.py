"""Model soup: the mean of the weights of runs that began at the same ones (Wortsman et al., arXiv:2203.05482).

Fine-tunes of one ancestor, each varied in another way, end in one basin; in its middle the network reads images of
other origin better than any of them, at the cost of one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from visionai.errors import WeightsError

from ..data.dataset import Dataset
from ..measuring.validation import MOST_LOST, Score, Validation
from ..network.weights import load_unshifted, save_classifier
from .batches import Batches
from .objectives import Blend
from .settings import WEIGHTS, Settings

STATISTICS_BATCHES = 20
"""Batches over which the statistics of normalisation are taken anew: the mean of several sets of them fits nothing."""

PASSES = 2
"""How often what was left out is tried: a mean of more runs bears what one of fewer did not."""

Arrays = Mapping[str, Sequence[npt.NDArray[np.float32]]]
OnTry = Callable[[str, Score, bool], None]
"""Called with the name of what was tried, how good it is, and whether it was kept."""


@dataclass(frozen=True, eq=False)
class Ingredient:
    """Weights (arrays by layer), and what the run they came of left beside them: its settings and its best proxy."""

    name: str
    arrays: Arrays
    settings: Mapping[str, Any]
    proxy: float


def read_ingredient(path: Path) -> Ingredient:
    """Read a run's folder or a weights file; raises WeightsError where it is neither or damaged.

    The weights of a run bear the name of its folder.
    """
    file = path / WEIGHTS if path.is_dir() else path
    classifier = load_unshifted(file)
    settings = _left_by_run(file.with_name("settings.json"), {})
    history = _left_by_run(file.with_name("history.json"), [])
    arrays = {layer.name: layer.get_weights() for layer in classifier.layers if layer.weights}
    proxy = max((entry.get("proxy", 0.0) for entry in history), default=0.0)
    name = file.resolve().parent.name if file.name == WEIGHTS else file.stem
    return Ingredient(name, arrays, settings, proxy)


class Kitchen:
    """Averages ingredients into one classifier and says how good it is on PublicTest.

    `template` is a weights file of the architecture. Raises WeightsError where an ingredient is of another one.
    """

    def __init__(self, template: Path, dataset: Dataset) -> None:
        self.classifier = load_unshifted(template)
        self._validation = Validation(dataset)
        self._faces = list(Batches(dataset, Settings(), Blend()).faces(STATISTICS_BATCHES))
        self._body = _body_of(self.classifier)

    def try_out(self, ingredients: Sequence[Ingredient]) -> Score:
        """Give the classifier the mean of the ingredients' weights and return how good it is.

        One ingredient alone keeps the statistics it came with.
        """
        for ingredient in ingredients:
            self._check(ingredient)
        for layer in self.classifier.layers:
            if layer.weights:
                parts = [ingredient.arrays[layer.name] for ingredient in ingredients]
                layer.set_weights([np.mean(arrays, axis=0) for arrays in zip(*parts, strict=True)])
        if len(ingredients) > 1:
            take_statistics(self._body, self._faces)
        return self._validation.score(self.classifier)

    def _check(self, ingredient: Ingredient) -> None:
        ours = {layer.name: [array.shape for array in layer.get_weights()] for layer in self._weighted()}
        theirs = {name: [array.shape for array in arrays] for name, arrays in ingredient.arrays.items()}
        if ours != theirs:
            raise WeightsError(
                f"{ingredient.name}: is of another architecture than the others; runs of one can be mixed"
            )

    def _weighted(self) -> list[keras.Layer]:
        return [layer for layer in self.classifier.layers if layer.weights]


def cook(
    ancestor: Path, runs: Sequence[Path], dataset: Dataset, output: Path, on_try: OnTry | None = None
) -> dict[str, Any]:
    """Average runs greedily by the proxy and write `output`/weights.h5, settings.json and soup.json.

    The ancestor is the first ingredient. Every other one, in the order of the proxies they had alone, is kept if the
    proxy of the mean rises with it and its accuracy at the learned shares stays within `validation.MOST_LOST` of the
    ancestor's; what was left out is tried once more. Returns what soup.json holds. Raises WeightsError for runs that do
    not fit.
    """
    kitchen = Kitchen(ancestor, dataset)
    base = read_ingredient(ancestor)
    first = kitchen.try_out([base])
    others = sorted((read_ingredient(path) for path in runs), key=lambda entry: -entry.proxy)
    least, best, kept = first.accuracy - MOST_LOST, first, [base]
    tried: list[dict[str, Any]] = []
    for _ in range(PASSES):
        for candidate in [entry for entry in others if entry not in kept]:
            score = kitchen.try_out([*kept, candidate])
            better = score.accuracy >= least and score.proxy > best.proxy
            tried.append({"with": candidate.name, "alone": candidate.proxy, "kept": better, **asdict(score)})
            if better:
                kept, best = [*kept, candidate], score
            if on_try:
                on_try(candidate.name, score, better)
    report = {
        "ancestor": {"name": base.name, **asdict(first)},
        "tried": tried,
        "kept": [entry.name for entry in kept],
        "score": asdict(kitchen.try_out(kept)),
    }
    output.mkdir(parents=True, exist_ok=True)
    save_classifier(kitchen.classifier, output / WEIGHTS)
    _write(output / "soup.json", report)
    _write(output / "settings.json", {"soup": {entry.name: dict(entry.settings) for entry in kept}})
    return report


def take_statistics(body: keras.Model, batches: Sequence[npt.NDArray[np.float32]]) -> None:
    """Set the moving statistics of every normalisation to the mean over batches of faces (n, 48, 48)."""
    norms = [layer for layer in body.layers if isinstance(layer, layers.BatchNormalization)]
    momenta = [norm.momentum for norm in norms]
    for number, faces in enumerate(batches):
        for norm in norms:
            norm.momentum = number / (number + 1)
        body(faces[..., None], training=True)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum


def _left_by_run(path: Path, missing: Any) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else missing


def _body_of(classifier: keras.Model) -> keras.Model:
    """Return the trained part of a classifier, sharing its layers: grey faces (n, 48, 48, 1) to logits (n, 7)."""
    return keras.Model(classifier.get_layer("luminance").output, classifier.get_layer("logits").output)


def _write(path: Path, values: object) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
