"""The engine: loaded once, at first need; a failure is tried again; a swap drops nothing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

from visionai.errors import SetupError, WeightsError
from visionai.extensions import inference
from visionai.inference import engine as module
from visionai.inference.engine import Engine


class Weights:
    """Weights whose analyzer is their name."""

    def __init__(self, path: Path) -> None:
        self.name = path.name

    def analyzer(self) -> str:
        return self.name


def name_of(analyzer: str) -> str:
    return analyzer


@pytest.fixture
def make_engine() -> Iterator[Callable[..., Engine]]:
    engines: list[Engine] = []

    def make(load: Callable[[Path], object] = Weights) -> Engine:
        engines.append(Engine(load, Path("v1"), threads=2, waiting=64))  # type: ignore[arg-type]
        return engines[-1]

    yield make
    for engine in engines:
        engine.close()


def test_nothing_is_loaded_before_it_is_needed(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine()
    assert engine.status == "not_loaded"
    assert engine.run(name_of) == "v1"
    assert engine.status == "loaded"


def test_many_that_ask_at_once_share_one_load(make_engine: Callable[..., Engine]) -> None:
    loads: list[Path] = []

    def load(path: Path) -> Weights:
        loads.append(path)
        return Weights(path)

    engine = make_engine(load)
    askers = [threading.Thread(target=engine.run, args=(name_of,)) for _ in range(16)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert loads == [Path("v1")]


def failing_once() -> Callable[[Path], Weights]:
    failures = [WeightsError("weights.tflite: expected this file, found none")]

    def load(path: Path) -> Weights:
        if failures:
            raise failures.pop()
        return Weights(path)

    return load


def test_a_load_that_failed_is_not_tried_again_at_once(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine(failing_once())
    for _ in range(2):
        with pytest.raises(WeightsError):
            engine.run(name_of)
    assert engine.status == "failed"


def test_a_load_that_failed_is_tried_again_later(
    make_engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    engine = make_engine(failing_once())
    with pytest.raises(WeightsError):
        engine.run(name_of)
    assert engine.run(name_of) == "v1"


def test_a_swap_reaches_every_thread_and_lets_running_work_finish(make_engine: Callable[..., Engine]) -> None:
    engine = make_engine()
    begun, release, results = threading.Event(), threading.Event(), []

    def slow(analyzer: str) -> str:
        begun.set()
        release.wait()
        return analyzer

    engine.submit(slow, lambda result, error: results.append(result))
    begun.wait()
    engine.swap(Path("v2"))
    assert engine.run(name_of) == "v2"
    release.set()
    engine.close()
    assert results == ["v1"]


def test_weights_that_cannot_be_loaded_leave_the_running_ones(make_engine: Callable[..., Engine]) -> None:
    def load(path: Path) -> Weights:
        if path.name == "broken":
            raise WeightsError("broken: expected a manifest, found none")
        return Weights(path)

    engine = make_engine(load)
    engine.run(name_of)
    with pytest.raises(WeightsError):
        engine.swap(Path("broken"))
    assert engine.run(name_of) == "v1"
    assert engine.status == "loaded"


def test_an_application_without_the_extension_is_told_what_to_do() -> None:
    with Flask(__name__).app_context(), pytest.raises(SetupError, match="init_app"):
        _ = inference.status
