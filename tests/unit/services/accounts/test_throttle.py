from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import REDIS_TIMEOUTS
from tests.support.redis_server import RedisServer, redis_or_skip
from visionai.errors import BadCredentials, RateLimited
from visionai.services.accounts.throttle import LoginThrottle


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    yield from redis_or_skip(tmp_path)


def in_memory() -> LoginThrottle:
    return LoginThrottle("memory://", {}, per_minute=3)


def in_redis(redis: RedisServer) -> LoginThrottle:
    return LoginThrottle(redis.url, dict(REDIS_TIMEOUTS), per_minute=3)


def fail(attempts: LoginThrottle, name: str = "usuario", address: str = "203.0.113.7") -> type[Exception]:
    """Make an attempt with a wrong password and return how it was refused."""
    try:
        with attempts.attempt(name, address):
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
        with attempts.attempt("usuario", "203.0.113.7"):
            pass
    assert fail(attempts) is BadCredentials


def test_what_is_no_wrong_password_does_not_count() -> None:
    attempts = in_memory()
    for _ in range(4):
        with pytest.raises(ZeroDivisionError), attempts.attempt("usuario", "203.0.113.7"):
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


def test_while_redis_takes_no_writes_a_process_counts_for_itself_beside_what_redis_has(redis: RedisServer) -> None:
    attempts = in_redis(redis)
    fail(attempts)
    redis.fill()
    assert [fail(attempts) for _ in range(4)] == [BadCredentials] * 3 + [RateLimited]


def test_a_clock_that_was_set_back_keeps_nobody_waiting_until_it_is_there_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attempts, true = in_memory(), time.time
    assert [fail(attempts) for _ in range(4)] == [BadCredentials] * 3 + [RateLimited]
    monkeypatch.setattr(time, "time", lambda: true() - 3600)
    assert [fail(attempts) for _ in range(4)] == [BadCredentials] * 3 + [RateLimited]


def wide(**limits: int) -> LoginThrottle:
    return LoginThrottle("memory://", {}, per_minute=100, secret="a secret", **limits)


def succeed(attempts: LoginThrottle, name: str, address: str) -> None:
    with attempts.attempt(name, address):
        pass


def test_an_address_has_so_many_failures_whatever_the_names() -> None:
    attempts = wide(per_address=3)
    assert [fail(attempts, f"name{number}") for number in range(4)] == [BadCredentials] * 3 + [RateLimited]
    assert fail(attempts, "usuario", "203.0.113.8") is BadCredentials


def test_an_address_of_ipv6_is_counted_by_its_64_bits() -> None:
    attempts = wide(per_address=2)
    outcomes = [fail(attempts, f"name{number}", f"2001:db8:0:1::{number}") for number in range(1, 4)]
    assert outcomes == [BadCredentials, BadCredentials, RateLimited]
    assert fail(attempts, "usuario", "2001:db8:0:2::1") is BadCredentials


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", ""])
def test_an_address_of_this_machine_may_be_anybody(address: str) -> None:
    attempts = wide(per_address=1)
    assert [fail(attempts, f"name{number}", address) for number in range(3)] == [BadCredentials] * 3


def test_a_name_has_so_many_failures_from_wherever() -> None:
    attempts = wide(per_name=3)
    outcomes = [fail(attempts, "usuario", f"198.51.100.{number}") for number in range(4)]
    assert outcomes == [BadCredentials] * 3 + [RateLimited]
    assert fail(attempts, "otra") is BadCredentials


def test_strangers_do_not_lock_out_an_address_that_the_name_signed_in_from() -> None:
    attempts = wide(per_name=3)
    succeed(attempts, "usuario", "203.0.113.7")
    for number in range(5):
        fail(attempts, "usuario", f"198.51.100.{number}")
    succeed(attempts, "usuario", "203.0.113.7")
    with pytest.raises(RateLimited):
        succeed(attempts, "usuario", "198.51.100.200")


def test_strangers_do_not_keep_a_user_with_a_token_from_changing_the_password() -> None:
    attempts = wide(per_name=1)
    fail(attempts)
    fail(attempts)
    with attempts.attempt("usuario", "192.0.2.1", signed_in=True):
        pass


def test_a_school_class_behind_one_address_signs_in_at_once() -> None:
    attempts = wide(per_address=60)
    for number in range(40):
        assert fail(attempts, f"pupil{number}") is BadCredentials
        succeed(attempts, f"pupil{number}", "203.0.113.7")
