"""What speaks for and against two records being one person, weighed in bits and said in Vietnamese.

The model is Fellegi and Sunter's: each agreement counts the more, the rarer it is in this register, so a common name
proves little and a rare one much. Invariants: pure; two people without a number are never the same for that; what is
missing on one side speaks neither for nor against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import log2

from desktop_app.models.types import Uid
from desktop_app.services.duplicates.names import ALIKE, NameMatch, compare_names, is_one_slip
from desktop_app.services.vietnamese import cccd_birth_year, cccd_sex, fold, number_text

SURE = 95
"""Score (0–99, per cent) from which two records are surely one person, if nothing speaks against it."""
DOUBTFUL = 30
"""Score from which a pair is shown."""

_CCCD, _CMND = 12, 9
_TWO_OF = 50.0
"""One in so many records is thought to be a double before anything is looked at."""
_VIRTUAL = 10_000
"""People of an ordinary commune that are mixed in, so that counts of a small register are not taken too seriously."""
_NAME, _DAY, _YEAR = 1 / 3_000, 1 / 20_000, 1 / 80
"""How often a name, a day and a year of birth is met among them."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person as duplicates are sought: the stored fields, ``place`` his number in the search."""

    place: int
    id: int
    uid: Uid
    name: str
    folded: str
    sex: str
    birth: str
    cccd: str
    phone: str
    household: int | None
    hamlet: int | None
    relation: str
    is_dead: bool = False

    @property
    def year(self) -> int | None:
        """Of birth; what the CCCD tells where the register has none."""
        return int(self.birth[:4]) if self.birth else cccd_birth_year(self.cccd)


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence: ``text`` in Vietnamese, ``bits`` for (above 0) or against (below)."""

    code: str
    text: str
    bits: float

    @property
    def is_against(self) -> bool:
        return self.bits < 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """All evidence about a pair.

    Attributes:
        is_linked: more than name and birth joins them: household, phone, number, or a name that only they have. Two
            people of one name born on one day are met in every large commune.
    """

    bits: float
    reasons: tuple[Reason, ...]
    name: NameMatch
    birth_bits: float
    is_linked: bool

    @property
    def score(self) -> int:
        return score_of(self.bits)


STRANGERS = Weighed(-30.0, (Reason("name.other", "khác họ tên", -6.0),), NameMatch.OTHER, 0.0, False)
"""Two people of two names, whom nothing joins."""


def score_of(bits: float) -> int:
    """Bits → per cent, at most 99: nothing but a person's word is wholly sure."""
    if bits < -20:
        return 0
    return min(99, round(100 / (1 + float(2.0**-bits))))


@dataclass
class Frequencies:
    """How often names, days and years of birth are met in a register."""

    people: int = 0
    names: Counter[str] = field(default_factory=Counter)
    births: Counter[str] = field(default_factory=Counter)
    years: Counter[int] = field(default_factory=Counter)

    @classmethod
    def of(cls, people: Iterable[Person]) -> Frequencies:
        found = cls()
        for person in people:
            found.people += 1
            found.names[person.folded] += 1
            if person.birth:
                found.births[person.birth] += 1
                found.years[int(person.birth[:4])] += 1
        return found

    @property
    def prior(self) -> float:
        """Bits before any evidence."""
        return -log2(_TWO_OF * (self.people + _VIRTUAL))

    def name_bits(self, first: str, second: str) -> float:
        return self._bits(max(self.names[first], self.names[second]), _NAME)

    def birth_bits(self, birth: str) -> float:
        return self._bits(self.births[birth], _DAY)

    def year_bits(self, year: int) -> float:
        return self._bits(self.years[year], _YEAR)

    def _bits(self, count: int, usual: float) -> float:
        return log2(0.85 * (self.people + _VIRTUAL) / (count + usual * _VIRTUAL))


def weigh(first: Person, second: Person, known: Frequencies) -> Weighed | None:
    """The evidence about a pair; None where the names are two names and no number joins them."""
    match = compare_names(first.name, first.folded, second.name, second.folded)
    number = _number(first.cccd, second.cccd)
    if match is NameMatch.OTHER and (number is None or number.bits <= 0):
        return None
    found = [_name(match, first, second, known)]
    birth = _birth(first, second, known)
    if birth is not None:
        found.append(birth)
    found += [item for item in (number, _sex(first, second), _phone(first, second)) if item is not None]
    found += _home(first, second, match)
    if first.is_dead != second.is_dead:
        found.append(Reason("life.other", "một bên ghi đã mất", -3.0))
    if known.people >= _LARGE and max(known.names[first.folded], known.names[second.folded]) <= 2:
        found.append(Reason("name.rare", "tên hiếm trong sổ", 0.0))
    bits = known.prior + sum(item.bits for item in found)
    is_linked = any(item.code in _LINKS for item in found)
    return Weighed(bits, tuple(found), match, birth.bits if birth is not None else 0.0, is_linked)


_LINKS = frozenset({"household.same", "phone.same", "cccd.same", "cccd.near", "name.rare"})
_LARGE = 5_000
"""People from which a name that only two have is rare."""


_NAME_LOSS = {
    NameMatch.SAME: 0.0, NameMatch.UNACCENTED: 1.0, NameMatch.SLIP: 2.5, NameMatch.SHORTER: 4.0,
    NameMatch.ONE_ACCENT: 3.0, NameMatch.ACCENT: 5.0, NameMatch.NEAR: 6.0,
}  # fmt: skip
_NAME_WORDS = {
    NameMatch.SAME: "cùng họ tên",
    NameMatch.UNACCENTED: "cùng họ tên không dấu",
    NameMatch.SLIP: "họ tên như gõ nhầm",
    NameMatch.ONE_ACCENT: "họ tên khác một dấu",
    NameMatch.SHORTER: "họ tên thiếu chữ đệm",
    NameMatch.ACCENT: "họ tên khác dấu",
    NameMatch.NEAR: "họ tên gần giống",
}
COMMON = 100
"""So many people of one name make it worth saying that the name is common."""


