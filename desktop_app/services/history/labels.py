"""The one table of Vietnamese names of tables and fields, for the journal, conflicts and exports."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from desktop_app.models.types import (
    AssessmentStatus,
    CertificateStatus,
    CitizenGroup,
    HamletKind,
    LearningModel,
    LifeStatus,
    MoveReason,
    ObjectionOutcome,
    OrganizationKind,
    Poverty,
    RegistrationKind,
    ReviewOutcome,
    ReviewStage,
    RoundStatus,
    SecondEntryStatus,
    Sex,
    SiteState,
)
from desktop_app.services.registry.words import word

TABLES: Mapping[str, str] = {
    "commune": "Xã, phường",
    "hamlet": "Thôn – tổ",
    "household": "Hộ gia đình",
    "citizen": "Công dân",
    "clan": "Dòng họ",
    "clan_household": "Hộ trong dòng họ",
    "organization": "Đơn vị",
    "organization_member": "Người trong đơn vị",
    "branch": "Chi hội",
    "residence": "Nơi ở trước",
    "household_place": "Thôn trước của hộ",
    "distinct_pair": "Hai người khác nhau",
    "former_title": "Danh hiệu năm trước",
    "criteria_set": "Bộ tiêu chí",
    "assessment_round": "Đợt đánh giá",
    "target": "Chỉ tiêu năm",
    "registration": "Đăng ký",
    "assessment": "Phiếu chấm",
    "answer": "Điểm",
    "evidence": "Minh chứng",
    "review": "Thẩm định",
    "batch": "Tập phiếu",
    "round_set": "Bộ tiêu chí của đợt",
    "second_entry": "Nhập lần hai",
    "posting": "Danh sách công khai",
    "meeting": "Buổi họp bình xét",
    "objection": "Ý kiến khiếu nại",
    "site_account": "Tài khoản trên trang quốc gia",
    "follow_up": "Người theo dõi tài khoản",
    "decision": "Quyết định",
    "certificate": "Giấy công nhận",
    "device": "Máy",
    "user": "Người làm việc",
    "setting": "Thiết lập",
}

_COMMON: Mapping[str, str] = {
    "present": "Có trong sổ", "name": "Tên", "code": "Mã", "kind": "Loại", "note": "Ghi chú", "phone": "Điện thoại",
    "leader": "Người phụ trách", "valid_from": "Từ ngày", "valid_to": "Đến ngày", "hamlet": "Thôn, tổ",
    "household": "Hộ", "citizen": "Người", "clan": "Dòng họ", "organization": "Đơn vị", "branch": "Chi hội",
    "commune": "Xã, phường", "successor": "Nhập vào", "since": "Từ ngày", "until": "Đến ngày", "status": "Tình trạng",
    "model": "Mô hình", "subject": "Của", "citizen_group": "Nhóm đối tượng", "assessment_round": "Đợt đánh giá",
    "assessment": "Phiếu chấm", "criteria_set": "Bộ tiêu chí", "batch": "Tập phiếu", "year": "Năm",
    "address": "Địa chỉ", "indicator": "Chỉ số", "decision": "Quyết định", "number": "Số", "value": "Giá trị",
}  # fmt: skip

_FIELDS: Mapping[str, Mapping[str, str]] = {
    "commune": {"province": "Tỉnh", "province_code": "Mã tỉnh"},
    "hamlet": {"leader": "Trưởng thôn", "former_commune": "Xã cũ"},
    "household": {
        "code": "Mã hộ", "poverty": "Diện nghèo", "head": "Chủ hộ", "split_from": "Tách từ hộ",
    },
    "citizen": {
        "full_name": "Họ và tên", "sort_name": "Tên để xếp thứ tự", "sex": "Giới tính", "birth": "Ngày sinh",
        "cccd": "Số CCCD", "ethnicity": "Dân tộc", "religion": "Tôn giáo", "occupation": "Nghề nghiệp",
        "workplace": "Nơi làm, học", "relation": "Quan hệ với chủ hộ", "position": "Thứ tự trong hộ",
        "life_status": "Cư trú", "status_date": "Ngày chuyển, mất", "merged_into": "Gộp vào",
    },
    "residence": {"relation": "Quan hệ với chủ hộ", "reason": "Vì sao", "place": "Nơi chuyển"},
    "household_place": {"reason": "Vì sao"},
    "distinct_pair": {"first": "Người thứ nhất", "second": "Người thứ hai"},
    "clan": {"surname": "Họ", "leader": "Trưởng họ"},
    "organization": {"leader": "Thủ trưởng"},
    "organization_member": {"role": "Vai trò"},
    "branch": {"code": "Mã chi hội", "leader": "Chi hội trưởng"},
    "criteria_set": {
        "key": "Khóa", "version": "Bản", "definition": "Nội dung", "overrides": "Phần sửa của cơ quan",
        "revision": "Lần sửa", "is_in_use": "Đang dùng", "confirmed_by": "Người xác nhận",
        "confirmed_on": "Ngày xác nhận", "confirmation_document": "Văn bản xác nhận",
    },
    "assessment_round": {"starts_on": "Bắt đầu", "ends_on": "Kết thúc", "counted_on": "Ngày tính tuổi"},
    "target": {"percent": "Tỷ lệ", "denominator": "Tính trên", "source": "Nguồn"},
    "registration": {"registered_on": "Ngày đăng ký"},
    "assessment": {
        "assessed_on": "Ngày chấm", "assessor": "Người chấm", "frozen": "Kết quả đã công nhận",
        "batch_order": "Thứ tự trong tập",
    },
    "former_title": {"source": "Theo danh sách", "number": "Số giấy"},
    "round_set": {"is_taking_part": "Tham gia đợt"},
    "second_entry": {
        "reason": "Vì sao nhập lại", "entered_by": "Người nhập lần hai", "entered_on": "Ngày nhập lần hai",
        "second_values": "Điểm nhập lần hai", "first_by": "Người nhập lần đầu", "first_values": "Điểm nhập lần đầu",
        "settled_by": "Người đối chiếu", "settled_on": "Ngày đối chiếu", "settled": "Điểm sau đối chiếu",
    },
    "posting": {
        "stage": "Cấp", "place": "Nơi niêm yết", "posted_on": "Ngày niêm yết", "until": "Nhận ý kiến đến",
        "subjects": "Phiếu trong danh sách", "results": "Kết quả lúc niêm yết",
    },
    "meeting": {
        "stage": "Cấp", "held_on": "Ngày họp", "began": "Bắt đầu", "ended": "Kết thúc", "place": "Nơi họp",
        "chair": "Chủ trì", "secretary": "Thư ký", "came": "Số hộ có đại diện", "stayed_away": "Số hộ vắng",
        "votes_for": "Phiếu tán thành", "votes_against": "Phiếu không tán thành", "content": "Nội dung, diễn biến",
    },
    "objection": {
        "posting": "Danh sách công khai", "raised_by": "Người có ý kiến", "content": "Nội dung",
        "received_on": "Ngày nhận", "outcome": "Kết quả", "answer": "Trả lời", "answered_by": "Người trả lời",
        "answered_on": "Ngày trả lời",
    },
    "site_account": {"state": "Trên trang quốc gia", "changed_on": "Từ ngày", "source": "Theo danh sách"},
    "follow_up": {"person": "Người theo dõi", "reminded_on": "Nhắc lần cuối"},
    "answer": {"value": "Điểm"},
    "evidence": {
        "file_name": "Tên tệp", "sha256": "Dấu vân tay tệp", "size": "Kích thước", "media_type": "Loại tệp",
    },
    "review": {
        "stage": "Cấp", "outcome": "Kết quả", "reason": "Lý do", "reviewed_on": "Ngày thẩm định",
        "reviewer": "Người thẩm định",
    },
    "batch": {
        "collector": "Người thu", "collected_on": "Ngày thu", "form_count": "Số phiếu", "score_sum": "Tổng điểm",
        "closed_on": "Ngày khóa tập",
    },
    "decision": {
        "number": "Số quyết định", "decided_on": "Ngày quyết định", "authority": "Cơ quan",
        "signer_title": "Chức vụ người ký", "signer_name": "Người ký", "submission_number": "Số tờ trình",
    },
    "certificate": {
        "sequence": "Số thứ tự", "number": "Số vào sổ", "recipient": "Người nhận", "honorific": "Danh xưng",
        "birth": "Ngày sinh", "issued_on": "Ngày cấp", "printed_count": "Số lần in", "handed_over_on": "Ngày trao",
        "handed_over_to": "Trao cho", "voided_on": "Ngày hủy", "void_reason": "Lý do hủy",
        "reissue_of": "Cấp lại của",
    },
    "device": {"role": "Vai trò", "assigned_hamlets": "Thôn được giao"},
    "user": {"role": "Vai trò"},
    "setting": {"key": "Mục", "value": "Giá trị"},
}  # fmt: skip


def table_word(table: str) -> str:
    """The name of a table's rows: "Công dân"."""
    return TABLES.get(table, table)


