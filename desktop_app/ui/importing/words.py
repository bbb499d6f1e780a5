"""Words of the import wizard: what becomes of a row, what changes, and what was done to whole columns.

Invariant: every fate has a word and a tone; a remark names errors first, then changes, then warnings.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from desktop_app.models.types import CitizenGroup, LifeStatus, Poverty, Sex
from desktop_app.services.importing.corrections.repairs import title_of
from desktop_app.services.importing.fields import FIELD_TITLES, Field
from desktop_app.services.importing.planning.planned import ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.preview import Issue, ParsedSheet, Severity
from desktop_app.services.importing.units.plan import planned_units
from desktop_app.services.registry.words import GROUP_SHORT, LIFE, POVERTY, SEX
from desktop_app.services.vietnamese import PartialDate, mask_cccd, number_text
from desktop_app.ui import widgets as w

FATES: Mapping[RowFate, tuple[str, str, str]] = {
    RowFate.NEW: ("Mới", "passed", "plus"),
    RowFate.CHANGED: ("Thay đổi", "attention", "pencil"),
    RowFate.UNCHANGED: ("Như cũ", "neutral", "minus"),
    RowFate.DOUBTFUL: ("Ngờ trùng", "attention", "copy"),
    RowFate.REFUSED: ("Không nhận", "failed", "x"),
}
"""Fate → word, tone, picture."""

FIELD_WORDS = {
    "full_name": "họ tên", "sex": "giới tính", "birth": "ngày sinh", "cccd": "số CCCD", "phone": "điện thoại",
    "ethnicity": "dân tộc", "occupation": "nghề nghiệp", "citizen_group": "nhóm", "relation": "quan hệ",
    "note": "ghi chú", "household_id": "hộ", "religion": "tôn giáo", "life_status": "tình trạng cư trú",
    "status_date": "ngày mất hoặc chuyển đi", "former_title": "danh hiệu năm trước",
    "organization": "đơn vị", "branch": "chi hội", "clan": "dòng họ của hộ",
}  # fmt: skip
HOUSEHOLD_WORDS = {"address": "địa chỉ hộ", "poverty": "diện hộ", "hamlet": "thôn của hộ", "code": "mã hộ",
                   "clan": "dòng họ"}  # fmt: skip
SAID_SHORT = {
    "cccd.lost_zero": "CCCD mất số 0 đầu, đã thêm lại",
    "phone.lost_zero": "điện thoại mất số 0 đầu, đã thêm lại",
    "sex.from_cccd": "giới tính lấy theo CCCD",
    "household.no_head": "hộ chưa có chủ hộ",
}
"""What is often said, in few words; the whole sentence stands under the table for the row in front."""
WARNING_WORDS = {
    "cccd.bad_province": "CCCD: mã tỉnh lạ", "cccd.sex_mismatch": "CCCD: khác giới tính",
    "cccd.year_mismatch": "CCCD: khác năm sinh", "cccd.shared": "CCCD: trùng dòng khác",
    "cccd.taken": "CCCD: người khác đã có", "sex.unclear": "Giới tính: không rõ",
    "sex.not_relation": "Giới tính: không hợp quan hệ", "sex.unknown_word": "Giới tính: không hiểu",
    "household.no_head": "Hộ: chưa có chủ hộ", "household.two_heads": "Hộ: có hai chủ hộ",
    "household.hamlet_differs": "Hộ: ghi hai thôn khác nhau", "household.code_used": "Hộ: mã đã dùng cho hộ khác",
    "household.joined": "Hộ: nhập vào hộ có sẵn chỉ theo mã",
    "row.repeated": "Lặp lại trong tệp", "person.repeated": "Lặp lại một người", "person.doubtful": "Ngờ trùng",
    "row.thin": "Chỉ có họ tên", "birth.rare": "Ngày sinh: rất cao tuổi", "hamlet.missing": "Thôn: còn thiếu",
    "hamlet.from_address": "Thôn: lấy theo địa chỉ", "poverty.unknown_word": "Diện hộ: không hiểu",
    "poverty.conflict": "Diện hộ: ghi khác nhau", "group.unknown_word": "Nhóm: không hiểu",
    "relation.ditto_head": "Quan hệ: lặp lại chủ hộ", "ditto.nothing_above": "Dấu lặp không có gì ở trên",
    "cell.not_computed": "Công thức chưa tính", "cell.too_long": "Ô quá dài",
    "birth.both_columns": "Ngày sinh ở hai cột", "member.unknown": "Người của đơn vị: chưa có trong sổ",
    "title.unclear": "Danh hiệu: không hiểu",
    "life.dead": "Ghi chú: đã mất", "life.moved": "Ghi chú: chuyển đi", "life.away": "Ghi chú: tạm vắng",
}  # fmt: skip
"""Kinds of warnings as a filter names them; repairs have their own names."""
QUESTIONS = frozenset({"person.doubtful", "household.asked"})
"""Remarks that are questions: shown as such and not as warnings."""
SHORT = 40


@dataclass(frozen=True)
class ShownRow:
    """A row of the preview.

    Attributes:
        index: its place in the plan.
        was_doubtful: a person must say, or has said, who it is.
        is_skipped: a doubtful row that is left out on purpose.
        typed: what was typed over in it.
        answer: what was said of its household, where only that was asked.
    """

    index: int
    plan: RowPlan
    was_doubtful: bool
    is_skipped: bool = False
    typed: Mapping[Field, str] = field(default_factory=dict)
    answer: str = ""


def fate_chip(item: ShownRow) -> w.ChipData:
    """What becomes of a row."""
    if item.is_skipped and item.plan.fate is RowFate.DOUBTFUL:
        return w.ChipData("Bỏ qua", "neutral", "minus")
    return w.ChipData(*FATES[item.plan.fate])


def birth_text(birth: PartialDate | None) -> str:
    """A birth as it is written here; empty for none."""
    return birth.text() if birth else ""


def remark(item: ShownRow) -> w.ToneText:
    """The row's remarks and changes in one line."""
    plan = item.plan
    issues = (*plan.row.issues, *plan.issues)
    words = [issue.message for issue in issues if issue.severity is Severity.ERROR]
    if item.typed:
        words.append(f"đã sửa tay: {', '.join(FIELD_TITLES[of].lower() for of in item.typed)}")
    if item.was_doubtful and plan.fate is not RowFate.DOUBTFUL:
        words.append(item.answer or _answer(plan))
    words += [change_text(FIELD_WORDS, name, *pair) for name, pair in plan.changes.items()]
    words += [change_text(HOUSEHOLD_WORDS, name, *pair) for name, pair in plan.household_changes.items()]
    if plan.fate is RowFate.DOUBTFUL:
        words.append(_doubt(plan))
    words += [
        SAID_SHORT.get(issue.code, issue.message)
        for issue in issues
        if issue.severity is not Severity.ERROR and issue.code not in QUESTIONS
    ]
    if plan.fate is RowFate.NEW and not plan.row.cccd and not words:
        return w.ToneText("không có CCCD", "quiet")
    tone = "failed" if plan.fate is RowFate.REFUSED else "attention" if words else "neutral"
    return w.ToneText("; ".join(words), tone)