def _name(match: NameMatch, first: Person, second: Person, known: Frequencies) -> Reason:
    if match is NameMatch.OTHER:
        return Reason("name.other", "khác họ tên", -6.0)
    bits = known.name_bits(first.folded, second.folded) - _NAME_LOSS[match]
    text = _NAME_WORDS[match]
    count = known.names[first.folded]
    if count >= COMMON:
        text += f" (tên thường gặp: {number_text(count)} người)"
    return Reason(f"name.{match.value}", text, bits)


def _birth(first: Person, second: Person, known: Frequencies) -> Reason | None:
    left, right = first.birth, second.birth
    if not left or not right:
        return _birth_by_number(first, second, known)
    if left == right and len(left) == 10:
        return Reason("birth.same", "cùng ngày sinh", known.birth_bits(left))
    if left[:4] == right[:4]:
        return _same_year(left, right, known)
    return _other_year(left, right)


def _birth_by_number(first: Person, second: Person, known: Frequencies) -> Reason | None:
    years = {person.year for person in (first, second)}
    if None in years:
        return None
    if len(years) == 1:
        year = years.pop() or 0
        return Reason("birth.year", "cùng năm sinh (theo CCCD)", known.year_bits(year))
    return Reason("birth.other", "khác năm sinh (theo CCCD)", -6.0)


def _same_year(left: str, right: str, known: Frequencies) -> Reason:
    bits = known.year_bits(int(left[:4]))
    if len(left) == 4 or len(right) == 4 or left[4:] == "-01-01" or right[4:] == "-01-01":
        return Reason("birth.year", "cùng năm sinh", bits)  # 01/01 is often written where the day is not known
    if len(left) == 7 or len(right) == 7:
        is_same = left[:7] == right[:7]
        return Reason("birth.month", "cùng tháng, năm sinh", bits + 3) if is_same else _other_day()
    if left[5:7] == right[8:] and left[8:] == right[5:7]:
        return Reason("birth.swapped", "ngày và tháng sinh đảo nhau", bits + 2)
    if left[5:7] == right[5:7] or left[8:] == right[8:]:
        return Reason("birth.near", "ngày sinh gần giống", bits - 1.5)
    return _other_day()


def _other_day() -> Reason:
    return Reason("birth.day", "khác ngày sinh", -3.0)


def _other_year(left: str, right: str) -> Reason:
    apart = abs(int(left[:4]) - int(right[:4]))
    if len(left) == len(right) == 10 and left[4:] == right[4:] and left[4:] != "-01-01":
        is_slip = is_one_slip(left[:4], right[:4])
        return Reason("birth.near", "cùng ngày và tháng, khác năm sinh", 3.0 if is_slip else 0.5)
    if apart == 1 and 4 in (len(left), len(right)):
        return Reason("birth.about", "năm sinh lệch một năm", 0.5)
    return Reason("birth.other", "khác năm sinh", -3.0 if apart <= 2 else -9.0)


def _number(left: str, right: str) -> Reason | None:
    if not left or not right:
        return None
    if left == right:
        return Reason("cccd.same", "trùng CCCD", 25.0)
    if len(left) != len(right):
        return Reason("cccd.old", "một bên ghi CMND cũ, một bên ghi CCCD", 0.0)
    if is_one_slip(left, right):
        return Reason("cccd.near", "số CCCD chỉ lệch một chữ số", 10.0)
    return Reason("cccd.other", "khác số CCCD", -18.0)


def _sex(first: Person, second: Person) -> Reason | None:
    left = first.sex or cccd_sex(first.cccd) or ""
    right = second.sex or cccd_sex(second.cccd) or ""
    if not left or not right:
        return None
    return Reason("sex.same", "", 0.9) if left == right else Reason("sex.other", "khác giới tính", -5.0)


def _phone(first: Person, second: Person) -> Reason | None:
    if not first.phone or not second.phone:
        return None
    if first.phone != second.phone:
        return Reason("phone.other", "", -0.7)
    is_family = first.household is not None and first.household == second.household
    return Reason("phone.same", "cùng số điện thoại", 1.5 if is_family else 7.0)


_SIBLINGS = {NameMatch.ONE_ACCENT: -2.0, NameMatch.ACCENT: -12.0, NameMatch.NEAR: -12.0}
"""In one household such names are those of brothers and sisters, of twins above all."""


def _home(first: Person, second: Person, match: NameMatch) -> list[Reason]:
    if first.household is None or second.household is None:
        return [Reason("home.unknown", "một bên chưa có hộ", 0.0)] if first.household != second.household else []
    if first.household != second.household:
        is_same = first.hamlet is not None and first.hamlet == second.hamlet
        return [
            Reason("hamlet.same", "cùng thôn, khác hộ", 1.5) if is_same else Reason("hamlet.other", "khác thôn", -1.5)
        ]
    found = [Reason("household.same", "cùng hộ", 8.0 if match in ALIKE else 2.0)]
    if match in _SIBLINGS:
        found = [Reason("household.same", "cùng hộ", 0.0), Reason("siblings", "có thể là anh chị em", _SIBLINGS[match])]
    relations = {fold(first.relation), fold(second.relation)} - {""}
    if len(relations) == 2:
        found.append(Reason("relation.other", "quan hệ trong hộ khác nhau", -3.0))
    return found
