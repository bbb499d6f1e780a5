"""What a workbook says, before any register is asked: sheets, columns, rows and issues; frozen, free of any database.

Everything here can be shown, counted and corrected by a person; nothing here has been compared or stored yet.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.models.types import CitizenGroup, LearningModel, LifeStatus, OrganizationKind, Poverty, Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.kinds import ListKind
from desktop_app.services.vietnamese import Charset, PartialDate

CellValue = str | int | float | bool | datetime.datetime | datetime.date | datetime.time | datetime.timedelta | None
"""A cell as the file gives it; an empty cell is an empty text."""


class Severity(StrEnum):
    """ERROR: the row is refused. WARNING: the row is taken as shown, and a person should look."""

    ERROR = "error"
    WARNING = "warning"


class WorkbookKind(StrEnum):
    CITIZENS = "citizens"
    SCORES = "scores"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing a person should know.

    Args:
        sheet: name of the sheet.
        row: true row number in Excel; None for the whole sheet.
        column: column letter; "" when it is not about one column.
        title: heading of that column as shown.
        code: stable ASCII word, e.g. "cccd.lost_zero".
        message: a plain Vietnamese sentence.
    """

    severity: Severity
    code: str
    message: str
    sheet: str
    row: int | None = None
    column: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as the list gives him, carried down, repaired and checked; empty means "the list does not say".

    Args:
        row: true row number in Excel (1-based).
        raw: the cells as they stand in the file, by column index.
        household: number of the household within this workbook; None in lists without households.
        hamlet: canonical name ("Tổ dân phố số 2"); `hamlet_text` is what was written.
        extra: pairs (value of the field, text) of further columns: clan, organization, branch_code, last_title.
        life: what a note says of it ("đã chết", "chuyển đi"), with its day where it gives one; None where it is silent.
        part: 1 for the second person of a row that holds a couple.
        repeats: index in ParsedWorkbook.rows of the same person met earlier in this file; else None.
    """

    sheet: str
    row: int
    raw: Sequence[CellValue]
    household: int | None
    household_code: str
    hamlet: str
    hamlet_text: str
    address: str
    poverty: Poverty | None
    name: str
    relation: str
    sex: Sex | None
    birth: PartialDate | None
    cccd: str | None
    ethnicity: str
    occupation: str
    phone: str
    group: CitizenGroup | None
    note: str
    uid: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    issues: tuple[Issue, ...] = ()
    repeats: int | None = None
    religion: str = ""
    life: LifeStatus | None = None
    life_date: PartialDate | None = None
    part: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether an error keeps this row out of the register."""
        return bool(self.issues) and any(issue.severity is Severity.ERROR for issue in self.issues)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One clan, organization, branch or hamlet as a list gives it; empty means "the list does not say".

    Args:
        kind: CLANS, ORGANIZATIONS, BRANCHES or HAMLETS.
        organization: of a branch, where it belongs to one.
        is_aside: told beside the people of a list, whose row it is.
        is_maker: the unit may be made by this row; else it is only completed where it is known.
    """

    sheet: str
    row: int
    raw: Sequence[CellValue]
    kind: ListKind
    name: str
    code: str = ""
    hamlet: str = ""
    leader: str = ""
    phone: str = ""
    address: str = ""
    unit_kind: OrganizationKind | None = None
    organization: str = ""
    note: str = ""
    issues: tuple[Issue, ...] = ()
    is_aside: bool = False
    is_maker: bool = True

    @property
    def is_refused(self) -> bool:
        """Whether an error keeps this row out of the register."""
        return bool(self.issues) and any(issue.severity is Severity.ERROR for issue in self.issues)

    @property
    def household_code(self) -> str:
        """A unit is of no household."""
        return ""


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """One column of scores.

    Args:
        code: as the heading numbers it ("1", "2.3"); "#" and its place among them where it does not.
        title: the heading's lowest cell; letter: the column in Excel, "" in a sheet that was turned.
        is_share: all its numbers are from 0 to 1, so a percentage is written as a share of one.
        is_chosen: a person chose the indicator, whatever the heading says.
    """

    index: int
    code: str
    title: str
    letter: str
    is_share: bool = False
    is_chosen: bool = False

    @property
    def is_numbered(self) -> bool:
        """Whether the heading gave the code."""
        return not self.code.startswith("#")


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One form's scores as a scoring sheet gives them: of a person, or of a family, a clan, a unit, a hamlet.

    Args:
        group_text: the group in the sheet's own words.
        scores: indicator code as the heading numbers it ("1" … "10") → score; a blank cell has no entry.
        total: the total the sheet claims; None when it gives none.
        met: indicator code → what a tick or a word says; percents: codes of scores written with "%".
        maxima: indicator code → out of how many points the cell says the score is ("8/10").
        passed: the result the sheet claims; None when it gives none.
        model: what the form is of; for others than citizens `name` is the family head's, clan's or unit's name.
        column: in which column the person stands, in sheets where people stand across; else "".
    """

    sheet: str
    row: int
    raw: Sequence[CellValue]
    name: str
    birth: PartialDate | None
    cccd: str | None
    hamlet: str
    household_code: str
    group: CitizenGroup | None
    group_text: str
    scores: Mapping[str, float]
    total: float | None
    issues: tuple[Issue, ...] = ()
    met: Mapping[str, bool] = field(default_factory=dict)
    percents: frozenset[str] = frozenset()
    passed: bool | None = None
    model: LearningModel = LearningModel.CITIZEN
    column: str = ""
    maxima: Mapping[str, float] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, int]:
        """What tells this form from every other of its file."""
        return (f"{self.sheet}!{self.column}" if self.column else self.sheet, self.row)

    @property
    def is_refused(self) -> bool:
        """Whether an error keeps this row out of the round."""
        return bool(self.issues) and any(issue.severity is Severity.ERROR for issue in self.issues)


