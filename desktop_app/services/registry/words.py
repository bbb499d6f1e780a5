"""The words by which the register's enums are shown: one table for screens, history, exports and messages."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from desktop_app.models.records import HitKind, VerdictState
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

SEX: Mapping[Sex, str] = {Sex.MALE: "Nam", Sex.FEMALE: "Nữ"}
POVERTY: Mapping[Poverty, str] = {
    Poverty.NONE: "Không nghèo",
    Poverty.POOR: "Hộ nghèo",
    Poverty.NEAR_POOR: "Hộ cận nghèo",
}
GROUP: Mapping[CitizenGroup, str] = {
    CitizenGroup.RESIDENT: "Người dân trong xã",
    CitizenGroup.WORKER: "Người lao động",
    CitizenGroup.OFFICIAL: "Cán bộ, công nhân viên, doanh nhân",
    CitizenGroup.STUDENT: "Học sinh, sinh viên, học viên",
}
"""Names of the four forms, from a training report on QĐ 324."""
GROUP_SHORT: Mapping[CitizenGroup, str] = {
    CitizenGroup.RESIDENT: "Người dân trong xã",
    CitizenGroup.WORKER: "Người lao động",
    CitizenGroup.OFFICIAL: "Cán bộ, viên chức",
    CitizenGroup.STUDENT: "Học sinh, sinh viên",
}
LIFE: Mapping[LifeStatus, str] = {
    LifeStatus.LIVING: "Đang ở",
    LifeStatus.AWAY: "Đi vắng",
    LifeStatus.MOVED: "Đã chuyển đi",
    LifeStatus.DEAD: "Đã mất",
}
MOVE_REASON: Mapping[MoveReason, str] = {
    MoveReason.SPLIT: "Tách hộ",
    MoveReason.JOIN: "Nhập hộ",
    MoveReason.MOVE: "Chuyển nơi ở",
    MoveReason.HEAD: "Đổi chủ hộ",
    MoveReason.AWAY: "Đi vắng",
    MoveReason.MOVED: "Ở ngoài xã",
    MoveReason.MERGE: "Sáp nhập thôn, tổ",
    MoveReason.CLOSED: "Hộ không còn ai",
}
HAMLET_KIND: Mapping[HamletKind, str] = {
    HamletKind.THON: "Thôn",
    HamletKind.BAN: "Bản",
    HamletKind.AP: "Ấp",
    HamletKind.KHOM: "Khóm",
    HamletKind.TO_DAN_PHO: "Tổ dân phố",
    HamletKind.KHU_PHO: "Khu phố",
    HamletKind.OTHER: "Khác",
}
ORGANIZATION_KIND: Mapping[OrganizationKind, str] = {
    OrganizationKind.SCHOOL: "Trường học",
    OrganizationKind.AGENCY: "Cơ quan",
    OrganizationKind.ENTERPRISE: "Doanh nghiệp",
    OrganizationKind.COOPERATIVE: "Hợp tác xã",
    OrganizationKind.OTHER: "Khác",
}
MODEL: Mapping[LearningModel, str] = {
    LearningModel.CITIZEN: "Công dân học tập",
    LearningModel.FAMILY: "Gia đình học tập",
    LearningModel.CLAN: "Dòng họ học tập",
    LearningModel.COMMUNITY: "Cộng đồng học tập",
    LearningModel.ORGANIZATION: "Đơn vị học tập",
    LearningModel.COMMUNE: "Cộng đồng học tập cấp xã",
}
VERDICT: Mapping[VerdictState, str] = {
    VerdictState.PASSED: "Đạt",
    VerdictState.FAILED: "Chưa đạt",
    VerdictState.PARTIAL: "Đang chấm",
    VerdictState.NONE: "Chưa chấm",
}
ASSESSMENT_STATUS: Mapping[AssessmentStatus, str] = {
    AssessmentStatus.DRAFT: "Đang chấm",
    AssessmentStatus.COMPLETE: "Đã chấm xong",
    AssessmentStatus.RETURNED: "Trả lại",
    AssessmentStatus.ACCEPTED: "Đã thẩm định",
    AssessmentStatus.RECOGNISED: "Đã công nhận",
}
SECOND_ENTRY_STATUS: Mapping[SecondEntryStatus, str] = {
    SecondEntryStatus.DRAWN: "Chờ nhập lần hai",
    SecondEntryStatus.KEYED: "Chờ đối chiếu",
    SecondEntryStatus.AGREED: "Hai lần khớp nhau",
    SecondEntryStatus.DIFFERS: "Hai lần khác nhau",
    SecondEntryStatus.SETTLED: "Đã đối chiếu",
}
CERTIFICATE_STATUS: Mapping[CertificateStatus, str] = {
    CertificateStatus.ISSUED: "Chờ in",
    CertificateStatus.PRINTED: "Đã in",
    CertificateStatus.SIGNED: "Đã ký",
    CertificateStatus.HANDED_OVER: "Đã trao",
    CertificateStatus.VOIDED: "Đã hủy",
}
ROUND_STATUS: Mapping[RoundStatus, str] = {
    RoundStatus.OPEN: "Đang mở",
    RoundStatus.CLOSING: "Đang khóa",
    RoundStatus.CLOSED: "Đã khóa",
}
REGISTRATION_KIND: Mapping[RegistrationKind, str] = {
    RegistrationKind.NEW: "Đăng ký mới",
    RegistrationKind.RENEWAL: "Tái đăng ký",
}
REVIEW_STAGE: Mapping[ReviewStage, str] = {
    ReviewStage.HAMLET: "Bình xét ở thôn",
    ReviewStage.BRANCH: "Chi hội",
    ReviewStage.COMMUNE: "Hội Khuyến học xã",
}
REVIEW_OUTCOME: Mapping[ReviewOutcome, str] = {
    ReviewOutcome.ACCEPTED: "Chấp nhận",
    ReviewOutcome.RETURNED: "Trả lại",
}
OBJECTION_OUTCOME: Mapping[ObjectionOutcome, str] = {
    ObjectionOutcome.UPHELD: "Ý kiến đúng",
    ObjectionOutcome.REJECTED: "Không chấp nhận ý kiến",
}
SITE_STATE: Mapping[SiteState, str] = {
    SiteState.NONE: "Chưa có tài khoản",
    SiteState.REGISTERED: "Đã đăng ký tài khoản",
    SiteState.SELF_ASSESSED: "Đã tự đánh giá",
    SiteState.RECOGNISED: "Đã được công nhận",
}
HIT_KIND: Mapping[HitKind, str] = {
    HitKind.CITIZEN: "Công dân",
    HitKind.HOUSEHOLD: "Hộ gia đình",
    HitKind.HAMLET: "Thôn – tổ",
    HitKind.CLAN: "Dòng họ",
    HitKind.ORGANIZATION: "Đơn vị",
    HitKind.BRANCH: "Chi hội",
}

_TABLES: tuple[Mapping[Any, str], ...] = (
    SEX, POVERTY, GROUP, LIFE, MOVE_REASON, HAMLET_KIND, ORGANIZATION_KIND, MODEL, VERDICT, ASSESSMENT_STATUS,
    SECOND_ENTRY_STATUS, OBJECTION_OUTCOME, SITE_STATE,
    CERTIFICATE_STATUS,
    HIT_KIND, ROUND_STATUS, REGISTRATION_KIND, REVIEW_STAGE, REVIEW_OUTCOME,
)  # fmt: skip


def word(value: StrEnum | None) -> str:
    """The word for any value of the register's enums; empty for None."""
    if value is None:
        return ""
    for table in _TABLES:
        if value in table and type(value) is type(next(iter(table))):
            return table[value]
    return value.value
