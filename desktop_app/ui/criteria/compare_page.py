"""Two versions side by side: rows added, removed and changed, and what differs in each.

Invariant: shows only; the older of the two stands at the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desktop_app.services.criteria.compare import RowChange, RowPair, compare_sets, count_changes
from desktop_app.services.criteria.drafts import SetVersion, list_versions, load_version
from desktop_app.ui import widgets as w
from desktop_app.ui.page import Page
from desktop_app.ui.widgets.pair import ListAndPanel

CHIPS = {
    RowChange.ADDED: w.ChipData("Thêm", "passed", "plus"),
    RowChange.REMOVED: w.ChipData("Bỏ", "failed", "minus"),
    RowChange.CHANGED: w.ChipData("Sửa", "attention", "pen-line"),
    RowChange.SAME: w.ChipData("Như cũ", "neutral"),
}


@dataclass(frozen=True)
class PairRow:
    """One line of the comparison."""

    pair: RowPair

    @property
    def number(self) -> str:
        return self.pair.number

    @property
    def before(self) -> str:
        return self.pair.before or "(không có)"

    @property
    def after(self) -> str:
        return self.pair.after or "(không có)"

    @property
    def what(self) -> str:
        return ", ".join(d.part.lower() for d in self.pair.differences)

    @property
    def change(self) -> w.ChipData:
        return CHIPS[self.pair.change]


COLUMNS = (
    w.Column("number", "Số", 52, "quiet", is_sortable=False, gives_way=2),
    w.Column("before", "Bản cũ", 190, stretch=1, is_sortable=False),
    w.Column("after", "Bản mới", 190, stretch=1, is_sortable=False),
    w.Column("what", "Khác ở", 150, "quiet", is_sortable=False, gives_way=1),
    w.Column("change", "Thay đổi", 100, "chip", is_sortable=False),
)


def show_pair(panel: w.SidePanel, row: PairRow | None) -> None:
    """What differs in the chosen row, before above after."""
    panel.clear()
    if row is None:
        panel.set_title("Không có dòng nào khác nhau")
        return
    pair = row.pair
    panel.set_title(f"Dòng {pair.number}" if pair.number else "Cả bộ", row.change)
    if pair.change in (RowChange.ADDED, RowChange.REMOVED):
        panel.add_text(pair.after or pair.before)
    for difference in pair.differences:
        panel.add_section(difference.part)
        panel.add_row("Bản cũ", difference.before or "(trống)")
        panel.add_row("Bản mới", difference.after or "(trống)", tone="accent")
    if pair.change is RowChange.SAME:
        panel.add_text(pair.after)


class ComparePage(Page):
    """A version beside another one of the same model, of the person's choice."""

    title_text = "So hai bản"
    help_topic = "bo_tieu_chi"

    def __init__(self, context: Any, set_uid: str) -> None:
        super().__init__(context)
        self._uid = set_uid
        self._others: list[SetVersion] = []
        self.pairs: tuple[RowPair, ...] = ()
        self.other = w.FilterChip("So với", [(None, "")])
        self.all_rows = w.FilterChip.switch("Hiện cả dòng như cũ", "neutral", "list")
        self.words = w.label("", "body", wrap=True)
        self.body.addWidget(w.FlowRow(self.other, self.all_rows))
        self.body.addWidget(self.words)
        self.table = w.DataTable("criteria_compare", COLUMNS, single=True)
        self.table.set_placeholder(w.EmptyState("circle-check", "Không có dòng nào khác nhau."))
        self.panel = w.SidePanel()
        self.pair = ListAndPanel(self.table, self.panel)
        self.body.addWidget(w.sized(self.pair, min_height=280), 1)
        self.table.row_selected.connect(lambda row: show_pair(self.panel, row))
        self.table.row_opened.connect(lambda _row: self.pair.show_panel())
        self.other.chosen.connect(lambda _uid: self._compare())
        self.all_rows.toggled.connect(lambda _on: self._show())
        self.bind("reload", self.refresh)

    def refresh(self) -> None:
        with self.errors():
            self.version = load_version(self.context, self._uid)
            d = self.version.definition
            versions = [v for v in list_versions(self.context) if v.uid != self._uid]
            same = [v for v in versions if v.definition.key == d.key]
            self._others = [*same, *(v for v in versions if v.definition.model is d.model and v not in same)]
            self.set_subtitle(self.version.label)
            self._offer()

    def _offer(self) -> None:
        if not self._others:
            self.other.hide()
            self.words.setText("Chưa có bản nào khác của mô hình này để so. Hãy chép bộ này thành bản mới trước.")
            self.table.set_source(w.ListSource([]))
            return
        copied = self.version.origin.copied_from
        chosen = next((v.uid for v in self._others if v.label == copied), None)
        chosen = chosen or next((v.uid for v in self._others if v.is_in_use), self._others[0].uid)
        choices = [(v.uid, f"{v.label}{', đang dùng' if v.is_in_use else ''}") for v in self._others]
        self.other.set_choices(choices)
        self.other.set_value(chosen)
        self._compare()

    def _compare(self) -> None:
        other = next((v for v in self._others if v.uid == self.other.value), None)
        if other is None:
            return
        is_newer = other.is_draft and not self.version.is_draft
        old, new = (self.version, other) if is_newer else (other, self.version)
        self.pairs = compare_sets(old.definition, new.definition)
        counts = count_changes(self.pairs)
        self.words.setText(
            f"Bản cũ: {old.label}. Bản mới: {new.label}. Sửa {counts[RowChange.CHANGED]} dòng, thêm "
            f"{counts[RowChange.ADDED]}, bỏ {counts[RowChange.REMOVED]}, như cũ {counts[RowChange.SAME]}."
        )
        self._show()

    def _show(self) -> None:
        shown = [p for p in self.pairs if self.all_rows.isChecked() or p.change is not RowChange.SAME]
        self.table.set_source(w.ListSource([PairRow(pair) for pair in shown]))
        if shown:
            self.table.select_row(0)
        else:
            show_pair(self.panel, None)

    def on_shown(self) -> None:
        self.table.view.setFocus()
