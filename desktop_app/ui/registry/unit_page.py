"""What the pages of hamlets, clans, organizations and branches share: their services are alike but for the table.

Invariant: one module of the services edits them all; a page names its table and how its panel looks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from desktop_app.models.records import SaveResult
from desktop_app.ui.registry.edit_page import EditPage
from desktop_app.ui.registry.form_pane import FormTask, Values
from desktop_app.ui.widgets.form_spec import FormSpec

PASSING_FAMILIES = "Số hộ đạt Gia đình học tập trong đợt này (phiếu chưa bị trả lại) / số hộ"
PASSING_PEOPLE = "Số người đạt Công dân học tập trong đợt này (phiếu chưa bị trả lại) / số người"


class UnitPage(EditPage):
    """An EditPage over ``services.registry.units_edit``."""

    def spec(self, uid: str | None) -> FormSpec:
        """The form of a record, a new one with None."""
        raise NotImplementedError

    def save(self, uid: str | None, values: Values) -> SaveResult:
        """One of the services' ``save_…``."""
        raise NotImplementedError

    def first_values(self) -> dict[str, Any]:
        """What a new record's form holds at first."""
        return {}

    def reveal_phone(self, uid: str) -> str | None:
        """The leader's number; the journal notes who looked."""
        from desktop_app.services.registry import personal

        return personal.reveal_contact(self.context, self.table, uid)

    def edit_task(self, uid: str) -> FormTask:
        from desktop_app.services.registry import units_edit

        name = self.record_name
        return FormTask(
            f"Sửa {name}",
            self.spec(uid),
            units_edit.unit_values(self.context, self.table, uid),
            save=partial(self.save, uid),
            check=partial(units_edit.check, self.context, self.table, uid),
            on_saved=lambda result, values: self.after_save(f"Đã cất {values.get('name', name)}.", result),
        )

    def add_task(self) -> FormTask:
        from desktop_app.services.registry import units_edit

        return FormTask(
            f"Thêm {self.one}",
            self.spec(None),
            self.first_values(),
            save=partial(self.save, None),
            check=partial(units_edit.check, self.context, self.table, None),
            on_saved=lambda result, values: self.after_save(f"Đã thêm {values['name']}.", result),
            is_new=True,
            can_repeat=True,
        )

    def reasons_to_keep(self, uid: str) -> Sequence[str]:
        from desktop_app.services.registry.usage import why_not_remove

        return why_not_remove(self.context, self.table, uid)

    def remove(self, uid: str) -> None:
        from desktop_app.services.registry.saving import remove_record

        remove_record(self.context, self.table, uid)

    def small_task(
        self,
        title: str,
        spec: FormSpec,
        save: Callable[[Values], SaveResult],
        said: str,
        values: Values | None = None,
        *,
        is_new: bool = True,
    ) -> None:
        """A little form about something that hangs on the record; the record stays in the panel afterwards."""
        self.open_task(
            FormTask(
                title, spec, values or {}, save, on_saved=lambda result, typed: self.show_again(said), is_new=is_new
            )
        )