def _answer(plan: RowPlan) -> str:
    return "đã chọn: là người mới" if plan.person is None else f"đã chọn: là {plan.person.values['full_name']}"


def _doubt(plan: RowPlan) -> str:
    if plan.candidates:
        return f"giống người trong sổ: {', '.join(plan.reasons)}"
    return "trùng mã hộ với một hộ trong sổ mà không ai cùng"


def change_lines(item: ShownRow) -> list[tuple[str, str, str]]:
    """Every change of a row: field, present value, new value; what was typed over first, against the file."""
    plan = item.plan
    lines = []
    for words, changes in ((FIELD_WORDS, plan.changes), (HOUSEHOLD_WORDS, plan.household_changes)):
        for name, (before, after) in changes.items():
            if name == "household_id":
                lines.append(("hộ", "hộ khác" if before else "chưa có hộ", plan.row.household_code or "hộ này"))
            else:
                lines.append((words.get(name, name), value_text(name, before), value_text(name, after)))
    return lines


def change_text(words: Mapping[str, str], name: str, before: Any, after: Any) -> str:
    """One change: "nghề nghiệp: Nông dân → Buôn bán"; what was empty is only said."""
    word = words.get(name, name)
    if name == "former_title":
        return f"Danh hiệu {after}: {'bổ sung số giấy' if before else 'ghi mới'}"
    if name == "household_id":
        return "chuyển sang hộ này" if before else "vào hộ này"
    if before in (None, ""):
        return f"thêm {word}: {value_text(name, after)}"
    return f"{word}: {value_text(name, before)} → {value_text(name, after)}"


