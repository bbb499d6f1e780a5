"""Words of the exchange page: how counts, times and roles are said."""

from __future__ import annotations

import datetime as dt

from desktop_app.models.types import DeviceRole
from desktop_app.services.sync.merge import MergeResult
from desktop_app.services.vietnamese import number_text

ROLE = {
    DeviceRole.OFFICE: "Máy của xã",
    DeviceRole.VOLUNTEER: "Máy cộng tác viên",
    DeviceRole.PROVINCE: "Máy cấp tỉnh",
}
PACKAGE_FILES = "Gói đồng bộ (*.sht);;Mọi tệp (*)"
DEVICE_FILES = "Tệp giới thiệu máy (*.json);;Mọi tệp (*)"


def moment(milliseconds: int | None) -> str:
    """Local time of an instant, "12/11/2026 14:32"; "chưa lần nào" for None."""
    if milliseconds is None:
        return "chưa lần nào"
    return dt.datetime.fromtimestamp(milliseconds / 1000).strftime("%d/%m/%Y %H:%M")


def spaced_code(code: str) -> str:
    """Eight digits in two groups, as they are read aloud."""
    return f"{code[:4]} {code[4:]}"


def merge_sentence(result: MergeResult, *, is_preview: bool) -> str:
    """What taking a package in will do, or did, with its counts."""
    parts = [f"{number_text(result.applied)} thao tác {'sẽ được nhận' if is_preview else 'đã nhận'}"]
    if result.already:
        parts.append(f"{number_text(result.already)} đã có từ trước")
    if result.conflicts:
        parts.append(f"{number_text(result.conflicts)} chỗ khác nhau vào hộp xung đột")
    if result.waiting:
        parts.append(f"{number_text(result.waiting)} còn chờ gói trước")
    return f"Gói số {result.number} của {result.sender}: {', '.join(parts)}."
