"""Start and stop of a server process: its background work, beside answering.

A command line or a test makes an application and never starts this: only `wsgi.py` does.
"""

from __future__ import annotations

import atexit
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import Flask

from .. import concurrency
from ..database.availability import DATABASE_AWAY, unavailable
from ..errors import VisionAIError
from ..extensions import inference
from . import health
from .accounts import throttle
from .audit import retention as audit_retention
from .audit.start import StartNote
from .audit.trail import Fact
from .keys import meter
from .keys.meter import key_meter
from .log import retention
from .privacy import erasure
from .recording import recorder as recording
from .recording.recorder import recorder
from .sessions import runs
from .webhooks import courier, deliveries
from .weights import activation, calibrations, copies, versions

WEIGHTS_POLL_SECONDS = 2.0
METER_SECONDS = 1.0
"""How often it is written down what keys were used for."""

SCHEMA_POLL_SECONDS = 10.0
"""How often to look at the schema until it is right: the log says what is wrong, whether or not anybody probes."""

SWEEP_SECONDS = 10.0
"""How often to look for recorded sessions whose client is gone."""

FIRST_SECONDS = (1.0, 15.0)
"""When a process first does what is done hourly: soon, since it may not live for long, and not together with those
started beside it."""
HOURLY_SECONDS = (3300.0, 3900.0)
HOURLY = (
    retention.keep_partitions_ahead,
    retention.prune_expired,
    erasure.resume,
    runs.forget_empty,
    activation.register_shipped,
    deliveries.forget_settled,
)


def init_app(app: Flask) -> None:
    """Bind what is one per process; start nothing."""
    recording.init_app(app)
    throttle.init_app(app)
    courier.init_app(app)
    meter.init_app(app)


def start(app: Flask, settings: Mapping[str, Fact] | None = None) -> None:
    """Begin the background work of a server process and see to its end; `settings` are noted in the audit log.

    Raises WeightsError where PRELOAD_MODEL asks for weights that cannot be loaded; nothing has begun then.
    """
    with app.app_context():
        if app.config["PRELOAD_MODEL"]:
            inference.load_now()
        recorder.start()
    looks = itertools.chain([0.0], itertools.repeat(SCHEMA_POLL_SECONDS))
    concurrency.spawn(_repeat, app, looks, health.require_schema)
    concurrency.spawn(_repeat, app, itertools.repeat(WEIGHTS_POLL_SECONDS), follow_active_version)
    concurrency.spawn(_repeat, app, itertools.repeat(SWEEP_SECONDS), runs.sweep)
    concurrency.spawn(_repeat, app, itertools.repeat(courier.POLL_SECONDS), courier.turn)
    concurrency.spawn(_repeat, app, itertools.repeat(METER_SECONDS), _flush_meter)
    for task in (*HOURLY, audit_retention.prune_expired, StartNote(settings or {}).write):
        concurrency.spawn(_repeat, app, hourly_pauses(), task)
    atexit.register(stop, app)


def flush(app: Flask) -> None:
    """Write what waits, once the streams have ended: a request that hangs may cost the process its orderly end."""
    with app.app_context():
        recorder.flush()
        try:
            key_meter.flush()
        except DATABASE_AWAY as error:
            unavailable(error)


def stop(app: Flask) -> None:
    """Write what waits, then let go of the native threads; safe to call twice."""
    with app.app_context():
        courier.close()
        recorder.close()
        inference.close()


def _flush_meter() -> None:
    key_meter.flush()


def follow_active_version() -> None:
    """Serve the weights and the calibration that the database says are active, if they are not those served already.

    So it is with weights that could not be loaded, too: others that are activated take their place.
    """
    if inference.status not in ("loaded", "failed"):
        return
    own, active = inference.manifest, versions.active()
    known = active or own
    if known is None:
        return
    calibration = calibrations.in_force(known.model_version_tag)
    if own is not None and known.model_version_tag == own.model_version_tag:
        inference.calibrate(calibration)
    elif active is not None:
        inference.swap(copies.local_manifest(active), calibration)


def hourly_pauses() -> Iterator[float]:
    """Yield the seconds to wait before each time that hourly work is done."""
    yield random.uniform(*FIRST_SECONDS)  # noqa: S311 - nobody gains by guessing it
    while True:
        yield random.uniform(*HOURLY_SECONDS)  # noqa: S311


def _repeat(app: Flask, pauses: Iterable[float], task: Callable[[], object]) -> None:
    said = ""
    for pause in pauses:
        concurrency.sleep(pause)
        try:
            with app.app_context():
                task()
        except VisionAIError as error:
            # Once, and not every two seconds for as long as it lasts.
            if said != (said := f"{task.__name__}: {error}"):
                app.logger.warning("%s", said)
        except DATABASE_AWAY as error:
            unavailable(error)
