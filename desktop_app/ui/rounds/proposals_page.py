"""Đề xuất: who is proposed for registration in a round, model by model, and pupils who left school, to be accepted.

Invariants: nobody is written before a person accepts; what is accepted at once is one deed that can be undone.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.next_round import (
    GroupProposal,
    Proposal,
    Why,
    accept_groups,
    group_proposals,
    proposals,
)
from desktop_app.services.assessment.registration import RegistrationResult, register_subjects
from desktop_app.services.assessment.subjects import TITLES, UNITS
from desktop_app.services.context import Context
from desktop_app.services.progress import Progress
from desktop_app.services.registry.words import GROUP_SHORT
from desktop_app.services.vietnamese import PartialDate, name_sort_key, number_text, text_sort_key
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.work_page import WorkPage

SCOPE = "Đề xuất đăng ký"
GROUPS = "groups"
WHY_WORDS = {
    Why.RENEWAL: "Tái đăng ký: đạt năm trước",
    Why.OF_AGE: "Vừa đủ 16 tuổi",
    Why.REGISTERED: "Đăng ký năm trước",
}
WHY_TONES = {Why.RENEWAL: "passed", Why.OF_AGE: "accent", Why.REGISTERED: "neutral"}
Found = dict[object, Sequence[Any]]


def _birth(row: Proposal | GroupProposal) -> str:
    return PartialDate.from_iso(row.birth).text() if row.birth else ""


REGISTER_COLUMNS = (
    w.Column("name", "Tên", 240, "strong", stretch=3),
    w.Column("birth", "Sinh", 110, value=_birth, gives_way=2),
    w.Column("hamlet", "Thôn", 140, stretch=2, gives_way=1),
    w.Column("why", "Vì sao đề xuất", 250, value=lambda r: w.ToneText(WHY_WORDS[r.why], WHY_TONES[r.why]), stretch=2),
)
GROUP_COLUMNS = (
    w.Column("name", "Họ và tên", 220, "strong", stretch=3),
    w.Column("birth", "Sinh", 106, value=_birth, gives_way=3),
    w.Column("hamlet", "Thôn", 120, stretch=1, gives_way=2),
    w.Column("present", "Nhóm hiện nay", 168, value=lambda r: GROUP_SHORT[r.present], gives_way=1),
    w.Column("proposed", "Nhóm đề xuất", 168, value=lambda r: w.ToneText(GROUP_SHORT[r.proposed], "accent")),
    w.Column("reason", "Vì sao", 230, stretch=2),
)


class ProposalSource(w.ListSource):
    """Proposals in memory, in the order of names and hamlets as people sort them."""

    def sorted(self, column: str, *, descending: bool = False) -> ProposalSource:
        keys = {"name": name_sort_key, "hamlet": text_sort_key}
        order = keys.get(column, str)
        rows = sorted(self._rows, key=lambda row: order(str(getattr(row, column))), reverse=descending)
        return ProposalSource(rows)


class ProposalsPage(WorkPage):
    """The screen.

    Args:
        year: of the round that is proposed for.
    """

    title_text = "Đề xuất đăng ký"
    help_topic = "dot_danh_gia"
    ACTIONS = (
        ActionSpec("proposals.chosen", "Nhận các dòng đang chọn", "Ctrl+D", "square-check", SCOPE),
        ActionSpec("proposals.all", "Nhận tất cả dòng đang hiện", "Ctrl+G", "list-checks", SCOPE),
    )

    def __init__(self, context: Context, year: int) -> None:
        super().__init__(context)
        self.year = year
        self.found: Found = {}
        self.tabs = Tabs("Đề xuất cho", _tabs({}))
        self.tabs.chosen.connect(lambda _value: self.show_rows())
        self.hamlet_chip = w.FilterChip("Thôn", [(None, "tất cả")])
        self.why_chip = w.FilterChip("Lý do", [(None, "tất cả")])
        for chip in (self.hamlet_chip, self.why_chip):
            chip.chosen.connect(lambda _value: self.show_rows())
        self.ask_bar = w.ConfirmBar("", "Đăng ký", "Thôi", is_danger=False)
        self.ask_bar.confirmed.connect(self._on_confirmed)
        self.ask_bar.declined.connect(self.focus_list)
        self._asked: tuple[Any, ...] = ()
        self.tables = {
            False: w.DataTable("rounds.proposals", REGISTER_COLUMNS),
            True: w.DataTable("rounds.groups", GROUP_COLUMNS),
        }
        self._stack = QStackedWidget()
        for is_groups, table in self.tables.items():
            table.view.setAccessibleName("Đề xuất đổi nhóm" if is_groups else "Đề xuất đăng ký")
            table.set_placeholder(w.EmptyState("circle-check", "Không có ai để đề xuất ở đây.", is_primary=False))
            table.row_opened.connect(lambda _row: self.on_chosen())
            self._stack.addWidget(table)
        self.body.addWidget(self.tabs)
        self.body.addWidget(w.FlowRow(self.hamlet_chip, self.why_chip))
        self.body.addWidget(self.ask_bar)
        self.body.addWidget(w.sized(self._stack, min_height=240), 1)
        self.hints = w.FlowRow(
            w.KeyHint("Shift+↓", "chọn nhiều dòng"),
            w.KeyHint("Ctrl+D", "nhận dòng đang chọn"),
            w.KeyHint("Ctrl+G", "nhận tất cả đang hiện"),
            spacing=18,
        )
        self.body.addWidget(self.hints)
        self.chosen_button = self.button_for("proposals.chosen", self.on_chosen, text="Nhận dòng chọn", show_key=False)
        self.all_button = self.button_for("proposals.all", self.on_all, text="Nhận tất cả", primary=True)
        self.set_header_buttons(self.chosen_button, self.all_button)
        self.bind("reload", self.refresh)
        self.bind("list", self.focus_list)

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def is_groups(self) -> bool:
        return self.tabs.value == GROUPS

    @property
    def table(self) -> w.DataTable:
        return self.tables[self.is_groups]

    def refresh(self) -> None:
        """Read the proposals of every model in a worker."""
        self.set_subtitle(f"đợt {self.year} · đang đọc…")
        self.run(self._read, self._on_read, "Đang tìm người để đề xuất")

    def _read(self, progress: Progress) -> Found:
        models = list(LearningModel)
        found: Found = {}
        for done, model in enumerate(models):
            progress.step(done, len(models) + 1, f"Đang đọc {TITLES[model]}")
            found[model] = proposals(self.context, model, self.year)
        found[GROUPS] = group_proposals(self.context, self.year)
        return found

    def _on_read(self, found: Found) -> None:
        self.found = found
        self.tabs.set_tabs(_tabs({key: len(rows) for key, rows in found.items()}))
        if not found.get(self.tabs.value):
            first = next((key for key, rows in found.items() if rows), LearningModel.CITIZEN)
            self.tabs.set_value(first)
        self.show_rows()
        if self.isVisible():
            self.focus_list()

    def shown(self) -> tuple[Any, ...]:
        """The rows under the present filters."""
        rows = self.found.get(self.tabs.value, ())
        hamlet, why = self.hamlet_chip.value, self.why_chip.value
        return tuple(
            row
            for row in rows
            if (hamlet is None or row.hamlet == hamlet)
            and (why is None or (row.proposed if self.is_groups else row.why) == why)
        )

    def show_rows(self) -> None:
        """Fill the list; filters that fit nothing any more are let go."""
        rows = self.found.get(self.tabs.value, ())
        self._offer(self.hamlet_chip, Counter(row.hamlet for row in rows), lambda name: str(name) or "(chưa rõ)")
        if self.is_groups:
            self._offer(self.why_chip, Counter(row.proposed for row in rows), lambda group: GROUP_SHORT[group])
        else:
            self._offer(self.why_chip, Counter(row.why for row in rows), lambda why: WHY_WORDS[why])
        shown = self.shown()
        self._stack.setCurrentWidget(self.table)
        self.table.set_source(ProposalSource(shown))
        self.set_subtitle(f"đợt {self.year}")
        deed = "Đổi nhóm" if self.is_groups else "Đăng ký"
        for button, words in (
            (self.chosen_button, "dòng chọn"),
            (self.all_button, f"{number_text(len(shown))} {self.unit}"),
        ):
            button.setText(f"{deed} {words}")
            button.setAccessibleName(button.text())
        for name in ("proposals.chosen", "proposals.all"):
            self.action(name).setEnabled(bool(shown))
        self.ask_bar.hide()
        self.header_changed.emit()

    def _offer(self, chip: w.FilterChip, counts: Counter[Any], words: Any) -> None:
        kept = chip.value
        chip.set_choices([(None, "tất cả"), *((key, f"{words(key)} ({number_text(n)})") for key, n in counts.items())])
        chip.set_value(kept if kept in counts else None)
        chip.setVisible(len(counts) > 1)

    @property
    def unit(self) -> str:
        model = self.tabs.value
        return UNITS[model] if isinstance(model, LearningModel) else "người"

    def on_shown(self) -> None:
        self.focus_list()

    def focus_list(self) -> None:
        self.table.take_focus()

    # -- deeds ---------------------------------------------------------------------------------------------------

    def on_chosen(self) -> None:
        """Accept the selected rows at once: one deed."""
        self._accept(tuple(row for row in self.table.selected() if row is not None))

    def on_all(self) -> None:
        """Say how many and of which hamlets, then accept all that is shown."""
        rows = self.shown()
        if not rows:
            return
        self._asked = rows
        self.ask_bar.yes_button.setText("Đổi nhóm" if self.is_groups else "Đăng ký")
        places = Counter(row.hamlet or "chưa rõ thôn" for row in rows)
        where = ", ".join(f"{name}: {number_text(n)}" for name, n in places.most_common(6))
        more = f" và {len(places) - 6} thôn khác" if len(places) > 6 else ""
        deed = "Đổi nhóm" if self.is_groups else "Đăng ký"
        self.ask_bar.ask(
            f"{deed} {number_text(len(rows))} {self.unit} ({where}{more}) cho đợt {self.year}? Hoàn tác được cả lần."
        )

    def _on_confirmed(self) -> None:
        self._accept(self._asked)

    def _accept(self, rows: tuple[Any, ...]) -> None:
        if not rows:
            return
        model = self.tabs.value
        if isinstance(model, LearningModel):
            uids, day = [row.subject for row in rows], dt.date.today().isoformat()
            self.run(
                lambda _progress: register_subjects(self.context, model, self.year, uids, registered_on=day),
                self._on_registered, "Đang đăng ký", is_writing=True, can_cancel=False,
            )  # fmt: skip
        else:
            self.run(
                lambda _progress: accept_groups(self.context, self.year, rows),
                self._on_grouped, "Đang đổi nhóm", is_writing=True, can_cancel=False,
            )  # fmt: skip

    def _on_registered(self, result: RegistrationResult) -> None:
        words = f"Đã đăng ký {number_text(result.count)} {self.unit}"
        if result.renewed:
            words += f" ({number_text(result.renewed)} tái đăng ký)"
        if result.left_out:
            words += f"; bỏ qua {number_text(result.left_out)} thuộc nhóm không tham gia đợt"
        self._done(f"{words}.", bool(result.count), "registration")

    def _on_grouped(self, count: int) -> None:
        self._done(f"Đã đổi nhóm {number_text(count)} người.", bool(count), "citizen")

    def _done(self, words: str, can_undo: bool, kind: str) -> None:
        assert self.shell is not None
        self.shell.notify(words, can_undo=can_undo)
        self.shell.announce_change(kind, "assessment")


def _tabs(counts: dict[object, int]) -> tuple[Tab, ...]:
    return (
        *(Tab(model, SEGMENTS[model], counts.get(model)) for model in LearningModel),
        Tab(GROUPS, "Đổi nhóm: thôi học", counts.get(GROUPS)),
    )
