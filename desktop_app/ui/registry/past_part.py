"""A household's past on its page: its titles, what it was on a past round's day, who and where it was before.

Invariant: shows what services tell; nothing of it is edited here but titles of former years.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.models.records import HouseholdDetail
from desktop_app.models.types import LearningModel
from desktop_app.ui.registry import parts, then_part, titles_part

if TYPE_CHECKING:
    from desktop_app.ui.registry.edit_page import EditPage


def add_household_past(page: EditPage, record: HouseholdDetail) -> None:
    """Titles year by year, the round's day, what split off, who lived here before, and where the household was."""
    from desktop_app.services.registry.details_past import household_past

    panel, past = page.panel, household_past(page.context, record.uid)
    titles_part.add_titles(page, LearningModel.FAMILY, record.uid, record.titles)
    parts.add_year_titles(panel, "Danh hiệu công dân trong hộ", [y for y in past.titles if y.count])
    then_part.add_household(panel, page.context, record.uid, page.open_link)
    for link in past.split_off:
        panel.add_link("Đã tách ra hộ", link.name or "(chưa có mã)", "households", link.uid)
    parts.add_former_members(panel, past.members, page.open_link)
    parts.add_former_places(panel, "Nơi ở trước của hộ", past.places, "hamlets", page.open_link)
