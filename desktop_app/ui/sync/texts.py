"""Words of the exchange page: how counts, times, roles and packages are said."""

from __future__ import annotations

import datetime as dt

from desktop_app.models.types import DeviceRole
from desktop_app.services.safety.sticks import Drive
from desktop_app.services.sync.manifest import Manifest
from desktop_app.services.sync.merge import MergeResult
from desktop_app.services.vietnamese import number_text

ROLE = {
    DeviceRole.OFFICE: "Máy của xã",
    DeviceRole.VOLUNTEER: "Máy cộng tác viên",
    DeviceRole.PROVINCE: "Máy cấp tỉnh",
}
PACKAGE_SUFFIX, DEVICE_SUFFIX = ".sht", ".json"
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


def package_title(manifest: Manifest) -> str:
    """What a package is, by its label."""
    kind = "Gói giao việc" if manifest.is_snapshot else "Gói"
    return f"{kind} số {manifest.number} của {manifest.sender_name}"


def merge_sentence(result: MergeResult) -> str:
    """What taking a package in did, with its counts."""
    parts = [f"đã nhận {number_text(result.applied)} thay đổi"]
    if result.already:
        parts.append(f"{number_text(result.already)} đã có từ trước")
    if result.conflicts:
        parts.append(f"{number_text(result.conflicts)} chỗ khác nhau vào hộp phân xử")
    if result.waiting:
        parts.append(f"{number_text(result.waiting)} còn chờ gói trước đó")
    return f"Gói số {result.number} của {result.sender}: {', '.join(parts)}."


def drive_text(drive: Drive) -> str:
    """A stick and its room: "USB KINGSTON · còn 14,2 GB"."""
    room = f" · còn {size_text(drive.free)}" if drive.free else ""
    return f"USB {drive.name}{room}"


def size_text(size: int) -> str:
    """Bytes as people say them."""
    for unit, least in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if size >= least:
            return f"{number_text(size / least, 1)} {unit}"
    return f"{size} byte"
