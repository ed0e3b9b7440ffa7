from __future__ import annotations

import pytest

from tests.support.readings import Reading, record
from tests.unit.services.sessions.conftest import an_identity, label
from visionai.errors import NotFound
from visionai.extensions import db
from visionai.models import RecordedSession
from visionai.services.sessions import markers, runs, seconds
from visionai.services.sessions.summary import summary

pytestmark = pytest.mark.databases


def nonzero(shares: dict[str, float] | None) -> dict[str, float]:
    return {name: share for name, share in (shares or {}).items() if share}


def test_people_share_their_seconds_out_among_the_expressions(recorded: RecordedSession) -> None:
    record(recorded, [Reading(1000 * number) for number in range(3)])
    record(recorded, [Reading(3000, emotion="sad"), Reading(0, 2, emotion="fear", share=0.4)])
    first, second = summary(recorded).people
    assert (first.person, first.seconds, nonzero(first.shares)) == (1, 4, {"happy": 0.75, "sad": 0.25})
    assert (first.first_offset_ms, first.last_offset_ms, first.uncertain_share) == (0, 3000, 0)
    assert (second.person, second.seconds, nonzero(second.shares), second.uncertain_share) == (2, 1, {"fear": 1}, 1)


def test_a_session_knows_its_share_of_uncertain_seconds(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0), Reading(1000), Reading(0, 2, share=0.4), Reading(1000, 2)])
    assert summary(recorded).uncertain_share == 0.25


def test_without_anybody_there_are_no_shares(recorded: RecordedSession) -> None:
    shown = summary(recorded)
    assert (shown.people, shown.uncertain_share, shown.model_versions, shown.seconds) == ([], None, [], 0)


def test_where_rows_have_no_scores_a_person_has_no_shares(recorded: RecordedSession) -> None:
    record(recorded, [Reading()], scores=False)
    (person,) = summary(recorded).people
    assert (person.seconds, person.shares, person.uncertain_share) == (0, None, None)


def test_a_second_of_many_rows_counts_once_by_its_mean(recorded: RecordedSession) -> None:
    record(recorded, [Reading(offset, share=0.7, frames=1) for offset in range(0, 900, 100)])
    record(recorded, [Reading(950, emotion="sad", share=0.9, frames=1), Reading(1000, emotion="sad")])
    (person,) = summary(recorded).people
    assert (person.seconds, nonzero(person.shares)) == (2, {"happy": 0.5, "sad": 0.5})


def test_two_numbers_under_one_label_are_one_person(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, 1), Reading(5000, 3), Reading(5500, 1), Reading(0, 2)])
    label(recorded, p1="Ana", p3="Ana")
    first, second = summary(recorded).people
    assert (first.person, first.persons, first.label, first.seconds) == (1, (1, 3), "Ana", 2)
    assert (first.first_offset_ms, first.last_offset_ms) == (0, 5500)
    assert (second.persons, second.label) == ((2,), None)


def test_ties_go_to_the_lower_id(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, emotion="sad", share=0.6, frames=1), Reading(0, emotion="fear", share=0.6, frames=1)])
    (person,) = summary(recorded).people
    assert nonzero(person.shares) == {"fear": 1}


def test_it_names_the_versions_of_the_weights(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0)], "v1.0.0")
    record(recorded, [Reading(1000)], "v1.2.0+office")
    assert summary(recorded).model_versions == ["v1.0.0", "v1.2.0+office"]


def test_it_says_whose_it_is_and_what_is_written_on_it(user_id: int) -> None:
    session = runs.start(an_identity(user_id), title="T", participant="P", notes="N").session
    marker = markers.add(session.session_id, "here", offset_ms=0)
    shown = summary(session)
    assert (shown.uid, shown.user, shown.title, shown.participant, shown.notes) == (
        session.uid,
        "usuario",
        "T",
        "P",
        "N",
    )
    assert (shown.source, shown.status, shown.ended_at, shown.markers) == ("camera", "open", None, [marker])


def test_a_long_session_is_read_in_parts_that_make_the_same_whole(
    recorded: RecordedSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(recorded, [Reading(1000 * second, 1 + second % 2, share=0.3 + second / 100) for second in range(40)])
    whole = summary(recorded)
    monkeypatch.setattr(seconds, "ROWS_AT_ONCE", 7)
    assert summary(recorded) == whole


def test_the_rows_of_another_session_are_not_read(recorded: RecordedSession) -> None:
    record(runs.start(None).session, [Reading()])
    assert summary(recorded).people == []


def test_rows_written_after_the_end_that_a_lost_session_was_given_count(recorded: RecordedSession) -> None:
    ended = runs.end(recorded.session_id)
    record(ended, [Reading(1000 * 3600 * 30)])
    assert [person.seconds for person in summary(ended).people] == [1]


def test_one_that_is_gone_is_not_found(recorded: RecordedSession) -> None:
    db.session.delete(db.session.get_one(RecordedSession, recorded.session_id))
    db.session.commit()
    with pytest.raises(NotFound):
        summary(recorded)
