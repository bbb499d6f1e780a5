"""Making the office's register: commune, hamlets, office, people; one step at a time, nothing asked twice.

Invariant: the register is made at the last step, whole or not at all; going back keeps all that was typed.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QStackedWidget, QWidget

from desktop_app.services.safety.first_start import read_hamlets
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.page import Page
from desktop_app.ui.safety.host import Host
from desktop_app.ui.safety.office_forms import OFFICE_FIELDS, CommuneQuestion, people_spec, this_year
from desktop_app.ui.widgets.panels import Stepper

STEPS = ("Xã, phường", "Thôn, tổ", "Cơ quan", "Người làm việc")
SCOPE = "Lập sổ"


def show_only(stack: QStackedWidget, index: int) -> None:
    """Bring a step to the front and let the others ask for no room."""
    ignored, preferred = QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
    for place in range(stack.count()):
        wanted = preferred if place == index else ignored
        step = stack.widget(place)
        assert step is not None
        step.setSizePolicy(wanted, wanted)
    stack.setCurrentIndex(index)


class HamletStep(QWidget):
    """A place to type or paste hamlets, and beside it how they were understood."""

    def __init__(self) -> None:
        super().__init__()
        row = w.hbox(self, spacing=24)
        left = w.vbox(spacing=6)
        left.addWidget(w.label("Danh sách thôn, bản, ấp, khóm, tổ dân phố", "field"))
        self.editor = QPlainTextEdit()
        self.editor.setAccessibleName("Danh sách thôn, tổ")
        self.editor.setTabChangesFocus(True)
        self.editor.setPlaceholderText("Thôn 1\nThôn 2\nẤp Bình Hòa")
        left.addWidget(w.sized(self.editor, min_height=220), 1)
        left.addWidget(
            w.label(
                "Mỗi dòng một tên; dán được từ Excel. Gõ “Thôn 1-12” để thêm 12 thôn. Thôn trùng tên sau sáp nhập: ghi "
                "“Thôn 1 (Hòa Lạc cũ)”. Có thể để trống: khi nhập danh sách, thôn tự được thêm.",
                "help",
                wrap=True,
            )
        )
        row.addLayout(left, 1)
        self._card = w.Card()
        self.count_label = w.label("", "strong")
        self._card.body.addWidget(self.count_label)
        self.names_label = w.label("", wrap=True)
        self.notes_label = w.label("", "warning", wrap=True)
        for words in (self.names_label, self.notes_label):
            self._card.body.addWidget(words)
        self._card.body.addStretch(1)
        row.addWidget(self._card, 1)
        self._timer = QTimer(self, singleShot=True, interval=150)
        self._timer.timeout.connect(self.show_reading)
        self.editor.textChanged.connect(self._timer.start)
        self.show_reading()

    @property
    def names(self) -> tuple[str, ...]:
        return read_hamlets(self.editor.toPlainText()).names

    def show_reading(self) -> None:
        found = read_hamlets(self.editor.toPlainText())
        self.count_label.setText(f"Sẽ lập {len(found.names)} thôn, tổ" if found.names else "Chưa có thôn, tổ nào")
        self.names_label.setText(" · ".join(found.names))
        self.notes_label.setText("\n".join(found.notes[:8]))
        self.notes_label.setVisible(bool(found.notes))


class OfficePage(Page):
    """Four steps in one page."""

    title_text = "Lập sổ của xã"
    help_topic = "bat_dau"
    ACTIONS = (
        ActionSpec("setup.next", "Tiếp", "Ctrl+Return", "arrow-right", scope=SCOPE),
        ActionSpec("setup.back", "Trước", icon="arrow-left", scope=SCOPE),
    )

    def __init__(self, host: Host) -> None:
        super().__init__(None)
        self._host = host
        self._proposed: dict[str, Any] = {}
        self.steps = Stepper(STEPS)
        self.steps.step_chosen.connect(self.go_to)
        self.body.addWidget(self.steps)
        self.question = CommuneQuestion()
        self.commune = w.FormView(self.question.spec())
        self.hamlets = HamletStep()
        self.office = w.FormView(w.FormSpec(OFFICE_FIELDS))
        self.people = w.FormView(people_spec(this_year()), {"device_name": "Máy của xã", "year": this_year()})
        self._stack = QStackedWidget()
        for step in (self.commune, self.hamlets, self.office, self.people):
            self._stack.addWidget(step)
        card = w.Card(margins=(24, 20))
        card.body.addWidget(self._stack)
        self.body.addWidget(card)
        self.body.addStretch(1)
        self.commune.changed.connect(self._on_commune_changed)
        for form in (self.commune, self.office, self.people):
            form.submitted.connect(self.go_on)
        self.back_button = self.button_for("setup.back", self.go_back, show_key=False)
        self.next_button = self.button_for("setup.next", self.go_on, primary=True, show_key=False)
        self.set_header_buttons(self.back_button, self.next_button)
        self.go_to(0)

    def on_shown(self) -> None:
        self._focus_step()

    def can_leave(self) -> bool:
        """Not while the register is being made."""
        return self.next_button.isEnabled()

    def go_to(self, index: int) -> None:
        """Show a step; what was typed in the others stays."""
        self.steps.set_current(index)
        show_only(self._stack, index)
        self.back_button.setEnabled(index > 0)
        is_last = index == len(STEPS) - 1
        self.next_button.setText("Lập sổ" if is_last else "Tiếp")
        self.next_button.setAccessibleName(self.next_button.text())
        self.next_button.updateGeometry()
        self.header_changed.emit()
        self._focus_step()

    def go_back(self) -> None:
        if self.steps.current > 0:
            self.go_to(self.steps.current - 1)

    def go_on(self) -> None:
        """To the next step when nothing blocks; the last one makes the register."""
        index = self.steps.current
        form = {0: self.commune, 2: self.office, 3: self.people}.get(index)
        if form is not None and not form.validate():
            return
        if index == 0:
            self._propose()
        if index < len(STEPS) - 1:
            self.go_to(index + 1)
        else:
            self._create()

    def _focus_step(self) -> None:
        step = self._stack.currentWidget()
        if isinstance(step, w.FormView):
            step.focus_first()
        else:
            self.hamlets.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_commune_changed(self, key: str) -> None:
        """The province narrows the communes; a commune of another province is asked for again."""
        if key != "province":
            return
        from desktop_app.services.registry.units import find_commune

        values = self.commune.raw()
        self.question.province = values["province"]
        unit = find_commune(values["commune"]) if isinstance(values["commune"], str) else None
        if unit is not None and values["province"] not in (None, unit.province_code):
            self.commune.set_raw({"commune": None})

    def _propose(self) -> None:
        """Office name and place follow from the commune, unless the person has put others."""
        from desktop_app.services.register import proposed_office
        from desktop_app.services.registry.units import find_commune
        from desktop_app.services.settings import OfficeSettings

        unit = find_commune(self.commune.raw()["commune"])
        assert unit is not None
        made = proposed_office(OfficeSettings(), unit.name)
        fresh = {"office_name": made.office_name, "place": made.place, "signer_title": made.signer_title}
        standing = self.office.raw()
        changed = {key: value for key, value in fresh.items() if standing[key] in ("", None, self._proposed.get(key))}
        self.office.set_raw(changed)
        self._proposed = fresh

    def _create(self) -> None:
        from desktop_app.services.register import RegisterPlan, create_register
        from desktop_app.services.settings import OfficeSettings

        office, people = self.office.values(), self.people.values()
        plan = RegisterPlan(
            commune_code=self.commune.raw()["commune"],
            year=people["year"],
            hamlets=self.hamlets.names,
            office=OfficeSettings(**office),
            user_name=people["user_name"],
            device_name=people["device_name"],
        )
        assert self.shell is not None
        self.next_button.setEnabled(False)
        self.shell.tasks.run(
            lambda progress: create_register(self._host.folder, plan),
            self._on_made,
            self._on_failed,
            title="Đang lập sổ",
            can_cancel=False,
        )

    def _on_made(self, context: Any) -> None:
        self.next_button.setEnabled(True)
        self._host.adopt(context)

    def _on_failed(self, error: Exception) -> None:
        from desktop_app.ui.errors import as_app_error

        self.next_button.setEnabled(True)
        self.show_banner(as_app_error(error).message, "attention")
