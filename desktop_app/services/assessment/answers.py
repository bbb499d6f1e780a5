"""Saving one answer: one small transaction that makes what is missing (registration, form) and says the verdict.

Invariants: an answer is stored only if it is valid for its indicator, the round is open, the form is not recognised
and the subject can be assessed; else a plain sentence says why and nothing is stored. An answer that was given back
as ``Saved`` is on the disk.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.journal import Writer
from desktop_app.models.tables import assessment as tables
from desktop_app.models.types import (
    AssessmentStatus,
    CitizenGroup,
    LearningModel,
    LifeStatus,
    RegistrationKind,
    RoundStatus,
    Uid,
)
from desktop_app.services.assessment import keys
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE, count_facts
from desktop_app.services.assessment.judging import judge_for
from desktop_app.services.assessment.rounds import RoundRecord, require_open, require_registering, round_of
from desktop_app.services.assessment.scoring import NO_FACTS, Verdict, evaluate, validate_answer
from desktop_app.services.assessment.verdict import sentence, short_verdict
from desktop_app.services.context import Context, subject_of
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FactValue
from desktop_app.services.criteria.office import OfficeSet, set_by_id, set_in_use
from desktop_app.services.criteria.round_sets import require_taking_part
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.vietnamese import PartialDate


@dataclass(frozen=True, slots=True)
class Saved:
    """What an answer changed.

    Args:
        saved_at: local time of the commit, for "Đã lưu 14:32:05".
        answered: how many indicators are answered now.
    """

    verdict: Verdict
    sentence: str
    short: str
    total: float
    answered: int
    saved_at: dt.datetime


@dataclass(slots=True)
class OpenForm:
    """A form as the writing transaction sees it; local keys, never given to the ui.

    Args:
        assessment_id: None until the form is made.
        answers: indicator → (row's key, value or None, present).
        is_too_young: a citizen who has not reached the age of assessing on the round's counting day; an unknown birth
            is not too young.
        ended_on: since when a family or unit is no more (ISO), where it ended by the round's counting day.
    """

    round: RoundRecord
    model: LearningModel
    subject: Uid
    subject_id: int
    used: OfficeSet
    has_registration: bool
    assessment_id: int | None
    status: AssessmentStatus
    is_frozen: bool
    answers: dict[str, tuple[int, float | None, bool]]
    life: LifeStatus | None = None
    is_too_young: bool = False
    ended_on: str = ""

    @property
    def is_recognised(self) -> bool:
        """Whether the form stands under a recognition, which closes it to changes."""
        return self.is_frozen or self.status is AssessmentStatus.RECOGNISED

    @property
    def values(self) -> dict[str, float]:
        """The answers that stand."""
        return {
            code: value for code, (_, value, is_present) in self.answers.items() if is_present and value is not None
        }


def answer(
    context: Context,
    model: LearningModel,
    subject_uid: Uid,
    year: int,
    indicator: str,
    value: float | bool | None,
    *,
    facts: Mapping[str, FactValue] | None = None,
) -> Saved:
    """Save one answer, or take it back with None; all answers of one sitting at a form are one operation.

    Args:
        value: points; a percentage; True or False (1 or 0) for met or not.
        facts: shares that the open form has counted already, so that they are not counted again for the sentence.

    Raises:
        UserError: ``answer.out_of_range``, ``answer.wrong_step``, ``answer.not_number``, ``answer.not_yes_no``,
            ``answer.unknown_indicator``, ``answer.recognised``, ``answer.too_young``, ``round.closed``,
            ``round.closing`` (nobody registered is registered any more), ``round.unknown``, ``subject.unknown``,
            ``subject.gone``; nothing is stored then.
    """
    arguments = {"subject": subject_of(keys.subject_table(model), subject_uid), "model": model.value, "year": year}
    with context.sitting("answer.form", arguments) as op:
        form = load_form(op.connection, model, subject_uid, year)
        require_writable(form)
        stored = checked_value(form.used.definition, indicator, value)
        put_answer(op.writer, form, indicator, stored)
        known = facts if facts is not None else _facts(op.connection, form)
    return _saved(context, form.used.definition, form.values, known)


def clear_answer(context: Context, model: LearningModel, subject_uid: Uid, year: int, indicator: str) -> Saved:
    """Take one answer back."""
    return answer(context, model, subject_uid, year, indicator, None)


def clear_form(context: Context, model: LearningModel, subject_uid: Uid, year: int) -> None:
    """Empty a whole form (undoable); its evidence stays.

    Raises:
        UserError: ``answer.recognised``, ``answer.too_young``, ``round.closed``, ``subject.gone``.
    """
    arguments = {"subject": subject_of(keys.subject_table(model), subject_uid), "model": model.value, "year": year}
    with context.operation("assessment.clear", arguments) as op:
        form = load_form(op.connection, model, subject_uid, year)
        require_writable(form)
        standing = {row_id: {"value": None} for row_id, value, _ in form.answers.values() if value is not None}
        if standing and form.assessment_id is not None:
            op.writer.update_many(tables.answer, standing)
            op.writer.update(tables.assessment, form.assessment_id, {"status": AssessmentStatus.DRAFT.value})


def leave_form(context: Context) -> None:
    """The form is left: its answers become one closed operation of the journal."""
    context.journal.seal_open()


# -- shared with evidence, imports and reviews -------------------------------------------------------------------


def load_form(connection: Connection, model: LearningModel, subject_uid: Uid, year: int) -> OpenForm:
    """Everything that writing an answer needs, in few statements.

    Raises:
        UserError: ``round.unknown``, ``subject.unknown``, ``criteria.none_in_use``.
    """
    is_citizen = model is LearningModel.CITIZEN
    own = "s.life_status, s.citizen_group, s.occupation, s.birth, NULL"
    life = own if is_citizen else "NULL, NULL, NULL, NULL, s.valid_to"
    form_uid = bytes.fromhex(keys.assessment_uid(year, model, subject_uid))
    row = one_row(
        connection,
        "SELECT s.id, s.present, g.present, a.id, a.present, a.status, a.frozen IS NOT NULL, a.criteria_set_id, "
        f"{life} "
        f"FROM {keys.subject_table(model)} s LEFT JOIN registration g ON g.uid = ? "
        "LEFT JOIN assessment a ON a.uid = ? WHERE s.uid = ?",
        (bytes.fromhex(keys.registration_uid(year, model, subject_uid)), form_uid, bytes.fromhex(subject_uid)),
    )
    round_ = round_of(connection, year)
    if row is None or not row[1]:
        from desktop_app.services.assessment.subjects import unknown_subject

        raise unknown_subject()
    exists = row[3] is not None and bool(row[4])
    rows: Any = ()
    if row[3] is not None:
        rows = all_rows(
            connection, "SELECT indicator, id, value, present FROM answer WHERE assessment_id = ?", (row[3],)
        )
    answers = {code: (row_id, value, bool(is_present)) for code, row_id, value, is_present in rows}
    return OpenForm(
        round=round_,
        model=model,
        subject=subject_uid,
        subject_id=row[0],
        used=_used_set(connection, model, row, round_) if not (exists and row[7]) else set_by_id(connection, row[7]),
        has_registration=bool(row[2]),
        assessment_id=row[3] if exists else None,
        status=AssessmentStatus(row[5]) if exists and row[5] else AssessmentStatus.DRAFT,
        is_frozen=exists and bool(row[6]),
        answers=answers,
        life=LifeStatus(row[8]) if row[8] else None,
        is_too_young=is_too_young(row[11], round_),
        ended_on=row[12] if row[12] and row[12] <= round_.counted_on else "",
    )


def require_writable(form: OpenForm) -> None:
    """Refuse changes of a closed round, of a recognised form, or of somebody dead, moved away or too young, or of a
    family or unit that has ended; while a round is closing, also a form of somebody who did not register before."""
    require_open(form.round)
    if form.assessment_id is None and not form.has_registration:
        require_registering(form.round)
    if form.is_recognised:
        raise UserError(
            "Phiếu này đã được công nhận nên không sửa điểm được; điểm và kết quả vẫn giữ nguyên. "
            "Muốn sửa, phải hủy giấy công nhận kèm lý do trước.",
            code="answer.recognised",
        )
    if form.life in _GONE:
        raise UserError(
            f"Người này {_GONE[form.life]} nên không ghi thêm vào phiếu; những gì đã ghi vẫn giữ nguyên. "
            "Nếu tình trạng ghi nhầm, hãy sửa ở trang Công dân trước.",
            code="subject.gone",
        )
    if form.ended_on:
        raise UserError(
            f"{_ENDED[form.model]} này trong sổ đã ngừng từ {PartialDate.from_iso(form.ended_on).text()} (chuyển đi, "
            "nhập vào nơi khác hoặc giải thể) nên không ghi thêm vào phiếu; những gì đã ghi vẫn giữ nguyên. Nếu ghi "
            "nhầm, hãy sửa trong sổ trước.",
            code="subject.gone",
        )
    if form.is_too_young:
        raise UserError(
            f"Người này chưa đủ {DEFAULT_MIN_AGE} tuổi trong đợt này nên không ghi vào phiếu; những gì đã ghi vẫn giữ "
            "nguyên. Nếu ngày sinh ghi nhầm, hãy sửa ở trang Công dân trước.",
            code="answer.too_young",
        )


def is_too_young(birth: str | None, round_: RoundRecord) -> bool:
    """Whether a birth (ISO, perhaps a year alone) is too late to be assessed in the round."""
    return bool(birth) and str(birth) > round_.born_by(DEFAULT_MIN_AGE)


_ENDED = {
    LearningModel.FAMILY: "Hộ",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn, tổ",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã",
}
_GONE = {LifeStatus.DEAD: "đã mất", LifeStatus.MOVED: "đã chuyển đi nơi khác"}


def checked_value(definition: CriteriaSet, indicator: str, value: float | bool | None) -> float | None:
    """The value as it is stored; raises UserError with the sentence of what is wrong with it."""
    found = definition.by_code.get(indicator)
    if found is None:
        raise UserError(
            f"Bộ tiêu chí của phiếu này không có {definition.indicator_word} {indicator}; chưa lưu câu trả lời nào.",
            code="answer.unknown_indicator",
        )
    if value is None:
        return None
    problem = validate_answer(found, value)
    if problem is not None:
        raise UserError(f"{problem.message} Chưa lưu ô này; các ô khác vẫn giữ nguyên.", code=problem.code)
    return int(value) if value == int(value) else float(value)


def ensure_form(writer: Writer, form: OpenForm) -> int:
    """Make the registration and the form where they are missing; returns the form's key."""
    if form.assessment_id is None:
        require_taking_part(writer.connection, form.round.id, form.model, form.used.definition.group)
    if not form.has_registration and form.round.status is not RoundStatus.CLOSING:
        add_registration(writer, form.round, form.model, form.subject)
        form.has_registration = True
    if form.assessment_id is None:
        uid = keys.assessment_uid(form.round.year, form.model, form.subject)
        values = {
            "assessment_round_id": form.round.id,
            "model": form.model.value,
            "subject": form.subject,
            "criteria_set_id": form.used.id,
        }
        writer.references.learn("assessment_round", form.round.id, form.round.uid)
        writer.references.learn("criteria_set", form.used.id, form.used.uid)
        form.assessment_id = writer.insert(tables.assessment, values, uid=uid)
    return form.assessment_id


def put_answer(writer: Writer, form: OpenForm, indicator: str, value: float | None) -> bool:
    """Write one checked answer; returns whether anything changed."""
    known = form.answers.get(indicator)
    standing = known[1] if known is not None and known[2] else None
    if standing == value:
        return False
    form_id = ensure_form(writer, form)
    if known is not None:
        row_id = known[0]
        writer.update(tables.answer, row_id, {"value": value} if known[2] else {"value": value, "present": True})
    else:
        uid = keys.assessment_uid(form.round.year, form.model, form.subject)
        writer.references.learn("assessment", form_id, uid)
        row = {"assessment_id": form_id, "indicator": indicator, "value": value}
        row_id = writer.insert(tables.answer, row, uid=keys.answer_uid(uid, indicator))
    form.answers[indicator] = (row_id, value, True)
    if form.status is not AssessmentStatus.DRAFT:
        writer.update(tables.assessment, form_id, {"status": AssessmentStatus.DRAFT.value})
        form.status = AssessmentStatus.DRAFT
    return True


def add_registration(writer: Writer, round_: RoundRecord, model: LearningModel, subject: Uid) -> None:
    """Register one subject as new or renewed, decided by last year's title."""
    from desktop_app.services.assessment.registration import held_last_year

    held = held_last_year(writer.connection, round_, model, subject)
    writer.references.learn("assessment_round", round_.id, round_.uid)
    values = {
        "assessment_round_id": round_.id,
        "model": model.value,
        "subject": subject,
        "kind": (RegistrationKind.RENEWAL if held else RegistrationKind.NEW).value,
    }
    writer.insert(tables.registration, values, uid=keys.registration_uid(round_.year, model, subject))


# -- inside ------------------------------------------------------------------------------------------------------


def _used_set(connection: Connection, model: LearningModel, row: Any, round_: RoundRecord) -> OfficeSet:
    if model is not LearningModel.CITIZEN:
        return set_in_use(connection, model, round_id=round_.id)
    from desktop_app.services.assessment.groups import proposed_group

    group, occupation, birth = row[9:12]
    chosen = CitizenGroup(group) if group else proposed_group(occupation, birth, round_)
    return set_in_use(connection, model, chosen, round_id=round_.id)


def _facts(connection: Connection, form: OpenForm) -> Mapping[str, FactValue]:
    asked = judge_for(form.used.definition).asked
    if not asked:
        return NO_FACTS
    return count_facts(connection, form.round, asked, [form.subject_id])[form.subject_id]


def _saved(
    context: Context, definition: CriteriaSet, values: Mapping[str, float], facts: Mapping[str, FactValue]
) -> Saved:
    verdict = evaluate(definition, values, facts)
    at = dt.datetime.fromtimestamp(context.journal.clock() / 1000)
    return Saved(
        verdict, sentence(definition, verdict), short_verdict(definition, verdict), verdict.total, len(values), at
    )
