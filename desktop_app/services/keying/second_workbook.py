"""Error rates as an Excel file: a sheet by person and one by batch, each with its denominators.

Invariant: numbers are numbers and texts are texts, so that a name that begins with "=" is no formula; the file is
written whole or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.keying.second_records import Rates

PEOPLE = (
    ("Người nhập", 30), ("Phiếu nhập lần đầu đã đối chiếu", 16), ("Số ô lần đầu", 12), ("Ô sai lần đầu", 12),
    ("Lỗi trên 10.000 ô, lần đầu", 16), ("Phiếu nhập lần hai đã đối chiếu", 16), ("Số ô lần hai", 12),
    ("Ô sai lần hai", 12), ("Lỗi trên 10.000 ô, lần hai", 16), ("Phiếu đang chờ", 12),
    ("Tỷ lệ nhập lần hai (%)", 14),
)  # fmt: skip
BATCHES = (
    ("Tập phiếu", 30), ("Người thu", 26), ("Người nhập lần đầu", 30), ("Người nhập lần hai", 30),
    ("Phiếu đã đối chiếu", 12), ("Phiếu đang chờ", 12), ("Số ô", 10), ("Ô sai lần đầu", 12),
    ("Lỗi trên 10.000 ô, lần đầu", 16), ("Ô sai lần hai", 12), ("Lỗi trên 10.000 ô, lần hai", 16),
)  # fmt: skip


def write_rates(rates: Rates, path: Path) -> None:
    """Write both tables; raises EnvironmentProblem where the file cannot be written."""
    book = Workbook()
    people: Any = book.active
    people.title = "Theo người"
    _fill(people, PEOPLE, [
        (p.name, p.first_forms, p.first_fields, p.first_errors, _rate(p.first_rate, p.first_fields), p.second_forms,
         p.second_fields, p.second_errors, _rate(p.second_rate, p.second_fields), p.waiting, p.share)
        for p in rates.people
    ])  # fmt: skip
    _fill(book.create_sheet("Theo tập"), BATCHES, [
        (b.name, b.collector, ", ".join(b.first), ", ".join(b.second), b.forms, b.waiting, b.fields, b.first_errors,
         _rate(b.first_rate, b.fields), b.second_errors, _rate(b.second_rate, b.fields))
        for b in rates.batches
    ])  # fmt: skip
    made = BytesIO()
    book.save(made)
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(made.getvalue())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise EnvironmentProblem(
            f"Không ghi được tệp {path.name} (tệp đang mở, hoặc không có quyền ghi); số liệu trong sổ vẫn nguyên. Hãy "
            "đóng tệp hoặc chọn nơi khác.",
            code="second.export_failed",
        ) from error


def _rate(rate: float, fields: int) -> float | None:
    """One decimal; nothing where there is no denominator."""
    return round(rate, 1) if fields else None


def _fill(sheet: Any, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Any]]) -> None:
    for place, (title, width) in enumerate(columns, 1):
        cell = sheet.cell(1, place, title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(place)].width = width
    for number, row in enumerate(rows, 2):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(number, place)
            if isinstance(value, str):
                cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
                cell.data_type = "s"
            elif value is not None:
                cell.value = value
    sheet.freeze_panes = "A2"
