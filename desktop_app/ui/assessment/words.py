"""How a form's facts read on screen: answers, statuses, counted shares, chips. Pure but for the theme's tones.

Invariant: every percentage names its denominator; what is not official says so wherever it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from desktop_app.models.types import LearningModel, RegistrationKind, SetKind, TextStatus
from desktop_app.services.assessment.cheapest import count_needed
from desktop_app.services.assessment.scoring import Verdict
from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.assessment.worklist import WORK_STATUS_TEXT, WorkStatus
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator, Prerequisite
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.inputs import score_text
from desktop_app.ui.widgets.painting import ChipData

TITLES: Mapping[LearningModel, str] = {
    LearningModel.CITIZEN: "Chấm phiếu công dân",
    LearningModel.FAMILY: "Chấm phiếu gia đình",
    LearningModel.CLAN: "Chấm phiếu dòng họ",
    LearningModel.COMMUNITY: "Chấm phiếu thôn, tổ",
    LearningModel.ORGANIZATION: "Chấm phiếu đơn vị",
    LearningModel.COMMUNE: "Kiểm đếm cộng đồng cấp xã",
}
SEGMENTS: Mapping[LearningModel, str] = {
    LearningModel.CITIZEN: "Công dân",
    LearningModel.FAMILY: "Gia đình",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Cộng đồng",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã",
}
PEOPLE: Mapping[LearningModel, str] = {
    LearningModel.CITIZEN: "Người",
    LearningModel.FAMILY: "Hộ",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã",
}
"""What a form's subject is called on the buttons "… trước" and "… kế"."""

SUGGESTION_HINT = "Công nhận chờ đến khi cơ quan xác nhận dùng bộ này trong Thiết lập."

STATUS_TONES: Mapping[WorkStatus, tuple[str, str]] = {
    WorkStatus.NOT_STARTED: ("neutral", "minus"),
    WorkStatus.IN_PROGRESS: ("attention", "hourglass"),
    WorkStatus.PASSED: ("passed", "check"),
    WorkStatus.FAILED: ("failed", "x"),
    WorkStatus.RETURNED: ("attention", "undo-2"),
    WorkStatus.RECOGNISED: ("passed", "award"),
}


def status_chip(status: WorkStatus, text: str = "") -> ChipData:
    """Where a form stands, with the words of its verdict where they say more."""
    tone, icon = STATUS_TONES[status]
    return ChipData(text or WORK_STATUS_TEXT[status], tone, icon)


def answer_words(indicator: Indicator, value: float | None) -> str:
    """A stored answer: "9", "7,5", "95%", "đạt"."""
    if value is None:
        return ""
    if indicator.answer_type is AnswerType.MET:
        return "đạt" if value else "chưa đạt"
    return f"{score_text(value)}%" if indicator.answer_type is AnswerType.PERCENT else score_text(value)


def answer_tone(definition: CriteriaSet, indicator: Indicator, value: float | None, fact: FactValue | None) -> str:
    """ "failed" for what keeps the form from passing, "passed" for a counted share that is enough."""
    if indicator.answer_type is AnswerType.PERCENT:
        needed = indicator.required_percent(1) or 0
        if fact is not None:
            return "passed" if fact.reaches(needed) else "failed"
        return "failed" if value is not None and value < needed else ""
    if indicator.answer_type is AnswerType.MET:
        return "failed" if value == 0 else ""
    return "failed" if value is not None and value < definition.least_score else ""


def sureness(indicator: Indicator) -> str:
    """How sure an indicator's wording and maximum are, from the data alone."""
    parts = [indicator.status_text]
    is_same = indicator.max_status in (None, indicator.status, TextStatus.OFFICIAL)
    if indicator.max_score is not None and (indicator.is_max_changed or not is_same):
        parts.append(f"điểm tối đa: {_lower(indicator.max_status_text)}")
    return " · ".join(parts)


def guidance_words(indicator: Indicator) -> str:
    """Whose guidance stands beside an indicator; nothing where its wording is the program's own anyway."""
    if indicator.status is TextStatus.SUGGESTED:
        return ""
    if any(level.status is TextStatus.SUGGESTED for level in indicator.levels):
        return "mức là gợi ý của phần mềm"
    if indicator.help and indicator.guidance_status is TextStatus.SUGGESTED:
        return "hướng dẫn là gợi ý của phần mềm"
    return ""


def heading_words(definition: CriteriaSet) -> str:
    """What is said of a whole set that is in use as it stands (a suggested one has a banner of its own)."""
    return definition.heading if definition.heading and not definition.needs_confirmation else ""


