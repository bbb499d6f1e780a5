"""What waits for a person: half-filled forms, those not begun, titles to be given, disagreements, old backups.

Invariant: counts come from the services that own them; every line names the place where it is dealt with.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from desktop_app.models.types import DeviceRole, LearningModel
from desktop_app.services.assessment.overview import Overview
from desktop_app.services.assessment.subjects import UNITS
from desktop_app.services.assessment.worklist import WorkFilter, WorkStatus
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import sets_in_use
from desktop_app.services.safety.backup import newest_backup
from desktop_app.services.sync.status import exchange_state
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.target import ListTarget, WorkTarget

BACKUP_DAYS = 1
"""A backup older than so many days is called old."""

MOST_NAMED = 3


@dataclass(frozen=True)
class Waiting:
    """One line.

    Args:
        icon, tone: Lucide name and a tone of the theme.
        text, detail: what waits, and where or of what.
        page_key, target: the place where it is dealt with.
    """

    icon: str
    tone: str
    text: str
    detail: str
    page_key: str
    target: object = None


def read_waiting(context: Context, overview: Overview, now: dt.datetime) -> list[Waiting]:
    """Everything that waits, the most pressing first."""
    lines = [
        *_conflicts(context),
        *_objections(context, overview),
        *_forms(overview, WorkStatus.RETURNED),
        *_forms(overview, WorkStatus.IN_PROGRESS),
        *_recognition(context, overview),
        *_forms(overview, WorkStatus.NOT_STARTED),
        *_confirmation(context),
        *_backup(context, now),
    ]
    return sorted(lines, key=lambda line: line.tone != "failed")


def waiting_forms(overview: Overview) -> int:
    """Forms that are begun and not whole, or were sent back: the count beside Đánh giá."""
    return sum(line.tally.started - line.tally.assessed + line.tally.returned for line in overview.models)


_FORMS = {
    WorkStatus.RETURNED: ("undo-2", "attention", "phiếu bị trả lại"),
    WorkStatus.IN_PROGRESS: ("layers", "accent", "phiếu đang chấm dở"),
    WorkStatus.NOT_STARTED: ("clipboard-check", "quiet", "phiếu chưa chấm"),
}


def _forms(overview: Overview, status: WorkStatus) -> list[Waiting]:
    counts: dict[LearningModel, int] = {}
    for line in overview.models:
        tally = line.tally
        counts[line.model] = {
            WorkStatus.RETURNED: tally.returned,
            WorkStatus.IN_PROGRESS: tally.started - tally.assessed,
            WorkStatus.NOT_STARTED: tally.eligible - tally.started,
        }[status]
    whole = sum(counts.values())
    if not whole:
        return []
    icon, tone, words = _FORMS[status]
    most = max(counts, key=lambda model: counts[model])
    detail = " · ".join(f"{number_text(count)} {UNITS[model]}" for model, count in counts.items() if count)
    target = ListTarget(most, WorkFilter(status=status))
    return [Waiting(icon, tone, f"{number_text(whole)} {words}", detail, "assessment", target)]


def _objections(context: Context, overview: Overview) -> list[Waiting]:
    from desktop_app.services.assessment.review.objections import open_objections

    count = open_objections(context, overview.year)
    if not count:
        return []
    text = f"{number_text(count)} ý kiến chưa trả lời"
    detail = "Người được nói tới chưa được công nhận cho đến khi trả lời"
    return [Waiting("gavel", "attention", text, detail, "assessment", WorkTarget("assessment.posting"))]


def _recognition(context: Context, overview: Overview) -> list[Waiting]:
    if context.role is not DeviceRole.OFFICE:
        return []
    from desktop_app.services.recognition.overview import model_counts

    counts = {model: counted.ready for model, counted in model_counts(context, overview.year).items()}
    whole = sum(counts.values())
    if not whole:
        return []
    detail = " · ".join(f"{number_text(count)} {UNITS[model]}" for model, count in counts.items() if count)
    return [Waiting("award", "accent", f"{number_text(whole)} danh hiệu chờ công nhận", detail, "recognition")]


def _confirmation(context: Context) -> list[Waiting]:
    waiting = [item for item in sets_in_use(context) if item.is_in_use and not item.is_confirmed]
    if not waiting:
        return []
    names = [item.definition.title for item in waiting]
    detail = " · ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
    text = f"{len(waiting)} bộ tiêu chí gợi ý chờ cơ quan xác nhận"
    return [Waiting("gavel", "attention", text, detail, "settings", "criteria")]


def _conflicts(context: Context) -> list[Waiting]:
    state = exchange_state(context, packages=0)
    lines = []
    if state.conflicts:
        text = f"{number_text(state.conflicts)} chỗ khác nhau giữa hai máy"
        lines.append(Waiting("git-compare-arrows", "failed", text, "Hộp xung đột, chờ chọn giá trị đúng", "sync"))
    if state.unsent:
        names = [item.peer.card.name for item in state.peers if item.unsent]
        detail = "Chưa có biên nhận của " + ", ".join(names[:MOST_NAMED])
        lines.append(Waiting("package", "accent", f"{number_text(state.unsent)} thay đổi chưa gửi", detail, "sync"))
    return lines


def _backup(context: Context, now: dt.datetime) -> list[Waiting]:
    newest = newest_backup(context.folder)
    if newest is None:
        text, detail = "Chưa có bản sao lưu nào", "Nên sao lưu ngay, rồi chép thêm vào USB"
    else:
        days = (now.date() - newest.made_at.date()).days
        if days <= BACKUP_DAYS:
            return []
        text, detail = f"Bản sao lưu gần nhất đã {days} ngày", f"Sao lưu lúc {newest.made_at:%H:%M ngày %d/%m/%Y}"
    return [Waiting("database-backup", "attention", text, detail, "settings", "backup")]
