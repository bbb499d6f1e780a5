"""What the journal can be narrowed to: kinds of deeds in people's words, and stretches of time.

Invariant: pure; times are local days, handed on as UTC.
"""

from __future__ import annotations

from datetime import datetime, timedelta

KINDS: tuple[tuple[tuple[str, ...], str], ...] = (
    (("citizen.", "household."), "công dân, hộ"),
    (("hamlet.", "clan.", "organization.", "branch."), "thôn, dòng họ, đơn vị"),
    (("import.",), "nhập khẩu"),
    (("answer.", "assessment.", "evidence.", "registration.", "review.", "round."), "chấm phiếu"),
    (("criteria.",), "bộ tiêu chí"),
    (("recognise", "certificate."), "công nhận"),
    (("package.", "merge.", "conflict.", "device."), "đồng bộ"),
    (("settings.", "user.", "backup.", "register."), "thiết lập, sao lưu"),
    (("citizen.reveal", "citizen.erase", "person."), "xem, xuất dữ liệu cá nhân"),
    (("undo.",), "hoàn tác"),
)
"""Beginnings of kinds → words of the filter."""

MONTHS_BACK = 12
Stretch = tuple[datetime, datetime | None]


def stretches(now: datetime) -> list[tuple[Stretch, str]]:
    """Today, the last days, and the last twelve months by name; ``now`` is local and aware."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    found: list[tuple[Stretch, str]] = [
        ((midnight, None), "hôm nay"),
        ((midnight - timedelta(days=6), None), "7 ngày qua"),
        ((midnight - timedelta(days=29), None), "30 ngày qua"),
    ]
    end: datetime | None = None
    first = midnight.replace(day=1)
    for _ in range(MONTHS_BACK):
        found.append(((first, end), f"tháng {first:%m/%Y}"))
        end, first = first, (first - timedelta(days=1)).replace(day=1)
    return found
