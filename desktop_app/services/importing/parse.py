"""The one door to a workbook: from a file to a checked preview, without a database; the same bytes give the same preview."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from desktop_app.services.errors import UserError
from desktop_app.services.importing.checks import (
    check_hamlets,
    check_heads,
    check_numbers,
    check_sexes,
    find_repeats,
)
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.hamlets import Hamlet, hamlet_of_sheet_name, parse_hamlet
from desktop_app.services.importing.headers import LOOK_AT_ROWS, Header, find_header, header_at
from desktop_app.services.importing.households import HouseholdBook
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.mapping import ColumnMapping, describe, propose_mapping
from desktop_app.services.importing.persons import PersonColumns
from desktop_app.services.importing.preview import (
    CellValue,
    Issue,
    ParsedColumn,
    ParsedSheet,
    ParsedWorkbook,
    PersonRow,
    WorkbookKind,
    column_letter,
)
from desktop_app.services.importing.reader import OpenWorkbook, open_workbook
from desktop_app.services.importing.rows import SheetContext, read_persons
from desktop_app.services.importing.table import Table, clean_table
from desktop_app.services.importing.titles import find_communes, hamlet_of_titles
from desktop_app.services.progress import NO_PROGRESS, Progress

_NAME_FIELDS = (Field.NAME, Field.FAMILY_NAME, Field.HEAD_NAME)


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """What a person has decided beside the mapping.

    Args:
        name_case: change names written in capitals to name case.
        header_rows: sheet → first and last Excel row of its heading.
        hamlets: sheet → settlement, instead of what its name or title tells.
        cells: (sheet, Excel row, 0-based column) → the corrected cell.
    """

    name_case: bool = False
    header_rows: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    hamlets: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[tuple[str, int, int], CellValue] = field(default_factory=dict)


NO_OPTIONS = ParseOptions()


def parse_workbook(
    path: Path,
    *,
    sheets: Sequence[str] | None = None,
    mapping: Mapping[str, ColumnMapping] | None = None,
    options: ParseOptions = NO_OPTIONS,
    progress: Progress = NO_PROGRESS,
) -> ParsedWorkbook:
    """Read a list of citizens from a file into a preview.

    Args:
        path: .xlsx, .xlsm, .xls, .ods, or text with separators.
        sheets: names of the sheets to read; None reads all that are not hidden.
        mapping: name of a sheet, or shape of its headings, → mapping corrected by a person.
        options: other decisions of a person.
        progress: told once per sheet; may cancel.

    Raises:
        UserError, EnvironmentProblem: the file cannot be taken; see reader.open_workbook. Code "workbook.no_list"
            when no sheet holds a list of people, "workbook.no_sheet" when a named sheet is not there.
    """
    with _collector_paused():
        return _parse(path, sheets, mapping or {}, options, progress)


def kind_of_workbook(path: Path) -> WorkbookKind:
    """Tell what a workbook is by the headings of its sheets: a list of citizens, a scoring sheet, or neither.

    Raises:
        UserError, EnvironmentProblem: as open_workbook.
    """
    book = open_workbook(path)
    kinds: list[WorkbookKind] = []
    for name in book.sheet_names:
        sheet = understand_sheet(book, name, {}, NO_OPTIONS)
        if sheet.mapping.fields.count(Field.SCORE) >= 2 and sheet.mapping.has(*_NAME_FIELDS):
            kinds.append(WorkbookKind.SCORES)
        elif sheet.mapping.has(*_NAME_FIELDS):
            kinds.append(WorkbookKind.CITIZENS)
    if WorkbookKind.SCORES in kinds:
        return WorkbookKind.SCORES
    return kinds[0] if kinds else WorkbookKind.UNKNOWN


@dataclass(slots=True)
class UnderstoodSheet:
    """A sheet with its heading, titles and mapping, before its rows are read."""

    name: str
    table: Table
    header: Header
    mapping: ColumnMapping
    hamlet: Hamlet | None
    communes: tuple[str, ...]
    issues: list[Issue]

    def parsed(self, *, skipped: str = "", persons: int = 0) -> ParsedSheet:
        """Return what is shown of the sheet."""
        header = self.header
        return ParsedSheet(
            name=self.name,
            header_rows=(header.first + 1, header.last + 1) if header.is_found else None,
            titles=header.titles,
            hamlet=self.hamlet.display if self.hamlet else "",
            communes=self.communes,
            columns=tuple(self._columns()),
            shape=header.shape,
            skipped=skipped,
            persons=persons,
            hidden_rows=sum(row >= header.data for row in self.table.grid.hidden_rows),
            repairs=dict(self.table.repairs),
            issues=tuple(self.issues),
        )

    def _columns(self) -> Iterator[ParsedColumn]:
        start = self.header.data
        for index, column in enumerate(self.table.columns):
            charset = self.table.charsets[index]
            blank = column.count("") - column[:start].count("")
            yield ParsedColumn(
                index,
                column_letter(index),
                " / ".join(self.header.paths[index]),
                self.mapping.fields[index] if index < len(self.mapping.fields) else Field.IGNORE,
                charset.charset,
                charset.by,
                charset.samples,
                max(0, len(column) - start) - blank,
            )


def understand_sheet(
    book: OpenWorkbook, name: str, mapping: Mapping[str, ColumnMapping], options: ParseOptions
) -> UnderstoodSheet:
    """Read one sheet and find its heading, titles and mapping."""
    grid = book.read_sheet(name)
    for (sheet, row, column), value in options.cells.items():
        if sheet == name and row <= len(grid.rows) and column < len(grid.rows[row - 1]):
            grid.rows[row - 1][column] = value
    table = clean_table(grid, lambda columns: book.font_charsets(name, columns))
    top = list(zip(*(column[:LOOK_AT_ROWS] for column in table.columns), strict=True))
    chosen = options.header_rows.get(name)
    header = header_at(top, grid.merges, chosen[0] - 1, chosen[1] - 1) if chosen else find_header(top, grid.merges)
    issues: list[Issue] = []
    given = mapping.get(name) or mapping.get(header.shape)
    if given is None:
        proposed = propose_mapping(header.paths, table.columns, header.data)
        given = proposed.mapping
        for index, found in proposed.by_content:
            title = " / ".join(header.paths[index])
            letter = column_letter(index)
            issues.append(make_issue("columns.by_content", name, None, letter, title, kept=describe(found)))
        if not header.is_found and given.has(*_NAME_FIELDS):
            issues.append(make_issue("header.missing", name))
    hamlet = _sheet_hamlet(name, header, options, issues)
    return UnderstoodSheet(name, table, header, given, hamlet, find_communes(header.titles), issues)


def chosen_sheets(book: OpenWorkbook, path: Path, sheets: Sequence[str] | None) -> tuple[str, ...]:
    """Return the sheets to read.

    Raises:
        UserError: code "workbook.no_sheet".
    """
    if sheets is None:
        visible = tuple(name for name in book.sheet_names if name not in book.hidden_sheets)
        return visible or book.sheet_names
    missing = [name for name in sheets if name not in book.sheet_names]
    if missing:
        raise UserError(
            f"Tệp {path.name} không có trang tính “{missing[0]}”. Chưa có gì thay đổi. "
            f"Các trang đang có: {', '.join(book.sheet_names)}.",
            code="workbook.no_sheet",
        )
    return tuple(name for name in book.sheet_names if name in sheets)


def _parse(
    path: Path,
    sheets: Sequence[str] | None,
    mapping: Mapping[str, ColumnMapping],
    options: ParseOptions,
    progress: Progress,
) -> ParsedWorkbook:
    book = open_workbook(path)
    names = chosen_sheets(book, path, sheets)
    households = HouseholdBook()
    understood: list[UnderstoodSheet] = []
    found: list[PersonColumns | None] = []
    for number, name in enumerate(names):
        progress.step(number, len(names), f"Đang đọc trang {name}")
        sheet = understand_sheet(book, name, mapping, options)
        understood.append(sheet)
        found.append(_persons(sheet, households, options))
    progress.step(len(names), len(names), "Đang kiểm tra")
    taken = [persons for persons in found if persons is not None]
    if not any(taken):
        raise no_list(path)
    shown = tuple(_shown(sheet, persons) for sheet, persons in zip(understood, found, strict=True))
    hidden = tuple(_hidden(name) for name in book.sheet_names if sheets is None and name not in names)
    return ParsedWorkbook(str(path), book.stamp, book.sheet_names, shown + hidden, tuple(_rows(understood, taken)))


def no_list(path: Path) -> UserError:
    """Return the refusal of a workbook without any list of people."""
    return UserError(
        f"Không thấy danh sách người nào trong tệp {path.name}: không có cột họ tên hoặc không có dòng nào. "
        "Chưa có gì thay đổi. Hãy chọn tệp khác, hoặc chỉ ra dòng tiêu đề và cột họ tên.",
        code="workbook.no_list",
    )


def _persons(sheet: UnderstoodSheet, book: HouseholdBook, options: ParseOptions) -> PersonColumns | None:
    if not sheet.mapping.has(*_NAME_FIELDS):
        return None
    persons = read_persons(
        SheetContext(sheet.table, sheet.header, sheet.mapping, sheet.hamlet, book, options.name_case)
    )
    if not len(persons):
        return None
    check_sexes(persons)
    check_numbers(persons)
    if check_hamlets(persons):
        sheet.issues.append(make_issue("hamlet.missing", sheet.name))
    return persons


def _shown(sheet: UnderstoodSheet, persons: PersonColumns | None) -> ParsedSheet:
    hidden = sum(row >= sheet.header.data for row in sheet.table.grid.hidden_rows)
    if persons is not None:
        if hidden:
            sheet.issues.append(make_issue("sheet.hidden_rows", sheet.name, count=hidden))
        return sheet.parsed(persons=len(persons))
    code = "sheet.no_persons" if sheet.mapping.has(*_NAME_FIELDS) else "sheet.no_names"
    issue = make_issue(code, sheet.name)
    sheet.issues[:] = [issue]
    return sheet.parsed(skipped=issue.message)


def _hidden(name: str) -> ParsedSheet:
    issue = make_issue("sheet.hidden", name)
    return ParsedSheet(name, None, (), "", (), (), "", issue.message, issues=(issue,))


def _sheet_hamlet(name: str, header: Header, options: ParseOptions, issues: list[Issue]) -> Hamlet | None:
    if name in options.hamlets:
        return parse_hamlet(options.hamlets[name])
    by_name, by_title = hamlet_of_sheet_name(name), hamlet_of_titles(header.titles)
    if by_name and by_title and by_name.key != by_title.key:
        issues.append(make_issue("sheet.hamlets_differ", name, value=by_name.display, kept=by_title.display))
    return by_name or by_title


def _rows(understood: Sequence[UnderstoodSheet], found: Sequence[PersonColumns]) -> list[PersonRow]:
    """Check across sheets, then make the rows."""
    repeats = find_repeats(found)
    check_heads(found, repeats)
    grids = {sheet.name: sheet.table.grid.rows for sheet in understood}
    offsets: list[int] = []
    rows: list[PersonRow] = []
    total = 0
    for persons in found:
        offsets.append(total)
        total += len(persons)
    for number, persons in enumerate(found):
        repeated: list[int | None] = [None] * len(persons)
        for (sheet, at), (other, there) in repeats.items():
            if sheet == number:
                repeated[at] = offsets[other] + there
        rows += _person_rows(persons, grids[persons.sheet], repeated)
    return rows


def _person_rows(
    persons: PersonColumns, grid: Sequence[Sequence[CellValue]], repeated: Sequence[int | None]
) -> list[PersonRow]:
    issues = persons.issues
    return _made(
        {
            "sheet": repeat(persons.sheet),
            "row": [row + 1 for row in persons.rows],
            "raw": [grid[row] for row in persons.rows],
            "household": [home.number if home else None for home in persons.households],
            "household_code": [home.code if home else "" for home in persons.households],
            "hamlet": [hamlet.display if hamlet else "" for hamlet in persons.hamlets],
            "hamlet_text": persons.hamlet_texts,
            "address": persons.addresses,
            "poverty": persons.poverty,
            "name": persons.names,
            "relation": persons.relations,
            "sex": persons.sexes,
            "birth": persons.births,
            "cccd": persons.cccds,
            "ethnicity": persons.ethnicities,
            "occupation": persons.occupations,
            "phone": persons.phones,
            "group": persons.groups,
            "note": persons.notes,
            "uid": persons.uids,
            "extra": persons.extras,
            "issues": [tuple(issues[at]) if at in issues else () for at in range(len(persons))]
            if issues
            else repeat(()),
            "repeats": repeated,
        },
        len(persons),
    )


def _made(columns: Mapping[str, Iterable[object]], count: int) -> list[PersonRow]:
    """Make rows from columns, field by field; twice as fast as calling PersonRow 50,000 times, and the same result."""
    rows = [object.__new__(PersonRow) for _ in range(count)]
    for name in PersonRow.__slots__:
        deque(map(getattr(PersonRow, name).__set__, rows, columns[name]), maxlen=0)
    return rows


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from walking hundreds of thousands of new rows, none of which is garbage."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            # Both only relink lists: what was made goes to the oldest generation without being walked through now.
            gc.freeze()
            gc.unfreeze()
            gc.enable()
