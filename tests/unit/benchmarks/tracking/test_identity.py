"""Identity F1 and switches of clips that are small enough to be counted by hand."""

import pytest

from benchmarks.tracking.identity import idf1, intersection_over_union, switches
from visionai.vision.results import Box

HERE, THERE = Box(0, 0, 10, 10), Box(100, 0, 10, 10)


def test_boxes_share_a_third_when_one_is_moved_by_half() -> None:
    assert intersection_over_union(HERE, Box(5, 0, 10, 10)) == pytest.approx(1 / 3)


def test_a_person_who_keeps_one_track_is_perfect() -> None:
    moments = [({1: HERE}, {7: HERE})] * 4
    assert (idf1(moments), switches(moments)) == (1, 0)


def test_a_track_that_ends_halfway_costs_half() -> None:
    moments = [({1: HERE}, {7: HERE})] * 2 + [({1: HERE}, {8: HERE})] * 2
    assert (idf1(moments), switches(moments)) == (0.5, 1)


def test_two_who_exchange_their_tracks_are_two_switches() -> None:
    moments = [({1: HERE, 2: THERE}, {7: HERE, 8: THERE})] * 3 + [({1: HERE, 2: THERE}, {8: HERE, 7: THERE})]
    assert (idf1(moments), switches(moments)) == (0.75, 2)


def test_a_missed_box_and_a_false_one_cost_and_are_no_switch() -> None:
    moments = [({1: HERE}, {7: HERE}), ({1: HERE}, {}), ({1: HERE}, {7: HERE, 9: THERE})]
    assert (idf1(moments), switches(moments)) == (pytest.approx(2 * 2 / 6), 0)


def test_a_person_keeps_the_track_of_before_where_two_lie_on_them() -> None:
    near = Box(1, 0, 10, 10)
    moments = [({1: HERE}, {7: HERE}), ({1: HERE}, {7: near, 8: HERE})]
    assert switches(moments) == 0


def test_nobody_seen_and_nothing_shown_is_perfect() -> None:
    assert (idf1([({}, {})]), switches([({}, {})])) == (1, 0)
