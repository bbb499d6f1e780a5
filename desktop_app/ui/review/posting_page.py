"""Niêm yết, ý kiến: lists that hang in public, the objections to them, and their answers.

Invariants: an objection is taken at any time, a late one is marked; an answer says how it came to be; what is done can
be undone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QStackedWidget

from desktop_app.models.types import Uid
from desktop_app.services.assessment.review.objections import remove_objection
from desktop_app.services.assessment.review.postings import remove_posting
from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.review.objections_view import ObjectionsView
from desktop_app.ui.review.posting_deeds import PostingDeeds
from desktop_app.ui.review.postings_view import PostingsView
from desktop_app.ui.review.words import LISTS, SAID, posting_title
from desktop_app.ui.widgets.basics import KeyHint
from desktop_app.ui.widgets.layouts import FlowRow
from desktop_app.ui.work_page import WorkPage

SCOPE = "Niêm yết, ý kiến"
LOW = 480


class PostingPage(WorkPage):
    """The screen."""

    title_text = "Niêm yết, ý kiến"
    help_topic = "niem_yet"
    search_placeholder = "Tìm trong ý kiến…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("posting.lists", "Danh sách niêm yết", "Ctrl+1", "scroll-text", scope=SCOPE),
        ActionSpec("posting.said", "Ý kiến", "Ctrl+2", "gavel", scope=SCOPE),
        ActionSpec("posting.objection", "Ghi ý kiến", "Ctrl+E", "gavel", scope=SCOPE),
        ActionSpec("posting.answer", "Trả lời ý kiến", "Ctrl+Return", "check", scope=SCOPE),
        ActionSpec("posting.withdraw", "Bỏ câu trả lời", "Ctrl+D", "undo-2", scope=SCOPE),
        ActionSpec("posting.half", "Sang bảng bên hoặc về danh sách", "F6", scope=SCOPE),
    )

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self.round: RoundRecord | None = None
        self._is_first = True
        self.deeds = PostingDeeds(self)
        self.tabs = Tabs("Phần", (Tab(LISTS, "Danh sách niêm yết", 0), Tab(SAID, "Ý kiến", 0)))
        self.ask_bar = AskBar()
        self.lists = PostingsView(context)
        self.said = ObjectionsView(context)
        self.stack = QStackedWidget()
        for view in (self.lists, self.said):
            self.stack.addWidget(view)
            view.deed.left.connect(self.leave_deed)
        theme.remember_layout(self.body, (24, 12, 24, 16), 12)
        self.body.addWidget(self.tabs)
        self.body.addWidget(self.ask_bar)
        self.body.addWidget(self.stack, 1)
        self.hints = FlowRow(
            KeyHint("Ctrl+N", "niêm yết danh sách"),
            KeyHint("Ctrl+E", "ghi ý kiến"),
            KeyHint("Ctrl+Enter", "trả lời"),
            KeyHint("F2", "sửa"),
            KeyHint("F8", "bỏ"),
            KeyHint("F9", "in danh sách"),
            spacing=18,
        )
        self.body.addWidget(self.hints)
        self._connect()
        self._bind()

    def _connect(self) -> None:
        self.tabs.chosen.connect(lambda _part: self.show_part(self.tabs.value))
        self.lists.opened.connect(lambda _record: self.deeds.show_paper())
        self.lists.add_asked.connect(self.deeds.ask_post)
        self.said.opened.connect(lambda _record: self.deeds.ask_answer())
        self.said.add_asked.connect(self.deeds.ask_objection)

    def _bind(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "reload": self.refresh,
            "list": self.focus_list,
            "edit": self.on_edit,
            "delete": self.on_delete,
            "posting.lists": partial(self.show_part, LISTS),
            "posting.said": partial(self.show_part, SAID),
            "posting.withdraw": self.deeds.withdraw,
            "posting.half": self._on_half,
        }
        for action_id, handler in handlers.items():
            self.bind(action_id, handler)
        self.paper_button = self.button_for("preview", self.deeds.show_paper, text="In danh sách")
        self.objection_button = self.button_for("posting.objection", self.deeds.ask_objection)
        self.answer_button = self.button_for(
            "posting.answer", self.deeds.ask_answer, text="Trả lời", primary=True, show_key=False
        )
        self.add_button = self.button_for("add", self.deeds.ask_post, text="Niêm yết danh sách", primary=True)
        self.lists.side.outranks(self.add_button, self.lists.empty.button)
        self.said.side.outranks(self.answer_button, self.said.empty.button)
        self.action("posting.answer").setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def view(self) -> PostingsView | ObjectionsView:
        return self.said if self.tabs.value == SAID else self.lists

    @property
    def year(self) -> int:
        return self.round.year if self.round is not None else 0

    def refresh(self) -> None:
        with self.errors():
            self.round = current_round(self.context)
            self._read()
            if self._is_first:
                self._is_first = False
                if any(item.is_open for item in self.said.records):
                    self.tabs.set_value(SAID)
            self.show_part(self.tabs.value)

    def _read(self, keep: Uid = "") -> None:
        self.lists.show_year(self.year, keep)
        self.said.show_year(self.year, keep)
        waiting = sum(item.is_open for item in self.said.records)
        self.tabs.set_tabs(
            (Tab(LISTS, "Danh sách niêm yết", len(self.lists.records)), Tab(SAID, "Ý kiến", len(self.said.records)))
        )
        words = f"{number_text(waiting)} ý kiến chưa trả lời" if waiting else ""
        self.set_subtitle(" · ".join(part for part in (f"Đợt {self.year}", words) if part))

    def show_part(self, part: object) -> None:
        """Lists, or what was said of them."""
        self.tabs.set_value(part)
        self.stack.setCurrentWidget(self.view)
        buttons = [self.objection_button]
        if part == LISTS:
            buttons = [self.paper_button, *buttons, self.add_button] if self.lists.records else buttons
        elif self.said.records:
            buttons.append(self.answer_button)
        self.set_header_buttons(*buttons)
        asked = self.view.deed.form if self.view.side.is_asking else None
        if asked is not None:  # what was typed there is not covered by the list
            self.view.pair.show_panel()
            asked.focus_first()
        else:
            self.focus_list()

    def on_search(self, text: str) -> None:
        self.said.text = text
        self.tabs.set_value(SAID)
        self.said.show_year(self.year)
        self.stack.setCurrentWidget(self.said)

    def open_target(self, target: object) -> None:
        """Another screen asks for the objections."""
        self.show_part(SAID)

    def on_shown(self) -> None:
        self.focus_list()

    def focus_list(self) -> None:
        self.view.pair.show_list()
        self.view.table.take_focus()

    def leave_deed(self) -> None:
        """Back to the facts and the list."""
        if self.view.side.leave(self.view.pair, has_rows=bool(self.view.records)):
            self.focus_list()

    def _on_half(self) -> None:
        self.view.side.turn(self.view.pair, self.view.table, self.focus_list)

    def resizeEvent(self, event: Any) -> None:
        """In a low or zoomed window the list takes the room of the hints."""
        super().resizeEvent(event)
        self.hints.setVisible(self.height() >= theme.px(LOW))

    # -- both ----------------------------------------------------------------------------------------------------

    def on_edit(self) -> None:
        """F2."""
        record, item = self.lists.current(), self.said.current()
        if self.tabs.value == LISTS and record is not None:
            self.deeds.edit_posting(record)
        elif self.tabs.value == SAID and item is not None:
            self.deeds.edit_objection(item)

    def on_delete(self) -> None:
        """F8: asks, then takes the current line off."""
        record, item = self.lists.current(), self.said.current()
        if self.tabs.value == LISTS and record is not None:
            kept = f" {number_text(record.objections)} ý kiến về danh sách này vẫn giữ." if record.objections else ""
            self.ask_bar.ask(
                f"Bỏ danh sách {posting_title(record)}?{kept}",
                Answer("Bỏ danh sách", lambda: self._remove(remove_posting, record.uid), "danger"),
                Answer("Giữ lại", self.focus_list),
            )
        elif self.tabs.value == SAID and item is not None:
            self.ask_bar.ask(
                f"Bỏ ý kiến về {item.name}? Chỉ bỏ khi ghi nhầm; ý kiến không đúng thì trả lời.",
                Answer("Bỏ ý kiến", lambda: self._remove(remove_objection, item.uid), "danger"),
                Answer("Giữ lại", self.focus_list),
            )

    def _remove(self, remove: Callable[[Any, Uid], None], uid: Uid) -> None:
        with self.errors():
            remove(self.context, uid)
            self.told("Đã bỏ.", "")
        self.show_part(self.tabs.value)

    def ask(self, *args: Any, **named: Any) -> None:
        """Ask for a deed in place of the facts; see ``DeedForm.ask``."""
        self.view.side.ask(self.view.pair, *args, **named)

    def told(self, text: str, keep: Uid) -> None:
        """A deed is done: read again and say so."""
        self._read(keep)
        self.show_part(self.tabs.value)
        if self.shell is not None:
            self.shell.announce_change("assessment", "review", "posting", "objection")
            self.shell.notify(text, can_undo=True)
            self.is_stale = False
