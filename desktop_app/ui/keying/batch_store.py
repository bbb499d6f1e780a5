"""The rows of one batch for the grid: read once, then kept row by row as cells reach the disk.

Invariants: what is shown is what the service gave back; the verdict of a row is made when it is looked at and kept
until that row changes; an answer taken back by ``undo`` is saved like any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.scoring import ReasonKind
from desktop_app.services.keying.placing import place, remove_row
from desktop_app.services.keying.records import BatchRecord, KeyedRow, Sheet, is_complete, is_counted, judge_row
from desktop_app.services.keying.sheet import read_sheet
from desktop_app.services.keying.writing import leave_row, save_cell, save_cells, settle_status
from desktop_app.ui.keying.cell_keys import CellSpec, cells_of
from desktop_app.ui.keying.grid_store import Lead, Tail
from desktop_app.ui.keying.trail import Cell, Trail
from desktop_app.ui.keying.words import score_text
from desktop_app.ui.widgets.painting import ChipData


class BatchStore:
    """Rows of a batch (implements ``grid_store.GridStore``).

    Attributes:
        saved_at: when the last cell reached the disk.
    """

    has_tail = True

    def __init__(self, context: Any, batch_uid: Uid) -> None:
        self._context = context
        self._uid = batch_uid
        self.saved_at: dt.datetime | None = None
        self.cells: tuple[CellSpec, ...] = ()
        self._rows: list[KeyedRow] = []
        self._tails: dict[Uid, Tail] = {}
        self._totals: dict[Uid, float] = {}
        self._whole: set[Uid] = set()
        self._trail = Trail()
        self.reload()

    def reload(self) -> None:
        """Read the batch anew."""
        self.sheet: Sheet = read_sheet(self._context, self._uid)
        self.cells = cells_of(self.sheet.definition)
        self._rows = list(self.sheet.rows)
        self._tails.clear()
        self._totals.clear()
        self._whole.clear()
        for row in self._rows:
            self._count(row)
        self._trail.clear()

    @property
    def batch(self) -> BatchRecord:
        return self.sheet.batch

    @property
    def rows(self) -> tuple[KeyedRow, ...]:
        """The rows as they stand now."""
        return tuple(self._rows)

    def current_sheet(self) -> Sheet:
        """The batch with its rows as they stand now."""
        return Sheet(self.batch, self.sheet.definition, self.rows)

    # -- what the grid asks ------------------------------------------------------------------------------------

    def count(self) -> int:
        return len(self._rows)

    def lead(self, row: int) -> Lead:
        keyed = self._rows[row]
        beside = keyed.detail.removeprefix("hộ ") if self.batch.cover.model is LearningModel.FAMILY else keyed.birth
        return Lead(keyed.code, keyed.name, beside, keyed.detail)

    def value(self, row: int, column: int) -> float | None:
        keyed, indicator = self._rows[row], self.sheet.definition.indicators[column]
        if is_counted(keyed, indicator) and indicator.fact is not None:
            return keyed.facts[indicator.fact].percent
        return keyed.values.get(indicator.code)

    def why_shut(self, row: int, column: int) -> str:
        keyed = self._rows[row]
        if self.batch.is_closed:
            return "Tập đã đóng nên không ghi thêm; muốn sửa, hãy mở lại tập (nút ở góc trên)."
        if keyed.locked:
            return keyed.locked
        indicator = self.sheet.definition.indicators[column]
        if is_counted(keyed, indicator):
            return (
                f"Chương trình tự đếm {self.sheet.definition.indicator_word} {indicator.number} từ sổ, không phải gõ."
            )
        return ""

    def tail(self, row: int) -> Tail:
        keyed = self._rows[row]
        found = self._tails.get(keyed.subject)
        if found is None:
            found = self._tails[keyed.subject] = self._tail(keyed)
        return found

    def save(self, row: int, column: int, value: float | None) -> None:
        """Store one cell; raises AppError, and then nothing was stored."""
        code = self.cells[column].code
        before = self._rows[row].values.get(code)
        self._store(row, code, value)
        subject = self._rows[row].subject
        self._trail.note((subject, code, before))

    # -- more than one cell ------------------------------------------------------------------------------------

    def save_block(self, values: Mapping[int, Mapping[str, float]]) -> None:
        """Store cells of several rows, a row at once; raises AppError, and then the rows before it are stored."""
        done: list[Cell] = []
        try:
            for row, cells in values.items():
                keyed = self._rows[row]
                saved = save_cells(self._context, self.batch, keyed, cells)
                done += [(keyed.subject, code, keyed.values.get(code)) for code in cells]
                self._take(row, saved.row)
                self.saved_at = saved.saved_at
        finally:
            self._trail.note_block(done)

    def undo(self) -> tuple[int, int] | None:
        """Take the last cell of the present row's sitting back, or a pasted block; its place, or None when there is
        none."""
        found = self._trail.take_back(self._put_back)
        row = self.row_of(found[0]) if found is not None else None
        if found is None or row is None:
            return None
        return row, next(place for place, cell in enumerate(self.cells) if cell.code == found[1])

    def _put_back(self, subject: Uid, code: str, value: float | None) -> bool:
        row = self.row_of(subject)
        if row is not None:
            self._store(row, code, value)
        return row is not None

    def add(self, subject: Uid, *, takes_over: bool = False, changes_group: bool = False) -> int:
        """Put a person's form at the end of the batch; its row."""
        made = place(self._context, self._uid, subject, takes_over=takes_over, changes_group=changes_group)
        self._rows.append(made)
        self._count(made)
        self._trail.clear()
        self.saved_at = dt.datetime.now()
        return len(self._rows) - 1

    def remove(self, row: int, *, clears: bool) -> None:
        """Take a row out of the batch."""
        remove_row(self._context, self._uid, self._rows[row].subject, clears=clears)
        self.reload()

    def settle(self, row: int) -> None:
        """Bring a form's state up to date after it was filled in the guided form."""
        settle_status(self._context, self.batch, self._rows[row])

    def leave(self) -> None:
        """The row is left: its answers are one closed deed."""
        leave_row(self._context)

    # -- the whole batch ---------------------------------------------------------------------------------------

    def row_of(self, subject: Uid) -> int | None:
        """The line that a person stands on."""
        return next((place for place, row in enumerate(self._rows) if row.subject == subject), None)

    @property
    def total(self) -> float:
        """Sum of the totals of all rows; kept, not counted anew."""
        return sum(self._totals.values())

    @property
    def complete(self) -> int:
        """Rows that are answered whole."""
        return len(self._whole)

    # -- inside ------------------------------------------------------------------------------------------------

    def _store(self, row: int, code: str, value: float | None) -> None:
        done = save_cell(self._context, self.batch, self._rows[row], code, value)
        self._take(row, done.row)
        self.saved_at = done.saved_at

    def _take(self, row: int, keyed: KeyedRow) -> None:
        self._rows[row] = keyed
        self._tails.pop(keyed.subject, None)
        self._count(keyed)

    def _count(self, row: KeyedRow) -> None:
        self._totals[row.subject] = self._total(row)
        (self._whole.add if is_complete(row, self.sheet.definition) else self._whole.discard)(row.subject)

    def _total(self, row: KeyedRow) -> float:
        if not row.values and not row.facts:
            return 0
        if any(i.max_score is None for i in self.sheet.definition.indicators):
            return judge_row(row, self.sheet.definition).verdict.total
        return sum(row.values.values())

    def _tail(self, row: KeyedRow) -> Tail:
        if not row.values:
            return Tail()
        judged = judge_row(row, self.sheet.definition)
        verdict = judged.verdict
        if verdict.passed:
            chip = ChipData(judged.short, "passed")
        elif verdict.complete or any(reason.kind is ReasonKind.BELOW_FLOOR for reason in verdict.reasons):
            chip = ChipData(judged.short, "failed")
        else:
            chip = ChipData(judged.short, "neutral", "")
        return Tail(score_text(verdict.total), chip, judged.sentence)
