"""What a round says of its models, groups and criteria sets."""

from __future__ import annotations

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.accounts import hamlet_counts
from desktop_app.services.assessment.answers import answer, load_form
from desktop_app.services.assessment.next_round import start_next_round
from desktop_app.services.assessment.overview import read_overview
from desktop_app.services.assessment.registered import registered_counts
from desktop_app.services.assessment.registration import register_subjects
from desktop_app.services.assessment.round_closing import Open, close_round, unfinished
from desktop_app.services.assessment.round_models import RoundPart, change_part, list_parts
from desktop_app.services.assessment.worklist import work_list
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import choose_set, office_set, set_in_use
from desktop_app.services.errors import UserError
from desktop_app.services.history import newest_undoable, undo
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_clan, add_people, add_unit, codes_of, fill

COMMUNE = LearningModel.COMMUNE


def part(context: Context, model: LearningModel, group: CitizenGroup | None = None, year: int = YEAR) -> RoundPart:
    return next(item for item in list_parts(context, year) if (item.model, item.group) == (model, group))


def used_for(context: Context, model: LearningModel, subject: Uid) -> Uid:
    with context.read() as connection:
        return load_form(connection, model, subject, YEAR).used.uid


def several(context: Context) -> RoundPart:
    """Organizations: TT 22/2020 and TT 24/2023."""
    found = part(context, LearningModel.ORGANIZATION)
    assert len(found.choices) > 1
    return found


def test_a_round_that_says_nothing_follows_the_general_choice_and_everybody_takes_part(context: Context) -> None:
    for item in list_parts(context, YEAR):
        assert item.is_taking_part and item.own is None
        with context.read() as connection:
            assert item.used is not None
            assert item.used.uid == set_in_use(connection, item.model, item.group).uid


def test_a_rounds_own_choice_wins_for_new_forms_over_the_one_in_general_use(context: Context) -> None:
    item = several(context)
    assert item.used is not None
    other = next(choice.uid for choice in item.choices if choice.uid != item.used.uid)
    change_part(context, YEAR, item.model, item.group, set_uid=other)
    assert part(context, item.model, item.group).own == other
    with context.read() as connection:
        round_id = connection.exec_driver_sql("SELECT id FROM assessment_round WHERE year = ?", (YEAR,)).scalar_one()
        assert set_in_use(connection, item.model, item.group, round_id=round_id).uid == other
        assert set_in_use(connection, item.model, item.group).uid == item.used.uid
    subject = add_unit(context, [])
    assert used_for(context, item.model, subject) == other
    choose_set(context, item.used.uid)
    assert used_for(context, item.model, subject) == other


def test_the_choice_is_taken_back_by_undo_and_carried_into_the_next_round(context: Context) -> None:
    item = several(context)
    assert item.used is not None
    other = next(choice.uid for choice in item.choices if choice.uid != item.used.uid)
    change_part(context, YEAR, item.model, item.group, set_uid=other)
    start_next_round(context, YEAR)
    assert part(context, item.model, item.group, YEAR + 1).own == other
    change_part(context, YEAR, item.model, item.group)
    assert part(context, item.model, item.group).own is None
    found = newest_undoable(context)
    assert found is not None
    undo(context, found)
    assert part(context, item.model, item.group).own == other


def test_a_model_that_stays_out_takes_neither_registrations_nor_forms(context: Context) -> None:
    household, (person,) = add_people(context, [{"citizen_group": "resident"}])
    change_part(context, YEAR, FAMILY, is_taking_part=False)
    for deed in (
        lambda: register_subjects(context, FAMILY, YEAR, [household]),
        lambda: answer(context, FAMILY, household, YEAR, codes_of(context, FAMILY)[0], 1),
    ):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "round.not_taking_part"
        assert "không tham gia đợt này" in refused.value.message
    assert register_subjects(context, CITIZEN, YEAR, [person]).count == 1


def test_citizens_of_a_group_that_stays_out_are_passed_over_and_told(context: Context) -> None:
    _, (resident, pupil) = add_people(context, [{"citizen_group": "resident"}, {"citizen_group": "student"}])
    change_part(context, YEAR, CITIZEN, CitizenGroup.STUDENT, is_taking_part=False)
    result = register_subjects(context, CITIZEN, YEAR, [resident, pupil])
    assert (result.count, result.left_out) == (1, 1)


def test_a_form_that_was_begun_stays_with_its_set_and_is_counted_so(context: Context) -> None:
    item = several(context)
    assert item.used is not None and item.group is None
    subject = add_unit(context, [])
    first = codes_of(context, item.model)[0]
    answer(context, item.model, subject, YEAR, first, 1)
    other = next(choice.uid for choice in item.choices if choice.uid != item.used.uid)
    change_part(context, YEAR, item.model, set_uid=other)
    assert used_for(context, item.model, subject) == item.used.uid
    now = part(context, item.model)
    assert (now.begun, now.other) == (1, 1)


def test_a_set_of_another_model_and_a_closed_round_are_refused(context: Context) -> None:
    family = part(context, FAMILY)
    assert family.used is not None
    with pytest.raises(UserError) as refused:
        change_part(context, YEAR, COMMUNE, set_uid=family.used.uid)
    assert refused.value.code == "round.wrong_set"
    close_round(context, YEAR)
    with pytest.raises(UserError) as refused:
        change_part(context, YEAR, FAMILY, is_taking_part=False)
    assert refused.value.code == "round.closed"
    with context.read() as connection:
        assert office_set(connection, family.used.uid).is_in_use


def test_what_stays_out_of_a_round_is_asked_of_nobody_and_weighs_on_no_share(context: Context) -> None:
    people = [{"citizen_group": "student", "birth": "2008"}, {"citizen_group": "resident"}, {"citizen_group": None}]
    household, (student, resident, _) = add_people(context, people)
    clan = add_clan(context, [household])
    fill(context, CITIZEN, student, group=CitizenGroup.STUDENT)
    fill(context, CITIZEN, resident)
    change_part(context, YEAR, LearningModel.CLAN, is_taking_part=False)
    change_part(context, YEAR, CITIZEN, CitizenGroup.STUDENT, is_taking_part=False)
    assert work_list(context, LearningModel.CLAN, YEAR).count() == 0
    assert registered_counts(context, LearningModel.CLAN, YEAR)[0].eligible == 0
    line = read_overview(context, YEAR).of(LearningModel.CLAN)
    assert (line.takes_part, line.target, line.tally.eligible) == (False, None, 0)
    assert registered_counts(context, CITIZEN, YEAR)[0].eligible == 2
    assert len(work_list(context, CITIZEN, YEAR).uids()) == 3, "who has a form stays in the list"
    citizens = read_overview(context, YEAR).of(CITIZEN)
    assert (citizens.tally.eligible, citizens.tally.passed) == (3, 2), "the target is of all citizens"
    assert sum(line.people for line in hamlet_counts(context, YEAR)) == 3
    passed = [item.count for item in unfinished(context, YEAR) if item.kind is Open.NOT_RECOGNISED]
    assert passed == [2], "what was passed waits for a decision whoever takes part now"
    change_part(context, YEAR, LearningModel.CLAN)
    assert list(work_list(context, LearningModel.CLAN, YEAR).uids()) == [clan]