@dataclass(frozen=True, slots=True)
class ParsedColumn:
    """One column as it was understood.

    Args:
        index: 0-based position; `letter` is what Excel shows.
        heading: its heading cells from top to bottom, joined by " / ".
        charset: old charset its texts were decoded from; None for Unicode.
        charset_by: "letters" or "font"; "" for Unicode.
        samples: up to three pairs (as in the file, as understood) where the two differ.
        filled: number of filled cells below the heading.
        code: number of the indicator that a person chose for a column of scores; "" where its heading says it.
    """

    index: int
    letter: str
    heading: str
    field: Field
    charset: Charset | None = None
    charset_by: str = ""
    samples: tuple[tuple[str, str], ...] = ()
    filled: int = 0
    code: str = ""


@dataclass(frozen=True, slots=True)
class ParsedSheet:
    """One sheet as it was understood.

    Args:
        header_rows: first and last Excel row of the heading; None when no heading was found.
        titles: texts above the heading.
        hamlet: canonical hamlet told by the sheet's name or title; "" when neither tells.
        communes: communes named in the titles, e.g. ("Xã Phú An",).
        shape: fingerprint of the headings; lists of one shape share a remembered mapping.
        skipped: why nothing was taken from it, as a sentence; "" when it was read.
        persons: number of rows taken as persons; units: of those taken as clans, organizations, branches or hamlets.
        hidden_rows: number of hidden rows among the data (they are read like the others).
        repairs: code of a quiet repair → number of cells.
        kind: what the sheet lists.
        title_years: index of a column of titles → the year that a person has given it; LIST for a list of holders
            without such a column.
    """

    name: str
    header_rows: tuple[int, int] | None
    titles: tuple[str, ...]
    hamlet: str
    communes: tuple[str, ...]
    columns: tuple[ParsedColumn, ...]
    shape: str
    skipped: str = ""
    persons: int = 0
    hidden_rows: int = 0
    repairs: Mapping[str, int] = field(default_factory=dict)
    issues: tuple[Issue, ...] = ()
    kind: ListKind = ListKind.UNKNOWN
    units: int = 0
    title_years: Mapping[int, int] = field(default_factory=dict)

    def column_of(self, wanted: Field) -> ParsedColumn | None:
        """Return the column that was understood as a field, or None."""
        return next((column for column in self.columns if column.field is wanted), None)


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells one state of a file from another; taken from the very bytes that were read."""

    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ParsedWorkbook:
    """All that a list of citizens says.

    Args:
        path: the file, as given.
        rows: every person row of the sheets that were read, in the order of the file; units: every unit's row.
        all_sheets: names of all sheets of the file, also those not read.
    """

    path: str
    stamp: FileStamp
    all_sheets: tuple[str, ...]
    sheets: tuple[ParsedSheet, ...]
    rows: tuple[PersonRow, ...]
    units: tuple[UnitRow, ...] = ()

    @property
    def communes(self) -> tuple[str, ...]:
        """Communes named in the titles of the sheets that were read, each once."""
        return tuple(dict.fromkeys(name for sheet in self.sheets for name in sheet.communes))

    @property
    def first_sheet(self) -> str:
        """Name of the sheet that the first row stands on; "" where there is none."""
        if self.rows:
            return self.rows[0].sheet
        return self.units[0].sheet if self.units else ""

    def households(self) -> Iterator[tuple[PersonRow, ...]]:
        """Yield the rows of each household together, in the order of their first rows; refused rows included."""
        groups: dict[int, list[PersonRow]] = {}
        for row in self.rows:
            if row.household is not None:
                groups.setdefault(row.household, []).append(row)
        for members in groups.values():
            yield tuple(members)

    def issues(self) -> Iterator[Issue]:
        """Yield all issues: the sheets' own first, then row by row."""
        for sheet in self.sheets:
            yield from sheet.issues
        for row in self.rows:
            yield from row.issues
        for unit in self.units:
            yield from unit.issues

    def counts(self) -> Counter[str]:
        """Return how often each issue code occurs."""
        return Counter(issue.code for issue in self.issues())


@dataclass(frozen=True, slots=True)
class ParsedScores:
    """All that a scoring sheet says; `indicators` are the codes of its columns in their order.

    Args:
        columns: sheet → its score columns; years: those that the titles are about.
        places: key of a form of a turned sheet → the place in the file of each of its cells, (row, column) from 0.
    """

    path: str
    stamp: FileStamp
    all_sheets: tuple[str, ...]
    sheets: tuple[ParsedSheet, ...]
    indicators: tuple[str, ...]
    rows: tuple[ScoreRow, ...]
    columns: Mapping[str, tuple[ScoreColumn, ...]] = field(default_factory=dict)
    years: tuple[int, ...] = ()
    places: Mapping[tuple[str, int], tuple[tuple[int, int], ...]] = field(default_factory=dict)

    def issues(self) -> Iterator[Issue]:
        """Yield all issues: the sheets' own first, then row by row."""
        for sheet in self.sheets:
            yield from sheet.issues
        for row in self.rows:
            yield from row.issues


def column_letter(index: int) -> str:
    """Return Excel's name of a 0-based column: 0 → "A", 26 → "AA"."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the 0-based column of Excel's name: "A" → 0, "AA" → 26."""
    index = 0
    for letter in letters.upper():
        index = index * 26 + ord(letter) - 64
    return index - 1
