"""A package that was looked at, before it is taken in: whose it is, and what it would do, in counts.

Invariant: shows a trial run; taking in is the page's.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal

from desktop_app.services.sync.manifest import Manifest
from desktop_app.services.sync.merge import MergeResult
from desktop_app.ui import widgets as w
from desktop_app.ui.sync.texts import moment, package_title


class PackageCard(w.Card):
    """Shows a package's label and its trial run.

    Signals:
        closed: the package was put away.
    """

    closed = Signal()

    def __init__(self, accept: w.Button) -> None:
        super().__init__(margins=(20, 16), spacing=10)
        self.path: Path | None = None
        head = w.hbox(spacing=12)
        head.addWidget(w.IconView("package-open", 28, "accent"))
        self.title = w.label("", "title", wrap=True)
        head.addWidget(self.title, 1)
        self.body.addLayout(head)
        self.facts = w.label("", "quiet", wrap=True)
        self.body.addWidget(self.facts)
        self.figures = w.CountRow()
        self.body.addWidget(self.figures)
        self.remark = w.label("", wrap=True)
        self.body.addWidget(self.remark)
        self.accept_button = accept
        self.decline = w.QuietButton("Thôi")
        self.decline.clicked.connect(lambda _checked=False: self.close_package())
        self.body.addWidget(w.FlowRow(self.accept_button, self.decline))
        self.hide()

    @property
    def is_open(self) -> bool:
        """A package waits here that would do something."""
        return self.path is not None and not self.isHidden() and self.accept_button.isEnabled()

    def set_package(self, path: Path, manifest: Manifest, result: MergeResult, *, is_known: bool) -> None:
        """Show a package.

        Args:
            is_known: it was taken in before. One that is not and brings nothing new still says what the other machine
                holds, so that it is worth taking in.
        """
        self.path = path
        self.title.setText(package_title(manifest))
        self.setAccessibleName(self.title.text())
        self.facts.setText(f"{path.name} · đóng lúc {moment(manifest.at)} · chữ ký đúng, mở nguyên vẹn")
        counts = [
            (result.applied, "thay đổi mới", "passed"),
            (result.already, "đã có từ trước", "ink"),
            (result.conflicts, "chỗ khác nhau", "attention"),
            (result.waiting, "chờ gói trước", "attention"),
        ]
        self.figures.set_counts([item for place, item in enumerate(counts) if place == 0 or item[0]])
        has_news = bool(result.applied or result.waiting or result.conflicts)
        is_wanted = has_news or not is_known
        self.remark.setText(_remark(result, has_news, is_known))
        self.accept_button.setVisible(is_wanted)
        self.accept_button.setEnabled(is_wanted)
        self.decline.setText("Thôi" if is_wanted else "Đóng")
        self.show()
        (self.accept_button if is_wanted else self.decline).setFocus(Qt.FocusReason.OtherFocusReason)

    def close_package(self) -> None:
        """Put it away."""
        self.path = None
        self.hide()
        self.closed.emit()


def _remark(result: MergeResult, has_news: bool, is_known: bool) -> str:
    if not has_news:
        return (
            "Gói này đã được nhận trước đây, không có gì mới."
            if is_known
            else "Gói không mang thay đổi mới, chỉ báo máy kia đã có những gì. Nhận để ghi nhớ điều đó."
        )
    parts = []
    if result.conflicts:
        parts.append("Chỗ khác nhau được giữ nguyên ở máy này và vào hộp phân xử, không ghi đè.")
    if result.waiting:
        parts.append("Còn thiếu gói trước đó; phần chờ sẽ tự được nhận khi có gói ấy.")
    return " ".join(parts) or "Nhận xong vẫn rút lại được trong Nhật ký."
