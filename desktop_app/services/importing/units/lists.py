"""Reads sheets that list clans, organizations, branches or hamlets, and what lists of people tell of these.

Invariants: pure; a row is about one unit; a cell that cannot be read is left out and told; totals, signatures and
repeated headings are no units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desktop_app.models.types import OrganizationKind
from desktop_app.services.importing.fields import Field, heading_key
from desktop_app.services.importing.hamlets import Hamlet, find_hamlet, parse_hamlet, word_of_heading
from desktop_app.services.importing.headings.sheets import UnderstoodSheet
from desktop_app.services.importing.issues import make_issue
from desktop_app.services.importing.kinds import UNIT_LISTS, ListKind, kind_of_list
from desktop_app.services.importing.preview import CellValue, Issue, UnitRow, column_letter
from desktop_app.services.importing.rows.cells import Cells
from desktop_app.services.importing.rows.persons import PersonColumns
from desktop_app.services.importing.rows.typed import Told, note_of, odd_notes, odd_phones, phone_of, text_of
from desktop_app.services.importing.units.names import (
    MAX_CODE,
    branch_parts,
    clan_key,
    is_name,
    kind_of_word,
    organization_key,
)
from desktop_app.services.importing.words import is_blank_mark, is_signature, is_total
from desktop_app.services.vietnamese import fold, name_case, parse_phone

NAME_COLUMNS: Mapping[ListKind, tuple[Field, ...]] = {
    ListKind.CLANS: (Field.CLAN,),
    ListKind.ORGANIZATIONS: (Field.ORGANIZATION,),
    ListKind.BRANCHES: (Field.BRANCH_NAME, Field.BRANCH_CODE),
    ListKind.HAMLETS: (Field.HAMLET,),
}
"""Kind → the columns that may name its units."""
_TAKEN: Mapping[ListKind, frozenset[Field]] = {
    ListKind.CLANS: frozenset({Field.CLAN, Field.HAMLET, Field.NOTE}),
    ListKind.ORGANIZATIONS: frozenset(
        {Field.ORGANIZATION, Field.HAMLET, Field.NOTE, Field.UNIT_CODE, Field.UNIT_KIND, Field.ADDRESS,
         Field.UNIT_ADDRESS}
    ),
    ListKind.BRANCHES: frozenset({Field.BRANCH_CODE, Field.BRANCH_NAME, Field.HAMLET, Field.ORGANIZATION}),
    ListKind.HAMLETS: frozenset({Field.HAMLET, Field.NOTE, Field.UNIT_CODE}),
}  # fmt: skip
_ALWAYS = frozenset({Field.IGNORE, Field.SEQUENCE, Field.LEADER, Field.PHONE, Field.UNIT_PHONE, Field.UID})
_COUNTS = frozenset({Field.HOUSEHOLD_NO, Field.MEMBER_COUNT, Field.TOTAL})
_OF_CLAN, _OF_BRANCH = re.compile(r"\b(?:truong (?:dong )?(?:ho|toc)|toc truong|dong ho)\b"), re.compile(r"\bchi hoi\b")
_OF_HAMLET = re.compile(r"\b(?:truong (?:thon|ap|ban|khu|khu pho|khom|xom|buon|lang|bon)|to truong)\b")
_ADDRESSED = re.compile(r"^(?:ông|bà|anh|chị|cụ|thầy|cô|đ/?c|đồng chí)[.:]?\s+(?=\w+\s+\w)", re.IGNORECASE)
_WITH_PHONE = re.compile(
    r"[\s,;:(–-]*(?:(?:s?đt|điện thoại|sdt|dt)[\s.:]*)?(?P<number>\+?\d[\d .-]{7,})\)?\s*$", re.IGNORECASE
)
_MUCH = 3


def is_unit_list(sheet: UnderstoodSheet) -> bool:
    """Tell whether a sheet's rows are clans, organizations, branches or hamlets, and not people."""
    mapping = sheet.mapping
    kind = kind_of_list(mapping.fields, sheet.header.titles)
    if kind not in UNIT_LISTS:
        return False
    if mapping.has(Field.HEAD_NAME, Field.HEAD_MARK, Field.FAMILY_NAME, Field.RELATION, Field.HOUSEHOLD_CODE):
        return False
    if not mapping.has(Field.NAME):
        return True
    is_by_hamlet = kind is ListKind.BRANCHES and mapping.has(Field.HAMLET) and _lists_leaders(sheet.header.titles)
    if mapping.has(*NAME_COLUMNS[kind]) or is_by_hamlet:  # then the name is its leader's
        return not mapping.has(Field.LEADER, Field.OCCUPATION)
    return mapping.has(Field.LEADER, Field.UNIT_KIND)


