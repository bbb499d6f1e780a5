"""A list from the national site as a file: people as every import reads them, with a state and a date beside each.

Invariant: no register is asked here; a cell that is not understood is told with its row and never guessed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.models.types import SiteState
from desktop_app.services.assessment.accounts import SITE_WORDS
from desktop_app.services.assessment.site.stages import Stage, read_stages, stages_of
from desktop_app.services.assessment.site.words import load_site, plain, state_of
from desktop_app.services.errors import UserError
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.preview import CellValue, ParsedColumn, ParsedSheet, PersonRow, Severity
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.vietnamese import mask_cccd, nfc, parse_date

_LOOK_AT = 200
_LEAST = 3
"""Rows that must say a state before a column is taken for one that no heading says."""
BY_STEPS = -2
"""In place of a state column's position: each step has a column of its own."""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One row: the person, the state (None where it is not understood) and its date (ISO or "").

    Args:
        problem: why the row cannot be taken, a sentence; "" when it can.
        said: the state in the list's own words.
    """

    person: PersonRow
    state: SiteState | None
    date: str = ""
    problem: str = ""
    said: str = ""

    @property
    def sheet(self) -> str:
        return self.person.sheet

    @property
    def row(self) -> int:
        return self.person.row


@dataclass(frozen=True, slots=True)
class SiteChoices:
    """What a person corrected: the columns, by position in every sheet (-1: there is none, for the state also
    ``BY_STEPS``), and what words mean."""

    state_column: int | None = None
    date_column: int | None = None
    words: Mapping[str, SiteState] = field(default_factory=dict)


NO_CHOICES = SiteChoices()


@dataclass(frozen=True)
class SiteList:
    """A file as it was understood.

    Args:
        notes: sentences about its columns.
        columns: position and words of every column of the first list in it.
        state_column, date_column: positions there, -1 for none; ``BY_STEPS`` for a state that several columns say.
        has_steps: it could be read by steps.
        sheets: as they were read; their titles may name a former commune.
        choices: what a person corrected.
    """

    path: str
    rows: tuple[SiteRow, ...]
    notes: tuple[str, ...] = ()
    has_dates: bool = False
    columns: tuple[tuple[int, str], ...] = ()
    state_column: int = -1
    date_column: int = -1
    choices: SiteChoices = NO_CHOICES
    has_steps: bool = False
    sheets: tuple[ParsedSheet, ...] = ()


def read_site_list(
    path: Path,
    *,
    choices: SiteChoices = NO_CHOICES,
    today: dt.date | None = None,
    progress: Progress = NO_PROGRESS,
) -> SiteList:
    """Read a list from the national site (Excel or text with separators).

    A list without a column of states is one of accounts: everybody in it is registered, and this is said.

    Raises:
        UserError, EnvironmentProblem: as ``importing.parse.parse_workbook``; ``site.empty`` when nobody is in it.
    """
    try:
        parsed = parse_workbook(path, progress=progress)
    except UserError as error:
        if error.code == "workbook.no_list":
            raise _no_people(path) from error
        raise
    today = today or dt.date.today()
    notes: list[str] = []
    has_dates = False
    sheets = {sheet.name: sheet for sheet in parsed.sheets}
    columns = {name: _columns(sheet, parsed.rows, choices) for name, sheet in sheets.items() if sheet.persons}
    stages = {name: _stages(sheets[name], parsed.rows, state, choices) for name, (state, _) in columns.items()}
    for name, (state, date) in columns.items():
        notes += _notes(name if len(columns) > 1 else "", state, date, stages[name])
        has_dates = has_dates or date is not None
    rows = tuple(
        _staged_row(row, stages[row.sheet], today)
        if stages[row.sheet]
        else _row(row, *columns[row.sheet], today, choices.words)
        for row in parsed.rows
    )
    if not rows:
        raise _no_people(path)
    first = rows[0].sheet
    state, date = columns[first]
    return SiteList(
        str(path),
        rows,
        tuple(notes),
        has_dates,
        tuple((column.index, _column_words(column, rows)) for column in sheets[first].columns),
        BY_STEPS if stages[first] else state.index if state is not None else -1,
        date.index if date is not None and not stages[first] else -1,
        choices,
        bool(stages_of(sheets[first].columns)),
        parsed.sheets,
    )


def _no_people(path: Path) -> UserError:
    return UserError(
        f"Không thấy người nào trong {path.name}; chưa ghi gì. Hãy chọn danh sách tải từ trang quốc gia, có dòng tiêu "
        "đề với cột “Họ và tên” và cột số định danh hoặc năm sinh.",
        code="site.empty",
    )


def _column_words(column: ParsedColumn, rows: Sequence[SiteRow]) -> str:
    """ "E: Trạng thái"; a column without a heading is told by what stands in it."""
    if column.heading:
        return f"{column.letter}: {column.heading}"
    cells = (_cell(row.person, column) for row in reversed(rows[:_LOOK_AT]) if row.sheet == rows[0].sheet)
    said = next((text for cell in cells if (text := nfc(str("" if cell is None else cell)).removesuffix(".0"))), "")
    said = mask_cccd(said) if said.isdigit() and len(said) in (9, 12) else said
    return f"{column.letter}: ghi “{said[:30]}”" if said else f"{column.letter}: để trống"


def _columns(
    sheet: ParsedSheet, rows: Sequence[PersonRow], choices: SiteChoices
) -> tuple[ParsedColumn | None, ParsedColumn | None]:
    """The columns of states and of dates; of several that are headed so, the first whose cells mostly say a state;
    where none is headed so and no column is a step, one whose cells say so nearly all."""
    site = load_site()
    states = _headed(sheet.columns, site.state_headings)
    some = [row for row in rows if row.sheet == sheet.name][:_LOOK_AT]
    state = next((column for column in states if _says_states(column, some)), states[0] if states else None)
    if state is None and not stages_of(sheet.columns):
        state = next((column for column in sheet.columns if _says_only_states(column, some)), None)
    dates = _headed(sheet.columns, site.date_headings)
    date = dates[0] if dates else None
    return _corrected(sheet, choices.state_column, state), _corrected(sheet, choices.date_column, date)


def _stages(
    sheet: ParsedSheet, rows: Sequence[PersonRow], state: ParsedColumn | None, choices: SiteChoices
) -> tuple[Stage, ...]:
    """Columns of single steps, unless one column says the states or a person named it."""
    some = [row for row in rows if row.sheet == sheet.name][:_LOOK_AT]
    is_told = choices.state_column is None and state is not None and _says_states(state, some)
    if is_told or choices.state_column not in (None, BY_STEPS):
        return ()
    return stages_of(sheet.columns)


def _corrected(sheet: ParsedSheet, index: int | None, found: ParsedColumn | None) -> ParsedColumn | None:
    return found if index is None else next((column for column in sheet.columns if column.index == index), None)


def _says_states(column: ParsedColumn, rows: Sequence[PersonRow]) -> bool:
    cells = [cell for row in rows if str(cell := _cell(row, column) or "").strip()]
    return bool(cells) and sum(state_of(cell) is not None for cell in cells) * 2 > len(cells)


def _says_only_states(column: ParsedColumn, rows: Sequence[PersonRow]) -> bool:
    """Known words of states in nearly every row and a long one among them ("đã đăng ký"): it can be nothing else."""
    said = [text for row in rows if (text := plain(_cell(row, column)))]
    known = [text for text in said if not text.isdecimal() and text in load_site().states]
    return len(known) >= _LEAST and len(known) * 10 >= len(said) * 9 and any(len(text.split()) >= 3 for text in known)


def _headed(columns: Sequence[ParsedColumn], headings: Sequence[str]) -> list[ParsedColumn]:
    """The columns headed by one of these, whole ones first; then those whose heading begins with one."""
    named = [(plain(column.heading.rpartition("/")[2]) or plain(column.heading), column) for column in columns]
    whole = [column for wanted in headings for heading, column in named if heading == wanted]
    longer = [text + " " for text in headings if " " in text]
    begun = [column for wanted in longer for heading, column in named if heading.startswith(wanted)]
    return list(dict.fromkeys(whole + begun))


def _notes(sheet: str, state: ParsedColumn | None, date: ParsedColumn | None, stages: Sequence[Stage]) -> list[str]:
    where = f"Trang “{sheet}”: " if sheet else ""
    if stages:
        named = ", ".join(f"{stage.column.letter} “{stage.column.heading}”" for stage in stages)
        told = f"{where}mỗi bước một cột ({named}): ô có ngày hoặc dấu là đã tới bước đó, lấy bước xa nhất."
        return [told[:1].upper() + told[1:]]
    if state is None:
        word = SITE_WORDS[SiteState.REGISTERED].lower()
        told = f"{where}không có cột trạng thái, nên mọi người trong danh sách được coi là {word}."
        return [told[:1].upper() + told[1:]]
    told = f"{where}trạng thái lấy ở cột {_named(state)}"
    told += f", ngày ở cột {_named(date)}." if date is not None else "; không có cột ngày."
    return [told[:1].upper() + told[1:]]


def _named(column: ParsedColumn) -> str:
    return f"{column.letter} “{column.heading}”" if column.heading else f"{column.letter} (không có tiêu đề)"


def _row(
    row: PersonRow,
    state: ParsedColumn | None,
    date: ParsedColumn | None,
    today: dt.date,
    words: Mapping[str, SiteState],
) -> SiteRow:
    found: SiteState | None = SiteState.REGISTERED
    said = ""
    problem = ""
    if state is not None:
        said = nfc(str(_cell(row, state) or ""))
        found = (words.get(plain(said)) if words else None) or state_of(said)
        if found is None:
            problem = f"Chưa hiểu trạng thái “{said}”." if said else "Ô trạng thái để trống."
    day, date_problem = _date(_cell(row, date) if date is not None else None, today)
    return SiteRow(row, found, day, problem or date_problem or _refused(row), said)


def _staged_row(row: PersonRow, stages: Sequence[Stage], today: dt.date) -> SiteRow:
    state, cell, odd = read_stages(row.raw, stages)
    day, date_problem = _date(cell, today)
    problem = f"Chưa hiểu ô “{nfc(odd)[:40]}”; ghi ngày, dấu x hoặc để trống." if odd else ""
    return SiteRow(row, state, day, problem or date_problem or _refused(row))


def _refused(row: PersonRow) -> str:
    return next((issue.message for issue in row.issues if issue.severity is Severity.ERROR), "")


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
