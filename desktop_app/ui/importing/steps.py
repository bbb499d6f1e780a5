"""The steps of the wizard, and what its next button says at each.

Invariant: the button can be pressed where going on is possible, and says what it will do.
"""

from __future__ import annotations

from desktop_app.services.assessment.scores_import import ScoresResult
from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.importing.understanding import Understood
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.importing.unit_words import destination, import_words

CHOOSE, COLUMNS, PREVIEW, DONE = range(4)


def next_words(
    step: int, book: Understood | None, outcome: ScoresResult | None, plan: ImportPlan | None
) -> tuple[str, bool]:
    """What the button says, and whether it can be pressed.

    Args:
        outcome: what a scoring list would do; plan: what a list of people and units would do.
    """
    if step == CHOOSE:
        return "Chọn tệp", True
    if step == COLUMNS:
        return "Xem trước", bool(book is not None and book.count)
    if step == PREVIEW and outcome is not None:
        count = outcome.created + outcome.updated
        return (f"Nhập {number_text(count)} phiếu", True) if count else ("Không có gì mới", False)
    if step == PREVIEW and plan is not None:
        return import_words(plan)
    return ("Xem đánh giá" if outcome is not None else destination(plan)[1]), True
