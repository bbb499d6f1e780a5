"""The other work of a round beside scoring one form: keying stacks, paper, second entry, review, accounts, the round.

Invariant: a screen is loaded when it is first opened, and stands on top of what it was asked from; its key works on
every screen above the list, and one that is open already comes to the front again.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from desktop_app.ui.actions import ActionSpec

if TYPE_CHECKING:
    from desktop_app.ui.page import Page
    from desktop_app.ui.widgets.basics import Button

SCOPE = "Đánh giá"


@dataclass(frozen=True, slots=True)
class Work:
    """One screen. ``home`` is "module:Class" below ``desktop_app.ui``; the class is made with the context, or by its
    ``opened_from`` with the page that it was asked from, where it takes over what is shown there."""

    id: str
    text: str
    key: str
    icon: str
    home: str


WORK: tuple[Work, ...] = (
    Work("assessment.keying", "Nhập nhanh theo tập phiếu", "Ctrl+Shift+N", "keyboard", "keying.page:KeyingPage"),
    Work("assessment.paper", "In phiếu giấy", "Ctrl+Shift+P", "printer", "paper.page:PaperPage"),
    Work("assessment.second", "Nhập lần hai, đối chiếu", "Ctrl+Shift+E", "repeat-2", "keying.second_page:SecondPage"),
    Work("assessment.round", "Đợt đánh giá: khóa, mở, mô hình", "Ctrl+Shift+K", "calendar", "rounds.page:RoundPage"),
    Work("assessment.review", "Bình xét, thẩm định", "Ctrl+Shift+R", "gavel", "review.page:ReviewPage"),
    Work("assessment.posting", "Niêm yết, ý kiến", "Ctrl+Shift+Y", "scroll-text", "review.posting_page:PostingPage"),
    Work("assessment.accounts", "Tài khoản trang quốc gia", "Ctrl+Shift+A", "id-card", "accounts.page:AccountsPage"),
    Work(
        "assessment.registered",
        "Danh sách đăng ký",
        "Ctrl+Shift+D",
        "list-checks",
        "rounds.registered_page:RegisteredPage",
    ),
    Work(
        "assessment.facts",
        "Tỷ lệ tính từ sổ, ai được tính",
        "Ctrl+Shift+F",
        "chart-column",
        "assessment.fact_page:FactPage",
    ),
)
WORK_ACTIONS = tuple(ActionSpec(work.id, work.text, work.key, work.icon, SCOPE) for work in WORK)


def open_work(page: Page, work: Work) -> None:
    """Put a screen of the round's work on top of a page."""
    module, name = work.home.split(":")
    made = getattr(importlib.import_module(f"desktop_app.ui.{module}"), name)
    opened_from = getattr(made, "opened_from", None)
    if page.shell is not None:
        with page.errors():
            page.shell.push_once(made, lambda: opened_from(page) if opened_from else made(page.context))


class RoundWork:
    """Binds the screens' keys to a page and offers them below one button."""

    def __init__(self, page: Page) -> None:
        self._page = page
        for work in WORK:
            page.bind(work.id, partial(self.open, work))

    def open(self, work: Work) -> None:
        """Put the screen on top of the page."""
        open_work(self._page, work)

    def open_id(self, work_id: str) -> None:
        """Put a screen on top by its id, for other pages; an id that is not there does nothing."""
        for work in WORK:
            if work.id == work_id:
                self.open(work)

    def button(self) -> Button:
        """ "Việc của đợt ▾"."""
        from desktop_app.ui.widgets.basics import QuietButton

        button = QuietButton("Việc của đợt", icon="layers", trailing="chevron-down")
        button.clicked.connect(lambda _checked=False: self._show_menu(button))
        return button

    def _show_menu(self, button: Button) -> None:
        menu = QMenu(self._page)
        menu.addActions([self._page.action(work.id) for work in WORK])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))
