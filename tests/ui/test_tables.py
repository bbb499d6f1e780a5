"""Lists: pages of rows by SQL's order, columns that keep their width, keys that work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.widgets import state
from desktop_app.ui.widgets.paged_model import KEPT_PAGES, PAGE_ROWS, PagedTableModel, cell_text
from tests.ui.conftest import press, type_text


@dataclass(frozen=True)
class Row:
    name: str
    score: int | None
    result: w.ChipData


class CountingSource:
    """A list that never exists as a whole and writes down what was asked of it."""

    def __init__(self, total: int, order: tuple[str, bool] | None = None, asked: list | None = None) -> None:
        self.total = total
        self.order = order
        self.asked: list[tuple[int, int]] = asked if asked is not None else []

    def count(self) -> int:
        return self.total

    def rows(self, offset: int, limit: int) -> Sequence[Row]:
        self.asked.append((offset, limit))
        end = min(self.total, offset + limit)
        numbers = range(offset, end)
        if self.order is not None and self.order[1]:
            numbers = range(self.total - 1 - offset, self.total - 1 - end, -1)
        return [Row(f"Người {n}", n % 101, w.ChipData("Đạt", "passed")) for n in numbers]

    def sorted(self, column: str, *, descending: bool = False) -> CountingSource:
        return CountingSource(self.total, (column, descending), self.asked)


COLUMNS = (
    w.Column("name", "Họ và tên", 160, "strong", stretch=1),
    w.Column("score", "Điểm", 80, "number"),
    w.Column("result", "Kết quả", 130, "chip", is_sortable=False),
)


def _table(qtbot, key: str = "test.people", total: int = 100_000, width: int = 700) -> w.DataTable:
    table = w.DataTable(key, COLUMNS)
    qtbot.addWidget(table)
    table.resize(width, 500)
    table.show()
    table.set_source(CountingSource(total))
    QApplication.processEvents()
    return table


def test_a_list_of_a_hundred_thousand_asks_only_for_what_is_seen(qtbot) -> None:
    source = CountingSource(100_000)
    table = w.DataTable("test.many", COLUMNS)
    qtbot.addWidget(table)
    table.resize(700, 500)
    table.show()
    table.set_source(source)
    QApplication.processEvents()
    assert set(source.asked) == {(0, PAGE_ROWS)}
    table.select_row(99_999)
    QApplication.processEvents()
    assert table.current().name == "Người 99999"
    assert sum(limit for _, limit in source.asked) <= 4 * PAGE_ROWS


def test_choosing_all_of_a_long_list_asks_no_row_one_by_one(qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    table = _table(qtbot, total=30_000)
    asked = []
    count = PagedTableModel.columnCount
    monkeypatch.setattr(PagedTableModel, "columnCount", lambda *args: asked.append(1) or count(*args))
    table.view.selectAll()
    QApplication.processEvents()
    table.view.horizontalHeader().viewport().repaint()
    assert len(table.view.selectionModel().selection().toList()) == 1
    assert len(asked) < 5_000


@given(st.lists(st.integers(0, 5_000), min_size=1, max_size=60))
def test_any_walk_through_a_list_shows_the_right_rows_and_keeps_few(places: list[int]) -> None:
    source = CountingSource(5_001)
    model = w.PagedTableModel(COLUMNS, source)
    for place in places:
        assert model.row_at(place).name == f"Người {place}"
    assert len(model._pages) <= KEPT_PAGES
    assert all(limit == PAGE_ROWS for _, limit in source.asked)
    assert model.row_at(-1) is None
    assert model.row_at(5_001) is None


def test_a_click_on_a_header_lets_the_source_sort(qtbot) -> None:
    table = _table(qtbot)
    table.view.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert table.paged.sort_order == ("score", True)
    assert table.paged.row_at(0).name == "Người 99999"
    table.view.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert table.paged.sort_order == ("score", True)
    table.set_source(CountingSource(10))
    assert table.paged.row_at(0).name == "Người 9"


def test_arrows_home_end_enter_work_and_letters_select_nothing(qtbot) -> None:
    table = _table(qtbot, total=300)
    opened: list[str] = []
    table.row_opened.connect(lambda row: opened.append(row.name))
    view = table.view
    press(view, Qt.Key.Key_End)
    assert table.current().name == "Người 299"
    type_text(view, "Người 7")
    assert table.current().name == "Người 299"
    press(view, Qt.Key.Key_Home)
    press(view, Qt.Key.Key_Down)
    press(view, Qt.Key.Key_Return)
    assert opened == ["Người 1"]


def test_the_selected_record_is_told_also_when_the_list_becomes_empty(qtbot) -> None:
    table = w.DataTable("test.select", COLUMNS)
    qtbot.addWidget(table)
    seen: list[str | None] = []
    table.row_selected.connect(lambda row: seen.append(row.name if row is not None else None))
    table.set_source(CountingSource(3))
    table.select_row(2)
    table.set_source(CountingSource(0))
    assert seen[0] == "Người 0"
    assert seen[-2:] == ["Người 2", None]


def test_column_widths_order_and_visibility_are_kept_for_the_next_start(qtbot) -> None:
    table = _table(qtbot)
    header = table.view.horizontalHeader()
    header.resizeSection(1, 123)
    header.moveSection(2, 1)
    table.set_column_shown(1, False)
    again = _table(qtbot)
    header = again.view.horizontalHeader()
    assert header.isSectionHidden(1)
    assert header.visualIndex(2) == 1
    again.set_column_shown(1, True)
    assert header.sectionSize(1) == 123
    again.reset_columns()
    assert header.sectionSize(1) == 80
    assert header.visualIndex(2) == 2


def test_widths_kept_at_one_text_size_are_right_at_another(qtbot, look: QApplication) -> None:
    table = _table(qtbot)
    table.view.horizontalHeader().resizeSection(1, 100)
    theme.apply(look, percent=150)
    assert table.view.horizontalHeader().sectionSize(1) == 150


def test_damaged_memory_of_columns_is_ignored(qtbot) -> None:
    state.remember("columns/test.people", '{"widths": {"name": "rộng"}, "order": 5')
    table = _table(qtbot)
    assert table.view.horizontalHeader().sectionSize(1) == 80


def test_the_stretching_column_takes_what_is_left(qtbot) -> None:
    table = _table(qtbot, total=3)
    header = table.view.horizontalHeader()
    total = sum(header.sectionSize(i) for i in range(3))
    assert total == table.view.viewport().width()
    table.resize(1000, 500)
    QApplication.processEvents()
    assert sum(header.sectionSize(i) for i in range(3)) == table.view.viewport().width()


def test_figures_stand_at_the_right_and_missing_ones_are_a_dash(qtbot) -> None:
    table = _table(qtbot, total=3)
    index = table.paged.index(0, 1)
    assert index.data(Qt.ItemDataRole.TextAlignmentRole) & int(Qt.AlignmentFlag.AlignRight)
    assert cell_text(COLUMNS[1], None) == "–"
    assert cell_text(COLUMNS[1], 11830) == "11.830"
    assert cell_text(COLUMNS[2], w.ChipData("Đạt", "passed")) == "Đạt"


def test_an_empty_list_says_what_to_do_first(qtbot) -> None:
    table = _table(qtbot, total=0)
    empty = w.EmptyState("users", "Chưa có ai. Hãy nhập danh sách.", "Nhập khẩu")
    table.set_placeholder(empty)
    assert empty.isVisible()
    assert not table.view.isVisible()
    table.set_source(CountingSource(1))
    assert not empty.isVisible()
    assert table.view.isVisible()


def test_reading_again_keeps_the_place_when_nothing_came_or_went(qtbot) -> None:
    table = _table(qtbot, total=1000)
    table.select_row(700)
    table.reload()
    assert table.current().name == "Người 700"


@pytest.mark.parametrize("kind", ["text", "strong", "quiet", "small", "number", "check"])
def test_every_kind_of_cell_is_painted(kind: str, qtbot) -> None:
    values = [True, 7, 7.5, "chữ", None, w.ToneText("78", "failed", True), w.BarCell(0.5, 0.7, 0.6), w.ChipData("Đạt")]
    table = w.DataTable(f"test.{kind}", [w.Column("x", "X", 200, kind, value=lambda v: v)])
    qtbot.addWidget(table)
    table.resize(300, 500)
    table.show()
    table.set_source(w.ListSource(values))
    assert not table.grab().isNull()
