"""Is a person of a list already in the register? By evidence with weights, never by a key; no row is written here.

Invariants: two people without a CCCD are never the same for that; the same household code, folded name and birth are
surely the same person; two different CCCDs, names that differ in a word or an accent (twins) and a kinship that differs
where a birth is missing are never surely the same person; what is not sure is asked, not guessed.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy.engine import Connection

from desktop_app.models.types import Uid
from desktop_app.services.duplicates.merging import absorbed_numbers, survivors
from desktop_app.services.importing.hamlets import stored_key
from desktop_app.services.importing.preview import PersonRow
from desktop_app.services.importing.words import HEAD
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import PartialDate, fold

SURE = 80
"""Evidence from which a person is taken for the same, when no other comes near."""
DOUBTFUL = 60
"""Evidence from which a person must be asked about."""

SAME_CCCD = 100
OTHER_CCCD = -35
"""Two full numbers: asked about where all else is the same, for numbers are typed wrong; else somebody else."""
SAME_NAME = 40
OTHER_ACCENTS = 25
"""Hùng and Hưng: twins rather than a typing error."""
NEAR_NAME = 20
OTHER_NAME = -60
"""Against a person with the same CCCD: a number typed wrong must not rename somebody else unseen."""
SAME_DATE = 30
SAME_YEAR = 15
OTHER_BIRTH = -40
SAME_HOUSEHOLD = 30
OTHER_HOUSEHOLD = -5
"""Little: people move, and a person entered twice is worse than one who is asked about."""
SAME_HAMLET = 10
OTHER_HAMLET = -10
SAME_PHONE = 20
BOTH_HEADS = 15
"""Two heads of household in one hamlet rarely share name and year of birth."""
OTHER_SEX = -30
NEAR = 88
"""Similarity of two folded names (0–100, rapidfuzz ratio) from which a typing error is thinkable."""


class Known(NamedTuple):
    """A person of the register as matching sees him; a tuple, for a hundred thousand are made at once.

    Attributes:
        household_code, hamlet: folded and as a key, to compare; ``home`` says both as people read them.
        values: the stored fields by column.
        former: numbers of records that were merged into this one; a list that is older still holds them.
        head: who is called head of his household, if anybody is.
        former_codes: folded codes of households that he has left.
    """

    id: int
    uid: Uid
    name: str
    household_id: int | None
    household_code: str
    hamlet: str
    values: dict[str, str | int | None]
    home: str = ""
    former: frozenset[str] = frozenset()
    head: int | None = None
    former_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be the same, with the evidence's weight and its reasons in Vietnamese.

    Attributes:
        is_asked: something speaks against it that only a person can judge, however great the weight.
        is_merged: it is not this record that fits the row, but one that was merged into it.
    """

    person: Known
    score: int
    reasons: tuple[str, ...]
    is_asked: bool = False
    is_merged: bool = False


@dataclass
class KnownPeople:
    """All present people of the register, found by CCCD, by folded name, and by household code."""

    by_id: dict[int, Known] = field(default_factory=dict)
    by_uid: dict[Uid, Known] = field(default_factory=dict)
    by_cccd: dict[str, Known] = field(default_factory=dict)
    by_name: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    by_household: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    merged: dict[str, list[Known]] = field(default_factory=lambda: defaultdict(list))
    """Records that were merged away, by folded name, as they were, under the key of who they are now."""

    def add(self, person: Known) -> None:
        self.by_id[person.id] = person
        self.by_uid[person.uid] = person
        self.by_name[person.name].append(person)
        if person.household_code:
            self.by_household[person.household_code].append(person)
        cccd = person.values["cccd"]
        if isinstance(cccd, str):
            self.by_cccd[cccd] = person
        for number in person.former:
            self.by_cccd.setdefault(number, person)


FIELDS = (
    "full_name", "sex", "birth", "cccd", "phone", "ethnicity", "occupation", "citizen_group", "relation", "note",
    "religion", "life_status", "status_date",
)  # fmt: skip
"""Columns of a citizen that a list can fill."""


