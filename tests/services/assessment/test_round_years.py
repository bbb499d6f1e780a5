"""Rounds of any year: opened out of turn, taken away while empty, and which of them is worked in."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from desktop_app.models.types import CitizenGroup, DeviceRole, LearningModel, RoundStatus
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.next_round import start_next_round
from desktop_app.services.assessment.registration import held_last_year, register_subjects
from desktop_app.services.assessment.round_closing import close_round
from desktop_app.services.assessment.round_years import open_year, remove_round
from desktop_app.services.assessment.rounds import change_round, current_round, list_rounds, set_target, work_in
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from desktop_app.services.register import open_register
from desktop_app.services.registry.citizen_list import citizen_list
from desktop_app.services.registry.former_titles import record_title
from desktop_app.services.registry.rounds import round_key
from tests.services.assessment.world import CITIZEN, YEAR, add_people, codes_of, fill, operations

TODAY = dt.date(2026, 11, 22)


def years(context: Context) -> list[int]:
    return [item.year for item in list_rounds(context)]


@pytest.mark.parametrize("typed", ["2062", "206", "20266", "2014", "hai nghìn", "", "²⁰²⁵", "2026.5", "-2026", " "])
def test_a_mistyped_year_opens_no_round(context: Context, typed: str) -> None:
    before = operations(context)
    with pytest.raises(UserError) as refused:
        open_year(context, typed, TODAY)
    assert refused.value.code == "year.bad"
    assert "từ 2015 đến 2027" in refused.value.message
    assert (years(context), operations(context)) == ([YEAR], before)


def test_an_earlier_year_is_opened_out_of_turn_and_once(context: Context) -> None:
    assert open_year(context, " 2024 ", TODAY).year == 2024
    assert years(context) == [2026, 2024]
    with pytest.raises(UserError) as refused:
        open_year(context, "2024", TODAY)
    assert refused.value.code == "round.exists"


def test_a_round_of_a_wrong_year_goes_away_while_nothing_stands_in_it(context: Context) -> None:
    with pytest.raises(UserError) as refused:
        remove_round(context, YEAR)
    assert refused.value.code == "round.last"
    open_year(context, "2025", TODAY)
    change_round(context, YEAR, status=RoundStatus.CLOSING)
    set_target(context, YEAR, LearningModel.CLAN, 40)
    remove_round(context, YEAR)
    assert years(context) == [2025]
    undo(context)
    assert years(context) == [2026, 2025]
    remove_round(context, YEAR)
    again = open_year(context, "2026", TODAY)
    assert again.status is RoundStatus.OPEN


def test_a_round_with_work_stays_and_the_work_is_named(context: Context) -> None:
    open_year(context, "2025", TODAY)
    _, (person,) = add_people(context, [{}])
    register_subjects(context, CITIZEN, 2025, [person])
    with pytest.raises(UserError) as refused:
        remove_round(context, 2025)
    assert refused.value.code == "round.used"
    assert "1 đăng ký" in refused.value.message
    close_round(context, YEAR)
    with pytest.raises(UserError) as refused:
        remove_round(context, YEAR)
    assert refused.value.code == "round.closed"


def test_a_volunteers_machine_opens_and_removes_no_round(context: Context) -> None:
    context.role = DeviceRole.VOLUNTEER
    for deed in (lambda: open_year(context, "2025", TODAY), lambda: remove_round(context, YEAR)):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "round.office_only"


def test_the_round_worked_in_is_remembered_until_it_is_closed(context: Context, tmp_path: Path) -> None:
    start_next_round(context, YEAR)
    assert current_round(context).year == 2027
    work_in(context, YEAR)
    context.close()
    again = open_register(tmp_path / "data")
    assert current_round(again).year == YEAR
    close_round(again, YEAR)
    assert current_round(again).year == 2027
    work_in(again, YEAR)
    again.close()
    last = open_register(tmp_path / "data")
    assert current_round(last).year == 2027
    last.close()


def test_lists_of_the_register_show_the_round_that_is_worked_in(context: Context) -> None:
    _, (person,) = add_people(context, [{"citizen_group": "resident"}])
    fill(context, CITIZEN, person)
    start_next_round(context, YEAR)
    for year, total in ((None, None), (YEAR, 100.0), (2027, None), (None, None)):
        worked = work_in(context, year)
        with context.read() as connection:
            assert round_key(connection).year == worked.year
        assert citizen_list(context).rows(0, 1)[0].score.total == total
    close_round(context, 2027)
    with context.read() as connection:
        assert round_key(connection).year == current_round(context).year == YEAR


def test_a_title_of_an_earlier_list_makes_a_renewal_by_every_way(context: Context) -> None:
    _, (answered, listed, new) = add_people(context, [{"citizen_group": "resident"}] * 3)
    for person in (answered, listed):
        record_title(context, CITIZEN, person, YEAR - 1)
    code = codes_of(context, CITIZEN, CitizenGroup.RESIDENT)[0]
    for person in (answered, new):
        answer(context, CITIZEN, person, YEAR, code, 1)
    leave_form(context)
    register_subjects(context, CITIZEN, YEAR, [listed])
    kinds = [str(open_form(context, CITIZEN, person, YEAR).registration) for person in (answered, listed, new)]
    assert kinds == ["renewal", "renewal", "new"]
    with context.read() as connection:
        round_ = current_round(context)
        assert held_last_year(connection, round_, CITIZEN) == {answered, listed}
        assert held_last_year(connection, round_, CITIZEN, new) == set()


def test_the_dead_the_moved_and_children_are_passed_over_when_many_are_registered(context: Context) -> None:
    people = [{}, {"life_status": "dead"}, {"life_status": "moved"}, {"birth": "2015"}, {"birth": None}]
    _, uids = add_people(context, people)
    result = register_subjects(context, CITIZEN, YEAR, uids)
    assert (result.count, result.unfit) == (2, 3)
