"""Checks across rows and sheets: the same person twice, shared numbers, heads of household, sex against evidence."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Sequence

from desktop_app.models.types import Sex
from desktop_app.services.importing.fields import Field
from desktop_app.services.importing.hamlets import Hamlet
from desktop_app.services.importing.rows.persons import PersonColumns
from desktop_app.services.importing.words import HEAD, sex_of_relation
from desktop_app.services.registry.validation import age_finding
from desktop_app.services.vietnamese import age_on, cccd_sex, check_cccd, fold

_SEX_WORDS = {Sex.MALE: "nam", Sex.FEMALE: "nữ"}

Place = tuple[int, int]
"""A person: (number of the sheet, position among its persons)."""


def check_sexes(persons: PersonColumns) -> None:
    """Fill missing sexes from the number or the relation, as warnings; tell where they contradict what is given."""
    told = {relation: sex_of_relation(relation) for relation in set(persons.relations)}
    by_relation = [told[relation] for relation in persons.relations]
    for at, (sex, other) in enumerate(zip(persons.sexes, by_relation, strict=True)):
        if sex is None:
            _fill_sex(persons, at, other)
        elif other is not None and other is not sex:
            persons.tell(at, "sex.not_relation", Field.SEX, value=persons.relations[at])


def _fill_sex(persons: PersonColumns, at: int, by_relation: Sex | None) -> None:
    by_number = cccd_sex(persons.cccds[at])
    if by_number is not None and by_relation is not None and by_number is not by_relation:
        persons.tell(at, "sex.unclear", Field.SEX)
    elif by_number is not None:
        persons.sexes[at] = by_number
        persons.tell(at, "sex.from_cccd", Field.CCCD, kept=_SEX_WORDS[by_number])
    elif by_relation is not None:
        persons.sexes[at] = by_relation
        persons.tell(at, "sex.from_relation", Field.RELATION, value=persons.relations[at], kept=_SEX_WORDS[by_relation])


def check_ages(persons: PersonColumns, today: datetime.date) -> None:
    """Tell of ages that cannot be, which refuses the row, and of very rare ones."""
    found = {birth: age_finding(birth, today) for birth in set(persons.births) if birth is not None}
    odd = {birth: finding for birth, finding in found.items() if finding is not None}
    if odd:
        for at, birth in enumerate(persons.births):
            if birth is not None and birth in odd:
                persons.tell(at, f"birth.{odd[birth]}", Field.BIRTH, value=birth.year, kept=age_on(birth, today))


def check_numbers(persons: PersonColumns) -> None:
    """Tell where a citizen number contradicts sex or year of birth, or names no province."""
    prefixes = [cccd[:6] if cccd and len(cccd) == 12 else "" for cccd in persons.cccds]
    sexes = [1 if sex is Sex.MALE else 2 if sex is Sex.FEMALE else 0 for sex in persons.sexes]
    years = [birth.year if birth else 0 for birth in persons.births]
    keys = list(zip(prefixes, sexes, years, strict=True))
    wrong = {key: codes for key in set(keys) if key[0] and (codes := _contradictions(key))}
    if wrong:
        for at, key in enumerate(keys):
            for code in wrong.get(key, ()):
                persons.tell(at, f"cccd.{code}", Field.CCCD, value="")


def _contradictions(key: tuple[str, int, int]) -> tuple[str, ...]:
    """Return what the first six digits of a number say against sex (1 male, 2 female) and year; 0 is unknown."""
    prefix, sex, year = key
    return check_cccd(f"{prefix}000000", (None, Sex.MALE, Sex.FEMALE)[sex], year or None)


def find_repeats(sheets: Sequence[PersonColumns]) -> dict[Place, Place]:
    """Return the persons who are surely one with an earlier one of the same workbook, and tell it and shared numbers.

    Sure is: the same number and name; the same household, name and date of birth; and between two sheets, the same
    settlement, name and whole date of birth. Two people without a number are never the same for that.
    """
    repeats: dict[Place, Place] = {}
    _same_numbers(sheets, repeats)
    _same_in_household(sheets, repeats)
    if len(sheets) > 1:
        _same_in_other_sheet(sheets, repeats)
    for (sheet, at), earlier in sorted(repeats.items()):
        sheets[sheet].tell(at, "row.repeated", Field.NAME, place=_place(sheets, earlier))
    return repeats


def _everyone(sheets: Sequence[PersonColumns]) -> Iterator[Place]:
    for number, persons in enumerate(sheets):
        for at in range(len(persons)):
            yield number, at


def _same_numbers(sheets: Sequence[PersonColumns], repeats: dict[Place, Place]) -> None:
    numbers = [cccd for persons in sheets for cccd in persons.cccds if cccd]
    if len(set(numbers)) == len(numbers):
        return
    shared = {number for number, count in Counter(numbers).items() if count > 1}
    first: dict[str, list[Place]] = {}
    for place in _everyone(sheets):
        sheet, at = place
        number = sheets[sheet].cccds[at]
        if number is None or number not in shared:
            continue
        name = fold(sheets[sheet].names[at])
        earlier = first.setdefault(number, [])
        same = next((other for other in earlier if fold(sheets[other[0]].names[other[1]]) == name), None)
        if same is not None:
            repeats[place] = same
        else:
            for other in earlier:
                sheets[sheet].tell(at, "cccd.shared", Field.CCCD, place=_place(sheets, other))
            earlier.append(place)


def _same_in_household(sheets: Sequence[PersonColumns], repeats: dict[Place, Place]) -> None:
    keys: list[tuple[int, str]] = []
    for persons in sheets:
        numbers = [home.number if home else -1 for home in persons.households]
        keys.extend(zip(numbers, persons.names, strict=True))
    if len(set(keys)) == len(keys):
        return
    doubled = {key for key, count in Counter(keys).items() if count > 1 and key[1]}
    first: dict[tuple[int, str], list[Place]] = {}
    for place in _everyone(sheets):
        persons, at = sheets[place[0]], place[1]
        home = persons.households[at]
        if home is None or (home.number, persons.names[at]) not in doubled or place in repeats:
            continue
        _match(sheets, place, first.setdefault((home.number, persons.names[at]), []), repeats)


def _same_in_other_sheet(sheets: Sequence[PersonColumns], repeats: dict[Place, Place]) -> None:
    first: dict[tuple[str, object, str], list[Place]] = {}
    for place in _everyone(sheets):
        persons, at = sheets[place[0]], place[1]
        birth = persons.births[at]
        if birth is None or birth.day is None or place in repeats:
            continue
        key = (persons.names[at], (birth.year, birth.month, birth.day), _key(persons.hamlets[at]))
        earlier = first.setdefault(key, [])
        _match(sheets, place, [other for other in earlier if other[0] != place[0]], repeats)
        if place not in repeats:
            earlier.append(place)


def _match(sheets: Sequence[PersonColumns], place: Place, earlier: list[Place], repeats: dict[Place, Place]) -> None:
    """Note that a person repeats one of the earlier ones, where birth and number do not speak against it."""
    persons, at = sheets[place[0]], place[1]
    for other in earlier:
        before, there = sheets[other[0]], other[1]
        if _are_one(persons, at, before, there, two_sheets=other[0] != place[0]):
            repeats[place] = other
            return
    earlier.append(place)


def _are_one(one: PersonColumns, at: int, other: PersonColumns, there: int, *, two_sheets: bool) -> bool:
    """Tell whether two rows of one name and home are one person: nothing contradicts, birth or a copy proves."""
    if len({one.cccds[at], other.cccds[there]} - {None}) > 1 or one.births[at] != other.births[there]:
        return False
    if len({one.relations[at], other.relations[there]} - {""}) > 1:
        return False
    return one.births[at] is not None or two_sheets


def check_heads(sheets: Sequence[PersonColumns], repeats: dict[Place, Place]) -> None:
    """Tell of households with two heads, of whom the first stays head, or none; a person met twice counts once.

    The head of a row that is refused leaves room for another one.
    """
    if not any(HEAD in persons.relations for persons in sheets):
        return
    heads: dict[int, bool] = {}
    first: dict[int, Place] = {}
    for place in _everyone(sheets):
        persons, at = sheets[place[0]], place[1]
        home = persons.households[at]
        if home is None or place in repeats:
            continue
        first.setdefault(home.number, place)
        if persons.relations[at] == HEAD:
            if not heads.get(home.number):
                heads[home.number] = not persons.is_refused(at)
            else:
                persons.relations[at] = ""
                persons.tell(at, "household.two_heads", Field.RELATION)
    for number, (sheet, at) in first.items():
        if number not in heads:
            sheets[sheet].tell(at, "household.no_head", Field.RELATION)


def check_hamlets(persons: PersonColumns) -> bool:
    """Tell of rows without a settlement where others have one; return whether no row of the sheet has any."""
    missing = [at for at, hamlet in enumerate(persons.hamlets) if hamlet is None]
    if len(missing) == len(persons):
        return bool(missing)
    for at in missing:
        persons.tell(at, "hamlet.missing", Field.HAMLET)
    return False


def _key(hamlet: Hamlet | None) -> str:
    return hamlet.key if hamlet else ""


def _place(sheets: Sequence[PersonColumns], place: Place) -> str:
    persons = sheets[place[0]]
    return f"trang “{persons.sheet}” dòng {persons.rows[place[1]] + 1}"
