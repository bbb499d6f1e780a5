"""The workbook that was refused, as a copy with each fault marked in its cell and said in a comment.

Invariant: the officer's own file is not touched; the copy can be mended and brought in.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from desktop_app.services.criteria.workbook.grid import CellProblem
from desktop_app.services.criteria.workbook.layout import LIST_SHEET
from desktop_app.services.documents.output import replacing

_FILL = PatternFill("solid", fgColor="F6E3E0")
_AUTHOR = "Sổ Học Tập"


def write_marked(source: Path, problems: Sequence[CellProblem], out: Path) -> None:
    """Write a copy of a workbook with its faults marked, and a sheet that lists them.

    Files of other kinds (.xls, .ods, .csv) give a workbook with the list alone.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    book = _copy(source)
    for problem in problems:
        if problem.cell and problem.sheet in book.sheetnames:
            cell = book[problem.sheet][problem.cell]
            if not isinstance(cell, MergedCell):
                _mark(cell, problem.text)
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    page = book.create_sheet(LIST_SHEET, 0)
    book.active = 0
    for column, (text, width) in enumerate((("Trang", 18), ("Ô", 8), ("Cần sửa", 100)), 1):
        page.cell(1, column, text)
        page.column_dimensions["ABC"[column - 1]].width = width
    for row, problem in enumerate(problems, 2):
        for column, text in enumerate((problem.sheet, problem.cell, problem.text), 1):
            cell = page.cell(row, column, text)
            cell.data_type = "s"
        if problem.cell and problem.sheet in book.sheetnames:
            page.cell(row, 2).hyperlink = f"#'{problem.sheet}'!{problem.cell}"
    with replacing(out) as stream:
        book.save(stream)


def _copy(source: Path) -> Workbook:
    """The workbook itself, as far as it can be written again; an empty one otherwise."""
    try:
        with warnings.catch_warnings(), source.open("rb") as stream:
            warnings.simplefilter("ignore")
            return load_workbook(stream)
    except Exception:
        book = Workbook()
        book.remove(book.active)
        return book


def _mark(cell: Any, text: str) -> None:
    before = cell.comment.text if cell.comment else ""
    cell.fill = _FILL
    cell.comment = Comment(f"{before}\n{text}".strip(), _AUTHOR, width=320, height=110)
