"""How peers are run and compared. A stand-in answers where their packages are not installed."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import compare_peers
from benchmarks.peers.answers import Bench, PeerError
from benchmarks.peers.catalogue import FER, PEERS, Peer, Places
from benchmarks.peers.figures import against_one_rater, quickest, to_choose_by
from benchmarks.peers.forms import COMMON_AXES, IN_TURN, LEAST_GAIN, Axis, Fill, Form, search, shaped
from visionai import ROOT
from visionai.training.data.dataset import VOTE_NAMES, Split, assemble
from visionai.training.measuring.corruptions import DISTURBANCES
from visionai.vision.emotions import EMOTIONS

# Answers each picture by its mean brightness, and notes every call; the classes stand in fer's order.
STAND_IN = """
import json, sys
from pathlib import Path
with Path(__file__).with_suffix(".calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:3]) + "\\n")
kind, *words = sys.argv[1:]
if kind == "describe":
    print("a word before the answer")
    print(json.dumps({"version": "1.2.3", "runtime": "nothing"}))
elif kind == "time":
    print(json.dumps({"median_ms": 1.234, "best_tenth_ms": 1.111}))
else:
    import numpy as np
    network, side, pictures, answers = words
    faces = np.fromfile(pictures, np.uint8).reshape(-1, int(side), int(side), 3)
    said = faces.mean(axis=(1, 2, 3)).astype(int) % 7
    scores = np.eye(7, dtype=np.float32)[said]
    scores.tofile(answers)
    print(json.dumps({"pictures": len(faces)}))
"""


@pytest.fixture
def stand_in(tmp_path: Path) -> Peer:
    script = tmp_path / "stand_in.py"
    script.write_text(STAND_IN)
    return replace(FER, script=str(script), axes=(Axis("scale", (1.0, 0.85)),))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(Path(sys.executable), tmp_path)


@pytest.fixture
def bench(stand_in: Peer, places: Places, tmp_path: Path) -> Bench:
    return Bench.open(stand_in, places, tmp_path / "cache")


def calls(peer: Peer, kind: str) -> int:
    lines = Path(peer.script).with_suffix(".calls").read_text().splitlines()
    return sum(line.startswith(kind) for line in lines)


def faces(*levels: int) -> np.ndarray:
    return np.stack([np.full((96, 96, 3), level, np.uint8) for level in levels])


PLAIN_FORM = Form("network", 64)


class TestForms:
    def test_pictures_have_the_side_that_is_asked_for(self) -> None:
        assert shaped(faces(1, 2), Form("", 112)).shape == (2, 112, 112, 3)

    def test_the_whole_picture_at_its_own_size_is_left_as_it_is(self) -> None:
        picture = np.random.default_rng(0).integers(0, 255, (1, 96, 96, 3), np.uint8)
        assert (shaped(picture, Form("", 96)) == picture).all()

    def test_a_scale_below_one_takes_the_middle(self) -> None:
        picture = np.zeros((1, 96, 96, 3), np.uint8)
        picture[:, 24:72, 24:72] = 200
        assert (shaped(picture, Form("", 48, scale=0.5)) == 200).all()

    @pytest.mark.parametrize(("fill", "level"), [(Fill.EDGE, 0), (Fill.MEAN, 50), (Fill.BLACK, 0)])
    def test_a_scale_above_one_adds_a_border(self, fill: Fill, level: int) -> None:
        picture = np.zeros((1, 96, 96, 3), np.uint8)
        picture[:, 24:72, 24:72] = 200
        bordered = shaped(picture, Form("", 192, scale=2.0, fill=fill))[0]
        assert (bordered[:40] == level).all()
        assert (bordered[80:110, 80:110] == 200).all()

    def test_the_square_moves_down(self) -> None:
        picture = np.zeros((1, 96, 96, 3), np.uint8)
        picture[:, 60:] = 200
        moved, left = (shaped(picture, Form("", 96, down=down))[0] for down in (0.25, 0.0))
        assert np.flatnonzero(moved[:, 0, 0] > 100)[0] == np.flatnonzero(left[:, 0, 0] > 100)[0] - 24

    def test_grey_takes_the_colour_out(self) -> None:
        picture = faces(100) * np.array([2, 1, 0], np.uint8)
        assert len(set(shaped(picture, Form("", 8, grey=True))[0, 0, 0].tolist())) == 1
        assert len(set(shaped(picture, Form("", 8))[0, 0, 0].tolist())) == 3

    def test_a_form_is_listed_once(self) -> None:
        _, tried = search(PLAIN_FORM, COMMON_AXES, lambda *_: 0.5)
        assert len({json.dumps(entry) for entry in tried}) == len(tried)

    def test_the_best_value_of_one_field_is_kept_for_the_next(self) -> None:
        axes = (Axis("scale", (1.0, 0.8)), Axis("side", (64, 96)))
        best, tried = search(PLAIN_FORM, axes, lambda form, _: form.side / 1000 - form.scale)
        assert (best.scale, best.side) == (0.8, 96)
        assert [entry["scale"] for entry in tried] == [1.0, 0.8, 0.8]

    @pytest.mark.parametrize(("gain", "scale"), [(LEAST_GAIN / 2, 1.0), (LEAST_GAIN * 2, 0.8)])
    def test_a_form_is_left_only_for_one_that_is_clearly_better(self, gain: float, scale: float) -> None:
        best, _ = search(PLAIN_FORM, (Axis("scale", (1.0, 0.8)),), lambda form, _: gain * (form.scale < 1))
        assert best.scale == scale

    def test_what_is_beyond_the_edge_is_tried_only_where_it_shows(self) -> None:
        _, tried = search(PLAIN_FORM, COMMON_AXES, lambda form, _: -abs(form.scale - 1))
        assert {entry["fill"] for entry in tried} == {Fill.EDGE}

    def test_each_field_is_decided_by_the_pictures_it_names(self) -> None:
        scores = {"tinted": 0.25, "blurred": 0.75}
        axes = (Axis("grey", (False, True), decided_by=("tinted", "blurred")),)
        _, tried = search(PLAIN_FORM, axes, lambda _, kind: scores[kind])
        assert {(entry["on"], entry["score"]) for entry in tried} == {("tinted and blurred", 0.5)}


class TestAnswers:
    def test_scores_come_in_our_order(self, bench: Bench) -> None:
        said = bench.answers(faces(0, 3, 4, 5, 6), PLAIN_FORM).argmax(axis=1)
        assert [EMOTIONS[number] for number in said] == ["angry", "happy", "sad", "surprise", "neutral"]

    def test_the_same_pictures_are_not_read_twice(self, bench: Bench) -> None:
        first, second = (bench.answers(faces(1, 2), PLAIN_FORM) for _ in range(2))
        assert (first == second).all()
        assert calls(bench.peer, "read") == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda bench: bench.answers(faces(1, 3), PLAIN_FORM),
            lambda bench: bench.answers(faces(1, 2), replace(PLAIN_FORM, network="other")),
            lambda bench: replace(bench, version="1.2.4").answers(faces(1, 2), PLAIN_FORM),
        ],
        ids=["pictures", "network", "version"],
    )
    def test_what_changed_is_read_anew(self, bench: Bench, change: Callable[[Bench], object]) -> None:
        bench.answers(faces(1, 2), PLAIN_FORM)
        change(bench)
        assert calls(bench.peer, "read") == 2

    def test_a_peer_that_fails_is_named_with_what_it_said(self, stand_in: Peer, places: Places, tmp_path: Path) -> None:
        Path(stand_in.script).write_text("raise SystemExit('no such package')")
        with pytest.raises(PeerError, match=r"(?s)fer: .*no such package"):
            Bench.open(stand_in, places, tmp_path)

    def test_a_peer_that_is_not_installed_is_named(self, stand_in: Peer, tmp_path: Path) -> None:
        with pytest.raises(PeerError, match=r"fer: .* missing"):
            Bench.open(stand_in, Places(tmp_path / "python", tmp_path), tmp_path)

    @pytest.mark.parametrize("wrong", ["scores[1:]", "scores * np.float32(np.nan)"])
    def test_answers_that_do_not_fit_are_refused(self, bench: Bench, wrong: str) -> None:
        script = Path(bench.peer.script)
        script.write_text(STAND_IN.replace("scores.tofile", f"({wrong}).tofile"))
        with pytest.raises(PeerError, match="finite scores"):
            bench.answers(faces(1, 2), PLAIN_FORM)
        assert not list(bench.cache.glob("*.npy"))


OURS = ["visionai even", "visionai typical"]
"""The shipped weights have two operating points, a column each."""


class TestReport:
    def test_the_round_that_was_disturbed_least_is_reported(self) -> None:
        rounds = iter([{"median_ms": ms, "best_tenth_ms": ms / 2, "processor_ms": 1.0} for ms in (4, 2.004, 9, 8, 7)])
        assert quickest(lambda: next(rounds)) == {"median_ms": 2.0, "best_tenth_ms": 1.0}

    def test_pictures_disturbed_in_turn_are_each_as_under_their_own_disturbance(self) -> None:
        pixels = np.random.default_rng(0).integers(0, 255, (len(DISTURBANCES) + 1, 48, 48), np.uint8)
        in_turn = to_choose_by(pixels, IN_TURN)
        for row, name in enumerate([*DISTURBANCES, next(iter(DISTURBANCES))]):
            assert (in_turn[row] == to_choose_by(pixels[row : row + 1], name)[0]).all()

    def test_a_rater_is_asked_about_faces_alone(self) -> None:
        votes = np.zeros((2, len(VOTE_NAMES)), np.int16)
        votes[0, VOTE_NAMES.index("happy")] = 10
        votes[1, VOTE_NAMES.index("NF")] = 10
        happy = EMOTIONS.index("happy")
        pictures = assemble(np.zeros((2, 48, 48), np.uint8), np.full(2, happy), np.ones(2), votes, None)
        report = against_one_rater(pictures, np.eye(7)[[happy, 0]] * 0.9)
        assert report == {"pictures": 1, "agreement": 1.0, "confidence": 0.9, "calibration_error": 0.1}

    def test_a_sample_is_spread_over_the_set(self, data: Path) -> None:
        pictures = compare_peers.load_dataset(data).part(Split.PUBLIC_TEST)
        assert compare_peers.spread(pictures, 3).labels.tolist() == [0, 3, 6]

    def test_systems_not_asked_for_stay_in_the_report(self, run: Callable[..., dict]) -> None:
        run("--system", "fer")
        assert list(run("--system", "visionai")["systems"]) == ["fer", *OURS]

    def test_a_report_of_other_pictures_is_not_added_to(self, run: Callable[..., dict]) -> None:
        run("--system", "fer")
        assert list(run("--system", "visionai", "--sample", "5")["systems"]) == OURS

    def test_every_system_has_the_same_figures(self, run: Callable[..., dict]) -> None:
        systems = run("--system", "fer", "--system", "visionai")["systems"]
        for figure in ("majority", "label", "rater", "disturbed"):
            assert systems["fer"][figure].keys() == systems[OURS[0]][figure].keys()
        assert systems["fer"]["version"] == "1.2.3"
        assert systems["fer"]["latency"] == {"median_ms": 1.23, "best_tenth_ms": 1.11}

    def test_a_form_is_chosen_by_public_pictures_alone(
        self, run: Callable[..., dict], data: Path, tmp_path: Path
    ) -> None:
        before = run("--system", "fer", "--split", "private")["systems"]["fer"]
        arrays = dict(np.load(data))
        arrays["y"][arrays["split"] == Split.PRIVATE_TEST] = 0
        np.savez(data, **arrays)
        after = run("--system", "fer", "--split", "private")["systems"]["fer"]
        assert before["tried"] == after["tried"]
        assert before["label"] != after["label"]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """One picture of each class and split, each as bright as its class."""
    labels = np.tile(np.arange(7), 3)
    votes = np.zeros((21, len(VOTE_NAMES)), np.int16)
    votes[np.arange(21), [VOTE_NAMES.index(EMOTIONS[label]) for label in labels]] = 10
    pixels = np.stack([np.full((48, 48), 30 * label, np.uint8) for label in labels])
    path = tmp_path / "faces.npz"
    np.savez(path, x=pixels, y=labels, split=np.repeat(np.arange(3), 7), votes=votes)
    return path


@pytest.fixture
def run(stand_in: Peer, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., dict]:
    """Runs the command with a stand-in for `fer` and returns its report."""
    monkeypatch.setitem(PEERS, "fer", stand_in)
    output = tmp_path / "report.json"

    def call(*words: str) -> dict:
        places = ["--python", sys.executable, "--cache", str(tmp_path / "cache")]
        weights = ["--weights", str(ROOT / "ml_models/modelo_emociones.json")]
        compare_peers.main(["--data", str(data), "--output", str(output), *places, *weights, *words])
        return json.loads(output.read_text())

    return call


INSTALLED = Places(ROOT / "runs/peers-venv/bin/python", ROOT / "runs/peers-node/node_modules")


@pytest.mark.parametrize("peer", PEERS.values(), ids=list(PEERS))
def test_an_installed_peer_answers_three_pictures(peer: Peer, tmp_path: Path) -> None:
    """Skipped where the peers are not installed: TensorFlow again and TensorFlow.js are over 2 GB."""
    needed = INSTALLED.python if peer.script.endswith(".py") else INSTALLED.node_modules
    if not needed.exists() or not shutil.which("node"):
        pytest.skip(f"{peer.name} is not installed; `python -m benchmarks.compare_peers --help` says how")
    bench = Bench.open(peer, INSTALLED, tmp_path)
    pictures = np.random.default_rng(0).integers(0, 255, (3, 96, 96, 3), np.uint8)
    scores = bench.answers(pictures, peer.start)
    assert scores.shape == (3, 7)
    assert scores.sum(axis=1) == pytest.approx(1, abs=1e-3)
    assert bench.latency(pictures, peer.start)["median_ms"] > 0


def test_each_of_our_classes_has_its_place_among_a_peers() -> None:
    assert all(sorted(peer.order) == list(range(7)) for peer in PEERS.values())
