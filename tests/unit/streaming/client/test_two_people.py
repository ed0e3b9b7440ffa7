"""Two people who sway before a camera for a minute: two lanes, each of one expression, and a row a second."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from benchmarks.tracking.clips import clip
from benchmarks.tracking.scenes import five_sway, two_sway
from tests.unit.services.recording.test_readings import FakeRecorder
from tests.unit.streaming.client.test_run import a_run
from visionai.services.analysis import Sighting, Source, conclude
from visionai.services.recording.readings import Readings
from visionai.services.recording.row import Row
from visionai.vision.results import Analysis
from visionai.vision.tracking.tracker import FaceTracker

SECONDS = 60
SEEDS = range(1001, 1006)
"""Seeds that no constant of the tracker was chosen by."""


def recorded(people: int, rate: int, seed: int) -> list[Row]:
    """Return the rows of a minute of people who sway, as a stream of them leaves them."""
    scene = {2: two_sway, 5: five_sway}[people](SECONDS)
    recorder, tracker, run = FakeRecorder(), FaceTracker(), a_run()
    readings = Readings(recorder, 1000)
    for number, frame in enumerate(clip(scene, rate, seed=seed)):
        tracks = [face.track_id for face in tracker.update(frame.faces, frame.at)]
        clock_ms = max(0, int(frame.at * 1000))
        sighting = Sighting(tracks, clock_ms, frame.at, session_id=1, people=run.people(tracks))
        conclude(Analysis(frame.faces, 640, 480, "v1.0.0", 5.0), Source(), UUID(int=number), readings, sighting)
    readings.flush()
    return recorder.rows


def of_people(rows: list[Row], least: int) -> dict[int, Counter[int]]:
    """Return how many rows of each expression a person has, by person, of those with at least so many rows."""
    counted: dict[int, Counter[int]] = {}
    for row in rows:
        assert row.person is not None
        counted.setdefault(row.person, Counter())[row.emotion_id] += 1
    return {person: expressions for person, expressions in counted.items() if expressions.total() >= least}


def test_two_who_sway_are_two_people_for_a_minute() -> None:
    for seed in SEEDS:
        people = of_people(recorded(2, 15, seed), least=10)
        assert len(people) == 2, seed
        assert all(expressions.total() >= SECONDS - 1 for expressions in people.values()), seed


def test_no_row_mixes_two_people() -> None:
    """The two look different, and each keeps one look: rows of one would be of both where they were mixed."""
    for seed in SEEDS:
        for expressions in of_people(recorded(2, 15, seed), least=10).values():
            assert len(expressions) == 1, seed


def test_a_minute_of_a_person_is_sixty_rows_whatever_the_rate() -> None:
    for rate in (5, 30):
        rows = [row for row in recorded(2, rate, 1001) if row.person == 1]
        assert SECONDS - 1 <= len(rows) <= SECONDS + 1
        assert {row.offset_ms % 1000 for row in rows if row.offset_ms is not None} == {0}


def test_five_who_sway_are_five_people() -> None:
    people = of_people(recorded(5, 15, 1001), least=10)
    assert len(people) == 5