def _lists_leaders(titles: Sequence[str]) -> bool:
    """Tell whether a title is of those who lead branches, who are told by their hamlets."""
    return any(re.search(r"danh sach .*\b(?:chi hoi truong|truong chi hoi)\b", fold(title)) for title in titles)


def read_units(sheet: UnderstoodSheet, *, to_name_case: bool = False) -> list[UnitRow]:
    """Return the units of a sheet, and tell on it which of its columns are not taken.

    Args:
        to_name_case: change leaders' names written in capitals, on the person's request.
    """
    reader = _UnitReader(sheet, to_name_case)
    rows = reader.read()
    if rows:
        sheet.issues += reader.left_out()
    return rows


@dataclass
class _Teller:
    """Issues of the chosen rows, told by position."""

    sheet: str
    rows: Sequence[int]
    where: Mapping[Field, tuple[str, str]]
    issues: dict[int, list[Issue]] = field(default_factory=dict)

    def tell(self, at: int, code: str, of: Field | None = None, **values: object) -> None:
        letter, title = self.where.get(of, ("", "")) if of is not None else ("", "")
        issue = make_issue(code, self.sheet, self.rows[at] + 1, letter, title, **values)
        self.issues.setdefault(at, []).append(issue)


class _UnitReader:
    """One sheet of units: which rows, then column by column."""

    def __init__(self, sheet: UnderstoodSheet, to_name_case: bool) -> None:
        self._sheet = sheet
        self._to_name_case = to_name_case
        self._cells = Cells(sheet.table, sheet.header, sheet.mapping)
        self.kind = kind_of_list(sheet.mapping.fields, sheet.header.titles)
        named = [of for of in NAME_COLUMNS[self.kind] if self._cells.has(of)]
        is_by_hamlet = not named and (not self._cells.has(Field.NAME) or not self._cells.has(Field.LEADER))
        has_leader = self._cells.has(Field.LEADER) or not (named or is_by_hamlet)
        self._leader = Field.LEADER if has_leader else Field.NAME
        self._name = (
            named[0] if named else Field.HAMLET if is_by_hamlet and self._cells.has(Field.HAMLET) else Field.NAME
        )
        self._sections: dict[int, Hamlet] = {}

    def read(self) -> list[UnitRow]:
        """Choose the rows and read them."""
        cells = self._cells
        cells.places = list(self._chosen())
        teller = _Teller(self._sheet.name, [cells.start + place for place in cells.places], cells.where)
        names = [self._name_at(at, place, teller) for at, place in enumerate(cells.places)]
        columns = self._columns()
        leaders, phones, hamlets = self._leaders(), self._phones(), self._hamlets()
        cells.tell(teller)
        grid, made = self._sheet.table.grid.rows, []
        for at, row in enumerate(teller.rows):
            leader, own_phone = leaders[at]
            made.append(
                UnitRow(
                    self._sheet.name, row + 1, grid[row], self.kind, names[at],
                    hamlet="" if self.kind is ListKind.HAMLETS else hamlets[at],
                    leader=leader, phone=phones[at] or own_phone, issues=(),
                    **_at(columns, at),
                )
            )  # fmt: skip
        made = [self._finished(row, at, teller) for at, row in enumerate(made)]
        return _once(made)

    def left_out(self) -> Iterator[Issue]:
        """Say which columns with something in them are not taken."""
        taken = _TAKEN[self.kind] | _ALWAYS | {self._name, self._leader}
        for index, of in enumerate(self._sheet.mapping.fields[: len(self._sheet.table.columns)]):
            if of in taken or not any(value != "" for value in self._sheet.table.columns[index][self._cells.start :]):
                continue
            title = " / ".join(self._sheet.header.paths[index])
            code = "units.counted" if of in _COUNTS else "units.left_out"
            yield make_issue(code, self._sheet.name, None, column_letter(index), title)

    # -- which rows ----------------------------------------------------------------------------------------------

    def _chosen(self) -> Iterator[int]:
        """The positions of the rows that are units; sections are remembered."""
        cells, closed = self._cells, False
        columns, start = cells.table.columns, cells.start
        numbers, names = cells.below(Field.SEQUENCE), cells.below(self._name)
        heading = fold(cells.where[self._name][1]) if cells.has(self._name) else ""
        later = {row - start for row in self._sheet.later_headings}
        for place in range(len(names)):
            filled = [str(column[start + place]) for column in columns if column[start + place] != ""]
            if place in later or (filled and fold(str(names[place])) == heading):
                closed = False
                continue
            if not filled:
                continue
            if any(map(is_total, filled)) or (len(filled) <= _MUCH and any(map(is_signature, filled))):
                closed = True
                continue
            section = parse_hamlet(filled[0]) if len(filled) == 1 and self.kind is not ListKind.HAMLETS else None
            if section is not None and section.word:
                self._sections[place] = section
                closed = False
                continue
            is_numbered = text_of(numbers[place])[0].strip(" .").isdigit()
            if (closed and not is_numbered) or (names[place] == "" and len(filled) < 2):
                continue
            if names[place] == "" and not is_numbered:
                continue
            yield place

    # -- the columns ---------------------------------------------------------------------------------------------

    def _name_at(self, at: int, place: int, teller: _Teller) -> str:
        value = self._cells.below(self._name)[place]
        text = " ".join(text_of(value)[0].split())
        if not text:
            teller.tell(at, "unit.no_name", self._name)
        elif not is_name(text) and self._name not in (Field.HAMLET, Field.BRANCH_CODE):
            teller.tell(at, "unit.not_name", self._name, value=text)
            return ""
        return text

    def _columns(self) -> dict[str, list[Any]]:
        cells, columns = self._cells, dict[str, list[Any]]()
        if cells.has(Field.UNIT_CODE) and self.kind in (ListKind.ORGANIZATIONS, ListKind.HAMLETS):
            columns["code"] = [text[:MAX_CODE] for text in cells.texts(Field.UNIT_CODE)]
        if self.kind is ListKind.BRANCHES and cells.has(Field.BRANCH_CODE) and self._name is not Field.BRANCH_CODE:
            columns["code"] = [text[:MAX_CODE] for text in cells.texts(Field.BRANCH_CODE)]
        if self.kind is ListKind.BRANCHES and cells.has(Field.ORGANIZATION):
            columns["organization"] = [text if is_name(text) else "" for text in cells.texts(Field.ORGANIZATION)]
        if self.kind is ListKind.ORGANIZATIONS:
            where = Field.UNIT_ADDRESS if cells.has(Field.UNIT_ADDRESS) else Field.ADDRESS
            columns["address"] = cells.texts(where)
            columns["unit_kind"] = cells.parsed(Field.UNIT_KIND, _kind, None)
        if self.kind is not ListKind.BRANCHES:
            columns["note"] = cells.parsed(Field.NOTE, note_of, "", odd_notes)
        return columns

    def _leaders(self) -> list[tuple[str, str]]:
        found = self._cells.parsed(self._leader, _leader, ("", ""))
        if not self._to_name_case:
            return found
        return [(name_case(name) if name.isupper() else name, phone) for name, phone in found]

    def _phones(self) -> list[str]:
        cells = self._cells
        own = cells.parsed(Field.UNIT_PHONE, phone_of, "", odd_phones)
        other = cells.parsed(Field.PHONE, phone_of, "", odd_phones)
        return [one or two for one, two in zip(own, other, strict=True)]

    def _hamlets(self) -> list[str]:
        """The settlement of each row: its own cell, the merged one above, the section, the sheet, else its address."""
        cells = self._cells
        texts = cells.texts(Field.HAMLET)
        word = word_of_heading(cells.where[Field.HAMLET][1]) if cells.has(Field.HAMLET) else ""
        addresses = cells.texts(Field.ADDRESS)
        covered = self._merged_hamlets()
        found: list[str] = []
        for place, text, address in zip(cells.places, texts, addresses, strict=True):
            hamlet = parse_hamlet(text or covered.get(place, ""), word) or self._section(place) or self._sheet.hamlet
            if hamlet is None and address:
                hamlet = find_hamlet(address)
            found.append(hamlet.display if hamlet is not None else "")
        return found

    def _section(self, place: int) -> Hamlet | None:
        above = [at for at in self._sections if at < place]
        return self._sections[max(above)] if above else None

    def _merged_hamlets(self) -> dict[int, str]:
        """Positions below the first of a merged cell of settlements → its text."""
        cells = self._cells
        if not cells.has(Field.HAMLET):
            return {}
        index, start, column = cells.index(Field.HAMLET), cells.start, cells.below(Field.HAMLET)
        found: dict[int, str] = {}
        for (top, left), (bottom, right) in self._sheet.table.grid.merges:
            if left <= index <= right and top >= start and top - start < len(column):
                found.update((row - start, str(column[top - start])) for row in range(top + 1, bottom + 1))
        return found

    def _finished(self, row: UnitRow, at: int, teller: _Teller) -> UnitRow:
        if self.kind is ListKind.BRANCHES and row.name:
            if self._name is Field.HAMLET and row.hamlet:
                row = replace(row, name=f"Chi hội {row.hamlet}")
            elif self._name is Field.BRANCH_CODE or not row.code:
                code, name = branch_parts(row.name)
                row = replace(row, code=row.code or code, name=name)
        if self.kind is ListKind.HAMLETS and row.name:
            hamlet = parse_hamlet(row.name, word_of_heading(self._cells.where.get(self._name, ("", ""))[1]))
            row = replace(row, name=hamlet.display if hamlet is not None else "")
            if hamlet is None:
                teller.tell(at, "unit.no_name", self._name)
        return replace(row, issues=tuple(teller.issues.get(at, ())))


