"""A round whose counting day has passed shows people, households and hamlets as they were on that day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.facts import count_facts
from desktop_app.services.assessment.members import read_members
from desktop_app.services.assessment.overview import read_overview
from desktop_app.services.assessment.rounds import open_round, round_of
from desktop_app.services.assessment.subjects import find_subject, read_header
from desktop_app.services.assessment.worklist import WorkFilter, work_list
from desktop_app.services.context import Context
from desktop_app.services.moves.deeds import add_newcomer, move_member, record_death
from desktop_app.services.moves.hamlet_merge import merge_hamlets
from desktop_app.services.moves.household_deeds import (
    SplitPlan,
    household_leaves,
    join_households,
    move_household,
    split_household,
)
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.factories import add_household, make_register

PAST, LATER = 2020, 2021
DAY = "01/03/2021"
Homes = tuple[tuple[Uid, list[Uid]], tuple[Uid, list[Uid]]]


@pytest.fixture
def context(tmp_path: Path) -> Any:
    made = make_register(tmp_path, year=LATER)
    open_round(made, PAST)
    yield made
    made.close()


@pytest.fixture
def homes(context: Context) -> Homes:
    return (
        add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt")),
        add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",)),
    )


def hamlet(context: Context, name: str) -> Uid:
    return next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == name)


def told(context: Context, model: LearningModel, year: int, **wanted: Any) -> list[tuple[str, str]]:
    """(name, hamlet) of a work list."""
    return [(r.name, r.hamlet) for r in work_list(context, model, year, WorkFilter(**wanted)).rows(0, 100)]


def share(context: Context, key: str, model: LearningModel, uid: Uid, year: int) -> int:
    """How many a fact counts from."""
    with context.read() as connection:
        subject = find_subject(connection, model, uid)
        return count_facts(connection, round_of(connection, year), {key: {}}, [subject])[subject][key].denominator


def test_who_moved_stands_in_last_years_list_where_they_were(context: Context, homes: Homes) -> None:
    (first, members), (second, _) = homes
    move_member(context, members[2], second, on=DAY)
    people = LearningModel.CITIZEN
    assert ("Nguyễn Minh Đạt", "Thôn 1") in told(context, people, PAST)
    assert ("Nguyễn Minh Đạt", "Thôn 2") in told(context, people, LATER)
    there = hamlet(context, "Thôn 2")
    assert [name for name, _ in told(context, people, PAST, hamlet=there)] == ["Lê Văn Bình"]
    assert [name for name, _ in told(context, people, LATER, hamlet=there)] == ["Lê Văn Bình", "Nguyễn Minh Đạt"]
    assert [
        share(context, "family.adults_with_title_share", LearningModel.FAMILY, first, y) for y in (PAST, LATER)
    ] == [3, 2]
    assert [
        share(context, "community.citizens_with_title_share", LearningModel.COMMUNITY, there, y) for y in (PAST, LATER)
    ] == [1, 2]


def test_who_died_or_came_since_is_counted_by_the_day(context: Context, homes: Homes) -> None:
    (first, members), _ = homes
    record_death(context, members[1], on=DAY)
    add_newcomer(context, first, {"full_name": "Võ Thị Hạnh", "birth": "1990"}, on=DAY)
    past = {name for name, _ in told(context, LearningModel.CITIZEN, PAST)}
    now = {name for name, _ in told(context, LearningModel.CITIZEN, LATER)}
    assert past - now == {"Trần Thị Ánh"}
    assert now - past == {"Võ Thị Hạnh"}
    counts = [work_list(context, LearningModel.CITIZEN, year).count() for year in (PAST, LATER)]
    assert counts == [4, 4]
    with context.read() as connection:
        key = find_subject(connection, LearningModel.FAMILY, first)
        shown = [
            [row.name for row in read_members(connection, LearningModel.FAMILY, key, round_of(connection, y)).rows]
            for y in (PAST, LATER)
        ]
    assert "Trần Thị Ánh" in shown[0]
    assert "Võ Thị Hạnh" not in shown[0]
    assert "Trần Thị Ánh" not in shown[1]


def test_households_that_split_joined_or_left_are_those_of_the_day(context: Context, homes: Homes) -> None:
    (first, members), (second, _) = homes
    third, _ = add_household(context, "01-0002", members=("Phạm Thị Giang",))
    split_household(context, first, SplitPlan([members[2]], members[2], code="01-0003"), on=DAY)
    join_households(context, second, first, on=DAY)
    household_leaves(context, third, on=DAY)
    families = LearningModel.FAMILY
    assert work_list(context, families, PAST).count() == 3
    assert len(told(context, families, PAST)) == 3
    assert [name for name, _ in told(context, families, LATER)] == ["Nguyễn Văn Ước", "Nguyễn Minh Đạt"]
    key = "community.families_with_title_share"
    here = hamlet(context, "Thôn 1")
    assert [share(context, key, LearningModel.COMMUNITY, here, y) for y in (PAST, LATER)] == [2, 2]
    there = hamlet(context, "Thôn 2")
    assert [share(context, key, LearningModel.COMMUNITY, there, y) for y in (PAST, LATER)] == [1, 0]


def test_a_household_that_moved_and_a_merged_hamlet_are_where_they_were(context: Context, homes: Homes) -> None:
    (first, _), (second, _) = homes
    old, new = hamlet(context, "Thôn 1"), hamlet(context, "Thôn 2")
    move_household(context, second, old, on=DAY)
    merge_hamlets(context, old, new, on="01/06/2021")
    assert told(context, LearningModel.FAMILY, PAST) == [("Nguyễn Văn Ước", "Thôn 1"), ("Lê Văn Bình", "Thôn 2")]
    assert {place for _, place in told(context, LearningModel.FAMILY, LATER)} == {"Thôn 2"}
    assert [name for name, _ in told(context, LearningModel.COMMUNITY, PAST)] == ["Thôn 1", "Thôn 2"]
    assert [name for name, _ in told(context, LearningModel.COMMUNITY, LATER)] == ["Thôn 2"]
    lines = {line.name: line.tallies[LearningModel.CITIZEN].eligible for line in read_overview(context, PAST).hamlets}
    assert lines == {"Thôn 1": 3, "Thôn 2": 1}
    with context.read() as connection:
        header = read_header(connection, LearningModel.FAMILY, first, round_of(connection, PAST))
    assert (header.hamlet, header.details[-1]) == ("Thôn 1", "3 người")


def test_a_form_of_a_past_round_says_who_died_before_its_day_only(context: Context, homes: Homes) -> None:
    head = homes[1][1][0]
    record_death(context, head, on=DAY)
    with context.read() as connection:
        notes = [
            read_header(connection, LearningModel.CITIZEN, head, round_of(connection, year)).note
            for year in (PAST, LATER)
        ]
    assert notes == ["", "đã mất"]
