"""Opens "Bảng điểm và lý do" of one form or many on top of a page, to look at, print or keep.

Invariant: that sheets with names leave the register is written down before the first page does.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.review.sheets import note_sheets, verdict_sheets_pdf
from desktop_app.services.context import Context
from desktop_app.services.progress import Progress
from desktop_app.ui.recognition.preview_page import PreviewPage

if TYPE_CHECKING:
    from desktop_app.ui.page import Page

TITLE = "Bảng điểm và lý do"


def open_sheets(page: Page, model: LearningModel, year: int, subjects: Sequence[Uid]) -> None:
    """Show the sheets of these subjects in the order given."""
    if page.shell is None or not subjects:
        return
    context, chosen = page.context, tuple(subjects)

    def record(_first: int, _last: int) -> bool:
        note_sheets(context, model, year, len(chosen))
        return True

    pages = PreviewPage(
        context,
        TITLE,
        partial(_made, context, model, year, chosen),
        file_name=f"bang_diem_{model.value}_{year}.pdf",
        record=record,
    )
    pages.help_topic = page.help_topic
    pages.view.saved.connect(lambda _path: note_sheets(context, model, year, len(chosen)))
    page.shell.push(pages)


def _made(
    context: Context, model: LearningModel, year: int, subjects: Sequence[Uid], out: Path, progress: Progress
) -> None:
    verdict_sheets_pdf(context, model, year, subjects, out, progress=progress)