def unit_keys(row: UnitRow) -> tuple[str, ...]:
    """By what a unit is known within a list: a clan's name with its hamlet, a branch's code and name."""
    if row.kind is ListKind.CLANS:
        return (f"{clan_key(row.name)}|{fold(row.hamlet)}",)
    if row.kind is ListKind.BRANCHES:
        return tuple(f"{fold(text)}" for text in (row.code or row.name,))
    return (organization_key(row.name) if row.kind is ListKind.ORGANIZATIONS else fold(row.name),)


def _once(rows: Sequence[UnitRow]) -> list[UnitRow]:
    """The rows, those told that repeat an earlier one."""
    first: dict[tuple[ListKind, str], int] = {}
    made: list[UnitRow] = []
    for row in rows:
        if row.name and not row.is_refused:
            key = (row.kind, unit_keys(row)[0])
            if key in first:
                told = make_issue("unit.repeated", row.sheet, row.row, place=first[key])
                row = replace(row, issues=(*row.issues, told))
            first.setdefault(key, row.row)
        made.append(row)
    return made


def _leader(value: CellValue) -> tuple[tuple[str, str], Told]:
    """Read who leads: the name without "Ông", and the telephone number that stands behind it."""
    text, told = text_of(value)
    if not text or is_blank_mark(text):
        return ("", ""), told
    phone = ""
    found = _WITH_PHONE.search(text)
    if found is not None and found.start() > 0:
        number = parse_phone(found["number"]).value
        if number is not None:
            phone, text = number, text[: found.start()].strip()
    name = _ADDRESSED.sub("", text).strip(" .,;:-")
    letters = sum(character.isalpha() for character in name)
    if letters < 2 or any(character.isdigit() for character in name):
        return ("", ""), (("unit.leader_unread", {"value": text}),)
    return (name, phone), told


