"""A list taken out of the program: a workbook that Excel adds up and never computes, and pages that hold every row."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pypdfium2
import pytest

from desktop_app.services.documents.shown_list import (
    Cell,
    ShownColumn,
    ShownList,
    write_shown_pdf,
    write_shown_workbook,
)
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.progress import Cancelled, Progress

COLUMNS = (ShownColumn("Họ và tên", 180), ShownColumn("Thôn", 80), ShownColumn("Điểm", 60, is_number=True, decimals=1))
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("Nguyễn Văn Ước", "Thôn 1", 86.5),
    ('=HYPERLINK("http://xấu","bấm")', "Thôn 2", None),
    ("H'Hen Niê", "Ấp Bình Hòa", 90),
)


def shown(rows: tuple[tuple[Cell, ...], ...] = ROWS) -> ShownList:
    return ShownList("UBND xã Phú An", "Danh sách công dân", "3 người", COLUMNS, iter(rows), len(rows))


def test_the_workbook_has_numbers_as_numbers_and_no_formula(tmp_path: Path) -> None:
    write_shown_workbook(shown(), tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[4]] == ["STT", "Họ và tên", "Thôn", "Điểm"]
    assert [cell.value for cell in sheet[5]] == [1, "Nguyễn Văn Ước", "Thôn 1", 86.5]
    assert sheet["B6"].data_type == "s"
    assert sheet["B6"].value == ROWS[1][0]
    assert sheet.print_title_rows == "$4:$4"


def test_the_paper_holds_every_row_and_repeats_its_header(tmp_path: Path) -> None:
    rows = tuple((f"Trần Thị Số {number}", "Thôn 1", number) for number in range(1, 121))
    pages = write_shown_pdf(shown(rows), tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    texts = [page.get_textpage().get_text_range() for page in document]
    document.close()
    assert len(texts) == pages > 1
    assert all("Họ và tên" in text for text in texts)
    assert all(f"Trần Thị Số {number}" in "".join(texts) for number in range(1, 121))


def test_an_older_file_stays_when_the_new_one_cannot_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "không có"
    with pytest.raises(EnvironmentProblem, match="Không còn thư mục"):
        write_shown_workbook(shown(), folder / "a.xlsx")


def test_numbers_of_five_digits_stand_on_one_line(tmp_path: Path) -> None:
    rows = tuple((f"Trần Thị Số {number}", "Thôn 1", number) for number in range(1, 10_001))
    write_shown_pdf(shown(rows), tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    last = document[len(document) - 1].get_textpage().get_text_range()
    document.close()
    assert "10000 Trần Thị Số 10000" in " ".join(last.split())


def test_names_with_letters_of_other_fonts_stand_in_the_table(tmp_path: Path) -> None:
    names = ("Y Blŏ Niê", "H’Ƀrŭih", "K'Tùng", "Ước (cũ) \\ 100%", "ʻOkina ĕ̆")
    rows = tuple((name, "Thôn 1", 1) for name in names)
    write_shown_pdf(shown(rows), tmp_path / "a.pdf")
    document = pypdfium2.PdfDocument(tmp_path / "a.pdf")
    text = document[0].get_textpage().get_text_range()
    document.close()
    for name in ("Y Blŏ Niê", "K'Tùng", "Ước (cũ) \\ 100%"):
        assert name in text


def test_a_stopped_print_counts_its_rows_and_leaves_no_file(tmp_path: Path) -> None:
    rows = tuple((f"Trần Thị Số {number}", "Thôn 1", number) for number in range(400))
    said: list[tuple[int, int, str]] = []
    progress = Progress()

    def report(done: int, total: int, text: str) -> None:
        said.append((done, total, text))
        if done >= 200:
            progress.cancel()

    progress.report = report
    with pytest.raises(Cancelled):
        write_shown_pdf(shown(rows), tmp_path / "a.pdf", progress=progress)
    assert said[-1] == (200, 400, "Đang lập danh sách")
    assert list(tmp_path.iterdir()) == []
