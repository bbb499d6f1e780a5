"""Đợt đánh giá: the rounds by year, what is unfinished in the chosen one, its models, days and targets, closing.

Invariants: a round is closed only after the list of what is unfinished was shown with the question; every deed is one
operation that can be undone; what was typed is saved before another round or part is shown.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.models.types import DeviceRole, LearningModel, RoundStatus
from desktop_app.services.assessment.next_round import start_next_round
from desktop_app.services.assessment.registered import registered_totals
from desktop_app.services.assessment.round_closing import (
    Unfinished,
    begin_closing,
    close_round,
    reopen_round,
    unfinished,
)
from desktop_app.services.assessment.round_years import may_remove, open_year, remove_round
from desktop_app.services.assessment.rounds import RoundRecord, current_round, list_rounds, work_in
from desktop_app.services.context import Context
from desktop_app.services.registry.words import ROUND_STATUS
from desktop_app.services.vietnamese import PartialDate, number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.page import Page
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.rounds.days_view import DaysView
from desktop_app.ui.rounds.parts_view import PartsView
from desktop_app.ui.rounds.unfinished_view import UnfinishedView, open_unfinished
from desktop_app.ui.rounds.year_dialog import YearDialog

T = TypeVar("T")
SCOPE = "Đợt đánh giá"
OPEN_WORK, MODELS, DAYS = "open", "models", "days"
STATE_CHIPS = {
    RoundStatus.OPEN: w.ChipData("Đang mở", "passed"),
    RoundStatus.CLOSING: w.ChipData("Đang khóa: chấm nốt, không nhận đăng ký", "attention"),
    RoundStatus.CLOSED: w.ChipData("Đã khóa", "neutral", "lock"),
}


class RoundPage(Page):
    """The screen.

    Args:
        context: the opened register.
        year: of the round that is shown first; None for the one that is worked in.
    """

    title_text = "Đợt đánh giá"
    help_topic = "dot_danh_gia"
    ACTIONS = (
        ActionSpec("rounds.go_on", "Làm tiếp việc đang chọn", "Ctrl+Enter", "arrow-right", SCOPE),
        ActionSpec("rounds.state", "Bắt đầu khóa, khóa hoặc mở lại đợt", "Ctrl+L", "lock", SCOPE),
        ActionSpec("rounds.reopen", "Thôi khóa, mở lại đợt đang khóa", "Ctrl+Shift+O", "undo-2", SCOPE),
        ActionSpec("rounds.close", "Khóa đợt ngay", "Ctrl+Shift+L", "lock", SCOPE),
        ActionSpec("rounds.next", "Mở đợt năm sau", "Ctrl+M", "plus", SCOPE),
        ActionSpec("rounds.work_in", "Làm việc ở đợt đang xem", "Ctrl+D", "circle-dot", SCOPE),
        ActionSpec("rounds.proposals", "Đề xuất đăng ký, đổi nhóm", "Ctrl+G", "user-plus", SCOPE),
        ActionSpec("rounds.registered", "Danh sách đăng ký", "Ctrl+R", "list-checks", SCOPE),
        ActionSpec("rounds.tab1", "Việc chưa xong", "Ctrl+1", scope=SCOPE),
        ActionSpec("rounds.tab2", "Mô hình và bộ tiêu chí", "Ctrl+2", scope=SCOPE),
        ActionSpec("rounds.tab3", "Ngày và chỉ tiêu", "Ctrl+3", scope=SCOPE),
    )

    def __init__(self, context: Context, year: int | None = None) -> None:
        super().__init__(context)
        self.year = year
        self.round: RoundRecord | None = None
        self.rounds: tuple[RoundRecord, ...] = ()
        self.lines: tuple[Unfinished, ...] = ()
        self.years = Tabs("Đợt", is_pill=True)
        self.years.chosen.connect(self.show_year)
        self.state_chip = w.Chip("")
        self.worked_chip = w.Chip("Các màn hình đang làm việc ở đợt này", "accent", "circle-dot")
        self.facts = w.label("", "quiet", wrap=True)
        self.ask_bar = w.ConfirmBar("", "Khóa đợt", "Chưa khóa")
        self.ask_bar.confirmed.connect(self._on_confirmed)
        self.ask_bar.declined.connect(self.focus_tab)
        self.remove_bar = w.ConfirmBar("", "Bỏ đợt", "Giữ lại")
        self.remove_bar.confirmed.connect(self._on_remove)
        self.remove_bar.declined.connect(self.focus_tab)
        self.tabs = Tabs("Phần của đợt", _tabs(None))
        self.tabs.chosen.connect(self._on_tab)
        self.unfinished_view = UnfinishedView(self.open_line)
        self.parts_view = PartsView(context, self.errors, self._on_stored)
        self.days_view = DaysView(context, self.errors, self._on_stored)
        self._stack = QStackedWidget()
        self._views: dict[str, QWidget] = {
            OPEN_WORK: self.unfinished_view, MODELS: self.parts_view, DAYS: self.days_view
        }  # fmt: skip
        for view in self._views.values():
            self._stack.addWidget(view)
        self.ways = w.FlowRow(self.state_chip, self.worked_chip, spacing=8)
        for part in (self.years, self.facts, self.ways, self.ask_bar, self.remove_bar, self.tabs):
            self.body.addWidget(part)
        self.body.addWidget(w.sized(self._stack, min_height=280), 1)
        self._bind()

    @classmethod
    def opened_from(cls, page: Page) -> RoundPage:
        """The round of the list that it was asked from."""
        shown = getattr(page, "round", None)
        return cls(page.context, shown.year if isinstance(shown, RoundRecord) else None)

    def _bind(self) -> None:
        self.bind("rounds.proposals", self.on_proposals)
        self.bind("rounds.registered", self.on_registered)
        self.next_button = self.button_for("rounds.next", self.on_next, show_key=False)
        self.close_button = self.button_for("rounds.close", self.ask_close, text="Khóa đợt", show_key=False)
        self.go_on_button = self.button_for(
            "rounds.go_on", self.on_go_on, text="Làm tiếp", primary=True, show_key=False
        )
        self.state_button = self.button_for("rounds.state", self.on_state, text="Bắt đầu khóa", primary=True)
        self.reopen_button = self.button_for("rounds.reopen", self.on_reopen, text="Mở lại", show_key=False)
        self.bind("rounds.work_in", self.on_work_in)
        self.work_button = self._way("rounds.work_in", "Làm việc ở đợt này", "circle-dot")
        self.registered_button = self._way("rounds.registered", "Danh sách đăng ký", "list-checks")
        self.proposals_button = self._way("rounds.proposals", "Đề xuất đăng ký, đổi nhóm", "user-plus")
        self.bind("add", self.on_other_year)
        self.year_button = self._way("add", "Mở đợt năm khác", "plus")
        self.bind("delete", self.ask_remove)
        self.remove_button = self._way("delete", "Bỏ đợt này", "trash-2")
        self.bind("reload", self.refresh)
        self.bind("save", self.save)
        self.bind("list", self.focus_tab)
        for place, key in enumerate(self._views, 1):
            self.bind(f"rounds.tab{place}", partial(self.show_tab, key))

    def _way(self, action_id: str, text: str, icon: str) -> w.Button:
        """A small button of the page for one of its actions."""
        action = self.action(action_id)
        button: w.Button = self.ways.add(w.QuietButton(text, icon=icon, small=True))
        button.clicked.connect(lambda _checked=False: action.trigger())
        action.enabledChanged.connect(button.setEnabled)
        return button

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def may_change(self) -> bool:
        """Only the office changes rounds, and a closed one not before it is opened again."""
        is_open = self.round is not None and not self.round.is_closed
        return is_open and self.context.role is not DeviceRole.VOLUNTEER

    def refresh(self) -> None:
        """Read all rounds and the chosen one again."""
        with self.errors():
            self.rounds = list_rounds(self.context)
            worked = current_round(self.context)
            chosen = next((item for item in self.rounds if item.year == self.year), worked)
            self.round, self.year = chosen, chosen.year
            self.lines = unfinished(self.context, chosen.year)
            self._show_head(chosen, worked)
            self._show_parts(chosen)

    def _show_head(self, chosen: RoundRecord, worked: RoundRecord) -> None:
        self.years.set_tabs(
            [Tab(item.year, f"{item.year} · {ROUND_STATUS[item.status].lower()}") for item in self.rounds]
        )
        self.years.set_value(chosen.year)
        self.set_subtitle(chosen.name)
        is_worked = chosen.year == worked.year
        self.state_chip.set_chip(STATE_CHIPS[chosen.status])
        self.worked_chip.setVisible(is_worked)
        self.action("rounds.work_in").setEnabled(not is_worked)
        self.work_button.setVisible(not is_worked)
        self.work_button.setText(f"Làm việc ở đợt {chosen.year}")
        self.facts.setText(_facts(self.context, chosen))
        self._show_buttons(chosen)
        self.ask_bar.hide()
        self.remove_bar.hide()

    def _show_buttons(self, chosen: RoundRecord) -> None:
        is_office = self.context.role is not DeviceRole.VOLUNTEER
        words = {
            RoundStatus.OPEN: ("Bắt đầu khóa", "hourglass"),
            RoundStatus.CLOSING: ("Khóa đợt", "lock"),
            RoundStatus.CLOSED: ("Mở lại", "undo-2"),
        }
        text, icon = words[chosen.status]
        self.state_button.setText(text)
        self.state_button.setAccessibleName(text)
        self.state_button.icon_name = icon
        is_at_work = chosen.status is RoundStatus.OPEN and (bool(self.lines) or not _has_begun(self.context, chosen))
        self.state_button.set_primary(not is_at_work)
        self.go_on_button.setText("Làm tiếp" if self.lines else "Đăng ký")
        self.go_on_button.setAccessibleName("Làm tiếp việc đang chọn" if self.lines else "Đăng ký người tham gia")
        self.action("rounds.go_on").setEnabled(is_at_work)
        for action_id in ("rounds.state", "rounds.close", "rounds.next", "add"):
            self.action(action_id).setEnabled(is_office)
        self.year_button.setVisible(is_office)
        is_closing = chosen.status is RoundStatus.CLOSING
        self.action("rounds.reopen").setEnabled(is_office and is_closing)
        can_go = is_office and may_remove(self.context, chosen)
        self.action("delete").setEnabled(can_go)
        self.remove_button.setVisible(can_go)
        self.action("rounds.close").setEnabled(is_office and chosen.status is RoundStatus.OPEN)
        following = chosen.year + 1
        has_next = any(item.year == following for item in self.rounds)
        self.next_button.setText(f"Mở đợt {following}")
        self.next_button.setAccessibleName(self.next_button.text())
        self.action("rounds.next").setEnabled(is_office and not has_next)
        buttons: list[QWidget] = [] if has_next else [self.next_button]
        buttons += [self.close_button] if chosen.status is RoundStatus.OPEN else []
        buttons += [self.reopen_button] if is_closing else []
        self.set_header_buttons(*buttons, self.state_button, *([self.go_on_button] if is_at_work else []))

    def _show_parts(self, chosen: RoundRecord) -> None:
        self.tabs.set_tabs(_tabs(sum(line.count for line in self.lines)))
        self.unfinished_view.show_lines(self.lines)
        if not self.lines:
            self.unfinished_view.done.set_sentence(_nothing_open(self.context, chosen))
        self.parts_view.show_round(chosen.year, may_change=self.may_change)
        self.days_view.show_round(chosen, may_change=self.may_change)

    def show_year(self, year: object) -> None:
        """Another round; what was typed for this one is saved first."""
        if isinstance(year, int) and self.save():
            self.year = year
            self.refresh()
        else:
            self.years.set_value(self.year)

    def show_tab(self, key: str) -> None:
        """Another part of the round, with the focus in it."""
        if self.save():
            self.tabs.set_value(key)
            self._stack.setCurrentWidget(self._views[key])
            self.focus_tab()

    def _on_tab(self, key: object) -> None:
        if self.save():
            self._stack.setCurrentWidget(self._views[str(key)])
        else:
            self.tabs.set_value(next(name for name, view in self._views.items() if view is self._stack.currentWidget()))

    def focus_tab(self) -> None:
        """Put the focus where work begins in the part that is shown."""
        view = self._stack.currentWidget()
        if view is self.days_view:
            self.days_view.focus_first()
        else:
            table = self.parts_view.table if view is self.parts_view else self.unfinished_view
            table.take_focus()

    def on_shown(self) -> None:
        self.focus_tab()

    def save(self) -> bool:
        """Write what was typed; False while something cannot be read."""
        for view in (self.parts_view, self.days_view):
            if view.is_changed and not view.save():
                self.tabs.set_value(MODELS if view is self.parts_view else DAYS)
                self._stack.setCurrentWidget(view)
                return False
        return True

    def can_leave(self) -> bool:
        return self.save()

    def _on_stored(self, words: str) -> None:
        self._changed(words)

    def _changed(self, words: str, *, can_undo: bool = True) -> None:
        """A deed was done: tell all screens, of which this one reads again at once."""
        if self.shell is None:
            self.refresh()
            return
        self.shell.announce_change("assessment_round", "assessment", "registration")
        self.shell.notify(words, can_undo=can_undo)
        self._show_place()

    def _show_place(self) -> None:
        """The window names the round that is worked in."""
        from desktop_app.ui.safety.facts import place_text

        set_place = getattr(self.shell, "set_place", None)
        if set_place is not None:
            set_place(place_text(self.context))

    # -- deeds ---------------------------------------------------------------------------------------------------

    def open_line(self, line: Unfinished) -> None:
        """Go to where a line of the list is dealt with; the other screens then work in this round."""
        if self.shell is not None and self.round is not None:
            self._work_here()
            open_unfinished(self.shell, self._open_work, line)

    def on_go_on(self) -> None:
        """What is to be done next in an open round: the chosen line of its work, or registering whoever takes part."""
        if self.shell is None or self.round is None or not self.save():
            return
        if self.lines:
            place = self.unfinished_view.view.currentIndex().row()
            self.open_line(self.lines[max(place, 0)])
        else:
            from desktop_app.services.assessment.worklist import WorkFilter
            from desktop_app.ui.assessment.target import ListTarget

            self._work_here()
            self.shell.open_page("assessment", ListTarget(LearningModel.CITIZEN, WorkFilter()))

    def _work_here(self) -> None:
        """Let every screen work in the shown round."""
        assert self.shell is not None and self.round is not None
        if current_round(self.context).year != self.round.year:
            work_in(self.context, self.round.year)
            self.shell.announce_change("assessment_round")
            self._show_place()

    def _open_work(self, key: str) -> bool:
        from desktop_app.ui.assessment.round_work import WORK, open_work

        work = next((item for item in WORK if item.key == key), None)
        if work is not None:
            open_work(self, work)
        return work is not None

    def on_state(self) -> None:
        """What the chosen round's state asks for next."""
        if self.round is None or not self.save():
            return
        if self.round.status is RoundStatus.CLOSING:
            self.ask_close()
            return
        year = self.round.year
        with self.errors():
            if self.round.status is RoundStatus.OPEN:
                begin_closing(self.context, year)
                self._changed(f"Đã bắt đầu khóa đợt {year}.")
            else:
                reopen_round(self.context, year)
                self._changed(f"Đã mở lại đợt {year}.")

    def on_reopen(self) -> None:
        """A round that is being closed takes registrations again."""
        if self.round is None or self.round.status is not RoundStatus.CLOSING or not self.save():
            return
        with self.errors():
            reopen_round(self.context, self.round.year)
            self._changed(f"Đã mở lại đợt {self.round.year}.")

    def on_other_year(self) -> None:
        """Ask for the year of a round that is missing."""
        if not self.save():
            return
        taken = frozenset(item.year for item in self.rounds)
        self.dialog = YearDialog(self.window(), taken, min(taken, default=dt.date.today().year) - 1, dt.date.today())
        self.dialog.confirmed.connect(self._open_year)
        self.dialog.finished.connect(self.dialog.deleteLater)
        self.dialog.open()

    def _open_year(self, typed: str) -> None:
        with self.errors():
            self._open(lambda year: open_year(self.context, year, dt.date.today()), typed)

    def ask_remove(self) -> None:
        """Ask before an empty round goes away."""
        if self.round is not None and self.save():
            year = self.round.year
            self.remove_bar.ask(f"Bỏ đợt {year}? Đợt này chưa có đăng ký hay phiếu nào; hoàn tác được bằng Ctrl+Z.")

    def _on_remove(self) -> None:
        assert self.round is not None
        with self.errors():
            remove_round(self.context, self.round.year)
            words = f"Đã bỏ đợt {self.round.year}."
            self.year = None
            self._changed(words)

    def ask_close(self) -> None:
        """Show what is unfinished, and ask."""
        if self.round is None or self.round.is_closed or not self.save():
            return
        self.tabs.set_value(OPEN_WORK)
        self._stack.setCurrentWidget(self.unfinished_view)
        with self.errors():
            self.lines = unfinished(self.context, self.round.year)
            self._show_parts(self.round)
            self.ask_bar.ask(_question(self.round, self.lines))

    def _on_confirmed(self) -> None:
        assert self.round is not None
        year = self.round.year
        with self.errors():
            close_round(self.context, year, despite=True)
            self._changed(f"Đã khóa đợt {year}.")
            self.focus_tab()

    def on_next(self) -> None:
        """Open the next year's round from this one and show it."""
        if self.round is None or not self.save():
            return
        with self.errors():
            self._open(lambda year: start_next_round(self.context, year), self.round.year)

    def _open(self, deed: Callable[[T], RoundRecord], asked: T) -> None:
        """Open a round and show it; the other screens stay where people work until somebody says otherwise."""
        worked = current_round(self.context)
        made = deed(asked)
        self.year = made.year
        if not worked.is_closed and current_round(self.context).year != worked.year:
            work_in(self.context, worked.year)
        now = current_round(self.context).year
        self._changed(f"Đã mở đợt {made.year}; các màn hình {'vẫn ' if now == worked.year else ''}làm ở đợt {now}.")

    def on_work_in(self) -> None:
        """Let every screen work in the chosen round."""
        if self.round is None:
            return
        with self.errors():
            work_in(self.context, self.round.year)
            self._changed(f"Các màn hình nay làm việc ở đợt {self.round.year}.", can_undo=False)

    def on_proposals(self) -> None:
        from desktop_app.ui.rounds.proposals_page import ProposalsPage

        if self.shell is not None and self.round is not None and self.save():
            self.shell.push(ProposalsPage(self.context, self.round.year))

    def on_registered(self) -> None:
        from desktop_app.ui.rounds.registered_page import RegisteredPage

        if self.shell is not None and self.round is not None and self.save():
            self.shell.push(RegisteredPage(self.context, self.round.year))


