"""Compare our network with others that read expressions, on the same pictures; writes and updates a JSON report.

The peers are tools of development and stay out of our environment. To install them:

    python3 -m venv runs/peers-venv
    runs/peers-venv/bin/pip install tensorflow==2.21.0
    runs/peers-venv/bin/pip install --no-deps -r requirements/peers.txt
    cp benchmarks/peers/package*.json runs/peers-node/ && npm ci --ignore-scripts --prefix runs/peers-node

To compare, on all pictures of a split:

    python -m benchmarks.compare_peers --data FER2013 --split private --output docs/model/peers_private.json

Every system gets the same pictures, enlarged to 96x96 as our network takes them, plain and under each disturbance of
visionai.training.disturb. Each peer then gets them in the form that it reads best (size, interpolation, border, crop,
grey or colour, which of its files): found on pictures of PublicTest alone, whatever split is measured, by the mean of
accuracy and macro recall against both truths. Answers of the peers are kept in --cache by package version and
pictures, so a second run computes ours alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from visionai.training.data import load_dataset
from visionai.training.dataset import Dataset, Split
from visionai.training.disturb import DISTURBANCES, as_input, disturbed
from visionai.training.evaluate import figures, latency, rater_figures
from visionai.training.labels import truth
from visionai.training.measure import accuracy, confusion_matrix, macro_recall
from visionai.vision.classifier import calibrate, open_classifier
from visionai.vision.runtime import Precision
from visionai.vision.weights import WeightsManifest

from .peers.answers import Bench, PeerError
from .peers.catalogue import PEERS, Places
from .peers.forms import PLAIN, Form, Pictures, search

Report = dict[str, Any]
Scores = np.ndarray
Read = Callable[[Pictures], Scores]
"""Turns pictures uint8 (n, 96, 96, 3) into scores (n, 7) in our order."""

SPLITS = {"public": Split.PUBLIC_TEST, "private": Split.PRIVATE_TEST}
OURS = "visionai"
PICTURES_TO_CHOOSE_BY = 800


def spread(pictures: Dataset, count: int) -> Dataset:
    """Return at most `count` pictures, evenly spread over the set."""
    return pictures.take(np.linspace(0, len(pictures) - 1, min(count, len(pictures))).astype(np.intp))


def our_scores(manifest: WeightsManifest, probabilities: Scores) -> dict[str, Scores]:
    """Return the scores that are served, of the network's own probabilities (n, 7), by prior.

    Of weights that are served at the same point for every prior, "" names that one.
    """
    points = {prior.value: point for prior, point in manifest.priors.items()}
    if len(set(points.values())) == 1:
        points = {"": next(iter(points.values()))}
    return {name: calibrate(probabilities, point) for name, point in points.items()}


def under_everything(pictures: Dataset) -> dict[str, Pictures]:
    """Return all pictures as our input, and those with a majority under each disturbance."""
    known = with_majority(pictures)
    return {PLAIN: as_input(pictures.pixels)} | {name: disturbed(known.pixels, name) for name in DISTURBANCES}


def with_majority(pictures: Dataset) -> Dataset:
    """Return the pictures that FER+'s voters agree on."""
    return pictures.take(truth(pictures) >= 0)


def measure(pictures: Dataset, scores: Mapping[str, Scores]) -> Report:
    """Return the figures of the scores of what `under_everything` returned."""
    plain, wanted = scores[PLAIN], truth(with_majority(pictures))
    return {
        "majority": _short(figures(truth(pictures), plain, 0.0)),
        "label": _short(figures(pictures.labels, plain, 0.0)),
        "rater": against_one_rater(pictures, plain),
        "disturbed": {name: _short(figures(wanted, scores[name], 0.0)) for name in DISTURBANCES},
    }


def against_one_rater(pictures: Dataset, scores: Scores) -> Report:
    """Return the chance that one rater says the same, and the calibration error against it; of faces alone."""
    report = rater_figures(pictures, scores, 0.0)
    return {name: report[name] for name in ("pictures", "agreement", "confidence", "calibration_error")}


def measure_peer(bench: Bench, to_choose_by: Dataset, pictures: Dataset, shown: Mapping[str, Pictures]) -> Report:
    """Find the form a peer reads best and return its figures in it."""

    @cache
    def choosing(name: str) -> Pictures:
        return as_input(to_choose_by.pixels) if name == PLAIN else disturbed(to_choose_by.pixels, name)

    def score(form: Form, name: str) -> float:
        _say(f"{bench.peer.name}: trying {form} on {name} pictures")
        return merit(to_choose_by, bench.answers(choosing(name), form))

    form, tried = search(bench.peer.start, bench.peer.axes, score)
    scores = {}
    for name, part in shown.items():
        _say(f"{bench.peer.name}: reading {name} pictures")
        scores[name] = bench.answers(part, form)
    peer = bench.peer
    return {
        "package": peer.package,
        "version": bench.version,
        "licence": peer.licence,
        "trained_on": peer.trained_on,
        "run": f"{peer.run}. {bench.runtime}",
        "latency": bench.latency(shown[PLAIN][:50], form),
        **measure(pictures, scores),
        "form": asdict(form),
        "tried": {"split": "public", "pictures": len(to_choose_by), "forms": tried},
    }


