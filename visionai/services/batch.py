"""Batch prediction: several images of one request, a few of them at a time."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextvars import copy_context

from flask import Flask, current_app

from .. import concurrency
from ..contract.predictions import Prediction
from ..database.availability import DATABASE_AWAY, unavailable
from ..errors import VisionAIError
from ..vision.priors import Prior
from .analysis import Place, Source, analyse

logger = logging.getLogger(__name__)

Outcome = Prediction | VisionAIError


def analyse_all(
    images: Sequence[bytes],
    source: Source,
    *,
    at_once: int,
    detect: bool = True,
    record: bool = True,
    prior: Prior | None = None,
    place: Place | None = None,
) -> list[Outcome]:
    """Read `images`, `at_once` of them at a time, and return what became of each, in their order.

    An image that cannot be read is an error in its place; the others are unharmed by it.
    """
    outcomes: list[Outcome] = [VisionAIError()] * len(images)
    waiting = iter(enumerate(images))
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

    def work(done: concurrency.Event) -> None:
        try:
            with app.app_context():
                for index, data in waiting:
                    outcomes[index] = _outcome(data, source, detect, record, prior, place)
        finally:
            done.set()

    finished = [concurrency.Event() for _ in range(min(at_once, len(images)))]
    for done in finished:
        concurrency.spawn(copy_context().run, work, done)  # What is observed of them belongs to this request.
    for done in finished:
        done.wait()
    return outcomes


def _outcome(
    data: bytes, source: Source, detect: bool, record: bool, prior: Prior | None, place: Place | None
) -> Outcome:
    try:
        return analyse(data, source, detect=detect, record=record, prior=prior, place=place)
    except VisionAIError as error:
        return error
    except DATABASE_AWAY as error:
        return unavailable(error)
    except Exception:
        logger.exception("A picture of a batch failed")
        return VisionAIError()
