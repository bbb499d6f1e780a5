"""What stands in a round before a scoring list comes in, and how its forms are judged afterwards.

Invariant: read only; each question is one statement for the whole list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.models.types import AssessmentStatus, LearningModel, LifeStatus
from desktop_app.services.raw import all_rows


@dataclass(frozen=True, slots=True)
class Judged:
    """How a form stands: `total` is None for checklists; `passed` is None while it is not answered whole."""

    total: float | None
    is_complete: bool
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Standing:
    """The forms of one model in a round, by local key of their subject.

    Args:
        forms: local key of the form; sets: of the set it was begun with; recognised: subjects with a frozen form.
    """

    forms: Mapping[int, int]
    sets: Mapping[int, int]
    recognised: frozenset[int] = field(default=frozenset())

    def is_recognised(self, subject: int) -> bool:
        """Whether a subject's form is closed to changes."""
        return subject in self.recognised

    def answers_of(self, connection: Connection, subject: int) -> dict[str, float]:
        """The answers that stand in a subject's form."""
        rows = all_rows(
            connection,
            "SELECT indicator, value FROM answer WHERE assessment_id = ? AND present AND value IS NOT NULL",
            (self.forms[subject],),
        )
        return dict(rows)


def standing_forms(connection: Connection, round_id: int, model: LearningModel) -> Standing:
    """Read the present forms of a model in a round."""
    rows = all_rows(
        connection,
        "SELECT subject_id, id, criteria_set_id, frozen IS NOT NULL OR status = ? FROM assessment "
        "WHERE assessment_round_id = ? AND model = ? AND present",
        (AssessmentStatus.RECOGNISED.value, round_id, model.value),
    )
    return Standing(
        {row[0]: row[1] for row in rows},
        {row[0]: row[2] for row in rows if row[2] is not None},
        frozenset(row[0] for row in rows if row[3]),
    )


def people_gone(connection: Connection) -> dict[int, str]:
    """Who is dead or moved away, with the word for it."""
    words = {LifeStatus.DEAD.value: "đã mất", LifeStatus.MOVED.value: "đã chuyển đi"}
    rows = all_rows(
        connection, "SELECT id, life_status FROM citizen WHERE present AND life_status IN ('dead', 'moved')", ()
    )
    return {row_id: words[status] for row_id, status in rows}


def judged_forms(
    connection: Connection, round_id: int, model: LearningModel, subjects: Sequence[int]
) -> dict[int, Judged]:
    """How the forms of some subjects stand now."""
    rows = all_rows(
        connection,
        "SELECT subject_id, total, is_complete, passed FROM assessment WHERE assessment_round_id = ? AND model = ? "
        "AND present AND subject_id IN (SELECT value FROM json_each(?))",
        (round_id, model.value, json.dumps(list(subjects))),
    )
    return {
        row[0]: Judged(row[1], bool(row[2]), bool(row[3]) if row[2] and row[3] is not None else None) for row in rows
    }
