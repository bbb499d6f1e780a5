"""Which of 100,000 people are worth comparing: those who share a key, never everybody with everybody.

Invariants: pure; a pair comes once; memory holds the keys of one year of birth at a time. Keys: the name (also with a
word left out) within a year of birth, name with day and month, day of birth, phone, household, end of the CCCD.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator

from rapidfuzz import fuzz

from desktop_app.services.duplicates.evidence import Person
from desktop_app.services.duplicates.names import are_alike
from desktop_app.services.progress import NO_PROGRESS, Progress

BITS = 24
"""A pair is one number: the lower place, then the higher one in so many bits (16.7 million people)."""
NUMBER_END = 6
"""Last digits of a CCCD: random ones, so that people who share them share the number but for a slip before."""
WIDE = 60
"""Larger groups of one day of birth (01/01 where the day is not known) are found by their names instead."""
CROWD = 400
"""Larger groups of one key are no evidence: a phone number typed for a whole hamlet, "Nguyễn Thị" alone."""
_ALIKE = 84.0
"""Similarity of two folded names (0–100) below which they are two names."""

Pairs = set[int]


def candidate_pairs(
    people: list[Person], among: Collection[int] | None = None, progress: Progress = NO_PROGRESS
) -> Pairs:
    """Every pair worth weighing.

    Args:
        people: in the order of their ``place``.
        among: places of which at least one must be in a pair; None for all.

    Raises:
        Cancelled: the person stopped it.
    """
    search = _Search(people, frozenset(among) if among is not None else None)
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("Đang so số CCCD", search.by_number),
        ("Đang so số điện thoại", search.by_phone),
        ("Đang so trong từng hộ", search.by_household),
        ("Đang so ngày sinh", search.by_birth),
    )
    years = search.years()
    total = len(steps) + len(years)
    for done, (text, step) in enumerate(steps):
        progress.step(done, total, text)
        step()
    for done, group in enumerate(years, start=len(steps)):
        progress.step(done, total, "Đang so họ tên theo năm sinh")
        search.by_name(group)
    return search.found


def split(pair: int) -> tuple[int, int]:
    """The two places of a pair."""
    return pair >> BITS, pair & ((1 << BITS) - 1)


class _Search:
    def __init__(self, people: list[Person], among: frozenset[int] | None) -> None:
        self._people = people
        self._among = among
        self._names = [person.folded for person in people]
        self._births = [person.birth for person in people]
        self._numbers = [person.cccd for person in people]
        self.found: Pairs = set()

    def by_number(self) -> None:
        keys = ((p.cccd[-NUMBER_END:], p.place) for p in self._people if len(p.cccd) >= NUMBER_END)
        for group in self._groups(keys):
            self._add(group, self._is_number_alike)

    def by_phone(self) -> None:
        for group in self._groups((p.phone, p.place) for p in self._people if p.phone):
            self._add(group, self._is_alike)

    def by_household(self) -> None:
        for group in self._groups((p.household, p.place) for p in self._people if p.household is not None):
            self._add(group, self._is_alike)

    def by_birth(self) -> None:
        """One day of birth; and one name with the same day and month, the year typed wrong."""
        whole = [p for p in self._people if len(p.birth) == 10]
        for group in self._groups((p.birth, p.place) for p in whole):
            if len(group) <= WIDE:
                self._add(group, self._is_alike)
        for group in self._groups(((p.folded, p.birth[4:]), p.place) for p in whole):
            self._add(group, None)

    def years(self) -> list[list[int]]:
        """The people of each year of birth; those of whom it is not known stand with those of their hamlet."""
        found: dict[Hashable, list[int]] = {}
        unknown = set()
        for person in self._people:
            year = person.year
            found.setdefault(year or ("hamlet", person.hamlet), []).append(person.place)
            if year is None:
                unknown.add(person.hamlet)
        for person in self._people if unknown else ():
            if person.year is not None and person.hamlet in unknown:
                found["hamlet", person.hamlet].append(person.place)
        return list(found.values())

    def by_name(self, group: list[int]) -> None:
        """Within a year: the same name, or the same but for one word that is alike or lacking."""
        keys: dict[str, dict[str, list[int]]] = {}
        names = self._names
        for place in group:
            name = names[place]
            keys.setdefault(name, {}).setdefault("", []).append(place)
            words = name.split()
            if len(words) > 2:
                for left_out, word in enumerate(words):
                    short = " ".join((*words[:left_out], *words[left_out + 1 :]))
                    keys.setdefault(short, {}).setdefault(word, []).append(place)
        for by_word in keys.values():
            same = by_word.get("", ())
            if 1 < len(same) <= CROWD:
                self._add(list(same), None)
            if len(by_word) > 1:
                self._add_alike(by_word)

    def _add_alike(self, by_word: dict[str, list[int]]) -> None:
        """Names that share all words but one: those of which this one is alike, or lacking in the other."""
        words = list(by_word)
        for at, left in enumerate(words):
            for right in words[at + 1 :]:
                if left and right and not are_alike(left, right):
                    continue
                for first in by_word[left]:
                    for second in by_word[right]:
                        if first != second and self._is_as_old(first, second):
                            self._add([first, second], None)

    def _groups(self, keys: Iterable[tuple[Hashable, int]]) -> Iterator[list[int]]:
        found: dict[Hashable, list[int]] = {}
        for key, place in keys:
            found.setdefault(key, []).append(place)
        for places in found.values():
            if 1 < len(places) <= CROWD and self._is_wanted(places):
                yield places

    def _is_wanted(self, places: list[int]) -> bool:
        return self._among is None or any(place in self._among for place in places)

    def _add(self, group: list[int], is_alike: Callable[[int, int], bool] | None) -> None:
        among, found = self._among, self.found
        for at, first in enumerate(group):
            for second in group[at + 1 :]:
                if first == second or (among is not None and first not in among and second not in among):
                    continue
                pair = first << BITS | second if first < second else second << BITS | first
                if pair in found or self._are_two(first, second):
                    continue
                if is_alike is None or is_alike(first, second):
                    found.add(pair)

    def _are_two(self, first: int, second: int) -> bool:
        """Two numbers that more than one slip parts: one half of them at least must agree."""
        left, right = self._numbers[first], self._numbers[second]
        if not left or not right or len(left) != len(right):
            return False
        return left[:NUMBER_END] != right[:NUMBER_END] and left[NUMBER_END:] != right[NUMBER_END:]

    def _is_as_old(self, first: int, second: int) -> bool:
        """Names that are only alike need a day or a month of birth in common as well, where both are known."""
        left, right = self._births[first], self._births[second]
        return not (len(left) == len(right) == 10 and left[5:7] != right[5:7] and left[8:] != right[8:])

    def _is_alike(self, first: int, second: int) -> bool:
        left, right = self._names[first], self._names[second]
        if left == right:
            return True
        if fuzz.ratio(left, right, score_cutoff=_ALIKE):
            return True
        mine, theirs = set(left.split()), set(right.split())
        return len(mine) != len(theirs) and (mine <= theirs or theirs <= mine)

    def _is_number_alike(self, first: int, second: int) -> bool:
        left, right = self._people[first], self._people[second]
        return left.cccd == right.cccd or self._is_alike(first, second)
