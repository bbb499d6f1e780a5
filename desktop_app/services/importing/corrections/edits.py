"""What a person types over in the preview: read by the same parsers as the file, row by row, without reading it again.

Invariants: a correction belongs to a row by its sheet, its Excel number and its cells; where the file's cells have
changed meanwhile it is dropped and said, never laid over something else. Nothing is stored before the import.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from desktop_app.models.types import Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.hamlets import parse_hamlet
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.preview import CellValue, Issue, ParsedSheet, ParsedWorkbook, PersonRow
from desktop_app.services.importing.rows.checks import check_ages, check_numbers, check_sexes
from desktop_app.services.importing.rows.couples import SECOND
from desktop_app.services.importing.rows.persons import PersonColumns
from desktop_app.services.importing.rows.typed import (
    Told,
    birth_of,
    cccd_of,
    code_of,
    ethnicity_of,
    group_word,
    name_of,
    note_of,
    phone_of,
    poverty_word,
    relation_word,
    sex_of,
    text_of,
)
from desktop_app.services.importing.understanding import cell_text
from desktop_app.services.importing.words import HEAD, life_of_note
from desktop_app.services.registry.words import GROUP_SHORT, POVERTY, SEX
from desktop_app.services.vietnamese import Charset, PartialDate, decode_legacy, fold, nfc

OF_PERSON = (
    Field.NAME, Field.BIRTH, Field.SEX, Field.CCCD, Field.RELATION, Field.HOUSEHOLD_CODE, Field.PHONE,
    Field.ETHNICITY, Field.OCCUPATION, Field.GROUP, Field.NOTE,
)  # fmt: skip
"""What is corrected of one row."""
OF_HOUSEHOLD = (Field.HAMLET, Field.ADDRESS, Field.POVERTY)
"""What is corrected of all rows of a household at once."""
EDITABLE = (*OF_PERSON, *OF_HOUSEHOLD)

_SAID: Mapping[Field, tuple[str, ...]] = {
    Field.NAME: ("name.", "row.thin"),
    Field.BIRTH: ("birth.",),
    Field.SEX: ("sex.",),
    Field.CCCD: ("cccd.",),
    Field.RELATION: ("relation.", "sex.not_relation"),
    Field.PHONE: ("phone.",),
    Field.GROUP: ("group.",),
    Field.NOTE: ("life.",),
    Field.HAMLET: ("hamlet.", "household.hamlet_differs"),
    Field.POVERTY: ("poverty.",),
}
"""What was said of a field and is asked anew once it is corrected, by the beginnings of the codes."""
_DERIVED = ("sex.from_cccd", "sex.from_relation")
_COMPARED = (*_DERIVED, "sex.unclear", "sex.not_relation", "cccd.bad_province", "cccd.sex_mismatch",
             "cccd.year_mismatch")  # fmt: skip
_EVIDENCE = frozenset({Field.SEX, Field.CCCD, Field.RELATION, Field.BIRTH})
_BIRTH_COLUMNS = (Field.BIRTH, Field.BIRTH_MALE, Field.BIRTH_FEMALE, Field.BIRTH_YEAR)
_NAME_COLUMNS = (Field.NAME, Field.FAMILY_NAME, Field.HEAD_NAME)
_SEX_COLUMNS = (Field.SEX, Field.MALE_MARK, Field.FEMALE_MARK)

Texts = Mapping[Field, str]
Key = tuple[str, int, int]
"""Sheet, Excel row, and which of a row's people."""


@dataclass
class Corrections:
    """All that was typed over in one file, until it is imported.

    Attributes:
        texts: sheet and Excel row → field → what was typed.
        lost: rows whose correction was dropped the last time the file was read, because their cells are others now.
    """

    texts: dict[Key, dict[Field, str]] = field(default_factory=dict)
    lost: list[Key] = field(default_factory=list)
    _cells: dict[Key, tuple[CellValue, ...]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.texts)

    def put(self, row: PersonRow, texts: Texts) -> None:
        """Remember what was typed over in a row."""
        key = _key(row)
        self.texts.setdefault(key, {}).update(texts)
        self._cells.setdefault(key, tuple(row.raw))

    def forget(self, row: PersonRow) -> None:
        """Let a row stand again as in the file."""
        self.texts.pop(_key(row), None)
        self._cells.pop(_key(row), None)

    def of(self, row: PersonRow) -> Mapping[Field, str]:
        """What was typed over in a row."""
        return self.texts.get(_key(row), {})

    def applied(self, parsed: ParsedWorkbook, today: dt.date) -> ParsedWorkbook:
        """The workbook with every correction; those whose row is no longer the same are dropped."""
        self.lost = []
        places = {_key(row): place for place, row in enumerate(parsed.rows)} if self.texts else {}
        for key, texts in list(self.texts.items()):
            place = places.get(key)
            if place is None or tuple(parsed.rows[place].raw) != self._cells[key]:
                del self.texts[key], self._cells[key]
                self.lost.append(key)
                continue
            parsed = corrected(parsed, place, texts, today)
        return parsed


def _key(row: PersonRow) -> Key:
    return row.sheet, row.row, row.part


