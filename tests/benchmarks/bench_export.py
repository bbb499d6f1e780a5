"""The list of 100,000 people as it is shown, taken out as a workbook, against openpyxl alone writing the same cells.

Run: ``python -m tests.benchmarks.bench_export``; prints one JSON object a line.

- ``export_shown``: reading the list page by page, wording its columns and writing it with styles, against reading the
  same columns with one raw statement and appending them to a write-only workbook without styles. At most 2.5 x.
- ``export_memory``: the peak while the workbook is written, against 32 MB: rows are never kept.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
import tracemalloc
from itertools import islice
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import desktop_app.ui  # noqa: F401  guards PySide6 before anything of it is loaded
from desktop_app.models.database import connect
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.documents.shown_list import ShownColumn, ShownList, write_shown_workbook
from desktop_app.services.register import open_register
from desktop_app.services.registry.citizen_list import citizen_list
from desktop_app.ui.registry.citizen_page import CitizenPage
from desktop_app.ui.registry.list_output import shown_cells
from tests.benchmarks.big_register import PEOPLE, big_register

MEGABYTES_LIMIT = 32.0
TRACED = 20_000
"""Rows of the list in which the peak is measured: tracing is slow, and more rows are not kept either."""
_BARE = """
SELECT c.full_name, c.birth, h.name, hh.code, c.citizen_group, NULL, NULL, c.sex, c.relation, c.occupation, c.cccd
FROM citizen AS c LEFT JOIN household AS hh ON hh.id = c.household_id LEFT JOIN hamlet AS h ON h.id = c.hamlet_id
WHERE c.is_current = 1 ORDER BY c.sort_key"""


def export(context: Context, out: Path, most: int = PEOPLE) -> None:
    """What Ctrl+E does with all columns shown."""
    columns = CitizenPage.columns
    rows = islice(shown_cells(citizen_list(context).sorted("name"), columns), most)
    shown = tuple(ShownColumn(c.title, c.width, c.kind == "number", c.decimals) for c in columns)
    write_shown_workbook(ShownList("UBND Xã Phú An", "Danh sách công dân", "", shown, rows, most), out)


def export_bare(raw: Any, out: Path) -> None:
    """The same cells without styles, by openpyxl's quickest way."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for number, row in enumerate(raw.execute(_BARE), start=1):
        sheet.append((number, *row))
    book.save(out)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        data = big_register(Path(folder))
        context = open_register(data)
        raw = connect(data / REGISTER_FILE)
        times = []
        for _ in range(2):
            start = time.process_time()
            export(context, Path(folder) / "ours.xlsx")
            times.append(time.process_time() - start)
        start = time.process_time()
        export_bare(raw, Path(folder) / "bare.xlsx")
        bare = time.process_time() - start
        tracemalloc.start()
        export(context, Path(folder) / "traced.xlsx", TRACED)
        peak = tracemalloc.get_traced_memory()[1] / 1_000_000
        tracemalloc.stop()
        raw.close()
        context.close()
    ours = min(times)
    print(json.dumps({"name": "export_shown", "s": round(ours, 2), "openpyxl_s": round(bare, 2),
                      "ratio": round(ours / bare, 2), "limit": 2.5}))  # fmt: skip
    print(json.dumps({"name": "export_memory", "peak_mb": round(peak, 1),
                      "ratio": round(peak / MEGABYTES_LIMIT, 2), "limit": 1.0}))  # fmt: skip


if __name__ == "__main__":
    main()
