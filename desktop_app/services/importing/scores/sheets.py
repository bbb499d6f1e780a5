"""What a scoring sheet as a whole says: the model that is scored, the group of its people, and which rows are forms.

Invariant: a sheet's name or title speaks only for rows that are silent themselves; lines of maxima, of column numbers
and of averages are no forms.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.importing.fields import Field, plain_number_code
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.headings.sheets import NAME_FIELDS, UnderstoodSheet
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.preview import ScoreColumn
from desktop_app.services.importing.scores.turned import UNIT_FIELDS
from desktop_app.services.importing.scores.words import MAXIMA, model_of_texts
from desktop_app.services.importing.words import group_of, is_total
from desktop_app.services.registry.groups import group_of_occupation
from desktop_app.services.vietnamese import fold

_PERSON = (Field.NAME, Field.FAMILY_NAME)
_SUMS = ("trung binh", "binh quan", "diem trung binh", "ty le", "cao nhat", "thap nhat", "so phieu")
_TOTALS = ("cong", "tong", "tong cong", "tong so", "tong diem")


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """What holds for all rows of a sheet.

    Args:
        group: of the people, by the sheet's name or title; group_text: in its own words.
    """

    model: LearningModel
    group: CitizenGroup | None = None
    group_text: str = ""


def is_score_sheet(sheet: UnderstoodSheet) -> bool:
    """Tell whether a sheet has at least two columns of scores, and names of what is scored."""
    return sheet.mapping.fields.count(Field.SCORE) >= 2 and (
        sheet.mapping.has(*NAME_FIELDS, Field.HOUSEHOLD_CODE) or model_of(sheet) is not LearningModel.CITIZEN
    )


def model_of(sheet: UnderstoodSheet, stem: str = "") -> LearningModel:
    """The model whose forms a sheet holds: by its titles and name, else by what its columns are about."""
    mapping = sheet.mapping
    told = model_of_texts((*sheet.header.titles, sheet.name)) or model_of_texts((stem,))
    if told in UNIT_FIELDS and not mapping.has(UNIT_FIELDS[told]):
        told = None if mapping.has(*_PERSON) else told
    if told is not None:
        return told
    if mapping.has(*_PERSON, Field.CCCD, Field.BIRTH):
        return LearningModel.CITIZEN
    if mapping.has(Field.HEAD_NAME, Field.HOUSEHOLD_CODE):
        return LearningModel.FAMILY
    return next((model for model, of in UNIT_FIELDS.items() if mapping.has(of)), LearningModel.CITIZEN)


def unit_field(mapping: ColumnMapping, model: LearningModel) -> Field | None:
    """The column that names what a row is about, where that is no person."""
    of = UNIT_FIELDS.get(model)
    if of is not None and mapping.has(of):
        return of
    return None


def sheet_facts(sheet: UnderstoodSheet, stem: str) -> SheetFacts:
    """What the sheet says of all its rows; a group that is taken from it is told."""
    model = model_of(sheet, stem)
    if model is not LearningModel.CITIZEN:
        return SheetFacts(model)
    for text in (sheet.name, *reversed(sheet.header.titles)):
        group = group_of_title(text, is_name=text == sheet.name)
        if group is not None:
            if not sheet.mapping.has(Field.GROUP):
                sheet.issues.append(
                    make_issue("group.from_sheet", sheet.name, value=text, kept=f"“{_group_name(group)}”")
                )
            return SheetFacts(model, group, text)
    return SheetFacts(model)


def group_of_title(text: str, *, is_name: bool) -> CitizenGroup | None:
    """The group that a sheet's name or a title names; words of offices and of the form's own title name none."""
    folded = fold(text)
    for mark in ("nhom doi tuong", "nhom", "doi tuong", "danh cho", "ap dung cho", "dung cho"):
        at = folded.find(mark)
        if at >= 0:
            rest = folded[at + len(mark) :].strip(" :-–()")
            return group_of(rest if rest.startswith("nhom") else f"nhóm {rest}") or group_of_occupation(rest)
    return group_of(text) if is_name and "hoc tap" not in folded else None


def _group_name(group: CitizenGroup) -> str:
    from desktop_app.services.criteria.loader import citizen_group_names

    return citizen_group_names()[group][0]


def score_rows(
    sheet: UnderstoodSheet, names: Sequence[str], places: Sequence[int], columns: Sequence[ScoreColumn]
) -> list[int]:
    """Of the chosen rows those that are forms: not the maxima, nor the numbers of the columns, nor averages."""
    start, table = sheet.header.data, sheet.table.columns
    kept: list[int] = []
    for place in places:
        key = fold(names[place]).strip(" :.")
        if MAXIMA.fullmatch(key) or key.startswith(_SUMS) or key in _TOTALS or is_total(names[place]):
            continue
        if plain_number_code(names[place]) and all(_is_count(table[c.index][start + place]) for c in columns):
            continue
        kept.append(place)
    return kept


def group_lines(sheet: UnderstoodSheet, names: Sequence[str], columns: Sequence[ScoreColumn]) -> dict[int, str]:
    """Rows that only head the people of a group ("Nhóm 1: Người dân"), by their place below the heading."""
    start, table, fields = sheet.header.data, sheet.table.columns, sheet.mapping.fields
    own = [column.index for column in columns]
    own += [at for at, of in enumerate(fields) if of in (Field.BIRTH, Field.CCCD, Field.GROUP, Field.HOUSEHOLD_CODE)]
    found: dict[int, str] = {}
    for place in range(len(sheet.table.grid.rows) - start):
        if any(table[index][start + place] != "" for index in own):
            continue
        texts = [column[start + place] for column in table if type(column[start + place]) is str]
        text = next((str(value) for value in texts if value != ""), "")
        if text and group_of_title(text, is_name=True) is not None:
            found[place] = text
    return found


def _is_count(value: object) -> bool:
    return plain_number_code(f"{value:g}" if isinstance(value, float) else str(value)) is not None