def _kind(value: CellValue) -> tuple[OrganizationKind | None, Told]:
    text, told = text_of(value)
    if not text or is_blank_mark(text):
        return None, told
    kind = kind_of_word(text)
    return kind, () if kind is not None else (("unit.kind_unknown", {"value": text}),)


# -- beside people ---------------------------------------------------------------------------------------------------


def units_beside(sheet: UnderstoodSheet, persons: PersonColumns, *, to_name_case: bool = False) -> list[UnitRow]:
    """What a list of people tells of the clans, organizations or branches that it puts them into.

    Several answers about one unit are no answer: they are told.
    """
    cells = Cells(sheet.table, sheet.header, sheet.mapping)
    kinds = [kind for kind in UNIT_LISTS[:3] if any(map(cells.has, NAME_COLUMNS[kind]))]
    told = {of: _kind_meant(cells, of, kinds) for of in (Field.LEADER, Field.UNIT_PHONE, Field.UNIT_ADDRESS)
            if cells.has(of)}  # fmt: skip
    if cells.has(Field.UNIT_KIND) and ListKind.ORGANIZATIONS in kinds:
        told[Field.UNIT_KIND] = ListKind.ORGANIZATIONS
    if cells.has(Field.BRANCH_NAME) and cells.has(Field.BRANCH_CODE):
        told[Field.BRANCH_NAME] = ListKind.BRANCHES
    cells.places = [row - cells.start for row in persons.rows]
    found: list[UnitRow] = []
    for kind in dict.fromkeys(kind for kind in told.values() if kind is not None):
        columns = [of for of, meant in told.items() if meant is kind]
        found += _gathered(sheet, persons, cells, kind, columns, to_name_case)
    return found


