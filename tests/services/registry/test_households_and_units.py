"""Households, hamlets, clans, organizations and branches: checked, changed, joined, removed with reasons."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from desktop_app.models.tables import registry
from desktop_app.models.types import HamletKind, LearningModel, Poverty, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.registry.details import (
    branch_detail,
    citizen_detail,
    clan_detail,
    hamlet_detail,
    household_detail,
    organization_detail,
)
from desktop_app.services.registry.households import propose_code, remove_household, save_household, set_head
from desktop_app.services.registry.unit_lists import branch_list, clan_list, hamlet_list, organization_list
from desktop_app.services.registry.units_edit import (
    check,
    propose_clan_households,
    remove_branch,
    remove_clan,
    remove_hamlet,
    remove_organization,
    save_branch,
    save_clan,
    save_hamlet,
    save_organization,
    unit_values,
)
from tests.factories import add_household
from tests.services.registry.conftest import TODAY
from tests.services.registry.scores import give_score, give_title


def hamlet(context: Context, name: str = "Thôn 1") -> Uid:
    return next(row.uid for row in hamlet_list(context).rows(0, 100) if row.name == name)


def test_a_household_needs_a_hamlet_and_a_code_of_its_own(context: Context) -> None:
    other, _ = add_household(context, "01-0001")
    blank = save_household(context, None, {"code": "01-0002"}, today=TODAY)
    assert [issue.code for issue in blank.errors] == ["hamlet.missing"]
    used = save_household(context, None, {"code": " 01-0001 ", "hamlet": hamlet(context)}, today=TODAY)
    assert [(issue.code, issue.other) for issue in used.errors] == [("code.used", other)]
    assert "Nguyễn Văn Ước (Thôn 1)" in used.errors[0].message
    made = save_household(context, None, {"code": "01-0002", "hamlet": hamlet(context), "poverty": "poor"}, today=TODAY)
    assert made.uid
    assert household_detail(context, made.uid).poverty is Poverty.POOR
    again = save_household(context, other, {"code": "01-0001", "address": "Số 5"}, today=TODAY)
    assert again.is_saved, "its own code is no error for it"


def test_moving_a_household_moves_its_people_in_every_list(context: Context) -> None:
    household, (head,) = add_household(context)
    assert save_household(context, household, {"hamlet": hamlet(context, "Thôn 2")}, today=TODAY).is_saved
    moved = citizen_detail(context, head).hamlet
    assert moved is not None
    assert moved.name == "Thôn 2"
    assert [row.citizens for row in hamlet_list(context).rows(0, 9)] == [0, 1]


def test_the_next_code_continues_the_hamlets_own_numbering(context: Context) -> None:
    add_household(context, "01-0009", members=())
    add_household(context, "01-0010", members=())
    add_household(context, "01-0011", hamlet="Thôn 2", members=())
    assert propose_code(context, hamlet(context)) == "01-0012", "0011 is taken in another hamlet"


def test_only_a_member_becomes_head_and_the_former_head_is_no_longer_called_so(context: Context) -> None:
    household, (head, wife) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    _, (stranger,) = add_household(context, "01-0002", members=("Lê Văn Hai",))
    assert set_head(context, household, head).is_saved
    assert [issue.code for issue in set_head(context, household, stranger).errors] == ["head.not_member"]
    assert [issue.code for issue in set_head(context, household, wife).warnings] == ["relation.review"]
    detail = household_detail(context, household)
    assert detail.head is not None
    assert detail.head.uid == wife
    assert [(m.name, m.relation, m.is_head) for m in detail.members] == [
        ("Trần Thị Ánh", "Chủ hộ", True), ("Nguyễn Văn Ước", "", False),
    ]  # fmt: skip
    assert save_household(context, household, {"head": stranger}, today=TODAY).errors[0].code == "head.not_member"


def test_a_household_with_people_goes_only_with_them_and_not_with_a_certificate(context: Context) -> None:
    household, (head,) = add_household(context)
    with pytest.raises(UserError, match="Hộ còn 1 người"):
        remove_household(context, household)
    give_title(context, head, 1, model=LearningModel.CITIZEN)
    with pytest.raises(UserError, match=r"Nguyễn Văn Ước: .*1 giấy công nhận"):
        remove_household(context, household, with_members=True)
    assert household_detail(context, household).is_present
    second, _ = add_household(context, "01-0002", members=("Lê Văn Hai", "Lê Văn Ba"))
    remove_household(context, second, with_members=True)
    assert not household_detail(context, second).is_present
    with context.read() as connection:
        present = select(func.count()).select_from(registry.citizen).where(registry.citizen.c.present)
        assert connection.execute(present).scalar() == 1


def test_a_hamlet_is_written_as_offices_do_and_stands_once(context: Context) -> None:
    made = save_hamlet(context, None, {"name": "TDP 2", "leader": "Lê Thị Hạnh", "phone": "0912345678"}, today=TODAY)
    assert made.uid
    detail = hamlet_detail(context, made.uid)
    assert (detail.name, detail.kind, detail.phone) == ("Tổ dân phố 2", HamletKind.TO_DAN_PHO, "0••• ••• 678")
    assert [i.code for i in save_hamlet(context, None, {"name": "tdp 2"}, today=TODAY).errors] == ["name.used"]
    former = save_hamlet(context, None, {"name": "Thôn 1", "former_commune": "Phú Hữu"}, today=TODAY)
    assert former.is_saved, "two merged communes each have a Thôn 1"
    assert save_hamlet(context, made.uid, {"name": "Tổ dân phố Chợ"}, today=TODAY).is_saved
    again = save_hamlet(context, None, {"name": "TDP 2"}, today=TODAY)
    assert again.is_saved
    assert again.uid != made.uid, "the renamed hamlet keeps its name and its identity"
    assert hamlet_detail(context, made.uid).name == "Tổ dân phố Chợ"


def test_a_hamlet_with_households_stays_and_an_empty_one_can_go_and_come_back(context: Context) -> None:
    add_household(context)
    with pytest.raises(UserError, match="Còn 1 hộ ở đây"):
        remove_hamlet(context, hamlet(context))
    second = hamlet(context, "Thôn 2")
    remove_hamlet(context, second)
    assert [row.name for row in hamlet_list(context).rows(0, 9)] == ["Thôn 1"]
    assert save_hamlet(context, None, {"name": "Thôn 2"}, today=TODAY).uid == second


def test_a_clan_holds_households_and_counts_those_with_the_title(context: Context) -> None:
    first, _ = add_household(context, "01-0001", members=("Nguyễn Văn Ước",))
    second, _ = add_household(context, "01-0002", members=("Nguyễn Thị Lan",))
    third, _ = add_household(context, "01-0003", members=("Trần Văn Bình",))
    assert [link.uid for link in propose_clan_households(context, "nguyen")] == [first, second]
    made = save_clan(context, None, {"name": "Họ Nguyễn", "surname": "Nguyễn"}, [first, second], today=TODAY)
    assert made.uid
    give_score(context, first, 86, model=LearningModel.FAMILY)
    give_title(context, second, 1, model=LearningModel.FAMILY, year=2025)
    assert [home.passes for home in clan_detail(context, made.uid).households] == [True, False]
    [row] = clan_list(context).rows(0, 9)
    assert (row.households, row.passing_families, row.share) == (2, 1, 50.0)
    assert propose_clan_households(context, "Nguyễn") == ()
    assert save_clan(context, made.uid, {}, [second, third], today=TODAY).is_saved
    assert [(h.household.uid, h.has_title) for h in clan_detail(context, made.uid).households] == [
        (second, False), (third, False),
    ]  # fmt: skip
    assert save_clan(context, made.uid, {}, [first, second], today=TODAY).is_saved
    with context.read() as connection:
        assert connection.execute(select(func.count()).select_from(registry.clan_household)).scalar() == 3
    assert save_clan(context, made.uid, {"name": "Họ Trần"}, ["0" * 32], today=TODAY).errors[0].field == "households"
    remove_clan(context, made.uid)
    assert household_detail(context, first).clans == ()


def test_an_organization_has_members_with_roles(context: Context) -> None:
    _, (one, two) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    made = save_organization(
        context, None, {"name": "Trường TH Phú An", "kind": "school"}, {one: "giáo viên", two: ""}, today=TODAY
    )
    assert made.uid
    assert save_organization(context, made.uid, {}, {one: "hiệu trưởng"}, today=TODAY).is_saved
    detail = organization_detail(context, made.uid)
    assert [(member.name, member.relation) for member in detail.members] == [("Nguyễn Văn Ước", "hiệu trưởng")]
    assert [m.organization.name for m in citizen_detail(context, one).memberships] == ["Trường TH Phú An"]
    assert citizen_detail(context, two).memberships == ()
    give_score(context, one, 92)
    [row] = organization_list(context).rows(0, 9)
    assert (row.members, row.passing_citizens) == (1, 1)
    branch = save_branch(context, None, {"code": "CH-01", "name": "Chi hội trường", "organization": made.uid})
    assert branch.uid
    with pytest.raises(UserError, match="Còn 1 chi hội"):
        remove_organization(context, made.uid)
    remove_branch(context, branch.uid)
    remove_organization(context, made.uid)
    assert organization_list(context).count() == 0


def test_a_branch_has_a_code_of_its_own_and_stays_while_people_belong_to_it(context: Context) -> None:
    from desktop_app.services.registry.citizens import save_citizen

    made = save_branch(context, None, {"code": "CH-0312", "name": "Chi hội Thôn 1", "hamlet": hamlet(context)})
    assert made.uid
    used = save_branch(context, None, {"code": "CH-0312", "name": "Chi hội Thôn 2"})
    assert [issue.code for issue in used.errors] == ["code.used"]
    _, (head,) = add_household(context)
    assert save_citizen(context, head, {"branch": made.uid}, today=TODAY).is_saved
    assert branch_detail(context, made.uid).members == 1
    assert [row.members for row in branch_list(context, "ch-0312").rows(0, 9)] == [1]
    with pytest.raises(UserError, match="Còn 1 người thuộc chi hội này"):
        remove_branch(context, made.uid)


def test_a_unit_form_is_filled_with_what_is_stored_and_saves_back_unchanged(context: Context) -> None:
    made = save_clan(context, None, {"name": "Họ Lê", "phone": "0912345678", "note": "dòng 1\ndòng 2"}, today=TODAY)
    assert made.uid
    values = unit_values(context, "clan", made.uid)
    assert (values["phone"], values["note"]) == ("0••• ••• 678", "dòng 1\ndòng 2")
    assert check(context, "clan", made.uid, values, today=TODAY).errors == ()
    with context.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM change").scalar()
    assert save_clan(context, made.uid, values, today=TODAY).is_saved
    with context.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM change").scalar() == before
