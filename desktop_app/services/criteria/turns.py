"""Forms of a round as a trial reads them, and those whose verdict would turn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.assessment.subjects import SOURCES, placed
from desktop_app.services.raw import all_rows


@dataclass(frozen=True, slots=True)
class Turn:
    """One form whose verdict would change.

    Args:
        before, after: total and whether passed, now and by the version that is tried.
        reason: the verdict's sentence by the version that is tried.
        model: whose form it is; another than the version's where a title carries on.
    """

    uid: Uid
    name: str
    hamlet: str
    before: tuple[float, bool]
    after: tuple[float, bool]
    reason: str = ""
    model: LearningModel = LearningModel.CITIZEN


@dataclass(frozen=True, slots=True)
class Form:
    """A form with the figures it has."""

    id: int
    subject_id: int | None
    uid: bytes
    name: str | None
    hamlet: str | None
    total: float | None
    passed: int | None
    is_complete: int | None
    is_frozen: int
    status: str | None


def read_forms(
    connection: Connection, round_: RoundRecord, model: LearningModel, where: str, args: tuple[Any, ...]
) -> list[Form]:
    """Present forms of a round and model by hamlet and name; ``where`` speaks of ``a`` (form) and ``used`` (set)."""
    source = SOURCES[model]
    rows = all_rows(
        connection,
        f"SELECT a.id, s.id, s.uid, {source.name}, v.name, a.total, a.passed, a.is_complete, a.frozen IS NOT NULL, "
        f"a.status FROM assessment a JOIN {subject_table(model)} s ON s.id = a.subject_id "
        f"{placed(source.joins, model, round_)} JOIN criteria_set used ON used.id = a.criteria_set_id "
        f"WHERE a.assessment_round_id = ? AND a.model = ? AND a.present AND s.present AND {where} "
        f"ORDER BY v.sort_key, {source.sort}, s.id",
        (round_.id, model.value, *args),
    )
    return [Form(*row) for row in rows]


def turned(form: Form, model: LearningModel, total: float, passes: bool, reason: str) -> Turn:
    """The turn of a form to the figures that a version gives it."""
    before = (float(form.total or 0), bool(form.passed))
    return Turn(form.uid.hex(), form.name or "", form.hamlet or "", before, (total, passes), reason, model)
