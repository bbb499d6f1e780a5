"""The models and groups of a round: which take part, and by which set each is judged there.

Invariant: what is chosen is written at "Cất" as one deed; forms that were begun stay with their set, and it is said.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desktop_app.services.assessment.round_models import RoundPart, SetChoice, change_part, list_parts
from desktop_app.services.context import Context
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import widgets as w
from desktop_app.ui.widgets.pair import ListAndPanel

GENERAL = ""


def _part_chip(part: RoundPart) -> w.ChipData:
    return w.ChipData("Tham gia", "passed") if part.is_taking_part else w.ChipData("Không tham gia", "neutral", "minus")


def _set_words(part: RoundPart) -> w.ToneText:
    if part.used is None:
        return w.ToneText("chưa có bộ nào đang dùng", "attention")
    words = part.used.label if part.own is None else f"{part.used.label} · riêng của đợt"
    return w.ToneText(words, "neutral" if part.own is None else "accent")


COLUMNS = (
    w.Column("name", "Mô hình, nhóm", 250, "strong", stretch=2, is_sortable=False),
    w.Column("is_taking_part", "Tham gia", 148, "chip", _part_chip, is_sortable=False),
    w.Column("used", "Chấm theo bộ", 260, value=_set_words, stretch=3, is_sortable=False, gives_way=1),
    w.Column("begun", "Phiếu đã mở", 108, "number", is_sortable=False, gives_way=2),
)


def part_spec(part: RoundPart) -> w.FormSpec:
    """What is asked of one model or group."""
    is_one_name = len({item.label.rpartition(" (")[0] for item in part.choices}) == 1
    own = [(item.uid, _choice_words(item, is_one_name)) for item in part.choices]
    choices = [(GENERAL, "Theo bộ dùng chung"), *own]
    return w.FormSpec(
        (
            w.Field(
                "is_taking_part", "Tham gia đợt này", "check",
                help="Bỏ dấu thì đợt không nhận đăng ký và phiếu mới của mô hình này; phiếu đã có vẫn giữ.",
            ),
            w.Field(
                "set", "Bộ tiêu chí của đợt", "choice", choices=tuple(choices), width=300,
                help="Áp dụng cho phiếu mở từ nay; phiếu đã bắt đầu chấm giữ bộ cũ.",
            ),
        )
    )  # fmt: skip


def _choice_words(item: SetChoice, is_one_name: bool) -> str:
    """The version, with the set's name where the sets of this model are called differently."""
    words = f"Bản {item.label.rpartition(' (')[2].rstrip(')')}" if is_one_name else item.label
    return words if item.is_confirmed else f"{words} · gợi ý"


class PartsView(ListAndPanel):
    """The list with its form beside it.

    Args:
        context: the opened register.
        errors: the page's way to say what went wrong.
        stored: called after a change was written.
    """

    def __init__(self, context: Context, errors: Callable[[], Any], stored: Callable[[str], object]) -> None:
        self.table = w.DataTable("rounds.parts", COLUMNS, single=True)
        self.table.view.setAccessibleName("Mô hình và nhóm của đợt")
        self.panel = w.SidePanel()
        super().__init__(self.table, self.panel)
        self._context, self._errors, self._stored = context, errors, stored
        self._year = 0
        self._may_change = True
        self.form: w.FormView | None = None
        self.part: RoundPart | None = None
        self.save_button = w.QuietButton("Cất", icon="save", key="Ctrl+S")
        self.save_button.clicked.connect(lambda _checked=False: self.save())
        self.panel.set_buttons(self.save_button)
        self.table.row_selected.connect(self._on_selected)
        self.table.row_opened.connect(lambda _part: self.enter())

    def show_round(self, year: int, *, may_change: bool) -> None:
        """Read the round's models again; the same one stays chosen."""
        self._year, self._may_change = year, may_change
        place = max(0, self.table.view.currentIndex().row())
        self.part = None
        parts = list_parts(self._context, year)
        self.table.set_source(w.ListSource(parts))
        self.table.select_row(min(place, len(parts) - 1))
        self._show(parts[min(place, len(parts) - 1)])

    def enter(self) -> None:
        """Go into the form."""
        self.show_panel()
        if self.form is not None and self._may_change:
            self.form.focus_first()

    @property
    def is_changed(self) -> bool:
        return self.form is not None and self.form.is_changed

    def save(self) -> bool:
        """Write the form; True when nothing is left to write."""
        if self.form is None or self.part is None or not self.form.is_changed:
            return True
        values, part = self.form.values(), self.part
        with self._errors():
            change_part(
                self._context, self._year, part.model, part.group,
                set_uid=values["set"] or None, is_taking_part=bool(values["is_taking_part"]),
            )  # fmt: skip
            self.form.settle()
            self.part = None
            self.show_list()
            self._stored(f"Đã cất “{part.name}” cho đợt {self._year}.")
            return True
        return False

    def _on_selected(self, part: RoundPart | None) -> None:
        if part is None or (self.part is not None and (part.model, part.group) == (self.part.model, self.part.group)):
            return
        if self.is_changed and not self.save():
            return
        self._show(part)

    def _show(self, part: RoundPart) -> None:
        self.part = part
        self.panel.clear()
        self.panel.set_title(part.name, _part_chip(part))
        self.form = w.FormView(part_spec(part), {"is_taking_part": part.is_taking_part, "set": part.own or GENERAL})
        self.form.setEnabled(self._may_change)
        self.form.submitted.connect(self.save)
        self.save_button.setEnabled(self._may_change)
        self.panel.add(self.form)
        if part.used is not None:
            self.panel.add_text(f"Phiếu mới chấm theo: {part.used.label}.", "help")
        if part.other:
            self.panel.add_text(
                f"{number_text(part.other)} phiếu của đợt này đã bắt đầu theo bộ khác và giữ bộ đó.", "help"
            )