def merit(pictures: Dataset, scores: Scores) -> float:
    """Return what a form is chosen by: the mean of accuracy and macro recall against majority and label."""
    known = truth(pictures) >= 0
    confusions = [
        confusion_matrix(truth(pictures)[known], scores[known]),
        confusion_matrix(pictures.labels, scores),
    ]
    return float(np.mean([value for entry in confusions for value in (accuracy(entry), macro_recall(entry))]))


def measure_ours(manifest: WeightsManifest, pictures: Dataset, shown: Mapping[str, Pictures]) -> dict[str, Report]:
    """Return our figures at each operating point, in float32."""
    classifier = open_classifier(manifest, precision=Precision.F32)
    served: dict[str, dict[str, Scores]] = defaultdict(dict)
    for name, part in shown.items():
        probabilities = np.concatenate([classifier.classify(_crop(one)) for one in part])
        for point, scores in our_scores(manifest, probabilities).items():
            served[point][name] = scores
    common = {
        "package": "VisionAI",
        "version": manifest.model_version_tag,
        "sha256": manifest.tflite and manifest.tflite.sha256,
        "licence": "see LICENSE",
        "trained_on": "FER2013's training split, by FER+ votes and labels",
        "run": "OpenVINO in float32, one thread",
        "latency": {name: value for name, value in latency(classifier).items() if name != "processor_ms"},
    }
    return {f"{OURS} {point}".strip(): common | measure(pictures, scores) for point, scores in served.items()}


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _crop(picture: Pictures) -> Scores:
    return picture[None].astype(np.float32) / np.float32(255)


def _short(report: Report) -> Report:
    """Keep what a comparison shows."""
    kept = {name: report[name] for name in ("pictures", "accuracy", "macro_recall", "calibration_error")}
    return kept | {"recall": {name: entry["recall"] for name, entry in report["classes"].items()}}


def kept_systems(path: Path, data: Report) -> Report:
    """Return the systems of an earlier report of the same pictures; none where it speaks of others."""
    if not path.exists():
        return {}
    report = json.loads(path.read_text(encoding="utf-8"))
    return dict(report["systems"]) if report["data"] == data else {}


def main(words: list[str]) -> int:
    """Measure the systems asked for; the others of an earlier report of the same pictures stay in it."""
    asked = _parser().parse_args(words)
    dataset = load_dataset(asked.data)
    pictures = spread(dataset.part(SPLITS[asked.split]), asked.sample or len(dataset))
    data = {"split": asked.split, "pictures": len(pictures), "sha256": pictures.sha256()}
    systems = kept_systems(asked.output, data)
    shown = under_everything(pictures)
    places = Places(asked.python, asked.node_modules)
    to_choose_by = spread(dataset.part(Split.PUBLIC_TEST), PICTURES_TO_CHOOSE_BY)
    for name in asked.system or [*PEERS, OURS]:
        if name in PEERS:
            try:
                bench = Bench.open(PEERS[name], places, asked.cache)
                systems[name] = measure_peer(bench, to_choose_by, pictures, shown)
            except PeerError as err:
                raise SystemExit(str(err)) from err
        else:
            systems = {kept: entry for kept, entry in systems.items() if kept in PEERS}
            systems |= measure_ours(WeightsManifest.read(asked.weights), pictures, shown)
        _write(asked.output, {"data": data, "systems": systems})
    for name, entry in systems.items():
        print(f"{name}: accuracy {entry['majority']['accuracy']}, macro recall {entry['majority']['macro_recall']}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compare_peers",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True, help="the report, a JSON file")
    parser.add_argument("--split", choices=SPLITS, default="public")
    parser.add_argument("--system", action="append", choices=[*PEERS, OURS], help="may be repeated; all by default")
    parser.add_argument("--sample", type=int, help="so many pictures, evenly spread, instead of all")
    parser.add_argument("--weights", type=Path, default=Path("ml_models/modelo_emociones.json"))
    parser.add_argument("--python", type=Path, default=Path("runs/peers-venv/bin/python"))
    parser.add_argument("--node-modules", type=Path, default=Path("runs/peers-node/node_modules"))
    parser.add_argument("--cache", type=Path, default=Path("runs/peers-answers"))
    return parser


def _write(path: Path, report: Report) -> None:
    """Write the report with ours last, whatever was measured first."""
    names = sorted(report["systems"], key=lambda name: (name not in PEERS, name))
    ordered = report | {"systems": {name: report["systems"][name] for name in names}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(ordered, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
