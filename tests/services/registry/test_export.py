"""The register's own workbook holds what the register holds, whatever the texts begin with."""

from __future__ import annotations

import datetime
import time
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.writer import excel

from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.export import exported_citizens, write_workbook
from tests.factories import add_household, make_register


def test_a_text_that_looks_like_a_formula_or_an_error_leaves_the_register_as_text(tmp_path: Path) -> None:
    context = make_register(tmp_path)
    try:
        _, (first, second) = add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Lê Thị Lan"))
        save_citizen(context, first, {"occupation": '=HYPERLINK("http://x.example","Xem")'})
        save_citizen(context, second, {"occupation": "#N/A"})
        write_workbook(exported_citizens(context), tmp_path / "ds.xlsx")
    finally:
        context.close()
    book = load_workbook(tmp_path / "ds.xlsx")
    cells = [row[10] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ('=HYPERLINK("http://x.example","Xem")', "s"),
        ("#N/A", "s"),
    ]
    book.close()


def test_the_same_register_gives_the_same_bytes_at_any_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Later(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return super().now(tz) + datetime.timedelta(days=2)

    context = make_register(tmp_path)
    try:
        add_household(context, "01-0001", members=("Nguyễn Văn Ước", "Lê Thị Lan"))
        write_workbook(exported_citizens(context), tmp_path / "1.xlsx")
        monkeypatch.setattr(excel.datetime, "datetime", Later)
        monkeypatch.setattr(time, "localtime", lambda *_seconds: datetime.datetime(2031, 5, 8).timetuple())
        write_workbook(exported_citizens(context), tmp_path / "2.xlsx")
    finally:
        context.close()
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()
    load_workbook(tmp_path / "2.xlsx").close()