def _tabs(count: int | None) -> tuple[Tab, ...]:
    return (
        Tab(OPEN_WORK, "Việc chưa xong", count),
        Tab(MODELS, "Mô hình và bộ tiêu chí"),
        Tab(DAYS, "Ngày và chỉ tiêu"),
    )


def _facts(context: Context, chosen: RoundRecord) -> str:
    """Days and registrations in two sentences."""
    starts, ends, counted = (PartialDate.from_iso(day).text() for day in _days(chosen))
    units = {LearningModel.CITIZEN: "công dân", LearningModel.FAMILY: "hộ"}
    totals = registered_totals(context, chosen.year, units)
    told = [
        f"{number_text(new + renewed)} {units[model]} ({number_text(renewed)} tái đăng ký)"
        for model, (new, renewed) in totals.items()
    ]
    return f"Từ {starts} đến {ends}, tính tuổi và nơi ở ngày {counted}. Đã đăng ký {' và '.join(told)}."


def _nothing_open(context: Context, chosen: RoundRecord) -> str:
    """Why the list of unfinished work is empty: all is done, or nobody has begun."""
    if chosen.is_closed:
        return "Đợt này đã khóa và không còn việc gì dở."
    if not _has_begun(context, chosen):
        return (
            "Đợt này chưa có ai đăng ký nên chưa có việc gì dở. Bắt đầu bằng nút Đăng ký ở màn hình Đánh giá, "
            "hoặc nhận đề xuất từ đợt trước (Ctrl+G)."
        )
    return "Đợt này không còn việc gì dở; có thể khóa đợt."


def _has_begun(context: Context, chosen: RoundRecord) -> bool:
    """Whether anybody is registered for the round."""
    return any(new + renewed for new, renewed in registered_totals(context, chosen.year, LearningModel).values())


def _days(chosen: RoundRecord) -> tuple[str, str, str]:
    return chosen.starts_on, chosen.ends_on, chosen.counted_on


def _question(chosen: RoundRecord, lines: tuple[Unfinished, ...]) -> str:
    after = "Sau khi khóa, đợt không nhận thêm đăng ký, điểm và xét duyệt; không mất gì và có thể mở lại."
    if not lines:
        return f"Khóa đợt {chosen.year}? Không còn việc gì dở. {after}"
    shown = "; ".join(line.text for line in lines[:3])
    more = f" và {len(lines) - 3} loại việc khác trong danh sách dưới" if len(lines) > 3 else ""
    return f"Khóa đợt {chosen.year} dù còn {shown}{more}? {after}"
