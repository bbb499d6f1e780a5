"""What the wizard does with a scoring list between reading and importing: tries it out, asks, takes corrections.

Invariant: every trial runs in a worker on what a person has decided so far and writes nothing; what was typed over in
a cell is read again with the whole file, so that a row is judged as if the file said so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop_app.models.types import Uid
from desktop_app.services.assessment.rounds import current_round, list_rounds
from desktop_app.services.assessment.scores_import import Key, ScoresResult, import_scores
from desktop_app.services.assessment.scores_people import find_subjects
from desktop_app.services.importing.planning.matching import Known
from desktop_app.services.importing.planning.places import Titles
from desktop_app.services.importing.preview import CellValue, ParsedScores, ScoreRow
from desktop_app.services.importing.scores.cells import Place, cells_of, corrections
from desktop_app.services.progress import Progress
from desktop_app.ui.importing.scores_rows import SEVERAL_CODES
from desktop_app.ui.importing.scores_view import ScoresView
from desktop_app.ui.work_page import WorkPage

Tried = tuple[int, tuple[int, ...], ScoresResult]
"""The round's year, the years of all open rounds, and what the import would do."""


class ScoresStep(QObject):
    """The decisions about a scoring list, and the preview that shows them.

    Signals:
        changed: the outcome is another one.
        reread_requested: a cell was typed over; the file is to be read again with ``cells``.

    Attributes:
        outcome: what the import would do; None while no scoring list is in front.
        year: the round that it goes into; cells: what was typed over.
    """

    changed = Signal()
    reread_requested = Signal()

    def __init__(self, page: WorkPage, view: ScoresView) -> None:
        super().__init__(page)
        self._page, self._view = page, view
        self._forms: ParsedScores | None = None
        self._choices: dict[Key, Uid] = {}
        self._picks: set[Key] = set()
        self._communes: dict[Titles, str] = {}
        self.cells: dict[Place, CellValue] = {}
        self.outcome: ScoresResult | None = None
        self.year = 0
        view.settled.connect(self._on_settled)
        view.typed.connect(self._on_typed)
        view.restored.connect(self._on_restored)
        view.year_chosen.connect(self._on_year)
        view.communes.given.connect(self._on_commune)
        view.search_requested.connect(self._on_search)

    def begin(self) -> None:
        """Another file: nothing has been decided."""
        self._forms = None
        self._choices.clear()
        self._picks.clear()
        self._communes.clear()
        self.cells.clear()
        self.outcome = None
        self.year = 0

    def try_out(self, forms: ParsedScores, then: Callable[[], object]) -> None:
        """See what the import would do; what was decided stays."""
        context, chosen, picks, wanted = self._page.context, dict(self._choices), set(self._picks), self.year
        communes = dict(self._communes)

        def work(progress: Progress) -> Tried:
            rounds = tuple(item.year for item in list_rounds(context) if not item.is_closed)
            named = next((year for year in forms.years if year in rounds), 0)
            year = wanted or named or current_round(context).year
            tried = import_scores(
                context, forms, year, is_dry_run=True, choices=chosen, picks=picks, communes=communes,
                progress=progress,
            )  # fmt: skip
            return year, rounds, tried

        def show(found: Tried) -> None:
            self._forms = forms
            self.year, rounds, self.outcome = found
            self._view.set_scores(
                forms, self.outcome, self.year, {**self._choices, **self._picked()}, rounds, set(self.cells)
            )
            self.changed.emit()
            then()

        self._page.run(work, show, "Đang so phiếu với sổ")

    def writing(self) -> Callable[[Progress], ScoresResult]:
        """The import itself, to be run in a worker."""
        assert self._forms is not None
        return partial(
            _write, self._page, self._forms, self.year, dict(self._choices), set(self._picks), dict(self._communes)
        )

    def again(self) -> None:
        """Try the same list again: something of it was decided."""
        if self._forms is not None:
            self.try_out(self._forms, lambda: None)

    # -- what a person decides -----------------------------------------------------------------------------------

    def _on_settled(self, answers: Mapping[Key, Uid | None]) -> None:
        for key, uid in answers.items():
            if self._is_one_of_several(key):
                self._pick(key, is_picked=uid is not None)
            elif uid is None:
                self._choices.pop(key, None)
            else:
                self._choices[key] = uid
        self.again()

    def _is_one_of_several(self, key: Key) -> bool:
        told = self.outcome.told.get(key, ()) if self.outcome is not None else ()
        return key in self._picks or any(issue.code in SEVERAL_CODES for issue in told)

    def _picked(self) -> dict[Key, Uid]:
        """Whose the picked forms are, to be shown as chosen."""
        matched = self.outcome.matched if self.outcome is not None else {}
        return {key: matched[key].uid for key in self._picks if key in matched}

    def _pick(self, key: Key, *, is_picked: bool) -> None:
        """Of several forms of one person the one that was picked last counts."""
        people = self.outcome.doubts if self.outcome is not None else {}
        mine = {person.uid for person in people.get(key, ())}
        self._picks = {other for other in self._picks if not mine & {person.uid for person in people.get(other, ())}}
        self._picks.discard(key)
        if is_picked:
            self._picks.add(key)

    def _on_commune(self, titles: Titles, commune: str | None) -> None:
        if commune is None:
            self._communes.pop(titles, None)
        else:
            self._communes[titles] = commune
        self.again()

    def _on_year(self, year: int) -> None:
        self.year = year
        self.again()

    def _on_typed(self, row: ScoreRow, texts: Mapping[Place, str]) -> None:
        if self._forms is None:
            return
        cells = corrections(self.cells, cells_of(self._forms, row), texts)
        if cells != self.cells:
            self.cells = cells
            self.reread_requested.emit()

    def _on_restored(self, row: ScoreRow) -> None:
        if self._forms is None:
            return
        own = {cell.place for cell in cells_of(self._forms, row)}
        if own & self.cells.keys():
            self.cells = {place: value for place, value in self.cells.items() if place not in own}
            self.reread_requested.emit()

    def _on_search(self, row: ScoreRow, text: str) -> None:
        context = self._page.context

        def work(_progress: Progress) -> tuple[tuple[Known, ...], int]:
            return find_subjects(context, row.model, text)

        self._page.run(work, partial(self._view.offer, row, text), "Đang tìm trong sổ")


def _write(
    page: WorkPage,
    forms: ParsedScores,
    year: int,
    chosen: Mapping[Key, Uid],
    picks: set[Key],
    communes: Mapping[Titles, str],
    progress: Progress,
) -> ScoresResult:
    return import_scores(page.context, forms, year, choices=chosen, picks=picks, communes=communes, progress=progress)
