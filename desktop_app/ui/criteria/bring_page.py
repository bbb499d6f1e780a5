"""A file of criteria before it is taken in: what it would change, or what is wrong with it, cell by cell.

Invariant: nothing is written until the person takes it in; a file with faults cannot be taken in at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_app.models.types import Uid
from desktop_app.services.criteria.bring import (
    SUFFIX,
    Brought,
    SetFile,
    bring_set,
    bring_workbook,
    is_workbook,
    preview_workbook,
    read_set_file,
)
from desktop_app.services.criteria.compare import RowChange, compare_sets, count_changes
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.drafts import list_versions
from desktop_app.services.criteria.workbook.grid import CellProblem
from desktop_app.services.criteria.workbook.marked import write_marked
from desktop_app.services.criteria.workbook.read import WorkbookReading
from desktop_app.services.progress import Progress
from desktop_app.ui import widgets as w
from desktop_app.ui.criteria.compare_page import COLUMNS as PAIR_COLUMNS
from desktop_app.ui.criteria.compare_page import PairRow, show_pair
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.work_page import WorkPage

FILTER = f"Bộ tiêu chí (*.xlsx *.xlsm *.xls *.ods *{SUFFIX} *.json)"


@dataclass(frozen=True)
class ProblemRow:
    """One cell to be mended."""

    problem: CellProblem

    @property
    def sheet(self) -> str:
        return self.problem.sheet

    @property
    def cell(self) -> str:
        return self.problem.cell

    @property
    def text(self) -> str:
        return self.problem.text


PROBLEM_COLUMNS = (
    w.Column("sheet", "Trang", 140, is_sortable=False),
    w.Column("cell", "Ô", 70, "strong", is_sortable=False),
    w.Column("text", "Cần sửa", 400, is_sortable=False, stretch=1),
)


class BringPage(WorkPage):
    """The preview of one file.

    Args:
        context: the opened register.
        path: the file.
        into: the version that a bare annex fills; None where the file names its set.
    """

    title_text = "Nạp bộ tiêu chí"
    help_topic = "bo_tieu_chi"

    def __init__(self, context: Any, path: Path, into: Uid | None = None) -> None:
        super().__init__(context)
        self.path = path
        self._into = into
        self.reading: WorkbookReading | None = None
        self.file: SetFile | None = None
        self.says = w.Banner("", "accent", closable=False)
        self.body.addWidget(self.says)
        self.words = w.label("", "body", wrap=True)
        self.body.addWidget(self.words)
        self.problems = w.DataTable("criteria_problems", PROBLEM_COLUMNS, single=True)
        self.body.addWidget(w.sized(self.problems, min_height=240), 1)
        self.table = w.DataTable("criteria_bring", PAIR_COLUMNS, single=True)
        self.panel = w.SidePanel()
        self.pair = ListAndPanel(self.table, self.panel)
        self.body.addWidget(w.sized(self.pair, min_height=240), 1)
        self.table.row_selected.connect(lambda row: show_pair(self.panel, row))
        self.table.row_opened.connect(lambda _row: self.pair.show_panel())
        self.problems.row_selected.connect(self._on_problem)
        self.problems.hide()
        self.pair.hide()
        self.bind("reload", self.refresh)
        self.bind("save", self.on_bring)
        self.bring_button = w.PrimaryButton("Nạp làm bản soạn", icon="download", key="Ctrl+S")
        self.bring_button.clicked.connect(lambda _checked=False: self.on_bring())
        self.mark_button = w.QuietButton("Cất tệp đã đánh dấu ô sai…", icon="file-spreadsheet")
        self.mark_button.clicked.connect(lambda _checked=False: self.on_mark())

    def refresh(self) -> None:
        """Read the file anew: it may have been mended meanwhile."""
        self.set_subtitle(self.path.name)
        self.bring_button.setEnabled(False)
        if self.shell is None:
            return

        def work(_progress: Progress) -> WorkbookReading | SetFile:
            if is_workbook(self.path):
                return preview_workbook(self.context, self.path, self._into)
            return read_set_file(self.context, self.path)

        self.says.hide()
        self.run(work, self._on_read, "Đọc tệp", about=self.path.name, on_failed=self._show_nothing)

    def _show_nothing(self) -> None:
        self.words.setText("Hãy sửa tệp hoặc chọn tệp khác; F5 đọc lại tệp này.")
        self.problems.hide()
        self.pair.hide()
        self.set_header_buttons()

    def _on_read(self, found: WorkbookReading | SetFile) -> None:
        self.says.show()
        if isinstance(found, SetFile):
            self._show_file(found)
        elif found.definition is None:
            self._show_problems(found)
        else:
            self._show_reading(found)

    def _show_problems(self, reading: WorkbookReading) -> None:
        self.reading, self.file = reading, None
        count = len(reading.problems)
        self.says.set_message(
            f"{count} ô cần sửa; chưa có gì thay đổi. Sửa trong Excel, lưu, rồi nhấn F5.", "attention"
        )
        self.problems.set_source(w.ListSource([ProblemRow(problem) for problem in reading.problems]))
        self.problems.select_row(0)
        self.problems.show()
        self.pair.hide()
        self.set_header_buttons(self.mark_button)
        self.problems.view.setFocus()

    def _on_problem(self, row: ProblemRow | None) -> None:
        """The chosen fault in full, for a narrow window cuts it in the list."""
        if row is not None and self.reading is not None:
            self.words.setText(" ".join([f"{row.problem}.", *self.reading.warnings]))

    def _show_reading(self, reading: WorkbookReading) -> None:
        self.reading, self.file = reading, None
        d = reading.definition
        assert d is not None
        if reading.is_unchanged:
            self.says.set_message("Tệp giống hệt bản đang có; không có gì để nạp.", "passed")
        else:
            self.says.set_message("Tệp đọc được, không có ô sai. Xem các chỗ khác rồi nạp làm bản soạn.", "passed")
        self._show_pairs(reading.base, d, " ".join(reading.warnings))
        self.bring_button.setText("Nạp làm bản soạn")
        self.bring_button.setEnabled(not reading.is_unchanged)

    def _show_file(self, file: SetFile) -> None:
        self.reading, self.file = None, file
        if file.signer is None:
            self.says.set_message(
                "Tệp không có chữ ký: không biết ai làm ra. Chỉ nạp làm bản soạn, và phải đối chiếu với văn bản "
                "trước khi dùng.",
                "attention",
            )
        else:
            code = file.signer.code
            known = "Máy này đã tin cậy và đã so mã." if file.is_trusted else "Hãy gọi điện so mã này trước khi nạp."
            self.says.set_message(
                f"Máy “{file.signer.name}” ký ngày {'/'.join(reversed(file.signed_on.split('-')))}, mã {code[:4]} "
                f"{code[4:]}. Nội dung đúng như lúc ký. {known}",
                "passed" if file.is_trusted else "accent",
            )
        d = file.definition
        same = [v for v in list_versions(self.context) if v.definition.key == d.key]
        base = next((v for v in same if v.is_in_use), same[0] if same else None)
        self._show_pairs(base.definition if base else None, d, " ".join(file.warnings))
        self.bring_button.setText("Nạp làm bản soạn" if file.signer is None else "Nạp bản này")
        self.bring_button.setEnabled(True)

    def _show_pairs(self, base: CriteriaSet | None, d: CriteriaSet, warnings: str) -> None:
        head = f"{d.name}, phiên bản {d.version}."
        if base is None:
            self.words.setText(f"{head} Bộ mới, sổ chưa có. {warnings}".strip())
            pairs = compare_sets(d, d)
        else:
            pairs = compare_sets(base, d)
            counts = count_changes(pairs)
            self.words.setText(
                f"{head} So với phiên bản {base.version} trong sổ: sửa {counts[RowChange.CHANGED]} dòng, thêm "
                f"{counts[RowChange.ADDED]}, bỏ {counts[RowChange.REMOVED]}. {warnings}".strip()
            )
            pairs = tuple(pair for pair in pairs if pair.change is not RowChange.SAME)
        self.table.set_source(w.ListSource([PairRow(pair) for pair in pairs]))
        if pairs:
            self.table.select_row(0)
        else:
            show_pair(self.panel, None)
        self.problems.hide()
        self.pair.show()
        self.set_header_buttons(self.bring_button)
        self.table.view.setFocus()

    def on_bring(self) -> None:
        """Take the file in, and go on in the editor."""
        if not self.bring_button.isEnabled():
            return
        reading, file = self.reading, self.file

        def work(_progress: Progress) -> Brought:
            if file is not None:
                return bring_set(self.context, file)
            assert reading is not None
            return bring_workbook(self.context, reading)

        self.run(work, self._on_brought, "Nạp bộ tiêu chí", is_writing=True, can_cancel=False)

    def _on_brought(self, brought: Brought) -> None:
        from desktop_app.ui.criteria.section import page_for

        shell = self.shell
        if shell is None:
            return
        if not brought.is_new:
            self.bring_button.setEnabled(False)
            self.says.set_message(f"Sổ đã có bản này: {brought.version.label}. Không có gì thay đổi.", "passed")
            return
        shell.announce_change("criteria_set")
        shell.pop()
        shell.push(page_for(self.context, brought.version))
        kind = "làm bản soạn" if brought.version.is_draft else "vào sổ"
        shell.notify(f"Đã nạp “{brought.version.label}” {kind}.", can_undo=True)

    def on_mark(self) -> None:
        """Write a copy of the workbook with the faults marked."""
        if self.reading is None:
            return
        name = f"{self.path.stem}_can_sua.xlsx"
        out = dialogs.ask_save_file(self, "Cất tệp đã đánh dấu", "Bảng tính Excel (*.xlsx)", name=name, suffix="xlsx")
        if out is not None:
            with self.errors():
                write_marked(self.path, self.reading.problems, out)
                self.show_banner(f"Đã ghi {out.name}; trang “Chỗ cần sửa” liệt kê từng ô.", "passed")
