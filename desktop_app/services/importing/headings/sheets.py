"""A sheet understood before its rows are read: cells, heading, titles, settlement and the meaning of its columns."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from desktop_app.services.errors import UserError
from desktop_app.services.importing.fields import Field, heading_key
from desktop_app.services.importing.hamlets import (
    Hamlet,
    hamlet_of_file_name,
    hamlet_of_sheet_name,
    parse_hamlet,
)
from desktop_app.services.importing.headings.blocks import Blocks, settle_blocks
from desktop_app.services.importing.headings.captions import find_communes, hamlet_of_titles
from desktop_app.services.importing.headings.headers import LOOK_AT_ROWS, Header, find_header, header_at
from desktop_app.services.importing.headings.mapping import ColumnMapping, describe, other_people, propose_mapping
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.kinds import UNIT_LISTS, ListKind, kind_of_list
from desktop_app.services.importing.preview import CellValue, Issue, ParsedColumn, ParsedSheet, column_letter
from desktop_app.services.importing.reading.reader import OpenWorkbook
from desktop_app.services.importing.reading.table import Table, clean_table
from desktop_app.services.importing.rows.couples import couple_columns
from desktop_app.services.importing.scores.columns import with_score_columns
from desktop_app.services.importing.scores.turned import Turned
from desktop_app.services.importing.scores.turns import turn_scores
from desktop_app.services.vietnamese import fold

NAME_FIELDS = (Field.NAME, Field.FAMILY_NAME, Field.HEAD_NAME)
"""A sheet without any of these is no list of people."""
GUIDE_SHEET = "Hướng dẫn điền mẫu"
"""The template's own sheet of instructions, which is never read."""


@dataclass(frozen=True, slots=True)
class ParseOptions:
    """What a person has decided beside the mapping.

    Args:
        name_case: change names written in capitals to name case.
        header_rows: sheet → first and last Excel row of its heading.
        hamlets: sheet → settlement, instead of what its name or title tells.
        today: no birth is later, and two figures of a year mean the century before it; None for the day it is.
        cells: (sheet, Excel row, 0-based column) → the corrected cell.
    """

    name_case: bool = False
    header_rows: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    hamlets: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[tuple[str, int, int], CellValue] = field(default_factory=dict)
    today: datetime.date | None = None


NO_OPTIONS = ParseOptions()


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
    later_headings: frozenset[int] = frozenset()
    turned: Turned | None = None

    def parsed(self, *, skipped: str = "", persons: int = 0, units: int = 0) -> ParsedSheet:
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
            kind=kind_of_list(self.mapping.fields, header.titles),
            units=units,
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
                self.mapping.code_of(index),
            )


def understand_sheet(
    book: OpenWorkbook,
    name: str,
    mapping: Mapping[str, ColumnMapping],
    options: ParseOptions,
    file_stem: str = "",
) -> UnderstoodSheet:
    """Read one sheet and find its heading, titles and mapping.

    Args:
        file_stem: name of the file where it may tell the settlement; "" where it may not.
    """
    grid = book.read_sheet(name)
    for (sheet, row, column), value in options.cells.items():
        if sheet == name and row <= len(grid.rows) and column < len(grid.rows[row - 1]):
            grid.rows[row - 1][column] = value
    table = clean_table(grid, lambda columns: book.font_charsets(name, columns))
    chosen = options.header_rows.get(name)
    turned = None if chosen else turn_scores(table, grid.merges)
    if turned is not None:
        table, header, blocks = turned.table, turned.header, Blocks()
    else:
        top = list(zip(*(column[:LOOK_AT_ROWS] for column in table.columns), strict=True))
        header = header_at(top, grid.merges, chosen[0] - 1, chosen[1] - 1) if chosen else find_header(top, grid.merges)
        header, blocks = settle_blocks(table, header)
    issues: list[Issue] = []
    given = mapping.get(name) or mapping.get(header.shape)
    if given is None:
        proposed = propose_mapping(header.paths, table.columns, header.data)
        given = with_unit_columns(proposed.mapping, header)
        given = couple_columns(header.paths, table.columns, header.data, given)
        scored = with_score_columns(
            header.paths, table.columns, header.data, given, titles=header.titles, is_turned=turned is not None
        )
        given = scored.mapping
        if scored.left:
            left = ", ".join(f"“{side}”" for side in scored.left)
            issues.append(make_issue("score.columns_left", name, kept=scored.taken, value=left))
        for index, found in proposed.by_content:
            title = " / ".join(header.paths[index])
            letter = column_letter(index)
            issues.append(make_issue("columns.by_content", name, None, letter, title, kept=describe(found)))
        issues.extend(
            make_issue("columns.other_people", name, None, column_letter(index), " / ".join(header.paths[index]))
            for index in other_people(header.paths, table.columns, header.data, given)
        )
        if not header.is_found and given.has(*NAME_FIELDS):
            issues.append(make_issue("header.missing", name))
    hamlet = _sheet_hamlet(name, header, options, issues)
    if hamlet is None and file_stem and not given.has(Field.HAMLET):
        hamlet = hamlet_of_file_name(file_stem)
        if hamlet is not None:
            issues.append(make_issue("hamlet.from_file", name, kept=hamlet.display))
    return UnderstoodSheet(
        name, table, header, given, hamlet, find_communes(header.titles), issues, blocks.heading_rows, turned
    )


