"""Couples side by side: a row with two people, each with a name and a birth or number of his own, read as two.

Invariants: a second name without birth and number is nobody (it is told elsewhere); both are of one household; who is
whose wife or husband is what the headings say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from desktop_app.models.types import Sex
from desktop_app.services.importing.fields import Field, field_of_heading, heading_key
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.rows.households import HouseholdBook
from desktop_app.services.importing.rows.persons import PersonColumns
from desktop_app.services.importing.rows.rows import SheetContext, read_persons
from desktop_app.services.vietnamese import cccd_sex, fold

SECOND: Mapping[Field, Field] = {
    Field.NAME: Field.SPOUSE_NAME, Field.BIRTH: Field.SPOUSE_BIRTH, Field.CCCD: Field.SPOUSE_CCCD,
    Field.PHONE: Field.SPOUSE_PHONE, Field.OCCUPATION: Field.SPOUSE_OCCUPATION,
    Field.ETHNICITY: Field.SPOUSE_ETHNICITY,
}  # fmt: skip
"""Field → the same of the second person."""
_FIRST = {second: first for first, second in SECOND.items()}
_PROVING = (Field.SPOUSE_BIRTH, Field.SPOUSE_CCCD)
_TAG = re.compile(r"\b(vo (?:hoac )?chong|chong (?:hoac )?vo|vo|chong)\b")
_BARE = re.compile(r"\b(?:cua|nguoi|ong|ba|la|hoac)\b")
_HEAD = re.compile(r"\bchu ho\b")
_NAMES = (Field.NAME, Field.HEAD_NAME)
_HALF = 0.5
WIFE, HUSBAND, EITHER = "Vợ", "Chồng", "Vợ chồng"


@dataclass(frozen=True, slots=True)
class _Heading:
    """A column's heading: whose it is by its words, and what it says of him."""

    tag: str
    of: Field | None


def couple_columns(
    paths: Sequence[Sequence[str]], columns: Sequence[Sequence[CellValue]], start: int, mapping: ColumnMapping
) -> ColumnMapping:
    """The mapping with the columns of a second person named as such, where they clearly hold one.

    Args:
        paths: for each column its heading cells from top to bottom.
        columns: the sheet by columns; start: first row below the heading.
    """
    if mapping.has(Field.SPOUSE_NAME, Field.FAMILY_NAME, Field.RELATION) or not any(map(_is_tagged, paths)):
        return mapping
    headings = [_heading(path) for path in paths[: len(mapping.fields)]]
    names = [at for at, heading in enumerate(headings) if heading.of in _NAMES]
    if len(names) != 2 or (not headings[names[1]].tag and not headings[names[0]].tag):
        return mapping
    first, second = names if headings[names[1]].tag else names[::-1]
    if headings[first].tag == headings[second].tag or not _are_others(columns[first], columns[second], start):
        return mapping
    chosen = _shared_out(headings, first, second)
    if not any(of in _PROVING for of in chosen.values()):
        return mapping
    given = list(mapping.fields)
    for at, of in chosen.items():
        for other, known in enumerate(given):
            if known is of:
                given[other] = Field.IGNORE
        given[at] = of
    return ColumnMapping(tuple(given))


def _is_tagged(path: Sequence[str]) -> bool:
    return _TAG.search(heading_key(" ".join(path))) is not None


def _heading(path: Sequence[str]) -> _Heading:
    key = heading_key(" ".join(path))
    found = _TAG.search(key)
    tag = "" if found is None else WIFE if found[1] == "vo" else HUSBAND if found[1] == "chong" else EITHER
    if not tag:
        return _Heading("", field_of_heading(" ".join(path)) or (field_of_heading(path[-1]) if path else None))
    rest = " ".join(_BARE.sub(" ", _TAG.sub(" ", key)).split())
    return _Heading(tag, field_of_heading(rest) if rest else Field.NAME)


def _are_others(own: Sequence[CellValue], other: Sequence[CellValue], start: int) -> bool:
    """Tell whether the second names are people without rows of their own."""
    known = {fold(str(value)) for value in own[start:]}
    names = [fold(value) for value in other[start:] if isinstance(value, str) and len(value.split()) > 1]
    return bool(names) and sum(name in known for name in names) < _HALF * len(names)


def _shared_out(headings: Sequence[_Heading], first: int, second: int) -> dict[int, Field]:
    """Which column tells what of whom: by its own words, else by the name to its left where both have such a column."""
    chosen = {first: Field.NAME if headings[first].of is Field.NAME else Field.HEAD_NAME, second: Field.SPOUSE_NAME}
    left_to_right = sorted((first, second))
    loose: dict[Field, dict[bool, int]] = {}
    for at, heading in enumerate(headings):
        of = Field.BIRTH if heading.of is Field.BIRTH_YEAR else heading.of
        if at in chosen or of is None or of not in SECOND or of is Field.NAME:
            continue
        if heading.tag:
            is_second = heading.tag == headings[second].tag
            if is_second or heading.tag == headings[first].tag:
                loose.setdefault(of, {})[is_second] = at
        elif at > left_to_right[0]:
            nearest = max(name for name in left_to_right if name < at)
            loose.setdefault(of, {}).setdefault(nearest == second, at)
    for kind, owners in loose.items():
        is_told = any(headings[at].tag for at in owners.values())
        if len(owners) == 2 or is_told:
            chosen.update({at: SECOND[kind] if is_second else kind for is_second, at in owners.items()})
    return chosen