def _kind_meant(cells: Cells, of: Field, kinds: Sequence[ListKind]) -> ListKind | None:
    """Whose leader, telephone or address a column tells: what its heading names, else the only kind there is."""
    key = heading_key(cells.where[of][1])
    named = (
        ListKind.CLANS if _OF_CLAN.search(key)
        else ListKind.BRANCHES if _OF_BRANCH.search(key)
        else ListKind.HAMLETS if _OF_HAMLET.search(key)
        else ListKind.ORGANIZATIONS if re.search(r"\b(?:don vi|co quan|thu truong|hieu truong|giam doc|noi lam)\b", key)
        else None
    )  # fmt: skip
    if named is not None:
        return named if named in kinds else None
    return kinds[0] if len(kinds) == 1 else None


def _gathered(
    sheet: UnderstoodSheet,
    persons: PersonColumns,
    cells: Cells,
    kind: ListKind,
    columns: Sequence[Field],
    to_name_case: bool,
) -> list[UnitRow]:
    """One row for each unit that the people's rows tell something of."""
    name_of = Field.BRANCH_CODE if kind is ListKind.BRANCHES and cells.has(Field.BRANCH_CODE) else NAME_COLUMNS[kind][0]
    names = cells.texts(name_of)
    values: dict[Field, list[object]] = {}
    for of in columns:
        if of is Field.LEADER:
            values[of] = [name_case(name) if to_name_case and name.isupper() else name
                          for name, _ in cells.parsed(of, _leader, ("", ""))]  # fmt: skip
        elif of is Field.UNIT_PHONE:
            values[of] = list(cells.parsed(of, phone_of, "", odd_phones))
        else:
            values[of] = list(cells.parsed(of, _kind, None) if of is Field.UNIT_KIND else cells.texts(of))
    made: dict[str, UnitRow] = {}
    is_members = kind_of_list(sheet.mapping.fields, sheet.header.titles) is ListKind.MEMBERS
    for at, name in enumerate(names):
        said = {_ATTRIBUTE[of]: values[of][at] for of in columns if values[of][at]}
        if not said or not (is_name(name) or kind is ListKind.BRANCHES) or not name or persons.is_refused(at):
            continue
        hamlet = persons.hamlets[at]
        row = UnitRow(
            sheet.name, persons.rows[at] + 1, sheet.table.grid.rows[persons.rows[at]], kind, name,
            hamlet=hamlet.display if hamlet is not None and kind is ListKind.CLANS else "",
            is_aside=True, is_maker=kind is not ListKind.ORGANIZATIONS or is_members,
        )  # fmt: skip
        if kind is ListKind.BRANCHES:
            code, own = branch_parts(name)
            row = replace(row, code=code, name=str(said.pop("name", own)))
        key = unit_keys(row)[0]
        made[key] = _merged(made.get(key, row), said)
    return list(made.values())


def _at(columns: Mapping[str, list[Any]], at: int) -> dict[str, Any]:
    return {name: values[at] for name, values in columns.items()}


def _with(row: UnitRow, values: dict[str, Any]) -> UnitRow:
    return replace(row, **values)


_ATTRIBUTE: Mapping[Field, str] = {
    Field.LEADER: "leader", Field.UNIT_PHONE: "phone", Field.UNIT_ADDRESS: "address", Field.UNIT_KIND: "unit_kind",
    Field.BRANCH_NAME: "name",
}  # fmt: skip
_SAID: Mapping[str, str] = {
    "leader": "người phụ trách",
    "phone": "điện thoại",
    "address": "địa chỉ",
    "unit_kind": "loại",
}


def _merged(row: UnitRow, said: Mapping[str, object]) -> UnitRow:
    """A unit's row with what one more person's row tells; what contradicts is left out and told once."""
    for name, value in said.items():
        if name == "name":
            continue
        known = getattr(row, name)
        word = _SAID.get(name, "")
        is_unclear = any(issue.code == "unit.unclear" and word in issue.message for issue in row.issues)
        if is_unclear or (known and fold(str(known)) == fold(str(value))):
            continue
        if not known:
            row = _with(row, {name: value})
            continue
        issue = make_issue("unit.unclear", row.sheet, row.row, value=word, kept=row.name)
        blank = None if name == "unit_kind" else ""
        row = _with(row, {name: blank, "issues": (*row.issues, issue)})
    return row