def field_label(table: str, field: str) -> str:
    """The name of a field: "Họ và tên"; the field itself where there is none."""
    return _FIELDS.get(table, {}).get(field) or _COMMON.get(field) or field


_ENUMS: Mapping[tuple[str, str], type[StrEnum]] = {
    ("citizen", "sex"): Sex,
    ("citizen", "citizen_group"): CitizenGroup,
    ("citizen", "life_status"): LifeStatus,
    ("household", "poverty"): Poverty,
    ("residence", "reason"): MoveReason,
    ("household_place", "reason"): MoveReason,
    ("hamlet", "kind"): HamletKind,
    ("organization", "kind"): OrganizationKind,
    ("criteria_set", "model"): LearningModel,
    ("criteria_set", "citizen_group"): CitizenGroup,
    ("assessment_round", "status"): RoundStatus,
    ("target", "model"): LearningModel,
    ("target", "citizen_group"): CitizenGroup,
    ("registration", "model"): LearningModel,
    ("registration", "kind"): RegistrationKind,
    ("assessment", "model"): LearningModel,
    ("assessment", "status"): AssessmentStatus,
    ("former_title", "model"): LearningModel,
    ("round_set", "model"): LearningModel,
    ("round_set", "citizen_group"): CitizenGroup,
    ("batch", "model"): LearningModel,
    ("batch", "citizen_group"): CitizenGroup,
    ("second_entry", "status"): SecondEntryStatus,
    ("posting", "model"): LearningModel,
    ("posting", "stage"): ReviewStage,
    ("meeting", "stage"): ReviewStage,
    ("objection", "outcome"): ObjectionOutcome,
    ("site_account", "state"): SiteState,
    ("review", "stage"): ReviewStage,
    ("review", "outcome"): ReviewOutcome,
    ("decision", "model"): LearningModel,
    ("certificate", "model"): LearningModel,
    ("certificate", "status"): CertificateStatus,
}

_WORDS: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("batch", "status"): {"open": "Đang nhập", "closed": "Đã đóng"},
    ("second_entry", "reason"): {"sample": "Theo tỷ lệ", "threshold": "Gần ngưỡng"},
}

DATES = frozenset(
    {
        "birth", "status_date", "valid_from", "valid_to", "since", "until", "starts_on", "ends_on", "counted_on",
        "registered_on", "assessed_on", "confirmed_on", "reviewed_on", "collected_on", "decided_on", "issued_on",
        "handed_over_on", "voided_on", "closed_on", "entered_on", "settled_on", "posted_on", "received_on",
        "answered_on", "changed_on", "reminded_on", "held_on",
    }
)  # fmt: skip
"""Fields that hold ISO dates."""


def enum_word(table: str, field: str, value: str) -> str | None:
    """The word of an enum's value; None for fields that hold no enum, or for a value of a newer program."""
    kind = _ENUMS.get((table, field))
    if kind is None:
        return _WORDS.get((table, field), {}).get(value)
    try:
        return word(kind(value))
    except ValueError:
        return None
