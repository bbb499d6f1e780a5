"""Nhập danh sách của trang quốc gia: a file beside the register, what is new, the same, different, unknown or doubtful.

Invariants: nothing is written before "Ghi"; a difference is taken only where a person marks it; what is applied is one
operation, and the same file again changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.models.types import SiteState, Uid
from desktop_app.services.assessment.site.applying import apply_site_list, states_to_write
from desktop_app.services.assessment.site.planning import (
    FATE_WORDS,
    SiteFate,
    SiteLine,
    SitePlan,
    choose_person,
    plan_site_list,
)
from desktop_app.services.assessment.site.reading import NO_CHOICES, read_site_list
from desktop_app.services.assessment.site.words import plain
from desktop_app.services.context import Context
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.accounts.columns_dialog import ColumnsDialog
from desktop_app.ui.accounts.line_panel import LinePanel
from desktop_app.ui.accounts.words import SHORT, day_text
from desktop_app.ui.actions import REGISTRY, ActionSpec
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.days import as_day, whole_date
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.work_page import WorkPage

SCOPE = "Nhập danh sách trang quốc gia"
FILES = "Bảng tính (*.xlsx *.xlsm *.xls *.ods *.csv *.txt);;Mọi tệp (*)"
TONES = {
    SiteFate.NEW: "passed", SiteFate.DIFFERS: "attention", SiteFate.DOUBTFUL: "attention",
    SiteFate.UNKNOWN: "failed", SiteFate.UNREADABLE: "failed",
}  # fmt: skip
EXPLAINED = (
    "Chọn danh sách tải từ trang quốc gia (Excel hoặc CSV). Chương trình tự nhận cột họ tên, số định danh, năm sinh, "
    "trạng thái và ngày, đối chiếu với sổ rồi cho xem trước; chưa ghi gì."
)
SEVERAL = "Có nhiều người gần giống: nhấn Enter ở dòng đó rồi chọn đúng người ở bên cạnh."


def _place(line: SiteLine) -> str:
    if line.row is None:
        return ""
    return f"dòng {line.row.row}"


def _theirs(line: SiteLine) -> str:
    if line.theirs is None:
        return line.row.said if line.row is not None else ""
    return day_text(line.their_date) if _is_about_dates(line) else SHORT[line.theirs]


def _ours(line: SiteLine) -> str:
    if line.person is None:
        return ""
    return day_text(line.our_date) or "không có ngày" if _is_about_dates(line) else SHORT[line.ours]


def _is_about_dates(line: SiteLine) -> bool:
    """Both say the same state: what differs is its day."""
    return line.theirs is line.ours and line.fate in (SiteFate.DIFFERS, SiteFate.NEW)


class SiteImportPage(WorkPage):
    """The screen.

    Args:
        year: of the round that the states are written for.
    """

    title_text = "Nhập tài khoản"
    help_topic = "tai_khoan"
    stays_open = True
    ACTIONS = (
        ActionSpec("siteimport.file", "Chọn tệp", "Ctrl+O", "folder-open", SCOPE),
        ActionSpec("siteimport.take", "Lấy hoặc thôi lấy dòng đang chọn", "Ctrl+D", "square-check", SCOPE),
        ActionSpec("siteimport.all", "Lấy hoặc thôi lấy cả nhóm đang hiện", "Ctrl+G", "list-checks", SCOPE),
        ActionSpec("siteimport.columns", "Chọn lại cột trạng thái, cột ngày", "Ctrl+K", "columns-3", SCOPE),
        ActionSpec("siteimport.apply", "Ghi vào sổ", "Ctrl+Enter", "check", SCOPE),
    )

    def __init__(self, context: Context, year: int) -> None:
        super().__init__(context)
        self.year = year
        self.plan: SitePlan | None = None
        self.taken: set[tuple[str, int]] = set()
        self.path: Path | None = None
        self.choices = NO_CHOICES
        self.dialog: ColumnsDialog | None = None
        self.start = w.EmptyState("file-up", EXPLAINED, "Chọn tệp", key="Ctrl+O")
        self.start.activated.connect(self.choose_file)
        self.notes = w.label("", "quiet", wrap=True)
        self.day_form = w.FormView(w.FormSpec((
            w.Field("day", "Ngày của danh sách", "date", check=whole_date,
                    help="Danh sách không có cột ngày: người đổi trạng thái được ghi ngày này; để trống nếu không rõ."),
        )), {"day": dt.date.today().isoformat()})  # fmt: skip
        self.tabs = Tabs("Nhóm dòng", is_pill=True)
        self.tabs.chosen.connect(lambda _value: self.show_lines())
        self.table = w.DataTable("accounts.import", self._columns())
        self.table.view.setAccessibleName("Các dòng của danh sách")
        self.table.set_placeholder(w.EmptyState("circle-check", "Không có dòng nào ở nhóm này.", is_primary=False))
        self.table.row_selected.connect(self._on_selected)
        self.table.row_opened.connect(lambda _line: self.enter_panel())
        self.panel = LinePanel()
        self.panel.chosen.connect(self._on_chosen)
        self.panel.toggled.connect(self.toggle_chosen)
        self.panel.word_given.connect(self._on_word)
        self.pair = ListAndPanel(self.table, self.panel)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._stack.addWidget(self._preview())
        self.body.addWidget(self._stack, 1)
        self._bind()

    def _columns(self) -> tuple[w.Column, ...]:
        return (
            w.Column("place", "Ở", 76, "quiet", value=_place, is_sortable=False, gives_way=3),
            w.Column("name", "Họ và tên", 190, "strong", stretch=2, is_sortable=False),
            w.Column("theirs", "Danh sách", 160, value=_theirs, stretch=1, is_sortable=False),
            w.Column("ours", "Sổ", 160, value=_ours, stretch=1, is_sortable=False, gives_way=2),
            w.Column("deed", "Sẽ làm", 190, value=self._deed, stretch=1, is_sortable=False, gives_way=1),
        )

    def _preview(self) -> QWidget:
        view = QWidget()
        column = w.vbox(view, spacing=12)
        self.ways = w.FlowRow(spacing=8)
        for part in (self.notes, self.day_form, self.tabs, self.ways):
            column.addWidget(part)
        column.addWidget(w.sized(self.pair, min_height=260), 1)
        return view

    def _bind(self) -> None:
        self.file_button = self.button_for("siteimport.file", self.choose_file, text="Chọn tệp khác", show_key=False)
        self.bind("siteimport.columns", self.ask_columns)
        self.columns_button = self._way("siteimport.columns", "Chọn lại cột", "columns-3")
        self.bind("siteimport.all", self.toggle_all)
        self.bind("siteimport.take", self.toggle_chosen)
        self.take_button = self._way("siteimport.take", "Lấy dòng đang chọn", "square-check")
        self.all_button = self._way("siteimport.all", "Lấy cả nhóm", "list-checks")
        self.apply_button = self.button_for("siteimport.apply", self.apply, text="Ghi vào sổ", primary=True)
        self.action("siteimport.apply").setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.bind("reload", self.refresh)
        self.bind("list", self.table.take_focus)
        self._show_state()

    def _way(self, action_id: str, text: str, icon: str) -> w.Button:
        action = self.action(action_id)
        button: w.Button = self.ways.add(
            w.QuietButton(text, icon=icon, key=REGISTRY.get(action_id).shortcut, small=True)
        )
        button.clicked.connect(lambda _checked=False: action.trigger())
        action.enabledChanged.connect(button.setEnabled)
        return button

    # -- reading -------------------------------------------------------------------------------------------------

    def choose_file(self) -> None:
        """Ask for the file and read it in a worker."""
        found = dialogs.ask_open_files(self, "Danh sách của trang quốc gia", FILES)
        if found:
            self.choices = NO_CHOICES
            self.read(found[0])

    def read(self, path: Path) -> None:
        """Read a file and compare it with the register."""
        is_same = self.plan is not None and self.plan.listed.path == str(path)
        decided = dict(self.plan.choices) if self.plan is not None and is_same else {}
        self.path = path
        choices = self.choices

        def work(progress: Progress) -> SitePlan:
            listed = read_site_list(path, choices=choices, progress=progress)
            return plan_site_list(self.context, self.year, listed, choices=decided, progress=progress)

        self.run(work, self._on_read, "Đang đọc danh sách", about=path.name, stopped="Đã dừng; chưa ghi gì vào sổ.")

    def refresh(self) -> None:
        """Compare the same file again with the register as it stands now."""
        self.set_subtitle(f"đợt {self.year}")
        if self.path is not None and self.plan is not None:
            listed, choices, year = self.plan.listed, dict(self.plan.choices), self.year
            self.run(
                lambda progress: plan_site_list(self.context, year, listed, choices=choices, progress=progress),
                self._on_read, "Đang đối chiếu lại",
            )  # fmt: skip

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        """Compared again when next shown, if a file was read."""
        self.is_stale = True

    def _on_read(self, plan: SitePlan) -> None:
        is_first = self.plan is None or self.plan.listed.path != plan.listed.path
        self.plan = plan
        differing = {line.key for line in plan.of(SiteFate.DIFFERS)}
        self.taken = set() if is_first else self.taken & differing
        self._stack.setCurrentIndex(1)
        self.notes.setText(" ".join([f"{Path(plan.listed.path).name}: {number_text(len(plan.listed.rows))} dòng.",
                                     *plan.listed.notes]))  # fmt: skip
        self.day_form.setVisible(not plan.listed.has_dates)
        self._show_tabs()
        if is_first or not plan.counts[self.fate]:
            self.tabs.set_value(next((fate for fate in SiteFate if plan.counts[fate]), SiteFate.NEW))
        self.show_lines()
        self._show_state()
        if self.isVisible() and is_first:
            self.table.take_focus()

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def fate(self) -> SiteFate:
        value = self.tabs.value
        return value if isinstance(value, SiteFate) else SiteFate.NEW

    @property
    def line(self) -> SiteLine | None:
        found = self.table.current()
        return found if isinstance(found, SiteLine) else None

    def _deed(self, line: SiteLine) -> w.ToneText:
        """What "Ghi" does with a line, in words."""
        if line.fate is SiteFate.NEW:
            return w.ToneText("ghi vào sổ", "passed")
        if line.fate is SiteFate.DIFFERS:
            is_taken = line.key in self.taken
            return w.ToneText("lấy theo danh sách", "accent") if is_taken else w.ToneText("giữ như sổ")
        words = "để lại, cần xem" if line.fate in (SiteFate.DOUBTFUL, SiteFate.UNKNOWN, SiteFate.UNREADABLE) else "–"
        return w.ToneText(words, TONES.get(line.fate, "neutral"))

    def _show_tabs(self) -> None:
        assert self.plan is not None
        counts = self.plan.counts
        self.tabs.set_tabs([Tab(fate, FATE_WORDS[fate], counts[fate]) for fate in SiteFate])

    def show_lines(self) -> None:
        """The lines of the chosen group; the current place stays."""
        if self.plan is None:
            return
        lines = self.plan.of(self.fate)
        place = self.table.view.currentIndex().row()
        self.table.set_source(w.ListSource(lines))
        self.pair.set_has_panel(bool(lines))
        if lines:
            self.table.select_row(min(max(place, 0), len(lines) - 1))
        self._on_selected(self.line)
        self._show_state()

    def _on_selected(self, line: SiteLine | None) -> None:
        if line is not None:
            self.panel.show_line(line, is_taken=line.key in self.taken)

    def _show_state(self) -> None:
        plan = self.plan
        count = 0 if plan is None else len(states_to_write(plan, also=frozenset(self.taken)))
        self.apply_button.setText(f"Ghi {number_text(count)} người" if plan is not None else "Ghi vào sổ")
        self.apply_button.setAccessibleName(self.apply_button.text())
        self.action("siteimport.apply").setEnabled(count > 0)
        can_take = plan is not None and self.fate in (SiteFate.DIFFERS, SiteFate.DOUBTFUL)
        self.action("siteimport.take").setEnabled(can_take)
        self.action("siteimport.all").setEnabled(can_take)
        is_doubtful = self.fate is SiteFate.DOUBTFUL
        self.all_button.setText("Nhận mọi dòng chỉ giống một người" if is_doubtful else "Lấy hoặc thôi lấy cả nhóm")
        self.take_button.setText("Nhận dòng đang chọn" if is_doubtful else "Lấy hoặc thôi lấy dòng đang chọn")
        for button in (self.all_button, self.take_button):
            button.setVisible(can_take)
        if plan is None:
            self.set_header_buttons()
        else:
            self.set_header_buttons(self.file_button, self.apply_button)

    def enter_panel(self) -> None:
        """Enter on a line: its answers."""
        if self.fate is SiteFate.DIFFERS:
            self.toggle_chosen()
            return
        self.pair.show_panel()
        self.panel.focus_first()

    def on_shown(self) -> None:
        if self.plan is None and self.start.button is not None:
            self.start.button.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.table.take_focus()

    # -- correcting the reading ----------------------------------------------------------------------------------

    def ask_columns(self) -> None:
        """Ask which columns hold state and date, and read the file again."""
        if self.plan is not None:
            self.dialog = ColumnsDialog(self.window(), self.plan.listed)
            self.dialog.confirmed.connect(self._on_columns)
            self.dialog.finished.connect(self.dialog.deleteLater)
            self.dialog.open()

    def _on_columns(self, state: int, date: int) -> None:
        self.choices = replace(self.choices, state_column=state, date_column=date)
        if self.path is not None:
            self.read(self.path)

    def _on_word(self, said: str, state: SiteState) -> None:
        """A person said what a word of the list means: it holds for every line of this file."""
        self.choices = replace(self.choices, words={**self.choices.words, plain(said): state})
        if self.path is not None:
            self.read(self.path)

    # -- deciding ------------------------------------------------------------------------------------------------

    def toggle_chosen(self) -> None:
        """Take the marked differences, or leave them; of doubtful lines the first person who may be meant."""
        lines = [line for line in self.table.selected() if isinstance(line, SiteLine)]
        if self.fate is SiteFate.DIFFERS:
            self._toggle(lines)
        elif self.fate is SiteFate.DOUBTFUL:
            self._take_single(lines)

    def toggle_all(self) -> None:
        """The same for the whole group; of doubtful lines only those that may mean one person alone."""
        if self.plan is None:
            return
        lines = list(self.plan.of(self.fate))
        if self.fate is SiteFate.DIFFERS:
            self._toggle(lines)
        elif self.fate is SiteFate.DOUBTFUL:
            self._take_single(lines)

    def _toggle(self, lines: list[SiteLine]) -> None:
        keys = {line.key for line in lines}
        self.taken = self.taken - keys if keys <= self.taken else self.taken | keys
        self.show_lines()

    def _take_single(self, lines: list[SiteLine]) -> None:
        assert self.plan is not None
        single = [line for line in lines if len(line.may_be) == 1]
        if not single:
            self.show_banner(SEVERAL, "attention")
            return
        plan = self.plan
        for line in single:
            plan = choose_person(self.context, plan, line.key, line.may_be[0].uid)
        self._show_plan(plan)

    def _on_chosen(self, uid: Uid) -> None:
        """A person said whom the current line means; "" leaves it open."""
        line = self.line
        if line is not None and self.plan is not None:
            with self.errors():
                self._show_plan(choose_person(self.context, self.plan, line.key, uid or None))
                self.table.take_focus()

    def _show_plan(self, plan: SitePlan) -> None:
        self.plan = plan
        self._show_tabs()
        self.pair.show_list()
        self.show_lines()

    # -- writing -------------------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Write the new states and the differences that are marked, as one operation."""
        plan = self.plan
        if plan is None or not self.action("siteimport.apply").isEnabled():
            return
        if not plan.listed.has_dates and not self.day_form.validate():
            return
        day = self.day_form.values()["day"] if not plan.listed.has_dates else None
        also, as_of = frozenset(self.taken), as_day(day) if day else None
        self.run(
            lambda _progress: apply_site_list(self.context, plan, also=also, as_of=as_of),
            partial(self._on_applied, plan), "Đang ghi vào sổ", is_writing=True, can_cancel=False,
        )  # fmt: skip

    def _on_applied(self, plan: SitePlan, count: int) -> None:
        assert self.shell is not None
        left = sum(plan.counts[fate] for fate in (SiteFate.DOUBTFUL, SiteFate.UNKNOWN, SiteFate.UNREADABLE))
        self.taken = set()
        self.shell.announce_change("site_account")
        words = f"Đã ghi tài khoản của {number_text(count)} người."
        self.shell.notify(words, can_undo=bool(count))
        if left:
            self.show_banner(f"{words} Còn {number_text(left)} dòng chưa ghi, xem các nhóm bên dưới.", "attention")
