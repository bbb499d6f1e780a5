"""What taking a row at its word changes of a known person and of his household; pure.

Invariant: a household's changes are told once, on one of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from desktop_app.services.importing.planning.differences import kept_home, kept_standing, person_changes
from desktop_app.services.importing.planning.matching import Known
from desktop_app.services.importing.planning.planned import TAKEN, WRITTEN, HouseholdPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import Issue
from desktop_app.services.importing.units.units import KnownUnits, person_unit_changes


def updated(
    plan: RowPlan, person: Known, home: HouseholdPlan | None, units: KnownUnits, issues: tuple[Issue, ...] = ()
) -> RowPlan:
    """A row that is about a known person, with what it changes of him."""
    stays = kept_home(plan.row, person)
    if stays:
        home = None
    row, kept = (replace(plan.row, relation=""), stays) if stays else kept_standing(plan.row, person)
    issues = (*plan.issues, *issues, *kept)
    changes = person_changes(row, person)
    changes.update(person_unit_changes(plan.row, person.id, units, person.household_id if home is None else None))
    if home is not None and (home.id is None or home.id != person.household_id):
        changes["household_id"] = (person.household_id, home.id)
    fate = RowFate.CHANGED if changes else RowFate.UNCHANGED
    return replace(plan, fate=fate, person=person, changes=changes, candidates=(), issues=issues)


def tell_household_changes(rows: Iterable[RowPlan], households: Iterable[HouseholdPlan]) -> list[RowPlan]:
    """Put what changes of a household on one of its rows: the one that tells already, else the first that is taken."""
    told = list(rows)
    places: dict[int, int] = {}
    for place, plan in enumerate(told):
        if plan.household is not None and plan.fate in TAKEN:
            first = places.setdefault(plan.household, place)
            if plan.household_changes and not told[first].household_changes:
                places[plan.household] = place
    for index, home in enumerate(households):
        if home.id is not None and home.changes and index in places:
            plan = told[places[index]]
            fate = plan.fate if plan.fate in WRITTEN else RowFate.CHANGED
            told[places[index]] = replace(plan, fate=fate, household_changes=dict(home.changes))
    return told
