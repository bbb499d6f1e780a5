"""How long parsing a list takes against calamine's bare reading of the same file, in one run.

Run: ``python -m tests.benchmarks.bench_import_parse [rows]``. Target: about 2x for clean Unicode lists.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import openpyxl
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

from desktop_app.services.importing.parse import parse_workbook

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
TCVN3 = str.maketrans(
    {"ễ": "Ô", "ầ": "Ç", "ê": "ª", "ạ": "¹", "à": "µ", "ỳ": "ú", "õ": "â", "ộ": "é", "ọ": "ä", "ô": "«"}
)


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


def bare_read(path: Path) -> int:
    """Read a file with calamine and nothing else."""
    return len(CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(skip_empty_area=False))


def best(work: Callable[[], object], times: int = 3) -> float:
    """Return the shortest of a few runs, in seconds of processor time: other work on the machine does not count."""
    durations = []
    for _ in range(times):
        start = time.process_time()
        work()
        durations.append(time.process_time() - start)
    return min(durations)


def main() -> None:
    """Print seconds and ratios for a clean list and for one whose fonts must be looked at."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as folder:
        rows = clean_rows(count)
        clean = Path(folder) / "clean.xlsx"
        write_list(clean, rows)
        bare = best(lambda: bare_read(clean))
        parsed = best(lambda: parse_workbook(clean))
        print(f"{count} rows, clean: calamine {bare:.2f} s, parse {parsed:.2f} s, ratio {parsed / bare:.2f}")
        old_rows: list[tuple[object, ...]] = [
            tuple(str(value).lower().translate(TCVN3) for value in row) for row in rows
        ]
        old = Path(folder) / "old.xlsx"
        write_list(old, old_rows, ".VnTimeH")
        bare_old = best(lambda: bare_read(old), 1)
        parsed_old = best(lambda: parse_workbook(old), 1)
        ratio = parsed_old / bare_old
        print(f"{count} rows, fonts: calamine {bare_old:.2f} s, parse {parsed_old:.2f} s, ratio {ratio:.2f}")
        tracemalloc.start()
        raw = CalamineWorkbook.from_path(clean).get_sheet_by_index(0).to_python(skip_empty_area=False)
        raw_size = tracemalloc.get_traced_memory()[0]
        del raw
        tracemalloc.reset_peak()
        kept = parse_workbook(clean)
        size, peak = tracemalloc.get_traced_memory()
        print(f"memory: raw values {raw_size >> 20} MB, peak {peak / raw_size:.1f}x, kept {size / raw_size:.1f}x")
        del kept


if __name__ == "__main__":
    main()
