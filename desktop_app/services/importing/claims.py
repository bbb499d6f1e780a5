"""Whom the rows of a list are surely about, before anything else is judged; pure.

Invariant: the order of rows decides nothing where their evidence differs: each person goes to the row that fits best,
and what is left of the other rows is weighed again without him.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from desktop_app.services.importing.matching import Candidate

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
