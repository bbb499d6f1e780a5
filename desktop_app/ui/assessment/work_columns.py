"""What the work list shows of each model, and what an empty list says.

Invariant: a column's key is an order that the list's service knows, or the column is not sortable.
"""

from __future__ import annotations

from collections.abc import Mapping

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.worklist import WORK_STATUS_TEXT, WorkRow, WorkStatus
from desktop_app.ui.assessment.inputs import score_text
from desktop_app.ui.assessment.words import status_chip
from desktop_app.ui.registry.cells import LIST_GROUPS
from desktop_app.ui.widgets.paged_model import Column
from desktop_app.ui.widgets.painting import ChipData


def _result(row: WorkRow) -> ChipData:
    shows_verdict = row.status not in (WorkStatus.RETURNED, WorkStatus.RECOGNISED, WorkStatus.NOT_STARTED)
    return status_chip(row.status, row.chip if shows_verdict else WORK_STATUS_TEXT[row.status])


_TOTAL = Column(
    "total", "Điểm", 72, "number", lambda r: None if r.total is None else score_text(r.total), tip="Tổng điểm của đợt"
)
_RESULT = Column("status", "Kết quả", 146, "chip", _result)
_REGISTERED = Column(
    "is_registered",
    "Đăng ký",
    86,
    "check",
    is_sortable=False,
    gives_way=5,
    tip="Đã đăng ký danh hiệu của đợt",
)
_HAMLET = Column("hamlet", "Thôn", 98, stretch=2, gives_way=1)
_GROUP = Column(
    "group",
    "Nhóm",
    116,
    value=lambda r: LIST_GROUPS[r.group] if r.group else "chưa chọn",
    is_sortable=False,
    gives_way=4,
)


def _name(title: str) -> Column:
    return Column("name", title, 206, "strong", stretch=3)


def _detail(title: str, width: int = 120) -> Column:
    return Column("detail", title, width, "quiet", is_sortable=False, gives_way=2)


_BIRTH = Column("birth", "Sinh", 104, is_sortable=False, gives_way=3)
COLUMNS: Mapping[LearningModel, tuple[Column, ...]] = {
    LearningModel.CITIZEN: (
        _name("Họ và tên"), _BIRTH, _HAMLET, _detail("Hộ", 92), _GROUP, _REGISTERED, _TOTAL, _RESULT,
    ),
    LearningModel.FAMILY: (_name("Chủ hộ"), _detail("Mã hộ"), _HAMLET, _REGISTERED, _TOTAL, _RESULT),
    LearningModel.CLAN: (_name("Dòng họ"), _detail("Trưởng tộc", 200), _HAMLET, _REGISTERED, _TOTAL, _RESULT),
    LearningModel.COMMUNITY: (_name("Thôn, tổ"), _detail("Xã cũ", 200), _REGISTERED, _TOTAL, _RESULT),
    LearningModel.ORGANIZATION: (_name("Đơn vị"), _HAMLET, _REGISTERED, _TOTAL, _RESULT),
    LearningModel.COMMUNE: (_name("Xã"), _detail("Tỉnh", 200), _REGISTERED, _TOTAL, _RESULT),
}  # fmt: skip

EMPTY: Mapping[LearningModel, tuple[str, str, str, str]] = {
    LearningModel.CITIZEN: (
        "users", "Sổ chưa có công dân nào từ 16 tuổi. Hãy nhập danh sách dân cư trước.", "Mở Công dân", "citizens",
    ),
    LearningModel.FAMILY: (
        "house", "Sổ chưa có hộ gia đình nào. Hãy nhập danh sách dân cư trước.", "Mở Hộ gia đình", "households",
    ),
    LearningModel.CLAN: (
        "network", "Sổ chưa có dòng họ nào. Hãy lập dòng họ và chọn các gia đình của họ.", "Mở Dòng họ", "clans",
    ),
    LearningModel.COMMUNITY: (
        "map-pin", "Sổ chưa có thôn, tổ nào. Hãy thêm các thôn của xã.", "Mở Thôn – tổ", "hamlets",
    ),
    LearningModel.ORGANIZATION: (
        "building-2", "Sổ chưa có đơn vị nào. Hãy thêm trường học, cơ quan, doanh nghiệp.", "Mở Đơn vị",
        "organizations",
    ),
    LearningModel.COMMUNE: ("landmark", "Sổ chưa ghi xã.", "Mở Thiết lập", "settings"),
}  # fmt: skip
"""Icon, sentence, button, and the screen it opens."""
