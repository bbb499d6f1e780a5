"""Adding, opening and removing evidence files for the form in front: the deeds behind the evidence panel.

Invariant: files are copied by the service, one operation each; the panel shows what is attached after each deed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_app.services.assessment.evidence import (
    EvidenceRecord,
    add_note,
    attach_evidence,
    edit_note,
    evidence_path,
    folder_size,
    remove_evidence,
    replace_evidence,
)
from desktop_app.services.assessment.evidence_files import MAX_BYTES
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.evidence_panel import FILTERS
from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.words import size_words
from desktop_app.ui.widgets import dialogs

if TYPE_CHECKING:
    from desktop_app.ui.assessment.form_page import FormPage


class EvidenceWork:
    """Serves one form page; not a widget."""

    def __init__(self, page: FormPage, session: FormSession) -> None:
        self._page = page
        self._session = session
        panel = page.view.evidence
        panel.add_clicked.connect(self.add)
        panel.open_asked.connect(self.open)
        panel.remove_asked.connect(self.remove)
        panel.replace_asked.connect(self.replace)
        panel.note_given.connect(self.note)

    @property
    def is_shown(self) -> bool:
        return not self._page.view.evidence.isHidden()

    def toggle(self) -> None:
        """Show or hide the panel; in the one-page face the guided one comes first."""
        page = self._page
        page.check_work.leave()
        if page.is_all_face:
            page.switch_face()
        if page.is_all_face:
            return
        shown = not self.is_shown
        page.view.show_evidence(shown)
        self._show_sizes()
        page.view.evidence.focus_work() if shown else page.focus_work()

    def close(self) -> bool:
        """Hide the panel; False when it was not shown."""
        if not self.is_shown:
            return False
        self._page.view.show_evidence(False)
        self._page.focus_work()
        return True

    def add(self) -> None:
        """Ask for files and attach them."""
        self.attach(dialogs.ask_open_files(self._page, "Chọn tệp minh chứng", FILTERS, many=True))

    def attach(self, paths: list[Path]) -> None:
        """Attach files to the present indicator, each by itself: one that is refused does not stop the others."""
        session = self._session
        code = session.indicators[self._page.place].code
        for path in paths:
            with self._page.errors():
                made = attach_evidence(
                    session.context, session.model, session.state.subject.uid, session.year, code, path
                )
                self._tell(path, made)
        if paths:
            self._show()

    def _tell(self, path: Path, made: EvidenceRecord) -> None:
        """What became of a photo; other files are kept as they are and need no words."""
        shell = self._page.shell
        if shell is None or not made.media_type.startswith("image/"):
            return
        try:
            before = path.stat().st_size
        except OSError:
            return
        shrunk = f"từ {size_words(before)} còn {size_words(made.size)}" if before > made.size else size_words(made.size)
        shell.notify(f"Đã thêm ảnh, {shrunk}; vị trí và thông tin máy chụp đã được bỏ.", can_undo=True)

    def note(self, uid: str, words: str) -> None:
        """Write a note without a file, or other words beside a piece of evidence."""
        session = self._session
        with self._page.errors():
            if uid:
                edit_note(session.context, uid, words)
            else:
                code = session.indicators[self._page.place].code
                add_note(session.context, session.model, session.state.subject.uid, session.year, code, words)
            self._show()

    def replace(self, uid: str) -> None:
        """Ask for the file that takes the place of one that is gone."""
        chosen = dialogs.ask_open_files(self._page, "Chọn tệp thay vào", FILTERS)
        if not chosen:
            return
        with self._page.errors():
            is_same = replace_evidence(self._session.context, uid, chosen[0])
            if self._page.shell is not None:
                words = "Đúng tệp cũ, đã đặt lại vào chỗ." if is_same else "Đã thay tệp minh chứng."
                self._page.shell.notify(words, can_undo=not is_same)
        self._show()

    def _show_sizes(self) -> None:
        records = [each for group in self._session.state.evidence.values() for each in group]
        own = f"Phiếu này: {number_text(len(records))} minh chứng, {size_words(sum(r.size for r in records))}"
        with self._page.errors():
            whole = size_words(folder_size(self._session.context))
            said = f"{own}; cả kho {whole}. Ảnh được thu nhỏ khi thêm, tệp khác tối đa {MAX_BYTES // 1_000_000} MB."
            self._page.view.evidence.set_sizes(said)

    def open(self, uid: str) -> None:
        """Hand a file to the program that the person uses for its kind."""
        with self._page.errors():
            path = evidence_path(self._session.context, uid)
            if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
                self._page.show_banner("Máy này chưa có chương trình mở được loại tệp ấy.", "attention")

    def remove(self, uid: str) -> None:
        """Detach a file; "Hoàn tác" brings it back."""
        with self._page.errors():
            remove_evidence(self._session.context, uid)
            if self._page.shell is not None:
                self._page.shell.notify("Đã bỏ tệp minh chứng.", can_undo=True)
        self._show()

    def _show(self) -> None:
        page, session = self._page, self._session
        with page.errors():
            session.reopen()
            session.has_changes = True
            page.show_answer(session.indicators[page.place].code)
            page.side.show_chips(session.state)
            page.view.refresh_evidence()
            self._show_sizes()
            page.view.evidence.focus_work()
