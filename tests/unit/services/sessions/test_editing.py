from __future__ import annotations

import pytest

from tests.support.readings import Reading, record
from visionai.errors import NotFound, ValidationFailed
from visionai.extensions import db
from visionai.models import RecordedSession
from visionai.services.sessions import editing, runs
from visionai.services.sessions.summary import summary

pytestmark = pytest.mark.databases


@pytest.fixture
def written(recorded: RecordedSession) -> RecordedSession:
    editing.edit(recorded, {"title": "T", "participant": "P", "notes": "N"})
    return recorded


def test_what_is_not_given_stays(written: RecordedSession) -> None:
    editing.edit(written, {"title": "other"})
    shown = summary(written)
    assert (shown.title, shown.participant, shown.notes) == ("other", "P", "N")


@pytest.mark.parametrize("name", editing.TEXTS)
def test_none_clears(written: RecordedSession, name: str) -> None:
    editing.edit(written, {name: None})
    assert getattr(summary(written), name) is None


def test_people_are_labelled_and_a_label_is_cleared(recorded: RecordedSession) -> None:
    record(recorded, [Reading(0, 1), Reading(0, 2)])
    editing.edit(recorded, {}, {1: "Ana", 2: "Luis"})
    editing.edit(recorded, {}, {1: None})
    assert [(one.person, one.label) for one in summary(recorded).people] == [(1, None), (2, "Luis")]


def test_an_unknown_person_is_refused_and_nothing_is_changed(written: RecordedSession) -> None:
    record(written, [Reading(0, 1)])
    with pytest.raises(ValidationFailed):
        editing.edit(written, {"title": "other"}, {1: "Ana", 2: "Luis"})
    shown = summary(written)
    assert (shown.title, shown.people[0].label) == ("T", None)


def test_a_person_of_another_session_is_unknown(recorded: RecordedSession) -> None:
    record(runs.start(None).session, [Reading(0, 1)])
    with pytest.raises(ValidationFailed):
        editing.edit(recorded, {}, {1: "Ana"})


def test_one_that_is_gone_is_not_found(recorded: RecordedSession) -> None:
    db.session.delete(db.session.get_one(RecordedSession, recorded.session_id))
    db.session.commit()
    with pytest.raises(NotFound):
        editing.edit(recorded, {"title": "T"})
