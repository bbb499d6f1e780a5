"""A household joins and leaves a clan, a person an organization; never twice, and each deed can be taken back."""

from __future__ import annotations

import pytest

from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import operations, undo
from desktop_app.services.registry.details import clan_detail, organization_detail
from desktop_app.services.registry.memberships import join_clan, join_organization, leave_clan, leave_organization
from desktop_app.services.registry.units_edit import save_clan, save_organization
from tests.factories import add_household


@pytest.fixture
def clan(context: Context) -> str:
    uid = save_clan(context, None, {"name": "Dòng họ Nguyễn Văn"}).uid
    assert uid is not None
    return uid


@pytest.fixture
def school(context: Context) -> str:
    uid = save_organization(context, None, {"name": "Trường Tiểu học Phú An", "kind": "school"}).uid
    assert uid is not None
    return uid


def members(context: Context, unit: str) -> list[tuple[str, str]]:
    return [(member.name, member.relation) for member in organization_detail(context, unit).members]


def test_a_household_belongs_to_a_clan_once(context: Context, clan: str) -> None:
    household, _ = add_household(context)
    assert join_clan(context, clan, household).is_saved
    before = len(operations(context))
    join_clan(context, clan, household)
    assert [home.household.uid for home in clan_detail(context, clan).households] == [household]
    assert len(operations(context)) == before


def test_a_household_that_left_can_come_back(context: Context, clan: str) -> None:
    household, _ = add_household(context)
    join_clan(context, clan, household)
    leave_clan(context, clan, household)
    assert clan_detail(context, clan).households == ()
    join_clan(context, clan, household)
    assert len(clan_detail(context, clan).households) == 1


def test_leaving_is_taken_back_by_undo(context: Context, clan: str) -> None:
    household, _ = add_household(context)
    join_clan(context, clan, household)
    leave_clan(context, clan, household)
    undo(context)
    assert len(clan_detail(context, clan).households) == 1


def test_a_member_has_the_role_of_now(context: Context, school: str) -> None:
    _, people = add_household(context, members=("Nguyễn Văn Ước",))
    join_organization(context, school, people[0], "  giáo   viên ")
    join_organization(context, school, people[0], "hiệu trưởng")
    assert members(context, school) == [("Nguyễn Văn Ước", "hiệu trưởng")]
    leave_organization(context, school, people[0])
    assert members(context, school) == []
    join_organization(context, school, people[0])
    assert members(context, school) == [("Nguyễn Văn Ước", "")]


def test_a_role_that_is_too_long_is_refused_and_nothing_is_written(context: Context, school: str) -> None:
    _, people = add_household(context, members=("Nguyễn Văn Ước",))
    result = join_organization(context, school, people[0], "x" * 61)
    assert [issue.field for issue in result.errors] == ["role"]
    assert members(context, school) == []


def test_who_is_not_a_member_cannot_leave(context: Context, clan: str, school: str) -> None:
    household, people = add_household(context)
    with pytest.raises(UserError) as refused:
        leave_clan(context, clan, household)
    assert refused.value.code == "record.gone"
    with pytest.raises(UserError):
        leave_organization(context, school, people[0])
