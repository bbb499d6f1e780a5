"""What the screen of paper forms is opened with: one person, one household, one unit, or a list as it is filtered.

Invariant: a start only fills the fields; a person sees and may change all of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.worklist import WorkFilter

if TYPE_CHECKING:
    from desktop_app.ui.page import Page


@dataclass(frozen=True, slots=True)
class PaperStart:
    """Where the choice begins.

    Args:
        models: whose forms.
        filter: of the list it was asked from.
        household, organization, subject: uid of the one it was asked for.
    """

    models: tuple[LearningModel, ...] = (LearningModel.CITIZEN,)
    filter: WorkFilter = field(default_factory=WorkFilter)
    household: Uid | None = None
    organization: Uid | None = None
    subject: Uid | None = None


def start_of(page: Page) -> PaperStart:
    """The assessment list's model and filter; the whole commune where the page has none."""
    model, wanted = getattr(page, "model", None), getattr(page, "filter", None)
    return PaperStart(
        (model,) if isinstance(model, LearningModel) else (LearningModel.CITIZEN,),
        wanted if isinstance(wanted, WorkFilter) else WorkFilter(),
    )


def open_paper(page: Page, start: PaperStart) -> None:
    """Put the screen on top of the page; for the menus of people, households and units."""
    from desktop_app.ui.paper.page import PaperPage

    if page.shell is not None:
        with page.errors():
            page.shell.push(PaperPage(page.context, start))
