"""The guided form of one row of a batch: the same answers with help and evidence, and back to the same cell.

Invariant: what the guided form stores is the same deed of the same person as what the grid stored before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_app.models.types import Uid
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.assessment.form_page import SCOPE, FormPage
from desktop_app.ui.keying.batch_store import BatchStore


@dataclass
class Place:
    """Where a person is in a batch: whose row, which indicator."""

    subject: Uid
    code: str


class BatchPeople:
    """Next and previous go through the rows of the batch."""

    def __init__(self, store: BatchStore) -> None:
        self._store = store

    def next_subject(self, subject: Uid) -> Uid | None:
        return self._beside(subject, 1)

    def previous_subject(self, subject: Uid) -> Uid | None:
        return self._beside(subject, -1)

    def _beside(self, subject: Uid, by: int) -> Uid | None:
        row = self._store.row_of(subject)
        if row is None or not 0 <= row + by < self._store.count():
            return None
        return self._store.rows[row + by].subject


class KeyedFormPage(FormPage):
    """A FormPage that begins at the grid's cell and knows the way back.

    Args:
        place: where it begins; says where it ended when it is left.
    """

    ACTIONS: tuple[ActionSpec, ...] = (  # type: ignore[assignment]  # one key more than the form's own
        *FormPage.ACTIONS,
        ActionSpec("form.to_grid", "Về bảng nhập nhanh", "Ctrl+Shift+G", "table-2", scope=SCOPE),
    )

    def __init__(self, context: Any, store: BatchStore, place: Place) -> None:
        batch = store.batch
        people: Any = BatchPeople(store)
        super().__init__(context, batch.cover.model, batch.year, place.subject, people)
        self._store = store
        self._at = place
        self._has_begun = False
        self.grid_button = self.button_for("form.to_grid", self._go_back, text="Bảng nhập nhanh")
        self.set_header_buttons(self.grid_button, self.face_button)

    def refresh(self) -> None:
        super().refresh()
        if self._is_loaded and not self._has_begun:
            self._has_begun = True
            codes = [indicator.code for indicator in self.session.indicators]
            if self._at.code in codes:
                self.show_state(codes.index(self._at.code))

    def can_leave(self) -> bool:
        """The form's state is settled while its deed is still open."""
        if not self.take():
            return False
        if self._is_loaded:
            with self.errors():
                row = self._store.row_of(self._subject)
                if row is not None and self.session.has_changes:
                    self._store.settle(row)
            self._at.subject = self._subject
            self._at.code = self.session.indicators[self.place].code
        return super().can_leave()

    def _go_back(self) -> None:
        if self.shell is not None:
            self.shell.pop()
