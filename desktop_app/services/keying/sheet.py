"""A batch read as a grid: its rows in the order of the stack, with what is stored, in a few statements.

Invariant: nothing is judged here; verdicts are made for the rows that are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.answers import is_too_young
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE, count_facts
from desktop_app.services.assessment.judging import judge_for
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import SOURCES
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FactValue
from desktop_app.services.criteria.office import office_set
from desktop_app.services.keying.batches import find_batch
from desktop_app.services.keying.records import BatchRecord, KeyedRow, Sheet
from desktop_app.services.paper.codes import form_code, grouped
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import PartialDate


def read_sheet(context: Context, batch_uid: Uid) -> Sheet:
    """A batch with its rows; raises UserError ``batch.unknown``."""
    with context.read() as connection:
        return read_sheet_in(connection, batch_uid)


def read_sheet_in(connection: Connection, batch_uid: Uid) -> Sheet:
    """The same within a transaction."""
    batch = find_batch(connection, batch_uid)
    definition = office_set(connection, batch.set_uid).definition
    return Sheet(batch, definition, read_rows(connection, batch, definition))


def read_rows(
    connection: Connection, batch: BatchRecord, definition: CriteriaSet, subject: Uid | None = None
) -> tuple[KeyedRow, ...]:
    """The rows of a batch, or only one subject's."""
    model = batch.cover.model
    round_ = round_of(connection, batch.year)
    only = "AND a.subject = ?" if subject is not None else ""
    values = (bytes.fromhex(batch.uid), *((bytes.fromhex(subject),) if subject is not None else ()))
    own = "s.birth, s.life_status" if model is LearningModel.CITIZEN else "NULL, NULL"
    source = SOURCES[model]
    found = all_rows(
        connection,
        f"SELECT a.id, a.subject, a.batch_order, {source.name}, {source.detail}, {own}, s.id, a.status, "
        f"a.criteria_set_id = b.criteria_set_id, a.total, a.frozen IS NOT NULL, s.present FROM batch b "
        f"JOIN assessment a ON a.batch_id = b.id AND a.present JOIN {subject_table(model)} s ON s.uid = a.subject "
        f"{source.joins} WHERE b.uid = ? {only} ORDER BY a.batch_order, a.id",
        values,
    )
    answers = read_answers(connection, [row[0] for row in found])
    facts = _facts(connection, round_, definition, [row[7] for row in found])
    return tuple(_row(row, model, round_, definition, answers.get(row[0], {}), facts) for row in found)


def _row(
    row: tuple[Any, ...],
    model: LearningModel,
    round_: RoundRecord,
    definition: CriteriaSet,
    answers: Mapping[str, float],
    facts: Mapping[int, Mapping[str, FactValue]],
) -> KeyedRow:
    _, subject, order, name, detail, birth, life, subject_id, status, is_same_set, total, is_frozen, is_there = row
    uid = subject.hex()
    is_young = model is LearningModel.CITIZEN and is_too_young(birth, round_)
    return KeyedRow(
        subject=uid,
        order=order or 0,
        code=grouped(form_code(uid)),
        name=name or "(chưa có tên)",
        birth=PartialDate.from_iso(birth).text() if birth else "",
        detail=_detail(model, detail),
        values={code: value for code, value in answers.items() if code in definition.by_code},
        facts=facts.get(subject_id, {}),
        locked=_locked(status, life, is_young=is_young, is_same_set=bool(is_same_set), is_frozen=bool(is_frozen))
        if is_there
        else "Mục này không còn trong sổ (đã xóa hoặc đã gộp) nên không ghi thêm; hãy bỏ dòng này khỏi tập (F8).",
        total=total,
    )


def _locked(status: str | None, life: str | None, *, is_young: bool, is_same_set: bool, is_frozen: bool) -> str:
    """Why a row takes no answers, in one sentence."""
    if is_frozen or status == "recognised":
        return "Phiếu này đã được công nhận nên không sửa điểm ở đây; muốn sửa phải hủy giấy công nhận trước."
    if life in _GONE:
        return f"Người này {_GONE[life]} nên không ghi thêm vào phiếu; những gì đã ghi vẫn giữ nguyên."
    if is_young:
        return f"Người này chưa đủ {DEFAULT_MIN_AGE} tuổi trong đợt này nên không ghi vào phiếu."
    if not is_same_set:
        return "Phiếu này đang chấm theo bộ tiêu chí khác với tập; hãy bỏ khỏi tập, hoặc sửa ở phiếu đầy đủ."
    return ""


_GONE = {"dead": "đã mất", "moved": "đã chuyển đi nơi khác"}


def _detail(model: LearningModel, detail: str | None) -> str:
    if not detail:
        return ""
    return f"hộ {detail}" if model in (LearningModel.CITIZEN, LearningModel.FAMILY) else detail


def _facts(
    connection: Connection, round_: RoundRecord, definition: CriteriaSet, subjects: list[int]
) -> Mapping[int, Mapping[str, FactValue]]:
    asked = judge_for(definition).asked
    if not asked or not subjects:
        return {}
    return count_facts(connection, round_, asked, subjects)
