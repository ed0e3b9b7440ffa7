"""Compare our network with others that read expressions, on the same pictures; writes and updates a JSON report.

The peers are tools of development and stay out of our environment. To install them:

    python3 -m venv runs/peers-venv
    runs/peers-venv/bin/pip install tensorflow==2.21.0
    runs/peers-venv/bin/pip install --no-deps -r requirements/peers.txt
    mkdir -p runs/peers-node && cp benchmarks/peers/package*.json runs/peers-node/
    npm ci --ignore-scripts --prefix runs/peers-node

To compare, on all pictures of a split:

    python -m benchmarks.compare_peers --data FER2013 --split private --output docs/model/peers_private.json

Every system gets the same pictures, enlarged to 96x96 as our network takes them, plain and under each disturbance of
visionai.training.measuring.corruptions. Each peer then gets them in the form that it reads best (size, interpolation,
border, crop, grey or colour, which of its files): found on pictures of PublicTest alone, whatever split is measured,
plain ones and ones under each disturbance in turn, by the mean of accuracy and macro recall against both truths.
Answers of the peers are kept in --cache by package version and pictures, so a second run computes ours alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np

from visionai.training.data.dataset import Dataset, Split
from visionai.training.data.loaders import load_dataset
from visionai.vision.weights import WeightsManifest

from .peers.answers import Bench, PeerError
from .peers.catalogue import PEERS, Places
from .peers.figures import Report, measure, merit, quickest, to_choose_by, under_everything
from .peers.forms import PLAIN, Form, Pictures, search
from .peers.ours import OURS, measure_ours

SPLITS = {"public": Split.PUBLIC_TEST, "private": Split.PRIVATE_TEST}
PICTURES_TO_CHOOSE_BY = 800


def spread(pictures: Dataset, count: int) -> Dataset:
    """Return at most `count` pictures, evenly spread over the set."""
    return pictures.take(np.linspace(0, len(pictures) - 1, min(count, len(pictures))).astype(np.intp))


def measure_peer(bench: Bench, held_out: Dataset, pictures: Dataset, shown: Mapping[str, Pictures]) -> Report:
    """Find the form a peer reads best and return its figures in it."""

    @cache
    def choosing(kind: str) -> Pictures:
        return to_choose_by(held_out.pixels, kind)

    def score(form: Form, kind: str) -> float:
        _say(f"{bench.peer.name}: trying {form} on {kind} pictures")
        return merit(held_out, bench.answers(choosing(kind), form))

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
        "latency": quickest(lambda: bench.latency(shown[PLAIN][:50], form)),
        **measure(pictures, scores),
        "form": asdict(form),
        "tried": {"split": "public", "pictures": len(held_out), "forms": tried},
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


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
    held_out = spread(dataset.part(Split.PUBLIC_TEST), PICTURES_TO_CHOOSE_BY)
    for name in asked.system or [*PEERS, OURS]:
        if name in PEERS:
            try:
                bench = Bench.open(PEERS[name], places, asked.cache)
                systems[name] = measure_peer(bench, held_out, pictures, shown)
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
