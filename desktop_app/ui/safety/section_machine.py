"""Thiết lập, part "Máy và kiểm tra": the machine's name and files, the doctor, what imports remember."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app import __version__
from desktop_app.models.types import DeviceRole
from desktop_app.services.folders import LOG_FOLDER
from desktop_app.services.safety.health import Check, Health, doctor
from desktop_app.services.sync.identity import load_identity, rename_device
from desktop_app.ui import widgets as w
from desktop_app.ui.safety.section import FormSection
from desktop_app.ui.safety.section_columns import ColumnsCard

SPEC = w.FormSpec(
    (w.Field("name", "Tên gọi của máy", is_required=True, max_length=60, help="Máy khác thấy tên này khi nhận gói."),)
)
ROLES = {
    DeviceRole.OFFICE: "Máy của xã: giữ sổ chính",
    DeviceRole.VOLUNTEER: "Máy cộng tác viên",
    DeviceRole.PROVINCE: "Máy cấp tỉnh",
}
COLUMNS = (
    w.Column("title", "Kiểm tra", 190, "strong", is_sortable=False),
    w.Column("ok", "Kết quả", 110, "chip", value=lambda check: check_chip(check), is_sortable=False),
    w.Column("detail", "Chi tiết", 300, stretch=1, is_sortable=False),
)


def check_chip(check: Check) -> w.ChipData:
    return w.ChipData("Tốt", "passed") if check.ok else w.ChipData("Cần xem", "failed")


class MachineSection(FormSection):
    """A card for the machine, a card for the doctor."""

    key, text, icon = "machine", "Máy, kiểm tra", "hard-drive"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        machine = w.Card("Máy này", margins=(24, 20), spacing=12)
        self.facts = w.label("", "quiet", wrap=True)
        machine.body.addWidget(self.facts)
        self.form = self.add_form(SPEC, {})
        machine.body.addWidget(self.form)
        data, logs = (
            w.QuietButton("Mở thư mục dữ liệu", icon="folder-open"),
            w.QuietButton("Mở nhật ký lỗi", icon="file-text"),
        )
        data.clicked.connect(lambda _checked=False: self._open(""))
        logs.clicked.connect(lambda _checked=False: self._open(LOG_FOLDER))
        machine.body.addWidget(w.FlowRow(data, logs))
        self.body.addWidget(machine)
        health = w.Card("Kiểm tra sổ", margins=(24, 20), spacing=12)
        self.verdict = w.label(
            "Đọc trọn sổ, đối chiếu chuỗi nhật ký và chỉ mục tìm kiếm; không sửa gì.", "quiet", wrap=True
        )
        health.body.addWidget(self.verdict)
        self.check_button = w.QuietButton("Kiểm tra ngay", icon="shield-check")
        self.check_button.clicked.connect(lambda _checked=False: self.check())
        health.body.addWidget(w.FlowRow(self.check_button))
        self.table = w.DataTable("doctor", COLUMNS, single=True)
        self.table.hide()
        self.detail = w.label("", wrap=True)
        self.detail.hide()
        self.table.row_selected.connect(self._on_selected)
        health.body.addWidget(self.table)
        health.body.addWidget(self.detail)
        self.body.addWidget(health)
        self.columns = ColumnsCard(self.context)
        self.body.addWidget(self.columns)
        self.body.addStretch(1)

    def load(self) -> None:
        identity = load_identity(self.context.folder)
        self.form.set_values({"name": identity.name})
        self.columns.load()
        self.facts.setText(f"{ROLES[self.context.role]}. Phiên bản {__version__}. Dữ liệu nằm ở {self.context.folder}.")

    def store(self) -> None:
        rename_device(self.context.folder, self.form.values()["name"])

    def check(self) -> None:
        """Look at everything, in the background."""
        self.check_button.setEnabled(False)
        self.page.tasks.run(
            lambda progress: doctor(self.context.folder, progress),
            self.show_health,
            self._on_failed,
            title="Đang kiểm tra sổ",
            on_cancelled=lambda: self.check_button.setEnabled(True),
        )

    def show_health(self, health: Health) -> None:
        self.check_button.setEnabled(True)
        bad = [check for check in health.checks if not check.ok]
        self.verdict.setText(
            "Mọi mục đều tốt." if not bad else f"{len(bad)} mục cần xem: {', '.join(check.title for check in bad)}."
        )
        self.table.set_source(w.ListSource(health.checks))
        self.table.show_rows(len(health.checks))
        self.table.show()
        if bad:
            self.table.select_row(health.checks.index(bad[0]))

    def _on_selected(self, check: Check | None) -> None:
        self.detail.setText(check.detail if check is not None else "")
        self.detail.setVisible(check is not None)

    def _on_failed(self, error: Exception) -> None:
        self.check_button.setEnabled(True)
        self.page.say_error(error)

    def _open(self, name: str) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.context.folder / name)))