def load_people(connection: Connection) -> KnownPeople:
    """Read every present person once."""
    known = KnownPeople()
    former: dict[Uid, set[str]] = defaultdict(set)
    for number, uid in absorbed_numbers(connection).items():
        former[uid].add(number)
    left: dict[int, set[str]] = defaultdict(set)
    for key, code in all_rows(connection, _LEFT):
        left[key].add(code)
    homes = _homes(connection)
    for row in all_rows(connection, _PEOPLE.format("present = 1")):
        uid = row[1].hex()
        numbers = frozenset(former[uid]) if uid in former else _NONE
        known.add(_known(row, uid, homes, numbers, frozenset(left[row[0]]) if row[0] in left else _NONE))
    ends = survivors(connection)
    for gone, kept in ends.items():
        if kept in known.by_uid:
            known.by_uid.setdefault(gone, known.by_uid[kept])
    merged = "present = 0 AND merged_into_id IS NOT NULL"
    for row in all_rows(connection, _PEOPLE.format(merged)) if ends else ():
        end = known.by_uid.get(ends.get(row[1].hex(), ""))
        if end is not None:
            known.merged[row[2]].append(_known((end.id, *row[1:]), end.uid, homes))
    return known


_LEFT = """
SELECT r.citizen_id, h.code_fold FROM residence AS r JOIN household AS h ON h.id = r.household_id
WHERE r.present = 1 AND r.citizen_id IS NOT NULL AND h.code_fold IS NOT NULL"""
_PEOPLE = f"""
SELECT id, uid, name_fold, household_id, {", ".join(FIELDS)} FROM citizen WHERE {{}} ORDER BY id"""
_HOMES = """
SELECT household.id, household.code_fold, hamlet.name, household.code, hamlet.former_commune, head.id
FROM household LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
LEFT JOIN citizen AS head ON head.id = household.head_id AND head.present = 1 AND head.relation = ?"""
_NONE: frozenset[str] = frozenset()


class _Home(NamedTuple):
    """What the people of one household share."""

    code: str = ""
    hamlet: str = ""
    words: str = ""
    head: int | None = None


_NO_HOME = _Home()


def _homes(connection: Connection) -> dict[int, _Home]:
    return {
        key: _Home(code or "", stored_key(hamlet or "", former_commune or ""), _words(written, hamlet), head)
        for key, code, hamlet, written, former_commune, head in all_rows(connection, _HOMES, (HEAD,))
    }


def _words(code: str | None, hamlet: str | None) -> str:
    return " · ".join(part for part in (code, hamlet) if part)


def _known(
    row: Sequence[Any], uid: Uid, homes: Mapping[int, _Home], former: frozenset[str] = _NONE,
    left: frozenset[str] = _NONE,
) -> Known:  # fmt: skip
    home = homes.get(row[3], _NO_HOME)
    values = dict(zip(FIELDS, row[4:], strict=True))
    return Known(
        row[0], uid, row[2] or "", row[3], home.code, home.hamlet, values, home.words, former, home.head, left,
    )  # fmt: skip


def known_of(row: PersonRow, home: str) -> Known:
    """A new person of the list as later rows are compared with him; he has no key yet."""
    values: dict[str, str | int | None] = dict.fromkeys(FIELDS)
    values.update(
        full_name=row.name, cccd=row.cccd, phone=row.phone, relation=row.relation,
        sex=row.sex.value if row.sex else None, birth=row.birth.iso() if row.birth else None,
    )  # fmt: skip
    return Known(0, "", fold(row.name), None, fold(row.household_code), home, values)


def candidates(row: PersonRow, known: KnownPeople, home: str = "") -> list[Candidate]:
    """Who in the register may be the person of this row, best first; only those worth asking about.

    Args:
        home: key of the hamlet that the row's household belongs to, or "".
    """
    name = fold(row.name)
    code = fold(row.household_code) if row.household_code and known.by_id else ""
    namesakes = known.by_name.get(name, ())
    if not (namesakes or code in known.by_household or row.cccd in known.by_cccd or name in known.merged):
        return []
    people = {person.id: person for person in _worth_weighing(row, namesakes)}
    if row.cccd and row.cccd in known.by_cccd:
        person = known.by_cccd[row.cccd]
        people[person.id] = person
    if code:
        people.update((person.id, person) for person in _worth_weighing(row, known.by_household.get(code, ())))
    is_rare = len(namesakes) == 1
    found = [_asked_if_rare(weigh(row, name, code, home, person), is_rare) for person in people.values()]
    if name in known.merged:
        found = _with_merged(found, [weigh(row, name, code, home, person) for person in known.merged[name]], known)
    return sorted((item for item in found if item.score >= DOUBTFUL), key=lambda item: (-item.score, item.person.id))


