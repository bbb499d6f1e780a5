"""The drawn forms of one batch for the grid, as the second keyer may see them: without first values, total or verdict.

Invariants: what is shown is what the service gave back; nothing of the first entry is read here; forms that were
compared are not in it any more.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from desktop_app.models.types import SecondEntryStatus, Uid
from desktop_app.services.keying.second_keying import leave_second, save_second
from desktop_app.services.keying.second_queue import is_typed, read_second
from desktop_app.services.keying.second_records import SecondBatch, SecondRow, SecondSheet
from desktop_app.ui.keying.cell_keys import CellSpec, cells_of
from desktop_app.ui.keying.grid_store import Lead, Tail
from desktop_app.ui.keying.trail import Trail


class SecondStore:
    """Rows of a line of the queue (implements ``grid_store.GridStore``).

    Attributes:
        allow_same: who keyed first goes on although, because nobody else works here and that was said.
        saved_at: when the last cell reached the disk.
    """

    has_tail = False

    def __init__(self, context: Any, year: int, key: str) -> None:
        self._context = context
        self._year, self._key = year, key
        self.allow_same = False
        self.saved_at: dt.datetime | None = None
        self.cells: tuple[CellSpec, ...] = ()
        self._rows: list[SecondRow] = []
        self._trail = Trail()
        self.reload()

    def reload(self) -> None:
        """Read the drawn forms anew."""
        self.sheet: SecondSheet = read_second(self._context, self._year, self._key)
        self.cells = cells_of(self.sheet.definition)
        self._rows = [row for row in self.sheet.rows if row.is_open]
        self._trail.clear()

    @property
    def batch(self) -> SecondBatch:
        return self.sheet.batch

    @property
    def rows(self) -> tuple[SecondRow, ...]:
        """The forms that are not compared yet, as they stand now."""
        return tuple(self._rows)

    @property
    def todo(self) -> int:
        """Forms that may be keyed and are not whole."""
        return sum(row.status is SecondEntryStatus.DRAWN and not row.locked for row in self._rows)

    @property
    def keyed(self) -> int:
        """Forms that are whole and wait for the comparison."""
        return sum(row.status is SecondEntryStatus.KEYED and not row.locked for row in self._rows)

    @property
    def needs_consent(self) -> bool:
        """Nobody else works here, and forms are to be keyed again by who keyed them first."""
        return self.sheet.is_alone and not self.allow_same and any(row.is_same_person for row in self._rows)

    # -- what the grid asks ------------------------------------------------------------------------------------

    def count(self) -> int:
        return len(self._rows)

    def lead(self, row: int) -> Lead:
        item = self._rows[row]
        return Lead(item.code, item.name, item.birth, item.detail)

    def tail(self, row: int) -> Tail:
        """Nothing judges a row here: a total would tell what was keyed first."""
        return Tail()

    def value(self, row: int, column: int) -> float | None:
        item, indicator = self._rows[row], self.sheet.definition.indicators[column]
        if not is_typed(indicator, item.facts) and indicator.fact is not None:
            return item.facts[indicator.fact].percent
        return item.values.get(indicator.code)

    def why_shut(self, row: int, column: int) -> str:
        item, indicator = self._rows[row], self.sheet.definition.indicators[column]
        if self.sheet.closed:
            return self.sheet.closed
        if item.locked:
            return item.locked
        if item.is_same_person and not self.allow_same:
            return (
                "Bạn đã nhập phiếu này lần đầu; nhấn Ctrl+Shift+G để đồng ý một người nhập cả hai lần."
                if self.sheet.is_alone
                else "Bạn đã nhập phiếu này lần đầu nên người khác phải nhập lần hai; để phiếu này cho người ấy."
            )
        if not is_typed(indicator, item.facts):
            word = self.sheet.definition.indicator_word
            return f"Chương trình tự đếm {word} {indicator.number} từ sổ, không phải gõ."
        return ""

    def save(self, row: int, column: int, value: float | None) -> None:
        """Store one cell; raises AppError, and then nothing was stored."""
        code = self.cells[column].code
        item = self._rows[row]
        before = item.values.get(code)
        self._store(row, code, value)
        self._trail.note((item.subject, code, before))

    # -- more than one cell ------------------------------------------------------------------------------------

    def undo(self) -> tuple[int, int] | None:
        """Take the last cell of the present row's sitting back; its place, or None when there is none."""
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

    def leave(self) -> None:
        """The row is left: what was keyed in it is one closed deed."""
        leave_second(self._context)

    def row_of(self, subject: Uid) -> int | None:
        """The line that a person stands on."""
        return next((place for place, row in enumerate(self._rows) if row.subject == subject), None)

    def _store(self, row: int, code: str, value: float | None) -> None:
        self._rows[row] = save_second(self._context, self._rows[row], {code: value}, allow_same=self.allow_same)
        self.saved_at = dt.datetime.now()