# -- reading ---------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class CoupledColumns(PersonColumns):
    """The persons of a sheet of couples; ``parts`` says who is the second of his row (1)."""

    parts: list[int] = field(default_factory=list)


def has_couples(mapping: ColumnMapping) -> bool:
    """Tell whether a sheet's rows hold a second person."""
    return mapping.has(Field.SPOUSE_NAME) and mapping.has(*_PROVING)


def read_couples(sheet: SheetContext, check: Callable[[PersonColumns], object]) -> PersonColumns:
    """Read the first people of the rows, then the second ones into the households of the first.

    Args:
        check: tells of each of both what he has himself to be looked at, beside his own columns.
    """
    first = read_persons(sheet)
    mapping = ColumnMapping(tuple(_FIRST.get(of, Field.IGNORE) for of in sheet.mapping.fields))
    second = read_persons(replace(sheet, mapping=mapping, book=HouseholdBook(), hamlet=None))
    second = _kept(second, [at for at, name in enumerate(second.names) if name])
    named = set(second.rows)
    first = _kept(first, [at for at, name in enumerate(first.names) if name or first.rows[at] not in named])
    _tell_apart(sheet, first, second)
    _house(sheet, first, second)
    check(first)
    check(second)
    return _joined(first, second)


def _tell_apart(sheet: SheetContext, first: PersonColumns, second: PersonColumns) -> None:
    """Write down who is the wife and who the husband, as the headings say."""
    tags = {of: _heading(path).tag for of, path in zip(sheet.mapping.fields, sheet.header.paths, strict=False)}
    _relate(first, tags.get(Field.NAME, ""), {})
    sexes = {row: _sex_at(first, at) for at, row in enumerate(first.rows)}
    _relate(second, tags.get(Field.SPOUSE_NAME, "") or EITHER, sexes)


def _relate(persons: PersonColumns, tag: str, mates: Mapping[int, Sex | None]) -> None:
    of_sex = {Sex.FEMALE: WIFE, Sex.MALE: HUSBAND}
    for at, row in enumerate(persons.rows):
        relation = tag
        if tag == EITHER:
            mate = mates.get(row)
            opposite = None if mate is None else Sex.FEMALE if mate is Sex.MALE else Sex.MALE
            sex = persons.sexes[at] or cccd_sex(persons.cccds[at]) or opposite or _sex_of_name(persons.names[at])
            relation = of_sex[sex] if sex is not None else EITHER
        if relation and not persons.relations[at]:
            persons.relations[at] = relation
            if persons.sexes[at] is None and relation in of_sex.values():
                persons.sexes[at] = Sex.FEMALE if relation == WIFE else Sex.MALE


def _sex_at(persons: PersonColumns, at: int) -> Sex | None:
    return persons.sexes[at] or cccd_sex(persons.cccds[at]) or _sex_of_name(persons.names[at])


def _sex_of_name(name: str) -> Sex | None:
    """The sex that a usual middle name tells; None where it tells none."""
    middle = fold(name).split()[1:-1]
    return Sex.FEMALE if "thi" in middle else Sex.MALE if "van" in middle else None


def _house(sheet: SheetContext, first: PersonColumns, second: PersonColumns) -> None:
    """Let the second people live with the first; where nothing tells households, each row is one."""
    places = {row: at for at, row in enumerate(first.rows)}
    has_homes = any(home is not None for home in first.households)
    for at, row in enumerate(second.rows):
        mate = places.get(row)
        if mate is None:
            second.households[at] = None if has_homes else sheet.book.new(None)
            continue
        if not has_homes:
            first.households[mate] = sheet.book.new(first.hamlets[mate])
        second.households[at], second.hamlets[at] = first.households[mate], first.hamlets[mate]
        second.hamlet_texts[at], second.addresses[at] = first.hamlet_texts[mate], first.addresses[mate]
        second.poverty[at] = first.poverty[mate]


_LISTS = tuple(item.name for item in fields(PersonColumns) if item.name not in ("sheet", "where", "issues"))


def _kept(persons: PersonColumns, places: Sequence[int]) -> PersonColumns:
    """Only the persons at some places."""
    values: dict[str, Any] = {name: [getattr(persons, name)[at] for at in places] for name in _LISTS}
    issues = {new: persons.issues[at] for new, at in enumerate(places) if at in persons.issues}
    return replace(persons, **values, issues=issues)


def _joined(first: PersonColumns, second: PersonColumns) -> CoupledColumns:
    """Both as one list, row by row."""
    order = sorted((row, part, at) for part, of in enumerate((first, second)) for at, row in enumerate(of.rows))
    both = (first, second)
    values: dict[str, Any] = {name: [getattr(both[part], name)[at] for _, part, at in order] for name in _LISTS}
    issues = {new: both[part].issues[at] for new, (_, part, at) in enumerate(order) if at in both[part].issues}
    parts = [part for _, part, _ in order]
    return CoupledColumns(sheet=first.sheet, where=first.where, issues=issues, parts=parts, **values)


def parts_of(persons: PersonColumns) -> Iterable[int] | None:
    """Who is the second of his row; None where every row is one person."""
    return persons.parts if isinstance(persons, CoupledColumns) else None
