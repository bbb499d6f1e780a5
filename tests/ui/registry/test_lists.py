"""The lists: counted, searched, filtered and sorted by the database, with what they say when they are empty."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_app.models.records import VerdictState
from desktop_app.models.types import CitizenGroup, Poverty
from desktop_app.services.context import Context
from desktop_app.services.registry.citizen_list import Residence
from desktop_app.services.vietnamese import name_sort_key
from desktop_app.ui.help import keys_html
from desktop_app.ui.registry.list_output import output_menu
from desktop_app.ui.registry.target import ListTarget
from desktop_app.ui.widgets import state
from tests.factories import add_household
from tests.ui.conftest import press, type_text
from tests.ui.registry.conftest import focused, key, names, panel_text


def test_the_title_counts_everybody_and_what_a_filter_leaves(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    assert page.subtitle == "1.342 người"
    page.outcome_chip._on_chosen(VerdictState.FAILED)
    assert page.subtitle == "49 / 1.342 người"


def test_typing_in_the_header_narrows_the_list_without_accents_and_keeps_the_focus_there(
    sample: Context, show: Any, qtbot: Any
) -> None:
    page = show(sample, "citizens")
    box = page.window().header.search_box
    box.setFocus()
    type_text(box, "le cong an")
    qtbot.waitUntil(lambda: page.subtitle.endswith("/ 1.342 người"))
    assert names(page)
    assert all(name == "Lê Công An" for name in names(page))
    assert focused() is box
    press(box, Qt.Key.Key_Escape)
    assert page.subtitle == "1.342 người"


def test_enter_in_the_search_box_goes_into_the_list(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    box = page.window().header.search_box
    box.setFocus()
    type_text(box, "02-0001")
    press(box, Qt.Key.Key_Return)
    assert len(names(page)) == 5
    assert page.isAncestorOf(focused())


def test_names_stand_in_vietnamese_order_and_turn_round(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    first = names(page)
    assert first == sorted(first, key=name_sort_key)
    page.list.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    turned = names(page)
    assert [name_sort_key(name) for name in turned] == sorted(map(name_sort_key, first), reverse=True)


def test_every_column_that_says_so_can_be_sorted_by(sample: Context, show: Any) -> None:
    for page_key in ("citizens", "households", "clans", "hamlets", "organizations"):
        page = show(sample, page_key)
        count = page.list.paged.rowCount()
        for index, column in enumerate(page.columns):
            if column.is_sortable:
                page.list.view.sortByColumn(index, Qt.SortOrder.AscendingOrder)
                assert page.list.paged.rowCount() == count
                assert count == 0 or page.list.paged.row_at(0) is not None


def test_chips_narrow_by_hamlet_group_result_residence_and_missing_number(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    choice = next(value for value, words in page.hamlet_chip._choices if words == "Thôn 2")
    page.hamlet_chip._on_chosen(choice)
    assert page.subtitle == "163 / 1.342 người"
    page.group_chip._on_chosen(CitizenGroup.WORKER)
    rows = [page.list.paged.row_at(row) for row in range(page.list.paged.rowCount())]
    assert {(row.hamlet, row.group) for row in rows} == {("Thôn 2", CitizenGroup.WORKER)}
    page.clear_filters()
    assert page.cccd_chip.text() == "Thiếu CCCD: 209"
    page.cccd_chip.setChecked(True)
    assert page.subtitle == "209 / 1.342 người"
    page.clear_filters()
    page.residence_chip._on_chosen(Residence.MOVED)
    assert page.subtitle == "0 / 1.342 người"


def test_households_are_narrowed_by_kind(sample: Context, show: Any) -> None:
    page = show(sample, "households")
    page.poverty_chip._on_chosen(Poverty.POOR)
    assert page.subtitle == "32 / 420 hộ"
    page.poverty_chip._on_chosen(Poverty.NEAR_POOR)
    assert page.subtitle == "28 / 420 hộ"


def test_a_filter_without_hits_says_so_and_is_taken_away_by_one_button(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    page.search_text = "không có ai tên thế này"
    page.on_search(page.search_text)
    empty = page._nothing.currentWidget()
    assert "không có ai tên thế này" in empty.sentence_label.text()
    assert not page.pair.shows_panel
    empty.button.click()
    assert page.subtitle == "1.342 người"
    assert page.list.view.isVisible()


def test_an_empty_register_says_what_to_do_first(context: Context, show: Any) -> None:
    page = show(context, "citizens")
    assert page.subtitle == "0 người"
    assert page._empty.sentence_label.text().startswith("Sổ chưa có công dân nào.")
    assert page._empty.button.text() == "Nhập khẩu"
    assert focused() is page._empty.button
    clans = show(context, "clans")
    assert clans._empty.button.text() == "Thêm dòng họ"
    clans._empty.button.click()
    assert clans.form_pane.is_open


def test_the_import_wizard_is_pushed_on_top(context: Context, show: Any) -> None:
    page = show(context, "citizens")
    page.open_import()
    assert type(page.window().current_page).__name__ == "ImportPage"
    page.window().pop()
    assert page.window().current_page is page


@pytest.mark.parametrize("name", ["citizens", "households"])
def test_a_list_is_brought_in_by_key_and_the_key_is_told(sample: Context, show: Any, name: str) -> None:
    page = show(sample, name)
    button = next(made for made in page.header_buttons if made.text() == "Nhập khẩu")
    assert "(Ctrl+I)" in button.toolTip()
    assert "Ctrl+I" in keys_html(page)
    assert page.action(f"{name}.import") in output_menu(page).actions()
    QTest.keyClick(focused(), Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    assert type(page.window().current_page).__name__ == "ImportPage"


def test_columns_that_a_person_chose_are_kept(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    index = next(i for i, column in enumerate(page.columns) if column.key == "occupation")
    assert page.list.view.isColumnHidden(index)
    page.list.set_column_shown(index, True)
    again = show(sample, "citizens")
    assert not again.list.view.isColumnHidden(index)
    assert "occupation" not in state.recall("columns/registry.citizen").split('"hidden"')[1]


def test_the_record_stays_chosen_when_the_list_is_read_again(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    page.list.select_row(700)
    page.load_record()
    chosen = page.current_uid
    page.refresh()
    assert page.current_uid == chosen
    assert page.list.current().uid == chosen


def test_a_held_arrow_key_reads_only_the_last_record(sample: Context, show: Any, qtbot: Any) -> None:
    page = show(sample, "citizens")
    seen: list[str] = []
    original = page.read
    page.read = lambda uid: seen.append(uid) or original(uid)
    for _ in range(10):
        key(Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: len(seen) == 1)
    assert seen == [page.list.current().uid]
    assert page.panel.title_label.text() == page.list.current().name


def test_another_screen_may_ask_for_the_people_of_a_hamlet(sample: Context, show: Any) -> None:
    page = show(sample, "hamlets")
    page.open_link("citizens", f"hamlet:{page.current_uid}")
    citizens = page.window().page("citizens")
    assert page.window().current_page is citizens
    assert citizens.subtitle == "161 / 1.342 người"
    citizens.open_target(ListTarget(text="nguyen lan"))
    assert citizens.window().header.search_box.text() == "nguyen lan"
    assert citizens.chosen_hamlet is None


def test_a_record_that_a_filter_hides_is_shown_by_taking_the_filter_away(context: Context, show: Any) -> None:
    add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    page = show(context, "citizens")
    uid = next(page.list.paged.row_at(row).uid for row in range(2) if names(page)[row] == "Trần Thị Ánh")
    page.search_text = "ước"
    page.on_search("ước")
    assert names(page) == ["Nguyễn Văn Ước"]
    page.open_target(uid)
    assert len(names(page)) == 2
    assert page.list.current().uid == uid
    assert "Trần Thị Ánh" in panel_text(page)


def test_f6_goes_to_the_panel_and_esc_back(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    assert focused() is page.list.view
    page.action("citizens.panel").trigger()
    assert focused().text() == "Mở phiếu"
    key(Qt.Key.Key_Escape)
    assert focused() is page.list.view
    key(Qt.Key.Key_Return)
    assert focused().text() == "Mở phiếu"


def test_the_right_button_offers_form_change_and_removal(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    assert [action.text() for action in page.menu_actions()][:3] == [
        "Mở phiếu chấm",
        "Sửa",
        "Xóa (hỏi lại trước khi xóa)",
    ]


def test_lists_and_their_parts_have_names_for_screen_readers(sample: Context, show: Any) -> None:
    for page_key in ("citizens", "households", "clans", "hamlets", "organizations", "journal"):
        page = show(sample, page_key)
        assert page.list.view.accessibleName() == page.title_text
        unnamed = [
            widget
            for widget in page.findChildren(object)
            if hasattr(widget, "focusPolicy")
            and widget.isVisible()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not (widget.accessibleName() or getattr(widget, "text", lambda: "")())
            and type(widget).__name__ not in ("ScrollBody", "QScrollArea", "DataTable", "QStackedWidget")
        ]
        assert unnamed == []
        QApplication.processEvents()


def test_columns_give_way_when_the_room_is_short_and_come_back(sample: Context, show: Any, qtbot: Any) -> None:
    page = show(sample, "citizens")
    shown = [not page.list.view.isColumnHidden(index) for index in range(7)]
    assert all(shown)
    page.window().resize(1240, 728)
    group = next(i for i, column in enumerate(page.columns) if column.key == "group")
    qtbot.waitUntil(lambda: page.list.view.isColumnHidden(group))
    assert not page.list.view.isColumnHidden(6)
    assert page.list.view.horizontalScrollBar().maximum() == 0
    page.list.set_column_shown(7, True)
    assert "group" not in state.recall("columns/registry.citizen").split('"hidden"')[1]
    page.list.set_column_shown(7, False)
    page.window().resize(1366, 728)
    qtbot.waitUntil(lambda: not page.list.view.isColumnHidden(group))
