"""Who lives together tells who is who: doubtful rows of a household settled by the others who are in it.

Invariant: a row is settled only where at least one other row of its household speaks for the same household of the
register, and nobody else there comes near; one person is taken once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from desktop_app.services.importing.planning.matching import SAME_HOUSEHOLD, Candidate, is_sure
from desktop_app.services.importing.planning.planned import RowFate, RowPlan

REASON = "cùng hộ với người khác trong danh sách"


def settle_by_mates(rows: Sequence[RowPlan], taken: set[int]) -> list[RowPlan]:
    """Return the rows with those settled whose household's other rows tell who they are.

    Args:
        taken: people who stand for a row already; who is settled is added.
    """
    settled = list(rows)
    groups: dict[int, list[int]] = defaultdict(list)
    for place, item in enumerate(rows):
        if item.household is not None:
            groups[item.household].append(place)
    for places in groups.values():
        if len(places) > 1 and any(rows[place].fate is RowFate.DOUBTFUL for place in places):
            _settle(settled, places, taken)
    return settled


def _settle(rows: list[RowPlan], places: Sequence[int], taken: set[int]) -> None:
    voices: Counter[int] = Counter()
    for place in places:
        item = rows[place]
        people = [item.person] if item.person is not None else [found.person for found in item.candidates]
        voices.update({person.household_id for person in people if person.household_id is not None})
    for place in places:
        item = rows[place]
        if item.fate is not RowFate.DOUBTFUL:
            continue
        found = [_weighed(other, voices) for other in item.candidates if other.person.id not in taken]
        found.sort(key=lambda other: -other.score)
        if is_sure(found) and voices[found[0].person.household_id or 0] > 1:
            taken.add(found[0].person.id)
            rows[place] = replace(item, fate=RowFate.UNCHANGED, person=found[0].person, candidates=(), issues=())


def _weighed(found: Candidate, voices: Counter[int]) -> Candidate:
    """A candidate with the evidence of the household's other rows."""
    home = found.person.household_id
    if home is None or voices[home] < 2 or "cùng hộ" in found.reasons:
        return found
    return replace(found, score=found.score + SAME_HOUSEHOLD, reasons=(*found.reasons, REASON))
