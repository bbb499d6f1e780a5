"""What a volunteer's package may change by itself, what it may only propose, and what it must not hold at all.

Invariant: settings, rounds, targets, criteria and certificates stay as the office has them until the office decides;
decisions, certificates, the commune's reviews, erasures and settled disagreements are never made by a volunteer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import erase
from desktop_app.models.journal.codec import CREATE, SETTLE
from desktop_app.models.journal.foreign import ForeignChange, ForeignOperation
from desktop_app.models.tables import BY_CODE
from desktop_app.models.tables.sync import peer
from desktop_app.models.tables.system import setting
from desktop_app.models.types import DeviceRole, ReviewStage
from desktop_app.services.errors import UserError
from desktop_app.services.sync.manifest import Manifest

RESERVED = frozenset(
    {"commune", "setting", "assessment_round", "round_set", "target", "criteria_set", "decision", "certificate"}
)
"""A volunteer's change to these goes to the inbox."""

_OWN_SETTINGS = "meeting:"
"""Settings whose keys begin so (the minutes of a hamlet's meeting) are a volunteer's own to write."""

_ONLY_OFFICE_MAKES = frozenset({"decision", "certificate"})


def reserved_from(
    connection: Connection, manifest: Manifest, operations: Sequence[ForeignOperation]
) -> Collection[str]:
    """Tables that the sender may only propose to change; none for a machine that was introduced as an office.

    Raises:
        UserError: the package holds deeds that only the office does (``package.not_allowed``), or comes from an
            office that was introduced as a volunteer (``package.role_differs``): only a person here gives that trust.
    """
    role = connection.execute(select(peer.c.role).where(peer.c.device == manifest.sender)).scalar()
    if role != DeviceRole.VOLUNTEER:
        return frozenset()
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
    return RESERVED if _has_reserved_setting(connection, operations) else RESERVED - {"setting"}


def _has_reserved_setting(connection: Connection, operations: Sequence[ForeignOperation]) -> bool:
    """Whether any setting is changed that is not the volunteer's own to write."""
    parts = [part for item in operations for part in item.changes if BY_CODE[part.table_code].name == "setting"]
    made = {part.row: str(_fields(part).get("key") or "") for part in parts if part.action == CREATE}
    for part in parts:
        key = made.get(part.row)
        if key is None:
            key = connection.execute(select(setting.c.key).where(setting.c.uid == part.row.hex())).scalar() or ""
        if not key.startswith(_OWN_SETTINGS) or ("key" in _fields(part) and part.action != CREATE):
            return True
    return False


def _is_commune_review(part: ForeignChange) -> bool:
    if part.action != CREATE or BY_CODE[part.table_code].name != "review":
        return False
    return _fields(part).get("stage") in (None, ReviewStage.COMMUNE.value) and bool(part.payload)


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
