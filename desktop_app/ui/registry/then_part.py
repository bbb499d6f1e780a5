"""What a past round counts of a record, beside what the register holds today.

Invariant: while the round that people work in still counts the present, nothing is added; the figures are those that
the forms of that round are judged by.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.registry.parts import member_row
from desktop_app.ui.registry.record_panel import RecordPanel
from desktop_app.ui.registry.row_list import RowItem
from desktop_app.ui.widgets.painting import ChipData

if TYPE_CHECKING:
    from desktop_app.services.registry.details_then import HomeThen, RecordThen, Share

OpenLink = Callable[[str, str], object]


def add_household(panel: RecordPanel, context: Any, uid: str, open_link: OpenLink) -> None:
    """Who lived in a household on the round's day, and where it stood."""
    from desktop_app.services.registry.details_then import household_then

    then = household_then(context, uid)
    if then is None:
        return
    _head(panel, then)
    if not then.existed:
        panel.add_text("Ngày ấy sổ chưa có hộ này, hoặc hộ đã thôi.", "quiet")
        return
    place = " · ".join(part for part in (then.hamlet.name if then.hamlet else "", then.address) if part)
    panel.add_text_fact("Ở", place, skips_blank=True)
    _add_members(panel, then, open_link)


def add_hamlet(panel: RecordPanel, context: Any, uid: str) -> None:
    """How many households and people a hamlet had on the round's day, and how many of them pass."""
    from desktop_app.services.registry.details_then import hamlet_then

    then = hamlet_then(context, uid)
    if then is not None:
        _head(panel, then)
        panel.add_text_fact("Hộ", _share(then.families, "hộ", "Gia đình học tập"))
        panel.add_text_fact("Người", _share(then.people, "người", "Công dân học tập"))


def add_clan(panel: RecordPanel, context: Any, uid: str, open_link: OpenLink) -> bool:
    """The households of a clan on the round's day, and how many of them pass; False while it counts the present."""
    from desktop_app.services.registry.details_then import SHOWN, clan_then

    then = clan_then(context, uid)
    if then is None:
        return False
    _head(panel, then)
    panel.add_text_fact("Hộ", _share(then.families, "hộ", "Gia đình học tập"))
    if then.homes:
        rows = panel.add_rows("Các hộ ngày chốt", [_home_row(home) for home in then.homes])
        rows.opened.connect(lambda key: open_link("households", key))
    _say_rest(panel, then.families, SHOWN)
    return True


def add_organization(panel: RecordPanel, context: Any, uid: str, open_link: OpenLink) -> None:
    """The people of a unit on the round's day, and how many of them pass."""
    from desktop_app.services.registry.details_then import SHOWN, organization_then

    then = organization_then(context, uid)
    if then is not None:
        _head(panel, then)
        panel.add_text_fact("Người", _share(then.people, "người", "Công dân học tập"))
        if then.members:
            _add_members(panel, then, open_link)
        _say_rest(panel, then.people, SHOWN)


def _head(panel: RecordPanel, then: RecordThen) -> None:
    panel.add_heading(f"Đợt {then.year} tính theo sổ ngày {then.day}")


def _add_members(panel: RecordPanel, then: RecordThen, open_link: OpenLink) -> None:
    if not then.members:
        panel.add_text("Ngày ấy hộ không có ai.", "quiet")
        return
    rows = panel.add_rows("Người tính trong đợt", [member_row(member) for member in then.members])
    rows.opened.connect(lambda key: open_link("citizens", key))


def _say_rest(panel: RecordPanel, share: Share | None, shown: int) -> None:
    if share is not None and share.whole > shown:
        panel.add_text(f"Hiện {number_text(shown)} dòng đầu trong {number_text(share.whole)}.", "small")


def _share(share: Share | None, unit: str, title: str) -> str:
    if share is None:
        return ""
    if not share.whole:
        return f"0 {unit}"
    percent = percent_text(100 * share.passing / share.whole)
    return f"{number_text(share.whole)} {unit}; {number_text(share.passing)} đạt {title} ({percent})"


def _home_row(home: HomeThen) -> RowItem:
    chip = ChipData("Đạt", "passed", "check") if home.passes else None
    name = f"Hộ {home.head or home.household.name}"
    return RowItem(home.household.uid, name, " · ".join(p for p in (home.household.name, home.hamlet) if p), chip)