def _worth_weighing(row: PersonRow, people: Iterable[Known]) -> Iterable[Known]:
    """Without those of another year of birth whose number and telephone are not the row's either.

    Nothing that is left could outweigh that: name, household, hamlet and both heads less the birth stay below
    ``DOUBTFUL``. Most of a common name's bearers go here without being weighed.
    """
    if row.birth is None:
        return people
    year, cccd, phone = f"{row.birth.year:04}", row.cccd, row.phone
    return [
        person
        for person in people
        if not (born := person.values["birth"])
        or str(born).startswith(year)
        or (cccd and (person.values["cccd"] == cccd or cccd in person.former))
        or (phone and person.values["phone"] == phone)
    ]


def _asked_if_rare(found: Candidate, is_rare: bool) -> Candidate:
    """The only person of that name in the register, born in the same year: asked about wherever he lives."""
    reasons = set(found.reasons)
    is_near = {"cùng họ tên", "cùng năm sinh"} <= reasons and reasons.isdisjoint({"khác số CCCD", "khác giới tính"})
    if not is_rare or not is_near or found.score >= DOUBTFUL:
        return found
    return replace(found, score=DOUBTFUL, reasons=(*found.reasons, "trong sổ chỉ có một người tên này"), is_asked=True)


def _with_merged(found: list[Candidate], merged: list[Candidate], known: KnownPeople) -> list[Candidate]:
    """The candidates with those whom a merged record's evidence makes likelier than their own."""
    best = {item.person.id: item for item in found}
    for item in merged:
        own = best.get(item.person.id)
        if own is None or own.score < item.score:
            person, reasons = known.by_id[item.person.id], (*item.reasons, "hồ sơ đã gộp")
            best[item.person.id] = replace(item, person=person, reasons=reasons, is_merged=True)
    return list(best.values())


def weigh(row: PersonRow, name: str, code: str, home: str, person: Known) -> Candidate:
    """The evidence for and against one person."""
    score = 0
    reasons: list[str] = []

    def count(weight: int, reason: str) -> None:
        nonlocal score
        score += weight
        reasons.append(reason)

    stored = person.values
    numbers = _number_evidence(row.cccd, row.cccd if row.cccd in person.former else stored["cccd"])
    if numbers:
        count(*numbers)
    called = _name_evidence(row.name, name, str(stored["full_name"] or ""), person.name)
    if called is None and not (numbers and numbers[0] > 0):
        return Candidate(person, -SAME_CCCD, ("khác họ tên",))
    count(*(called or (OTHER_NAME, "khác họ tên")))
    if row.birth and stored["birth"]:
        count(*_birth_evidence(row.birth, PartialDate.from_iso(str(stored["birth"]))))
    has_left = code in person.former_codes and code != person.household_code
    if has_left:
        count(SAME_HOUSEHOLD, "cùng hộ trước đây")
    elif code and person.household_code:
        is_same = code == person.household_code
        count(SAME_HOUSEHOLD if is_same else OTHER_HOUSEHOLD, "cùng hộ" if is_same else "khác hộ")
    if home and person.hamlet and not has_left:
        is_same = home == person.hamlet
        count(SAME_HAMLET if is_same else OTHER_HAMLET, "cùng thôn" if is_same else "khác thôn")
    if row.relation == HEAD == stored["relation"] and "khác hộ" not in reasons:
        count(BOTH_HEADS, "cùng là chủ hộ")
    if row.phone and row.phone == stored["phone"]:
        count(SAME_PHONE, "cùng số điện thoại")
    if row.sex and stored["sex"] and row.sex.value != stored["sex"]:
        count(OTHER_SEX, "khác giới tính")
    elif {"cùng họ tên", "cùng ngày sinh"} <= set(reasons) and "khác số CCCD" not in reasons:
        score = max(score, DOUBTFUL)  # wherever they live: a name and a whole date are rarely shared
    if score >= DOUBTFUL and not (row.birth and stored["birth"]) and _is_other_kin(row.relation, stored["relation"]):
        reasons.append("khác quan hệ với chủ hộ")
    return Candidate(person, score, tuple(reasons), not _ASKED.isdisjoint(reasons))


_ASKED = frozenset(
    {"khác số CCCD", "khác họ tên", "họ tên gần giống", "họ tên khác dấu", "khác quan hệ với chủ hộ"}
)  # fmt: skip
"""Reasons with which nobody is surely the same."""


