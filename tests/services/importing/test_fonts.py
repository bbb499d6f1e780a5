"""Old charsets are found by font where the file tells it and by letters where it does not; nothing is decoded twice."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import xlwt
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font

from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.preview import CellValue, ParsedWorkbook
from desktop_app.services.importing.reading.fonts import decode_columns, share_of_syllables
from tests.services.importing.generator.commune import FAMILIES, GIVENS_F, GIVENS_M, MIDDLES_F, MIDDLES_M
from tests.services.importing.generator.files import encode

HEADING = ("TT", "Họ và tên", "Ngày sinh", "Dân tộc", "Nghề nghiệp")
PEOPLE = (
    (1, "Nguyễn Văn Tường", "1960", "Kinh", "Nông dân"),
    (2, "Trần Thị Hà", "1962", "Thái", "Làm ruộng"),
    (3, "Lê Thị Mỵ", "1970", "Mông", "Giáo viên"),
    (4, "Hồ Đức Ý", "1990", "Tày", "Thợ mộc"),
    (5, "Hà Tú", "1991", "Thái", "Ở nhà"),
)


def _write(path: Path, rows: list[tuple[tuple[object, ...], str, str]]) -> ParsedWorkbook:
    """Write rows each in its own charset and font, and parse them."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "T1"
    for number, (row, charset, font) in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column, encode(value, charset) if isinstance(value, str) else value)
            cell.font = Font(name=font)
    book.save(path)
    return parse_workbook(path)


def _all_in(folder: Path, charset: str, font: str) -> ParsedWorkbook:
    return _write(folder / "a.xlsx", [(row, charset, font) for row in (HEADING, *PEOPLE)])


def _shown(found: ParsedWorkbook) -> list[tuple[str, str, str]]:
    return [(row.name, row.ethnicity, row.occupation) for row in found.rows]


def test_old_text_is_read_whatever_the_font_says(tmp_path: Path) -> None:
    wanted = [(str(row[1]), str(row[3]), str(row[4])) for row in PEOPLE]
    for charset, font in (
        ("tcvn3", ".VnTime"),
        ("vni", "VNI-Times"),
        ("tcvn3", "Arial"),
        ("vni", "Arial"),
        ("unicode", ".VnTime"),
    ):
        found = _all_in(tmp_path, charset, font)
        shown = [(name, ethnic, job[:1].upper() + job[1:]) for name, ethnic, job in _shown(found)]
        assert shown == wanted, (charset, font)


def test_a_font_of_capitals_shows_its_small_letters_as_capitals(tmp_path: Path) -> None:
    found = _all_in(tmp_path, "tcvn3h", ".VnTimeH")
    assert [row.name for row in found.rows] == [str(row[1]).upper() for row in PEOPLE]
    column = found.sheets[0].column_of(Field.NAME)
    assert column is not None
    assert (column.charset, column.charset_by) == ("tcvn3_caps", "font")


def test_small_letters_without_a_font_become_names(tmp_path: Path) -> None:
    found = _all_in(tmp_path, "tcvn3h", "Arial")
    assert [row.name for row in found.rows] == [str(row[1]) for row in PEOPLE]


def test_old_and_new_rows_pasted_together_are_each_read_right(tmp_path: Path) -> None:
    old = [(row, "tcvn3", ".VnTime") for row in PEOPLE]
    new = [((n + 10, *row[1:]), "unicode", "Times New Roman") for n, row in enumerate(PEOPLE)]
    for rows in (old + new, new + old):
        found = _write(tmp_path / "a.xlsx", [(HEADING, "unicode", "Times New Roman"), *rows])
        half = len(PEOPLE)
        first, second = _shown(found)[:half], _shown(found)[half:]
        assert [name for name, _, _ in first] == [name for name, _, _ in second] == [str(row[1]) for row in PEOPLE]
        assert [ethnic for _, ethnic, _ in first] == [ethnic for _, ethnic, _ in second]


def test_old_and_new_rows_are_read_right_also_without_fonts(tmp_path: Path) -> None:
    lines = [";".join(map(str, HEADING))]
    lines += [";".join(map(str, row)) for row in PEOPLE]
    lines += [";".join(encode(str(value), "tcvn3") for value in (row[0] + 10, *row[1:])) for row in PEOPLE]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    names = [row.name for row in parse_workbook(path).rows]
    assert names == [str(row[1]) for row in PEOPLE] * 2


