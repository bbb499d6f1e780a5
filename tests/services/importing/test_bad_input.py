"""Wrong, damaged and hostile files are refused by a sentence; odd cells are cleaned or told; nothing is taken down."""

from __future__ import annotations

import datetime
import io
import os
import random
import zipfile
from pathlib import Path
from typing import Any

import pytest

from desktop_app.services.errors import AppError, EnvironmentProblem, UserError
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.reading import guards
from desktop_app.services.importing.reading.reader import open_workbook, stamp_of
from desktop_app.services.progress import Cancelled, Progress
from tests.services.importing.generator.commune import make_commune
from tests.services.importing.generator.files import write_ods
from tests.services.importing.generator.lists import write_list
from tests.services.importing.generator.style import draw_style
from tests.services.importing.helpers import (
    HEADING,
    SHEET_XML,
    codes_of,
    ole_with,
    parse_rows,
    row_xml,
    sheet_with,
    with_part,
    write_xlsx,
)

PERSON = ("H1", "Nguyễn Văn An", "Chủ hộ", "Nam", "1960", "")


def _refusal(path: Path) -> AppError:
    with pytest.raises(AppError) as caught:
        parse_workbook(path)
    error = caught.value
    assert error.message.strip().endswith(".")
    assert "Chưa có gì thay đổi" in error.message
    return error


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.xlsx", b"", "workbook.empty"),
        ("a.csv", b"  \r\n\r\n", "workbook.empty"),
        ("a.xlsx", b"%PDF-1.7 ...", "workbook.kind"),
        ("a.xls", b"\x89PNG\r\n\x1a\n....", "workbook.kind"),
        ("a.xls", b"<html><body><table><tr><td>TT</td></tr></table></body></html>", "workbook.kind"),
        ("a.csv", bytes(range(256)) * 8, "workbook.kind"),
        ("a.xlsx", ole_with("EncryptedPackage"), "workbook.encrypted"),
        ("a.xls", ole_with("WordDocument"), "workbook.kind"),
        ("a.xls", ole_with("Workbook"), "workbook.damaged"),
        ("a.xlsx", b"PK\x03\x04broken", "workbook.damaged"),
        ("a.csv", b"\xff\xfeT\x00T\x00\x00\xd8x", "workbook.damaged"),
        ("a.csv", "chỉ là một câu văn\nkhông phải danh sách".encode(), "workbook.no_list"),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_a_sentence(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert _refusal(path).code == code


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    for part, code in (("word/document.xml", "workbook.kind"), ("xl/workbook.bin", "workbook.kind")):
        with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
            archive.writestr(part, "<x/>")
        assert _refusal(tmp_path / "a.xlsx").code == code


def test_a_truncated_workbook_is_refused(tmp_path: Path, samples: Path) -> None:
    for name in ("01_mot_bang.xlsx", "06_thon_1_cu.xls"):
        whole = (samples / name).read_bytes()
        path = tmp_path / name
        path.write_bytes(whole[: len(whole) // 2])
        assert _refusal(path).code == "workbook.damaged"


def test_a_password_in_an_old_workbook_is_told(tmp_path: Path, samples: Path) -> None:
    data = (samples / "06_thon_1_cu.xls").read_bytes()
    bof = data.index(b"\x09\x08\x10\x00\x00\x06\x05\x00")
    second = bof + 4 + int.from_bytes(data[bof + 2 : bof + 4], "little")
    length = int.from_bytes(data[second + 2 : second + 4], "little")
    locked = (
        data[:second] + b"\x2f\x00" + data[second + 2 : second + 4] + b"\x00" * length + data[second + 4 + length :]
    )
    path = tmp_path / "locked.xls"
    path.write_bytes(locked)
    assert _refusal(path).code == "workbook.encrypted"


def test_an_absent_file_and_a_folder_are_told(tmp_path: Path) -> None:
    error = _refusal(tmp_path / "none.xlsx")
    assert isinstance(error, EnvironmentProblem)
    assert error.code == "workbook.absent"
    assert _refusal(tmp_path).code == "workbook.kind"


def test_a_file_held_by_excel_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [HEADING, PERSON]})

    def refuse(*_: Any, **__: Any) -> io.BytesIO:
        raise PermissionError(13, "sharing violation")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(EnvironmentProblem) as caught:
        open_workbook(path)
    assert caught.value.code == "workbook.locked"
    assert "Excel" in caught.value.message


def test_a_file_changed_after_the_preview_has_another_stamp(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [HEADING, PERSON]})
    stamp = parse_workbook(path).stamp
    assert stamp_of(path) == stamp
    write_xlsx(path, {"Thôn 1": [HEADING, PERSON, ("H2", "Lê Thị Cúc", "Chủ hộ", "Nữ", "1970", "")]})
    assert stamp_of(path).sha256 != stamp.sha256


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "plain.xlsx", {"Thôn 1": [HEADING, PERSON]})
    with zipfile.ZipFile(plain, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/bomb.xml", "w") as stream:
        for _ in range(130):
            stream.write(b" " * (1 << 20))
    assert _refusal(plain).code == "workbook.too_large"


def test_an_archive_that_lies_about_its_sizes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "MAX_UNPACKED", 200_000)
    rows = "".join(row_xml(n, "H1", "Nguyễn Văn An", "Chủ hộ") for n in range(1, 5000))
    path = sheet_with(tmp_path, rows)
    with zipfile.ZipFile(path) as archive:
        true_size = archive.getinfo(SHEET_XML).file_size
    assert true_size > 200_000
    path.write_bytes(path.read_bytes().replace(true_size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    with zipfile.ZipFile(path) as archive:
        assert archive.getinfo(SHEET_XML).file_size == 100
    assert _refusal(path).code == "workbook.too_large"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    plain = write_xlsx(tmp_path / "plain.xlsx", {"Thôn 1": [HEADING, PERSON]})
    hostile = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
    path = with_part(plain, tmp_path / "a.xlsx", "xl/workbook.xml", hostile)
    assert _refusal(path).code == "workbook.damaged"


@pytest.mark.parametrize(
    "cell",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="3"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="3"><c r="A1048576"><v>1</v></c><c r="ZZ9"><v>1</v></c></row>',
        "<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
        '<row r="10000000"><c r="A10000000"><v>1</v></c></row>',
        '<row r="99999999999999999999"><c r="A99999999999999999999"><v>1</v></c></row>',
        '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    ],
)
def test_a_cell_placed_out_of_all_reason_is_refused(tmp_path: Path, cell: str) -> None:
    path = sheet_with(tmp_path, row_xml(1, *HEADING) + row_xml(2, *PERSON) + cell)
    assert _refusal(path).code == "workbook.too_large"


def test_ten_million_claimed_rows_do_no_harm_when_they_are_not_there(tmp_path: Path) -> None:
    assert len(parse_workbook(sheet_with(tmp_path, row_xml(1, *HEADING) + row_xml(2, *PERSON))).rows) == 1


def test_ten_million_repeated_rows_of_an_ods_are_refused(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    heading = "".join(cell.format(text) for text in HEADING)
    person = "".join(cell.format(text or "-") for text in PERSON)
    repeated = f'<table:table-row table:number-rows-repeated="10000000">{person}</table:table-row>'
    write_ods(
        tmp_path / "a.ods",
        f'<table:table table:name="T1"><table:table-row>{heading}</table:table-row>{repeated}</table:table>',
    )
    assert _refusal(tmp_path / "a.ods").code == "workbook.too_large"
    blank = '<table:table-cell table:number-columns-repeated="16000"/>'
    rows = "".join(f"<table:table-row>{cells}</table:table-row>" for cells in (heading, person))
    rows += f'<table:table-row table:number-rows-repeated="1048000">{blank}</table:table-row>'
    write_ods(tmp_path / "b.ods", f'<table:table table:name="T1">{rows}</table:table>')
    assert len(parse_workbook(tmp_path / "b.ods").rows) == 1


def test_forty_thousand_empty_styled_rows_are_passed_over(tmp_path: Path) -> None:
    styled = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(3, 40_003))
    found = parse_workbook(sheet_with(tmp_path, row_xml(1, *HEADING) + row_xml(2, *PERSON) + styled))
    assert [row.row for row in found.rows] == [2]


def test_blank_cells_far_below_are_passed_over(tmp_path: Path) -> None:
    spaces = "".join(row_xml(n, " ", "\u00a0") for n in range(3, 3000))
    last = row_xml(3000, "H2", "Lê Thị Cúc", "Chủ hộ", "Nữ", "1970")
    found = parse_workbook(sheet_with(tmp_path, row_xml(1, *HEADING) + row_xml(2, *PERSON) + spaces + last))
    assert [row.row for row in found.rows] == [2, 3000]


def test_formula_errors_and_formulas_never_computed_are_told(tmp_path: Path) -> None:
    broken = (
        '<row r="3"><c r="A3" t="inlineStr"><is><t>H2</t></is></c><c r="B3" t="str"><f>C1</f><v>Lê Thị Cúc</v></c>'
        '<c r="E3" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="F3"><f>A1</f></c></row>'
        '<row r="4"><c r="A4" t="inlineStr"><is><t>H3</t></is></c><c r="B4" t="e"><f>X</f><v>#NAME?</v></c>'
        '<c r="E4"><v>1970</v></c></row>'
    )
    found = parse_workbook(sheet_with(tmp_path, row_xml(1, *HEADING) + row_xml(2, *PERSON) + broken))
    assert [(row.name, row.is_refused) for row in found.rows] == [
        ("Nguyễn Văn An", False), ("Lê Thị Cúc", False), ("", True),
    ]  # fmt: skip
    told = [
        (issue.row, issue.column, issue.code)
        for row in found.rows
        for issue in row.issues
        if "formula" in issue.code or "comput" in issue.code
    ]
    assert told == [(3, "E", "cell.formula_error"), (3, "F", "cell.not_computed"), (4, "B", "name.formula_error")]


def test_invisible_marks_and_controls_are_cleaned(tmp_path: Path) -> None:
    odd = "\u202eNguyễn\u00a0 Văn\u200b\u0007 An\ufeff \n"
    path = sheet_with(tmp_path, row_xml(1, *HEADING) + row_xml(2, "H1", odd.replace("\u0007", "_x0007_"), "Chủ hộ"))
    assert parse_workbook(path).rows[0].name == "Nguyễn Văn An"


def test_a_picture_in_a_name_is_taken_out_and_told(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, HEADING, ("H1", "Nguyễn Văn An 😀", "Chủ hộ", "Nam", "1960", ""))
    assert found.rows[0].name == "Nguyễn Văn An"
    assert codes_of(found) == ["name.cleaned"]


def test_a_cell_of_32000_characters_is_left_out_or_refused(tmp_path: Path) -> None:
    long = "a" * 32_000
    found = parse_rows(
        tmp_path,
        ("Mã hộ", "Họ và tên", "Quan hệ", "Nghề nghiệp", "Ngày sinh"),
        ("H1", "Nguyễn Văn An", "Chủ hộ", long, "1960"),
        ("H2", long, "Chủ hộ", "", "1960"),
        ("H3", "Lê Thị Cúc", "Chủ hộ", "", long),
    )
    assert [(row.occupation, row.is_refused) for row in found.rows] == [("", False), ("", True), ("", True)]
    assert all(len(issue.message) < 250 for issue in found.issues())


def test_numbers_in_the_column_of_names_are_refused_row_by_row(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        PERSON,
        ("H2", 12345, "Chủ hộ", "Nam", "1970", ""),
        ("H3", "123", "Chủ hộ", "Nam", "1971", ""),
    )
    assert [row.is_refused for row in found.rows] == [False, True, True]


def test_swapped_columns_are_understood_by_their_content_and_told(tmp_path: Path) -> None:
    rows = [
        (f"{n + 1:02d}/05/1980", f"Nguyễn Văn {name}")
        for n, name in enumerate(("An", "Bình", "Cường", "Dũng", "Giang", "Hiếu"))
    ]
    found = parse_rows(tmp_path, ("Họ và tên", "Ngày sinh"), *rows)
    assert [row.name for row in found.rows] == [name for _, name in rows]
    assert [issue.column for issue in found.sheets[0].issues if issue.code == "columns.by_content"] == ["A", "B"]


def test_hidden_sheets_are_passed_over_unless_chosen_and_hidden_rows_are_read(tmp_path: Path) -> None:
    other = ("H2", "Lê Thị Cúc", "Chủ hộ", "Nữ", "1970", "")
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {"Thôn 1": [HEADING, PERSON], "Thôn 2": [HEADING, other]},
        hidden_sheets=("Thôn 2",),
        hidden_rows=(2,),
    )
    found = parse_workbook(path)
    assert [row.name for row in found.rows] == ["Nguyễn Văn An"]
    assert codes_of(found).count("sheet.hidden") == 1
    assert found.sheets[0].hidden_rows == 1
    assert [row.name for row in parse_workbook(path, sheets=["Thôn 2"]).rows] == ["Lê Thị Cúc"]


def test_a_sheet_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [HEADING, PERSON]})
    with pytest.raises(UserError) as caught:
        parse_workbook(path, sheets=["Thôn 9"])
    assert caught.value.code == "workbook.no_sheet"


