"""The words on paper forms: titles, labels, how to fill them in, what the data are for.

Reference wordings of the product (no official form text was found); nothing official is invented here, and what a set
says of its rows' status is passed on.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.models.types import LearningModel, SetKind, TextStatus
from desktop_app.services.criteria.definition import NOT_COMPARED, CriteriaSet, Indicator, Level, Mark
from desktop_app.services.documents.verdict_sheet import LEGEND, STATUS_MARK
from desktop_app.services.vietnamese import number_text

REFERENCE = "Mẫu tham khảo – chưa đối chiếu với văn bản"

FACT_LABELS: dict[LearningModel, tuple[str, str, str, str]] = {
    LearningModel.CITIZEN: ("Họ và tên", "Năm sinh", "Thôn, tổ", "Mã hộ"),
    LearningModel.FAMILY: ("Hộ ông (bà)", "Mã hộ", "Thôn, tổ", "Số người"),
    LearningModel.CLAN: ("Dòng họ", "Số gia đình", "Người đại diện", "Thôn, tổ"),
    LearningModel.COMMUNITY: ("Thôn, tổ dân phố", "Số hộ", "Người phụ trách", "Xã cũ"),
    LearningModel.ORGANIZATION: ("Đơn vị", "Số thành viên", "Người đứng đầu", "Thôn, tổ"),
    LearningModel.COMMUNE: ("Xã, phường", "Mã xã", "Tỉnh, thành phố", "Số thôn, tổ"),
}
"""Labels of a form's head: a wide and a narrow place on each of two lines."""

SIGNERS: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "NGƯỜI TỰ ĐÁNH GIÁ",
    LearningModel.FAMILY: "ĐẠI DIỆN GIA ĐÌNH",
    LearningModel.CLAN: "ĐẠI DIỆN DÒNG HỌ",
    LearningModel.COMMUNITY: "ĐẠI DIỆN THÔN, TỔ",
    LearningModel.ORGANIZATION: "ĐẠI DIỆN ĐƠN VỊ",
    LearningModel.COMMUNE: "NGƯỜI LẬP PHIẾU",
}
RECEIVER = "NGƯỜI NHẬN PHIẾU"
SIGN_NOTE = "(ký, ghi rõ họ tên)"

FORM_NAMES: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "Phiếu công dân",
    LearningModel.FAMILY: "Phiếu gia đình",
    LearningModel.CLAN: "Phiếu dòng họ",
    LearningModel.COMMUNITY: "Phiếu thôn, tổ",
    LearningModel.ORGANIZATION: "Phiếu đơn vị",
    LearningModel.COMMUNE: "Phiếu xã",
}


SHORT_NAMES: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "Họ và tên",
    LearningModel.FAMILY: "Chủ hộ",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn, tổ dân phố",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã, phường",
}
"""Title of the column with the names."""


def forms_words(counts: Mapping[LearningModel, int]) -> str:
    """ "38 phiếu công dân, 12 phiếu gia đình"."""
    return ", ".join(f"{number_text(count)} {FORM_NAMES[model].lower()}" for model, count in counts.items() if count)


def title_lines(definition: CriteriaSet, year: int) -> tuple[str, str]:
    """Name of the form in two lines."""
    return "PHIẾU TỰ ĐÁNH GIÁ", f"{definition.title.upper()} NĂM {year}"


def audience(definition: CriteriaSet) -> str:
    """Whose form it is, for sets of which a model has several: "Dành cho: người lao động"."""
    return f"Dành cho: {definition.group_name[:1].lower()}{definition.group_name[1:]}" if definition.group_name else ""


def status_line(definition: CriteriaSet) -> str:
    """How sure the set's words are; empty where every row is official or the office's own."""
    if not any(_is_unsure(item) for item in definition.indicators) and not definition.shown_heading:
        return ""
    parts = [REFERENCE] if any(_is_unsure(item) for item in definition.indicators) else []
    if definition.shown_heading and definition.shown_heading != NOT_COMPARED:
        parts.append(definition.shown_heading)
    return " · ".join(parts)


def _is_unsure(item: Indicator) -> bool:
    return item.status is not TextStatus.OFFICIAL and not item.is_changed


def set_line(definition: CriteriaSet) -> str:
    """The set, its version and the document it rests on."""
    basis = next((item.number for item in definition.legal_basis), "")
    return " · ".join(part for part in (definition.name, basis, f"phiên bản {definition.version}") if part)


def left_out(definition: CriteriaSet, levels: int) -> str:
    """What to do about levels that are not printed below the indicators; empty where all are, or none at all."""
    is_short = any(len(item.levels) > levels for item in definition.indicators)
    return _LEFT_OUT.get(levels, "") if is_short else ""


_LEFT_OUT = {
    1: "Mỗi {word} chỉ in mức vừa đạt: làm tốt hơn thì ghi số lớn hơn.",
    2: "Mỗi {word} chỉ in mức cao nhất và mức vừa đạt: ở giữa thì ghi số ở giữa.",
    3: "Chưa được mức nào in dưới {word} thì ghi số nhỏ hơn.",
}


