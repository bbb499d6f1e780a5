"""The keyboard in a list and its panel: nothing is lost when the text grows, Tab ends nowhere, questions keep to whom
they are about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import CitizenGroup
from desktop_app.services.context import Context
from desktop_app.services.moves.deeds import record_death
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.registry.search import search
from desktop_app.ui import theme
from desktop_app.ui.registry.edit_page import one_reason
from desktop_app.ui.widgets.basics import Button
from tests.factories import add_household
from tests.ui.conftest import type_text
from tests.ui.registry.conftest import focused, key

Show = Callable[[Context, str], Any]


def settle() -> None:
    for _ in range(4):
        QApplication.processEvents()


def called() -> str:
    """What a screen reader says of the thing with the focus."""
    widget = QApplication.focusWidget()
    return "" if widget is None else widget.accessibleName() or str(widget.property("text") or "")


def tab_round(most: int = 80) -> list[str]:
    """The names that Tab comes to until it is where it began."""
    begun, found = focused(), [called()]
    for _ in range(most):
        QTest.keyClick(focused(), Qt.Key.Key_Tab)
        settle()
        if QApplication.focusWidget() is begun:
            return found
        found.append(called())
    raise AssertionError(f"Tab never comes round: {found[-5:]}")


def test_the_chosen_person_and_the_focus_stay_when_the_text_grows(
    context: Context, show: Show, look: QApplication
) -> None:
    add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    page = show(context, "households")
    page.load_record()
    settle()
    people = page.panel.lists[0]
    people.setFocus()
    people.setCurrentRow(1)
    chosen = people.current_key
    theme.apply(look, percent=150)
    page.load_record()
    settle()
    assert page.panel.lists[0] is not people
    assert page.panel.lists[0].current_key == chosen
    assert called() == "Thành viên của hộ"


def test_tab_comes_round_on_an_empty_list_and_on_a_full_one(context: Context, show: Show) -> None:
    page = show(context, "clans")
    settle()
    assert "Thêm dòng họ" in tab_round()
    add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    page.window().announce_change("household")
    page.window().open_page("households")
    settle()
    assert "Thành viên của hộ" in tab_round()


def test_tab_goes_from_the_list_into_its_panel_and_each_link_is_one_stop(context: Context, show: Show) -> None:
    add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    page = show(context, "households")
    page.load_record()
    settle()
    page.focus_list()
    way = tab_round()
    assert way[1] == "Thôn: Thôn 1"
    inside = way[1 : way.index("Trợ giúp")]
    assert len(inside) == len(set(inside))
    assert way.index("Nhập khẩu") == way.index("Tìm theo mã hộ, tên người trong hộ…") + 1


def test_a_link_is_opened_by_enter(context: Context, show: Show) -> None:
    add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "households")
    page.load_record()
    settle()
    page.focus_list()
    QTest.keyClick(focused(), Qt.Key.Key_Tab)
    key(Qt.Key.Key_Return)
    assert page.window().current_page.title_text == "Thôn – tổ"


def test_enter_in_the_search_box_goes_to_the_rows_found(context: Context, show: Show) -> None:
    add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "households")
    page.window().focus_search()
    key(Qt.Key.Key_Return)
    assert focused() is page.list.view


def test_a_question_about_one_person_never_falls_on_another(context: Context, show: Show) -> None:
    _, (first, second) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    page = show(context, "citizens")
    page.open_target(second)
    page.on_erase()
    erase, _keep = page.ask_bar.buttons
    page.open_target(first)
    assert not page.ask_bar.isVisibleTo(page)
    erase.click()
    settle()
    assert {hit.uid for hit in search(context, "Trần Thị Ánh", 5).results} == {second}
    assert {hit.uid for hit in search(context, "Nguyễn Văn Ước", 5).results} == {first}


def test_advice_about_a_refused_removal_fits_the_person(context: Context, show: Show) -> None:
    _, members = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    page = show(context, "citizens")
    page.open_target(members[0])
    page.refuse_delete("Chưa xóa được.")
    assert "ghi nhận đã mất" in page.ask_bar.question
    assert record_death(context, members[0], new_head=members[1]).is_saved
    page.load_record()
    page.refuse_delete("Chưa xóa được.")
    assert "ghi nhận đã mất" not in page.ask_bar.question


def test_many_reasons_are_told_by_the_first_and_their_number() -> None:
    assert one_reason(["Còn 3 hộ ở đây."]) == "Còn 3 hộ ở đây."
    assert one_reason(["Còn 3 hộ ở đây.", "Còn 1 dòng họ ở đây."]) == "Còn 3 hộ ở đây. (Còn 1 lý do khác.)"


def test_changing_many_rows_has_its_button_above_the_list(context: Context, show: Show) -> None:
    add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "citizens")
    pills = [b for b in page.findChildren(Button) if b.accessibleName().startswith("Đổi thôn, chi hội, nhóm")]
    pills[0].click()
    settle()
    assert "1 người" in page.side.currentWidget().who_label.text()


def test_after_a_new_head_all_relations_are_corrected_in_one_form(context: Context, show: Show) -> None:
    household, members = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    page = show(context, "households")
    page.load_record()
    settle()
    page.panel.lists[0].setFocus()
    QTest.keyClick(focused(), Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    page.form_pane.form.set_raw({"new_head": members[1]})
    page.form_pane.save()
    settle()
    review = next(button for button in page.ask_bar.buttons if button.text() == "Sửa quan hệ")
    review.click()
    settle()
    assert page.form_pane.title_label.text().startswith("Quan hệ trong hộ Trần Thị Ánh")
    type_text(focused(), "con")
    page.form_pane.save()
    found = {member.uid: member.relation for member in household_detail(context, household).members}
    assert found[members[2]] == "Con"


def test_a_household_of_last_year_is_looked_at_by_keyboard(context: Context, show: Show) -> None:
    add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    page = show(context, "households")
    page.load_record()
    settle()
    page.focus_list()
    QTest.keyClick(focused(), Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    type_text(focused(), "2025")
    key(Qt.Key.Key_Return)
    settle()
    assert page.ask_bar.question.startswith("Ngày 31/12/2025 hộ ở Thôn 1, có 2 người: Nguyễn Văn Ước (chủ hộ)")
    assert not page.holds_form
    key(Qt.Key.Key_Return)
    assert focused() is page.list.view


def test_the_proposed_group_is_taken_by_one_button(context: Context, show: Show) -> None:
    _, (person,) = add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "citizens")
    page.load_record()
    settle()
    (take,) = [b for b in page.panel.findChildren(Button) if b.text() == "Chọn nhóm này" and b.isVisible()]
    take.click()
    settle()
    assert citizen_detail(context, person).group is CitizenGroup.RESIDENT
    assert not [b for b in page.panel.findChildren(Button) if b.text() == "Chọn nhóm này" and b.isVisible()]


def test_a_forms_head_scrolls_away_where_the_text_is_large(context: Context, show: Show, look: QApplication) -> None:
    add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "households")
    page.on_edit()
    settle()
    pane = page.form_pane
    assert not pane._holder.isAncestorOf(pane.title_label)
    theme.apply(look, percent=200)
    settle()
    assert pane._holder.isAncestorOf(pane.title_label)
    theme.apply(look, percent=100)
    settle()
    assert not pane._holder.isAncestorOf(pane.title_label)


def test_in_a_narrow_window_the_word_of_success_goes_when_the_work_goes_on(
    context: Context, show: Show, look: QApplication
) -> None:
    add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "households")
    theme.apply(look, percent=200)
    settle()
    page.window().notify("Đã cất.", can_undo=True)
    settle()
    toast = page.window()._toast
    assert toast.isVisible()
    page.on_edit()
    settle()
    assert not toast.isVisible()


def test_what_a_list_does_not_have_is_found_in_the_whole_register(context: Context, show: Show) -> None:
    _, (person,) = add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "hamlets")
    window = page.window()
    window.focus_search()
    type_text(focused(), "uoc nguyen")
    key(Qt.Key.Key_Return)
    settle()
    assert window.current_page.title_text == "Công dân"
    assert window.current_page.current_uid == person


def test_a_list_that_finds_something_shows_no_second_list(context: Context, show: Show) -> None:
    add_household(context, members=("Nguyễn Văn Ước",))
    page = show(context, "hamlets")
    window = page.window()
    window.focus_search()
    type_text(focused(), "thôn 2")
    key(Qt.Key.Key_Return)
    assert not window._popup.isVisible()
    assert focused() is page.list.view
