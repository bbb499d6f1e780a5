"""Assessments and titles for tests of lists: rows as the assessment and recognition services leave them."""

from __future__ import annotations

from sqlalchemy import select, update

from desktop_app.models.tables import SHARED, assessment, natural_uid, recognition
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context


def give_score(
    context: Context,
    subject: Uid,
    total: float,
    *,
    model: LearningModel = LearningModel.CITIZEN,
    passed: bool | None = None,
    is_complete: bool = True,
) -> Uid:
    """An assessment in the newest round whose derived columns say this."""
    table = {LearningModel.CITIZEN: "citizen", LearningModel.FAMILY: "household", LearningModel.CLAN: "clan"}[model]
    with context.operation("answer.form", {"subject": {"table": table, "uid": subject}}) as op:
        rounds = assessment.assessment_round
        row = op.connection.execute(select(rounds.c.id, rounds.c.uid).order_by(rounds.c.year.desc())).first()
        assert row is not None
        uid = natural_uid("assessment", subject, model.value, row.uid)
        made = op.writer.insert(
            assessment.assessment, {"assessment_round_id": row.id, "model": model.value, "subject": subject}, uid=uid
        )
    with context.database.write() as connection:
        key = connection.execute(select(SHARED[table].table.c.id).where(SHARED[table].table.c.uid == subject)).scalar()
        connection.execute(
            update(assessment.assessment)
            .where(assessment.assessment.c.id == made)
            .values(
                subject_id=key, total=total, answered=10 if is_complete else 4, is_complete=is_complete,
                passed=total >= 80 if passed is None else passed,
            )
        )  # fmt: skip
    return uid


def give_title(context: Context, subject: Uid, number: int, *, model: LearningModel, year: int = 2026) -> Uid:
    """A certificate of a decision made for it."""
    with context.operation("recognise", {"count": 1, "model": model.value, "year": year, "number": "12"}) as op:
        round_id = op.connection.execute(select(assessment.assessment_round.c.id)).scalar()
        decision = op.writer.insert(
            recognition.decision, {"assessment_round_id": round_id, "model": model.value, "number": "12/QĐ-UBND"}
        )
        made = op.writer.insert(
            recognition.certificate,
            {
                "decision_id": decision, "model": model.value, "year": year, "subject": subject, "sequence": number,
                "number": f"{number:04d}/{year}", "recipient": "Nguyễn Văn Ước", "birth": "1961",
            },
        )  # fmt: skip
        return op.writer.references.uid("certificate", made)
