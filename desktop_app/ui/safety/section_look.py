"""Thiết lập, part "Hiển thị": text size, contrast, and the sample commune for practice."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QCheckBox

from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.safety.section import Section
from desktop_app.ui.zoom import STEPS


class LookSection(Section):
    """Takes effect at once; there is nothing to save."""

    key, text, icon = "look", "Hiển thị", "a-large-small"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        size = w.Card("Cỡ chữ", margins=(24, 20), spacing=12)
        row = w.FlowRow(spacing=8)
        self.steps: dict[int, w.Button] = {}
        for step in STEPS:
            button = row.add(w.QuietButton(f"{step} %"))
            button.setCheckable(True)
            button.clicked.connect(partial(self._on_step, step))
            self.steps[step] = button
        size.body.addWidget(row)
        size.body.addWidget(
            w.label("Ở mọi màn hình: Ctrl + và Ctrl − đổi cỡ chữ, Ctrl 0 về bình thường.", "help", wrap=True)
        )
        self.contrast = QCheckBox("Tương phản cao: chữ đen, viền đậm")
        self.contrast.clicked.connect(lambda on: page.host.set_contrast(on))
        size.body.addWidget(self.contrast)
        self.body.addWidget(size)
        sample = w.Card("Xã mẫu để tập làm", margins=(24, 20), spacing=12)
        self.sample_words = w.label("", "quiet", wrap=True)
        sample.body.addWidget(self.sample_words)
        self.sample_button = w.QuietButton("", icon="graduation-cap")
        self.sample_button.clicked.connect(lambda _checked=False: self._on_sample())
        sample.body.addWidget(w.FlowRow(self.sample_button))
        self.body.addWidget(sample)
        self.body.addStretch(1)
        theme.notifier().changed.connect(self.load)

    def load(self) -> None:
        for step, button in self.steps.items():
            button.setChecked(step == theme.percent())
        self.contrast.setChecked(self.page.host.is_contrast)
        if self.page.host.is_sample:
            self.sample_words.setText("Đang ở xã mẫu. Sổ của xã không bị ảnh hưởng bởi những gì làm ở đây.")
            self.sample_button.setText("Về sổ của xã")
        else:
            self.sample_words.setText(
                "Một xã bịa, nằm riêng trong thư mục của nó. Làm gì ở đó cũng không ảnh hưởng sổ của xã; màn hình có "
                "khung màu để khỏi nhầm."
            )
            self.sample_button.setText("Mở xã mẫu")
        self.sample_button.setAccessibleName(self.sample_button.text())
        self.sample_button.updateGeometry()

    def _on_step(self, step: int) -> None:
        zoom = self.page.zoom
        if zoom is not None:
            zoom.set_percent(step)
        self.load()

    def _on_sample(self) -> None:
        from desktop_app.ui.safety.start_page import open_sample

        if self.page.host.is_sample:
            self.page.host.leave_sample()
        else:
            open_sample(self.page, self.page.host)

    def focus_first(self) -> None:
        self.steps[theme.percent()].setFocus()
