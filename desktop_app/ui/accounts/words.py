"""How states on the national site are shown, and the columns of its lists.

Invariant: a state is the same chip everywhere: icon, word and colour together.
"""

from __future__ import annotations

from desktop_app.models.types import SiteState
from desktop_app.services.assessment.accounts import SITE_WORDS, AccountCount, AccountRow
from desktop_app.services.vietnamese import PartialDate, number_text
from desktop_app.ui import texts
from desktop_app.ui import widgets as w
from desktop_app.ui.registry.cells import LIST_GROUPS

TONES = {
    SiteState.NONE: ("neutral", "circle"),
    SiteState.REGISTERED: ("accent", "user-check"),
    SiteState.SELF_ASSESSED: ("attention", "clipboard-check"),
    SiteState.RECOGNISED: ("passed", "award"),
}
SHORT = {
    SiteState.NONE: "Chưa có",
    SiteState.REGISTERED: "Đã đăng ký",
    SiteState.SELF_ASSESSED: "Đã tự đánh giá",
    SiteState.RECOGNISED: "Được công nhận",
}


def state_chip(state: SiteState) -> w.ChipData:
    tone, icon = TONES[state]
    return w.ChipData(SHORT[state], tone, icon)


def day_text(iso: str) -> str:
    return PartialDate.from_iso(iso).text() if iso else ""


PEOPLE_COLUMNS = (
    w.Column("name", "Họ và tên", 200, "strong", stretch=3),
    w.Column("birth", "Sinh", 104, gives_way=3),
    w.Column("hamlet", "Thôn", 110, stretch=1, gives_way=2),
    w.Column("workplace", "Nơi làm việc", 130, stretch=1, is_sortable=False, gives_way=5),
    w.Column(
        "group", "Nhóm", 130, value=lambda r: LIST_GROUPS[r.group] if r.group else "chưa chọn", is_sortable=False,
        gives_way=4,
    ),
    w.Column("state", "Trạng thái", 168, "chip", lambda r: state_chip(r.state), whole=lambda r: SITE_WORDS[r.state]),
    w.Column("changed_on", "Từ ngày", 104, value=lambda r: day_text(r.changed_on), gives_way=1),
)  # fmt: skip


def count_words(line: AccountCount) -> str:
    """ "84/120 (70 %) có tài khoản, 60 tự đánh giá"."""
    if not line.people:
        return "không có ai trong diện"
    share = texts.percent(line.accounts / line.people, 0)
    return (
        f"{number_text(line.accounts)}/{number_text(line.people)} ({share}) có tài khoản, "
        f"{number_text(line.assessed)} tự đánh giá"
    )


def _short_count(line: AccountCount) -> str:
    """ "84/120 (70 %)"."""
    if not line.people:
        return "không có ai"
    share = texts.percent(line.accounts / line.people, 0)
    return f"{number_text(line.accounts)}/{number_text(line.people)} ({share})"


def lack_chip(line: AccountCount) -> w.ChipData:
    lacking = line.people - line.accounts
    if not line.people:
        return w.ChipData("–", "neutral", "")
    return w.ChipData("Đủ 100 %", "passed") if not lacking else w.ChipData(f"Thiếu {number_text(lacking)}", "attention")


def _lack_number(line: AccountCount) -> w.ChipData:
    """The same below a heading that says what lacks."""
    chip = lack_chip(line)
    return w.ChipData(chip.text.removeprefix("Thiếu "), chip.tone, chip.icon)


COUNT_COLUMNS = (
    w.Column("name", "Nơi", 170, "strong", stretch=1, is_sortable=False),
    w.Column("accounts", "Có tài khoản", 134, value=_short_count, is_sortable=False),
    w.Column(
        "assessed", "Tự đánh giá", 98, "number", lambda line: number_text(line.assessed), is_sortable=False, gives_way=2
    ),
    w.Column("lacking", "Còn thiếu", 104, "chip", _lack_number, is_sortable=False, gives_way=1),
    w.Column("person", "Người theo dõi", 112, is_sortable=False, gives_way=4),
    w.Column(
        "reminded_on", "Nhắc ngày", 100, value=lambda line: day_text(line.reminded_on), is_sortable=False, gives_way=3
    ),
)  # fmt: skip

__all__ = [
    "COUNT_COLUMNS", "PEOPLE_COLUMNS", "SHORT", "AccountRow", "count_words", "day_text", "lack_chip", "state_chip",
]  # fmt: skip
