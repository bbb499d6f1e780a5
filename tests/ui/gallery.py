"""Shows every widget and a fake main window, and saves pictures to look at: ``python -m tests.ui.gallery DIR``.

The people and figures are invented. A person looks at the pictures; the tests only check that nothing is cut.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.ui import texts, theme
from desktop_app.ui import widgets as w
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.page import Page, PageSpec

STATS = (
    w.StatData("Công dân học tập", 6412, 11830, "người từ 16 tuổi", 0.60),
    w.StatData("Gia đình học tập", 3105, 4218, "hộ", 0.80),
    w.StatData("Dòng họ học tập", 17, 24, "dòng họ", 0.75),
    w.StatData("Đơn vị học tập", 29, 31, "đơn vị", 0.90),
)


class OverviewPage(Page):
    """Like picture 1."""

    title_text = "Tổng quan"

    def __init__(self, context: object) -> None:
        super().__init__(context)
        self.body.addWidget(w.CardGrid(*[w.StatCard(data) for data in STATS]))
        card = w.Card("Kết quả chấm", note="đợt 2026, mọi thôn")
        card.body.addWidget(
            w.DonutOrBars(
                [
                    w.Slice("Đạt", 6412),
                    w.Slice("Chưa đạt", 1213, "attention_mark"),
                    w.Slice("Đã chấm, chưa đủ", 902, "accent_soft"),
                    w.Slice("Chưa chấm", 3303, "neutral"),
                ],
                "người",
            )
        )
        other = w.Card("Việc đang chờ")
        for text, tone in (("2 tập phiếu đang nhập dở", "accent"), ("3 điểm khác nhau giữa hai máy", "failed")):
            other.body.addWidget(w.Chip(text, tone))
        other.body.addStretch(1)
        self.body.addWidget(w.CardGrid(card, other, min_width=360))
        self.body.addStretch(1)
        self.bind("preview", lambda: None)
        self.set_header_buttons(self.button_for("preview", text="In báo cáo"))


class PiecesPage(Page):
    """All small widgets."""

    title_text = "Công dân"
    searches_itself = True

    def __init__(self, context: object) -> None:
        super().__init__(context)
        self.body.addWidget(
            w.FlowRow(
                w.FilterChip("Thôn", [("", "tất cả"), ("1", "Thôn 1")]),
                w.FilterChip("Nhóm", [("", "tất cả"), ("1", "Người lao động")], value="1"),
                w.FilterChip.switch("Thiếu CCCD: 214", "attention", "triangle-alert"),
                w.FilterChip.switch("Nghi trùng: 9", "attention", "copy"),
                w.Chip("Đạt", "passed"),
                w.Chip("Chưa đạt", "failed"),
                w.Chip("Chưa chấm"),
            )
        )
        self.body.addWidget(
            w.Banner("Bảng dùng phông .VnTime (TCVN3): đã chuyển sang Unicode.", "attention", button="Xem lại")
        )
        self.body.addWidget(w.Banner("Đã nhập 402 người.", "passed"))
        bar = w.ConfirmBar("Xóa 3 hộ khỏi sổ? Có thể hoàn tác trong Nhật ký.", "Xóa 3 hộ")
        self.body.addWidget(bar)
        bar.show()
        self.body.addWidget(
            w.FlowRow(
                w.QuietButton("Sửa", key="F2"),
                w.QuietButton("Minh chứng (1)", icon="paperclip"),
                w.PrimaryButton("Tiếp", trailing="corner-down-left"),
                w.Button("Xóa", icon="trash-2", role="danger", key="F8"),
                w.Button("Xem thêm", role="link"),
                w.IconButton("ellipsis", "Việc khác"),
                w.KeyHint("Enter", "ô kế"),
                w.KeyHint("F7", "lặp giá trị trên"),
            )
        )
        disabled = w.PrimaryButton("Không bấm được")
        disabled.setEnabled(False)
        self.body.addWidget(disabled)
        empty = w.Card()
        empty.body.addWidget(
            w.EmptyState("users", "Chưa có ai trong sổ. Hãy nhập danh sách của xã.", "Nhập khẩu", key="Ctrl+I")
        )
        self.body.addWidget(empty, 1)
        self.set_header_buttons(self.button_for("add", lambda: None, text="Thêm", primary=True))
        self.set_subtitle("11.830 người")


SPECS = (
    PageSpec("overview", "Tổng quan", "layout-dashboard", OverviewPage),
    PageSpec("households", "Hộ gia đình", "house", PiecesPage),
    PageSpec("citizens", "Công dân", "users", PiecesPage),
    PageSpec("clans", "Dòng họ", "network", PiecesPage),
    PageSpec("hamlets", "Thôn – tổ", "map-pin", PiecesPage),
    PageSpec("organizations", "Đơn vị", "building-2", PiecesPage),
    PageSpec("assessment", "Đánh giá", "clipboard-check", PiecesPage),
    PageSpec("recognition", "Công nhận", "award", PiecesPage),
    PageSpec("sync", "Đồng bộ", "arrow-left-right", PiecesPage),
    PageSpec("journal", "Nhật ký", "history", PiecesPage),
    PageSpec("settings", "Thiết lập", "settings", PiecesPage, is_bottom=True),
)


def make_window() -> MainWindow:
    """A window as at an invented commune's office."""
    window = MainWindow(SPECS, object())
    window.set_place("Xã Phú An · Đợt 2026")
    window.set_user("Lê Thị Hạnh")
    window.set_badge("assessment", 12)
    window.set_badge("sync", 3)
    window.saved(datetime(2026, 11, 12, 14, 32, 5))
    window.status.set_backup("hôm nay 11:40")
    window.status.set_unsent(214)
    return window


def settle(app: QApplication, widget: QWidget) -> None:
    for _ in range(3):
        app.processEvents()
    widget.repaint()


def main(folder: Path) -> None:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    texts.install(app)
    theme.load_fonts()
    theme.apply(app)
    folder.mkdir(parents=True, exist_ok=True)
    window = make_window()
    window.resize(1366, 728)
    window.show()
    settle(app, window)
    for percent in (100, 150, 200):
        window.zoom.set_percent(percent)
        for key in ("overview", "citizens"):
            window.open_page(key)
            settle(app, window)
            window.grab().save(str(folder / f"{key}_{percent}.png"))
    window.zoom.set_percent(100)
    theme.apply(app, contrast=True)
    settle(app, window)
    window.grab().save(str(folder / "contrast.png"))
    window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
