"""Accounts counted by hamlet or by organization, with who follows them and when they were last reminded.

Invariant: what is typed about one place is written when it is left or saved, as one deed; every count is the service's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.assessment.accounts import AccountCount, set_follow_up
from desktop_app.services.assessment.subjects import NO_HAMLET
from desktop_app.services.context import Context
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.accounts.words import COUNT_COLUMNS, count_words, lack_chip
from desktop_app.ui.widgets.days import as_day, whole_date
from desktop_app.ui.widgets.pair import ListAndPanel

WHOLE = "Cả xã"
SPEC = w.FormSpec(
    (
        w.Field("person", "Người theo dõi", max_length=120),
        w.Field(
            "reminded_on", "Nhắc lần cuối ngày", "date",
            check=lambda value: whole_date(value) or (
                "Ngày này còn ở phía trước." if as_day(value) > dt.date.today() else None
            ),
        ),
        w.Field("note", "Ghi chú", max_length=300),
    )
)  # fmt: skip


class CountsView(ListAndPanel):
    """The list of places, the chosen one beside it.

    Args:
        context: the opened register.
        table: "hamlet" or "organization".
        errors: the page's way to say what went wrong.
        stored: called after a change was written.

    Signals:
        people_asked(str): show who of this place (uid; "" the whole commune, ``NO_HAMLET`` none) has no account.
    """

    people_asked = Signal(str)

    def __init__(
        self, context: Context, table: str, errors: Callable[[], Any], stored: Callable[[str], object]
    ) -> None:
        self.list = w.DataTable(f"accounts.{table}", COUNT_COLUMNS, single=True)
        self.panel = w.SidePanel()
        super().__init__(self.list, self.panel)
        self._context, self._table, self._errors, self._stored = context, table, errors, stored
        self._year = 0
        self._may_change = True
        self._is_filling = False
        self.line: AccountCount | None = None
        self.form = w.FormView(SPEC)
        self.form.submitted.connect(self.save)
        self.list.view.setAccessibleName("Tài khoản theo thôn" if table == "hamlet" else "Tài khoản theo đơn vị")
        words = "Sổ chưa có thôn nào." if table == "hamlet" else "Sổ chưa có đơn vị nào."
        self.list.set_placeholder(w.EmptyState("users", words, is_primary=False))
        self.facts = w.label("", wrap=True)
        self.people_button = w.QuietButton("Xem ai chưa có", icon="list", small=True)
        self.people_button.clicked.connect(lambda _checked=False: self._ask_people())
        self.today_button = w.QuietButton("Nhắc hôm nay", icon="phone", small=True)
        self.today_button.clicked.connect(lambda _checked=False: self.remind_today())
        self.save_button = w.QuietButton("Cất", icon="save", key="Ctrl+S")
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        holder = QWidget()
        column = w.vbox(holder, spacing=14)
        for part in (self.facts, w.FlowRow(self.people_button, self.today_button), self.form):
            column.addWidget(part)
        self.panel.add(holder)
        self.panel.set_buttons(self.save_button)
        self.list.row_selected.connect(self._on_selected)
        self.list.row_opened.connect(lambda _line: self.enter())

    def show_lines(self, year: int, lines: Sequence[AccountCount], *, may_change: bool) -> None:
        """Fill the list; the same place stays chosen, with the keyboard in its form and what is being typed there."""
        self._year, self._may_change = year, may_change
        before, self.line = self.line, None
        kept = before.uid if before is not None else None
        place = next((n for n, line in enumerate(lines) if line.uid == kept), 0)
        self._is_filling = True
        self.list.set_source(w.ListSource(lines))
        self.set_has_panel(bool(lines))
        if lines:
            self.list.select_row(place)
        self._is_filling = False
        if lines:
            is_typing = before is not None and lines[place].uid == kept and self.is_changed
            self._show(lines[place], keeps_typed=is_typing)

    def enter(self) -> None:
        """Go into the form of the chosen place."""
        self.show_panel()
        if self.form.isEnabled():
            self.form.focus_first()

    def remind_today(self) -> None:
        """Write that they were reminded today."""
        self.form.set_raw({"reminded_on": f"{dt.date.today():%d/%m/%Y}"})
        self.save()

    @property
    def is_changed(self) -> bool:
        return self.form.is_changed

    def save(self) -> bool:
        """Write the form; True when nothing is left to write."""
        line = self.line
        if line is None or line.uid is None or not self.form.is_changed:
            return True
        if not self.form.validate():
            self.show_panel()
            return False
        values = self.form.values()
        with self._errors():
            day = as_day(values["reminded_on"]) if values["reminded_on"] else None
            set_follow_up(
                self._context, self._year, self._table, line.uid, person=values["person"] or "", reminded_on=day,
                note=values["note"] or "",
            )  # fmt: skip
            self.form.set_values({**values, "reminded_on": day.isoformat() if day else ""})
            self.show_list()
            self._stored(f"Đã cất người theo dõi của {line.name}.")
            return True
        return False

    def _ask_people(self) -> None:
        if self.line is not None and self.save():
            self.people_asked.emit(self.line.uid or ("" if self.line.name == WHOLE else NO_HAMLET))

    def _on_selected(self, line: AccountCount | None) -> None:
        if self._is_filling or line is None:
            return
        if self.line is not None and line.uid == self.line.uid and line.name == self.line.name:
            return
        if self.is_changed and not self.save():
            return
        self._show(line)

    def _show(self, line: AccountCount, *, keeps_typed: bool = False) -> None:
        self.line = line
        self.panel.set_title(line.name, lack_chip(line))
        told = [f"{count_words(line)}."]
        if line.recognised:
            told.append(f"{number_text(line.recognised)} người đã được công nhận trên trang.")
        if self._table == "organization":
            told.append("Tính thành viên hiện có từ 16 tuổi; tất cả cần có tài khoản.")
        self.facts.setText(" ".join(told))
        if not keeps_typed:
            self.form.set_values({"person": line.person, "reminded_on": line.reminded_on, "note": line.note})
        may_change = self._may_change and line.uid is not None
        for widget in (self.form, self.save_button, self.today_button):
            widget.setEnabled(may_change)
        self.people_button.setEnabled(line.accounts < line.people)
