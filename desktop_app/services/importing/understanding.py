"""How a file was understood, for a person to look at and correct: its kind, sheets, columns and what stands in them.

Invariant: a file that holds a table is shown even where no list was found in it, so that its columns can be named by
hand; a file that cannot be read at all is refused with a sentence.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.services.errors import UserError
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.headings.sheets import NO_OPTIONS, ParseOptions, chosen_sheets, understand_sheet
from desktop_app.services.importing.parse import kind_of_workbook, parse_scores, parse_workbook
from desktop_app.services.importing.preview import (
    CellValue,
    ParsedScores,
    ParsedSheet,
    ParsedWorkbook,
    WorkbookKind,
)
from desktop_app.services.importing.reading.reader import open_workbook
from desktop_app.services.progress import NO_PROGRESS, Progress

SAMPLES = 3
LOOK_AT_ROWS = 200
MAX_SAMPLE = 40
_OTHER = {"workbook.only_scores": WorkbookKind.SCORES, "workbook.no_scores": WorkbookKind.CITIZENS}
"""Refusal → as what the file may be read instead."""
_NO_LIST = ("workbook.no_list", "workbook.no_scores", "workbook.only_scores")

Samples = Mapping[tuple[str, int], tuple[str, ...]]


@dataclass(frozen=True)
class Understood:
    """A file as it was understood.

    Attributes:
        kind: list of citizens or scoring list; UNKNOWN where neither was found.
        people: the list, for a list of citizens.
        scores: the forms, for a scoring list.
        samples: (sheet, column) → some of the column's texts as the file has them.
        refusal: why no list was found, where the table is only shown.
    """

    path: Path
    kind: WorkbookKind
    all_sheets: tuple[str, ...]
    sheets: tuple[ParsedSheet, ...]
    samples: Samples
    people: ParsedWorkbook | None = None
    scores: ParsedScores | None = None
    refusal: str = ""

    @property
    def count(self) -> int:
        """How many persons, units or forms were found."""
        return sum(sheet.persons + sheet.units for sheet in self.sheets)


def understand_workbook(
    path: Path,
    *,
    kind: WorkbookKind | None = None,
    sheets: Sequence[str] | None = None,
    mapping: Mapping[str, ColumnMapping] | None = None,
    options: ParseOptions = NO_OPTIONS,
    progress: Progress = NO_PROGRESS,
) -> Understood:
    """Read a file into what a person can look at and correct.

    Args:
        kind: what a former reading found; None asks the file itself.
        sheets, mapping, options: as ``parse_workbook``.

    Raises:
        UserError, EnvironmentProblem: the file cannot be read, or no sheet of it holds any table.
    """
    given = mapping or {}
    found = _kind(kind_of_workbook(path) if kind is None else kind, given)
    try:
        return _understood(path, found, sheets, given, options, progress)
    except UserError as refusal:
        if refusal.code not in _NO_LIST:
            raise
        other = _OTHER.get(refusal.code)
        if other is not None:
            with contextlib.suppress(UserError):
                return _understood(path, other, sheets, given, options, progress)
        return _outline(path, found, sheets, given, options, refusal)


def _understood(
    path: Path,
    found: WorkbookKind,
    sheets: Sequence[str] | None,
    given: Mapping[str, ColumnMapping],
    options: ParseOptions,
    progress: Progress,
) -> Understood:
    """The file as one kind of list.

    Raises:
        UserError: as ``parse_scores`` and ``parse_workbook``.
    """
    if found is WorkbookKind.SCORES:
        forms = parse_scores(path, sheets=sheets, mapping=given, options=options, progress=progress)
        samples = _samples((row.sheet, row.raw) for row in forms.rows)
        return Understood(path, found, forms.all_sheets, forms.sheets, samples, scores=forms)
    book = parse_workbook(path, sheets=sheets, mapping=given, options=options, progress=progress)
    samples = _samples([*((row.sheet, row.raw) for row in book.rows), *((row.sheet, row.raw) for row in book.units)])
    return Understood(path, WorkbookKind.CITIZENS, book.all_sheets, book.sheets, samples, people=book)


def _kind(kind: WorkbookKind, mapping: Mapping[str, ColumnMapping]) -> WorkbookKind:
    """A person who names two columns as scores makes a scoring list of it; who takes them away, a list of people."""
    if not mapping:
        return kind
    most = max(item.fields.count(Field.SCORE) for item in mapping.values())
    if kind is WorkbookKind.SCORES:
        return kind
    return WorkbookKind.SCORES if most >= 2 else kind


def _outline(
    path: Path,
    kind: WorkbookKind,
    sheets: Sequence[str] | None,
    mapping: Mapping[str, ColumnMapping],
    options: ParseOptions,
    refusal: UserError,
) -> Understood:
    """The sheets and their columns without any person.

    Raises:
        UserError: the refusal itself, where not even a column is filled.
    """
    book = open_workbook(path)
    shown: list[ParsedSheet] = []
    cells: list[tuple[str, Sequence[CellValue]]] = []
    for name in chosen_sheets(book, path, sheets):
        sheet = understand_sheet(book, name, mapping, options)
        parsed = sheet.parsed()
        if any(column.filled for column in parsed.columns):
            shown.append(parsed)
            data = sheet.table.grid.rows[sheet.header.data :]
            cells += [(name, row) for row in data[:LOOK_AT_ROWS]]
    if not shown:
        raise refusal
    return Understood(path, kind, book.sheet_names, tuple(shown), _samples(cells), refusal=refusal.message)


def _samples(rows: Iterable[tuple[str, Sequence[CellValue]]]) -> Samples:
    found: dict[tuple[str, int], list[str]] = {}
    seen: dict[str, int] = {}
    for sheet, raw in rows:
        seen[sheet] = seen.get(sheet, 0) + 1
        if seen[sheet] > LOOK_AT_ROWS:
            continue
        for index, value in enumerate(raw):
            known = found.setdefault((sheet, index), [])
            text = cell_text(value) if len(known) < SAMPLES else ""
            if text and text not in known:
                known.append(text)
    return {key: tuple(texts) for key, texts in found.items()}


def cell_text(value: CellValue) -> str:
    """A cell as a short text: days as they are written here, whole numbers without a fraction."""
    if isinstance(value, dt.date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if value is None:
        return ""
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_SAMPLE else f"{text[: MAX_SAMPLE - 1]}…"
