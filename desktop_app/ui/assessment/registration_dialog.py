"""Registering everybody that the list shows now: how many, how many of them already, on which day.

Invariant: the dialog only asks; what it will do is said in numbers before it is done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.vietnamese import number_text, parse_date
from desktop_app.ui.widgets.basics import PrimaryButton, QuietButton, label
from desktop_app.ui.widgets.dialogs import Dialog
from desktop_app.ui.widgets.editors import LineEditor
from desktop_app.ui.widgets.form_spec import Field
from desktop_app.ui.widgets.layouts import hbox, sized


@dataclass(frozen=True)
class RegistrationPlan:
    """What is about to be registered.

    Args:
        title: the danh hiệu.
        unit: what is counted ("công dân").
        whose: the filters in words, empty for the whole list.
        shown: how many the list shows; ``already`` of them are registered.
    """

    title: str
    unit: str
    year: int
    whose: str
    shown: int
    already: int

    @property
    def count(self) -> int:
        return self.shown - self.already


class RegistrationDialog(Dialog):
    """The question.

    Signals:
        confirmed(object): the day (ISO text) or None where nobody wrote it down.
    """

    confirmed = Signal(object)

    def __init__(self, parent: QWidget | None, plan: RegistrationPlan, today: dt.date) -> None:
        count = f"{number_text(plan.count)} {plan.unit}"
        title = f"Đăng ký {count}" if plan.count else "Không còn ai để đăng ký"
        super().__init__(parent, title, _sentence(plan), icon="list-checks", width=520)
        if not plan.count:
            self.add_button(PrimaryButton("Đã hiểu"), accepts=True, focus=True)
            return
        row = hbox(spacing=12)
        row.addWidget(label("Ngày đăng ký"))
        self.day = sized(LineEditor(Field("day", "Ngày đăng ký", "date")), width=180)
        self.day.set_raw(f"{today:%d/%m/%Y}")
        self.day.setAccessibleName("Ngày đăng ký")
        row.addWidget(self.day)
        row.addWidget(label("để trống nếu không rõ", "help"), 1)
        self.body.addLayout(row)
        self.error_label = label("", "error", wrap=True)
        self.error_label.hide()
        self.body.addWidget(self.error_label)
        self.add_button(QuietButton("Thôi"), rejects=True)
        self.yes_button = self.add_button(PrimaryButton(f"Đăng ký {count}"), focus=True)
        self.yes_button.setDefault(True)
        self.yes_button.clicked.connect(self._on_yes)

    def _on_yes(self) -> None:
        text = self.day.raw().strip()
        found = parse_date(text) if text else None
        if found is not None and (found.value is None or found.value.day is None):
            self.error_label.setText("Ngày đăng ký ghi đủ ngày/tháng/năm, ví dụ 15/01/2026, hoặc để trống.")
            self.error_label.show()
            self.day.setFocus()
            return
        self.accept()
        self.confirmed.emit(found.value.iso() if found is not None and found.value is not None else None)


def _sentence(plan: RegistrationPlan) -> str:
    whose = f" ({plan.whose})" if plan.whose else ""
    shown = f"Danh sách đang hiện {number_text(plan.shown)} {plan.unit}{whose}"
    if plan.count == 0:
        return f"{shown}; tất cả đã đăng ký {plan.title} năm {plan.year} rồi."
    already = f", trong đó {number_text(plan.already)} đã đăng ký từ trước" if plan.already else ""
    return (
        f"{shown}{already}. Đăng ký thêm {number_text(plan.count)} {plan.unit} cho {plan.title} năm {plan.year}; "
        "ai đạt danh hiệu năm trước được ghi là tái đăng ký. Hoàn tác được cả lần đăng ký này."
    )
