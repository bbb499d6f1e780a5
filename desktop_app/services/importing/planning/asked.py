"""What a person has already decided of doubtful rows, kept when the plan is made anew; pure."""

from __future__ import annotations

from desktop_app.models.types import Uid
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate


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
        if place is not None and (uid is None or uid in {c.person.uid for c in after.rows[place].candidates}):
            kept[place] = uid
    return kept