def test_columns_may_have_different_charsets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    names = [f"{f} {m} {g}" for f, m, g in zip(FAMILIES, MIDDLES_M * 2, GIVENS_M, strict=False)]
    jobs = ("Thợ mộc", "Nông dân", "Giáo viên", "Buôn bán", "Công nhân", "Học sinh", "Nội trợ", "Hưu trí")
    sheet.append(["TT", "Họ và tên", encode("Nghề nghiệp", "vni")])
    for number, name in enumerate(names, start=1):
        sheet.append([number, encode(name, "tcvn3"), encode(jobs[number % len(jobs)], "vni")])
    book.save(tmp_path / "a.xlsx")
    found = parse_workbook(tmp_path / "a.xlsx")
    assert [row.name for row in found.rows] == names
    assert {row.occupation for row in found.rows} == set(jobs)


def test_fonts_of_an_old_workbook_are_asked_too(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("T1")
    style = xlwt.XFStyle()
    style.font.name = ".VnTimeH"
    for r, row in enumerate((HEADING, *PEOPLE)):
        for c, value in enumerate(row):
            sheet.write(r, c, encode(str(value), "tcvn3h"), style)
    book.save(str(tmp_path / "a.xls"))
    assert [row.name for row in parse_workbook(tmp_path / "a.xls").rows] == [str(row[1]).upper() for row in PEOPLE]


def test_signs_in_a_unicode_list_are_no_old_text(tmp_path: Path) -> None:
    rows = [(n, name, "1960", "Kinh", job) for n, (_, name, *_), job in zip(
        range(9), PEOPLE, ("Kho 20m² «A»", "Nhiệt 30°C", "Số 5½", "·Nông dân", "Thợ «mộc»"), strict=False
    )]  # fmt: skip
    found = _write(tmp_path / "a.xlsx", [(row, "unicode", "Arial") for row in (HEADING, *rows)])
    assert [row.occupation for row in found.rows] == [str(row[4]) for row in rows]
    assert [row.name for row in found.rows] == [str(row[1]) for row in PEOPLE]


def _names() -> st.SearchStrategy[str]:
    return st.builds(
        lambda family, middle, given: f"{family} {middle} {given}",
        st.sampled_from(FAMILIES),
        st.sampled_from(MIDDLES_F + MIDDLES_M),
        st.sampled_from(GIVENS_F + GIVENS_M),
    )


@given(st.lists(_names(), min_size=3, max_size=30))
def test_unicode_is_never_decoded(names: list[str]) -> None:
    columns: list[list[CellValue]] = [list(names)]
    decode_columns(columns, [list(set(names))], ["|".join(names)], lambda _: {})
    assert columns == [names]


@given(st.lists(_names(), min_size=8, max_size=30), st.sampled_from(["tcvn3", "vni"]))
def test_decoding_twice_changes_nothing_more(names: list[str], charset: str) -> None:
    names = ["Đặng Thị Phượng", *names]  # its letters prove the charset; those of "Ánh" alone do not
    columns: list[list[CellValue]] = [[encode(name, charset) for name in names]]
    for _ in range(2):
        texts = [sorted({str(value) for value in columns[0]})]
        decode_columns(columns, texts, ["|".join(texts[0])], lambda _: {})
    wanted = [name.lower() for name in names]
    assert [str(value).lower() for value in columns[0]] == wanted


def test_syllables_tell_vietnamese_from_its_disguises() -> None:
    text = "Nguyễn Thị Phượng, Trường học, giữa, quyển, khuya"
    assert share_of_syllables(text) == 1
    assert share_of_syllables(encode(text, "tcvn3")) < 0.3
    assert share_of_syllables(encode(text, "vni")) < 0.3


def test_points_written_with_a_letter_are_read_in_the_charset_of_their_file() -> None:
    points = [f"{number}đ" for number in range(10)] + [f"{number} điểm" for number in range(5)]
    texts = [str(value) for row in PEOPLE for value in row[1:]]
    columns: list[list[CellValue]] = [[encode(text, "vni") for text in group] for group in (texts, points)]
    distinct = [list(dict.fromkeys(map(str, column))) for column in columns]
    decode_columns(columns, distinct, ["\n".join(column) for column in distinct], lambda _: {})
    assert columns == [texts, points]
