"""Prometheus gauges of what has a size now: queues, threads, rows, disk, states; read when a scrape asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import current_app
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from .. import __version__, concurrency
from ..body_memory import body_memory
from ..extensions import inference
from ..services import health, presence
from ..services.recording import spool
from ..services.recording.recorder import recorder
from ..services.recording.room import room_of

Figures = Iterable[tuple[str, str, float]]
"""Names without their prefix, texts and values."""


class Standing(Collector):
    """The figures of one process as they stand. Needs an application context to be collected."""

    def collect(self) -> Iterable[Metric]:
        """Yield the figures as they stand."""
        for name, text, value in (*_clients(), *_inference(), *_recorder(), *_disk(), *_process()):
            yield GaugeMetricFamily(f"visionai_{name}", text, value=float(value))
        for name, text, value in _recorded():
            yield CounterMetricFamily(f"visionai_{name}", text, value=float(value))
        yield from _pools()
        yield from _versions()

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering must not need an application."""
        return ()


def _clients() -> Figures:
    yield "clients_connected", "Clients on sockets of this process.", presence.here()
    yield "body_bytes", "Memory held for bodies and messages of clients, in bytes.", body_memory().used
    yield "body_limit_bytes", "Memory that bodies and messages may take, in bytes.", body_memory().limit


def _inference() -> Figures:
    yield "inference_queue", "Pictures that wait to be read.", inference.waiting
    yield "inference_queue_limit", "Pictures that may wait; more are busy.", _setting("INFERENCE_QUEUE")
    yield "inference_threads", "Threads that there are to read pictures.", _setting("INFERENCE_THREADS")
    yield "inference_busy_threads", "Threads that read a picture, stuck ones included.", inference.busy_threads
    yield "inference_lost_threads", "Threads that are stuck in a picture and were given up.", inference.lost_threads
    yield (
        "inference_oldest_seconds",
        "Age in seconds of the oldest picture that waits or is being read.",
        inference.oldest_seconds,
    )
    yield "inference_loaded", "1 when weights are loaded.", inference.status == "loaded"
    yield "inference_failed", "1 when weights could not be loaded.", inference.status == "failed"


def _recorder() -> Figures:
    backlog, on_disk = recorder.backlog, recorder.on_disk
    yield "recorder_backlog", "Rows that wait to be committed, in memory and on disk.", backlog
    yield "recorder_queue", "Rows that wait to be committed, in memory alone.", max(backlog - on_disk, 0)
    yield "recorder_queue_limit", "Rows that may wait in memory; beyond, none is taken.", _setting("RECORDER_BUFFER")
    yield "recorder_ok", "1 while rows reach the database, 0 while they wait for it.", recorder.state == "ok"
    yield "database_up", "1 when the database answers and has our tables.", health.database_state() == "ok"


def _disk() -> Figures:
    room = room_of(Path(_setting("INSTANCE_PATH")) / "spool")
    yield "spool_rows", "Rows on the disk that wait for the database.", recorder.on_disk
    yield "spool_bytes", "Bytes of the files of rows on the disk, those set aside among them.", room.used
    yield "spool_limit_bytes", "Bytes that this process may put on the disk.", spool.MAX_BYTES
    yield "disk_free_bytes", "Bytes that are free where rows wait for the database.", room.free


def _process() -> Figures:
    yield (
        "processes",
        "Processes behind this port (WEB_CONCURRENCY). All figures are of the one that answered this scrape: above 1, "
        "each scrape may meet another, and rates are wrong.",
        _setting("WEB_CONCURRENCY"),
    )
    yield "draining", "1 once this process was told to stop.", concurrency.draining()


def _recorded() -> Figures:
    yield "rows_committed", "Rows committed to the log.", recorder.ledger.committed
    yield (
        "rows_refused",
        "Rows that the database refused and that are nowhere.",
        recorder.ledger.refused,
    )
    yield (
        "recorder_set_aside",
        "Lines and files of waiting rows that could not be read and are set aside on the disk.",
        recorder.set_aside,
    )


def _pools() -> Iterable[Metric]:
    """Yield the native threads by what they are for: what would stop the hub of greenlets is done there."""
    pools: dict[str, list[concurrency.NativeThreads]] = defaultdict(list)
    for threads in concurrency.pools():
        pools[threads.name].append(threads)
    for name, text, size_of in (
        ("threads", "Native threads that there are, by what they are for.", lambda one: one.count),
        ("busy_threads", "Native threads that work on something.", lambda one: one.busy),
        ("waiting", "Tasks that wait for a native thread.", lambda one: one.waiting),
    ):
        family = GaugeMetricFamily(f"visionai_pool_{name}", text, labels=("pool",))
        for pool, members in sorted(pools.items()):
            family.add_metric([pool], float(sum(map(size_of, members))))
        yield family


def _versions() -> Iterable[Metric]:
    """Yield what runs, as labels of series that are always 1."""
    described = inference.info()
    weights, tag, runtime = (
        str(described[name] or "") for name in ("weights_version_tag", "model_version_tag", "runtime")
    )
    for name, text, labels in (
        ("build", "Which version runs, and which weights.", {"version": __version__, "weights": tag}),
        ("build_info", "Which version runs.", {"version": __version__, "mode": concurrency.mode()}),
        (
            "model_info",
            "Which weights are served; tag, weights and calibration, is what answers carry. Empty until loaded.",
            {"tag": tag, "weights": weights, "runtime": runtime},
        ),
    ):
        family = GaugeMetricFamily(f"visionai_{name}", text, labels=tuple(labels))
        family.add_metric(list(labels.values()), 1.0)
        yield family


def _setting(name: str) -> Any:
    return current_app.config[name]
