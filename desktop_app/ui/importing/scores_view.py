"""Step "Xem trước" for a workbook of scores: each form with its total, and what would become of all."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.services.importing.preview import ParsedScores, ScoreRow
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w


def _total(row: ScoreRow) -> float:
    return sum(row.scores.values())


def _remark(row: ScoreRow) -> w.ToneText:
    tone = "failed" if row.is_refused else "attention"
    return w.ToneText("; ".join(issue.message for issue in row.issues), tone)


def _fate(row: ScoreRow) -> w.ChipData:
    return w.ChipData("Không nhận", "failed") if row.is_refused else w.ChipData("Sẽ nhập", "passed")


COLUMNS = (
    w.Column("row", "Dòng Excel", 90, "number", is_sortable=False),
    w.Column("name", "Họ và tên", 200, "strong", stretch=1, is_sortable=False),
    w.Column("birth", "Ngày sinh", 110, value=lambda row: row.birth.text() if row.birth else "", is_sortable=False),
    w.Column("group_text", "Nhóm", 200, stretch=1, is_sortable=False),
    w.Column("answered", "Đã chấm", 80, "number", value=lambda row: len(row.scores), is_sortable=False),
    w.Column("total", "Tổng", 80, "number", value=_total, is_sortable=False),
    w.Column("fate", "Sẽ làm", 120, "chip", value=_fate, is_sortable=False),
    w.Column("note", "Ghi chú", 220, value=_remark, stretch=2, is_sortable=False),
)


class ScoresView(QWidget):
    """Shows the forms of a workbook; ``outcome`` is the dry run's result."""

    def __init__(self) -> None:
        super().__init__()
        column = w.vbox(self, spacing=12)
        self.counts = w.FlowRow()
        column.addWidget(self.counts)
        self.table = w.DataTable("import.scores", COLUMNS, single=True)
        column.addWidget(self.table, 1)
        column.addWidget(w.label("Nhập xong vẫn hoàn tác được cả lần nhập bằng một nút, kể cả hôm sau.", "small"))

    def set_scores(self, parsed: ParsedScores, outcome: object) -> None:
        """Show the forms and the counts of what would be done."""
        self.table.set_source(w.ListSource(parsed.rows))
        self.counts.clear()
        for name, word, tone in (
            ("assessed", "Chấm", "passed"),
            ("passed", "Đạt", "passed"),
            ("unchanged", "Như cũ", "neutral"),
            ("doubtful", "Ngờ trùng", "attention"),
            ("refused", "Không nhận", "failed"),
        ):
            count = getattr(outcome, name, 0)
            if count or name == "assessed":
                self.counts.add(w.Chip(f"{word} {number_text(count)}", tone))
