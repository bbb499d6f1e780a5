"""How a household stood on a day before, told to a person; relations of a whole household corrected at once."""

from __future__ import annotations

import pytest

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.history.reading import operations
from desktop_app.services.history.undoing import undo
from desktop_app.services.moves.as_of_words import household_words_on
from desktop_app.services.moves.deeds import record_death
from desktop_app.services.moves.household_parts import save_relations
from desktop_app.services.registry.details import household_detail
from tests.factories import add_household
from tests.services.registry.conftest import TODAY
from tests.services.sync.machines import register_state

Family = tuple[Uid, list[Uid]]


@pytest.fixture
def home(context: Context) -> Family:
    return add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))


def relations(context: Context, household: Uid) -> dict[str, str]:
    return {member.name: member.relation for member in household_detail(context, household).members}


def test_last_years_household_is_told_with_who_lived_in_it(context: Context, home: Family) -> None:
    household, (head, wife, son) = home
    assert save_relations(context, household, {wife: "vợ", son: "con"}).is_saved
    assert record_death(context, head, new_head=wife, on="01/02/2026", today=TODAY).is_saved
    then, issue = household_words_on(context, household, "2025", today=TODAY)
    assert issue is None
    assert then.startswith("Ngày 31/12/2025 hộ ở Thôn 1, có 3 người: Nguyễn Văn Ước (chủ hộ); ")
    now, _ = household_words_on(context, household, "28/02/2026", today=TODAY)
    assert "có 2 người: Trần Thị Ánh (chủ hộ)" in now


@pytest.mark.parametrize("day", ["", "hôm kia", "31/02/2025", "2999"])
def test_a_day_that_is_none_or_lies_ahead_is_said(context: Context, home: Family, day: str) -> None:
    words, issue = household_words_on(context, home[0], day, today=TODAY)
    assert not words
    assert issue is not None
    assert issue.field == "on"


def test_a_month_is_its_last_day(context: Context, home: Family) -> None:
    assert household_words_on(context, home[0], "02/2024", today=TODAY)[0].startswith("Ngày 29/02/2024 ")
    assert household_words_on(context, home[0], "12/2024", today=TODAY)[0].startswith("Ngày 31/12/2024 ")


def test_relations_are_corrected_together_and_undone_together(context: Context, home: Family) -> None:
    household, (_head, wife, son) = home
    before = register_state(context)
    assert save_relations(context, household, {wife: "VỢ", son: "con"}).is_saved
    found = relations(context, household)
    assert (found["Trần Thị Ánh"], found["Nguyễn Minh Đạt"]) == ("Vợ", "Con")
    assert operations(context, 1)[0].sentence == "Sửa hộ 01-0001 (Nguyễn Văn Ước)"
    undo(context)
    assert register_state(context) == before


def test_a_second_head_is_refused_beside_the_person(context: Context, home: Family) -> None:
    household, (head, wife, son) = home
    found = save_relations(context, household, {wife: "Chủ hộ", son: "Con"})
    assert [(issue.field, issue.code) for issue in found.errors] == [(wife, "relation.head")]
    assert relations(context, household)["Nguyễn Minh Đạt"] == ""
    refused = save_relations(context, household, {head: "Con"})
    assert [(issue.field, issue.code) for issue in refused.errors] == [(head, "relation.is_head")]