def test_sheets_without_people_are_passed_over(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Bìa": [("BÌA DANH SÁCH",)], "Trống": [], "Thôn 1": [HEADING, PERSON]})
    found = parse_workbook(path)
    assert [bool(sheet.skipped) for sheet in found.sheets] == [True, True, False]
    assert len(found.rows) == 1


def test_cancelling_stops_the_reading(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [HEADING, PERSON]})
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        parse_workbook(path, progress=progress)


@pytest.mark.parametrize("name", ["02_moi_thon_mot_trang.xlsx", "06_thon_1_cu.xls"])
def test_bytes_lost_at_random_end_in_a_sentence_or_a_list(tmp_path: Path, samples: Path, name: str) -> None:
    whole = (samples / name).read_bytes()
    pick = random.Random(7)
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(6):
            data[pick.randrange(len(data))] = pick.randrange(256)
        path = tmp_path / name
        path.write_bytes(bytes(data))
        try:
            parse_workbook(path)
        except UserError as error:
            assert error.code.startswith("workbook.")


def _text_file(folder: Path, data: bytes | str) -> Path:
    path = folder / "list.csv"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def test_a_lone_quotation_mark_for_a_ditto_swallows_no_lines(tmp_path: Path) -> None:
    lines = (
        "TT;Họ và tên;Dân tộc;Năm sinh",
        "1;Nguyễn Văn An;Kinh;1960",
        '2;Lê Thị Cúc;";1970',
        "3;Lê Thị Em;Tày;1971",
    )
    found = parse_workbook(_text_file(tmp_path, "\n".join(lines)))
    assert [(row.name, row.ethnicity) for row in found.rows] == [
        ("Nguyễn Văn An", "Kinh"), ("Lê Thị Cúc", "Kinh"), ("Lê Thị Em", "Tày"),
    ]  # fmt: skip


