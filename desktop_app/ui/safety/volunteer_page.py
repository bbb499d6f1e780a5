"""Setting up a volunteer's machine: introduce it to the office, then take in the assignment package.

Invariant: the office's package makes the whole register or nothing; the machine's keys never leave its folder.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from desktop_app.models.types import DeviceRole
from desktop_app.services.sync.devices import DeviceCard, export_device
from desktop_app.services.sync.identity import load_identity, rename_device
from desktop_app.ui import widgets as w
from desktop_app.ui.page import Page
from desktop_app.ui.safety.host import Host
from desktop_app.ui.sync.texts import DEVICE_FILES, PACKAGE_FILES, spaced_code
from desktop_app.ui.widgets import dialogs

SPEC = w.FormSpec(
    (
        w.Field("user_name", "Họ tên của bạn", is_required=True, max_length=80, help="Đứng cạnh mỗi phiếu bạn nhập."),
        w.Field(
            "device_name", "Tên gọi của máy", is_required=True, max_length=60, help="Ví dụ: Máy thôn 3 của cô Lan."
        ),
    )
)


class VolunteerPage(Page):
    """Three cards from top to bottom: who, introduce, take in."""

    title_text = "Máy của cộng tác viên"
    help_topic = "bat_dau"

    def __init__(self, host: Host) -> None:
        super().__init__(None)
        self._host = host
        first = w.Card("1. Bạn là ai", margins=(24, 20))
        self.form = w.FormView(SPEC)
        self.form.submitted.connect(lambda: self.export_button.setFocus(Qt.FocusReason.TabFocusReason))
        first.body.addWidget(self.form)
        self.body.addWidget(first)
        self.body.addWidget(self._introduce())
        self.body.addWidget(self._take_in())
        self.body.addStretch(1)
        self.set_header_buttons()

    def _introduce(self) -> w.Card:
        card = w.Card("2. Giới thiệu máy này với xã", margins=(24, 20), spacing=12)
        card.body.addWidget(
            w.label(
                "Ghi tệp giới thiệu máy vào USB rồi đưa cho cán bộ xã. Khi họ nhận tệp, hãy đọc cho họ mã 8 chữ số "
                "hiện ở đây: mã khớp thì đúng là máy của bạn.",
                "quiet",
                wrap=True,
            )
        )
        self.export_button = w.QuietButton("Ghi tệp giới thiệu máy…", icon="file-up")
        self.export_button.clicked.connect(lambda _checked=False: self.on_export())
        self.code_label = w.label("", "display")
        self.code_label.setAccessibleName("Mã 8 chữ số của máy này")
        self.code_label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code_note = w.label("", "help", wrap=True)
        card.body.addWidget(w.FlowRow(self.export_button, self.code_label, spacing=20))
        card.body.addWidget(self.code_note)
        self.code_label.hide()
        self.code_note.hide()
        return card

    def _take_in(self) -> w.Card:
        card = w.Card("3. Nhận gói giao việc của xã", margins=(24, 20), spacing=12)
        card.body.addWidget(
            w.label(
                "Cán bộ xã ghi gói giao việc cho máy này (Đồng bộ, Gói giao việc) vào USB. Chọn gói đó để lập sổ trên "
                "máy này.",
                "quiet",
                wrap=True,
            )
        )
        self.take_button = w.PrimaryButton("Chọn gói giao việc…", icon="package-open")
        self.take_button.clicked.connect(lambda _checked=False: self.on_take_in())
        card.body.addWidget(w.FlowRow(self.take_button))
        return card

    def on_shown(self) -> None:
        self.form.focus_first()

    def _named(self) -> bool:
        """Check the names and put the machine's on its identity, which is made here at the first time."""
        if not self.form.validate():
            return False
        name = self.form.values()["device_name"]
        if load_identity(self._host.folder, name).name != name:
            rename_device(self._host.folder, name)
        return True

    def on_export(self) -> None:
        """Write the device file and show its code."""
        with self.errors():
            if not self._named():
                return
            out = dialogs.ask_save_file(
                self, "Ghi tệp giới thiệu máy", DEVICE_FILES, name="gioi-thieu-may.json", suffix="json"
            )
            if out is not None:
                self.show_code(export_device(self._host.folder, out, DeviceRole.VOLUNTEER), out)

    def show_code(self, card: DeviceCard, out: Path) -> None:
        self.code_label.setText(spaced_code(card.code))
        self.code_note.setText(f"Đã ghi {out.name}. Khi cán bộ xã nhận tệp, hãy đọc cho họ tám chữ số này.")
        self.code_label.show()
        self.code_note.show()

    def on_take_in(self) -> None:
        """Choose the package and make the register from it."""
        with self.errors():
            if not self._named():
                return
            chosen = dialogs.ask_open_files(self, "Chọn gói giao việc", PACKAGE_FILES)
            if chosen:
                self.take_in(chosen[0])

    def take_in(self, path: Path) -> None:
        name = self.form.values()["user_name"]

        def work(progress: Any) -> Any:
            from desktop_app.services.sync.receive import receive_register

            return receive_register(self._host.folder, path, user_name=name, progress=progress)

        assert self.shell is not None
        self.clear_banner()
        self.take_button.setEnabled(False)
        self.shell.tasks.run(
            work, self._on_made, self._on_failed, title="Đang nhận gói giao việc", on_cancelled=self._enable
        )

    def can_leave(self) -> bool:
        """Not while the register is being made."""
        return self.take_button.isEnabled()

    def _on_made(self, context: Any) -> None:
        self._enable()
        self._host.adopt(context)

    def _enable(self) -> None:
        self.take_button.setEnabled(True)

    def _on_failed(self, error: Exception) -> None:
        from desktop_app.ui.errors import as_app_error

        self._enable()
        self.show_banner(as_app_error(error).message, "attention")
