"""Where each form stands at a stage of review: not reviewed, accepted, returned, or changed since.

Invariants: the newest review of a stage counts (its uid tells the time, so every machine picks the same); a review of
which an answer changed afterwards counts no more; a form whose answers are again what they were is not changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Connection, Engine

from desktop_app.models.tables import SHARED
from desktop_app.models.types import LearningModel, ReviewOutcome, ReviewStage
from desktop_app.services.assessment.review.differences import answer_changes
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.raw import all_rows

MOST_COMPARED = 2_000
"""So many touched forms are compared answer by answer; of more, each that was touched counts as changed."""


class ReviewState(StrEnum):
    """Where a form stands at one stage."""

    WAITING = "waiting"
    CHANGED = "changed"
    RETURNED = "returned"
    ACCEPTED = "accepted"


STATE_TEXT: dict[ReviewState, str] = {
    ReviewState.WAITING: "Chưa xét",
    ReviewState.CHANGED: "Đổi sau khi xét",
    ReviewState.RETURNED: "Trả lại",
    ReviewState.ACCEPTED: "Chấp nhận",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest review of a form at one stage."""

    stage: ReviewStage
    state: ReviewState
    outcome: ReviewOutcome | None = None
    on: str = ""
    by: str = ""
    reason: str = ""


def latest(round_: RoundRecord, model: LearningModel, stage: ReviewStage) -> str:
    """SQL of the newest review of each form at a stage: form, uid, outcome, reason, reviewed_on, reviewer.

    Safe to put into a statement: it holds nothing that a person typed.
    """
    return (
        "(SELECT v.assessment_id AS form, max(v.uid) AS uid, v.outcome, v.reason, v.reviewed_on, v.reviewer "
        "FROM review AS v JOIN assessment AS x ON x.id = v.assessment_id "
        f"WHERE {_in_round(round_, model)} AND {_at(stage)} GROUP BY v.assessment_id)"
    )


def since(uid: str) -> str:
    """SQL of the moment at which a row was made here; ``uid`` is an SQL expression."""
    return f"(SELECT min(m.id) FROM change AS m WHERE m.row_uid = {uid})"


def changed_forms(
    connection: Connection, round_: RoundRecord, model: LearningModel, stage: ReviewStage
) -> frozenset[int]:
    """Local keys of the forms of which an answer differs from what the newest review at this stage saw.

    When a form was reviewed is asked only where an answer changed after the first review of all.
    """
    reviewed = f"{_in_round(round_, model)} AND {_at(stage)}"
    start = all_rows(connection, _FIRST.format(reviewed=reviewed))[0][0]
    if start is None:
        return frozenset()
    last = {form: moment for form, moment in list(last_changes(connection, start).items()) if moment > start}
    if not last:
        return frozenset()
    rows = all_rows(connection, _MOMENTS.format(reviewed=reviewed), (json.dumps(list(last)),))
    touched = {form: moment for form, moment in rows if last[form] > moment}
    return frozenset(touched if len(touched) > MOST_COMPARED else answer_changes(connection, touched))


def _in_round(round_: RoundRecord, model: LearningModel) -> str:
    """SQL condition on the form ``x``."""
    return f"x.assessment_round_id = {round_.id} AND x.model = '{model.value}'"


def _at(stage: ReviewStage) -> str:
    """SQL condition on the review ``v``."""
    return f"v.present AND coalesce(v.stage, 'commune') = '{stage.value}'"


_FIRST = f"""
SELECT min(coalesce({since("v.uid")}, 0)) FROM review AS v CROSS JOIN assessment AS x ON x.id = v.assessment_id
WHERE {{reviewed}}"""
_MOMENTS = f"""
SELECT n.form, coalesce({since("n.uid")}, 0) FROM (
  SELECT v.assessment_id AS form, max(v.uid) AS uid FROM json_each(?) AS k
  CROSS JOIN assessment AS x ON x.id = k.value CROSS JOIN review AS v ON v.assessment_id = x.id
  WHERE {{reviewed}} GROUP BY v.assessment_id) AS n"""


@dataclass
class _Seen:
    """How far the journal of an opened file was read: form → its answers' last change, between two change keys."""

    start: int
    end: int
    last: dict[int, int]


_SEEN: WeakKeyDictionary[Engine, _Seen] = WeakKeyDictionary()
_LOCK = Lock()


def last_changes(connection: Connection, start: int) -> dict[int, int]:
    """The last change of each form's answers after ``start``; what was read before is read on from there."""
    with _LOCK:
        end = int(all_rows(connection, "SELECT coalesce(max(id), 0) FROM change")[0][0])
        seen = _SEEN.get(connection.engine)
        if seen is None or seen.start > start or seen.end > end:
            seen = _SEEN[connection.engine] = _Seen(start, start, {})
        seen.last.update(all_rows(connection, _LAST, (seen.end, _ANSWER)))
        seen.end = end
        return seen.last


_ANSWER = SHARED["answer"].code
_LAST = """
SELECT w.assessment_id, max(c.id) FROM change AS c CROSS JOIN answer AS w ON w.uid = c.row_uid
WHERE c.id > ? AND c.table_code = ? GROUP BY w.assessment_id"""


def state_case(changed: Iterable[int], stage: ReviewStage) -> str:
    """SQL CASE of where a form ``a`` stands at a stage; ``changed`` are local keys of forms that have a review."""
    listed = ", ".join(map(str, sorted(changed)))
    newest = (
        "SELECT CASE v.outcome WHEN 'returned' THEN 'returned' ELSE 'accepted' END FROM review AS v "
        f"WHERE v.assessment_id = a.id AND {_at(stage)} ORDER BY v.uid DESC LIMIT 1"
    )
    return f"CASE WHEN a.id IN ({listed}) THEN 'changed' ELSE coalesce(({newest}), 'waiting') END"


def accepted_forms(
    connection: Connection, round_: RoundRecord, model: LearningModel, stage: ReviewStage
) -> frozenset[int]:
    """Local keys of the forms that stand as accepted at a stage."""
    rows = all_rows(connection, f"SELECT l.form FROM {latest(round_, model, stage)} AS l WHERE l.outcome = 'accepted'")
    return frozenset(row[0] for row in rows) - changed_forms(connection, round_, model, stage)
