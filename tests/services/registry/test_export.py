"""The register's own workbook holds what the register holds, whatever the texts begin with."""

from __future__ import annotations

from pathlib import Path

from openpyxl import load_workbook

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
