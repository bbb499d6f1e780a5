"""A round whose counting day has passed is recognised as the commune stood on that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.context import Context
from desktop_app.services.moves.deeds import move_member, record_death, record_leaving
from desktop_app.services.moves.household_deeds import household_leaves, move_household
from desktop_app.services.recognition.candidates import candidate_counts, candidate_source, candidates
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.handling import reissue
from desktop_app.services.recognition.lists import register_book
from desktop_app.services.recognition.records import CandidateFilter, CandidateState
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.factories import add_household, make_register
from tests.services.recognition.people import confirm_all, fill, passing

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY
PAST, LATER = 2020, 2021
MOVED = "01/03/2021"
DECIDED = dt.date(2021, 3, 15)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path, year=LATER)
    open_round(made, PAST)
    confirm_all(made)
    yield made
    made.close()


@pytest.fixture
def homes(context: Context) -> tuple[Uid, Uid, list[Uid]]:
    """A household of three in Thôn 1, one in Thôn 2, and the three, whose forms of both years pass."""
    first, members = add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    second, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))
    for year in (PAST, LATER):
        fill(context, CITIZEN, passing(members), year)
        fill(context, FAMILY, passing([first]), year)
    return first, second, members


def places(context: Context, year: int, model: LearningModel = CITIZEN) -> dict[str, tuple[str, str]]:
    """Name → hamlet and household of those who can be recognised."""
    return {item.name: (item.hamlet, item.detail) for item in candidates(context, year, model).ready}


def test_who_moved_since_stands_in_the_hamlet_and_household_of_that_day(
    context: Context, homes: tuple[Uid, Uid, list[Uid]]
) -> None:
    _, second, members = homes
    move_member(context, members[2], second, on=MOVED)
    assert places(context, PAST)["Nguyễn Minh Đạt"] == ("Thôn 1", "01-0001")
    assert places(context, LATER)["Nguyễn Minh Đạt"] == ("Thôn 2", "02-0001")
    there = next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == "Thôn 2")
    listed = [candidate_source(context, year, CITIZEN, CandidateFilter(hamlet=there)).count() for year in (PAST, LATER)]
    assert listed == [0, 1]
    ready = [{name: n for _, name, n in candidate_counts(context, y, CITIZEN).hamlets} for y in (PAST, LATER)]
    assert ready == [{"Thôn 1": 3}, {"Thôn 1": 2, "Thôn 2": 1}]


def test_the_paper_names_the_hamlet_of_that_day_and_a_new_one_that_of_now(
    context: Context, homes: tuple[Uid, Uid, list[Uid]]
) -> None:
    _, second, members = homes
    move_member(context, members[2], second, on=MOVED)
    recognise(context, PAST, CITIZEN, "12", DECIDED, [members[2]])
    (paper,) = register_book(context, PAST, CITIZEN)
    assert paper.address.startswith("Thôn 1, ")
    assert reissue(context, paper.uid, "in lại").address.startswith("Thôn 2, ")


def test_a_household_that_moved_or_left_since_is_still_of_that_round(
    context: Context, homes: tuple[Uid, Uid, list[Uid]]
) -> None:
    first, second, _ = homes
    fill(context, FAMILY, passing([second]), PAST)
    fill(context, FAMILY, passing([second]), LATER)
    there = next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == "Thôn 2")
    move_household(context, first, there, address="số 5", on=MOVED)
    household_leaves(context, second, on=MOVED)
    assert places(context, PAST, FAMILY) == {
        "Nguyễn Văn Ước": ("Thôn 1", "01-0001"),
        "Lê Văn Bình": ("Thôn 2", "02-0001"),
    }
    assert places(context, LATER, FAMILY) == {"Nguyễn Văn Ước": ("Thôn 2", "01-0001")}
    assert [item.state for item in candidates(context, LATER, FAMILY).left_out] == [CandidateState.ENDED]


def test_who_left_since_is_recognised_and_who_died_is_not(context: Context, homes: tuple[Uid, Uid, list[Uid]]) -> None:
    _, _, members = homes
    record_leaving(context, members[1], on=MOVED)
    record_death(context, members[2], on=MOVED)
    assert set(places(context, PAST)) == {"Nguyễn Văn Ước", "Trần Thị Ánh"}
    assert [item.state for item in candidates(context, PAST, CITIZEN).left_out] == [CandidateState.DEAD]
    assert set(places(context, LATER)) == {"Nguyễn Văn Ước"}
    assert len(candidates(context, LATER, CITIZEN).left_out) == 2


def test_who_had_left_before_the_day_is_not_of_the_round(context: Context, homes: tuple[Uid, Uid, list[Uid]]) -> None:
    _, _, members = homes
    record_leaving(context, members[1], on="01/10/2020")
    assert "Trần Thị Ánh" not in places(context, PAST)
    assert [item.state for item in candidates(context, PAST, CITIZEN).left_out] == [CandidateState.MOVED]
