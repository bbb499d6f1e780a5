"""Which columns of the national site's list hold the state and its date, where the headings were misread.

Invariant: only asks; the file is read again by who asked.
"""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop_app.services.assessment.site.reading import BY_STEPS, SiteList
from desktop_app.ui import widgets as w

NONE = -1


class ColumnsDialog(w.Dialog):
    """The question.

    Signals:
        confirmed(int, int): positions of the columns of states and of dates; -1 for none, ``BY_STEPS`` for a state
            that several columns say.
    """

    confirmed = Signal(int, int)

    def __init__(self, parent: QWidget | None, listed: SiteList) -> None:
        super().__init__(
            parent,
            "Chọn lại cột",
            "Tệp được đọc lại theo hai cột này; chưa ghi gì vào sổ.",
            icon="columns-3",
            width=520,
        )
        columns = list(listed.columns)
        steps = [(BY_STEPS, "Mỗi bước một cột (dấu x hoặc ngày)")] if listed.has_steps else []
        spec = w.FormSpec(
            (
                w.Field(
                    "state", "Cột trạng thái", "choice", width=360, is_required=True,
                    choices=((NONE, "Không có: ai có tên là đã đăng ký"), *steps, *columns),
                ),
                w.Field(
                    "date", "Cột ngày", "choice", width=360, is_required=True,
                    choices=((NONE, "Không có cột ngày"), *columns),
                ),
            )
        )  # fmt: skip
        self.form = w.FormView(spec, {"state": listed.state_column, "date": listed.date_column})
        self.form.submitted.connect(self._on_yes)
        self.body.addWidget(self.form)
        self.add_button(w.QuietButton("Thôi"), rejects=True)
        self.yes_button = self.add_button(w.PrimaryButton("Đọc lại"))
        self.yes_button.setDefault(True)
        self.yes_button.clicked.connect(self._on_yes)
        self.form.focus_first()

    def _on_yes(self) -> None:
        if self.form.validate():
            values = self.form.values()
            self.accept()
            self.confirmed.emit(int(values["state"]), int(values["date"]))
