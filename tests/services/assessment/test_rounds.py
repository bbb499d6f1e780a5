"""Rounds, targets and registration."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel, RegistrationKind, RoundStatus
from desktop_app.services.assessment.form import open_form
from desktop_app.services.assessment.registration import (
    register_all,
    register_subjects,
    registration_counts,
    unregister_subjects,
)
from desktop_app.services.assessment.rounds import (
    TARGET_KEYS,
    OwnTarget,
    change_round,
    current_round,
    list_rounds,
    list_targets,
    open_round,
    round_of,
    set_target,
)
from desktop_app.services.context import Context
from desktop_app.services.criteria.targets import load_targets
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from tests.services.assessment.world import CITIZEN, FAMILY, YEAR, add_people, fill, freeze, operations, row_uid


def test_the_newest_round_that_is_not_closed_is_the_one_to_work_in(context: Context) -> None:
    open_round(context, 2027)
    assert [item.year for item in list_rounds(context)] == [2027, 2026]
    assert current_round(context).year == 2027
    change_round(context, 2027, status=RoundStatus.CLOSED)
    assert current_round(context).year == 2026
    change_round(context, 2026, status=RoundStatus.CLOSED)
    assert current_round(context).year == 2027


def test_a_year_is_opened_once_and_an_odd_year_is_refused(context: Context) -> None:
    before = operations(context)
    assert open_round(context, YEAR, "Khác").name == "Đợt 2026"
    assert operations(context) == before
    with pytest.raises(UserError) as refused:
        open_round(context, 20266)
    assert refused.value.code == "year.bad"


def test_a_round_cannot_end_before_it_starts(context: Context) -> None:
    with pytest.raises(UserError) as refused:
        change_round(context, YEAR, starts_on=dt.date(2026, 5, 1), ends_on=dt.date(2026, 4, 1))
    assert refused.value.code == "round.dates"
    changed = change_round(context, YEAR, ends_on=dt.date(2026, 11, 25), counted_on=dt.date(2026, 11, 25))
    assert (changed.starts_on, changed.ends_on, changed.born_by(16)) == ("2026-01-01", "2026-11-25", "2010-11-25")


@pytest.mark.parametrize("column", ["starts_on", "ends_on", "counted_on"])
@pytest.mark.parametrize("year", [2062, 2024, 1926])
def test_a_day_with_a_mistyped_year_is_refused(context: Context, column: str, year: int) -> None:
    before = list_rounds(context)
    with pytest.raises(UserError) as refused:
        change_round(context, YEAR, name="Đợt mới", **{column: dt.date(year, 12, 31)})
    assert refused.value.code == "round.far"
    assert f"31/12/{year}" in refused.value.message
    assert list_rounds(context) == before
    change_round(context, YEAR, starts_on=dt.date(2025, 11, 1), ends_on=dt.date(2027, 1, 31))


def test_days_and_targets_are_one_deed(context: Context) -> None:
    before = list_targets(context, YEAR), list_rounds(context)
    change_round(
        context, YEAR, ends_on=dt.date(2026, 11, 30),
        targets={(FAMILY, None): OwnTarget(71.5), (CITIZEN, CitizenGroup.WORKER): OwnTarget(50, source="NQ 5")},
    )  # fmt: skip
    assert {(item.model, item.percent) for item in list_targets(context, YEAR) if item.is_own} == {
        (FAMILY, 71.5), (CITIZEN, 50),
    }  # fmt: skip
    undo(context)
    assert (list_targets(context, YEAR), list_rounds(context)) == before
    with pytest.raises(UserError):
        change_round(context, YEAR, name="Tên khác", targets={(FAMILY, None): OwnTarget(171)})
    assert (list_targets(context, YEAR), list_rounds(context)) == before


def test_a_round_with_an_odd_counting_day_from_elsewhere_counts_on_the_last_day(context: Context) -> None:
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE assessment_round SET counted_on = 'x; DROP TABLE citizen'")
    with context.read() as connection:
        assert round_of(connection, YEAR).born_by(16) == "2010-12-31"


def test_the_years_targets_name_their_denominators_and_the_offices_own_goes_first(context: Context) -> None:
    known = {item.key for item in load_targets()}
    assert {key for entries in TARGET_KEYS.values() for key, _ in entries} <= known
    targets = {(t.model, t.group): t for t in list_targets(context, YEAR)}
    assert targets[FAMILY, None].percent == 80
    assert targets[CITIZEN, CitizenGroup.OFFICIAL].percent == 80
    assert all(target.denominator_name for target in targets.values())
    set_target(context, YEAR, FAMILY, 72.5, denominator_name="hộ đã đăng ký", source="Kế hoạch 15/KH-UBND")
    own = {(t.model, t.group): t for t in list_targets(context, YEAR)}[FAMILY, None]
    assert (own.percent, own.denominator_name, own.is_own) == (72.5, "hộ đã đăng ký", True)
    set_target(context, YEAR, FAMILY, None)
    assert {(t.model, t.group): t for t in list_targets(context, YEAR)}[FAMILY, None].percent == 80
    with pytest.raises(UserError):
        set_target(context, YEAR, FAMILY, 101)


def test_registering_one_and_many_counts_new_and_renewed_by_last_years_title(context: Context) -> None:
    _, people = add_people(context, [{}, {}, {}])
    fill(context, CITIZEN, people[0], share=0.9)
    fill(context, CITIZEN, people[1], share=0.5)
    open_round(context, 2027)
    result = register_subjects(context, CITIZEN, 2027, [*people, people[0], "0" * 32])
    assert (result.new, result.renewed, result.already, result.unknown) == (2, 1, 0, 1)
    assert open_form(context, CITIZEN, people[0], 2027).registration is RegistrationKind.RENEWAL
    again = register_subjects(context, CITIZEN, 2027, people)
    assert (again.count, again.already, again.operation) == (0, 3, None)
    counts = {(c.model, c.hamlet_name): (c.new, c.renewed) for c in registration_counts(context, 2027)}
    assert counts == {(CITIZEN, "Thôn 1"): (2, 1)}


def test_registration_is_taken_back_and_given_again(context: Context) -> None:
    _, people = add_people(context, [{}, {}])
    register_subjects(context, CITIZEN, YEAR, people, registered_on="2026-01-15")
    assert unregister_subjects(context, CITIZEN, YEAR, people[:1]) == 1
    assert open_form(context, CITIZEN, people[0], YEAR).registration is None
    assert register_subjects(context, CITIZEN, YEAR, people).new == 1
    assert open_form(context, CITIZEN, people[0], YEAR).registration is RegistrationKind.NEW


def test_who_holds_the_title_stays_registered(context: Context) -> None:
    _, (titled, other) = add_people(context, [{"citizen_group": "resident"}] * 2)
    register_subjects(context, CITIZEN, YEAR, [titled, other])
    fill(context, CITIZEN, titled)
    freeze(context, CITIZEN, titled)
    with pytest.raises(UserError) as refused:
        unregister_subjects(context, CITIZEN, YEAR, [titled, other])
    assert refused.value.code == "registration.recognised"
    assert unregister_subjects(context, CITIZEN, YEAR, [other]) == 1


def test_everybody_of_a_hamlet_or_group_is_registered_at_once(context: Context) -> None:
    add_people(context, [{"citizen_group": "worker"}, {}, {"birth": "2020"}, {"life_status": "away"}])
    add_people(context, [{"citizen_group": "worker"}], hamlet="Thôn 2", code="02-0001")
    hamlet = row_uid(context, "hamlet", "Thôn 1")
    assert register_all(context, CITIZEN, YEAR, hamlet=hamlet, group=CitizenGroup.WORKER).count == 1
    assert register_all(context, CITIZEN, YEAR, hamlet=hamlet).count == 1
    assert register_all(context, CITIZEN, YEAR).count == 1
    assert register_all(context, FAMILY, YEAR).count == 2
    assert register_all(context, LearningModel.COMMUNITY, YEAR).count == 2
    assert register_all(context, LearningModel.COMMUNE, YEAR).count == 1


def test_a_closed_round_takes_no_registrations(context: Context) -> None:
    _, people = add_people(context, [{}])
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    with pytest.raises(UserError) as refused:
        register_subjects(context, CITIZEN, YEAR, people)
    assert refused.value.code == "round.closed"
