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
        (batch, set_uid, hamlet, status, first_by, is_begun, entered_by, form_status, is_frozen, life, is_young,
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
WITH bound AS MATERIALIZED (
  SELECT x.id, printf('%04d', substr(nullif(x.counted_on, ''), 1, 4) - {DEFAULT_MIN_AGE})
               || substr(x.counted_on, 5) AS born_by
  FROM assessment_round AS x),
pile AS MATERIALIZED (
  SELECT b.id AS batch_id, c.id AS set_id, v.id AS hamlet_id, a.model AS model, e.status AS status,
         e.first_by AS first_by, coalesce(e.second_values, 'null') NOT IN ('null', '{{{{}}}}') AS is_begun,
         CASE WHEN coalesce(e.second_values, 'null') NOT IN ('null', '{{{{}}}}') THEN e.entered_by END AS entered_by,
         a.status AS form_status, a.frozen IS NOT NULL AS is_frozen, p.life_status AS life,
         coalesce(p.birth > (SELECT born_by FROM bound WHERE bound.id = r.id), 0) AS is_young,
         min(r.year) AS year, min(coalesce(a.batch_order, 0) << 40 | e.id) AS place, count(*) AS count{{}}
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12)
SELECT b.uid, c.uid, v.uid, g.status, g.first_by, g.is_begun, g.entered_by, g.form_status, g.is_frozen, g.life,
       g.is_young, g.model, g.year, g.set_id, b.name, b.collector, v.name, g.count
FROM pile AS g JOIN criteria_set AS c ON c.id = g.set_id LEFT JOIN batch AS b ON b.id = g.batch_id
LEFT JOIN hamlet AS v ON v.id = g.hamlet_id ORDER BY g.batch_id, g.place"""
"""Sorted and grouped by small local keys; names and uids are added to the piles."""
