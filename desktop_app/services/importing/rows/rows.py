"""Reads one understood sheet into persons: rows chosen, names and births put together, households carried down.

Each step works on whole columns; an issue is told beside the person and the column it is about.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from desktop_app.models.types import Poverty, Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.hamlets import (
    Hamlet,
    hamlets_of_address,
    parse_hamlet,
    word_of_heading,
    words_of_heading,
)
from desktop_app.services.importing.headings.captions import find_communes
from desktop_app.services.importing.headings.headers import Header
from desktop_app.services.importing.headings.mapping import ColumnMapping
from desktop_app.services.importing.preview import CellValue
from desktop_app.services.importing.reading.table import Table
from desktop_app.services.importing.rows.cells import Cells
from desktop_app.services.importing.rows.chosen_rows import choose_rows
from desktop_app.services.importing.rows.households import (
    HouseholdBook,
    HouseholdColumns,
    carry_down,
    group_rows,
    starts_by_counts,
    starts_by_sequence,
)
from desktop_app.services.importing.rows.names import (
    NAMES,
    name_field,
    name_values,
    same_name,
    with_usual_case,
    without_titles,
)
from desktop_app.services.importing.rows.persons import PersonColumns
from desktop_app.services.importing.rows.selection import Selection
from desktop_app.services.importing.rows.sexes import figure_sex, figure_sexes, has_figures
from desktop_app.services.importing.rows.typed import (
    Told,
    birth_of,
    cccd_of,
    code_of,
    date_style,
    ethnicity_of,
    group_word,
    mark_of,
    name_of,
    note_of,
    odd_cccds,
    odd_names,
    odd_notes,
    odd_phones,
    odd_texts,
    parse_values,
    phone_of,
    plain_births,
    poverty_word,
    relation_word,
    religion_of,
    sex_of,
    text_of,
)
from desktop_app.services.importing.words import HEAD, life_of_note, poverty_of_note
from desktop_app.services.vietnamese import PartialDate, fold

T = TypeVar("T")
_BARE_NUMBER = re.compile(r"(?:số )?\d{1,3}[A-Za-z]?")
_OF_HEADS = re.compile(r"danh sach (?:cac )?(?:chu ho|dai dien (?:cac )?ho|ho (?:can )?ngheo)\b")
_EXTRA = (Field.CLAN, Field.ORGANIZATION, Field.BRANCH_CODE, Field.LAST_TITLE)


@dataclass(slots=True)
class SheetContext:
    """What is known of a sheet before its rows are read.

    Args:
        hamlet: the settlement its name or title tells.
        book: the households of the workbook's sheets read before it.
        later_headings: rows of headings below the first.
        today: nobody is born later; None where that is not asked.
        name_case: change names written in capitals.
    """

    table: Table
    header: Header
    mapping: ColumnMapping
    hamlet: Hamlet | None
    book: HouseholdBook
    name_case: bool = False
    later_headings: frozenset[int] = frozenset()
    today: datetime.date | None = None


def read_persons(sheet: SheetContext) -> PersonColumns:
    """Return the persons of a sheet; none when its rows hold none."""
    return _SheetReader(sheet).read()


class _SheetReader:
    """The steps from columns of cells to columns of persons."""

    def __init__(self, sheet: SheetContext) -> None:
        self._sheet = sheet
        self._cells = Cells(sheet.table, sheet.header, sheet.mapping)
        self._chosen = Selection()
        self._from_address: int | None = None
        self._guessed: dict[str, str] = {}
        self._titles: list[Sex | None] = []

    def read(self) -> PersonColumns:
        """Take the steps in order."""
        cells = self._cells
        names = self._choose_and_name()
        count = len(names)
        relations, heads = self._relations(count)
        births, birth_sexes, doubled = self._births(count)
        notes = cells.parsed(Field.NOTE, note_of, "", odd_notes)
        hamlets, hamlet_texts, given = self._hamlets(count)
        columns = self._household_columns(heads, notes)
        households = group_rows(columns, self._first_after(self._chosen.breaks), hamlets, self._sheet.book)
        poverty_differs = carry_down(households, columns)
        persons = PersonColumns(
            sheet=cells.table.grid.name,
            rows=[cells.start + place for place in cells.places],
            where=cells.where,
            households=households,
            hamlets=[home.hamlet if home else own for home, own in zip(households, hamlets, strict=True)],
            hamlet_texts=hamlet_texts,
            addresses=_carried([home.address if home else None for home in households], columns.addresses, ""),
            poverty=[home.poverty if home else None for home in households],
            names=names,
            relations=relations,
            sexes=self._sexes(birth_sexes),
            births=births,
            cccds=self._cccds(),
            ethnicities=cells.parsed(Field.ETHNICITY, ethnicity_of, ""),
            religions=cells.parsed(Field.RELIGION, religion_of, ""),
            occupations=cells.texts(Field.OCCUPATION),
            phones=cells.parsed(Field.PHONE, phone_of, "", odd_phones),
            groups=cells.parsed(Field.GROUP, group_word, None),
            notes=notes,
            lives=list(map({note: life_of_note(note) for note in set(notes)}.__getitem__, notes)),
            uids=cells.texts(Field.UID),
            extras=self._extras(count),
        )
        self._tell(persons, doubled, poverty_differs)
        self._tell_hamlets(persons, hamlets, given)
        return persons

    def _household_columns(self, heads: list[bool], notes: Sequence[str]) -> HouseholdColumns:
        cells = self._cells
        codes, addresses = (
            cells.optional(Field.HOUSEHOLD_CODE, code_of),
            cells.optional(Field.ADDRESS, text_of, odd_texts),
        )
        columns = HouseholdColumns(codes, self._numbers(), None, heads, addresses, self._poverty(notes))
        columns.is_by_head = cells.has(Field.HEAD_NAME) and not cells.has(Field.HOUSEHOLD_NO)
        columns.starts = self._starts(columns)
        return columns

    def _choose_and_name(self) -> list[str]:
        """Choose the rows, and return the names of the persons in them."""
        cells = self._cells
        values = name_values(cells)
        charsets = cells.table.charsets
        old = any(charsets[cells.index(field)].charset == "tcvn3" for field in NAMES if cells.has(field))
        self._chosen = choose_rows(
            cells,
            [value if type(value) is str else str(value) for value in values],
            self._sheet.later_headings,
        )
        cells.places = self._chosen.persons
        parse = name_of(capitals_lost=old, to_name_case=self._sheet.name_case)
        odd = None if old or self._sheet.name_case else odd_names
        chosen = values if len(values) == len(cells.places) else [values[place] for place in cells.places]
        names = cells.understood(name_field(cells), chosen, parse, odd)
        names, self._titles = without_titles(with_usual_case(names) if old else names)
        return names

    def _relations(self, count: int) -> tuple[list[str], list[bool]]:
        """Return each person's relation, and who is head of a household."""
        cells = self._cells
        relations = cells.parsed(Field.RELATION, relation_word, "")
        for at in cells.resolved.get(Field.RELATION, ()):
            if relations[at] == HEAD:
                relations[at] = ""
        if cells.has(Field.HEAD_MARK):
            marks = cells.parsed(Field.HEAD_MARK, mark_of, False)
            relations = [HEAD if mark else relation for mark, relation in zip(marks, relations, strict=True)]
        if cells.has(Field.HEAD_NAME) and not cells.has(Field.RELATION):
            relations = self._relations_by_head_name(relations)
        if not cells.has(Field.RELATION) and not any(relations) and self._lists_heads():
            relations = [HEAD] * count
        return relations, [relation == HEAD for relation in relations]

    def _counts(self) -> list[int]:
        """Return what the rows say of the size of their household, 0 where they say nothing."""
        counts = self._cells.texts(Field.MEMBER_COUNT)
        return [int(text) if text.isascii() and text.isdigit() else 0 for text in counts]

    def _lists_heads(self) -> bool:
        """Tell whether every row is a household by its head: each has a size of its own, or the title says so."""
        cells = self._cells
        if cells.has(Field.RELATION) or cells.has(Field.HEAD_MARK) or cells.has(Field.HEAD_NAME):
            return False
        counts = self._counts()
        if any(counts):
            return all(starts_by_counts(counts) or [False])
        return any(_OF_HEADS.search(fold(title)) for title in self._sheet.header.titles)

    def _relations_by_head_name(self, relations: list[str]) -> list[str]:
        cells = self._cells
        if not (cells.has(Field.NAME) or cells.has(Field.FAMILY_NAME)):
            return [HEAD] * len(relations)
        names = name_values(cells)
        own, heads = [names[place] for place in cells.places], cells.values(Field.HEAD_NAME)
        members = frozenset(cells.resolved.get(Field.HEAD_NAME, ()))
        return [
            HEAD if head != "" and at not in members and same_name(name, head) else relation
            for at, (name, head, relation) in enumerate(zip(own, heads, relations, strict=True))
        ]

    def _cccds(self) -> list[str | None]:
        """Return the citizen numbers, and the old ones of those who have no other."""
        numbers = self._cells.parsed(Field.CCCD, cccd_of, None, odd_cccds)
        older = self._cells.optional(Field.OLD_NUMBER, cccd_of, odd_cccds)
        return [number or old for number, old in zip(numbers, older, strict=True)] if older else numbers

    def _births(self, count: int) -> tuple[list[PartialDate | None], list[Sex | None], list[int]]:
        """Return dates of birth, the sex their column tells, and positions where both columns are filled."""
        cells = self._cells
        sexes: list[Sex | None] = [None] * count
        births = self._one_birth(Field.BIRTH) or self._birth_parts() or [None] * count
        doubled: list[int] = []
        for field, sex in ((Field.BIRTH_MALE, Sex.MALE), (Field.BIRTH_FEMALE, Sex.FEMALE)):
            if not cells.has(field):
                continue
            found = self._one_birth(field) or []
            filled = [value != "" for value in cells.values(field)]
            doubled += [at for at in range(count) if filled[at] and sexes[at] is not None]
            sexes = [sex if filled[at] else sexes[at] for at in range(count)]
            births = [new or old for new, old in zip(found, births, strict=True)]
        for at in doubled:
            sexes[at] = None
        return births, sexes, doubled

    def _one_birth(self, field: Field) -> list[PartialDate | None] | None:
        cells = self._cells
        if not cells.has(field):
            return None
        values, distinct = cells.values(field), cells.distinct(field)
        style, latest = date_style(distinct), self._sheet.today
        known = plain_births(distinct, latest) if style.day_first and not style.is_mixed else None
        births, told = parse_values(values, birth_of(style, latest), distinct, known)
        cells.note(field, values, told)
        return births

    def _birth_parts(self) -> list[PartialDate | None] | None:
        cells = self._cells
        if not cells.has(Field.BIRTH_YEAR):
            return None
        parts = [cells.texts(field) for field in (Field.BIRTH_DAY, Field.BIRTH_MONTH, Field.BIRTH_YEAR)]
        joined: list[CellValue] = ["/".join(part for part in row if part) for row in zip(*parts, strict=True)]
        return cells.understood(Field.BIRTH_YEAR, joined, birth_of(latest=self._sheet.today))

    def _sex_parser(self) -> Callable[[CellValue], tuple[Sex | None, Told]]:
        """How the cells of the sex are read; in a list that writes figures, by what they mean there."""
        cells = self._cells
        if not cells.has(Field.SEX):
            return sex_of
        if not has_figures(cells.distinct(Field.SEX)):
            return sex_of
        numbers = [cccd_of(value)[0] for value in cells.values(Field.CCCD)]
        known = figure_sexes(cells.where[Field.SEX][1], cells.values(Field.SEX), numbers)
        if not known:
            return sex_of
        return lambda value: (sex, ()) if (sex := figure_sex(value, known)) is not None else sex_of(value)

    def _sexes(self, from_births: list[Sex | None]) -> list[Sex | None]:
        cells = self._cells
        sexes = cells.parsed(Field.SEX, self._sex_parser(), None)
        for field, sex in ((Field.MALE_MARK, Sex.MALE), (Field.FEMALE_MARK, Sex.FEMALE)):
            if cells.has(field):
                marks = cells.parsed(field, mark_of, False)
                sexes = [sex if mark and old is None else old for mark, old in zip(marks, sexes, strict=True)]
        others = (Field.SEX, Field.MALE_MARK, Field.BIRTH_MALE)
        if cells.has(Field.FEMALE_MARK) and not any(map(cells.has, others)) and any(sexes):
            sexes = [sex or Sex.MALE for sex in sexes]  # only women are ticked
        told = zip(sexes, from_births, self._titles, strict=True)
        return [own or by_birth or by_title for own, by_birth, by_title in told]

    def _numbers(self) -> list[str] | None:
        """Return what numbers the households: their number, or the name of their head repeated on each row."""
        cells = self._cells
        if cells.has(Field.HOUSEHOLD_NO):
            return cells.texts(Field.HOUSEHOLD_NO)
        has_own_names = cells.has(Field.NAME) or cells.has(Field.FAMILY_NAME)
        return cells.texts(Field.HEAD_NAME) if has_own_names and cells.has(Field.HEAD_NAME) else None

    def _starts(self, columns: HouseholdColumns) -> list[bool] | None:
        if self._chosen.homes:
            return self._first_after(self._chosen.homes)
        cells = self._cells
        sequence = cells.values(Field.SEQUENCE)
        other = bool((columns.codes and any(columns.codes)) or (columns.numbers and any(columns.numbers)))
        if not other and (counted := starts_by_counts(self._counts())):
            return counted
        if self._lists_heads():
            return [True] * len(cells.places)
        breaks = self._first_after(self._chosen.breaks)
        return starts_by_sequence(sequence, columns.heads, breaks, has_other_marks=other)

    def _first_after(self, lines: Sequence[int]) -> list[bool]:
        """Mark the first person after each of some lines."""
        breaks = iter([*lines, 1 << 60])
        flags: list[bool] = []
        upcoming = next(breaks)
        for place in self._cells.places:
            is_break = place > upcoming
            while place > upcoming:
                upcoming = next(breaks)
            flags.append(is_break)
        return flags

    def _hamlets(self, count: int) -> tuple[list[Hamlet | None], list[str], list[bool]]:
        """Return each person's settlement, what was written of it, and whether it was written in his own row."""
        cells = self._cells
        texts = cells.texts(Field.HAMLET)
        word = word_of_heading(cells.where[Field.HAMLET][1]) if cells.has(Field.HAMLET) else ""
        known = {text: self._hamlet_of(text, word) for text in set(texts)}
        sections = iter([*self._chosen.sections, (1 << 60, None)])
        at_section, section = next(sections)
        current, current_text = self._sheet.hamlet, ""
        hamlets: list[Hamlet | None] = []
        written: list[str] = []
        for place, text in zip(cells.places, texts, strict=True):
            while place > at_section:
                current, current_text = section, ""
                at_section, section = next(sections)
            if text:
                current, current_text = known[text], text
            hamlets.append(current)
            written.append(current_text)
        if None in hamlets and cells.has(Field.ADDRESS):
            self._from_addresses(hamlets)
        return hamlets, written, [bool(text) for text in texts]

    def _hamlet_of(self, text: str, word: str) -> Hamlet | None:
        """Read a settlement's cell; a bare number takes its kind from the sheet, the commune or the heading."""
        hamlet = parse_hamlet(text, word)
        if hamlet is None or hamlet.word:
            return hamlet
        sheet = self._sheet.hamlet
        if sheet is not None and sheet.key.partition(":")[2] == hamlet.key.partition(":")[2]:
            return sheet
        if not _BARE_NUMBER.fullmatch(hamlet.name):
            return hamlet
        named = words_of_heading(self._cells.where[Field.HAMLET][1])
        communes = find_communes(self._sheet.header.titles)
        usual = "Tổ dân phố" if any(name.startswith(("Phường", "Thị trấn")) for name in communes) else "Thôn"
        guessed = parse_hamlet(text, usual if usual in named or not named else named[0])
        self._guessed[text] = guessed.display if guessed else ""
        return guessed

    def _from_addresses(self, hamlets: list[Hamlet | None]) -> None:
        """Find missing settlements in the addresses of their rows; of several the one that others name alone."""
        texts = self._cells.texts(Field.ADDRESS)
        named = {text: hamlets_of_address(text) for text in set(texts)}
        known = {hamlet.key for hamlet in hamlets if hamlet}
        known |= {found[0].key for found in named.values() if len(found) == 1}
        for at, text in enumerate(texts):
            if hamlets[at] is None and named[text]:
                found = named[text]
                hamlets[at] = next((hamlet for hamlet in found if hamlet.key in known), found[0])
                if self._from_address is None:
                    self._from_address = at

    def _poverty(self, notes: Sequence[str]) -> list[Poverty | None] | None:
        """Return what each row says of its household's poverty: the column, the ticks, else the note."""
        cells = self._cells
        found = cells.parsed(Field.POVERTY, poverty_word, None)
        ticks = ((Field.NEAR_POOR_MARK, Poverty.NEAR_POOR), (Field.POOR_MARK, Poverty.POOR))
        for field, status in ticks:
            if cells.has(field):
                marks = cells.parsed(field, mark_of, False)
                found = [status if mark and old is None else old for mark, old in zip(marks, found, strict=True)]
        by_note = {note: poverty_of_note(note) for note in set(notes)}
        if any(by_note.values()):
            found = [old or by_note[note] for old, note in zip(found, notes, strict=True)]
        return found if any(found) else None

    def _extras(self, count: int) -> list[tuple[tuple[str, str], ...]]:
        cells = self._cells
        fields = [field for field in _EXTRA if cells.has(field)]
        if not fields:
            return [()] * count
        columns = [cells.texts(field) for field in fields]
        return [
            tuple((field.value, text) for field, text in zip(fields, row, strict=True) if text)
            for row in zip(*columns, strict=True)
        ]

    def _tell(self, persons: PersonColumns, doubled: Sequence[int], poverty_differs: Sequence[int]) -> None:
        """Say what parsing and carrying down brought up."""
        cells = self._cells
        cells.tell(persons)
        self._tell_names(persons)
        for at, life in enumerate(persons.lives):
            if life is not None:
                persons.tell(at, f"life.{life[0].value}", Field.NOTE, value=persons.notes[at])
        if self._from_address is not None:
            hamlet = persons.hamlets[self._from_address]
            kept = hamlet.display if hamlet else ""
            persons.tell(self._from_address, "hamlet.from_address", Field.ADDRESS, kept=kept)
        for at in doubled:
            persons.tell(at, "birth.both_columns", Field.BIRTH_MALE)
        for at in poverty_differs:
            home = persons.households[at]
            persons.tell(at, "poverty.conflict", Field.POVERTY, kept=_POVERTY_WORDS[home.poverty] if home else "")
        for at in cells.resolved.get(Field.RELATION, ()):
            if not persons.relations[at]:
                persons.tell(at, "relation.ditto_head", Field.RELATION)

    def _tell_names(self, persons: PersonColumns) -> None:
        """Say which rows lack a name, and which have nothing else."""
        if not (self._chosen.nameless or self._chosen.thin or "" in persons.names):
            return
        named = name_field(self._cells)
        errors = self._cells.table.grid.bad_cells
        for at, place in enumerate(self._cells.places):
            if place in self._chosen.nameless:
                shown = errors.get((self._cells.start + place, self._cells.index(named)))
                code = "name.missing" if shown is None else "name.formula_error" if shown else "name.not_computed"
                persons.tell(at, code, named, value=shown or "")
            elif place in self._chosen.thin:
                persons.tell(at, "row.thin", named)
            elif not persons.names[at] and not persons.is_refused(at):
                persons.tell(at, "name.missing", named)

    def _tell_hamlets(self, persons: PersonColumns, own: Sequence[Hamlet | None], given: Sequence[bool]) -> None:
        """Say where a member's own settlement is not that of his household."""
        if not self._cells.has(Field.HAMLET):
            return
        untold = dict(self._guessed)
        for at, text in enumerate(persons.hamlet_texts if untold else ()):
            if text in untold:
                persons.tell(at, "hamlet.kind_guessed", Field.HAMLET, value=text, kept=untold.pop(text))
        for at, (hamlet, home, is_given) in enumerate(zip(own, persons.hamlets, given, strict=True)):
            if is_given and hamlet is not home and hamlet and home and hamlet.key != home.key:
                text = persons.hamlet_texts[at]
                persons.tell(at, "household.hamlet_differs", Field.HAMLET, value=text, kept=home.display)


_POVERTY_WORDS: dict[Poverty | None, str] = {
    None: "", Poverty.NONE: "không nghèo", Poverty.POOR: "hộ nghèo", Poverty.NEAR_POOR: "hộ cận nghèo",
}  # fmt: skip


def _carried(of_homes: Sequence[T | None], own: Sequence[T] | None, blank: T) -> list[T]:
    """Return the household's value for each person, his own where he has no household."""
    if own is None:
        return [blank] * len(of_homes)
    return [mine if home is None else home for home, mine in zip(of_homes, own, strict=True)]
