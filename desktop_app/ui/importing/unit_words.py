"""Words about clans, organizations, branches and hamlets of a list: what becomes of each, and what changes of it.

Invariant: every change says the present value and the new one; what was empty is only said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from desktop_app.models.types import OrganizationKind
from desktop_app.services.importing.kinds import ListKind
from desktop_app.services.importing.planning.planned import WRITTEN, ImportPlan, RowFate
from desktop_app.services.importing.preview import Severity
from desktop_app.services.importing.units.rows import UnitPlan
from desktop_app.services.registry.words import ORGANIZATION_KIND
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.importing.words import FATES, SHORT

KINDS: Mapping[ListKind, str] = {
    ListKind.CLANS: "dòng họ",
    ListKind.ORGANIZATIONS: "đơn vị",
    ListKind.BRANCHES: "chi hội",
    ListKind.HAMLETS: "thôn",
}
"""What a row of such a list is called."""
PAGES: Mapping[ListKind, tuple[str, str]] = {
    ListKind.CLANS: ("clans", "Xem dòng họ"),
    ListKind.ORGANIZATIONS: ("organizations", "Xem đơn vị"),
    ListKind.BRANCHES: ("hamlets", "Xem thôn, tổ"),
    ListKind.HAMLETS: ("hamlets", "Xem thôn, tổ"),
}
"""Where what came in is seen: the page's key, and what the button says; branches are opened from the hamlets."""
FIELD_WORDS: Mapping[str, str] = {
    "name": "tên", "code": "mã", "kind": "loại", "hamlet": "thôn", "address": "địa chỉ", "organization": "thuộc đơn vị",
    "leader": "người phụ trách", "phone": "điện thoại", "note": "ghi chú",
    "former_title": "danh hiệu năm trước",
}  # fmt: skip
_LEADERS: Mapping[ListKind, str] = {
    ListKind.CLANS: "trưởng họ", ListKind.BRANCHES: "chi hội trưởng", ListKind.HAMLETS: "trưởng thôn",
}  # fmt: skip


def kind_word(item: UnitPlan) -> str:
    """What the row is about: "Dòng họ"."""
    word = KINDS[item.row.kind]
    return word[:1].upper() + word[1:]


def field_word(kind: ListKind, name: str) -> str:
    """How a column is named of a unit of that kind."""
    return _LEADERS.get(kind, FIELD_WORDS[name]) if name == "leader" else FIELD_WORDS.get(name, name)


def value_text(name: str, value: str) -> str:
    """A value as people read it."""
    if name == "kind" and value:
        return ORGANIZATION_KIND[OrganizationKind(value)]
    return value if len(value) <= SHORT else f"{value[: SHORT - 1]}…"


def change_lines(item: UnitPlan) -> list[tuple[str, str, str]]:
    """Every field: its name, the present value, the new value."""
    return [
        (field_word(item.row.kind, name), value_text(name, before), value_text(name, after))
        for name, (before, after) in item.changes.items()
    ]


def unit_chip(item: UnitPlan) -> w.ChipData:
    """What becomes of a row."""
    return w.ChipData(*FATES[item.fate])


def unit_remark(item: UnitPlan) -> w.ToneText:
    """The row's errors, changes and remarks in one line."""
    issues = (*item.row.issues, *item.issues)
    words = [issue.message for issue in issues if issue.severity is Severity.ERROR]
    if item.fate is RowFate.CHANGED:
        words += [
            f"{name}: {before} → {after}" if before else f"thêm {name}: {after}"
            for name, before, after in change_lines(item)
        ]
    words += [issue.message for issue in issues if issue.severity is not Severity.ERROR]
    if item.row.is_aside and not words:
        return w.ToneText("ghi bên những người của danh sách", "quiet")
    tone = "failed" if item.fate is RowFate.REFUSED else "attention" if words else "neutral"
    return w.ToneText("; ".join(words), tone)


def units_title(plan: ImportPlan) -> str:
    """What the rows about units are, with their number: "5 dòng họ", "12 dòng họ, đơn vị, chi hội"."""
    return counted([item.row.kind for item in plan.unit_rows])


def counted(kinds: list[ListKind]) -> str:
    """So many units, by the words of their kinds."""
    words = [KINDS[kind] for kind in KINDS if kind in kinds]
    return f"{number_text(len(kinds))} {', '.join(words)}"


def destination(plan: ImportPlan | None) -> tuple[str, str]:
    """Where what came in is seen: the page's key, and what the button says."""
    if plan is None or plan.rows or not plan.unit_rows:
        return "citizens", "Xem danh sách công dân"
    return PAGES[plan.unit_rows[0].row.kind]


def import_words(plan: ImportPlan) -> tuple[str, bool]:
    """What the last button says of a plan: how many people and units are written; whether there is anything."""
    counts: Counter[RowFate] = plan.counts()
    people = sum(counts[fate] for fate in WRITTEN)
    units = [item.row.kind for item in plan.unit_rows if item.fate in WRITTEN]
    parts = [f"{number_text(people)} người"] if people else []
    parts += [counted(units)] if units else []
    return (f"Nhập {' và '.join(parts)}", True) if parts else ("Không có gì mới", False)
