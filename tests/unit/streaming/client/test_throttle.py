"""How fast a client's frames are read."""

from __future__ import annotations

from visionai.streaming.client.throttle import FrameThrottle


def read_in_a_second(pace: FrameThrottle, per_second: int, piling: bool) -> int:
    """How many frames are read of a client that offers so many, waiting for its answers or piling them."""
    read = 0
    for step in range(per_second):
        now = 100 + step / per_second
        if piling and step:
            pace.piled(now)
        if not pace.delay(now):
            pace.took(now)
            read += 1
    return read


def test_a_client_that_waits_for_its_answers_is_never_slowed() -> None:
    assert read_in_a_second(FrameThrottle(max_fps=30), 200, piling=False) == 200


def test_a_client_that_piles_frames_is_held_to_the_limit() -> None:
    assert 30 <= read_in_a_second(FrameThrottle(max_fps=30), 500, piling=True) <= 33


def test_a_client_that_stopped_piling_is_free_again() -> None:
    pace = FrameThrottle(max_fps=1)
    pace.piled(10.0)
    for _ in range(5):
        pace.took(10.0)
    assert pace.delay(10.5) > 0
    assert pace.delay(11.1) == 0
