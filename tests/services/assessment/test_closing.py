"""Closing a round and starting the next from it."""

from __future__ import annotations

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel, RoundStatus
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.next_round import (
    Why,
    accept_groups,
    group_proposals,
    proposals,
    start_next_round,
)
from desktop_app.services.assessment.registration import register_subjects, registration_counts
from desktop_app.services.assessment.round_closing import (
    Open,
    begin_closing,
    close_round,
    reopen_round,
    unfinished,
)
from desktop_app.services.assessment.rounds import change_round, list_rounds, list_targets, set_target
from desktop_app.services.context import Context
from desktop_app.services.errors import AppError, UserError
from desktop_app.services.history import newest_undoable, undo
from tests.services.assessment.world import CITIZEN, YEAR, add_people, codes_of, fill, freeze, operations


def kinds(context: Context) -> dict[Open, int]:
    found: dict[Open, int] = {}
    for line in unfinished(context, YEAR):
        found[line.kind] = found.get(line.kind, 0) + line.count
    return found


def test_an_empty_round_has_nothing_unfinished_and_closes_at_once(context: Context) -> None:
    assert unfinished(context, YEAR) == ()
    assert close_round(context, YEAR).status is RoundStatus.CLOSED


def test_what_is_open_is_counted_by_what_is_to_be_done(context: Context) -> None:
    _, (begun, waiting, passed, _) = add_people(context, [{}, {}, {}, {}])
    register_subjects(context, CITIZEN, YEAR, [begun, waiting])
    answer(context, CITIZEN, begun, YEAR, codes_of(context, CITIZEN, CitizenGroup.RESIDENT)[0], 5)
    fill(context, CITIZEN, passed)
    assert kinds(context) == {Open.STARTED: 1, Open.NOT_STARTED: 1, Open.NOT_RECOGNISED: 1}
    assert "1 công dân đạt nhưng chưa có trong quyết định" in [line.text for line in unfinished(context, YEAR)]


def test_a_round_with_open_work_closes_only_when_a_person_says_so(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    register_subjects(context, CITIZEN, YEAR, [person])
    before = operations(context)
    with pytest.raises(UserError) as refused:
        close_round(context, YEAR)
    assert refused.value.code == "round.unfinished"
    assert "1 công dân đã đăng ký nhưng chưa chấm" in refused.value.message
    assert operations(context) == before
    assert close_round(context, YEAR, despite=True).is_closed


def test_a_closed_round_takes_nothing_until_it_is_opened_again(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    close_round(context, YEAR)
    with pytest.raises(UserError) as refused:
        register_subjects(context, CITIZEN, YEAR, [person])
    assert refused.value.code == "round.closed"
    with pytest.raises(UserError):
        close_round(context, YEAR)
    reopen_round(context, YEAR)
    assert register_subjects(context, CITIZEN, YEAR, [person]).count == 1


def test_while_a_round_is_closing_forms_are_finished_and_nobody_is_registered(context: Context) -> None:
    _, (person, late) = add_people(context, [{}, {}])
    register_subjects(context, CITIZEN, YEAR, [person])
    assert begin_closing(context, YEAR).status is RoundStatus.CLOSING
    fill(context, CITIZEN, person)
    with pytest.raises(UserError) as refused:
        register_subjects(context, CITIZEN, YEAR, [late])
    assert refused.value.code == "round.closing"


def test_closing_is_undone_by_one_deed(context: Context) -> None:
    close_round(context, YEAR)
    undo(context)
    assert list_rounds(context)[0].status is RoundStatus.OPEN


def test_the_next_round_has_the_dates_of_the_last_a_year_later_and_its_own_targets(context: Context) -> None:
    import datetime as dt

    change_round(context, YEAR, starts_on=dt.date(2026, 2, 1), ends_on=dt.date(2026, 11, 25))
    set_target(context, YEAR, LearningModel.CLAN, 55, source="Nghị quyết 12")
    made = start_next_round(context, YEAR)
    assert (made.year, made.starts_on, made.ends_on, made.counted_on) == (
        2027, "2027-02-01", "2027-11-25", "2027-12-31",
    )  # fmt: skip
    clan = next(item for item in list_targets(context, 2027) if item.model is LearningModel.CLAN)
    assert (clan.percent, clan.source, clan.is_own) == (55, "Nghị quyết 12", True)
    before = operations(context)
    assert start_next_round(context, YEAR).year == 2027
    assert operations(context) == before


def test_the_next_round_is_undone_until_work_in_it_begins(context: Context) -> None:
    _, (person,) = add_people(context, [{}])
    start_next_round(context, YEAR)
    opened = newest_undoable(context)
    undo(context, opened)
    assert [item.year for item in list_rounds(context)] == [YEAR]
    start_next_round(context, YEAR)
    opened = newest_undoable(context)
    register_subjects(context, CITIZEN, YEAR + 1, [person])
    with pytest.raises(AppError):
        undo(context, opened)
    assert [item.year for item in list_rounds(context)] == [YEAR + 1, YEAR]


def test_renewals_those_who_come_of_age_and_last_years_registered_are_proposed(context: Context) -> None:
    _, (held, registered, of_age, _, _) = add_people(context, [{}, {}, {"birth": "2011-03-02"}, {"birth": "2015"}, {}])
    fill(context, CITIZEN, held)
    freeze(context, CITIZEN, held)
    register_subjects(context, CITIZEN, YEAR, [registered])
    start_next_round(context, YEAR)
    assert {item.subject: item.why for item in proposals(context, CITIZEN, YEAR + 1)} == {
        held: Why.RENEWAL, registered: Why.REGISTERED, of_age: Why.OF_AGE,
    }  # fmt: skip
    result = register_subjects(context, CITIZEN, YEAR + 1, [held, of_age])
    assert (result.renewed, result.new) == (1, 1)
    assert [item.subject for item in proposals(context, CITIZEN, YEAR + 1)] == [registered]
    counts = registration_counts(context, YEAR + 1)
    assert sum(item.renewed for item in counts) == 1


def test_pupils_who_left_school_are_proposed_for_another_group_and_changed_together(context: Context) -> None:
    student = CitizenGroup.STUDENT.value
    _, (_, worker, grown, _) = add_people(
        context,
        [
            {"birth": "2010", "citizen_group": student, "occupation": "Học sinh"},
            {"birth": "2006", "citizen_group": student, "occupation": "Công nhân may"},
            {"birth": "2005", "citizen_group": student, "occupation": "Học sinh"},
            {"birth": "1990", "citizen_group": CitizenGroup.WORKER.value},
        ],
    )
    found = group_proposals(context, YEAR)
    assert {item.citizen: item.proposed for item in found} == {
        worker: CitizenGroup.WORKER, grown: CitizenGroup.RESIDENT,
    }  # fmt: skip
    assert "21 tuổi" in next(item.reason for item in found if item.citizen == grown)
    assert accept_groups(context, YEAR, found) == 2
    assert group_proposals(context, YEAR) == ()
    assert accept_groups(context, YEAR, found) == 0
    undo(context)
    assert len(group_proposals(context, YEAR)) == 2


def test_a_closed_round_keeps_its_days_and_targets(context: Context) -> None:
    close_round(context, YEAR)
    for deed in (
        lambda: change_round(context, YEAR, name="Khác"),
        lambda: set_target(context, YEAR, LearningModel.FAMILY, 50),
    ):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "round.closed"
    assert list_rounds(context)[0].name == f"Đợt {YEAR}"
