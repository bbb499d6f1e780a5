"""Adding, opening and removing evidence files for the form in front: the deeds behind the evidence panel.

Invariant: files are copied by the service, one operation each; the panel shows what is attached after each deed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from shiboken6 import isValid

from desktop_app.services.assessment.evidence import (
    EvidenceRecord,
    Prepared,
    add_note,
    attach_prepared,
    edit_note,
    evidence_path,
    folder_size,
    prepare_evidence,
    remove_evidence,
    replace_prepared,
)
from desktop_app.services.assessment.evidence_files import MAX_BYTES, is_slow
from desktop_app.services.errors import AppError
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.assessment.evidence_panel import FILTERS
from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.words import size_words
from desktop_app.ui.widgets import dialogs

if TYPE_CHECKING:
    from desktop_app.ui.assessment.form_page import FormPage


MOST_TOLD = 3
"""So many refused files are told each with its reason."""


def _prepared(path: Path, prepare: Callable[[Path], Prepared]) -> Prepared | AppError:
    try:
        return prepare(path)
    except AppError as error:
        return error


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
        panel.scope_asked.connect(self.toggle_scope)

    @property
    def is_shown(self) -> bool:
        return not self._page.view.evidence.isHidden()

    def toggle(self) -> None:
        """Show or hide the panel; in the one-page face the guided one comes first."""
        page = self._page
        if page.is_asking:
            return
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

    def toggle_scope(self) -> None:
        """Ctrl+Shift+M: the evidence of the whole form, or that of the indicator again."""
        view = self._page.view
        if not self.is_shown:
            self.toggle()
        if self.is_shown:
            view.is_whole_evidence = not view.is_whole_evidence
            view.refresh_evidence()
            view.evidence.focus_work()

    @property
    def _code(self) -> str:
        """Where new evidence goes: the present indicator, "" for the whole form."""
        session = self._session
        return "" if self._page.view.is_whole_evidence else session.indicators[self._page.place].code

    def add(self) -> None:
        """Ask for files and attach them."""
        self.attach(dialogs.ask_open_files(self._page, "Chọn tệp minh chứng", FILTERS, many=True))

    def attach(self, paths: list[Path]) -> None:
        """Attach files to the present indicator, each by itself: one that is refused does not stop the others.

        They belong to the form and place that stood in front when they were chosen, wherever the person goes on.
        """
        session, code = self._session, self._code
        context, model, year, subject = session.context, session.model, session.year, session.state.subject.uid

        def put(chosen: Prepared) -> None:
            made = attach_prepared(context, model, subject, year, code, chosen)
            self._tell(chosen.source, made)

        self._prepare(paths, lambda path: prepare_evidence(context, path), put)

    def _prepare(
        self, paths: list[Path], prepare: Callable[[Path], Prepared], put: Callable[[Prepared], object]
    ) -> None:
        """Make the copies (slow ones in a worker, so that the window answers), then write each of them here."""
        shell = self._page.shell
        if not paths:
            return
        if shell is None or not any(map(is_slow, paths)):
            self._put([_prepared(path, prepare) for path in paths], put)
            return
        made: list[Prepared | AppError] = []

        def work(progress: Progress) -> None:
            for done, path in enumerate(paths):
                progress.step(done, len(paths), f"Đang thu nhỏ, chép {path.name}")
                made.append(_prepared(path, prepare))
            progress.step(len(paths), len(paths), "")

        def forget() -> None:
            for item in made:
                if isinstance(item, Prepared):
                    item.discard()

        def fail(error: Exception) -> None:
            forget()
            raise error

        shell.tasks.run(
            work, lambda _none: self._put(made, put), fail, title="Đang thêm minh chứng", on_cancelled=forget
        )

    def _put(self, made: Sequence[Prepared | AppError], put: Callable[[Prepared], object]) -> None:
        """Write what was prepared, and say each that was refused."""
        refused: list[AppError] = []
        for item in made:
            try:
                if isinstance(item, AppError):
                    raise item
                put(item)
            except AppError as error:
                refused.append(error)
        if not isValid(self._page):
            return
        self._show()
        if refused:
            words = " ".join(dict.fromkeys(error.message for error in refused[:MOST_TOLD]))
            more = f" Và {len(refused) - MOST_TOLD} tệp khác cũng chưa thêm được." if len(refused) > MOST_TOLD else ""
            self._page.show_banner(words + more, "attention")

    def _tell(self, path: Path, made: EvidenceRecord) -> None:
        """What became of a photo; other files are kept as they are and need no words."""
        shell = self._page.shell if isValid(self._page) else None
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
                subject = session.state.subject.uid
                add_note(session.context, session.model, subject, session.year, self._code, words)
            self._show()

    def replace(self, uid: str) -> None:
        """Ask for the file that takes the place of one that is gone."""
        chosen = dialogs.ask_open_files(self._page, "Chọn tệp thay vào", FILTERS)
        if not chosen:
            return
        context = self._session.context

        def put(file: Prepared) -> None:
            is_same = replace_prepared(context, uid, file)
            if isValid(self._page) and self._page.shell is not None:
                words = "Đúng tệp cũ, đã đặt lại vào chỗ." if is_same else "Đã thay tệp minh chứng."
                self._page.shell.notify(words, can_undo=not is_same)

        self._prepare(chosen[:1], lambda path: prepare_evidence(context, path, instead_of=uid), put)

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
            if self.is_shown:
                page.view.evidence.focus_work()
