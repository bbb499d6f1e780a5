"""In a person's panel: the records that were merged into it, each with the way to take it apart again.

Invariant: it is asked before anything is taken apart; what stays with the person is said.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop_app.services.duplicates.present import Absorbed, absorbed_records
from desktop_app.services.errors import AppError
from desktop_app.services.vietnamese import PartialDate
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.record_panel import small_button

if TYPE_CHECKING:
    from desktop_app.ui.registry.edit_page import EditPage

QUESTION = "Tách lại hồ sơ của {}? Hồ sơ trở về với những gì của nó mà từ khi gộp chưa ai sửa."


def add_absorbed(page: EditPage, uid: str) -> None:
    """Show what was merged into a person; nothing where nothing was."""
    found = absorbed_records(page.context, uid)
    if not found:
        return
    page.panel.add_heading(f"Hồ sơ trùng đã gộp vào ({len(found)})")
    for item in found:
        birth = f", sinh {PartialDate.from_iso(item.birth).text()}" if item.birth else ""
        page.panel.add_text(f"{item.name}{birth}", "quiet")
        page.panel.add_tools(small_button("Tách lại", "users", partial(_ask, page, item)))


def _ask(page: EditPage, item: Absorbed) -> None:
    if page.may_leave_form(partial(_ask, page, item)):
        page.ask_bar.ask(
            QUESTION.format(item.name),
            Answer("Tách lại", partial(_take_apart, page, item), "primary"),
            Answer("Thôi", page.focus_list),
        )


def _take_apart(page: EditPage, item: Absorbed) -> None:
    from desktop_app.services.duplicates.unmerging import unmerge

    page.ask_bar.hide()
    try:
        done = unmerge(page.context, item.uid)
    except AppError as error:
        page.ask_bar.ask(error.message, Answer("Đã hiểu", page.focus_list))
        return
    if page.shell is not None:
        page.shell.announce_behind("household")
    page.show_again(f"Đã tách lại hồ sơ của {item.name}.")
    if done.notes:
        page.ask_bar.say(" ".join(done.notes), Answer("Đã hiểu", page.focus_list))
