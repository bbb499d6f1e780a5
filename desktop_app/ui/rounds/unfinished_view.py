"""What is unfinished in a round: a line for each kind of work, and the way to where it is done.

Invariant: the lines and their counts are the service's; a line whose screen is not there says so and opens nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop_app.services.assessment.round_closing import Open, Unfinished
from desktop_app.ui import widgets as w

if TYPE_CHECKING:
    from desktop_app.ui.page import Shell

WORK_KEYS = {
    Open.BATCHES: "Ctrl+Shift+N",
    Open.LOST_FORMS: "Ctrl+Shift+N",
    Open.SECOND_ENTRY: "Ctrl+Shift+E",
    Open.OBJECTIONS: "Ctrl+Shift+Y",
}
"""Screens of the round's work, by the key that opens them everywhere."""
WHERE: dict[Open, str] = {
    Open.BATCHES: "Nhập nhanh theo tập phiếu",
    Open.LOST_FORMS: "Nhập nhanh theo tập phiếu: mở lại tập hoặc sửa bìa",
    Open.SECOND_ENTRY: "Nhập lần hai, đối chiếu",
    Open.OBJECTIONS: "Niêm yết, ý kiến",
    Open.CONFLICTS: "Đồng bộ: hộp chờ phân xử",
    Open.STARTED: "Đánh giá: phiếu đang chấm",
    Open.RETURNED: "Đánh giá: phiếu bị trả lại",
    Open.NOT_STARTED: "Đánh giá: đã đăng ký, chưa chấm",
    Open.NOT_RECOGNISED: "Công nhận: người đủ điều kiện",
    Open.NOT_HANDED_OVER: "Công nhận: giấy chưa trao",
}
COLUMNS = (
    w.Column("text", "Việc chưa xong", 320, "strong", stretch=3, is_sortable=False),
    w.Column("kind", "Làm ở", 250, value=lambda line: WHERE[line.kind], stretch=2, is_sortable=False, gives_way=1),
)


class UnfinishedView(w.DataTable):
    """The list; Enter opens the place of the current line.

    Args:
        open_line: goes to where a line is dealt with.
    """

    def __init__(self, open_line: Callable[[Unfinished], object]) -> None:
        super().__init__("rounds.unfinished", COLUMNS, single=True)
        self.view.setAccessibleName("Việc chưa xong của đợt")
        self.lines: tuple[Unfinished, ...] = ()
        self.done = w.EmptyState("circle-check", "Đợt này không còn việc gì dở.", is_primary=False)
        self.set_placeholder(self.done)
        self.row_opened.connect(lambda line: open_line(line) if line is not None else None)

    def show_lines(self, lines: tuple[Unfinished, ...]) -> None:
        """Fill the list; the same line stays current."""
        place = self.view.currentIndex().row()
        self.lines = lines
        self.set_source(w.ListSource(lines))
        if lines:
            self.select_row(min(max(place, 0), len(lines) - 1))


def open_unfinished(shell: Shell, opened_below: Callable[[str], bool], line: Unfinished) -> None:
    """Go to where a line is dealt with.

    Args:
        opened_below: opens a screen of the round's work by its key; False where there is none.
    """
    from desktop_app.services.assessment.worklist import WorkFilter, WorkStatus
    from desktop_app.ui.assessment.target import ListTarget

    if line.kind in WORK_KEYS:
        if not opened_below(WORK_KEYS[line.kind]):
            shell.notify(f"Chưa có màn hình {WHERE[line.kind]} trong bản này.", "attention")
        return
    if line.kind is Open.CONFLICTS:
        shell.open_page("sync", "conflicts")
        return
    assert line.model is not None
    narrowed = {
        Open.STARTED: WorkFilter(status=WorkStatus.IN_PROGRESS),
        Open.RETURNED: WorkFilter(status=WorkStatus.RETURNED),
        Open.NOT_STARTED: WorkFilter(status=WorkStatus.NOT_STARTED, is_registered=True),
    }
    if line.kind in narrowed:
        shell.open_page("assessment", ListTarget(line.model, narrowed[line.kind]))
    else:
        shell.open_page("recognition", line.model)
