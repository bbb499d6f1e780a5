"""What the wizard does with a list of people between reading and importing: compares, asks, checks what is typed over.

Invariant: every comparison runs in a worker on what a person has decided so far; a row typed over is decided alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.models.types import Uid
from desktop_app.services.importing.corrections.edits import Texts
from desktop_app.services.importing.corrections.plan import redecided, replanned
from desktop_app.services.importing.planning.places import Titles
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.importing.preview import ParsedWorkbook
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.importing.decisions import Chosen, Decisions
from desktop_app.ui.importing.preview_view import PreviewView
from desktop_app.ui.work_page import WorkPage

MANY = 5_000
"""From so many rows on an answer is worked out in a worker."""


class PeopleStep(QObject):
    """The decisions about a list of people, and the preview that shows them.

    Signals:
        changed: the plan is another one.

    Attributes:
        is_other_commune: the list is taken although its title names another commune.
    """

    changed = Signal()

    def __init__(self, page: WorkPage, view: PreviewView) -> None:
        super().__init__(page)
        self._page, self._view = page, view
        self._people: ParsedWorkbook | None = None
        self._waiting: list[tuple[int, Texts | None]] = []
        self._is_checking = False
        self._communes: dict[Titles, str] = {}
        self.decisions = Decisions()
        self.is_other_commune = False
        view.settled.connect(self.settle)
        view.skipped.connect(self.skip)
        view.unsettled.connect(self.unsettle)
        view.typed.connect(self.type_over)
        view.years.given.connect(self.give_year)
        view.communes.given.connect(self.give_commune)
        view.restored.connect(lambda index: self.type_over(index, None))

    @property
    def plan(self) -> ImportPlan | None:
        """The plan as it stands with what a person has decided."""
        return self.decisions.plan

    def begin(self) -> None:
        """Another file: nothing has been decided."""
        self.decisions.forget()
        self.is_other_commune = False
        self._people = None
        self._communes.clear()
        self._waiting.clear()
        self._is_checking = False

    def compare(self, people: ParsedWorkbook, then: Callable[[], object]) -> None:
        """Compare the whole list with the register; what was typed over stays where the file's cells are the same."""
        context, typed, is_other = self._page.context, self.decisions.corrections, self.is_other_commune
        communes = dict(self._communes)

        def work(progress: Progress) -> ImportPlan:
            mended = typed.applied(people, dt.date.today())
            with context.read() as connection:
                return plan_import(connection, mended, is_other_commune=is_other, communes=communes, progress=progress)

        def show(plan: ImportPlan) -> None:
            self._people = people
            self._waiting.clear()
            self.decisions.take(plan)
            self._work_out(shown)

        def shown() -> None:
            then()
            self._say_lost()

        self._page.run(work, show, "Đang so với sổ", stopped="Đã dừng so với sổ; chưa có gì thay đổi.")

    def _say_lost(self) -> None:
        lost = self.decisions.corrections.lost
        if lost:
            rows = ", ".join(str(row) for _, row, _ in lost[:5]) + ("…" if len(lost) > 5 else "")
            self._page.show_banner(
                f"Các ô ở dòng {rows} trong tệp đã khác trước nên những gì sửa tay ở đó không còn dùng; hãy xem lại.",
                "attention",
            )

    # -- who doubtful rows are -----------------------------------------------------------------------------------

    def settle(self, answers: Mapping[int, Uid | None]) -> None:
        """These rows are these persons, or new ones."""
        self.decisions.settle(answers)
        self._work_out()

    def skip(self, indices: Iterable[int]) -> None:
        """These rows are left out on purpose."""
        self.decisions.skip(indices)
        self._work_out()

    def unsettle(self, index: int) -> None:
        """An answer is taken back."""
        self.decisions.unsettle(index)
        self._work_out()

    def give_year(self, sheet: str, index: int, year: int | None) -> None:
        """The titles of a column are of this year."""
        self.decisions.give_year(sheet, index, year)
        self._work_out()

    def give_commune(self, titles: Titles, commune: str | None) -> None:
        """The hamlets under these titles are of this former commune; None takes the answer back."""
        if commune is None:
            self._communes.pop(titles, None)
        else:
            self._communes[titles] = commune
        if self._people is not None:
            self.compare(self._people, lambda: None)

    def take_back(self) -> bool:
        """Take the last answers back, however many rows they were for; False where there are none."""
        count = self.decisions.take_back()
        if count is None:
            return False
        self._work_out()
        if self._page.shell is not None:
            self._page.shell.notify(f"Đã lấy lại lần chọn vừa rồi ({number_text(count)} dòng).")
        return True

    def _work_out(self, then: Callable[[], object] = lambda: None) -> None:
        """Show the plan with what was decided; a long list's is worked out in a worker."""
        work = self.decisions.work()

        def show(chosen: Chosen) -> None:
            if self.decisions.show(chosen):
                self._view.show_decisions(self.decisions)
                self.changed.emit()
                then()

        base = self.decisions.base
        if base is None or len(base.rows) < MANY:
            show(work())
        else:
            self._page.run(lambda _progress: work(), show, "Đang tính lại", can_cancel=False)

    # -- what is typed over --------------------------------------------------------------------------------------

    def type_over(self, index: int, texts: Texts | None) -> None:
        """Check a row with what was typed over in it; None lets it stand as in the file again."""
        if texts is not None and not texts:
            self._view.checked(index)
            return
        self._waiting.append((index, texts))
        self._check_next()

    def _check_next(self) -> None:
        base = self.decisions.base
        if self._is_checking or not self._waiting or base is None:
            return
        index, texts = self._waiting.pop(0)
        row = base.parsed.rows[index]
        today = dt.date.today()
        if texts is None:
            self.decisions.corrections.forget(row)
            work = partial(self._decide_as_in_file, base, today)
        else:
            self.decisions.corrections.put(row, texts)
            work = partial(self._decide, base, index, texts, today)
        self._is_checking = True

        def failed() -> None:
            self._is_checking = False

        self._page.run(work, partial(self._on_checked, index), "Đang kiểm tra lại dòng", on_failed=failed,
                       can_cancel=False)  # fmt: skip

    def _decide(self, base: ImportPlan, index: int, texts: Texts, today: dt.date, progress: Progress) -> ImportPlan:
        with self._page.context.read() as connection:
            return replanned(connection, base, index, texts, today)

    def _decide_as_in_file(self, base: ImportPlan, today: dt.date, progress: Progress) -> ImportPlan:
        assert self._people is not None
        mended = self.decisions.corrections.applied(self._people, today)
        with self._page.context.read() as connection:
            return redecided(connection, base, mended)

    def _on_checked(self, index: int, plan: ImportPlan) -> None:
        self._is_checking = False
        self.decisions.take(plan)

        def shown() -> None:
            self._view.checked(index)
            self._check_next()

        self._work_out(shown)
