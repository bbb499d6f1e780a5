"""Workbooks as offices really fill them: rows taken away, renumbered and added, sums and signatures below, sheets named
otherwise, thousands, bands as stretches; nothing silently lost or taken for something else."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.loader import get_set
from desktop_app.services.criteria.workbook.cells import CellError, percent_of, points_of
from desktop_app.services.criteria.workbook.grid import CriteriaBook
from desktop_app.services.criteria.workbook.read import WorkbookReading, read_workbook
from desktop_app.services.criteria.workbook.write import write_workbook
from desktop_app.services.errors import UserError

Change = Callable[[Any], object]
COMMUNE_SHARE = "công dân có mặt trong xã được công nhận Công dân học tập"


def filled(key: str, path: Path, change: Change) -> WorkbookReading:
    """A shipped set's workbook, changed, and read against the shipped set."""
    base = get_set(key)
    write_workbook(base, path)
    book = load_workbook(path)
    change(book)
    book.save(path)
    return read_workbook(path, lambda _key, _version: base)


def taken(reading: WorkbookReading) -> CriteriaSet:
    assert not reading.problems, [str(problem) for problem in reading.problems]
    assert reading.definition is not None
    return reading.definition


def told(reading: WorkbookReading) -> str:
    return "\n".join(str(problem) for problem in reading.problems)


def head(book: Any, label: str, value: Any) -> None:
    page = book["Bộ tiêu chí"]
    page.cell(next(cell.row for cell in page["A"] if cell.value == label), 2).value = value


def test_a_row_that_is_deleted_takes_its_levels_and_guidance_along(tmp_path: Path) -> None:
    reading = filled("citizen.worker", tmp_path / "b.xlsx", lambda book: book["Chỉ số"].delete_rows(5))
    d = taken(reading)
    assert [i.code for i in d.indicators] == ["1", *map(str, range(3, 11))]
    assert d.by_code["3"].levels == get_set("citizen.worker").by_code["3"].levels
    assert any("Dòng 2 không còn ở trang “Chỉ số”" in warning for warning in reading.warnings)