def suggestion_words(definition: CriteriaSet) -> str:
    """What stands above a suggested set until the office has confirmed it; empty for every other."""
    return f"{definition.shown_heading}. {SUGGESTION_HINT}" if definition.is_suggestion else ""


def whole_sureness(definition: CriteriaSet, indicator: Indicator, *, with_suggestion: bool = False) -> str:
    """Wording, guidance and set in one line: "Lời văn bản · mức là gợi ý của phần mềm · chưa đối chiếu …".

    Args:
        with_suggestion: also what stands above a suggested set, where there is no room for its banner.
    """
    parts = [sureness(indicator), guidance_words(indicator), _lower(heading_words(definition))]
    if with_suggestion:
        parts.insert(0, suggestion_words(definition).rstrip("."))
    return " · ".join(part for part in parts if part)


def is_sure(definition: CriteriaSet, indicator: Indicator) -> bool:
    """The wording is the document's own and nothing of the set waits to be compared with it."""
    return indicator.status is TextStatus.OFFICIAL and not indicator.is_cut and not definition.heading


def arithmetic(fact: FactValue) -> str:
    """How a share comes about: "7.420 ÷ 12.730 công dân có mặt trong xã từ 16 tuổi = 58,2%"."""
    if fact.percent is None:
        return f"Sổ chưa có {fact.denominator_name} để tính"
    counts = f"{number_text(fact.numerator)} ÷ {number_text(fact.denominator)}"
    return f"{counts} {fact.denominator_name} = {percent_text(fact.percent)}"


def share_line(key: str, fact: FactValue) -> str:
    """The arithmetic with what is said of those counted."""
    return f"{arithmetic(fact)} {FACTS[key].predicate}" if fact.percent is not None else arithmetic(fact)


def readings(key: str, others: Sequence[str]) -> str:
    """How sure the denominator is, and the count under other readings of it."""
    status = FACTS[key].status_words if key in FACTS else ""
    lines = [f"{status}."] if status else []
    return "\n".join([*lines, *(f"Cách tính khác, để tham khảo: {line}." for line in others)])


def threshold_line(key: str, fact: FactValue, name: str, percent: float) -> tuple[str, str]:
    """A threshold against a counted share, and its tone."""
    goal = f"{name}: từ {score_text(percent)}%"
    if fact.reaches(percent):
        return f"{goal}, đã đủ", "passed"
    left = count_needed(fact, percent) - fact.numerator
    return f"{goal}, còn thiếu {number_text(left)} {FACTS[key].unit}", "attention"


def typed_threshold_line(percent: float | None, name: str, goal: float) -> tuple[str, str]:
    """A threshold against a typed percentage, and its tone."""
    said = f"{name}: từ {score_text(goal)}%"
    if percent is None:
        return said, ""
    return (f"{said}, đã đủ", "passed") if percent >= goal else (f"{said}, chưa đủ", "attention")


def prerequisite_chip(prerequisite: Prerequisite, fact: FactValue | None) -> ChipData:
    """The state of a condition apart from the points."""
    if fact is None or fact.percent is None:
        return ChipData("Chưa tính được", "attention", "circle-alert")
    if fact.reaches(prerequisite.percent):
        return ChipData("Đủ điều kiện", "passed")
    return ChipData("Chưa đủ", "failed" if prerequisite.is_enabled else "neutral")


def total_words(definition: CriteriaSet, verdict: Verdict) -> tuple[str, str]:
    """The running total as figure and unit."""
    word = f" {definition.indicator_word}" if definition.kind is SetKind.CHECKLIST else ""
    return score_text(verdict.total), f"/ {score_text(definition.max_total)}{word}"


def sentence_tone(said: str) -> str:
    """Tone of a verdict's sentence, which begins with "Đạt", "Chưa đạt" or (not whole yet) "Chưa đủ"."""
    if said.startswith("Đạt"):
        return "passed"
    return "attention" if said.startswith("Chưa đủ") else "failed"


def registration_words(kind: RegistrationKind | None) -> str:
    """How the subject stands in the round."""
    if kind is None:
        return "chưa đăng ký"
    return "đăng ký mới" if kind is RegistrationKind.NEW else "tái đăng ký"


def size_words(size: int) -> str:
    """A file's size for people."""
    if size >= 1_000_000:
        return f"{number_text(size / 1_000_000, 1)} MB"
    return f"{number_text(max(1, round(size / 1000)) if size else 0)} KB"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
