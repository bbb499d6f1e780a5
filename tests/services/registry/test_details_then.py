"""Pages of records in a past round: households, hamlets, clans and units as they stood on its counting day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.facts import count_facts
from desktop_app.services.assessment.rounds import open_round, round_of
from desktop_app.services.assessment.subjects import find_subject
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.moves.deeds import add_newcomer, move_member, record_death, record_leaving
from desktop_app.services.moves.hamlet_merge import merge_hamlets
from desktop_app.services.moves.household_deeds import SplitPlan, household_leaves, move_household, split_household
from desktop_app.services.registry.details_then import (
    HomeThen,
    Share,
    clan_then,
    hamlet_then,
    household_then,
    organization_then,
)
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.factories import add_household, make_register
from tests.services.assessment.world import CITIZEN, FAMILY, add_clan, add_unit, fill

PAST, LATER = 2020, 2021
DAY = "01/03/2021"
NEVER = "ffffffffffffffffffffffffffffffff"


@pytest.fixture
def context(tmp_path: Path) -> Any:
    made = make_register(tmp_path, year=LATER)
    open_round(made, PAST)
    yield made
    made.close()


def rounds(context: Context) -> tuple[Uid, Uid]:
    with context.read() as connection:
        return round_of(connection, PAST).uid, round_of(connection, LATER).uid


def hamlet(context: Context, name: str) -> Uid:
    return next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == name)


def _homes(context: Context, clan: Uid, round_uid: Uid) -> tuple[HomeThen, ...]:
    then = clan_then(context, clan, round=round_uid)
    assert then is not None
    return then.homes


def fact(context: Context, key: str, model: LearningModel, uid: Uid, year: int) -> Share:
    with context.read() as connection:
        subject = find_subject(connection, model, uid)
        value = count_facts(connection, round_of(connection, year), {key: {}}, [subject])[subject][key]
    return Share(value.numerator, value.denominator)


def test_a_household_names_who_lived_there_on_the_day_and_where_it_stood(context: Context) -> None:
    past, later = rounds(context)
    home, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    other, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))
    move_member(context, people[2], other, on=DAY)
    record_death(context, people[1], on=DAY)
    add_newcomer(context, home, {"full_name": "Võ Thị Hạnh", "birth": "1990"}, on=DAY)
    move_household(context, home, hamlet(context, "Thôn 2"), on="01/06/2021")
    then = household_then(context, home, round=past)
    assert then is not None and then.hamlet is not None
    assert [member.name for member in then.members] == ["Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"]
    assert then.members[0].is_head
    assert (then.year, then.day, then.existed, then.hamlet.name) == (PAST, "31/12/2020", True, "Thôn 1")
    since = household_then(context, home, round=later)
    assert since is not None and since.hamlet is not None
    assert [member.name for member in since.members] == ["Nguyễn Văn Ước", "Võ Thị Hạnh"]
    assert since.hamlet.name == "Thôn 2"


def test_a_household_that_was_not_made_yet_says_so(context: Context) -> None:
    past, later = rounds(context)
    home, people = add_household(context, members=("Nguyễn Văn Ước", "Nguyễn Minh Đạt"))
    split_household(context, home, SplitPlan([people[1]], people[1], code="01-0003"), on=DAY)
    with context.read() as connection:
        made = connection.exec_driver_sql("SELECT uid FROM household WHERE code = '01-0003'").scalar_one().hex()
    before, after = household_then(context, made, round=past), household_then(context, made, round=later)
    assert before is not None and after is not None
    assert (before.existed, before.members) == (False, ())
    assert after.existed
    assert [member.name for member in after.members] == ["Nguyễn Minh Đạt"]


def test_a_clan_and_a_hamlet_count_the_households_of_the_day_as_the_facts_do(context: Context) -> None:
    past, later = rounds(context)
    homes = [add_household(context, f"01-000{n}", members=(f"Nguyễn Văn {n}",))[0] for n in range(1, 4)]
    far, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))
    clan = add_clan(context, [*homes, far])
    fill(context, FAMILY, homes[0], year=PAST)
    household_leaves(context, homes[0], on=DAY)
    move_household(context, far, hamlet(context, "Thôn 1"), on=DAY)
    for year, round_uid, expected in ((PAST, past, Share(1, 4)), (LATER, later, Share(0, 3))):
        then = clan_then(context, clan, round=round_uid)
        assert then is not None
        assert then.families == expected
        assert then.families == fact(context, "clan.families_with_title_share", LearningModel.CLAN, clan, year)
        assert sum(home.passes for home in then.homes) == expected.passing
        assert len(then.homes) == expected.whole
    places = {home.household.name: home.hamlet for home in _homes(context, clan, past)}
    assert places["02-0001"] == "Thôn 2"
    here = hamlet(context, "Thôn 1")
    for year, round_uid, homes_then, people_then in ((PAST, past, Share(1, 3), 3), (LATER, later, Share(0, 3), 3)):
        seen = hamlet_then(context, here, round=round_uid)
        assert seen is not None and seen.people is not None
        assert seen.families == homes_then
        key = "community.families_with_title_share"
        assert seen.families == fact(context, key, LearningModel.COMMUNITY, here, year)
        assert seen.people.whole == people_then


def test_a_merged_hamlet_has_its_people_of_the_day(context: Context) -> None:
    past, later = rounds(context)
    add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))
    old, new = hamlet(context, "Thôn 1"), hamlet(context, "Thôn 2")
    merge_hamlets(context, old, new, on="01/06/2021")
    counts = {}
    for name, place in (("old", old), ("new", new)):
        for year, round_uid in ((PAST, past), (LATER, later)):
            then = hamlet_then(context, place, round=round_uid)
            assert then is not None and then.families is not None and then.people is not None
            counts[name, year] = (then.families.whole, then.people.whole)
    assert counts == {("old", PAST): (1, 2), ("new", PAST): (1, 1), ("old", LATER): (0, 0), ("new", LATER): (2, 3)}


def test_a_unit_counts_who_had_not_left_on_the_day(context: Context) -> None:
    past, later = rounds(context)
    _, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    unit = add_unit(context, people)
    fill(context, CITIZEN, people[1], share=0.9, year=PAST)
    record_leaving(context, people[1], on=DAY)
    key = "organization.members_with_title_share"
    for year, round_uid, expected in ((PAST, past, Share(1, 3)), (LATER, later, Share(0, 2))):
        then = organization_then(context, unit, round=round_uid)
        assert then is not None
        assert then.people == expected == fact(context, key, LearningModel.ORGANIZATION, unit, year)
        assert len(then.members) == expected.whole


def test_a_round_that_counts_the_present_has_nothing_to_tell_and_unknown_records_are_said(tmp_path: Path) -> None:
    here = make_register(tmp_path, year=2090)
    home, people = add_household(here, members=("Nguyễn Văn Ước",))
    unit, clan = add_unit(here, people), add_clan(here, [home])
    assert household_then(here, home) is None
    assert clan_then(here, clan) is None
    assert organization_then(here, unit) is None
    assert hamlet_then(here, hamlet(here, "Thôn 1")) is None
    open_round(here, PAST)
    with here.read() as connection:
        past = round_of(connection, PAST).uid
    for ask in (household_then, clan_then, organization_then, hamlet_then):
        with pytest.raises(UserError, match="Không tìm thấy"):
            ask(here, NEVER, round=past)
    here.close()
