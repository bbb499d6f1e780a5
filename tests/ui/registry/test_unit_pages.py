"""Clans and their households, hamlets and their counts, organizations and their people, branches and their codes."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.history import operations
from desktop_app.services.registry.details import branch_detail, clan_detail, hamlet_detail, organization_detail
from desktop_app.services.registry.unit_lists import hamlet_list
from desktop_app.services.registry.units_edit import save_branch, save_clan, save_hamlet, save_organization
from tests.factories import add_household
from tests.ui.conftest import type_text
from tests.ui.registry.conftest import eye, focused, key, names, panel_text


@pytest.fixture
def homes(context: Context) -> list[str]:
    return [add_household(context, f"01-000{n}", members=(f"Nguyễn Văn {n * 'A'}",))[0] for n in (1, 2, 3)]


def test_a_clan_is_added_with_its_households_and_tells_its_share(context: Context, homes: list[str], show: Any) -> None:
    page = show(context, "clans")
    page.action("add").trigger()
    type_text(focused(), "Dòng họ Nguyễn Văn")
    page.action("save").trigger()
    for code in ("01-0001", "01-0002"):
        page.action("clans.member").trigger()
        type_text(focused(), code)
        key(Qt.Key.Key_Return)
        key(Qt.Key.Key_Return)
        key(Qt.Key.Key_Return)
    assert [home.household.name for home in clan_detail(context, page.current_uid).households] == ["01-0001", "01-0002"]
    assert "0 / 2 hộ đạt Gia đình học tập" in panel_text(page)
    assert page.list.current().households == 2


def test_a_household_leaves_a_clan(context: Context, homes: list[str], show: Any) -> None:
    clan = save_clan(context, None, {"name": "Dòng họ Nguyễn"}, homes).uid
    page = show(context, "clans")
    page.on_leave()
    assert page.ask_bar.question == "Chọn một hộ trong danh sách trước."
    page._homes.choose(homes[1])
    page.on_leave()
    assert [home.household.uid for home in clan_detail(context, clan).households] == [homes[0], homes[2]]


def test_a_hamlet_tells_its_counts_and_leads_to_its_households(sample: Context, show: Any) -> None:
    page = show(sample, "hamlets")
    assert names(page)[:3] == ["Ấp Bình Hòa", "Thôn 1", "Thôn 2"]
    assert page.summary_label.text() == "420 hộ, 1.342 người trong 8 thôn, tổ"
    page.list.select_row(2)
    page.load_record()
    text = panel_text(page)
    assert "48 hộ" in text
    assert "163 người" in text
    page.open_link("households", f"hamlet:{page.current_uid}")
    assert page.window().page("households").subtitle == "48 / 420 hộ"


def test_two_hamlets_of_one_name_are_told_apart_by_their_former_commune(context: Context, show: Any) -> None:
    save_hamlet(context, None, {"name": "Thôn 1", "former_commune": "Phú Thịnh"})
    page = show(context, "hamlets")
    shown = [page.list.paged.index(row, 0).data() for row in range(3)]
    assert shown == ["Thôn 1", "Thôn 1 (Phú Thịnh cũ)", "Thôn 2"]


def test_a_hamlets_leader_is_changed_and_the_number_stays_masked(context: Context, show: Any) -> None:
    page = show(context, "hamlets")
    page.action("edit").trigger()
    page.form_pane.form.set_raw({"leader": "Lê Văn Bình", "phone": "0912 345 678"})
    page.action("save").trigger()
    assert hamlet_detail(context, page.current_uid).leader == "Lê Văn Bình"
    assert "0••• ••• 678" in panel_text(page)
    eye(page, "Điện thoại").click()
    assert "0912345678" in panel_text(page)
    assert operations(context)[0].sentence == "Xem số điện thoại của Thôn 1"


def test_a_hamlet_with_households_is_not_removed(context: Context, homes: list[str], show: Any) -> None:
    page = show(context, "hamlets")
    page.on_delete()
    assert page.ask_bar.question == "Chưa xóa được Thôn 1. Còn 3 hộ ở đây."
    assert hamlet_list(context).count() == 2


def test_an_organization_has_people_with_their_roles(context: Context, homes: list[str], show: Any) -> None:
    unit = save_organization(context, None, {"name": "Trường Tiểu học Phú An", "kind": "school"}).uid
    page = show(context, "organizations")
    page.action("organizations.member").trigger()
    type_text(focused(), "nguyen van aa")
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    type_text(focused(), "giáo viên")
    key(Qt.Key.Key_Return)
    member = organization_detail(context, unit).members[0]
    assert member.relation == "giáo viên"
    page._people.choose(member.uid)
    page.on_role()
    page.form_pane.form.set_raw({"role": "hiệu trưởng"})
    assert page.form_pane.save()
    assert organization_detail(context, unit).members[0].relation == "hiệu trưởng"
    page._people.choose(member.uid)
    page.on_leave()
    assert organization_detail(context, unit).members == ()


def test_branches_stand_behind_hamlets_and_organizations(context: Context, show: Any) -> None:
    page = show(context, "hamlets")
    page.open_branches()
    branches = page.window().current_page
    assert branches.title == "Chi hội khuyến học"
    branches.action("add").trigger()
    type_text(focused(), "CH-0312")
    key(Qt.Key.Key_Return)
    type_text(focused(), "Chi hội khuyến học thôn 1")
    branches.form_pane.form.set_raw({"hamlet": page.current_uid})
    branches.action("save").trigger()
    made = branch_detail(context, branches.current_uid)
    assert (made.code, made.hamlet.name) == ("CH-0312", "Thôn 1")
    page.window().pop()
    assert "Chi hội khuyến học thôn 1" in panel_text(page)


def test_a_branch_code_belongs_to_one_branch(context: Context, show: Any) -> None:
    save_branch(context, None, {"code": "CH-0312", "name": "Chi hội thôn 1"})
    page = show(context, "organizations")
    page.open_branches()
    branches = page.window().current_page
    branches.on_add()
    branches.form_pane.form.set_raw({"code": "CH-0312", "name": "Chi hội thôn 2"})
    assert not branches.form_pane.save()
    assert "Chi hội thôn 1" in branches.form_pane.form.field("code").message
