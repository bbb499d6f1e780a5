"""What was done to a record: who, when, which fields before and after; shared by panels and the journal's page.

Invariant: sentences and values come from the journal's service, masked there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from desktop_app.models.records import OperationRecord, RecordHistory, RowChange
from desktop_app.ui.registry.record_panel import RecordPanel
from desktop_app.ui.registry.row_list import RowItem
from desktop_app.ui.widgets.painting import ChipData

SHOWN = 6


def when_text(at: datetime, now: datetime | None = None) -> str:
    """Local time as people read it: "14:20" today, "12/11 14:20" this year, "12/11/2025 14:20" else."""
    local, today = at.astimezone(), (now or datetime.now()).date()
    if local.date() == today:
        return f"hôm nay {local:%H:%M}"
    return f"{local:%d/%m %H:%M}" if local.year == today.year else f"{local:%d/%m/%Y %H:%M}"


def change_lines(change: RowChange) -> list[str]:
    """Each field in words: "Nghề nghiệp: Nông dân → Buôn bán"."""
    if change.is_erased:
        return ["Giá trị đã xóa theo yêu cầu của người dân."]
    lines = []
    for field in change.fields:
        if change.is_created or not field.before:
            lines.append(f"{field.label}: {field.after or '(trống)'}")
        else:
            lines.append(f"{field.label}: {field.before} → {field.after or '(trống)'}")
    return lines


def state_chip(operation: OperationRecord) -> ChipData | None:
    """What became of a deed; None for one that simply stands."""
    if operation.undone_by is not None:
        return ChipData("Đã hoàn tác", "neutral", "undo-2")
    if operation.is_waiting:
        return ChipData("Đang chờ", "attention", "hourglass")
    if operation.is_open:
        return ChipData("Đang làm", "accent", "pen-line")
    return None


def add_history(
    panel: RecordPanel, context: Any, table: str, uid: str, open_link: Callable[[str, str], object]
) -> None:
    """The last deeds that touched the record; Enter on one opens it in the journal."""
    from desktop_app.services import history

    found = history.record_history(context, table, uid, limit=SHOWN)
    if not found:
        return
    panel.add_heading("Lịch sử")
    rows = panel.add_rows("Lịch sử", [history_row(item) for item in found])
    rows.opened.connect(lambda key: open_link("journal", key))


def history_row(item: RecordHistory) -> RowItem:
    """A deed in two lines: what, then who and when with the first field that changed."""
    deed = item.operation
    changed = [line for change in item.changes if not change.is_created for line in change_lines(change)]
    detail = " · ".join(part for part in (when_text(deed.at), deed.user, *changed[:1]) if part)
    return RowItem(deed.id, deed.sentence, detail, state_chip(deed), is_plain=True)
