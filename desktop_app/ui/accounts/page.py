"""Tài khoản trang quốc gia: who has an account there, states given in bulk, counts that somebody follows.

Invariants: how many a deed touches is said before it is done, and it is one operation that can be undone; lists that
leave have exactly the site's fields and are noted in the journal.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.models.types import CitizenGroup, SiteState, Uid
from desktop_app.services.assessment.accounts import (
    SITE_WORDS,
    AccountCount,
    AccountFilter,
    AccountList,
    AccountRow,
    account_list,
    hamlet_counts,
    organization_counts,
    record_states,
)
from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.assessment.site.export import SiteExport, export_site_list
from desktop_app.services.assessment.subjects import NO_HAMLET
from desktop_app.services.context import Context
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.accounts.counts_view import WHOLE, CountsView
from desktop_app.ui.accounts.state_dialog import StateChoice, StateDialog
from desktop_app.ui.accounts.words import PEOPLE_COLUMNS, SHORT
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.registry.cells import LIST_GROUPS
from desktop_app.ui.registry.choices import hamlets, organizations
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.work_page import WorkPage

SCOPE = "Tài khoản trang quốc gia"
PEOPLE, HAMLETS, UNITS = "people", "hamlets", "units"
Counts = tuple[tuple[AccountCount, ...], tuple[AccountCount, ...]]


class AccountsPage(WorkPage):
    """The screen."""

    title_text = "Tài khoản trang quốc gia"
    help_topic = "tai_khoan"
    search_placeholder = "Tìm tên, số cuối CCCD…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("accounts.chosen", "Ghi trạng thái các dòng đang chọn", "Ctrl+D", "square-check", SCOPE),
        ActionSpec("accounts.all", "Ghi trạng thái tất cả người đang hiện", "Ctrl+G", "list-checks", SCOPE),
        ActionSpec("accounts.import", "Nhập danh sách của trang quốc gia", "Ctrl+I", "file-up", SCOPE),
        ActionSpec("accounts.export", "Xuất danh sách cho trang quốc gia", "Ctrl+E", "file-spreadsheet", SCOPE),
        ActionSpec("accounts.tab1", "Danh sách người", "Ctrl+1", scope=SCOPE),
        ActionSpec("accounts.tab2", "Theo thôn", "Ctrl+2", scope=SCOPE),
        ActionSpec("accounts.tab3", "Theo đơn vị", "Ctrl+3", scope=SCOPE),
    )  # fmt: skip

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.round: RoundRecord | None = None
        self.source: AccountList | None = None
        self.dialog: StateDialog | None = None
        self.import_button = w.QuietButton("Nhập danh sách của trang", icon="file-up", key="Ctrl+I", small=True)
        self.export_button = w.QuietButton("Xuất cho trang", icon="file-spreadsheet", key="Ctrl+E", small=True)
        self.tabs = Tabs("Xem theo", _tabs(None), extras=(self.import_button, self.export_button))
        self.tabs.chosen.connect(lambda value: self.show_tab(str(value), takes_focus=False))
        self.people_view = self._made_people()
        self.hamlets_view = CountsView(context, "hamlet", self.errors, self._on_stored)
        self.units_view = CountsView(context, "organization", self.errors, self._on_stored)
        self.hamlets_view.people_asked.connect(lambda uid: self.show_lacking(hamlet=uid or None))
        self.units_view.people_asked.connect(lambda uid: self.show_lacking(organization=uid))
        self._stack = QStackedWidget()
        self._views: dict[str, QWidget] = {
            PEOPLE: self.people_view, HAMLETS: self.hamlets_view, UNITS: self.units_view
        }  # fmt: skip
        for view in self._views.values():
            self._stack.addWidget(view)
        self.body.addWidget(self.tabs)
        self.body.addWidget(w.sized(self._stack, min_height=280), 1)
        self._bind()

    def _made_people(self) -> QWidget:
        view = QWidget()
        column = w.vbox(view, spacing=12)
        states = [(state, SHORT[state]) for state in SiteState]
        self.state_chip = w.FilterChip("Trạng thái", [(None, "tất cả"), *states])
        self.hamlet_chip = w.FilterChip("Thôn", [(None, "tất cả")])
        self.unit_chip = w.FilterChip("Đơn vị", [(None, "tất cả")])
        self.group_chip = w.FilterChip("Nhóm", [(None, "tất cả"), *((g, LIST_GROUPS[g]) for g in CitizenGroup)])
        self.chips = (self.state_chip, self.hamlet_chip, self.unit_chip, self.group_chip)
        for chip in self.chips:
            chip.chosen.connect(lambda _value: self.show_list())
        column.addWidget(w.FlowRow(*self.chips))
        self.table = w.DataTable("accounts.people", PEOPLE_COLUMNS)
        self.table.view.setAccessibleName("Người và trạng thái tài khoản")
        self.table.row_opened.connect(lambda _row: self.ask_chosen())
        nobody = w.EmptyState("search", "Không có ai khớp điều kiện lọc.", "Bỏ điều kiện lọc", is_primary=False)
        nobody.activated.connect(self.clear_filters)
        self.table.set_placeholder(nobody)
        column.addWidget(self.table, 1)
        return view

    def _bind(self) -> None:
        for button, name, handler in (
            (self.import_button, "accounts.import", self.on_import),
            (self.export_button, "accounts.export", self.on_export),
        ):
            action = self.bind(name, handler)
            button.clicked.connect(lambda _checked=False, deed=action: deed.trigger())
            action.enabledChanged.connect(button.setEnabled)
        self.all_button = self.button_for("accounts.all", self.ask_all, text="Ghi tất cả", show_key=False)
        self.chosen_button = self.button_for("accounts.chosen", self.ask_chosen, text="Ghi trạng thái", primary=True)
        self.bind("reload", self.refresh)
        self.bind("save", self.save)
        self.bind("list", self.focus_tab)
        for place, key in enumerate(self._views, 1):
            self.bind(f"accounts.tab{place}", partial(self.show_tab, key))

    # -- showing -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read list and counts again."""
        with self.errors():
            self.round = current_round(self.context)
            self.set_subtitle(self.round.name)
            _offer(self.hamlet_chip, (*hamlets(self.context), (NO_HAMLET, "chưa rõ thôn")))
            _offer(self.unit_chip, organizations(self.context))
            self.unit_chip.setVisible(self.unit_chip.is_set or bool(organizations(self.context)))
            self.show_list()
            year = self.round.year
            self.run_counts(year)
            if self.round.is_closed:
                self.show_banner(f"Đợt {year} đã khóa: chỉ xem và xuất danh sách được.", "attention")

    def run_counts(self, year: int) -> None:
        """Count by place in a worker, without a window of its own."""
        if self.shell is not None:
            self.shell.tasks.run(
                lambda _progress: (hamlet_counts(self.context, year), organization_counts(self.context, year)),
                partial(self._on_counted, year), title="Đang đếm", shows_dialog=False,
            )  # fmt: skip

    def _on_counted(self, year: int, found: Counts) -> None:
        from shiboken6 import isValid

        if isValid(self) and self.round is not None and self.round.year == year:
            may_change = not self.round.is_closed
            self.hamlets_view.show_lines(year, _with_total(found[0]), may_change=may_change)
            self.units_view.show_lines(year, found[1], may_change=may_change)

    @property
    def filter(self) -> AccountFilter:
        """What the chips and the search box say."""
        state, hamlet, unit, group = (chip.value for chip in self.chips)
        return AccountFilter(
            state=state if isinstance(state, SiteState) else None,
            hamlet=hamlet if isinstance(hamlet, str) else None,
            organization=unit if isinstance(unit, str) else None,
            group=group if isinstance(group, CitizenGroup) else None,
            text=self.search_text,
        )

    def show_list(self) -> None:
        """The people under the present filters; the current row stays where it was."""
        if self.round is None:
            return
        with self.errors():
            place = self.table.view.currentIndex().row()
            self.source = account_list(self.context, self.round.year, self.filter)
            self.table.set_source(self.source)
            count = self.source.count()
            if 0 < place < count:
                self.table.select_row(place)
            self.tabs.set_tabs(_tabs(count))
            self._show_buttons()

    def _show_buttons(self) -> None:
        is_people = self._stack.currentWidget() is self.people_view
        has_people = bool(self.source is not None and self.source.count())
        is_open = self.round is not None and not self.round.is_closed
        for name in ("accounts.chosen", "accounts.all"):
            self.action(name).setEnabled(is_people and has_people and is_open)
        self.action("accounts.export").setEnabled(is_people and has_people)
        self.action("accounts.import").setEnabled(is_open)
        if is_people:
            self.set_header_buttons(self.all_button, self.chosen_button)
        else:
            self.set_header_buttons()

    def show_tab(self, key: str, *, takes_focus: bool = True) -> None:
        """Another part, once what was typed in this one is written."""
        if not self.save():
            self.tabs.set_value(next(name for name, view in self._views.items() if view is self._stack.currentWidget()))
            return
        self.tabs.set_value(key)
        self._stack.setCurrentWidget(self._views[key])
        self._show_buttons()
        if takes_focus:
            self.focus_tab()

    def focus_tab(self) -> None:
        view = self._stack.currentWidget()
        (view.list if isinstance(view, CountsView) else self.table).take_focus()

    def on_shown(self) -> None:
        self.focus_tab()

    def on_search(self, text: str) -> None:
        if self._stack.currentWidget() is not self.people_view:
            self.show_tab(PEOPLE, takes_focus=False)
        self.show_list()

    def on_search_submitted(self) -> None:
        self.focus_tab()

    @property
    def finds_nothing(self) -> bool:
        return self.source is not None and not self.source.count()

    def clear_filters(self) -> None:
        """The whole list again."""
        for chip in self.chips:
            chip.set_value(None)
        self.search_text = ""
        box = getattr(getattr(self.shell, "header", None), "search_box", None)
        if box is not None and self.isVisible():
            box.set_text_silently("")
        self.show_list()
        self.focus_tab()

    def show_lacking(self, *, hamlet: Uid | None = None, organization: Uid | None = None) -> None:
        """Who of one place has no account yet."""
        self.clear_filters()
        self.state_chip.set_value(SiteState.NONE)
        self.hamlet_chip.set_value(hamlet)
        self.unit_chip.set_value(organization)
        self.show_list()
        self.show_tab(PEOPLE)

    def save(self) -> bool:
        """Write what was typed about a place; False while it cannot be read."""
        return all(view.save() for view in (self.hamlets_view, self.units_view) if view.is_changed)

    def can_leave(self) -> bool:
        return self.save() and super().can_leave()

    def _on_stored(self, words: str) -> None:
        if self.shell is not None:
            self.shell.notify(words, can_undo=True)
            self.shell.announce_change("follow_up")

    # -- deeds ---------------------------------------------------------------------------------------------------

    def ask_chosen(self) -> None:
        """Ask which state the selected rows get."""
        rows = [row for row in self.table.selected() if isinstance(row, AccountRow)]
        if rows and self.action("accounts.chosen").isEnabled():
            counts = Counter(row.state for row in rows)
            words = rows[0].name if len(rows) == 1 else f"{number_text(len(rows))} dòng đang chọn"
            self._ask(words, counts, [row.uid for row in rows])

    def ask_all(self) -> None:
        """Ask which state everybody gets whom the list shows."""
        if self.source is not None and self.source.count():
            words = f"tất cả {number_text(self.source.count())} người đang hiện"
            self._ask(words, self.source.counts(), None)

    def _ask(self, words: str, counts: Mapping[SiteState, int], uids: Sequence[Uid] | None) -> None:
        most = max(counts, key=lambda state: counts[state])
        order = list(SiteState)
        first = order[min(order.index(most) + 1, len(order) - 1)]
        self.dialog = StateDialog(self.window(), words, counts, first, dt.date.today())
        self.dialog.confirmed.connect(partial(self._write, uids))
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def _write(self, uids: Sequence[Uid] | None, choice: StateChoice) -> None:
        assert self.round is not None and self.source is not None
        year, source = self.round.year, self.source
        self.run(
            lambda _progress: record_states(
                self.context, year, source.uids() if uids is None else uids, choice.state, changed_on=choice.day,
                keeps_further=choice.keeps_further,
            ),
            partial(self._on_written, choice), "Đang ghi trạng thái", is_writing=True, can_cancel=False,
        )  # fmt: skip

    def _on_written(self, choice: StateChoice, count: int) -> None:
        assert self.shell is not None
        words = f"Đã ghi “{SITE_WORDS[choice.state].lower()}” cho {number_text(count)} người."
        self.shell.notify(words if count else "Không có gì thay đổi.", can_undo=bool(count))
        self.shell.announce_change("site_account")
        self.focus_tab()

    def on_export(self) -> None:
        """The people that are shown, with the site's fields."""
        if self.source is None:
            return
        state = self.filter.state
        title = "Danh sách chưa có tài khoản" if state is SiteState.NONE else "Danh sách tài khoản trang quốc gia"
        path = dialogs.ask_save_file(
            self, "Xuất danh sách cho trang quốc gia", "Bảng tính Excel (*.xlsx)",
            name=f"{title.lower()} {dt.date.today():%Y-%m-%d}.xlsx", suffix="xlsx",
        )  # fmt: skip
        if path is None:
            return
        source, note = self.source, self._filter_words()

        def write(progress: Progress) -> SiteExport:
            return export_site_list(self.context, source, Path(path), title=title, note=note, progress=progress)

        self.run(write, self._on_exported, "Đang xuất danh sách",
                 stopped="Đã dừng; chưa có tệp nào được ghi.", is_writing=True)  # fmt: skip

    def _on_exported(self, made: SiteExport) -> None:
        self.show_banner(
            f"{made.words} Tệp có dữ liệu cá nhân; lần xuất này đã được ghi vào nhật ký.",
            "attention" if made.lacking else "passed",
        )

    def _filter_words(self) -> str:
        words = [chip.text().partition(":")[2].strip() for chip in self.chips if chip.is_set]
        return ", ".join([*words, *([f"tìm “{self.search_text}”"] if self.search_text else [])])

    def on_import(self) -> None:
        from desktop_app.ui.accounts.import_page import SiteImportPage

        if self.shell is not None and self.round is not None and self.save():
            self.shell.push(SiteImportPage(self.context, self.round.year))


def _offer(chip: w.FilterChip, choices: Sequence[tuple[Any, str]]) -> None:
    kept = chip.value
    chip.set_choices([(None, "tất cả"), *choices])
    chip.set_value(kept if kept in [value for value, _ in choices] else None)


def _with_total(lines: tuple[AccountCount, ...]) -> tuple[AccountCount, ...]:
    if len(lines) < 2:
        return lines
    columns = zip(*((line.people, line.accounts, line.assessed, line.recognised) for line in lines), strict=True)
    return (AccountCount(None, WHOLE, *(sum(column) for column in columns)), *lines)


def _tabs(count: int | None) -> tuple[Tab, ...]:
    return Tab(PEOPLE, "Danh sách", count), Tab(HAMLETS, "Theo thôn"), Tab(UNITS, "Theo đơn vị")