def test_quoted_lines_in_a_text_file_stay_one_cell(tmp_path: Path) -> None:
    text = 'TT;Họ và tên;Địa chỉ;Năm sinh\n1;Nguyễn Văn An;"Số 1; Lê Lợi\nThôn 2";1960\n'
    assert [row.address for row in parse_workbook(_text_file(tmp_path, text)).rows] == ["Số 1; Lê Lợi Thôn 2"]


def test_a_text_file_with_a_giant_cell_or_a_stray_nul_loses_only_that(tmp_path: Path) -> None:
    text = f"TT,Họ và tên,Ghi chú\n1,Nguyễn\0 Văn An,{'x' * 200_000}\n2,Lê Thị Cúc,\n"
    found = parse_workbook(_text_file(tmp_path, text))
    assert [(row.name, row.note) for row in found.rows] == [("Nguyễn Văn An", ""), ("Lê Thị Cúc", "")]
    assert "cell.too_long" in codes_of(found)


@pytest.mark.parametrize(
    "odd", ["\u202eNguyễn Văn An\u202c", "\u200fNguyễn\u2066 Văn An\u2069", "Nguyễn\x07 Văn\x0b An"]
)
def test_marks_that_nobody_sees_are_gone_from_a_text_file_too(tmp_path: Path, odd: str) -> None:
    found = parse_workbook(_text_file(tmp_path, f"TT,Họ và tên,Năm sinh\n1,{odd},1960\n"))
    assert [row.name for row in found.rows] == ["Nguyễn Văn An"]


