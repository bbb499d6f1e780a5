"""What a volunteer's package may change by itself, what it may only propose, and what it must not hold at all.

Invariant: settings, rounds, targets, criteria and certificates stay as the office has them until the office decides,
and so do the commune's own reviews, meetings, posted lists, answers to objections and the status that follows from
them; decisions, certificates, the commune's reviews, erasures and settled disagreements are never made by a volunteer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import erase
from desktop_app.models.journal.codec import CREATE, SETTLE, Change
from desktop_app.models.journal.foreign import ForeignChange, ForeignOperation, Reserves, nothing
from desktop_app.models.tables import BY_CODE, SHARED
from desktop_app.models.tables.sync import peer
from desktop_app.models.types import AssessmentStatus, DeviceRole, ReviewOutcome, ReviewStage
from desktop_app.services.errors import UserError
from desktop_app.services.sync.manifest import Manifest

RESERVED = frozenset(
    {"commune", "setting", "assessment_round", "round_set", "target", "criteria_set", "decision", "certificate"}
)
"""A volunteer's change to these goes to the inbox."""

_COMMUNE = (None, ReviewStage.COMMUNE.value)
_OF_A_STAGE = ("review", "meeting", "posting")
"""Tables whose rows of the commune's stage are the office's."""

_ANSWER = frozenset({"outcome", "answer", "answered_by", "answered_on"})
_OFFICE_STATES = frozenset({AssessmentStatus.ACCEPTED.value, AssessmentStatus.RECOGNISED.value})

_ONLY_OFFICE_MAKES = frozenset({"decision", "certificate"})


def reserved_from(connection: Connection, manifest: Manifest, operations: Sequence[ForeignOperation]) -> Reserves:
    """What the sender may only propose to change; nothing for a machine that was introduced as an office.

    Raises:
        UserError: the package holds deeds that only the office does (``package.not_allowed``), or comes from an
            office that was introduced as a volunteer (``package.role_differs``): only a person here gives that trust.
    """
    role = connection.execute(select(peer.c.role).where(peer.c.device == manifest.sender)).scalar()
    if role != DeviceRole.VOLUNTEER:
        return nothing
    if manifest.sender_role is DeviceRole.OFFICE:
        raise UserError(
            f"Gói số {manifest.number} do máy của xã “{manifest.sender_name}” đóng, nhưng ở đây máy đó được giới thiệu "
            "là máy cộng tác viên (tệp giới thiệu xuất trước khi lập sổ); chưa có gì thay đổi. Hãy xuất lại tệp giới "
            "thiệu trên máy đó và nhận lại ở đây, mã 8 chữ số không đổi, rồi nhận gói này.",
            code="package.role_differs",
        )
    if any(_is_commune_review(part) for item in operations for part in item.changes):
        raise UserError(
            f"Gói số {manifest.number} của {manifest.sender_name} có kết quả xã thẩm định, chỉ máy xã được ghi, nên bị "
            "từ chối; chưa có gì thay đổi. Hãy hỏi người dùng máy đó.",
            code="package.commune_review",
        )
    if any(_is_forbidden(item) for item in operations):
        raise UserError(
            f"Gói số {manifest.number} của {manifest.sender_name} có việc chỉ máy xã được làm (quyết định, giấy công "
            "nhận, phân xử hoặc xóa dữ liệu cá nhân) nên bị từ chối; chưa có gì thay đổi. Hãy hỏi người dùng máy đó.",
            code="package.not_allowed",
        )
    return partial(_is_reserved, connection)


def _is_reserved(connection: Connection, table: str, item: Change) -> bool:
    """Whether a volunteer's change to a row waits in the inbox."""
    if table in RESERVED:
        return True
    made = {name: after for name, (_, after) in item.fields().items()}
    if table == "assessment":
        is_frozen = made.get("frozen") is not None if item.action == CREATE else "frozen" in made
        return is_frozen or made.get("status") in _OFFICE_STATES or _lifts_a_return(connection, item)
    if table in _OF_A_STAGE:
        if item.action == CREATE or "stage" in made:
            stage = made.get("stage")
        else:
            stage = _read(connection, f"SELECT stage FROM {table} WHERE uid = ?", item.row)
        return stage == ReviewStage.COMMUNE.value or (stage is None and table == "review")
    if table == "objection":
        is_answered = any(made[name] is not None or item.action != CREATE for name in _ANSWER & made.keys())
        return is_answered and _is_on_communes_list(connection, item, made.get("posting"))
    return False


def _lifts_a_return(connection: Connection, item: Change) -> bool:
    """Whether a form that the commune has returned would count again though nobody mended an answer of it."""
    before, after = item.fields().get("status", (None, None))
    if before != AssessmentStatus.RETURNED or after == before or item.action == CREATE:
        return False
    mended = connection.exec_driver_sql(_MENDED, (item.id, SHARED["answer"].code)).first()
    return mended is None and _read(connection, _NEWEST_OF_COMMUNE, item.row) == ReviewOutcome.RETURNED.value


_MENDED = """
SELECT 1 FROM change AS c JOIN change AS own ON own.operation_id = c.operation_id
WHERE c.id = ? AND own.table_code = ? LIMIT 1"""
_NEWEST_OF_COMMUNE = """
SELECT v.outcome FROM review AS v JOIN assessment AS a ON a.id = v.assessment_id
WHERE a.uid = ? AND v.present AND coalesce(v.stage, 'commune') = 'commune' ORDER BY v.uid DESC LIMIT 1"""


def _is_on_communes_list(connection: Connection, item: Change, posting: str | None) -> bool:
    if posting is not None:
        stage = _read(connection, "SELECT stage FROM posting WHERE uid = ?", bytes.fromhex(posting))
    else:
        query = "SELECT p.stage FROM objection AS b JOIN posting AS p ON p.id = b.posting_id WHERE b.uid = ?"
        stage = _read(connection, query, item.row)
    return bool(stage == ReviewStage.COMMUNE.value)


def _read(connection: Connection, query: str, uid: bytes) -> Any:
    row = connection.exec_driver_sql(query, (uid,)).first()
    return row[0] if row is not None else None


def _is_commune_review(part: ForeignChange) -> bool:
    if part.action != CREATE or BY_CODE[part.table_code].name != "review":
        return False
    return _fields(part).get("stage") in _COMMUNE and bool(part.payload)


def _fields(part: ForeignChange) -> Mapping[str, Any]:
    """Field → what it becomes; empty where the values were erased."""
    return {name: after for name, (_, after) in part.as_change().fields().items()}


def _is_forbidden(item: ForeignOperation) -> bool:
    if item.header.kind == erase.ERASE:
        return True
    return any(
        part.action == SETTLE or (part.action == CREATE and BY_CODE[part.table_code].name in _ONLY_OFFICE_MAKES)
        for part in item.changes
    )
