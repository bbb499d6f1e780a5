"""States of people on the national site, in bulk, and the counts that a person in charge follows."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import CitizenGroup, SiteState
from desktop_app.services.assessment.accounts import (
    AccountFilter,
    account_list,
    hamlet_counts,
    organization_counts,
    record_states,
    set_follow_up,
)
from desktop_app.services.assessment.round_closing import close_round
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from tests.services.assessment.world import YEAR, add_people, add_unit, operations, row_uid


def states(context: Context, wanted: AccountFilter | None = None) -> dict[str, SiteState]:
    found = account_list(context, YEAR, wanted)
    return {row.name: row.state for row in found.rows(0, found.count())}


def test_everybody_has_no_account_until_somebody_says_so(context: Context) -> None:
    _, (first, second, _) = add_people(context, [{"full_name": "A"}, {"full_name": "B"}, {"birth": "2020"}])
    assert states(context) == {"A": SiteState.NONE, "B": SiteState.NONE}
    assert record_states(context, YEAR, [first, second], SiteState.REGISTERED, changed_on=dt.date(2026, 5, 4)) == 2
    assert states(context) == {"A": SiteState.REGISTERED, "B": SiteState.REGISTERED}
    assert account_list(context, YEAR).rows(0, 1)[0].changed_on == "2026-05-04"


def test_the_same_states_twice_change_nothing_and_one_undo_takes_all_back(context: Context) -> None:
    _, people = add_people(context, [{"full_name": "A"}, {"full_name": "B"}])
    record_states(context, YEAR, people, SiteState.SELF_ASSESSED)
    before = operations(context)
    assert record_states(context, YEAR, people, SiteState.SELF_ASSESSED) == 0
    assert operations(context) == before
    undo(context)
    assert set(states(context).values()) == {SiteState.NONE}
    assert record_states(context, YEAR, people, SiteState.SELF_ASSESSED) == 2


def test_the_list_is_narrowed_by_state_group_hamlet_and_name(context: Context) -> None:
    worker = {"full_name": "Trần Văn Bình", "citizen_group": CitizenGroup.WORKER.value}
    _, (first, _) = add_people(context, [worker, {"full_name": "Lê Thị Hoa"}])
    add_people(context, [{"full_name": "Phạm Văn Tư"}], hamlet="Thôn 2", code="02-0001")
    record_states(context, YEAR, [first], SiteState.RECOGNISED)
    assert states(context, AccountFilter(state=SiteState.NONE)).keys() == {"Lê Thị Hoa", "Phạm Văn Tư"}
    assert states(context, AccountFilter(group=CitizenGroup.WORKER)).keys() == {"Trần Văn Bình"}
    assert states(context, AccountFilter(hamlet=row_uid(context, "hamlet", "Thôn 2"))).keys() == {"Phạm Văn Tư"}
    assert states(context, AccountFilter(text="tran binh")).keys() == {"Trần Văn Bình"}


def test_counts_of_hamlets_name_who_should_have_an_account(context: Context) -> None:
    _, (first, second, _) = add_people(context, [{}, {}, {"birth": "2015"}])
    record_states(context, YEAR, [first], SiteState.RECOGNISED)
    record_states(context, YEAR, [second], SiteState.REGISTERED)
    line = next(item for item in hamlet_counts(context, YEAR) if item.name == "Thôn 1")
    assert (line.people, line.accounts, line.assessed, line.recognised) == (2, 2, 1, 1)


def test_counts_of_organizations_take_members_from_16_and_those_without_a_birth(context: Context) -> None:
    _, (teacher, pupil, child, unknown) = add_people(
        context, [{}, {"birth": "2009"}, {"birth": "2014"}, {"birth": None}]
    )
    school = add_unit(context, [teacher, pupil, child, unknown])
    record_states(context, YEAR, [pupil], SiteState.SELF_ASSESSED)
    (line,) = organization_counts(context, YEAR)
    assert (line.uid, line.people, line.accounts, line.assessed) == (school, 3, 1, 1)


def test_who_follows_a_hamlet_up_is_kept_with_the_last_reminder(context: Context) -> None:
    hamlet = row_uid(context, "hamlet", "Thôn 1")
    set_follow_up(context, YEAR, "hamlet", hamlet, person="Bà Sáu", reminded_on=dt.date(2026, 6, 1))
    set_follow_up(context, YEAR, "hamlet", hamlet, person="Bà Sáu", reminded_on=dt.date(2026, 7, 1))
    line = next(item for item in hamlet_counts(context, YEAR) if item.uid == hamlet)
    assert (line.person, line.reminded_on) == ("Bà Sáu", "2026-07-01")


def test_a_closed_round_takes_no_states(context: Context) -> None:
    _, people = add_people(context, [{}])
    close_round(context, YEAR)
    with pytest.raises(UserError) as refused:
        record_states(context, YEAR, people, SiteState.REGISTERED)
    assert refused.value.code == "round.closed"


def test_who_is_there_already_or_further_on_stays_when_that_is_asked(context: Context) -> None:
    _, (first, second, third) = add_people(context, [{"full_name": "A"}, {"full_name": "B"}, {"full_name": "C"}])
    record_states(context, YEAR, [first], SiteState.RECOGNISED, changed_on=dt.date(2026, 5, 1))
    record_states(context, YEAR, [second], SiteState.REGISTERED, changed_on=dt.date(2026, 2, 1))
    everybody = [first, second, third]
    day = dt.date(2026, 6, 1)
    assert record_states(context, YEAR, everybody, SiteState.REGISTERED, changed_on=day, keeps_further=True) == 1
    assert states(context) == {"A": SiteState.RECOGNISED, "B": SiteState.REGISTERED, "C": SiteState.REGISTERED}
    dates = {row.name: row.changed_on for row in account_list(context, YEAR).rows(0, 9)}
    assert dates == {"A": "2026-05-01", "B": "2026-02-01", "C": "2026-06-01"}
    assert record_states(context, YEAR, everybody, SiteState.REGISTERED, changed_on=day) == 2


def test_a_list_counts_its_people_by_state(context: Context) -> None:
    _, people = add_people(context, [{"full_name": "A"}, {"full_name": "B"}, {"full_name": "C"}])
    record_states(context, YEAR, people[:1], SiteState.SELF_ASSESSED)
    found = account_list(context, YEAR).counts()
    assert (found[SiteState.NONE], found[SiteState.SELF_ASSESSED], found[SiteState.RECOGNISED]) == (2, 1, 0)
