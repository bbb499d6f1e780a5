"""What the screens of one version share: rows at the left; the chosen row, or a form, at the right; one question.

Invariant: a form with something typed is closed only by saving it or by the answer "Bỏ thay đổi".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu, QStackedWidget

from desktop_app.models.records import Issue, SaveResult
from desktop_app.models.types import DeviceRole
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.drafts import SetVersion
from desktop_app.services.errors import AppError
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.criteria.rows import CriteriaRow, RowKind
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.registry.form_pane import FormPane, FormTask, Values
from desktop_app.ui.widgets.pair import ListAndPanel

SCOPE = "Bộ tiêu chí"
COMPARE = ActionSpec("criteria.compare", "So với bản khác", "Ctrl+B", "git-compare-arrows", SCOPE)
TRY = ActionSpec("criteria.try", "Chấm thử trên phiếu của đợt", "Ctrl+T", "target", SCOPE)
COPY = ActionSpec("criteria.copy", "Chép thành bản mới để soạn", "Ctrl+Shift+C", "copy", SCOPE)
CHECK = ActionSpec("criteria.check", "Đã đối chiếu với văn bản", "Ctrl+D", "square-check", SCOPE)
WORKBOOK = ActionSpec("criteria.workbook", "Xuất ra Excel", "Ctrl+E", "file-spreadsheet", SCOPE)
FILE = ActionSpec("criteria.file", "Xuất tệp có chữ ký", "Ctrl+Shift+E", "signature", SCOPE)
SHOWN_FORM = ActionSpec("criteria.form", "Xem phiếu sẽ ra sao", "Ctrl+P", "scan-eye", SCOPE)

COLUMNS = (
    w.Column("number", "Số", 52, "quiet", is_sortable=False, gives_way=1),
    w.Column("words", "Nội dung", 210, value=lambda row: row_words(row), stretch=1, is_sortable=False),
    w.Column("most", "Điểm, ngưỡng", 106, value=lambda row: row_number(row), is_sortable=False, gives_way=2),
    w.Column("status", "Tình trạng", 176, "chip", is_sortable=False),
    w.Column("checked", "Đã đối chiếu", 108, is_sortable=False, gives_way=3, tip="Ngày đối chiếu với văn bản"),
)


def row_words(row: CriteriaRow) -> w.ToneText:
    is_strong = row.kind in (RowKind.HEAD, RowKind.RULES, RowKind.CRITERION)
    return w.ToneText(row.words or "(chưa có lời)", "neutral" if row.words else "attention", is_strong=is_strong)


def row_number(row: CriteriaRow) -> w.ToneText:
    """The maximum or thresholds; what the office put is told apart in words and colour."""
    return w.ToneText(f"{row.most} (đã sửa)", "accent") if row.is_number_changed else w.ToneText(row.most)


class SetPage(Page):
    """Base of the screens of one version.

    Args:
        context: the opened register.
        set_uid: which version.
    """

    help_topic = "bo_tieu_chi"

    def __init__(self, context: Any, set_uid: str) -> None:
        super().__init__(context)
        self._uid = set_uid
        self.version: SetVersion | None = None
        self.heading = w.Banner("", "attention", closable=False)
        self.body.addWidget(self.heading)
        self.facts = w.label("", "quiet", wrap=True)
        self.body.addWidget(self.facts)
        self.table = w.DataTable("criteria", COLUMNS)
        self.panel = w.SidePanel()
        self.pane = FormPane()
        self.ask_bar = AskBar()
        side = QStackedWidget()
        side.addWidget(self.panel)
        side.addWidget(self.pane)
        self._side = side
        holder = w.sized(w.Card(margins=0, spacing=8), min_width=0)
        holder.setProperty("role", "")
        holder.body.addWidget(side, 1)
        holder.body.addWidget(self.ask_bar)
        self.pair = ListAndPanel(self.table, holder)
        self.body.addWidget(w.sized(self.pair, min_height=300), 1)
        self.table.row_selected.connect(self._on_selected)
        self.table.row_opened.connect(lambda _row: self.enter_panel())
        self.pane.closed.connect(self._on_form_closed)
        self.pane.discard_asked.connect(lambda: self._ask_about_form(self._on_form_closed))
        self.pane.failed.connect(self._on_failed)
        self.bind("reload", self.refresh)
        self.bind("edit", self.on_edit)
        self.bind("save", self.pane.save)
        self.bind(COMPARE.id, self.on_compare)
        self.bind(TRY.id, self.on_try)
        self.bind(SHOWN_FORM.id, self.on_form)
        self.bind(WORKBOOK.id, self.on_workbook)
        self.bind(FILE.id, self.on_file)
        self.more_button = w.QuietButton("Việc khác", icon="ellipsis", trailing="chevron-down")
        self.more_button.clicked.connect(lambda _checked=False: self.show_menu())

    @property
    def may_change(self) -> bool:
        """Only the office changes its sets."""
        return self.context.role is not DeviceRole.VOLUNTEER

    @property
    def row(self) -> CriteriaRow | None:
        current = self.table.current()
        return current if isinstance(current, CriteriaRow) else None

    def show_rows(self, rows: list[CriteriaRow], wanted: str = "") -> None:
        """Fill the list, keeping the chosen row or going to the one that is wanted (a reference).

        The buttons of the panel are made anew: a key pressed on one of them must not leave the hands in the navigation.
        """
        before = wanted or (self.row.ref if self.row else "")
        place = self.table.view.currentIndex().row()
        if self.panel.isAncestorOf(QApplication.focusWidget() or self):
            self.pair.show_list()
            self.table.view.setFocus()
        self.table.set_source(w.ListSource(rows))
        found = next((n for n, row in enumerate(rows) if row.ref == before), min(max(0, place), len(rows) - 1))
        self.table.select_row(found)

    def _on_selected(self, row: CriteriaRow | None) -> None:
        if row is not None and not self.pane.is_open:
            self.show_chosen(row)

    def show_chosen(self, row: CriteriaRow) -> None:
        """Fill the panel; override."""

    def become_other(self) -> None:
        """The version came into force, or is a draft again: its other screen takes this one's place."""
        from desktop_app.ui.criteria.section import page_for

        if self.shell is not None and self.version is not None and self.isVisible():
            self.shell.pop()
            self.shell.push(page_for(self.context, self.version))

    def on_edit(self) -> None:
        """Change the chosen row; override."""

    def menu_actions(self) -> tuple[str, ...]:
        """Ids of the bound actions below "Việc khác"; override."""
        return ()

    def show_menu(self) -> None:
        """Offer the other work of this screen, each with its key."""
        menu = QMenu(self)
        for action_id in self.menu_actions():
            menu.addAction(self.action(action_id))
        menu.popup(self.more_button.mapToGlobal(QPoint(0, self.more_button.height())))

    def enter_panel(self) -> None:
        self.pair.show_panel()
        self.panel.setFocus()

    # -- other screens -----------------------------------------------------------------------------------------

    @property
    def definition(self) -> CriteriaSet:
        """The version as it is shown."""
        assert self.version is not None
        return self.version.definition

    def on_compare(self) -> None:
        """Beside another version."""
        from desktop_app.ui.criteria.compare_page import ComparePage

        if self.shell is not None:
            self.shell.push(ComparePage(self.context, self._uid))

    def on_try(self) -> None:
        """On the answers of a round."""
        from desktop_app.ui.criteria.trial_page import TrialPage

        if self.shell is not None:
            self.shell.push(TrialPage(self.context, self._uid))

    def on_form(self) -> None:
        """The form as it will look."""
        from desktop_app.ui.criteria.preview_page import PreviewPage

        if self.shell is not None and self.version is not None:
            self.shell.push(PreviewPage(self.context, self.definition))

    def on_workbook(self) -> None:
        """Out as an Excel workbook."""
        from desktop_app.ui.criteria.giving import give_workbook

        if self.version is not None:
            give_workbook(self, self._uid, self.definition)

    def on_file(self) -> None:
        """Out as a file that this machine signs."""
        from desktop_app.ui.criteria.giving import give_file

        if self.version is not None and self.may_change:
            give_file(self, self._uid, self.definition)

    # -- forms -------------------------------------------------------------------------------------------------

    def open_form(
        self,
        title: str,
        spec: w.FormSpec,
        values: Values,
        save: Callable[[Values], object],
        note: str,
        word: str = "Cất",
    ) -> None:
        """Ask for something in the side; ``save`` gets what was read and may raise."""

        def read(raw: Values) -> w.Reading:
            return w.read_form(spec, raw)

        def check(raw: Values) -> SaveResult:
            return SaveResult(None, tuple(Issue(key, "form", text) for key, text in read(raw).errors.items()))

        def keep(raw: Values) -> SaveResult:
            save(read(raw).values)
            return SaveResult(self._uid)

        task = FormTask(
            title=title,
            spec=spec,
            values=values,
            save=keep,
            on_saved=lambda _result, _raw: self.done("Đã cất."),
            check=check,
            is_new=True,
            note=note,
            save_text=word,
        )
        self.ask_bar.hide()
        self._side.setCurrentWidget(self.pane)
        self.pair.show_panel()
        self.pane.open(task)

    def done(self, said: str) -> None:
        """Something was written: read again, tell the other screens, say it."""
        self.refresh()
        if self.shell is not None:
            self.shell.announce_change("criteria_set", "assessment")
            self.shell.notify(said, can_undo=True)

    def _on_form_closed(self) -> None:
        self.ask_bar.hide()
        self._side.setCurrentWidget(self.panel)
        self.pair.show_list()
        self._on_selected(self.row)
        self.table.view.setFocus()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error
        self.ask_bar.ask(error.message, Answer("Đã hiểu", self.pane.resume))

    def _ask_about_form(self, then: Callable[[], object]) -> None:
        def give_up() -> None:
            self.pane.close_form()
            then()

        self.ask_bar.ask(
            "Có điều chưa cất; những gì đã gõ vẫn còn đó.",
            Answer("Cất", self.pane.save, "primary"),
            Answer("Bỏ thay đổi", give_up, "danger"),
            Answer("Làm tiếp", self.pane.resume),
        )

    def can_leave(self) -> bool:
        if self.pane.is_open and self.pane.is_changed:
            self._ask_about_form(lambda: None)
            return False
        self.pane.close_form()
        return True

    def undo(self) -> bool:
        return self.pane.is_open

    def on_shown(self) -> None:
        self.table.view.setFocus()
