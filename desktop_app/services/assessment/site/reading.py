"""A list from the national site as a file: people as every import reads them, with a state and a date beside each.

Invariant: no register is asked here; a cell that is not understood is told with its row and never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.models.types import SiteState
from desktop_app.services.assessment.accounts import SITE_WORDS
from desktop_app.services.assessment.site.words import load_site, plain, state_of
from desktop_app.services.errors import UserError
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.preview import CellValue, ParsedColumn, ParsedSheet, PersonRow, Severity
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import parse_date

_LOOK_AT = 200


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One row: the person, the state (None where it is not understood) and its date (ISO or "").

    Args:
        problem: why the row cannot be taken, a sentence; "" when it can.
    """

    person: PersonRow
    state: SiteState | None
    date: str = ""
    problem: str = ""

    @property
    def sheet(self) -> str:
        return self.person.sheet

    @property
    def row(self) -> int:
        return self.person.row


@dataclass(frozen=True)
class SiteList:
    """A file as it was understood; ``notes`` are sentences about its columns."""

    path: str
    rows: tuple[SiteRow, ...]
    notes: tuple[str, ...] = ()
    has_dates: bool = False


def read_site_list(path: Path, *, today: dt.date | None = None, progress: Progress = NO_PROGRESS) -> SiteList:
    """Read a list from the national site (Excel or text with separators).

    A list without a column of states is one of accounts: everybody in it is registered, and this is said.

    Raises:
        UserError, EnvironmentProblem: as ``importing.parse.parse_workbook``; ``site.empty`` when nobody is in it.
    """
    parsed = parse_workbook(path, progress=progress)
    today = today or dt.date.today()
    notes: list[str] = []
    has_dates = False
    sheets = {sheet.name: sheet for sheet in parsed.sheets}
    columns = {name: _columns(sheet, parsed.rows) for name, sheet in sheets.items() if sheet.persons}
    for name, (state, date) in columns.items():
        notes += _notes(name if len(columns) > 1 else "", state, date)
        has_dates = has_dates or date is not None
    rows = tuple(_row(row, *columns[row.sheet], today) for row in parsed.rows)
    if not rows:
        raise UserError(
            f"Không thấy người nào trong {path.name}; chưa ghi gì. Hãy chọn danh sách tải từ trang quốc gia, có cột "
            "họ tên và số định danh hoặc năm sinh.",
            code="site.empty",
        )
    return SiteList(str(path), rows, tuple(notes), has_dates)


def _columns(sheet: ParsedSheet, rows: Sequence[PersonRow]) -> tuple[ParsedColumn | None, ParsedColumn | None]:
    """The columns of states and of dates; of several that are headed so, the first whose cells mostly say a state."""
    site = load_site()
    states = _headed(sheet.columns, site.state_headings)
    some = [row for row in rows if row.sheet == sheet.name][:_LOOK_AT]
    state = next((column for column in states if _says_states(column, some)), states[0] if states else None)
    dates = _headed(sheet.columns, site.date_headings)
    return state, dates[0] if dates else None


def _says_states(column: ParsedColumn, rows: Sequence[PersonRow]) -> bool:
    cells = [cell for row in rows if str(cell := _cell(row, column) or "").strip()]
    return bool(cells) and sum(state_of(cell) is not None for cell in cells) * 2 > len(cells)


def _headed(columns: Sequence[ParsedColumn], headings: Sequence[str]) -> list[ParsedColumn]:
    """The columns headed by one of these, whole ones first; then those whose heading begins with one."""
    named = [(plain(column.heading.rpartition("/")[2]) or plain(column.heading), column) for column in columns]
    whole = [column for wanted in headings for heading, column in named if heading == wanted]
    longer = [text + " " for text in headings if " " in text]
    begun = [column for wanted in longer for heading, column in named if heading.startswith(wanted)]
    return list(dict.fromkeys(whole + begun))


def _notes(sheet: str, state: ParsedColumn | None, date: ParsedColumn | None) -> list[str]:
    where = f"Trang “{sheet}”: " if sheet else ""
    if state is None:
        word = SITE_WORDS[SiteState.REGISTERED].lower()
        return [f"{where}không có cột trạng thái, nên mọi người trong danh sách được coi là {word}."]
    told = f"{where}trạng thái lấy ở cột {state.letter} “{state.heading}”"
    told += f", ngày ở cột {date.letter} “{date.heading}”." if date is not None else "; không có cột ngày."
    return [told[:1].upper() + told[1:]]


def _row(row: PersonRow, state: ParsedColumn | None, date: ParsedColumn | None, today: dt.date) -> SiteRow:
    found: SiteState | None = SiteState.REGISTERED
    problem = ""
    if state is not None:
        cell = _cell(row, state)
        found = state_of(cell)
        if found is None:
            words = ", ".join(f"“{SITE_WORDS[each].lower()}”" for each in SiteState)
            problem = (
                f"Chưa hiểu trạng thái “{cell}”; trạng thái hiểu được là {words} và các cách gọi quen thuộc."
                if str(cell or "").strip()
                else "Ô trạng thái để trống."
            )
    day, date_problem = _date(_cell(row, date) if date is not None else None, today)
    refused = next((issue.message for issue in row.issues if issue.severity is Severity.ERROR), "")
    return SiteRow(row, found, day, problem or date_problem or refused)


def _cell(row: PersonRow, column: ParsedColumn) -> CellValue:
    return row.raw[column.index] if column.index < len(row.raw) else None


def _date(cell: CellValue, today: dt.date) -> tuple[str, str]:
    if cell is None or not str(cell).strip():
        return "", ""
    if isinstance(cell, str):
        cell = cell.strip()
        parts = cell.split()
        if len(parts) == 2 and ":" in parts[1]:
            cell = parts[0]
        elif len(parts) == 2 and ":" in parts[0]:
            cell = parts[1]
        elif "T" in cell and ":" in cell:
            cell = cell.partition("T")[0]
    result = parse_date(cell)
    if result.value is None or result.value.day is None:
        return "", f"Chưa đọc được ngày “{cell}”; ghi như 15/03/2026."
    iso = result.value.iso()
    if iso > today.isoformat():
        return "", f"Ngày {result.value.text()} còn ở phía trước."
    return iso, ""
