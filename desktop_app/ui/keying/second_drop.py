"""Taking one form out of second entry, asked about first: the paper is lost, or the person is gone.

Invariant: the first entry's points stay.
"""

from __future__ import annotations

from desktop_app.models.types import Uid
from desktop_app.services.keying.second_draw import drop
from desktop_app.ui.keying.room import AskingPage
from desktop_app.ui.registry.ask_bar import Answer


def ask_drop(page: AskingPage, entry: Uid, name: str, said: str, *, is_last: bool) -> None:
    """F8: ask, and take the form out.

    Args:
        said: what it means there, after "Bỏ phiếu của … khỏi nhập lần hai".
        is_last: nothing is left on the page then, so it is left.
    """
    page.ask_bar.hide()
    page.ask_bar.ask(
        f"Bỏ phiếu của {name} khỏi nhập lần hai{said}",
        Answer("Bỏ phiếu này", lambda: _drop(page, entry, name, is_last=is_last), "danger"),
        Answer("Giữ lại", page.focus_work),
    )


def _drop(page: AskingPage, entry: Uid, name: str, *, is_last: bool) -> None:
    with page.errors():
        drop(page.context, entry)
        if page.shell is not None:
            page.shell.notify(f"Đã bỏ phiếu của {name} khỏi nhập lần hai.", can_undo=True)
        if is_last and page.shell is not None:
            page.shell.pop()
            return
        page.refresh()
    page.focus_work()
