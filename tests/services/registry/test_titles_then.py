"""Titles of former years are counted where their holders lived in those years, not where they live today."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.moves.as_of import place_on
from desktop_app.services.moves.deeds import move_member, record_death
from desktop_app.services.moves.hamlet_merge import merge_hamlets
from desktop_app.services.moves.household_deeds import move_household
from desktop_app.services.registry.details_past import hamlet_past, household_past
from desktop_app.services.registry.former_titles import GivenTitle, write_titles
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.factories import add_household

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY
YEARS = (2021, 2022, 2023, 2024, 2025)


def give(context: Context, model: LearningModel, uid: str, *years: int) -> None:
    with context.operation("title.add", {}) as op:
        write_titles(op, [GivenTitle(model, uid, year) for year in years], "ho_cu.xlsx")


def hamlet(context: Context, name: str) -> str:
    return next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == name)


def in_home(context: Context, uid: str) -> dict[int, tuple[str, ...]]:
    return {each.year: each.names for each in household_past(context, uid).titles if each.count}


def test_who_moved_keeps_the_years_of_the_household_and_hamlet_that_was_left(context: Context) -> None:
    home, people = add_household(context, members=("Nguyễn Văn Ước", "Nguyễn Minh Đạt"))
    other, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Bình",))
    give(context, CITIZEN, people[1], 2023, 2024, 2025)
    give(context, CITIZEN, people[0], 2025)
    move_member(context, people[1], other, on="01/03/2025")
    assert in_home(context, home) == {
        2025: ("Nguyễn Văn Ước",), 2024: ("Nguyễn Minh Đạt",), 2023: ("Nguyễn Minh Đạt",),
    }  # fmt: skip
    assert in_home(context, other) == {2025: ("Nguyễn Minh Đạt",)}
    first, second = (hamlet_past(context, hamlet(context, name)) for name in ("Thôn 1", "Thôn 2"))
    assert {each.year: each.count for each in first.citizens} == {2025: 1, 2024: 1, 2023: 1}
    assert {each.year: each.count for each in second.citizens} == {2025: 1}


def test_the_dead_hold_the_titles_of_the_years_they_lived(context: Context) -> None:
    home, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    give(context, CITIZEN, people[1], 2023, 2024)
    record_death(context, people[1], on="01/03/2025")
    assert in_home(context, home) == {2024: ("Trần Thị Ánh",), 2023: ("Trần Thị Ánh",)}


def test_a_household_that_moved_counts_in_the_hamlet_of_the_year_and_so_do_merged_hamlets(context: Context) -> None:
    home, people = add_household(context, members=("Nguyễn Văn Ước",))
    stays, _ = add_household(context, "01-0002", members=("Phạm Thị Giang",))
    one, two = hamlet(context, "Thôn 1"), hamlet(context, "Thôn 2")
    give(context, FAMILY, home, 2023, 2025)
    give(context, FAMILY, stays, 2023)
    give(context, CITIZEN, people[0], 2023, 2025)
    move_household(context, home, two, on="01/06/2024")
    for attribute, before in (("families", 2), ("citizens", 1)):
        counts = [
            {each.year: each.count for each in getattr(hamlet_past(context, place), attribute)} for place in (one, two)
        ]
        assert counts == [{2023: before}, {2025: 1}]
    merge_hamlets(context, one, two, on="01/06/2026")
    assert {each.year: each.count for each in hamlet_past(context, one).families} == {2023: 2}
    assert {each.year: each.count for each in hamlet_past(context, two).families} == {2025: 1}


@pytest.mark.parametrize("seed", range(4))
def test_every_title_counts_where_its_holder_was_on_the_last_day_of_its_year(context: Context, seed: int) -> None:
    chance = random.Random(seed)
    homes = [
        add_household(
            context, f"0-{n}", hamlet=chance.choice(("Thôn 1", "Thôn 2")), members=(f"Nguyễn Văn {n}", f"Lê Thị {n}")
        )
        for n in range(4)
    ]
    people = [uid for _, members in homes for uid in members]
    titles = [(uid, year) for uid in people for year in YEARS if chance.random() < 0.6]
    for uid, year in titles:
        give(context, CITIZEN, uid, year)
    for year in YEARS:
        for uid in chance.sample(people, 2):
            move_member(context, uid, chance.choice(homes)[0], on=f"01/0{chance.randint(1, 9)}/{year}")
        moved = chance.choice(homes)[0]
        move_household(context, moved, hamlet(context, chance.choice(("Thôn 1", "Thôn 2"))), on=f"05/10/{year}")
    by_home: Counter[tuple[str, int]] = Counter()
    by_hamlet: Counter[tuple[str, int]] = Counter()
    for uid, year in titles:
        place = place_on(context, uid, dt.date(year, 12, 31))
        if place.lived_here and place.household is not None and place.hamlet is not None:
            by_home[place.household.uid, year] += 1
            by_hamlet[place.hamlet.uid, year] += 1
    for uid, _ in homes:
        shown = {(uid, each.year): each.count for each in household_past(context, uid).titles}
        assert shown == {key: count for key, count in by_home.items() if key[0] == uid}
    for name in ("Thôn 1", "Thôn 2"):
        place_uid = hamlet(context, name)
        shown = {(place_uid, each.year): each.count for each in hamlet_past(context, place_uid).citizens}
        assert shown == {key: count for key, count in by_hamlet.items() if key[0] == place_uid}
