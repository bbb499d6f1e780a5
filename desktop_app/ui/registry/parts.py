"""Sections that the panels of several kinds of records share: the year's result, titles, earlier years, people.

Invariant: the sentence of a result is the one that stands on the form itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop_app.models.records import NOT_ASSESSED, Member, YearResult
from desktop_app.models.types import LearningModel, LifeStatus, MoveReason
from desktop_app.services.errors import UserError
from desktop_app.services.registry.groups import YOUNGEST
from desktop_app.services.registry.words import word
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.registry.cells import life_chip, points_text, verdict_chip
from desktop_app.ui.registry.record_panel import RecordPanel
from desktop_app.ui.registry.row_list import RowItem
from desktop_app.ui.widgets.basics import Button, QuietButton
from desktop_app.ui.widgets.painting import ChipData

if TYPE_CHECKING:
    from desktop_app.services.moves.residence import FormerPlace
    from desktop_app.services.registry.details_past import FormerMember, YearTitles

HERE = (LifeStatus.LIVING, LifeStatus.AWAY)
"""Who is of a household now: living there, or away for a time."""

TOO_YOUNG = f"Chưa đủ {YOUNGEST} tuổi trong đợt này."


def add_result(panel: RecordPanel, context: Any, model: LearningModel, uid: str, years: Sequence[YearResult]) -> bool:
    """The present round's verdict with its sentence, and in one line what earlier years gave.

    Returns:
        Whether a form can be opened for the record; somebody too young for the round has no verdict and no form.
    """
    from desktop_app.services.assessment.form import open_form
    from desktop_app.services.assessment.rounds import current_round

    try:
        year = current_round(context).year
        form = open_form(context, model, uid, year)
    except UserError as error:
        panel.add_heading("Đánh giá")
        panel.add_text(error.message, "quiet")
        return True
    score = next((result.score for result in years if result.year == year), NOT_ASSESSED)
    if form.is_too_young:
        panel.add_heading(f"Đánh giá {year}")
        panel.add_text(TOO_YOUNG, "quiet")
    else:
        panel.add_verdict(year, score, form.sentence, form.definition.shown_heading)
    others = [
        f"{result.year}: {points_text(result.score) or '–'} điểm, {verdict_chip(result.score).text.lower()}"
        for result in years
        if result.year != year
    ]
    if others:
        are_before = all(result.year <= year for result in years)
        panel.add_text(f"Những năm {'trước' if are_before else 'khác'}: " + "; ".join(others) + ".", "small")
    return not form.is_too_young


def member_row(member: Member, *, shows_score: bool = True) -> RowItem:
    """A person of a household or an organization."""
    detail = " · ".join(part for part in (member.relation, member.birth, word(member.sex)) if part)
    chip = life_chip(member.life)
    if chip is None and shows_score and member.score is not NOT_ASSESSED and member.score.total is not None:
        found = verdict_chip(member.score)
        chip = ChipData(f"{points_text(member.score) or ''} {found.text}".strip(), found.tone, found.icon)
    return RowItem(member.uid, member.name, detail, chip)


def here(members: Sequence[Member]) -> int:
    """How many of them live here now, or are away for a time."""
    return sum(member.life in HERE for member in members)


def menu_button(text: str, icon: str, show_menu: Callable[[QWidget], object], tip: str = "") -> Button:
    """A small button that opens a menu below itself."""
    made = QuietButton(text, icon=icon, trailing="chevron-down", small=True)
    made.setToolTip(tip or text)
    made.setAccessibleName(tip or text)
    made.clicked.connect(lambda _checked=False: show_menu(made))
    return made


def add_year_titles(panel: RecordPanel, heading: str, years: Sequence[YearTitles], unit: str = "người") -> None:
    """How many hold the title, year by year, with their names where they are few."""
    if not years:
        return
    panel.add_heading(heading)
    for found in years:
        names = f": {', '.join(found.names)}" if found.names else ""
        own = " (và của cả đơn vị)" if found.has_own and not found.names else ""
        panel.add_text_fact(str(found.year), f"{number_text(found.count)} {unit}{names}{own}")


def add_former_members(
    panel: RecordPanel, members: Sequence[FormerMember], open_link: Callable[[str, str], object]
) -> None:
    """Who lived in a household before; Enter on a row opens that person."""
    if members:
        panel.add_heading("Từng ở hộ này")
        rows = panel.add_rows("Từng ở hộ này", [former_member_row(member) for member in members])
        rows.opened.connect(lambda uid: open_link("citizens", uid))


def former_member_row(member: FormerMember) -> RowItem:
    """Somebody who lived in a household before."""
    left = f"đến {member.until}" if member.until else ""
    detail = " · ".join(part for part in (member.relation, left, word(member.reason).lower()) if part)
    return RowItem(member.uid, member.name, detail)


def add_former_places(
    panel: RecordPanel,
    heading: str,
    places: Sequence[FormerPlace],
    page_key: str,
    open_link: Callable[[str, str], object],
) -> None:
    """Where a person lived, or a household stood, before; Enter on a row opens that household or hamlet."""
    if not places:
        return
    panel.add_heading(heading)
    rows = panel.add_rows(heading, [_place_row(place, page_key) for place in places])
    rows.opened.connect(lambda uid: open_link(page_key, uid) if uid else None)


def _place_row(place: FormerPlace, page_key: str) -> RowItem:
    if place.where is not None:
        name = f"Hộ {place.where.name}" if page_key == "households" else place.where.name
    else:
        name = {MoveReason.AWAY: "Đi vắng", MoveReason.CLOSED: "Hộ không có ai"}.get(
            place.reason or MoveReason.MOVED, "Ở ngoài xã"
        )
    days = " – ".join((place.since or "từ trước", place.until or "nay"))
    reason = "" if place.where is None else word(place.reason).lower()
    detail = " · ".join(part for part in (days, place.relation, place.words, reason) if part)
    return RowItem(place.where.uid if place.where is not None else "", name, detail)