def corrected(parsed: ParsedWorkbook, place: int, texts: Texts, today: dt.date) -> ParsedWorkbook:
    """The workbook with one row typed over; what holds for a household is typed over in all its rows."""
    rows = list(parsed.rows)
    sheet = next(item for item in parsed.sheets if item.name == rows[place].sheet)
    was_refused = rows[place].is_refused
    rows[place] = _retyped(rows[place], texts, sheet, today)
    shared = {of: text for of, text in texts.items() if of in OF_HOUSEHOLD}
    if shared:
        for other in _housemates(rows, place):
            rows[other] = _retyped(rows[other], shared, sheet, today)
    if _EVIDENCE & set(texts) or Field.NAME in texts:
        rows[place] = _compared_within(rows, place)
    if Field.RELATION in texts or was_refused:
        _count_heads(rows, place)
    return replace(parsed, rows=tuple(rows))


def shown_value(row: PersonRow, of: Field) -> str:
    """What a row says of a field now, as it would be typed."""
    texts: dict[Field, Callable[[], str]] = {
        Field.NAME: lambda: row.name,
        Field.BIRTH: lambda: row.birth.text() if row.birth else "",
        Field.SEX: lambda: SEX[row.sex] if row.sex else "",
        Field.CCCD: lambda: row.cccd or "",
        Field.RELATION: lambda: row.relation,
        Field.HOUSEHOLD_CODE: lambda: row.household_code,
        Field.PHONE: lambda: row.phone,
        Field.ETHNICITY: lambda: row.ethnicity,
        Field.OCCUPATION: lambda: row.occupation,
        Field.GROUP: lambda: GROUP_SHORT[row.group] if row.group else "",
        Field.NOTE: lambda: row.note,
        Field.HAMLET: lambda: row.hamlet,
        Field.ADDRESS: lambda: row.address,
        Field.POVERTY: lambda: POVERTY[row.poverty] if row.poverty else "",
    }
    return texts[of]()


def original_text(row: PersonRow, of: Field, sheet: ParsedSheet) -> str:
    """The cell of a field as it stands in the file; "" where the file has no column for it."""
    wanted = {Field.NAME: (*_NAME_COLUMNS, Field.GIVEN_NAME), Field.BIRTH: _BIRTH_COLUMNS, Field.SEX: _SEX_COLUMNS}
    if row.part:
        wanted = {own: (SECOND.get(own, Field.IGNORE),) for own in OF_PERSON}
    if wanted.get(of) == (Field.IGNORE,):
        return ""
    cells = [
        _cell_text(row.raw[item.index], item.charset)
        for item in sheet.columns
        if item.field in wanted.get(of, (of,)) and item.index < len(row.raw)
    ]
    return " ".join(text for text in cells if text)


def field_of_issue(code: str) -> Field | None:
    """The field that a remark asks to be corrected, by its code; None where no single one helps."""
    for of, starts in _SAID.items():
        if code.startswith(starts):
            return of
    return None


# -- one row ---------------------------------------------------------------------------------------------------------


def _retyped(row: PersonRow, texts: Texts, sheet: ParsedSheet, today: dt.date) -> PersonRow:
    columns = {item.field: item for item in sheet.columns}
    values: dict[str, Any] = {}
    issues = list(row.issues)
    for of, raw in texts.items():
        text = " ".join(nfc(raw).split())
        column = next((columns[item] for item in _columns_of(of) if item in columns), None)
        letter, title = (column.letter, column.heading) if column else ("", "")
        issues = [item for item in issues if not _is_about(item, of, letter)]
        told = _take(values, row, of, text, today)
        issues += [make_issue(code, row.sheet, row.row, letter, title, **shown) for code, shown in told]
    made = replace(row, **values)
    if _EVIDENCE & set(texts):
        made, issues = _weighed(made, issues, frozenset(texts), columns, today)
    return replace(made, issues=tuple(issues))


def _columns_of(of: Field) -> Sequence[Field]:
    named = {Field.NAME: _NAME_COLUMNS, Field.BIRTH: _BIRTH_COLUMNS, Field.SEX: _SEX_COLUMNS}
    return named.get(of, (of,))


def _is_about(issue: Issue, of: Field, letter: str) -> bool:
    if issue.code.startswith(_SAID.get(of, ("\0",))):
        return True
    return bool(letter) and issue.column == letter and issue.code.startswith(("cell.", "ditto."))


def _take(values: dict[str, Any], row: PersonRow, of: Field, text: str, today: dt.date) -> Told:
    """Read one typed text into a row's values; returns what is to be told of it."""
    value: Any
    if of is Field.NAME:
        value, told = name_of()(text)
        values["name"] = value
        return told if value or told else (("name.missing", {}),)
    if of is Field.HAMLET:
        hamlet = parse_hamlet(text) if text else None
        values.update(hamlet=hamlet.display if hamlet else "", hamlet_text=text)
        return ()
    if of is Field.HOUSEHOLD_CODE:
        code, told = code_of(text)
        values.update(household_code=code, household=None if code != row.household_code else row.household)
        return told
    if of is Field.NOTE:
        return _take_note(values, text)
    name, parse = _PARSERS[of] if of is not Field.BIRTH else ("birth", birth_of(latest=today))
    value, told = parse(text)
    values[name] = value
    return told


