"""The criteria workbook: out and in unchanged, filled with other numbers, and every fault told by its cell."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from desktop_app.models.types import TextStatus
from desktop_app.services.context import Context
from desktop_app.services.criteria.bring import (
    BadCells,
    bring_workbook,
    export_workbook,
    preview_workbook,
)
from desktop_app.services.criteria.checks import find_problems
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.drafts import list_versions, load_version
from desktop_app.services.criteria.loader import get_set, load_sets
from desktop_app.services.criteria.office import sets_in_use
from desktop_app.services.criteria.schema import dump_set, parse_set
from desktop_app.services.criteria.workbook.cells import CellError, percent_of, points_of, range_of
from desktop_app.services.criteria.workbook.marked import LIST_SHEET, write_marked
from desktop_app.services.criteria.workbook.read import WorkbookReading, read_workbook
from desktop_app.services.criteria.workbook.write import write_workbook
from desktop_app.services.errors import AppError
from desktop_app.services.register import open_register
from tests.factories import make_register
from tests.services.criteria.sets import criteria_sets


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("workbook")
    make_register(folder).close()
    return folder


@pytest.fixture
def context(template: Path, tmp_path: Path) -> Iterator[Context]:
    shutil.copytree(template, tmp_path / "data")
    opened = open_register(tmp_path / "data")
    yield opened
    opened.close()


def reread(definition: CriteriaSet, path: Path, change: Callable[[Any], object] | None = None) -> WorkbookReading:
    write_workbook(definition, path)
    if change is not None:
        book = load_workbook(path)
        change(book)
        book.save(path)
    return read_workbook(path, lambda _key, _version: definition)


def put(page: str, cell: str, value: Any) -> Callable[[Any], object]:
    def change(book: Any) -> None:
        book[page][cell] = value

    return change


def head(line: str, value: Any) -> Callable[[Any], object]:
    def change(book: Any) -> None:
        page = book["Bộ tiêu chí"]
        row = next(cell.row for cell in page["A"] if cell.value == line)
        page.cell(row, 2).value = value

    return change


def told(reading: WorkbookReading) -> list[str]:
    return [str(problem) for problem in reading.problems]


@pytest.mark.parametrize("key", [item.key for item in load_sets()])
def test_a_workbook_brought_back_unchanged_says_just_the_same(key: str, tmp_path: Path) -> None:
    reading = reread(get_set(key), tmp_path / "bo.xlsx")
    assert not reading.problems and reading.is_unchanged and not reading.warnings


@pytest.mark.parametrize("key", [item.key for item in load_sets()])
def test_another_office_reads_the_same_set_from_the_workbook(key: str, tmp_path: Path) -> None:
    write_workbook(get_set(key), tmp_path / "bo.xlsx")
    assert read_workbook(tmp_path / "bo.xlsx", lambda _key, _version: None).definition == get_set(key)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(criteria_sets())
def test_any_valid_set_survives_the_workbook_and_the_file(definition: CriteriaSet) -> None:
    import tempfile

    assert not find_problems(definition)
    assert parse_set(dump_set(definition), "bo.json") == definition
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bo.xlsx"
        write_workbook(definition, path)
        for base in (None, definition):
            reading = read_workbook(path, lambda _key, _version, known=base: known)
            assert not reading.problems
            assert reading.definition == definition


@pytest.mark.parametrize("written", [15, 15.0, "15", "15,0", "15.0", "15 điểm", "15đ", " 15 Điểm "])
def test_another_provinces_maximum_comes_in_however_it_is_written(written: Any, tmp_path: Path) -> None:
    reading = reread(get_set("citizen.worker"), tmp_path / "bo.xlsx", put("Chỉ số", "D4", written))
    assert not reading.problems
    d = reading.definition
    assert d is not None and d.indicators[0].max_score == 15 and d.criteria[0].max_score == 45
    assert d.indicators[0].levels[-1].min == 0 and d.indicators[0].levels[0].max == 15
    assert d.indicators[0].max_status_text == "Do cơ quan đặt"
    assert any("co giãn" in warning for warning in reading.warnings)


@pytest.mark.parametrize("written", [65, 65.0, 0.65, "65", "65%", "65 %", "0,65", "từ 65% trở lên", "65 phần trăm"])
def test_a_percentage_comes_in_however_it_is_written(written: Any, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        column = next(cell.column for cell in page[2] if cell.value == "Ngưỡng mức độ 1 (%)")
        row = next(cell.row for cell in page["A"] if cell.value == "5.1")
        page.cell(row, column).value = written
        page.cell(row, column + 1).value = 80

    reading = reread(get_set("commune"), tmp_path / "bo.xlsx", change)
    assert not reading.problems and reading.definition is not None
    assert reading.definition.by_code["5.1"].required_percent(1) == 65
    assert reading.definition.by_code["5.1"].required_percent(2) == 80


@pytest.mark.parametrize("written", [75, "75", "75,0", "75/100", "từ 75 điểm trở lên", ">= 75", "75 điểm trên 100"])
def test_the_pass_mark_and_floor_come_in(written: Any, tmp_path: Path) -> None:
    def change(book: Any) -> None:
        head("Điểm đạt", written)(book)
        head("Điểm sàn", "không")(book)

    d = reread(get_set("citizen.worker"), tmp_path / "bo.xlsx", change).definition
    assert d is not None and d.pass_mark is not None and d.pass_mark.value == 75 and d.floor is None
    assert d.pass_mark.status is TextStatus.SUGGESTED and d.pass_mark.is_changed


def test_changed_official_words_are_no_longer_official_unless_the_officer_says_so(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        page["C4"], page["C5"] = "Lời của xã", "Lời chép từ phụ lục"
        column = next(cell.column for cell in page[2] if cell.value == "Nguồn lời")
        page.cell(5, column).value = "Do cơ quan đặt, theo văn bản"

    reading = reread(get_set("citizen.worker"), tmp_path / "bo.xlsx", change)
    assert reading.definition is not None
    first, second = reading.definition.indicators[:2]
    assert first.status_text == "Do cơ quan đặt" and second.status_text == "Do cơ quan đặt, theo văn bản"
    assert any("vẫn để nguồn cũ" in warning for warning in reading.warnings)


def test_rows_are_added_removed_and_moved(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        page.delete_rows(4)
        page.insert_rows(6)
        for column, value in enumerate(("1a", "Chỉ số", "Dòng mới", 10), 1):
            page.cell(6, column).value = value
        for name in ("Mức điểm", "Hướng dẫn"):
            sheet = book[name]
            for row in range(sheet.max_row, 2, -1):
                if sheet.cell(row, 1).value == "1":
                    sheet.delete_rows(row)

    reading = reread(get_set("citizen.worker"), tmp_path / "bo.xlsx", change)
    assert not reading.problems and reading.definition is not None
    assert [i.code for i in reading.definition.criteria[0].indicators] == ["2", "3", "1a", "4"]


@pytest.mark.parametrize(
    ("key", "change", "said"),
    [
        ("citizen.worker", put("Chỉ số", "D7", "mười"), "Chỉ số!D7: điểm tối đa phải là số (đang là “mười”)"),
        ("citizen.worker", put("Chỉ số", "D7", -5), "Chỉ số!D7: điểm tối đa không được âm"),
        ("citizen.worker", put("Chỉ số", "D7", "=10/0"), "Chỉ số!D7: ô này là công thức chưa tính"),
        ("citizen.worker", put("Chỉ số", "D3", 45), "Chỉ số!D3: điểm tối đa: ghi 45 nhưng các dòng cộng lại là 40"),
        ("citizen.worker", put("Chỉ số", "D7", 3), "Chỉ số!D7: điểm sàn 5 cao hơn điểm tối đa 3"),
        ("citizen.worker", put("Chỉ số", "C7", None), "Chỉ số!C7: nội dung: không được để trống"),
        ("citizen.worker", put("Chỉ số", "B3", "Chương"), "Chỉ số!B3: chỉ ghi “Tiêu chí” hoặc “Chỉ số”"),
        ("citizen.worker", put("Chỉ số", "E7", "Sao"), "Chỉ số!E7: không có cách trả lời “Sao”"),
        ("citizen.worker", put("Mức điểm", "E3", 15), "Mức điểm!E3: A: đến 15 là vượt quá điểm tối đa 10"),
        ("citizen.worker", put("Mức điểm", "A3", "77"), ""),
        ("citizen.worker", head("Điểm đạt", 120), "điểm đạt: phải trên 0 và không quá tổng điểm tối đa 100"),
        ("citizen.worker", head("Tổng điểm tối đa", 110), "ghi 110 nhưng điểm tối đa các chỉ số cộng lại là 100"),
        ("citizen.worker", head("Hiệu lực từ", "hôm nọ"), "ngày phải là ngày như 25/10/2023"),
        ("citizen.worker", head("Nhóm đối tượng", "Người trời"), "không có nhóm “Người trời”"),
        ("clan", put("Điều kiện", "B3", "một nửa"), "Điều kiện!B3: tỷ lệ phải là tỷ lệ phần trăm"),
        ("clan", put("Điều kiện", "B3", 140), "Điều kiện!B3: tỷ lệ: phải trên 0 và không quá 100"),
        ("clan", put("Điều kiện", "D3", "số sao"), "Điều kiện!D3: không có số liệu “số sao”"),
        ("clan", put("Điều kiện", "D3", "commune.clans_with_title_share"), "Điều kiện!D3: số liệu từ sổ: vòng tròn"),
        ("organization.tt22", put("Xếp loại", "B3", 400), "có mức xếp loại cao hơn tổng điểm tối đa"),
        ("organization.tt22", put("Căn cứ", "C3", "năm ngoái"), "Căn cứ!C3: ngày phải là ngày"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_cell(key: str, change: Callable[[Any], object], said: str, tmp_path: Path) -> None:
    reading = reread(get_set(key), tmp_path / "bo.xlsx", change)
    if not said:
        assert not reading.problems
        return
    assert reading.definition is None
    assert any(said in text for text in told(reading)), told(reading)


def test_a_number_given_twice_is_told_at_the_second_place(tmp_path: Path) -> None:
    def change(book: Any) -> None:
        page = book["Chỉ số"]
        column = next(cell.column for cell in page[2] if cell.value == "Mã (không sửa)")
        for row in range(3, 20):
            page.cell(row, column).value = None
        page["A5"] = "1"

    assert any(
        "Chỉ số!A5: “1” đã có ở dòng 4" in text
        for text in told(reread(get_set("citizen.worker"), tmp_path / "b.xlsx", change))
    )


def test_all_faults_are_told_at_once_and_marked_in_a_copy(tmp_path: Path) -> None:
    source, out = tmp_path / "bo.xlsx", tmp_path / "sua.xlsx"

    def change(book: Any) -> None:
        put("Chỉ số", "D4", "a")(book)
        put("Chỉ số", "D5", "b")(book)
        head("Điểm đạt", "c")(book)

    reading = reread(get_set("citizen.worker"), source, change)
    assert len(reading.problems) >= 3
    before = source.read_bytes()
    write_marked(source, reading.problems, out)
    assert source.read_bytes() == before
    book = load_workbook(out)
    assert "phải là số" in book["Chỉ số"]["D4"].comment.text
    assert book[LIST_SHEET].max_row == len(reading.problems) + 1


def test_only_the_sheet_of_rows_with_its_points_is_needed(tmp_path: Path) -> None:
    book = Workbook()
    page = book.active
    page.title = "Phụ lục"
    page.append(["PHỤ LỤC BỘ TIÊU CHÍ"])
    page.append(["STT", "Tiêu chí, chỉ số", "Điểm tối đa"])
    for row in (("I", "Năng lực tự học", None), (1, "Tìm kiếm thông tin", "20 điểm"), (2, "Lập kế hoạch", "20"),
                ("II", "Năng lực làm việc", None), (3, "Dùng công nghệ", 60)):  # fmt: skip
        page.append(row)
    book.save(tmp_path / "phu_luc.xlsx")
    base = get_set("citizen.worker")
    reading = read_workbook(tmp_path / "phu_luc.xlsx", lambda _key, _version: None, base)
    assert not reading.problems and reading.definition is not None
    d = reading.definition
    assert [c.number for c in d.criteria] == ["I", "II"] and [i.max_score for i in d.indicators] == [20, 20, 60]
    assert d.pass_mark == base.pass_mark and d.key == base.key and d.indicators[0].text == "Tìm kiếm thông tin"


FORMATS: tuple[Callable[[int], Any], ...] = (
    int, float, str, "{},0".format, "{} điểm".format, "{}đ".format, " {} ".format, "{}.0".format,
    "{} điểm/chỉ số".format,
)  # fmt: skip


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from([item.key for item in load_sets() if item.pass_mark]))
def test_any_provinces_numbers_come_in_as_they_were_written(data: st.DataObject, key: str) -> None:
    import tempfile

    base = get_set(key)
    numbers = {i.code: data.draw(st.integers(6, 40)) for i in base.indicators}
    total = sum(numbers.values())
    mark, floor = data.draw(st.integers(total // 2, total)), data.draw(st.sampled_from([None, 1, 3, 5]))
    least = sorted(data.draw(st.sets(st.integers(1, total), min_size=len(base.bands), max_size=len(base.bands))))
    if least:
        least[0] = min(least[0], mark)
    formats = st.sampled_from(FORMATS)

    def change(book: Any) -> None:
        page = book["Chỉ số"]
        place = next(c.column for c in page[2] if c.value == "Điểm tối đa")
        for row in range(3, page.max_row + 1):
            number = str(page.cell(row, 1).value)
            if page.cell(row, 2).value == "Chỉ số":
                page.cell(row, place).value = data.draw(formats)(numbers[number])
        head("Điểm đạt", data.draw(formats)(mark))(book)
        head("Điểm sàn", data.draw(formats)(floor) if floor is not None else None)(book)
        for row, value in enumerate(reversed(least), 3):
            book["Xếp loại"].cell(row, 2).value = value

    with tempfile.TemporaryDirectory() as folder:
        reading = reread(base, Path(folder) / "bo.xlsx", change)
    assert not reading.problems, told(reading)
    d = reading.definition
    assert d is not None and {i.code: i.max_score for i in d.indicators} == numbers
    assert d.pass_mark is not None and (d.pass_mark.value, d.least_score) == (mark, floor or 0)
    assert d.max_total == total and [i.text for i in d.indicators] == [i.text for i in base.indicators]
    assert sorted(b.min for b in d.bands) == least
    assert all(c.max_score in (None, sum(i.max_score or 0 for i in c.indicators)) for c in d.criteria)


@pytest.mark.parametrize("text", ["", "không", "-", None])
def test_an_empty_number_is_none(text: Any) -> None:
    assert points_of(text, "điểm") is None and percent_of(text, "tỷ lệ") is None


@pytest.mark.parametrize("text", ["mười", "10 20", "1.000.000", "10%", True, "∞", "1e3"])
def test_what_is_no_number_is_refused(text: Any) -> None:
    with pytest.raises(CellError):
        points_of(text, "điểm")


def test_a_stretch_of_points_may_stand_in_one_cell() -> None:
    assert range_of("9-10") == (9, 10) and range_of("từ 9 đến 10 điểm") == (9, 10) and range_of("9") is None


# -- hostile files -----------------------------------------------------------------------------------------------


def _zip_of(path: Path, name: str, content: bytes) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)


def test_hostile_and_wrong_files_are_refused_in_plain_words(context: Context, tmp_path: Path) -> None:
    files: dict[str, Callable[[Path], object]] = {
        "trong.xlsx": lambda p: p.write_bytes(b""),
        "chu.xlsx": lambda p: p.write_text("không phải bảng tính", encoding="utf-8"),
        "hong.xlsx": lambda p: p.write_bytes(b"PK\x03\x04" + b"\0" * 200),
        "bom.xlsx": lambda p: _zip_of(p, "xl/workbook.xml", b"<a>" + b" " * 200_000_000),
        "khac.xlsx": lambda p: Workbook().save(p),
    }
    before = [item.uid for item in list_versions(context)]
    for name, make in files.items():
        make(tmp_path / name)
        with pytest.raises(AppError) as refused:
            preview_workbook(context, tmp_path / name)
        assert "thay đổi" in refused.value.message, name
    with pytest.raises(AppError):
        preview_workbook(context, tmp_path / "khong_co.xlsx")
    assert [item.uid for item in list_versions(context)] == before


def test_formulas_and_entities_in_texts_stay_texts(tmp_path: Path) -> None:
    d = get_set("citizen.worker")
    first = replace(d.indicators[0], text='=HYPERLINK("http://a","b") <x> &amp;')
    criteria = (replace(d.criteria[0], indicators=(first, *d.criteria[0].indicators[1:])), *d.criteria[1:])
    reading = reread(replace(d, criteria=criteria), tmp_path / "bo.xlsx")
    assert reading.is_unchanged
    assert load_workbook(tmp_path / "bo.xlsx")["Chỉ số"]["C4"].data_type == "s"


# -- into the register -------------------------------------------------------------------------------------------


def uid_of(context: Context, key: str) -> str:
    return next(item.uid for item in sets_in_use(context) if item.definition.key == key)


def test_the_same_workbook_exported_and_brought_back_changes_nothing(context: Context, tmp_path: Path) -> None:
    export_workbook(context, uid_of(context, "clan"), tmp_path / "bo.xlsx")
    with context.read() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM operation").scalar_one()
    brought = bring_workbook(context, preview_workbook(context, tmp_path / "bo.xlsx"))
    assert not brought.is_new and brought.uid == uid_of(context, "clan")
    assert sum(item.is_draft for item in list_versions(context)) == 0
    with context.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM operation").scalar_one() == before


def test_a_filled_workbook_comes_in_once_as_a_draft_of_the_next_version(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "bo.xlsx"
    export_workbook(context, uid_of(context, "citizen.worker"), path)
    book = load_workbook(path)
    book["Chỉ số"]["D4"] = "20 điểm"
    book.save(path)
    brought = bring_workbook(context, preview_workbook(context, path))
    item = load_version(context, brought.uid)
    assert item.is_draft and item.definition.version == "2023.1.1" and item.origin.file == "bo.xlsx"
    assert not bring_workbook(context, preview_workbook(context, path)).is_new


def test_a_workbook_with_faults_is_not_brought_in(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "bo.xlsx"
    export_workbook(context, uid_of(context, "citizen.worker"), path)
    book = load_workbook(path)
    book["Chỉ số"]["D4"] = "nhiều"
    book.save(path)
    with pytest.raises(BadCells) as refused:
        bring_workbook(context, preview_workbook(context, path))
    assert "Chỉ số!D4" in refused.value.message and not any(item.is_draft for item in list_versions(context))
