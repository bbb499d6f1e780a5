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
from desktop_app.ui.page import PageSpec
from tests.ui.gallery_pages import CitizensPage, FormPage, ImportPage, OverviewPage, PiecesPage, ScoringPage

SPECS = (
    PageSpec("overview", "Tổng quan", "layout-dashboard", OverviewPage),
    PageSpec("households", "Hộ gia đình", "house", PiecesPage),
    PageSpec("citizens", "Công dân", "users", CitizensPage),
    PageSpec("clans", "Dòng họ", "network", FormPage),
    PageSpec("hamlets", "Thôn – tổ", "map-pin", PiecesPage),
    PageSpec("organizations", "Đơn vị", "building-2", PiecesPage),
    PageSpec("assessment", "Đánh giá", "clipboard-check", ScoringPage),
    PageSpec("recognition", "Công nhận", "award", PiecesPage),
    PageSpec("sync", "Đồng bộ", "arrow-left-right", ImportPage),
    PageSpec("journal", "Nhật ký", "history", PiecesPage),
    PageSpec("settings", "Thiết lập", "settings", PiecesPage, is_bottom=True),
)
SHOWN = ("overview", "households", "citizens", "clans", "assessment", "sync")


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
    window.set_search(
        lambda text: [
            w.SearchHit("Nguyễn Thị Lan", "1984 · Thôn 3 · hộ 03-0127", "user-round", "citizens", "1"),
            w.SearchHit("Hộ Nguyễn Văn Lan", "Thôn 1 · hộ 01-0044 · 5 người", "house", "households", "2"),
        ]
    )
    return window


def settle(app: QApplication, widget: QWidget) -> None:
    for _ in range(3):
        app.processEvents()
    widget.repaint()


def prepared_app() -> QApplication:
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    texts.install(app)
    theme.load_fonts()
    theme.apply(app, percent=100, contrast=False)
    return app


def main(folder: Path) -> None:
    app = prepared_app()
    folder.mkdir(parents=True, exist_ok=True)
    window = make_window()
    window.resize(1366, 728)
    window.show()
    settle(app, window)
    for percent in (100, 150, 200):
        window.zoom.set_percent(percent)
        for key in SHOWN:
            window.open_page(key)
            settle(app, window)
            window.grab().save(str(folder / f"{key}_{percent}.png"))
    window.zoom.set_percent(100)
    window.open_page("overview")
    window.header.search_box.setText("lan")
    window.header.search_box.submitted.emit("lan")
    window._on_search_changed("lan")
    window.notify("Đã xóa 3 hộ.", can_undo=True)
    settle(app, window)
    window.grab().save(str(folder / "search.png"))
    theme.apply(app, contrast=True)
    for key in ("citizens", "assessment"):
        window.open_page(key)
        settle(app, window)
        window.grab().save(str(folder / f"contrast_{key}.png"))
    theme.apply(app, contrast=False)
    window.set_training("Đang ở chế độ tập huấn: sổ này chỉ để làm thử.")
    window.open_page("citizens")
    settle(app, window)
    window.grab().save(str(folder / "training.png"))
    dialog = w.Dialog(window, "Xóa hộ 03-0127?", "Hộ có 4 người.", icon="triangle-alert", tone="failed")
    dialog.add_button(w.QuietButton("Giữ nguyên"), rejects=True, focus=True)
    dialog.add_button(w.Button("Xóa hộ", role="danger"), accepts=True)
    dialog.show()
    settle(app, dialog)
    dialog.grab().save(str(folder / "dialog.png"))
    dialog.close()
    window.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
