"""What a person has already decided of doubtful rows, kept when the plan is made anew; pure."""

from __future__ import annotations

from desktop_app.models.types import Uid
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate, RowPlan


def still_asked(before: ImportPlan | None, after: ImportPlan, choices: dict[int, Uid | None]) -> dict[int, Uid | None]:
    """What a person has decided of a former plan, for rows that are the same and still doubtful in a new one."""
    if before is None:
        return {}
    places = {(row.row.sheet, row.row.row, row.row.name): index for index, row in enumerate(after.rows)
              if row.fate is RowFate.DOUBTFUL}  # fmt: skip
    kept: dict[int, Uid | None] = {}
    for index, uid in choices.items():
        row = before.rows[index].row
        place = places.get((row.sheet, row.row, row.name))
        if place is None or not _asks_the_same(before.rows[index], after.rows[place]):
            continue
        if uid is None or uid in answers_of(after.rows[place]):
            kept[place] = uid
    return kept


def answers_of(row: RowPlan) -> set[Uid]:
    """Uids that may be chosen for a doubtful row: people's, or the household's where only that is asked."""
    if row.candidates or row.asked is None:
        return {found.person.uid for found in row.candidates}
    return {row.asked.home.uid}


def _asks_the_same(before: RowPlan, after: RowPlan) -> bool:
    """“Somebody new” is no answer about a household, nor the other way round."""
    return bool(before.candidates) == bool(after.candidates)