def how_to(definition: CriteriaSet, levels: str = "") -> str:
    """What to do, in a few plain sentences; ``levels`` says of which levels no hint is printed."""
    if definition.kind is SetKind.CHECKLIST:
        return (
            f"Cách ghi: đọc từng {definition.indicator_word}, đánh dấu X vào ô Có nếu đã làm được, ô Không nếu chưa; "
            "chỗ có dấu % thì ghi tỷ lệ phần trăm. Ghi giấy tờ làm chứng vào dòng Minh chứng."
        )
    half = ", được ghi nửa điểm" if definition.allows_half_points else ""
    scale = _shared_scale(definition)
    return (
        f"Cách ghi: đọc từng {definition.indicator_word}, ghi một số vào ô bên phải, từ 0 đến số tối đa ghi dưới ô"
        f"{half}{f' ({scale})' if scale else ''}. {levels.format(word=definition.indicator_word)}".rstrip()
        + " Ghi giấy tờ làm chứng vào dòng Minh chứng."
    )


def _shared_scale(definition: CriteriaSet) -> str:
    """ "9–10 thành thạo, 7–8 khá …" where all indicators have the same levels."""
    scales = {tuple((level.name, level.min, level.max) for level in item.levels) for item in definition.indicators}
    if len(scales) != 1:
        return ""
    levels = definition.indicators[0].levels
    return ", ".join(f"{level_range(level)} {level.name.lower()}" for level in levels)


def level_range(level: Level) -> str:
    """ "9–10", or "5" where both ends meet."""
    low, high = score_text(level.min), score_text(level.max)
    return low if low == high else f"{low}–{high}"


def score_text(value: float) -> str:
    """A score without needless decimals: "10", "7,5"."""
    return number_text(value, 0 if float(value).is_integer() else 1)


def pass_rule(definition: CriteriaSet) -> str:
    """What is needed for the title, with how sure the numbers are; empty where the set gives no mark."""
    if definition.pass_mark is None:
        return _grades_rule(definition)
    text = f"Đạt khi tổng từ {_marked(definition.pass_mark)} điểm"
    if definition.floor is not None and definition.floor.value:
        text += f" và không {definition.indicator_word} nào dưới {_marked(definition.floor)} điểm"
    return f"{text}."


def _grades_rule(definition: CriteriaSet) -> str:
    return "; ".join(grade.name for grade in definition.grades) and (
        "Đạt một mức độ khi mọi chỉ tiêu đều đạt ở mức độ đó."
    )


def _marked(mark: Mark) -> str:
    return f"{score_text(mark.value)}{_mark(mark.status, is_changed=mark.is_changed)}"


def _mark(status: TextStatus, *, is_changed: bool) -> str:
    mark = "" if is_changed else STATUS_MARK[status]
    return f" [{mark}]" if mark else ""


def wording(item: Indicator) -> str:
    """The indicator's text with the mark of its status; a text that says itself that it is missing needs none."""
    text = item.shown_text.strip()
    if not text:
        return NOT_COMPARED
    if item.status is TextStatus.MISSING and text.startswith("["):
        return text
    return text + _mark(item.status, is_changed=item.is_changed)


def thresholds(item: Indicator) -> str:
    """ "Mức độ 1: từ 60%; mức độ 2: từ 70% [gợi ý]"."""
    parts = [
        f"mức độ {t.grade}: từ {score_text(t.percent)}%{_mark(t.status, is_changed=t.is_changed)}"
        for t in item.thresholds
    ]
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]


def maximum(item: Indicator) -> str:
    """What stands below the box."""
    return f"tối đa {score_text(item.max_score or 0)}"


def prerequisites(definition: CriteriaSet) -> tuple[str, ...]:
    """Conditions apart from the points, which the register counts."""
    return tuple(
        f"{_condition(item.text)}{_mark(item.status, is_changed=item.is_changed)}."
        for item in definition.enabled_prerequisites
    )


def _condition(text: str) -> str:
    text = text.strip().rstrip(".")
    return text if text.lower().startswith("điều kiện") else f"Điều kiện: {text}"


def legend(definition: CriteriaSet) -> str:
    """What the marks mean, and whose the hints are."""
    used = {item.status for item in definition.indicators if _is_unsure(item)}
    used |= {t.status for item in definition.indicators for t in item.thresholds if not t.is_changed}
    used |= {mark.status for mark in (definition.pass_mark, definition.floor) if mark and not mark.is_changed}
    texts = [text for status, text in LEGEND.items() if status in used]
    parts = [f"{'; '.join(texts)}: chưa đối chiếu với văn bản."] if texts else []
    if any(item.levels or item.help for item in definition.indicators):
        parts.append(f"Lời gợi ý dưới mỗi {definition.indicator_word} là của phần mềm, không phải văn bản.")
    return " ".join(parts)


def purpose(definition: CriteriaSet, keeper: str) -> str:
    """What the data are for and the person's rights (Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15)."""
    return (
        f"Thông tin trên phiếu chỉ dùng để xét, công nhận và báo cáo danh hiệu “{definition.title}” (Luật Bảo vệ dữ "
        f"liệu cá nhân số 91/2025/QH15). Ông (bà) có quyền xem, đề nghị sửa hoặc xóa thông tin của mình tại {keeper}."
    )


def total_label(definition: CriteriaSet) -> str:
    """What the total's box is for."""
    if definition.kind is SetKind.CHECKLIST:
        return f"SỐ {definition.indicator_word.upper()} ĐẠT (trong {len(definition.indicators)})"
    return f"TỔNG ĐIỂM (tối đa {score_text(definition.max_total)})"
