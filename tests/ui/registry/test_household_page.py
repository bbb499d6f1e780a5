"""One household: its people, its head, moving them, its clan, its code, and removing it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.registry.household_list import household_list
from desktop_app.services.registry.units_edit import save_clan
from tests.ui.conftest import type_text
from tests.ui.registry.conftest import Home, focused, key, opened, panel_text


def test_the_panel_lists_the_people_with_their_relation(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    assert page.panel.title_label.text() == "Hộ Nguyễn Văn Ước"
    assert [row.text for row in page._people.rows()] == ["Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"]
    assert "Thành viên (3 người)" in panel_text(page)


def test_a_member_is_opened_by_enter(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page._people.setFocus()
    key(Qt.Key.Key_Down)
    key(Qt.Key.Key_Return)
    assert page.window().page("citizens").panel.title_label.text() == "Trần Thị Ánh"


def test_a_person_is_added_to_the_household_by_keyboard(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page.action("households.member").trigger()
    type_text(focused(), "Nguyễn Thị Bé")
    key(Qt.Key.Key_Return)
    type_text(focused(), "2010")
    page.form_pane.form.focus_field("relation")
    type_text(focused(), "con")
    page.action("save").trigger()
    assert not page.form_pane.is_open
    added = household_detail(context, home[0]).members[-1]
    assert (added.name, added.birth, added.relation) == ("Nguyễn Thị Bé", "2010", "Con")
    assert page.current_uid == home[0]
    assert [row.text for row in page._people.rows()][-1] == "Nguyễn Thị Bé"


def test_another_member_becomes_the_head(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page._people.choose(home[1][1])
    page.action("households.head").trigger()
    assert page.form_pane.title_label.text() == "Trần Thị Ánh làm chủ hộ"
    page.form_pane.form.set_raw({home[1][0]: "chồng"})
    page.action("save").trigger()
    detail = household_detail(context, home[0])
    assert detail.head.name == "Trần Thị Ánh"
    assert citizen_detail(context, home[1][0]).relation == "Chồng"
    assert page.panel.title_label.text() == "Hộ Trần Thị Ánh"
    assert "quan hệ của những người khác" in page.ask_bar.question


def test_without_a_chosen_member_it_says_what_to_choose(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page.action("households.head").trigger()
    assert page.ask_bar.question == "Chọn một người trong danh sách thành viên trước."
    assert focused() is page._people
    assert household_detail(context, home[0]).head.name == "Nguyễn Văn Ước"


def test_a_member_moves_to_another_household(context: Context, home: Home, other: Home, show: Any) -> None:
    page = opened(show, context, home)
    page._people.choose(home[1][2])
    page.action("households.move").trigger()
    type_text(focused(), "02-0001")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    type_text(focused(), "con rể")
    key(Qt.Key.Key_Return)
    type_text(focused(), "01/03/2026")
    key(Qt.Key.Key_Return)
    moved = citizen_detail(context, home[1][2])
    assert (moved.household.name, moved.relation) == ("02-0001", "Con rể")
    assert moved.hamlet.name == "Thôn 2"
    assert len(page._people.rows()) == 2


def test_a_head_of_others_is_not_moved_and_the_form_says_why(
    context: Context, home: Home, other: Home, show: Any
) -> None:
    page = opened(show, context, home)
    page._people.choose(home[1][0])
    page.on_move()
    page.form_pane.form.set_raw({"household": other[0]})
    assert not page.form_pane.save()
    assert "hãy chọn chủ hộ mới" in page.form_pane.form.field("new_head").message
    page.form_pane.form.set_raw({"household": other[0], "new_head": home[1][1]})
    assert page.form_pane.save()
    assert household_detail(context, home[0]).head.name == "Trần Thị Ánh"


def test_a_person_in_the_register_is_brought_here(context: Context, home: Home, other: Home, show: Any) -> None:
    page = opened(show, context, other)
    page.on_bring()
    page.form_pane.form.set_raw({"citizen": home[1][1], "relation": "Vợ"})
    assert page.form_pane.save()
    assert [member.name for member in household_detail(context, other[0]).members] == ["Lê Văn Bình", "Trần Thị Ánh"]


def test_the_relation_is_corrected_in_place(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page._people.choose(home[1][1])
    page.on_relation()
    page.form_pane.form.set_raw({"relation": "Vợ"})
    assert page.form_pane.save()
    assert citizen_detail(context, home[1][1]).relation == "Vợ"


def test_the_hamlet_is_changed_and_its_people_go_along(context: Context, home: Home, other: Home, show: Any) -> None:
    page = opened(show, context, home)
    page.on_edit()
    hamlet = household_detail(context, other[0]).hamlet
    page.form_pane.form.set_raw({"hamlet": hamlet.uid})
    assert page.form_pane.save()
    assert citizen_detail(context, home[1][1]).hamlet.name == "Thôn 2"


def test_a_household_joins_a_clan(context: Context, home: Home, show: Any) -> None:
    clan = save_clan(context, None, {"name": "Dòng họ Nguyễn Văn"}).uid
    page = opened(show, context, home)
    page.on_join_clan()
    type_text(focused(), "nguyen van")
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    key(Qt.Key.Key_Return)
    assert [link.uid for link in household_detail(context, home[0]).clans] == [clan]
    assert "Dòng họ Nguyễn Văn" in panel_text(page)


def test_a_new_household_gets_the_next_code_of_its_hamlet(context: Context, home: Home, show: Any) -> None:
    page = show(context, "households")
    page.on_add()
    hamlet = household_detail(context, home[0]).hamlet
    page.form_pane.form.set_raw({"hamlet": hamlet.uid, "address": "Số 5"})
    assert page.form_pane.save()
    assert household_detail(context, page.current_uid).code == "01-0002"
    assert page.panel.title_label.text() == "Hộ 01-0002"
    assert "Hộ chưa có ai" in panel_text(page)


def test_a_household_without_a_hamlet_is_refused_beside_the_field(context: Context, home: Home, show: Any) -> None:
    page = show(context, "households")
    page.on_add()
    assert not page.form_pane.save()
    assert page.form_pane.form.field("hamlet").message == "Chưa chọn thôn, tổ dân phố của hộ."


def test_a_code_that_is_used_names_whose_it_is(context: Context, home: Home, other: Home, show: Any) -> None:
    page = opened(show, context, other)
    page.on_edit()
    page.form_pane.form.set_raw({"code": "01-0001"})
    assert not page.form_pane.save()
    assert "Nguyễn Văn Ước" in page.form_pane.form.field("code").message


def test_removing_a_household_with_people_offers_to_remove_them_too(context: Context, home: Home, show: Any) -> None:
    page = opened(show, context, home)
    page.action("delete").trigger()
    assert page.ask_bar.question.startswith("Chưa xóa được hộ Nguyễn Văn Ước. Hộ còn 3 người")
    assert [button.text() for button in page.ask_bar.buttons] == ["Xóa hộ và cả 3 người", "Giữ lại"]
    page.ask_bar.buttons[0].click()
    assert household_list(context).count() == 0
    assert not citizen_detail(context, home[1][1]).is_present


def test_the_last_deed_is_offered_to_be_taken_back(context: Context, home: Home, show: Any, qtbot: Any) -> None:
    page = opened(show, context, home)
    page._people.choose(home[1][1])
    page.on_set_head()
    assert page.form_pane.save()
    assert page.window()._toast.undo_button.isVisible()
    with qtbot.waitSignal(page.window().undo_requested):
        page.window()._toast.undo_button.click()
