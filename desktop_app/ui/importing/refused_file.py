"""The rows that were not taken, saved as a workbook where a person chooses, with the reasons beside the cells.

Invariant: nothing is asked where every row was taken; a file that cannot be written is one sentence on the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.services.importing.planning.planned import ImportPlan, RowFate
from desktop_app.services.importing.refused import write_refused, write_rows
from desktop_app.services.importing.scores.cells import refused_rows
from desktop_app.services.importing.understanding import Understood
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.importing.scores_rows import ShownForm
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.work_page import WorkPage


def save_refused(page: WorkPage, book: Understood, plan: ImportPlan | None, forms: Sequence[ShownForm]) -> None:
    """Ask where, write, and say how to go on.

    Args:
        plan: of a list of people; forms: the refused rows of a scoring list.
    """
    is_scores = book.scores is not None
    if not (forms if is_scores else plan is not None and (plan.counts() + plan.unit_counts())[RowFate.REFUSED]):
        return
    name = f"{book.path.stem} - dong khong nhan.xlsx"
    out = dialogs.ask_save_file(
        page, "Cất các dòng không nhận", "Bảng tính (*.xlsx)", name=name, folder=book.path.parent, suffix="xlsx"
    )
    if out is None:
        return
    with page.errors():
        if book.scores is not None:
            rows = refused_rows(book.scores, [(item.row, item.issues) for item in forms])
            count = write_rows(book.sheets, rows, out)
        else:
            assert plan is not None
            count = write_refused(plan, out)
        page.show_banner(
            f"Đã ghi {number_text(count)} dòng không nhận vào {out.name}, lý do ghi bên ô. "
            "Hãy sửa trong tệp đó rồi nhập tệp đó.", "passed",
        )  # fmt: skip
