"""Where each form stands at a stage of review: not reviewed, accepted, returned, or changed since.

Invariants: the newest review of a stage counts (its uid tells the time, so every machine picks the same); a review of
which an answer changed afterwards counts no more; a form whose answers are again what they were is not changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.engine import Connection

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
        f"WHERE x.assessment_round_id = {round_.id} AND x.model = '{model.value}' AND v.present "
        f"AND coalesce(v.stage, 'commune') = '{stage.value}' GROUP BY v.assessment_id)"
    )


def since(uid: str) -> str:
    """SQL of the moment at which a row was made here; ``uid`` is an SQL expression."""
    return f"(SELECT min(m.id) FROM change AS m WHERE m.row_uid = {uid})"


def changed_forms(
    connection: Connection, round_: RoundRecord, model: LearningModel, stage: ReviewStage
) -> frozenset[int]:
    """Local keys of the forms of which an answer differs from what the newest review at this stage saw."""
    rows = all_rows(
        connection,
        f"SELECT n.form, n.since FROM (SELECT l.form AS form, {since('l.uid')} AS since "
        f"FROM {latest(round_, model, stage)} AS l) AS n WHERE EXISTS (SELECT 1 FROM answer AS w "
        "CROSS JOIN change AS c ON c.row_uid = w.uid AND c.id > n.since WHERE w.assessment_id = n.form)",
    )
    if len(rows) > MOST_COMPARED:
        return frozenset(row[0] for row in rows)
    return frozenset(answer_changes(connection, dict(rows)))


def state_case(changed: Iterable[int], alias: str = "l") -> str:
    """SQL CASE of a form ``a`` with its newest review joined as ``alias``."""
    listed = ", ".join(map(str, sorted(changed)))
    return (
        f"CASE WHEN {alias}.uid IS NULL THEN 'waiting' WHEN a.id IN ({listed}) THEN 'changed' "
        f"WHEN {alias}.outcome = 'returned' THEN 'returned' ELSE 'accepted' END"
    )


def accepted_forms(
    connection: Connection, round_: RoundRecord, model: LearningModel, stage: ReviewStage
) -> frozenset[int]:
    """Local keys of the forms that stand as accepted at a stage."""
    rows = all_rows(connection, f"SELECT l.form FROM {latest(round_, model, stage)} AS l WHERE l.outcome = 'accepted'")
    return frozenset(row[0] for row in rows) - changed_forms(connection, round_, model, stage)