def _number_evidence(given: str | None, stored: object) -> tuple[int, str] | None:
    """None where one has no number, or an old identity card's (9 digits), which says nothing against a CCCD."""
    if not given or not isinstance(stored, str) or not stored:
        return None
    if given == stored:
        return SAME_CCCD, "cùng số CCCD"
    return (OTHER_CCCD, "khác số CCCD") if len(given) == len(stored) else None


def _name_evidence(given: str, folded: str, stored: str, stored_folded: str) -> tuple[int, str] | None:
    """What two names say; None where they are different people's."""
    if folded == stored_folded:
        return (SAME_NAME, "cùng họ tên") if same_accents(given, stored) else (OTHER_ACCENTS, "họ tên khác dấu")
    if _similarity(folded, stored_folded) >= NEAR or _same_but_middle(folded, stored_folded):
        return NEAR_NAME, "họ tên gần giống"
    return None


def _same_but_middle(left: str, right: str) -> bool:
    one, other = left.split(), right.split()
    return min(len(one), len(other)) > 1 and one[0] == other[0] and one[-1] == other[-1]


@lru_cache(maxsize=4096)
def same_accents(left: str, right: str) -> bool:
    """Whether two names that fold to the same are written with the same accents, or one without any.

    A tone may stand on either vowel (hòa, hoà).
    """
    if left == right:
        return True
    plain = [unicodedata.normalize("NFD", text.casefold()).replace("’", "'") for text in (left, right)]
    if any(text.isascii() for text in plain):
        return True
    return [_tone_apart(word) for word in plain[0].split()] == [_tone_apart(word) for word in plain[1].split()]


def _tone_apart(word: str) -> tuple[str, str]:
    tones = "".join(letter for letter in word if letter in _TONES)
    return "".join(letter for letter in word if letter not in _TONES), tones


_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")


def _is_other_kin(given: str, stored: object) -> bool:
    """A child is the same kin whether the list says "con", "con đẻ" or "con trai"."""
    return bool(given and stored) and _kin(given) != _kin(str(stored))


@lru_cache(maxsize=1024)
def _kin(text: str) -> str:
    return fold(text).removesuffix(" de").removesuffix(" ruot").removesuffix(" trai").removesuffix(" gai")


def _birth_evidence(left: PartialDate, right: PartialDate) -> tuple[int, str]:
    if left == right:
        return (SAME_DATE, "cùng ngày sinh") if left.day else (SAME_YEAR, "cùng năm sinh")
    if left.year != right.year:
        return OTHER_BIRTH, "khác năm sinh"
    if (left.month and right.month and left.month != right.month) or (left.day and right.day):
        return OTHER_BIRTH, "khác ngày sinh"
    return SAME_YEAR, "cùng năm sinh"


def _similarity(left: str, right: str) -> float:
    from rapidfuzz import fuzz

    return fuzz.ratio(left, right)


def is_sure(found: Iterable[Candidate]) -> bool:
    """Whether the first of these candidates is surely the one: enough evidence, and nobody else as near."""
    items = list(found)
    if not items or items[0].score < SURE or items[0].is_asked:
        return False
    return len(items) == 1 or items[1].score <= items[0].score - SAME_YEAR


def is_homeless_one(row: PersonRow, found: Iterable[Candidate], known: KnownPeople) -> bool:
    """Whether a list that tells households means the one person of that name and year, whose household nobody told.

    He came with a list of names only; unless this row is he, he would stay alone in a household of his own for ever.
    """
    items = list(found)
    if len(items) != 1 or items[0].is_asked or items[0].person.household_code or row.birth is None:
        return False
    if row.household is None and not row.household_code:
        return False
    reasons = set(items[0].reasons)
    if not {"cùng họ tên", "cùng năm sinh", "cùng thôn"} <= reasons or "khác giới tính" in reasons:
        return False
    year = str(row.birth.year)
    return sum(str(one.values["birth"] or "").startswith(year) for one in known.by_name[fold(row.name)]) == 1


def is_only_one(row: PersonRow, found: Iterable[Candidate]) -> bool:
    """Whether a list that tells no homes (a school's teachers) means the one person of that name and whole date.

    It brings him into an organization at most; who else of the register comes near is asked about.
    """
    items = list(found)
    if row.hamlet or row.household_code or len(items) != 1 or row.birth is None or not row.birth.day:
        return False
    return {"cùng họ tên", "cùng ngày sinh"} <= set(items[0].reasons) and not items[0].is_asked
