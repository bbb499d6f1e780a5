"""What is to be printed: whose forms, in which order, what goes with them.

Invariant: a request says nothing of people but their uids; the forms are read when the print is planned.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.worklist import WorkStatus
from desktop_app.services.errors import UserError
from desktop_app.services.vietnamese import number_text

STACK_SIZE = 40
MOST_BLANKS = 2_000
MOST_FORMS = 10_000


class PaperOrder(StrEnum):
    """How forms are handed out."""

    HOUSEHOLD = "household"
    SET = "set"
    NAME = "name"
    ORGANIZATION = "organization"


ORDER_TEXT: dict[PaperOrder, str] = {
    PaperOrder.HOUSEHOLD: "Thôn, mã hộ, thứ tự trong hộ",
    PaperOrder.SET: "Thôn, loại phiếu, mã hộ",
    PaperOrder.NAME: "Thôn, tên",
    PaperOrder.ORGANIZATION: "Đơn vị, tên",
}


@dataclass(frozen=True, slots=True)
class PaperRequest:
    """One print.

    Args:
        models: whose forms; families and citizens may go together, sorted by household.
        group: citizens of one group only.
        hamlets: only these; none means all.
        household, organization: only its own form and people.
        subjects: only these; None for all that the rest leaves.
        status: only forms that are so far.
        is_registered: only who registered for the round.
        text: as typed into a list's search box.
        blanks: forms of nobody, of each set.
        has_forms, has_covers, has_assignments: what the print holds.
        stack_size: forms under one cover sheet, a household is not parted.
        collectors: who share the forms of a place; nobody leaves dots to be filled in.
        is_two_sided: everything begins on a new sheet.
        has_all_levels: every level of every indicator is printed, on as many sheets as that takes.
    """

    year: int
    models: tuple[LearningModel, ...] = (LearningModel.CITIZEN,)
    group: CitizenGroup | None = None
    hamlets: tuple[Uid, ...] = ()
    household: Uid | None = None
    organization: Uid | None = None
    subjects: tuple[Uid, ...] | None = None
    status: WorkStatus | None = None
    is_registered: bool = False
    text: str = ""
    order: PaperOrder = PaperOrder.HOUSEHOLD
    blanks: int = 0
    has_forms: bool = True
    has_covers: bool = False
    has_assignments: bool = False
    stack_size: int = STACK_SIZE
    collectors: tuple[str, ...] = field(default=())
    is_two_sided: bool = True
    has_all_levels: bool = False


def check_count(count: int) -> None:
    """Refuse more forms than a small machine can hold for one file; raises UserError ``paper.too_many``."""
    if count > MOST_FORMS:
        raise UserError(
            f"Lần in này có {number_text(count)} phiếu, một tệp chứa nhiều nhất {number_text(MOST_FORMS)} phiếu nên "
            "chưa in gì. Hãy chọn ít thôn hơn, hoặc từng nhóm một.",
            code="paper.too_many",
        )
