"""Sections that the panels of several kinds of records share: the year's result, titles, earlier years, people.

Invariant: the sentence of a result is the one that stands on the form itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from desktop_app.models.records import NOT_ASSESSED, Member, Title, YearResult
from desktop_app.models.types import CertificateStatus, LearningModel, LifeStatus
from desktop_app.services.errors import UserError
from desktop_app.services.registry.groups import YOUNGEST
from desktop_app.services.registry.words import CERTIFICATE_STATUS, word
from desktop_app.ui.registry.cells import life_chip, points_text, verdict_chip
from desktop_app.ui.registry.record_panel import RecordPanel
from desktop_app.ui.registry.row_list import RowItem
from desktop_app.ui.widgets.painting import ChipData

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
    earlier = [
        f"{result.year}: {points_text(result.score) or '–'} điểm, {verdict_chip(result.score).text.lower()}"
        for result in years
        if result.year != year
    ]
    if earlier:
        panel.add_text("Những năm trước: " + "; ".join(earlier) + ".", "small")
    return not form.is_too_young


def add_titles(panel: RecordPanel, titles: Sequence[Title]) -> None:
    """Every certificate, newest first; nothing where there is none."""
    if not titles:
        return
    panel.add_heading("Danh hiệu")
    panel.add_rows("Danh hiệu", [_title_row(title) for title in titles])


def _title_row(title: Title) -> RowItem:
    is_void = title.status is CertificateStatus.VOIDED
    chip = ChipData(CERTIFICATE_STATUS[title.status], "failed" if is_void else "passed", "ban" if is_void else "award")
    detail = " · ".join(p for p in (f"số {title.number}", title.decision and f"QĐ {title.decision}") if p)
    return RowItem(title.certificate, f"{word(title.model)} {title.year}", detail, chip)


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
    return sum(member.life in (LifeStatus.LIVING, LifeStatus.AWAY) for member in members)
