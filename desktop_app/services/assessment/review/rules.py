"""How an office reviews: the stages it uses, whether they follow each other, who may do which, how long a list hangs.

Invariants: the commune's stage is always used and is done at the office only; the settings are the office's, and a
refused deed changes nothing and says why. NĐ 86/2023/NĐ-CP names ten days for the list of Gia đình văn hóa; for the
learning models no text was found, so our ten days are a suggestion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import DeviceRole, ReviewStage, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.raw import one_row
from desktop_app.services.settings import write_setting

KEY = "review"
POSTING_DAYS = 10
"""Days that a list hangs where the office says nothing else."""
MOST_DAYS = 60

STAGE_TEXT: dict[ReviewStage, str] = {
    ReviewStage.HAMLET: "thôn bình xét",
    ReviewStage.BRANCH: "chi hội thẩm định",
    ReviewStage.COMMUNE: "xã thẩm định",
}
"""The stage as a deed, in a sentence."""
ORDER = tuple(ReviewStage)


@dataclass(frozen=True)
class ReviewRules:
    """What the office has chosen.

    Attributes:
        stages: the stages that are used, in their order; the commune's is always among them.
        in_order: a stage accepts only what every used stage before it has accepted.
        needs_acceptance: only what the commune has accepted may be recognised.
        who: stage → uids of the users who may review at it; a stage that is not named is open to everybody.
        posting_days: how long a posted list takes objections.
    """

    stages: tuple[ReviewStage, ...] = ORDER
    in_order: bool = False
    needs_acceptance: bool = False
    who: Mapping[ReviewStage, tuple[Uid, ...]] = field(default_factory=dict)
    posting_days: int = POSTING_DAYS

    def before(self, stage: ReviewStage) -> tuple[ReviewStage, ...]:
        """The stages that must have accepted a form before this one does."""
        if not self.in_order:
            return ()
        return tuple(item for item in self.stages if ORDER.index(item) < ORDER.index(stage))


def load_rules(context: Context) -> ReviewRules:
    """The rules as they stand now."""
    with context.read() as connection:
        return read_rules(connection)


def read_rules(connection: Connection) -> ReviewRules:
    """The same within a reading transaction; what is stored oddly falls back to the lenient default."""
    import json

    row = one_row(connection, "SELECT value FROM setting WHERE key = ? AND present", (KEY,))
    try:
        stored = json.loads(row[0]) if row and isinstance(row[0], str) else {}
    except ValueError:
        stored = {}
    if not isinstance(stored, Mapping):
        return ReviewRules()
    days = stored.get("posting_days")
    return ReviewRules(
        stages=_stages(stored.get("stages")),
        in_order=stored.get("in_order") is True,
        needs_acceptance=stored.get("needs_acceptance") is True,
        who=_who(stored.get("who")),
        posting_days=days if isinstance(days, int) and 1 <= days <= MOST_DAYS else POSTING_DAYS,
    )


def save_rules(context: Context, rules: ReviewRules) -> None:
    """Store the office's rules as one undoable deed.

    Raises:
        UserError: ``review.rules_office`` on a volunteer's machine, ``review.days``.
    """
    if context.role is DeviceRole.VOLUNTEER:
        raise UserError(
            "Cách thẩm định do máy của xã đặt; chưa đổi gì. Hãy báo cán bộ xã đổi rồi gửi gói về máy này.",
            code="review.rules_office",
        )
    if not 1 <= rules.posting_days <= MOST_DAYS:
        raise UserError(f"Số ngày niêm yết phải từ 1 đến {MOST_DAYS}; chưa đổi gì. Hãy nhập lại.", code="review.days")
    stages = tuple(item for item in ORDER if item in rules.stages or item is ReviewStage.COMMUNE)
    value = {
        "stages": [item.value for item in stages],
        "in_order": rules.in_order,
        "needs_acceptance": rules.needs_acceptance,
        "who": {stage.value: list(users) for stage, users in rules.who.items() if users},
        "posting_days": rules.posting_days,
    }
    with context.operation("settings.change", {"what": "bình xét, thẩm định, niêm yết"}) as op:
        write_setting(op.writer, KEY, value)


def hindrance(context: Context, rules: ReviewRules, stage: ReviewStage) -> UserError | None:
    """Why the person at this machine may not review at a stage; None when he may."""
    words = STAGE_TEXT[stage]
    if stage not in rules.stages:
        return UserError(
            f"Cơ quan không dùng bước {words} nên chưa ghi gì. Chọn bước khác, hoặc bật bước này trong Cách thẩm định.",
            code="review.stage_unused",
        )
    if stage is ReviewStage.COMMUNE and context.role is DeviceRole.VOLUNTEER:
        return UserError(
            "Bước xã thẩm định chỉ ghi ở máy của xã; máy này chưa ghi gì. Ở đây ghi được kết quả họp thôn và chi hội.",
            code="review.office_only",
        )
    allowed = rules.who.get(stage, ())
    if allowed and context.user not in allowed:
        return UserError(
            f"Bạn không có trong danh sách được ghi bước {words} nên chưa ghi gì. Hãy đổi sang người được giao, hoặc "
            "sửa danh sách này trong Cách thẩm định.",
            code="review.not_allowed",
        )
    return None


def require_may(context: Context, rules: ReviewRules, stage: ReviewStage) -> None:
    """Refuse who may not; raises UserError ``review.stage_unused``, ``review.office_only``, ``review.not_allowed``."""
    refusal = hindrance(context, rules, stage)
    if refusal is not None:
        raise refusal


def _stages(stored: Any) -> tuple[ReviewStage, ...]:
    if not isinstance(stored, list):
        return ORDER
    return tuple(item for item in ORDER if item.value in stored or item is ReviewStage.COMMUNE)


def _who(stored: Any) -> dict[ReviewStage, tuple[Uid, ...]]:
    if not isinstance(stored, Mapping):
        return {}
    return {
        stage: tuple(str(uid) for uid in stored[stage.value])
        for stage in ORDER
        if isinstance(stored.get(stage.value), list) and stored[stage.value]
    }