def test_a_name_of_pictures_only_is_refused_and_no_other(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, HEADING, ("H1", "👨‍👩‍👧", "Chủ hộ", "Nam", "1960", ""), PERSON)
    assert [row.is_refused for row in found.rows] == [True, False]
    assert found.rows[0].issues[0].code == "name.not_text"


def test_values_of_other_kinds_are_refused_or_left_out(tmp_path: Path) -> None:
    found = parse_rows(
        tmp_path,
        HEADING,
        ("H1", True, "Chủ hộ", "Nam", "1960", ""),
        ("H2", "Lê Văn An", "Chủ hộ", 3.5, datetime.timedelta(days=2), True),
        ("H3", "Lê Văn Bình", "Chủ hộ", "Nam", 99_999_999, ""),
        ("H4", "Lê Văn Em", "Chủ hộ", "Nam", datetime.datetime(1960, 5, 4, 3, 2), ""),
    )
    assert [row.is_refused for row in found.rows] == [True, True, True, False]
    assert str(found.rows[3].birth.text() if found.rows[3].birth else "") == "04/05/1960"


def test_a_chart_sheet_is_no_sheet_of_people(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(HEADING)
    book.active.append(PERSON)
    book.create_chartsheet("Biểu đồ")
    book.save(tmp_path / "a.xlsx")
    assert len(parse_workbook(tmp_path / "a.xlsx").rows) == 1


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods", "csv"])
def test_a_list_cut_anywhere_ends_in_a_sentence_or_a_list(tmp_path: Path, kind: str) -> None:
    style = draw_style(7, format=kind, charset="unicode", sheets="one", marks="code", has_heads_only=False)
    data = write_list(tmp_path, make_commune(7, homes=8), style).path.read_bytes()
    for part in range(1, 12):
        path = tmp_path / f"cut{part}.{kind}"
        path.write_bytes(data[: len(data) * part // 12])
        try:
            parse_workbook(path)
        except AppError as problem:
            assert "Chưa có gì thay đổi" in str(problem)


@pytest.mark.parametrize("entry", ["content.xml", "encrypted-package"])
def test_an_ods_with_a_password_is_refused_as_such_whichever_office_wrote_it(entry: str, tmp_path: Path) -> None:
    path = tmp_path / "mat khau.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(entry, random.Random(1).randbytes(3000))
        archive.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest><manifest:file-entry manifest:full-path="{entry}">'
            "<manifest:encryption-data/></manifest:file-entry></manifest:manifest>",
        )
    assert _refusal(path).code == "workbook.encrypted"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_or_a_device_is_refused_and_never_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "ong.xlsx"
    os.mkfifo(path)
    assert _refusal(path).code == "workbook.kind"
