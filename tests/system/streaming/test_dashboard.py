"""Pushes of the figures."""

from __future__ import annotations

import threading
import time
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask

from visionai.streaming import dashboard as module
from visionai.streaming.dashboard import Dashboard


class Subscriber:
    """Counts what it is sent."""

    def __init__(self) -> None:
        self.pushed: list[Any] = []

    def push(self, event: str, body: Any) -> None:
        self.pushed.append((event, body))


def test_figures_that_change_all_the_time_are_sent_once_in_a_while(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PUSH_SECONDS", 0.2)
    dashboard, subscriber = Dashboard(app), Subscriber()
    dashboard.enter(subscriber, SimpleNamespace())  # type: ignore[arg-type]
    threading.Thread(target=dashboard.run, daemon=True).start()
    begun = time.monotonic()
    while not (elapsed := time.monotonic() - begun) > 1:
        dashboard.changed()
        time.sleep(0.001)
    assert 1 <= len(subscriber.pushed) <= elapsed / 0.2 + 1
    assert subscriber.pushed[0][0] == subscriber.pushed[0][1]["type"] == "stats"
    dashboard.leave(subscriber)  # type: ignore[arg-type]


def test_figures_that_do_not_change_are_not_sent(app: Flask) -> None:
    dashboard, subscriber = Dashboard(app), Subscriber()
    dashboard.enter(subscriber, SimpleNamespace())  # type: ignore[arg-type]
    threading.Thread(target=dashboard.run, daemon=True).start()
    time.sleep(0.1)
    assert subscriber.pushed == []
