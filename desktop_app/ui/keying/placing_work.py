"""Whose form comes next, as a talk with the person at the keys: found, refused, asked about, or added to the register.

Invariant: every answer leads back to the line or to the row; nothing typed goes before it led to somebody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QApplication

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.keying.finding import Candidate, Found, find, nobody
from desktop_app.services.keying.following import following
from desktop_app.services.keying.newcomers import Newcomer, add_newcomer, asks_hamlet
from desktop_app.services.keying.placing import Standing, look
from desktop_app.services.vietnamese import name_case
from desktop_app.ui.keying.finder import Finder
from desktop_app.ui.keying.newcomer_strip import NewcomerStrip
from desktop_app.ui.keying.words import FIND_HINTS, FIND_UNIT
from desktop_app.ui.registry.ask_bar import Answer

if TYPE_CHECKING:
    from desktop_app.ui.keying.batch_page import BatchPage

_WHERE_ADDED = {
    LearningModel.FAMILY: "Hộ gia đình",
    LearningModel.CLAN: "Dòng họ",
    LearningModel.COMMUNITY: "Thôn – tổ",
    LearningModel.ORGANIZATION: "Đơn vị",
    LearningModel.COMMUNE: "Thiết lập",
}


class PlacingWork:
    """Serves one batch page; not a widget."""

    def __init__(self, page: BatchPage) -> None:
        self._page = page
        model = page.store.batch.cover.model
        self.finder = Finder(self._find, self._following, FIND_HINTS.get(model, FIND_UNIT))
        self.finder.chosen.connect(self._on_chosen)
        self.finder.nobody.connect(self._on_nobody)
        self.finder.refused.connect(self._refuse)
        self.finder.textEdited.connect(lambda _text: page.grid.note.hide())
        self.strip = NewcomerStrip()
        self.strip.submitted.connect(lambda: self._on_submitted(is_sure=False))
        self.strip.cancelled.connect(self._on_cancelled)

    def _find(self, text: str) -> Found:
        return find(self._page.context, self._page.store.batch, text)

    def _following(self) -> tuple[Candidate, ...]:
        """Who comes after the last row in the list of the batch's place; after its end those who were passed over."""
        page = self._page
        rows, batch = page.store.rows, page.store.batch
        with page.errors():
            found = following(page.context, batch, rows[-1].subject) if rows else ()
            found = found or following(page.context, batch, None)
            if not found:
                where = batch.place or "cả xã"
                said = f"Trong danh sách {where} không còn ai chưa có phiếu này; hãy quét mã hoặc gõ tên."
                self._refuse(said, "attention")
            return found
        return ()

    # -- somebody ----------------------------------------------------------------------------------------------

    def _on_chosen(self, candidate: Candidate) -> None:
        self.place(candidate.subject)

    def place(self, subject: Uid) -> None:
        """Put a person's form on the next row, after what speaks against it was answered."""
        page = self._page
        with page.errors():
            standing = look(page.context, page.store.batch.uid, subject)
            if standing.refusal:
                self._refuse(standing.refusal)
            elif standing.is_here:
                page.ask_bar.ask(
                    standing.question,
                    Answer(standing.answer, lambda: self._go_to(subject), "primary"),
                    Answer("Thôi", self._back),
                )
            elif standing.question:
                page.ask_bar.ask(
                    standing.question,
                    Answer(standing.answer, lambda: self._add(subject, standing)),
                    Answer("Bỏ qua phiếu này", self._back),
                )
            else:
                self._add(subject, standing)

    def _go_to(self, subject: Uid) -> None:
        row = self._page.store.row_of(subject)
        self.finder.done()
        if row is not None:
            self._page.focus_row(row)

    def _add(self, subject: Uid, standing: Standing) -> None:
        page = self._page
        with page.errors():
            row = page.store.add(subject, takes_over=standing.takes_over, changes_group=standing.changes_group)
            self.finder.done()
            page.grid.rows_changed()
            page.focus_row(row)
            page.show_progress()
            page.say_saved()

    def _refuse(self, sentence: str, tone: str = "failed") -> None:
        """A sound, and the sentence at the line; what was typed stays marked, to be typed over."""
        QApplication.beep()
        self.finder.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finder.selectAll()
        rect = QRect(self.finder.geometry())
        self._page.grid.note.say(sentence, rect, tone)
        self.finder.setAccessibleDescription(sentence)

    def _back(self) -> None:
        self.finder.setFocus(Qt.FocusReason.OtherFocusReason)
        self.finder.selectAll()

    # -- nobody ------------------------------------------------------------------------------------------------

    def _on_nobody(self, text: str) -> None:
        said = nobody(self._page.store.batch, text).message
        if self._page.store.batch.cover.model is LearningModel.CITIZEN:
            said += " Gõ lại, hoặc Ctrl+N để thêm người này vào sổ."
        self._refuse(said, "attention")

    def ask_newcomer(self) -> None:
        """Ctrl+N: the line for a person who is not in the register, with the name that was typed."""
        page, batch = self._page, self._page.store.batch
        if batch.is_closed or not page.grid.commit():
            return
        if batch.cover.model is not LearningModel.CITIZEN:
            where = _WHERE_ADDED[batch.cover.model]
            page.grid.set_adding(True)
            self._refuse(f"Chưa có trong sổ thì thêm ở màn hình {where} trước, rồi tìm lại ở đây.", "attention")
            return
        typed = self.finder.text().strip()
        name = name_case(typed) if typed and not any(letter.isdigit() for letter in typed) else ""
        self.finder.close_list()
        page.grid.note.hide()
        page.grid.set_adding(True)
        self.strip.begin(name, batch.place, asks_hamlet=asks_hamlet(batch))

    def _on_submitted(self, *, is_sure: bool) -> None:
        values = self.strip.values()
        if values is None:
            return
        page = self._page
        with page.errors():
            made = add_newcomer(page.context, page.store.batch, values, is_sure=is_sure)
            if made.errors:
                self.strip.show_errors({key: made.errors[key] for key in self.strip.fields if key in made.errors})
            elif made.uid is None:
                self._ask_doubts(made)
            else:
                self.strip.hide()
                self._say_added(values["full_name"].strip(), made.hamlet)
                self.place(made.uid)

    def _say_added(self, name: str, hamlet: str) -> None:
        if self._page.shell is None:
            return
        if hamlet:
            self._page.shell.notify(f"Đã thêm {name} ({hamlet}) vào sổ.", can_undo=False)
        else:
            said = f"Đã thêm {name}, chưa rõ thôn nên chưa thôn nào đếm. Ghi hộ ở hồ sơ người này sau."
            self._page.shell.notify(said, "attention", can_undo=False)

    def _ask_doubts(self, made: Newcomer) -> None:
        answers = [Answer("Vẫn thêm người mới", lambda: self._on_submitted(is_sure=True))]
        if made.same is not None:
            same = made.same
            answers.insert(0, Answer("Chính là người ấy", lambda: self._take_same(same)))
        answers.append(Answer("Xem lại", lambda: self.strip.fields["full_name"].setFocus()))
        self._page.ask_bar.ask(" ".join(made.doubts), *answers)

    def _take_same(self, subject: Uid) -> None:
        self.strip.hide()
        self.place(subject)

    def _on_cancelled(self) -> None:
        self.strip.hide()
        self._back()