def test_rows_renumbered_after_one_is_gone_keep_their_own_answers_and_the_new_one_gets_none(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        page.delete_rows(5)
        rows = [row for row in range(3, page.max_row + 1) if page.cell(row, 2).value == "Chỉ số"]
        for number, row in enumerate(rows, 1):
            page.cell(row, 1).value = str(number)
        for column, value in enumerate(("10", "Chỉ số", "Dòng mới của tỉnh", 10), 1):
            page.cell(page.max_row if column > 1 else page.max_row + 1, column).value = value

    base = get_set("citizen.worker")
    d = taken(filled("citizen.worker", tmp_path / "b.xlsx", change))
    by_number = {i.number: i for i in d.indicators}
    assert by_number["2"].code == "3" and by_number["2"].text == base.by_code["3"].text
    assert by_number["2"].levels == base.by_code["3"].levels
    assert by_number["10"].code not in base.by_code and not by_number["10"].levels


def test_a_new_row_in_the_place_of_another_does_not_inherit_its_answers(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        page.delete_rows(5)
        page.insert_rows(5)
        for column, value in enumerate((2, "Chỉ số", "Chuyện khác hẳn", 10), 1):
            page.cell(5, column).value = value

    d = taken(filled("citizen.worker", tmp_path / "b.xlsx", change))
    made = d.indicators[1]
    assert made.number == "2" and made.code not in get_set("citizen.worker").by_code and not made.levels


def test_one_number_for_two_rows_is_told_at_the_second(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Chỉ số"]["A5"] = "1"

    reading = filled("citizen.worker", tmp_path / "b.xlsx", change)
    assert told(reading) == "Chỉ số!A5: “1” đã có ở dòng 4; mỗi dòng một số riêng, ví dụ 2.1"


def test_a_missing_heading_of_a_criterion_is_told_once(tmp_path: Path) -> None:
    reading = filled("citizen.worker", tmp_path / "b.xlsx", lambda book: book["Chỉ số"].delete_rows(3))
    assert told(reading) == "Chỉ số!B3: phía trên chỉ số này phải có một dòng “Tiêu chí”"


@pytest.mark.parametrize(
    "row",
    [
        (None, None, "Tổng cộng", 100),
        ("Tổng cộng", None, None, "100 điểm"),
        ("TỔNG SỐ", None, None, None),
        ("Cộng:", None, None, "=SUM(D3:D15)/2"),
        ("Ghi chú: điểm liệt là 5", None, None, None),
        (None, None, "TM. ỦY BAN NHÂN DÂN", None),
        ("STT", None, "Nội dung", "Điểm tối đa"),
        ("(1)", None, "(2)", "(3)"),
    ],
)
def test_what_stands_below_the_table_of_an_annex_is_no_indicator(row: tuple[Any, ...], tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        below = page.max_row + 2
        for column, value in enumerate(row, 1):
            page.cell(below, column).value = value

    reading = filled("citizen.worker", tmp_path / "b.xlsx", change)
    assert taken(reading) == get_set("citizen.worker")


def test_a_sum_below_the_table_that_the_rows_do_not_meet_is_told(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        page["A17"], page["D17"] = "Tổng cộng", 120

    reading = filled("citizen.worker", tmp_path / "b.xlsx", change)
    assert told(reading) == "Chỉ số!D17: ghi 120 nhưng điểm tối đa các chỉ số cộng lại là 100"


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.000", 1000), ("1,000", 1000), ("1.200 điểm", 1200), ("1.000,5", 1000.5), ("7,5", 7.5), ("7.50", 7.5),
     ("10 (mười) điểm", 10), ("0-10", 10), ("0 – 1.000 điểm", 1000)],
)  # fmt: skip
def test_thousands_are_thousands_and_halves_halves(text: str, number: float) -> None:
    assert points_of(text, "điểm", of_range=True) == number


@pytest.mark.parametrize(
    ("text", "number"), [("85-100", 85), ("70 đến dưới 85", 70), ("từ 50 - <70 điểm", 50), ("≥ 85", 85)]
)
def test_a_band_may_be_written_as_a_stretch(text: str, number: float) -> None:
    assert points_of(text, "điểm", from_range=True) == number


def test_a_percentage_is_no_thousand() -> None:
    assert percent_of("0,125", "tỷ lệ") == 12.5
    with pytest.raises(CellError):
        percent_of("1.000.000", "tỷ lệ")


def test_a_set_of_a_thousand_points_keeps_its_pass_mark(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        for row in range(3, page.max_row + 1):
            if page.cell(row, 2).value == "Chỉ số":
                page.cell(row, 4).value = "100 điểm"
        head(book, "Điểm đạt", "800/1.000")
        head(book, "Tổng điểm tối đa", "1.000")
        head(book, "Điểm sàn", 50)

    d = taken(filled("citizen.worker", tmp_path / "b.xlsx", change))
    assert d.pass_mark is not None and (d.pass_mark.value, d.max_total, d.least_score) == (800, 1000, 50)


def test_sheets_and_headings_are_known_however_they_are_written(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Xếp loại"].title = "XẾP LOẠI (2)"
        book["Chỉ số"].title = "1. Chỉ số"
        book["Bộ tiêu chí"].title = "Thông tin"
        book["Mức điểm"].sheet_state = "hidden"
        for cell in book["1. Chỉ số"][2]:
            cell.value = unicodedata.normalize("NFD", cell.value.upper()).replace(" ", "\n ", 1)
        head_page = book["Thông tin"]
        head_page.insert_cols(1)
        book._sheets.reverse()

    reading = filled("organization.tt22", tmp_path / "b.xlsx", change)
    assert taken(reading) == get_set("organization.tt22") and not reading.warnings


def test_the_columns_of_the_first_sheet_may_change_places(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Bộ tiêu chí"]
        for row in range(1, page.max_row + 1):
            values = [page.cell(row, column).value for column in range(1, 6)]
            for column, value in enumerate((values[4], values[1], values[0], values[3], values[2]), 1):
                page.cell(row, column).value = value

    assert taken(filled("citizen.worker", tmp_path / "b.xlsx", change)) == get_set("citizen.worker")


def test_a_sheet_that_is_gone_or_not_understood_is_said(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Xếp loại"].title = "Phân hạng"

    reading = filled("organization.tt22", tmp_path / "b.xlsx", change)
    assert taken(reading).bands == get_set("organization.tt22").bands
    said = " ".join(reading.warnings)
    assert "không có trang “Xếp loại” nên phần đó giữ như “Đơn vị học tập" in said and "“Phân hạng”" in said


def test_a_file_that_does_not_say_which_set_it_is_asks_for_it_in_words(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["STT", "Nội dung", "Điểm tối đa"])
    book.active.append(["I", "Tiêu chí một", None])
    book.active.append([1, "Dòng một", 100])
    book.save(tmp_path / "b.xlsx")
    with pytest.raises(UserError) as refused:
        read_workbook(tmp_path / "b.xlsx", lambda _key, _version: None)
    assert refused.value.code == "criteria.set_unnamed" and "chưa có gì thay đổi" in refused.value.message


def test_hidden_rows_are_read_and_said(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Chỉ số"].row_dimensions[5].hidden = True

    reading = filled("citizen.worker", tmp_path / "b.xlsx", change)
    assert reading.is_unchanged and any("hàng bị ẩn vẫn được đọc: 5" in warning for warning in reading.warnings)


def test_a_heading_in_one_merged_cell_is_taken_apart(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        page["A3"], page["C3"] = "I. Năng lực của tỉnh", None
        page.merge_cells("A3:C3")

    d = taken(filled("citizen.worker", tmp_path / "b.xlsx", change))
    assert (d.criteria[0].number, d.criteria[0].name) == ("I", "Năng lực của tỉnh")


def test_names_pasted_from_word_are_one_line(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Xếp loại"]["A3"] = "Xuất\nsắc "
        book["Chỉ số"]["C3"] = "Điều kiện\n xây dựng"
        head(book, "Tên bộ tiêu chí", "Đơn vị\nhọc tập")

    d = taken(filled("organization.tt22", tmp_path / "b.xlsx", change))
    assert (d.bands[0].name, d.criteria[0].name, d.name) == ("Xuất sắc", "Điều kiện xây dựng", "Đơn vị học tập")


@pytest.mark.parametrize(
    ("key", "change", "said"),
    [
        ("organization.tt22", lambda b: b["Xếp loại"].__setitem__("A4", "tốt"), "Xếp loại!A4: “tốt” đã có ở dòng trên"),
        ("citizen.worker", lambda b: head(b, "Khóa (không sửa)", "clan"), ""),
        ("citizen.worker", lambda b: head(b, "Mô hình", "Gia đình học tập"), "khác mô hình hoặc nhóm ghi ở trên"),
        ("citizen.worker", lambda b: b["Chỉ số"].__setitem__("D4", None), "Chỉ số!D4: chưa ghi điểm tối đa"),
        ("citizen.worker", lambda b: b["Chỉ số"].__setitem__("D4", "7,5"), "muốn có nửa điểm thì bộ phải cho nửa điểm"),
        ("family", lambda b: b["Điều kiện"].__setitem__("E3", 400), "tuổi phải từ 0 đến 150"),
        ("family", lambda b: (b["Điều kiện"].__setitem__("E3", 60), b["Điều kiện"].__setitem__("F3", 16)),
         "tuổi đầu không quá tuổi cuối"),
        ("citizen.worker", lambda b: (head(b, "Cho nửa điểm", "Có"), b["Chỉ số"].__setitem__("D4", 2.5)),
         "Chỉ số!D4: điểm sàn 5 cao hơn điểm tối đa 2,5"),
        ("commune", lambda b: head(b, "Danh hiệu có giá trị (tháng)", 1e30), "số tháng phải từ 1 đến 600"),
        ("citizen.worker", lambda b: head(b, "Điểm đạt", 0.8), "đang là 0,8 điểm; muốn ghi 80% thì ghi thành số điểm"),
        ("clan", lambda b: b["Điều kiện"].__setitem__("F3", 60), "Gia đình học tập” không nhận tuổi đến"),
        ("clan", lambda b: b["Điều kiện"].__setitem__("D3", COMMUNE_SHARE),
         "“công dân có mặt trong xã được công nhận Công dân học tập” là số liệu của mô hình khác"),
        ("citizen.worker", lambda b: b["Mức điểm"].__setitem__("D3", 7), "mức B và mức A chồng nhau"),
        ("commune", lambda b: b["Chỉ số"].__setitem__("D4", 10), "không chấm điểm: trả lời đạt hay chưa, hoặc tỷ lệ"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_told_in_words_of_the_office(
    key: str, change: Change, said: str, tmp_path: Path
) -> None:
    reading = filled(key, tmp_path / "b.xlsx", change)
    assert said in told(reading)
    assert not any(word in told(reading) for word in ("points", "percent", "met ", "max_score", "_share", "_age"))


def test_a_band_that_nobody_can_reach_is_said(tmp_path: Path) -> None:
    reading = filled("organization.tt22", tmp_path / "b.xlsx", lambda book: head(book, "Điểm đạt", 70))
    taken(reading)
    assert any("“Trung bình” nằm dưới điểm đạt" in warning for warning in reading.warnings)


def test_a_formula_far_to_the_right_does_not_make_a_million_cells(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        book["Chỉ số"]["XFD600"] = "x"
        book["Chỉ số"]["D4"] = "=5+5"

    write_workbook(get_set("citizen.worker"), tmp_path / "b.xlsx")
    book = load_workbook(tmp_path / "b.xlsx")
    change(book)
    book.save(tmp_path / "b.xlsx")
    assert ("Chỉ số", "D4") in CriteriaBook(tmp_path / "b.xlsx")._formulas


def test_untouched_levels_follow_the_maximum_whatever_version_the_file_was_exported_from(tmp_path: Path) -> None:
    shipped = get_set("citizen.worker")
    first = replace(shipped.indicators[0], max_score=20.0, levels=())
    used = replace(shipped, version="2023.1.1", criteria=(replace(shipped.criteria[0], indicators=(first,)),))
    write_workbook(shipped, tmp_path / "b.xlsx")
    book = load_workbook(tmp_path / "b.xlsx")
    book["Chỉ số"]["D4"], book["Chỉ số"]["D5"] = 25, 30
    head(book, "Phiên bản", "2027.1")
    book.save(tmp_path / "b.xlsx")
    d = taken(read_workbook(tmp_path / "b.xlsx", lambda _key, _version: used, None, lambda _key: [used, shipped]))
    assert [(i.levels[-1].min, i.levels[0].max) for i in d.indicators[:3]] == [(0, 25), (0, 30), (0, 10)]


def test_a_heading_without_a_number_between_the_rows_is_told_and_not_passed_over(tmp_path: Path) -> None:
    book = Workbook()
    rows = (
        ("STT", "Nội dung", "Điểm tối đa"), ("I", "Năng lực tự học", None), (1, "Tìm kiếm", 50), (None, "Cộng", 50),
        (None, "Công tác khuyến học", None), (2, "Lập kế hoạch", 50), ("Tổng cộng (100 điểm)", None, None),
    )  # fmt: skip
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "b.xlsx")
    reading = read_workbook(tmp_path / "b.xlsx", lambda _key, _version: None, get_set("citizen.worker"))
    assert told(reading) == "Sheet!A5: chưa ghi số của chỉ số; đầu mục thì ghi I, II …\nSheet!C5: chưa ghi điểm tối đa"
