"""Which columns of a sheet tell titles of former years, of which model and year, and by what that is known. Pure.

Invariant: a year or a model that the file does not write is taken from the round or the list only with a word about it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.fields import TITLES, Field, heading_key
from desktop_app.services.importing.kinds import UNIT_LISTS, ListKind
from desktop_app.services.importing.preview import ParsedColumn, ParsedSheet
from desktop_app.services.importing.titles.columns import TitleHeading, above_of, heading_of
from desktop_app.services.vietnamese import fold

_RESULTS = frozenset({"ket qua", "dat", "xep loai", "ket qua xet", "ket qua cong nhan", "ket qua danh gia"})
_OF_HOLDERS = re.compile(r"danh sach .*(?:dat|duoc cong nhan|de nghi cong nhan).*(?:danh hieu|hoc tap)")
_BY_FIELD = {Field.CITIZEN_TITLE: LearningModel.CITIZEN, Field.FAMILY_TITLE: LearningModel.FAMILY}

LIST = -1
"""Index that stands for a whole list of holders."""


class By(StrEnum):
    """By what the year of a column is known."""

    TYPED = "typed"
    HEADING = "heading"
    ABOVE = "above"
    BEFORE_ABOVE = "before_above"
    ROUND = "round"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class TitleColumn:
    """A column that tells titles, or a whole list of those who hold one.

    Args:
        column: None for a list whose every row holds the title.
        model, year: None where only the cells can tell.
        is_wish: of what is registered or proposed only.
        model_by_rows: the model follows from each row being a household.
    """

    column: ParsedColumn | None
    model: LearningModel | None
    year: int | None
    by: By
    is_wish: bool = False
    model_by_rows: bool = False

    @property
    def index(self) -> int:
        """Its place among the sheet's columns; LIST for a whole list."""
        return LIST if self.column is None else self.column.index

    @property
    def name(self) -> str:
        """How sentences name it."""
        if self.column is None:
            return "Danh sách"
        return f"Cột {self.column.letter} “{self.column.heading}”"


@dataclass(frozen=True, slots=True)
class TitleSheet:
    """A sheet that tells titles, with the columns that give their numbers and years."""

    sheet: ParsedSheet
    columns: tuple[TitleColumn, ...]
    number: ParsedColumn | None = None
    year: ParsedColumn | None = None


def tells_titles(sheet: ParsedSheet) -> bool:
    """Whether a sheet speaks of titles of former years at all."""
    if sheet.kind is ListKind.TITLES or any(column.field in TITLES for column in sheet.columns):
        return True
    return sheet.kind in UNIT_LISTS and any(map(_OF_HOLDERS.search, map(fold, sheet.titles)))


def title_sheet(sheet: ParsedSheet, latest: int | None) -> TitleSheet:
    """Understand a sheet's columns of titles.

    Args:
        latest: the year before the newest round; None without a round.
    """
    above = above_of(sheet.titles)
    columns = tuple(_typed(sheet, column) for column in _columns(sheet, above, latest))
    return TitleSheet(sheet, columns, sheet.column_of(Field.TITLE_NUMBER), sheet.column_of(Field.TITLE_YEAR))


def asked_years(sheet: ParsedSheet, latest: int | None) -> tuple[TitleColumn, ...]:
    """The columns of titles of which no heading tells the year, so that a person may."""
    if not tells_titles(sheet):
        return ()
    found = title_sheet(sheet, latest).columns
    return tuple(column for column in found if column.by is not By.HEADING and not column.is_wish)


def with_years(sheets: Sequence[ParsedSheet], years: Mapping[tuple[str, int], int]) -> tuple[ParsedSheet, ...]:
    """The sheets with the years that a person has given.

    Args:
        years: name of a sheet and index of a column (LIST for a whole list) → year.
    """
    given: dict[str, dict[int, int]] = {}
    for (name, index), year in years.items():
        given.setdefault(name, {})[index] = year
    return tuple(replace(sheet, title_years=given.get(sheet.name, {})) for sheet in sheets)


def _typed(sheet: ParsedSheet, column: TitleColumn) -> TitleColumn:
    year = sheet.title_years.get(column.index)
    return column if year is None else replace(column, year=year, by=By.TYPED)


def _columns(sheet: ParsedSheet, above: TitleHeading, latest: int | None) -> Iterator[TitleColumn]:
    named = [column for column in sheet.columns if column.field in TITLES]
    if named:
        for column in named:
            yield _of_column(sheet, column, above, latest)
        return
    results = [column for column in sheet.columns if heading_key(column.heading) in _RESULTS]
    model, by_rows = _model(None, TitleHeading(), above, sheet)
    year, by = _year(TitleHeading(), above, latest, is_list=True)
    yield TitleColumn(results[0] if results else None, model, year, by, above.is_wish, by_rows)


def _of_column(sheet: ParsedSheet, column: ParsedColumn, above: TitleHeading, latest: int | None) -> TitleColumn:
    heading = heading_of(column.heading)
    model, by_rows = _model(_BY_FIELD.get(column.field), heading, above, sheet)
    year, by = _year(heading, above, latest, is_list=sheet.kind is ListKind.TITLES)
    return TitleColumn(column, model, year, by, heading.is_wish, by_rows)


def _model(
    chosen: LearningModel | None, heading: TitleHeading, above: TitleHeading, sheet: ParsedSheet
) -> tuple[LearningModel | None, bool]:
    """The model, and whether it is known only by each row being a household."""
    if chosen is not None:
        return chosen, False
    for told in (heading, above):
        if len(told.models) == 1:
            return told.models[0], False
        if told.models:
            return None, False
    fields = {column.field for column in sheet.columns}
    has_heads = Field.HEAD_NAME in fields and not fields & {Field.NAME, Field.FAMILY_NAME}
    has_sizes = Field.MEMBER_COUNT in fields and Field.RELATION not in fields
    is_of_homes = sheet.kind is ListKind.HEADS or has_heads or has_sizes
    return (LearningModel.FAMILY, True) if is_of_homes else (None, False)


def _year(heading: TitleHeading, above: TitleHeading, latest: int | None, *, is_list: bool) -> tuple[int | None, By]:
    """The year of a column; a list of titles is of the year that stands above it, any other of that year or before."""
    if heading.year is not None:
        return heading.year, By.HEADING
    if heading.has_years:
        return None, By.NOTHING
    if above.year is not None:
        if heading.is_before or above.is_before or (not is_list and latest is not None and above.year > latest):
            return above.year - 1, By.BEFORE_ABOVE
        return above.year, By.ABOVE
    return (latest, By.ROUND) if latest is not None and not above.has_years else (None, By.NOTHING)
