from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from config import REDIS_TIMEOUTS
from tests.redis_server import RedisServer, redis_or_skip
from visionai.errors import BadCredentials, RateLimited
from visionai.services.attempts import Attempts


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    yield from redis_or_skip(tmp_path)


def in_memory() -> Attempts:
    return Attempts("memory://", {}, per_minute=3)


def in_redis(redis: RedisServer) -> Attempts:
    return Attempts(redis.url, dict(REDIS_TIMEOUTS), per_minute=3)


def fail(attempts: Attempts, name: str = "usuario", address: str = "203.0.113.7") -> type[Exception]:
    """Make an attempt with a wrong password and return how it was refused."""
    try:
        with attempts.made(name, address):
            raise BadCredentials
    except (BadCredentials, RateLimited) as error:
        return type(error)


def test_failures_beyond_the_limit_are_not_even_tried() -> None:
    attempts = in_memory()
    assert [fail(attempts) for _ in range(4)] == [BadCredentials] * 3 + [RateLimited]


@pytest.mark.parametrize(("name", "address"), [("otra", "203.0.113.7"), ("usuario", "203.0.113.8")])
def test_others_are_not_held_up(name: str, address: str) -> None:
    attempts = in_memory()
    for _ in range(4):
        fail(attempts)
    assert fail(attempts, name, address) is BadCredentials


def test_a_success_forgets_the_failures() -> None:
    attempts = in_memory()
    for _ in range(2):
        fail(attempts)
        fail(attempts)
        with attempts.made("usuario", "203.0.113.7"):
            pass
    assert fail(attempts) is BadCredentials


def test_what_is_no_wrong_password_does_not_count() -> None:
    attempts = in_memory()
    for _ in range(4):
        with pytest.raises(ZeroDivisionError), attempts.made("usuario", "203.0.113.7"):
            raise ZeroDivisionError
    assert fail(attempts) is BadCredentials


def test_two_processes_count_together_over_redis(redis: RedisServer) -> None:
    one, other = in_redis(redis), in_redis(redis)
    assert [fail(one), fail(other), fail(one), fail(other)] == [BadCredentials] * 3 + [RateLimited]


def test_while_redis_is_away_a_process_counts_for_itself(redis: RedisServer) -> None:
    attempts = in_redis(redis)
    fail(attempts)
    redis.stop()
    assert [fail(attempts) for _ in range(4)] == [BadCredentials] * 3 + [RateLimited]
