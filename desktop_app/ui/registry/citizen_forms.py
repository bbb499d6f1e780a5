"""The questions about a person: who it is, where and with whom, what for work, and which of the four forms.

Invariant: fields are those of ``services.registry.validation.CITIZEN``; every rule is the service's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.models.records import CitizenDetail
from desktop_app.models.types import LifeStatus, Sex
from desktop_app.services.registry.words import GROUP, LIFE, SEX, word
from desktop_app.ui.registry import choices
from desktop_app.ui.widgets.form_spec import Field, FormSpec

RELATIONS = "chủ hộ, vợ, chồng, con, con dâu, cháu…"
_SEXES = tuple((value.value, SEX[value]) for value in Sex)
_GROUPS = tuple((value.value, text) for value, text in GROUP.items())
_LIVES = tuple((value.value, LIFE[value]) for value in LifeStatus)

Reveal = Callable[[], str | None]


def citizen_spec(
    context: Any,
    detail: CitizenDetail | None = None,
    *,
    reveal_cccd: Reveal | None = None,
    reveal_phone: Reveal | None = None,
    asks_household: bool = True,
) -> FormSpec:
    """The form of a person; ``detail`` is the stored one, for what is proposed beside the fields."""
    fields = [
        Field("full_name", "Họ và tên", is_required=True, section="Người này là ai"),
        Field("birth", "Ngày sinh", "date", placeholder="08/05/1984", help="Chỉ nhớ năm thì gõ năm."),
        Field("sex", "Giới tính", "choice", choices=_SEXES, width=160),
        Field("cccd", "Số CCCD", "cccd", help="12 số; CMND cũ 9 số. Chưa có thì để trống.", reveal=reveal_cccd),
        Field("phone", "Điện thoại", "phone", reveal=reveal_phone),
    ]
    if asks_household:
        fields.append(
            Field(
                "household",
                "Hộ",
                "search",
                help=choices.HOUSEHOLD_HELP,
                find=choices.find_household(context),
                words_of=choices.words_of_household(context),
                section="Ở đâu",
            )
        )
    fields += [
        Field("relation", "Quan hệ với chủ hộ", placeholder=RELATIONS, section="" if asks_household else "Trong hộ"),
        Field(
            "occupation", "Nghề nghiệp", placeholder="nông dân, công nhân, học sinh…", section="Làm gì, dùng phiếu nào"
        ),
        Field("workplace", "Nơi làm việc, nơi học"),
        Field("citizen_group", "Nhóm đối tượng", "choice", choices=_GROUPS, width=400, help=_proposal(detail)),
        Field("branch", "Chi hội khuyến học", "choice", choices=tuple(choices.branches(context)), width=400),
        Field("life_status", "Tình trạng", "choice", choices=_LIVES, width=200, section="Còn ở đây không"),
        Field("status_date", "Từ ngày", "date", placeholder="08/05/1984", help="Ngày đi vắng, chuyển đi hoặc mất."),
        Field("ethnicity", "Dân tộc", width=200, help="Không bắt buộc.", section="Thêm"),
        Field("religion", "Tôn giáo", width=200, help="Không bắt buộc."),
        Field("sort_name", "Tên để sắp xếp", help="Chỉ khi tên không theo họ – đệm – tên, ví dụ H’Hen Niê."),
        Field("note", "Ghi chú", "multiline"),
    ]
    return FormSpec(tuple(fields))


def _proposal(detail: CitizenDetail | None) -> str:
    if detail is None:
        return "Để trống: chương trình đề xuất theo tuổi và nghề."
    if detail.proposed_group is None:
        return "Chưa đủ 16 tuổi trong đợt này nên chưa tự đánh giá."
    return f"Theo tuổi và nghề: {word(detail.proposed_group)}."


def first_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form's fields show at first; a person without a status lives here."""
    return {**values, "life_status": values.get("life_status") or LifeStatus.LIVING.value}