def value_text(name: str, value: Any) -> str:
    """A stored value as people read it."""
    text = str(value if value is not None else "")
    if name in ("birth", "status_date") and text:
        return PartialDate.from_iso(text).text()
    if name == "sex" and text:
        return SEX[Sex(text)]
    if name == "citizen_group" and text:
        return GROUP_SHORT[CitizenGroup(text)]
    if name == "cccd":
        return mask_cccd(text)
    if name == "life_status" and text:
        return LIFE[LifeStatus(text)].lower()
    if name == "poverty" and text:
        return POVERTY[Poverty(text)].lower()
    return text if len(text) <= SHORT or name == "former_title" else f"{text[: SHORT - 1]}…"


def charset_notice(sheets: Iterable[ParsedSheet]) -> str:
    """What was done to letters of an old font, with a person's name for an example; empty for Unicode."""
    for sheet in sheets:
        named = sorted(sheet.columns, key=lambda item: item.field not in (Field.NAME, Field.FAMILY_NAME))
        for item in named:
            if item.charset is not None and item.samples:
                before, after = item.samples[0]
                name = "VNI" if item.charset == "vni" else ".VnTime (TCVN3)"
                return f"Bảng dùng phông {name}: đã chuyển “{before}” thành “{after}”."
    return ""


def plan_notices(plan: ImportPlan) -> list[str]:
    """What the import makes besides people and what it has mended, a short sentence each."""
    found = []
    names = plan.needed_hamlets()
    if names:
        more = f" và {len(names) - 8} nơi khác" if len(names) > 8 else ""
        found.append(f"Sổ chưa có {', '.join(names[:8])}{more}: sẽ thêm.")
    found += [issue.message for issue in planned_units(plan).issues("")]
    codes = Counter(issue.code for row in plan.rows for issue in row.row.issues)
    if codes["cccd.lost_zero"]:
        found.append(f"{number_text(codes['cccd.lost_zero'])} số CCCD bị Excel làm mất số 0 ở đầu: đã thêm lại.")
    return found


def warning_word(code: str, example: Issue) -> str:
    """A kind of warning as a filter names it."""
    return WARNING_WORDS.get(code) or title_of(code) or value_text("", example.message)


def show_notice(banner: w.Banner, text: str) -> None:
    """Put a sentence on a banner that keeps its own picture; without one the banner goes."""
    banner.text_label.setText(text)
    banner.setAccessibleName(text)
    banner.setVisible(bool(text))


def grouped_issues(issues: Iterable[Issue], most: int = 8) -> list[str]:
    """Remarks of one kind as one line: the first of them, and how many more."""
    groups: dict[str, list[Issue]] = {}
    for issue in issues:
        groups.setdefault(issue.code, []).append(issue)
    lines = []
    for found in sorted(groups.values(), key=len, reverse=True)[:most]:
        first = found[0]
        place = f"Dòng {first.row}: " if first.row is not None else ""
        more = f" (và {number_text(len(found) - 1)} chỗ như vậy)" if len(found) > 1 else ""
        lines.append(f"{place}{first.message}{more}")
    return lines