_KIND_HEADINGS = ("loai", "phan loai", "hinh thuc", "linh vuc")
_CODE_HEADINGS = ("ma", "ma so", "ky hieu")
_WORKPLACE = re.compile(
    r"\btruong (?:mam non|mau giao|tieu hoc|thcs|thpt|th|trung hoc)\b|"
    r"\b(?:cong ty|xi nghiep|nha may|tram y te|benh vien)\b"
)
"""Who works in such a place is told by its own groups."""


def with_unit_columns(mapping: ColumnMapping, header: Header) -> ColumnMapping:
    """The mapping with what short headings say in a list of organizations ("Loại"), and one column for a branch."""
    fields = mapping.fields
    if Field.BRANCH_NAME in fields and Field.BRANCH_CODE not in fields:
        mapping = mapping.with_column(fields.index(Field.BRANCH_NAME), Field.BRANCH_CODE)
    kind = kind_of_list(fields, header.titles)
    if kind is ListKind.MEMBERS and any(_WORKPLACE.search(fold(title)) for title in header.titles):
        return _without_work_groups(mapping, header)
    if kind not in UNIT_LISTS:
        return mapping
    short = {Field.UNIT_KIND: _KIND_HEADINGS} if kind is ListKind.ORGANIZATIONS else {}
    wanted = {**short, Field.BRANCH_CODE if kind is ListKind.BRANCHES else Field.UNIT_CODE: _CODE_HEADINGS}
    for index, path in enumerate(header.paths):
        key = heading_key(path[-1]) if path else ""
        for of, words in wanted.items():
            if key in words and not mapping.has(of):
                mapping = mapping.with_column(index, of)
    return mapping


def _without_work_groups(mapping: ColumnMapping, header: Header) -> ColumnMapping:
    """The mapping where "Tổ" is a group of those who work together ("Tổ 1", "Tổ văn phòng"), not a settlement."""
    for index, path in enumerate(header.paths):
        if path and heading_key(path[-1]) == "to" and mapping.fields[index] is Field.HAMLET:
            mapping = mapping.with_column(index, Field.IGNORE)
    return mapping


def chosen_sheets(book: OpenWorkbook, path: Path, sheets: Sequence[str] | None) -> tuple[str, ...]:
    """Return the sheets to read.

    Raises:
        UserError: code "workbook.no_sheet".
    """
    if sheets is None:
        visible = tuple(name for name in book.sheet_names if name not in book.hidden_sheets and name != GUIDE_SHEET)
        return visible or book.sheet_names
    missing = [name for name in sheets if name not in book.sheet_names]
    if missing:
        raise UserError(
            f"Tệp {path.name} không có trang tính “{missing[0]}”. Chưa có gì thay đổi. "
            f"Các trang đang có: {', '.join(book.sheet_names)}.",
            code="workbook.no_sheet",
        )
    return tuple(name for name in book.sheet_names if name in sheets)


def no_list(path: Path) -> UserError:
    """Return the refusal of a workbook without any list of people."""
    return UserError(
        f"Không thấy danh sách người, dòng họ, đơn vị, chi hội hay thôn nào trong tệp {path.name}: không có cột họ tên "
        "hoặc cột tên, hoặc không có dòng nào. Chưa có gì thay đổi. Hãy chọn tệp khác, hoặc chỉ ra dòng tiêu đề và "
        "cột họ tên.",
        code="workbook.no_list",
    )


def only_scores(path: Path) -> UserError:
    """Return the refusal of a workbook of scores where a list of people was asked for."""
    return UserError(
        f"Tệp {path.name} là phiếu chấm (có cột họ tên và các cột điểm), không phải danh sách công dân. Chưa có gì "
        "thay đổi. Hãy nhập tệp này như phiếu chấm (lệnh import scores); nếu đúng là danh sách công dân, hãy chỉ rõ "
        "trang tính cần nhập (--sheet TÊN).",
        code="workbook.only_scores",
    )


def _sheet_hamlet(name: str, header: Header, options: ParseOptions, issues: list[Issue]) -> Hamlet | None:
    if name in options.hamlets:
        return parse_hamlet(options.hamlets[name])
    by_name, by_title = hamlet_of_sheet_name(name), hamlet_of_titles(header.titles)
    if by_name and by_title and by_name.key != by_title.key:
        issues.append(make_issue("sheet.hamlets_differ", name, value=by_name.display, kept=by_title.display))
    return by_name or by_title