def _take_note(values: dict[str, Any], text: str) -> Told:
    note, told = note_of(text)
    life = life_of_note(note)
    values.update(note=note, life=life[0] if life else None, life_date=life[1] if life else None)
    return (*told, (f"life.{life[0].value}", {"value": note})) if life else told


_PARSERS: Mapping[Field, tuple[str, Callable[[CellValue], tuple[Any, Told]]]] = {
    Field.SEX: ("sex", sex_of),
    Field.CCCD: ("cccd", cccd_of),
    Field.RELATION: ("relation", relation_word),
    Field.PHONE: ("phone", phone_of),
    Field.ETHNICITY: ("ethnicity", ethnicity_of),
    Field.OCCUPATION: ("occupation", text_of),
    Field.GROUP: ("group", group_word),
    Field.ADDRESS: ("address", text_of),
    Field.POVERTY: ("poverty", poverty_word),
}


@dataclass
class _One:
    """One row as the checks of columns want it."""

    relations: list[str]
    sexes: list[Sex | None]
    cccds: list[str | None]
    births: list[PartialDate | None]
    told: list[tuple[str, Field | None, dict[str, object]]] = field(default_factory=list)

    def tell(self, at: int, code: str, of: Field | None = None, **values: object) -> None:
        self.told.append((code, of, values))


def _weighed(
    row: PersonRow, issues: list[Issue], typed: frozenset[Field], where: Mapping[Field, Any], today: dt.date
) -> tuple[PersonRow, list[Issue]]:
    """Ask again whether number, sex, relation and birth agree; a sex that was only inferred is inferred anew."""
    is_inferred = any(item.code in _DERIVED for item in issues) and Field.SEX not in typed
    issues = [item for item in issues if item.code not in _COMPARED]
    one = _One([row.relation], [None if is_inferred else row.sex], [row.cccd], [row.birth])
    columns = cast(PersonColumns, one)
    if Field.BIRTH in typed:
        check_ages(columns, today)
    check_sexes(columns)
    check_numbers(columns)
    for code, of, values in one.told:
        column = where.get(of) if of is not None else None
        letter, title = (column.letter, column.heading) if column else ("", "")
        issues.append(make_issue(code, row.sheet, row.row, letter, title, **values))
    return replace(row, sex=one.sexes[0]), issues


# -- among the others ------------------------------------------------------------------------------------------------


def _housemates(rows: Sequence[PersonRow], place: int) -> list[int]:
    number = rows[place].household
    if number is None:
        return []
    return [other for other, row in enumerate(rows) if row.household == number and other != place]


def _compared_within(rows: Sequence[PersonRow], place: int) -> PersonRow:
    """The row as a repetition of an earlier one, or no longer one: same number and name, or same home and birth."""
    row = rows[place]
    issues = tuple(item for item in row.issues if item.code not in ("row.repeated", "cccd.shared"))
    earlier = next((at for at in range(place) if _is_same(rows[at], row)), None)
    made = replace(row, repeats=earlier, issues=issues)
    if earlier is None:
        return made
    other = rows[earlier]
    told = make_issue("row.repeated", row.sheet, row.row, place=f"trang “{other.sheet}” dòng {other.row}")
    return replace(made, issues=(*issues, told))


def _is_same(other: PersonRow, row: PersonRow) -> bool:
    if other.is_refused or not row.name or other.name[:1] != row.name[:1] or fold(other.name) != fold(row.name):
        return False
    if row.cccd and other.cccd:
        return row.cccd == other.cccd
    if row.household is None or other.household != row.household or row.birth is None:
        return False
    return other.birth == row.birth and len({other.relation, row.relation} - {""}) < 2


def _count_heads(rows: list[PersonRow], place: int) -> None:
    """Say anew which of a household's rows is a second head, or that there is none."""
    homes = sorted([place, *_housemates(rows, place)]) if rows[place].household is not None else []
    second = [at for at in homes if any(item.code == "household.two_heads" for item in rows[at].issues)]
    blanked = [at for at in second if not rows[at].relation]
    for at in blanked:
        rows[at] = replace(rows[at], relation=HEAD)
    listed = [at for at in homes if rows[at].relation == HEAD and rows[at].repeats is None]
    taken = next((place for place, at in enumerate(listed) if not rows[at].is_refused), len(listed))
    for at in homes:
        row = rows[at]
        kept = [item for item in row.issues if item.code not in ("household.two_heads", "household.no_head")]
        if at in listed[taken + 1 :]:
            kept.append(make_issue("household.two_heads", row.sheet, row.row))
            row = rows[at] = replace(row, relation="")
        elif not listed and at == homes[0]:
            kept.append(make_issue("household.no_head", row.sheet, row.row))
        if kept != list(row.issues):
            rows[at] = replace(row, issues=tuple(kept))


def _cell_text(value: CellValue, charset: Charset | None) -> str:
    text = cell_text(value)
    return decode_legacy(text, charset) if charset else text
