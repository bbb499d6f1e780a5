"""The big workbook of an invented commune that the import is measured with."""

from __future__ import annotations

import random
from pathlib import Path

import openpyxl
from openpyxl.styles import Font

from desktop_app.services.vietnamese import charsets

HEADINGS = (
    "Mã hộ", "Thôn", "Địa chỉ", "Diện hộ", "Họ và tên", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh", "Số CCCD",
    "Dân tộc", "Nghề nghiệp", "Điện thoại",
)  # fmt: skip
FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô")
MIDDLES = ("Văn", "Đức", "Hữu", "Thị", "Hồng", "Minh", "Quốc", "Thanh", "Xuân", "Ngọc")
GIVENS = (
    "An",
    "Bình",
    "Cường",
    "Dũng",
    "Giang",
    "Hạnh",
    "Hiếu",
    "Khánh",
    "Lan",
    "Mai",
    "Nam",
    "Oanh",
    "Phúc",
    "Ước",
    "Ý",
)
TCVN3 = str.maketrans({letter: shown for shown, letter in charsets.TCVN3.items()})
"""From Unicode to what a list of TCVN3 fonts holds; lower case, as .VnTimeH shows it in capitals."""


def clean_rows(count: int, seed: int = 1) -> list[tuple[object, ...]]:
    """Return rows of an invented commune: four to a household, forty hamlets, full dates and numbers."""
    pick = random.Random(seed)
    rows: list[tuple[object, ...]] = []
    for index in range(count):
        home, place = divmod(index, 4)
        hamlet = f"Thôn {home % 40 + 1}"
        is_male = place in (0, 2)
        year = pick.randint(1940, 1999)
        province = pick.choice((31, 37, 49, 67, 79))
        rows.append(
            (
                f"{home % 40 + 1:02d}-{home:05d}",
                hamlet,
                f"Số {home}, {hamlet}",
                "",
                f"{pick.choice(FAMILIES)} {pick.choice(MIDDLES)} {pick.choice(MIDDLES)} {pick.choice(GIVENS)}",
                ("Chủ hộ", "Vợ", "Con", "Con")[place],
                "Nam" if is_male else "Nữ",
                f"{pick.randint(1, 28):02d}/{pick.randint(1, 12):02d}/{year}",
                f"0{province}{0 if is_male else 1}{year % 100:02d}{pick.randint(0, 999999):06d}",
                "Kinh",
                pick.choice(("Nông dân", "Công nhân", "Học sinh", "")),
                f"09{pick.randint(10**7, 10**8 - 1)}",
            )
        )
    return rows


def write_list(path: Path, rows: list[tuple[object, ...]], font: str = "") -> None:
    """Write rows below the headings; with a font every cell gets it."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    for row in (HEADINGS, *rows):
        if not font:
            sheet.append(row)
            continue
        cells = []
        for value in row:
            cell = openpyxl.cell.WriteOnlyCell(sheet, value)
            cell.font = Font(name=font)
            cells.append(cell)
        sheet.append(cells)
    book.save(path)
