"""How recognition looks in words and chips: states of candidates, queues of certificates, names of models.

Invariant: pure; every state and status has a chip with icon and word.
"""

from __future__ import annotations

from desktop_app.models.types import CertificateStatus, LearningModel
from desktop_app.services.recognition.records import CandidateState
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.widgets.painting import ChipData

MODEL_TABS: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "Công dân",
    LearningModel.FAMILY: "Gia đình",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Cộng đồng",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Cấp xã",
}
UNITS: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "công dân",
    LearningModel.FAMILY: "gia đình",
    LearningModel.CLAN: "dòng họ",
    LearningModel.COMMUNITY: "cộng đồng",
    LearningModel.ORGANIZATION: "đơn vị",
    LearningModel.COMMUNE: "xã",
}
NAME_TITLES: dict[LearningModel, str] = {
    LearningModel.CITIZEN: "Họ và tên",
    LearningModel.FAMILY: "Chủ hộ",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn, tổ",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Xã, phường",
}
STATES: dict[CandidateState, ChipData] = {
    CandidateState.READY: ChipData("Đủ điều kiện", "passed", "check"),
    CandidateState.FAILED: ChipData("Chưa đạt", "failed", "x"),
    CandidateState.INCOMPLETE: ChipData("Chấm dở", "attention", "hourglass"),
    CandidateState.NOT_ASSESSED: ChipData("Chưa chấm", "neutral", "minus"),
    CandidateState.RETURNED: ChipData("Bị trả lại", "attention", "undo-2"),
    CandidateState.OBJECTED: ChipData("Chờ trả lời ý kiến", "attention", "gavel"),
    CandidateState.UNACCEPTED: ChipData("Chờ xã thẩm định", "attention", "hourglass"),
    CandidateState.UNCONFIRMED: ChipData("Chờ xác nhận", "attention", "stamp"),
    CandidateState.UNREADABLE: ChipData("Bộ chưa đọc được", "attention", "triangle-alert"),
    CandidateState.DISPUTED: ChipData("Chờ phân xử", "attention", "git-compare-arrows"),
    CandidateState.NAMELESS: ChipData("Thiếu tên", "attention", "triangle-alert"),
    CandidateState.DEAD: ChipData("Đã mất", "neutral", "minus"),
    CandidateState.MOVED: ChipData("Đã chuyển đi", "neutral", "log-out"),
    CandidateState.ENDED: ChipData("Không còn", "neutral", "minus"),
    CandidateState.ABSENT: ChipData("Đã xóa", "neutral", "trash-2"),
    CandidateState.RECOGNISED: ChipData("Đã công nhận", "accent", "award"),
}
QUEUES: dict[CertificateStatus, ChipData] = {
    CertificateStatus.ISSUED: ChipData("Chờ in", "attention", "printer"),
    CertificateStatus.PRINTED: ChipData("Chờ ký", "attention", "signature"),
    CertificateStatus.SIGNED: ChipData("Chờ trao", "accent", "send"),
    CertificateStatus.HANDED_OVER: ChipData("Đã trao", "passed", "check"),
    CertificateStatus.VOIDED: ChipData("Đã hủy", "failed", "ban"),
}
REPRINT_REASONS = ("Kẹt giấy", "Hỏng phôi", "In mờ hoặc lệch", "In nhầm khay giấy", "Mất giấy đã in")
VOID_REASONS = ("Kê khai không đúng", "Ghi sai quyết định", "Công nhận nhầm người", "Thu hồi theo quyết định khác")
REISSUE_REASONS = ("Ghi sai tên hoặc ngày sinh", "Bị mất", "Bị hỏng")


def counted(count: int, model: LearningModel) -> str:
    """ "944 công dân"."""
    return f"{number_text(count)} {UNITS[model]}"
