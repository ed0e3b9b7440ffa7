"""Sessions over each other: means by session, agreement of people, markers in common, times as clocks say them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.scripts import answer_of
from visionai.vision.emotions import EMOTIONS

SCRIPT = Path(__file__).with_name("means.mjs")


def point(offset: int, emotion: str = "happy", share: float = 0.7, seconds: int = 10) -> dict[str, Any]:
    others = (1 - share) / (len(EMOTIONS) - 1)
    scores = {one.value: share if one == emotion else others for one in EMOTIONS}
    named = {"emotion_name": emotion, "confidence": share, "uncertain": share < 0.5}
    return {"offset_ms": offset, "seconds": seconds, "scores": scores, **named}


def session(*people: list[dict[str, Any]], zero: int = 0, markers: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "people": [{"points": points} for points in people],
        "markers": [{"label": label} for label in markers],
        "zero_offset_ms": zero,
    }


def laid(*sessions: dict[str, Any], clocks: tuple[int, ...] = ()) -> Any:
    return answer_of(SCRIPT, {"sessions": sessions, "clocks": clocks})


def test_the_mean_of_a_session_weighs_each_second_alike() -> None:
    shown = laid(session([point(0, share=0.9, seconds=10)], [point(0, share=0.5, seconds=30)]))
    ((mean,),) = shown["means"]
    assert mean["scores"]["happy"] == pytest.approx(0.6)
    assert sum(mean["scores"].values()) == pytest.approx(1)


def test_agreement_is_the_share_with_the_commonest_expression_over_all_sessions() -> None:
    shown = laid(session([point(0)], [point(0, "sad")]), session([point(0)]))
    assert shown["agreement"] == [{"offset": 0, "share": pytest.approx(2 / 3), "emotion": "happy", "people": 3}]


def test_who_is_uncertain_agrees_with_nobody() -> None:
    shown = laid(session([point(0)], [point(0, share=0.4)]), session([point(0, "sad")]))
    assert [(one["people"], one["share"]) for one in shown["agreement"]] == [(2, 0.5)]


def test_one_person_alone_is_no_agreement() -> None:
    assert laid(session([point(0)]), session([point(10_000)], [point(20_000, share=0.3)]))["agreement"] == []


def test_only_markers_of_all_sessions_are_in_common() -> None:
    shown = laid(session(markers=("a", "b", "c")), session(markers=("c", "b")), session(markers=("b", "b", "c")))
    assert shown["markers"] == ["b", "c"]


def test_the_clock_of_all_begins_with_the_one_that_began_first() -> None:
    shown = laid(session([point(0), point(40_000)], zero=60_000), session([point(-10_000)], zero=5_000))
    assert shown["span"] == {"from": -60_000, "until": 50_000}


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0:00"), (7_999, "0:07"), (754_000, "12:34"), (3_723_000, "1:02:03"), (-61_000, "−1:01")]
)
def test_a_moment_is_said_as_a_clock_says_it_and_read_again(ms: int, text: str) -> None:
    ((said, read),) = laid(clocks=(ms,))["clocks"]
    assert said == text
    assert read == (ms // 1000 * 1000 if ms >= 0 else None)


def test_round_moments_are_named_under_a_timeline() -> None:
    assert laid()["ticks"] == ["−1:00", "−0:30", "0:00", "0:30", "1:00", "1:30", "2:00", "2:30", "3:00", "3:30", "4:00"]
