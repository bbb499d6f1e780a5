"""What a list shows can be taken out: the chosen columns, the filter and the order of the screen."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine

from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.documents.shown_list import ShownColumn, ShownList, write_shown_workbook
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.ui.registry import list_output
from desktop_app.ui.registry.list_output import output_menu, shown_list
from desktop_app.ui.widgets import dialogs
from tests.factories import add_household


@pytest.fixture
def family(context: Context) -> list[str]:
    """Uids of three people, the first born in 1950."""
    _, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt"))
    save_citizen(context, people[0], {"birth": "1950"})
    return people


def test_the_workbook_holds_what_the_screen_shows(
    context: Context, family: list[str], show: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(context, "citizens")
    path = tmp_path / "danh_sach.xlsx"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *a, **k: path)
    keys = [column.key for column in page.columns]
    page.list.set_column_shown(keys.index("sex"), True)
    page.list.set_column_shown(keys.index("group"), False)
    page.on_export()
    assert page.shell.tasks.wait_all()
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    heads = [cell.value for cell in sheet[4]]
    assert "Giới" in heads
    assert "Nhóm" not in heads
    names = [row[1] for row in sheet.iter_rows(min_row=5, values_only=True)]
    assert names == [page.list.paged.row_at(row).name for row in range(page.list.paged.rowCount())]
    (newest,) = history.operations(context)[:1]
    assert newest.kind == "list.export"
    assert "Công dân" in newest.sentence


def test_the_head_of_the_paper_says_what_the_list_is_narrowed_to(
    context: Context, family: list[str], show: Any
) -> None:
    page = show(context, "citizens")
    page.age_chip.set_value((60, None))
    page.apply_filters()
    made = shown_list(page)
    assert "Tuổi: từ 60" in made.note
    assert made.count == len(list(made.rows)) == page.list.paged.rowCount()


def test_f9_shows_the_list_as_paper(context: Context, family: list[str], show: Any) -> None:
    page = show(context, "households")
    shell = page.shell
    page.on_print()
    assert shell.tasks.wait_all()
    assert shell.current_page.view.page_count == 1
    shell.pop()
    assert shell.current_page is page


def test_people_of_whom_something_is_missing_are_found(context: Context, family: list[str], show: Any) -> None:
    save_citizen(context, family[1], {"birth": ""})
    page = show(context, "citizens")
    page.missing_chip.set_value("birth")
    page.apply_filters()
    assert [page.list.paged.row_at(row).uid for row in range(page.list.paged.rowCount())] == [family[1]]


@pytest.mark.parametrize("key", ["citizens", "households"])
def test_the_template_is_offered_empty_and_with_the_people_of_each_hamlet(
    context: Context, family: list[str], show: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    page = show(context, key)
    menu = output_menu(page)
    *_, filled, empty = menu.actions()
    assert filled.menu() is not None
    assert [action.text() for action in filled.menu().actions()] == ["cả xã (3 người)…", "Thôn 1 (3 người)…"]
    path = tmp_path / "mau.xlsx"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *a, **k: path)
    empty.trigger()
    assert page.shell.tasks.wait_all()
    assert "mẫu trống" in page.banner.text_label.text()
    filled.menu().actions()[1].trigger()
    assert page.shell.tasks.wait_all()
    assert "Đã ghi 3 người" in page.banner.text_label.text()
    words = [
        cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows(values_only=True) for cell in row
    ]
    assert "Trần Thị Ánh" in words


def test_a_hamlet_shortened_on_the_screen_leaves_it_with_its_whole_name(sample: Context, show: Any) -> None:
    page = show(sample, "citizens")
    column = next(column for column in page.columns if column.key == "hamlet")
    seen = {column.cell(page.list.paged.row_at(row)) for row in range(60)}
    assert any(name.startswith("TDP ") for name in seen)
    assert not any(name.startswith("Tổ dân phố") for name in seen)
    taken = {cell for row in shown_list(page).rows for cell in row}
    assert any(str(cell).startswith("Tổ dân phố ") for cell in taken)
    assert not any(str(cell).startswith("TDP ") for cell in taken)


def test_the_worker_that_makes_the_paper_asks_no_widget(
    context: Context, family: list[str], show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(context, "citizens")
    ours = []
    shown_columns = page.list.shown_columns

    def asked() -> Any:
        ours.append(threading.current_thread() is threading.main_thread())
        return shown_columns()

    monkeypatch.setattr(page.list, "shown_columns", asked)
    shell = page.shell
    page.on_print()
    assert shell.tasks.wait_all()
    assert ours and all(ours)


def test_a_print_that_was_stopped_is_not_written_down_and_one_that_was_made_is_once(
    context: Context, family: list[str], show: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(context, "citizens")
    shell = page.shell

    def stopped(*_args: Any, **_more: Any) -> int:
        raise Cancelled

    with monkeypatch.context() as patch:
        patch.setattr(list_output, "write_shown_pdf", stopped)
        page.on_print()
        assert shell.tasks.wait_all()
    assert [item.kind for item in history.operations(context)].count("list.print") == 0
    shell.current_page.refresh()
    assert shell.tasks.wait_all()
    shell.current_page.refresh()
    assert shell.tasks.wait_all()
    assert [item.kind for item in history.operations(context)].count("list.print") == 1


@pytest.mark.parametrize("rows_written", [0, 500])
def test_an_export_that_is_stopped_leaves_no_half_file_and_keeps_the_older_one(
    tmp_path: Path, rows_written: int
) -> None:
    path = tmp_path / "cu.xlsx"
    path.write_bytes(b"older")
    rows = ((f"Người {number}",) for number in range(2_000))

    def stop(done: int, _total: int, _text: str) -> None:
        if done >= rows_written:
            raise Cancelled

    shown = ShownList("UBND", "Danh sách", "", (ShownColumn("Họ và tên", 100),), rows, 2_000)
    with pytest.raises(Cancelled):
        write_shown_workbook(shown, path, progress=Progress(stop))
    assert [item.name for item in tmp_path.iterdir()] == ["cu.xlsx"]
    assert path.read_bytes() == b"older"


def test_an_export_is_written_behind_the_window_with_a_count_that_can_be_stopped(
    context: Context, family: list[str], show: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = show(context, "citizens")
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *a, **k: tmp_path / "moi.xlsx")
    seen: list[bool] = []

    def written(shown: ShownList, out: Path, *, progress: Any) -> None:
        seen.append(threading.current_thread() is threading.main_thread())
        progress.step(1, shown.count, "Đang ghi")
        raise Cancelled

    monkeypatch.setattr(list_output, "write_shown_workbook", written)
    page.on_export()
    assert page.shell.tasks.wait_all()
    assert seen == [False]
    assert [item.kind for item in history.operations(context)].count("list.export") == 0


def test_what_looks_like_a_formula_or_breaks_the_format_is_plain_text_in_the_workbook(tmp_path: Path) -> None:
    texts = ("=1+1", "+84 90", "<b> & “x”", " hai đầu ", "a\x00b\ud800c", "dòng\nhai", "x" * 40_000, "")
    shown = ShownList("=UBND", "Danh sách", "n", (ShownColumn("Chữ", 90), ShownColumn("Số", 90, True)),
                      [(text, 12.5) for text in texts], len(texts))  # fmt: skip
    write_shown_workbook(shown, tmp_path / "ds.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "ds.xlsx").active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=5))
    assert [row[0].value for row in rows] == list(range(1, len(texts) + 1))
    assert [row[1].value for row in rows] == [*texts[:4], "abc", "dòng\nhai", "x" * 32_767, None]
    assert {(row[1].data_type, row[1].number_format) for row in rows[:-1]} == {("s", "@")}
    assert {row[2].value for row in rows} == {12.5}
    read = python_calamine.CalamineWorkbook.from_path(tmp_path / "ds.xlsx").get_sheet_by_index(0).to_python()
    assert [row[1] for row in read[4:]] == [*texts[:4], "abc", "dòng\nhai", "x" * 32_767, ""]
    assert read[0][0] == "=UBND"
