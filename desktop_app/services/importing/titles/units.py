"""Titles of former years in lists of clans, organizations and hamlets: the list's own model, whole years only. Pure.

Invariant: a column that speaks of another model than the list's (how many citizens have the title) is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from desktop_app.models.types import LearningModel
from desktop_app.services.importing.kinds import ListKind
from desktop_app.services.importing.planning.fates import TAKEN, RowFate
from desktop_app.services.importing.preview import ParsedColumn, ParsedWorkbook, UnitRow
from desktop_app.services.importing.titles.columns import cell_of, year_of_cell
from desktop_app.services.importing.titles.known import KnownTitles
from desktop_app.services.importing.titles.sheets import TitleSheet, tells_titles, title_sheet
from desktop_app.services.importing.units.rows import UnitPlan
from desktop_app.services.registry.former_titles import FIRST_YEAR, MAX_NUMBER
from desktop_app.services.registry.words import MODEL
from desktop_app.services.vietnamese import decode_legacy, nfc

CHANGE = "former_title"
MODELS: Mapping[ListKind, LearningModel] = {
    ListKind.CLANS: LearningModel.CLAN,
    ListKind.ORGANIZATIONS: LearningModel.ORGANIZATION,
    ListKind.HAMLETS: LearningModel.COMMUNITY,
}


def with_unit_titles(parsed: ParsedWorkbook, items: Sequence[UnitPlan], known: KnownTitles) -> tuple[UnitPlan, ...]:
    """The rows about units with the titles that they bring among their changes."""
    sheets = {sheet.name: title_sheet(sheet, known.latest) for sheet in parsed.sheets if tells_titles(sheet)}
    return tuple(_shown(item, sheets.get(item.row.sheet), known) for item in items) if sheets else tuple(items)


def unit_titles(parsed: ParsedWorkbook, item: UnitPlan, known: KnownTitles) -> dict[tuple[LearningModel, int], str]:
    """What a row brings that the register lacks: model and year → number."""
    if CHANGE not in item.changes:
        return {}
    sheet = next(sheet for sheet in parsed.sheets if sheet.name == item.row.sheet)
    return _new(item, title_sheet(sheet, known.latest), known)


def _shown(item: UnitPlan, sheet: TitleSheet | None, known: KnownTitles) -> UnitPlan:
    titles = _new(item, sheet, known) if sheet is not None else {}
    if not titles:
        return item
    words = ", ".join(
        f"{MODEL[model]} {year}" + (f" (số {number})" if number else "") for (model, year), number in titles.items()
    )
    fate = RowFate.CHANGED if item.fate is RowFate.UNCHANGED else item.fate
    return replace(item, fate=fate, changes={**item.changes, CHANGE: ("", words)})


def _new(item: UnitPlan, sheet: TitleSheet, known: KnownTitles) -> dict[tuple[LearningModel, int], str]:
    found: dict[tuple[LearningModel, int], str] = {}
    if item.fate not in TAKEN or item.row.is_aside or (item.id is None and item.fate is not RowFate.NEW):
        return found
    for model, year, number in _told(item.row, sheet):
        is_late = known.latest is not None and year > known.latest
        key = (model, ("known", item.id or 0), year)
        if year < FIRST_YEAR or is_late or known.is_own(key):
            continue
        standing = known.number_of(key)
        if standing is None or (number and number != standing):
            found[model, year] = number
    return found


def _told(row: UnitRow, sheet: TitleSheet) -> Iterator[tuple[LearningModel, int, str]]:
    own = MODELS.get(row.kind)
    year = year_of_cell(_text(row, sheet.year))
    for column in sheet.columns:
        if own is None or column.is_wish or column.model not in (None, own):
            continue
        cell = cell_of(_text(row, column.column) if column.column is not None else "đạt")
        for held in cell.held:
            of_year = held.year or year or column.year
            if held.model in (None, own) and of_year is not None:
                number = cell.number or (_text(row, sheet.number) if len(cell.held) == 1 else "")
                yield own, of_year, number[:MAX_NUMBER]


def _text(row: UnitRow, column: ParsedColumn | None) -> str:
    if column is None or column.index >= len(row.raw):
        return ""
    value = row.raw[column.index]
    text = (
        str(int(value)) if isinstance(value, float) and value.is_integer() else str(value if value is not None else "")
    )
    return nfc(decode_legacy(text, column.charset) if column.charset else text)
