"""The first start: what is this machine for? Four ways on, all by keyboard.

Invariant: nothing is written before the last step of the chosen way.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_app.ui import widgets as w
from desktop_app.ui.page import Page
from desktop_app.ui.safety.choices import ChoiceCard
from desktop_app.ui.safety.host import Host


class StartPage(Page):
    """Four cards."""

    title_text = "Sổ Học Tập"
    help_topic = "bat_dau"

    def __init__(self, host: Host) -> None:
        super().__init__(None)
        self._host = host
        holder = QWidget()
        column = w.vbox(holder, spacing=8)
        column.addWidget(w.label("Máy này dùng để làm gì?", "display", wrap=True))
        column.addWidget(
            w.label(
                "Chọn một việc để bắt đầu. Mọi thứ nằm trên máy này, không cần internet; sau này vẫn đổi được trong "
                "Thiết lập.",
                "quiet",
                wrap=True,
            )
        )
        column.addSpacing(8)
        self.office = ChoiceCard(
            "building-2",
            "Lập sổ cho xã, phường",
            "Máy của Ủy ban hoặc Hội Khuyến học xã: giữ sổ chính, ra quyết định, in.",
        )
        self.volunteer = ChoiceCard(
            "user-plus", "Máy của cộng tác viên", "Nhập phiếu của một thôn, tổ theo gói giao việc của xã rồi gửi lại."
        )
        self.sample = ChoiceCard(
            "graduation-cap",
            "Mở xã mẫu",
            "Một xã bịa có sẵn hộ, người và phiếu chấm, để xem và tập làm. Không cần nhập gì.",
        )
        self.restore = ChoiceCard(
            "archive-restore",
            "Khôi phục từ bản sao lưu",
            "Đã có sổ trên máy khác hoặc USB: lấy lại toàn bộ từ bản sao lưu.",
        )
        self.cards = (self.office, self.volunteer, self.sample, self.restore)
        grid = w.CardGrid(*self.cards, min_width=380)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        grid.setSizePolicy(policy)
        column.addWidget(grid)
        for card, handler in zip(
            self.cards, (self._on_office, self._on_volunteer, self._on_sample, self._on_restore), strict=True
        ):
            card.chosen.connect(handler)
        row = w.hbox(spacing=0)
        row.addStretch(1)
        row.addWidget(w.sized(holder, max_width=940), 20)
        row.addStretch(1)
        self.body.addStretch(1)
        self.body.addLayout(row)
        self.body.addStretch(2)

    def on_shown(self) -> None:
        self.office.setFocus(Qt.FocusReason.OtherFocusReason)

    def _push(self, page: Page) -> None:
        assert self.shell is not None
        self.shell.push(page)

    def _on_office(self) -> None:
        from desktop_app.ui.safety.office_page import OfficePage

        self._push(OfficePage(self._host))

    def _on_volunteer(self) -> None:
        from desktop_app.ui.safety.volunteer_page import VolunteerPage

        self._push(VolunteerPage(self._host))

    def _on_restore(self) -> None:
        from desktop_app.ui.safety.restore_page import RestorePage

        self._push(RestorePage(self._host))

    def _on_sample(self) -> None:
        open_sample(self, self._host)


def open_sample(page: Page, host: Host) -> None:
    """Open the sample commune; the first time it is made, which takes some seconds."""
    from desktop_app.services.folders import SAMPLE_FOLDER, has_register

    folder = host.folder / SAMPLE_FOLDER
    if has_register(folder):
        host.open_sample()
        return

    def make(progress: Any) -> None:
        from desktop_app.services.demo import create_sample

        create_sample(folder, progress).close()

    assert page.shell is not None
    page.shell.tasks.run(make, lambda _none: host.open_sample(), title="Đang dựng xã mẫu")
