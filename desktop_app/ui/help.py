"""F1: the help of the screen in front, with its keys; and the key card for the wall.

Invariant: keys come from the action registry alone; a screen without a help file still shows its keys.
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from desktop_app.services.resources import resource_path
from desktop_app.ui import theme
from desktop_app.ui.actions import EVERYWHERE, REGISTRY, key_text
from desktop_app.ui.page import Page
from desktop_app.ui.widgets.basics import PrimaryButton, QuietButton
from desktop_app.ui.widgets.dialogs import Dialog
from desktop_app.ui.widgets.layouts import sized

NO_HELP = "Màn hình này chưa có bài hướng dẫn riêng. Dưới đây là các phím dùng được ở đây."


def help_text(topic: str) -> str:
    """The shipped help of a topic (Markdown), or one sentence where there is none yet."""
    path = resource_path("help", f"{topic}.md") if topic else None
    if path is None or not path.is_file():
        return NO_HELP
    return path.read_text(encoding="utf-8")


def keys_html(page: Page | None) -> str:
    """The keys that work on this screen, its own first, as a table."""
    own = [(a.objectName(), a.text()) for a in page.page_actions] if page is not None else []
    own_ids = {action_id for action_id, _ in own}
    rows = [(REGISTRY.get(action_id).shortcut, text) for action_id, text in own]
    general = ("help", "search", "undo", "zoom_in", "zoom_out", "zoom_reset", "next_page", "previous_page")
    rows += [(REGISTRY.get(i).shortcut, REGISTRY.get(i).text) for i in general if i not in own_ids]
    cells = "".join(
        f"<tr><td><b>{escape(key_text(key))}</b>&nbsp;&nbsp;&nbsp;</td><td>{escape(text)}</td></tr>"
        for key, text in rows
        if key
    )
    return f"<table cellpadding='3'>{cells}</table>"


class HelpDialog(Dialog):
    """Help of one screen; stays open beside the work."""

    def __init__(self, page: Page | None, parent: QWidget | None = None) -> None:
        super().__init__(parent, f"Trợ giúp: {page.title}" if page is not None else "Trợ giúp", width=600)
        self.setModal(False)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setAccessibleName("Bài hướng dẫn")
        document = QTextDocument(self.text)
        document.setDefaultFont(theme.font())
        document.setMarkdown(help_text(page.help_topic if page is not None else ""))
        self.text.setDocument(document)
        cursor = self.text.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertHtml(f"<br><h3>Phím ở màn hình này</h3>{keys_html(page)}")
        self.text.moveCursor(cursor.MoveOperation.Start)
        self.body.addWidget(sized(self.text, min_height=320))
        card = QuietButton("Cất bảng phím tắt", icon="keyboard")
        card.clicked.connect(lambda _checked=False: self.save_key_card())
        self.add_button(card)
        self.add_button(PrimaryButton("Đóng"), accepts=True, focus=True)

    def save_key_card(self) -> Path | None:
        """Ask where and write the key card as a PDF to print and hang up."""
        from desktop_app.ui.widgets import dialogs

        path = dialogs.ask_save_file(self, "Cất bảng phím tắt", "PDF (*.pdf)", name="bang-phim-tat.pdf", suffix="pdf")
        if path is not None:
            write_key_card(path)
        return path


def write_key_card(path: Path) -> None:
    """The key card as a PDF on A4: keys that work everywhere, then each screen's own."""
    scopes = dict.fromkeys([EVERYWHERE, *(spec.scope for spec in REGISTRY.all())])
    writer = QPdfWriter(str(path))
    writer.setTitle("Bảng phím tắt – Sổ Học Tập")
    margins = QMarginsF(18, 18, 18, 18)
    a4 = QPageSize(QPageSize.PageSizeId.A4)
    writer.setPageLayout(QPageLayout(a4, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter))
    document = QTextDocument()
    font = theme.font()
    font.setPointSize(11)
    document.setDefaultFont(font)
    document.setHtml(REGISTRY.key_card_html(scopes))
    document.print_(writer)
