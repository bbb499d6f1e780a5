"""What a volunteer's package may change by itself, what it may only propose, and what it must not hold at all.

Invariant: settings, rounds, targets, criteria and certificates stay as the office has them until the office decides;
decisions, certificates, erasures and settled disagreements are never made by a volunteer.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import erase
from desktop_app.models.journal.codec import CREATE, SETTLE
from desktop_app.models.journal.foreign import ForeignOperation
from desktop_app.models.tables import BY_CODE
from desktop_app.models.tables.sync import peer
from desktop_app.models.types import DeviceRole
from desktop_app.services.errors import UserError
from desktop_app.services.sync.manifest import Manifest

RESERVED = frozenset(
    {"commune", "setting", "assessment_round", "round_set", "target", "criteria_set", "decision", "certificate"}
)
"""A volunteer's change to these goes to the inbox."""

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
    if any(_is_forbidden(item) for item in operations):
        raise UserError(
            f"Gói số {manifest.number} của {manifest.sender_name} có việc chỉ máy xã được làm (quyết định, giấy công "
            "nhận, phân xử hoặc xóa dữ liệu cá nhân) nên bị từ chối; chưa có gì thay đổi. Hãy hỏi người dùng máy đó.",
            code="package.not_allowed",
        )
    return RESERVED


def _is_forbidden(item: ForeignOperation) -> bool:
    if item.header.kind == erase.ERASE:
        return True
    return any(
        part.action == SETTLE or (part.action == CREATE and BY_CODE[part.table_code].name in _ONLY_OFFICE_MAKES)
        for part in item.changes
    )
