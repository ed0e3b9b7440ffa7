from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.redis_server import RedisServer, redis_or_skip
from visionai.services import presence
from visionai.streaming import peers as module
from visionai.streaming.peers import Peers


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    yield from redis_or_skip(tmp_path)


@pytest.fixture
def lone() -> Iterator[Peers]:
    """A process that hears of others by the test's word alone."""
    yield Peers("redis://127.0.0.1:1/0", lambda: None)
    presence.elsewhere(0)


def said(name: str, clients: int = 0, recorded: bool = False) -> dict[str, Any]:
    return {"from": name, "clients": clients, "recorded": recorded}


def test_clients_of_other_processes_are_counted_once_each(lone: Peers) -> None:
    here = presence.count()
    for clients in (2, 3):
        lone._hear(said("a", clients))
    lone._hear(said("b", 4))
    lone._forget_stale()
    assert presence.count() == here + 3 + 4


def test_a_process_that_fell_silent_is_forgotten(lone: Peers, monkeypatch: pytest.MonkeyPatch) -> None:
    here = presence.count()
    lone._hear(said("a", 2))
    later = time.monotonic() + module.STALE_SECONDS + 1
    monkeypatch.setattr(module.time, "monotonic", lambda: later)
    lone._forget_stale()
    assert presence.count() == here


@pytest.mark.parametrize(("recorded", "told"), [(True, 1), (False, 0)])
def test_what_another_process_recorded_is_told(recorded: bool, told: int) -> None:
    heard: list[bool] = []
    Peers("redis://127.0.0.1:1/0", lambda: heard.append(True))._hear(said("a", recorded=recorded))
    assert len(heard) == told


def test_a_process_does_not_listen_to_itself(lone: Peers) -> None:
    here = presence.count()
    lone._hear(said(lone._name, 9, recorded=True))
    lone._forget_stale()
    assert presence.count() == here


def test_what_was_recorded_while_redis_was_away_is_told_when_it_is_back(redis: RedisServer) -> None:
    heard = threading.Event()
    listener, speaker = Peers(redis.url, heard.set), Peers(redis.url, lambda: None)
    listening = threading.Thread(target=listener._persist, args=(listener._listen,), daemon=True)
    listening.start()
    assert heard.wait(10), "It begins with what may have been recorded before it listened."
    heard.clear()
    speaker.recorded()
    redis.stop()
    with pytest.raises(module.RedisError):
        speaker._announce()
    redis.start()
    announcing = threading.Thread(target=speaker._persist, args=(speaker._announce,), daemon=True)
    announcing.start()
    assert heard.wait(20)


def test_only_hints_cross(redis: RedisServer) -> None:
    with module.Redis.from_url(redis.url) as client, client.pubsub(ignore_subscribe_messages=True) as channel:
        channel.subscribe(module.CHANNEL)
        speaker = Peers(redis.url, lambda: None)
        threading.Thread(target=speaker._persist, args=(speaker._announce,), daemon=True).start()
        message = next(message for _ in range(100) if (message := channel.get_message(timeout=0.2)))
    assert set(json.loads(message["data"])) == {"from", "clients", "recorded"}
