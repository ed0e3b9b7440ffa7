"""What is said of the tracker: by the median and the worst of clips that no constant was chosen by."""

from __future__ import annotations

from benchmarks.tracking import following
from benchmarks.tracking.clips import Place, Scene
from benchmarks.tracking.following import Run


def test_a_scene_is_judged_by_its_median_and_tells_its_worst() -> None:
    row = following._of_runs("Two", [Run(0.9, 0, [1]), Run(0.5, 3, [2]), Run(0.97, 1, [3])])
    assert row.measured.startswith(
        "0.90 (worst 0.50; 4 identity switches in 3 clips; p50 / p99 a frame 2.00 µs / 3.00 µs"
    )
    assert row.verdict == "reached"


def test_those_who_sway_are_judged_by_the_worst_clip_too() -> None:
    _, row = following._of_scene("Two who sway, 5 /s", [Run(0.95, 0, [1]), Run(0.9, 1, [1])])
    assert (row.measured, row.verdict) == ("1.00", "missed")


def test_sixteen_are_judged_by_their_time_too() -> None:
    _, row = following._of_scene("Sixteen in four rows, 5 /s", [Run(0.95, 0, [100, 300, 900])])
    assert (row.measured, row.verdict) == ("300 µs", "reached")


def test_somebody_who_stands_still_is_followed_from_end_to_end() -> None:
    run = following._run(Scene("One", 10, [lambda _: Place(320, 240, 100)]), seed=1, rate=15)
    assert (run.switches, len(run.times)) == (0, 150)
    assert run.idf1 > 0.9


def test_no_constant_is_chosen_by_the_seeds_that_are_measured() -> None:
    assert not set(following.HELD_OUT) & set(range(1, 21))
