"""The list of the registered and its counts, and in which round a program works."""

from __future__ import annotations

import pytest

from desktop_app.models.types import CitizenGroup, DeviceRole, LearningModel, RegistrationKind
from desktop_app.services.assessment.next_round import proposals, start_next_round
from desktop_app.services.assessment.registered import registered_counts, registered_list, registered_totals
from desktop_app.services.assessment.registration import register_all, register_subjects
from desktop_app.services.assessment.round_closing import begin_closing, close_round
from desktop_app.services.assessment.round_models import change_part
from desktop_app.services.assessment.rounds import current_round, work_in
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_clan, add_people, add_unit, fill


def test_the_counts_add_up_to_the_list_in_every_model(context: Context) -> None:
    first, (person, *_) = add_people(context, [{}, {"birth": "1990"}, {"birth": "2020"}])
    second, _ = add_people(context, [{}], hamlet="Thôn 2", code="02-0001")
    add_clan(context, [first, second])
    add_unit(context, [person])
    for model in LearningModel:
        made = register_all(context, model, YEAR)
        total, *places = registered_counts(context, model, YEAR)
        assert registered_totals(context, YEAR, [model]) == {model: (total.new, total.renewed)}
        rows = registered_list(context, model, YEAR).rows(0, 100)
        assert made.count == total.registered == total.eligible == len(rows) > 0
        if places:
            assert sum(line.registered for line in places) == total.registered
            assert sum(line.eligible for line in places) == total.eligible


def test_the_list_is_narrowed_by_hamlet_and_kind_and_knows_new_from_renewed(context: Context) -> None:
    _, (held,) = add_people(context, [{"full_name": "Lê Thị Một"}])
    _, (new,) = add_people(context, [{"full_name": "Lê Thị Hai"}], hamlet="Thôn 2", code="02-0001")
    fill(context, CITIZEN, held)
    start_next_round(context, YEAR)
    register_subjects(context, CITIZEN, YEAR + 1, [held, new], registered_on="2027-01-05")
    counts = {line.name: (line.new, line.renewed) for line in registered_counts(context, CITIZEN, YEAR + 1)}
    assert counts == {"Cả xã": (1, 1), "Thôn 1": (0, 1), "Thôn 2": (1, 0)}
    (row,) = registered_list(context, CITIZEN, YEAR + 1, kind=RegistrationKind.RENEWAL).rows(0, 10)
    assert (row.name, row.hamlet, row.registered_on) == ("Lê Thị Một", "Thôn 1", "2027-01-05")
    place = next(line.uid for line in registered_counts(context, CITIZEN, YEAR + 1) if line.name == "Thôn 2")
    assert registered_list(context, CITIZEN, YEAR + 1, hamlet=place).uids() == (new,)
    by_name = registered_list(context, CITIZEN, YEAR + 1).sorted("name")
    assert [row.name for row in by_name.rows(0, 10)] == ["Lê Thị Hai", "Lê Thị Một"]


def test_nobody_is_proposed_for_a_model_or_group_that_stays_out(context: Context) -> None:
    household, (person,) = add_people(context, [{"citizen_group": "student"}])
    register_subjects(context, CITIZEN, YEAR, [person])
    register_subjects(context, FAMILY, YEAR, [household])
    start_next_round(context, YEAR)
    assert len(proposals(context, CITIZEN, YEAR + 1)) == len(proposals(context, FAMILY, YEAR + 1)) == 1
    change_part(context, YEAR + 1, CITIZEN, CitizenGroup.STUDENT, is_taking_part=False)
    change_part(context, YEAR + 1, FAMILY, is_taking_part=False)
    assert proposals(context, CITIZEN, YEAR + 1) == proposals(context, FAMILY, YEAR + 1) == ()


def test_last_years_round_can_be_worked_in_until_it_is_closed(context: Context) -> None:
    start_next_round(context, YEAR)
    assert current_round(context).year == YEAR + 1
    work_in(context, YEAR)
    assert current_round(context).year == YEAR
    close_round(context, YEAR)
    assert current_round(context).year == YEAR + 1
    with pytest.raises(UserError):
        work_in(context, 1999)


def test_a_volunteers_machine_changes_no_rounds_state(context: Context) -> None:
    context.role = DeviceRole.VOLUNTEER
    for deed in (begin_closing, close_round, start_next_round):
        with pytest.raises(UserError) as refused:
            deed(context, YEAR)
        assert refused.value.code == "round.office_only"
    assert [item.year for item in [current_round(context)]] == [YEAR]
