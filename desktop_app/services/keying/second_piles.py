"""The drawn forms of a round counted by what they have in common, for the queue: some hundred rows for 28,000 forms.

Invariant: the same forms as ``second_entries.read_entries`` gives, counted by SQLite instead of read one by one.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, SecondEntryStatus, Uid
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.keying.second_entries import DONE, DRAWN, line_key, line_name, narrowed, why_locked
from desktop_app.services.raw import all_rows


@dataclass(frozen=True, slots=True)
class Pile:
    """Drawn forms of one line of the queue that stand alike.

    Args:
        key: line of the queue; ``set_id`` local.
        is_begun: something was keyed the second time; ``entered_by`` tells who did.
        locked: why they take nothing.
        count: how many there are.
    """

    key: str
    year: int
    model: LearningModel
    set_id: int
    set_uid: Uid
    batch: Uid | None
    batch_name: str
    collector: str
    status: SecondEntryStatus
    first_by: Uid | None
    entered_by: Uid | None
    is_begun: bool
    locked: str
    count: int

    @property
    def is_live(self) -> bool:
        """Done, or still takes something."""
        return not self.locked or self.status in DONE


def read_piles(connection: Connection, year: int, *, key: str | None = None) -> list[Pile]:
    """The drawn forms of a round (or of one line of the queue) as piles, in the order of their first forms."""
    where, values = narrowed(year, key)
    found = []
    for row in all_rows(connection, _PILES.format(f"{DRAWN}{where}"), values):
        (_, batch, set_uid, hamlet, status, first_by, is_begun, entered_by, form_status, is_frozen, life, is_young,
         model, form_year, set_id, name, collector, hamlet_name, count) = row  # fmt: skip
        found.append(
            Pile(
                line_key(batch, set_uid, hamlet),
                form_year,
                LearningModel(model),
                set_id,
                set_uid.hex(),
                batch.hex() if batch else None,
                line_name(batch, name, hamlet_name),
                collector or "",
                SecondEntryStatus(status) if status else SecondEntryStatus.DRAWN,
                first_by.hex() if first_by else None,
                entered_by.hex() if entered_by else None,
                bool(is_begun),
                why_locked(form_status, life, is_frozen=bool(is_frozen), is_young=bool(is_young)),
                count,
            )
        )
    return found


_PILES = f"""
SELECT min(place), batch, set_uid, hamlet, status, first_by, is_begun, CASE WHEN is_begun THEN entered_by END,
       form_status, is_frozen, life, is_young, model, year, set_id, name, collector, hamlet_name, count(*)
FROM (
  SELECT row_number() OVER (ORDER BY b.id, a.batch_order, e.id) AS place, b.uid AS batch, c.uid AS set_uid,
         v.uid AS hamlet, e.status, e.first_by, e.entered_by,
         coalesce(e.second_values, 'null') NOT IN ('null', '{{{{}}}}') AS is_begun, a.status AS form_status,
         a.frozen IS NOT NULL AS is_frozen, p.life_status AS life,
         coalesce(p.birth > printf('%04d', substr(nullif(r.counted_on, ''), 1, 4) - {DEFAULT_MIN_AGE})
                  || substr(r.counted_on, 5), 0) AS is_young,
         a.model, r.year, a.criteria_set_id AS set_id, b.name, b.collector, v.name AS hamlet_name{{}})
GROUP BY batch, set_uid, hamlet, status, first_by, is_begun, 8, form_status, is_frozen, life, is_young, model
ORDER BY 1"""
