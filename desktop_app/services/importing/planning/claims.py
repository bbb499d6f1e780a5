"""Whom the rows of a list are surely about, before anything else is judged; pure.

Invariant: the order of rows decides nothing where their evidence differs: each person goes to the row that fits best,
and what is left of the other rows is weighed again without him.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence

from desktop_app.services.importing.planning.matching import Candidate
from desktop_app.services.importing.preview import PersonRow
from desktop_app.services.vietnamese import fold

Found = Sequence[Candidate]


def claims(found: Mapping[int, Found], is_sure: Callable[[int, Found], bool]) -> dict[int, int]:
    """Return the people whom rows surely mean: a person's key → place of the row.

    Args:
        found: place of a row → who it may be, best first.
        is_sure: whether the first of these is surely the person of the row.
    """
    owners: dict[int, int] = {}
    left = {place: list(items) for place, items in found.items() if items}
    while True:
        asked: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for place, items in left.items():
            if items and is_sure(place, items):
                asked[items[0].person.id].append((-items[0].score, place))
        if not asked:
            return owners
        for person, rows in asked.items():
            owners[person] = min(rows)[1]
            del left[owners[person]]
        for place, items in left.items():
            left[place] = [item for item in items if item.person.id not in owners]


class Namesakes:
    """Tells whether a row is the only one of its list with that name and year of birth; counted when first asked."""

    def __init__(self, rows: Sequence[PersonRow]) -> None:
        self._rows = rows
        self._counts: Counter[tuple[str, int]] | None = None

    def is_alone(self, row: PersonRow) -> bool:
        """Whether nobody else of the list has the row's name and year; the same person on two rows is one."""
        if self._counts is None:
            self._counts = Counter(_name_and_year(other) for other in self._rows if other.repeats is None)
        return self._counts[_name_and_year(row)] <= 1


def _name_and_year(row: PersonRow) -> tuple[str, int]:
    return fold(row.name), row.birth.year if row.birth else 0
