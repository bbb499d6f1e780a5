"""The screen of duplicates: pairs with score and reasons, two records side by side, merged or told apart by key.

Invariants: nothing is merged without being shown; each deed is undone by one key; numbers stay masked until asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from desktop_app.services.errors import AppError, UserError
from desktop_app.services.progress import Progress
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.duplicates.compare import SECRETS, ComparePanel
from desktop_app.ui.duplicates.rows import (
    COLUMNS,
    LEVELS,
    VIEWS,
    PairRow,
    View,
    narrowed,
    open_rows,
    settled_rows,
)
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.widgets.data_table import DataTable
from desktop_app.ui.widgets.feedback import EmptyState
from desktop_app.ui.widgets.layouts import FlowRow, sized, vbox
from desktop_app.ui.widgets.paged_model import ListSource
from desktop_app.ui.widgets.pair import ListAndPanel
from desktop_app.ui.widgets.search import FilterChip
from desktop_app.ui.work_page import WorkPage

if TYPE_CHECKING:
    from desktop_app.services.duplicates.search import DuplicateSearch

SCOPE = "Trùng lặp"
PANEL_SHARE = 0.56
LOAD_REST_MS = 40
MOST_NOTES = 4
"""So many remarks of a merge of many are shown."""
_WORDS = {
    View.OPEN: "cặp có thể trùng",
    View.MERGED: "hồ sơ đã gộp",
    View.DISTINCT: "cặp là hai người",
}
_EMPTY = {
    View.OPEN: "Không có cặp nào có thể trùng.",
    View.MERGED: "Chưa gộp hồ sơ nào.",
    View.DISTINCT: "Chưa ghi cặp nào là hai người.",
}
_SETTLED = {
    View.MERGED: "Đã gộp vào hồ sơ ở lại. Tách lại thì hồ sơ kia trở về với những gì của nó mà từ đó chưa ai sửa.",
    View.DISTINCT: "Đã ghi là hai người nên không hiện trong danh sách chờ xem nữa.",
}


class _WidePair(ListAndPanel):
    """The panel compares two records, so it takes the greater half."""

    def _arrange(self) -> None:
        super()._arrange()
        if not self.is_narrow:
            self._panel.setFixedWidth(max(round(self.width() * PANEL_SHARE), theme.px(420)))


class DuplicatesPage(WorkPage):
    """Pairs of the whole register, or of what one import or merge of packages brought.

    Args:
        operation: uid of an import or merge: only pairs in which somebody is whom it wrote.
        people: uids of two people whom somebody wants to compare, however little they are alike.
    """

    title_text = SCOPE
    help_topic = "trung_lap"
    search_placeholder = "Tìm trong các cặp…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("duplicates.merge", "Gộp", "Ctrl+Enter", "merge", SCOPE, "Gộp hai hồ sơ đang so thành một."),
        ActionSpec("duplicates.distinct", "Là hai người", "Ctrl+D", "users", SCOPE, "Không hiện cặp này nữa."),
        ActionSpec("duplicates.merge_sure", "Gộp các cặp chắc chắn", "Ctrl+Shift+G", "list-checks", SCOPE),
        ActionSpec("duplicates.next", "Cặp kế tiếp", "Ctrl+Down", "arrow-down", SCOPE),
        ActionSpec("duplicates.previous", "Cặp trước", "Ctrl+Up", "arrow-up", SCOPE),
        ActionSpec("duplicates.panel", "Sang phần so hai hồ sơ hoặc về danh sách", "F6", "", SCOPE),
    )

    def __init__(self, context: Any, operation: str | None = None, *, people: tuple[str, str] | None = None) -> None:
        super().__init__(context)
        self._operation, self._people = operation, people
        self._found: DuplicateSearch | None = None
        self._rows: list[PairRow] = []
        self._last_brought = 0
        self._row: PairRow | None = None
        self._wanted = 0
        self._is_old = False
        self._make_filters()
        self.list = DataTable("registry.duplicates", COLUMNS, single=True)
        self.list.view.setAccessibleName("Các cặp có thể trùng")
        sized(self.list, min_height=150)
        self._empty = EmptyState("copy", _EMPTY[View.OPEN])
        self.list.set_placeholder(self._empty)
        self.panel = ComparePanel()
        self.ask_bar = AskBar()
        self.pair = _WidePair(self._left(), self.panel)
        self.body.addWidget(self.ask_bar)  # above: what was done stands at the foot for a while
        self.body.addWidget(self.pair, 1)
        self._load_timer = QTimer(self, singleShot=True, interval=LOAD_REST_MS)
        self._load_timer.timeout.connect(self._load)
        self.list.row_selected.connect(self._on_selected)
        self.list.row_opened.connect(lambda _row: self.enter_panel())
        self.panel.reveal_asked.connect(self.on_reveal)
        self.panel.escaped.connect(self.focus_list)
        self._again_timer = QTimer(self, singleShot=True, interval=LOAD_REST_MS)
        self._again_timer.timeout.connect(self._load_again)
        theme.notifier().changed.connect(self._again_timer.start)
        self._bind_keys()

    # -- building ------------------------------------------------------------------------------------------------

    def _make_filters(self) -> None:
        self.view_chip = FilterChip("Xem", VIEWS)
        self.hamlet_chip = FilterChip("Thôn", [choices.ALL])
        self.level_chip = FilterChip("Mức", LEVELS)
        for chip in (self.view_chip, self.hamlet_chip, self.level_chip):
            chip.chosen.connect(lambda _value: self.show_rows())
        self.view_chip.chosen.disconnect()
        self.view_chip.chosen.connect(lambda _value: self._read_view())
        self.new_chip = FilterChip.switch("Mới từ lần nhập cuối", "accent", "file-up")
        self.new_chip.toggled.connect(lambda _on: self.show_rows())
        self.filters = FlowRow(self.view_chip, self.hamlet_chip, self.level_chip, self.new_chip, spacing=6)

    def _left(self) -> QWidget:
        left = QWidget()
        column = vbox(left, spacing=10)
        column.addWidget(self.filters)
        column.addWidget(self.list, 1)
        return left

    def _bind_keys(self) -> None:
        self.sure_button = self.button_for("duplicates.merge_sure", self.on_merge_sure, show_key=False)
        self.distinct_button = self.button_for("duplicates.distinct", self.on_distinct)
        self.merge_button = self.button_for("duplicates.merge", self.on_merge, primary=True)
        both_enters = [QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")]
        self.action("duplicates.merge").setShortcuts(both_enters)
        self.bind("duplicates.next", partial(self.step, 1))
        self.bind("duplicates.previous", partial(self.step, -1))
        self.bind("duplicates.panel", self.switch_half)
        self.bind("reload", self.refresh)
        self.set_header_buttons(self.sure_button, self.distinct_button, self.merge_button)

    # -- reading -------------------------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """Which pairs are listed."""
        return View(str(self.view_chip.value))

    @property
    def current(self) -> PairRow | None:
        """The pair that is compared."""
        return self._row

    def refresh(self) -> None:
        """Search again; the pair in front stays in front while it is still one."""
        with self.errors():
            self.hamlet_chip.set_choices([choices.ALL, *choices.hamlets(self.context)])
        self.set_subtitle("đang tìm…")
        self.run(self._search, self._on_found, "Đang tìm hồ sơ trùng", stopped="Đã dừng tìm. Nhấn F5 để tìm lại.")

    def _search(self, progress: Progress) -> tuple[DuplicateSearch, int]:
        from desktop_app.services.duplicates import search as duplicates

        if self._people is not None:
            found = self._asked_pair(self._people)
        elif self._operation is not None:
            found = duplicates.find_among_operation(self.context, self._operation, progress=progress)
        else:
            found = duplicates.find_duplicates(self.context, progress=progress)
        return found, duplicates.last_brought(self.context)

    def _asked_pair(self, people: tuple[str, str]) -> DuplicateSearch:
        """The two people whom somebody wants to compare, while both are in the register."""
        from desktop_app.services.duplicates import search as duplicates

        try:
            return duplicates.DuplicateSearch((duplicates.weigh_pair(self.context, *people),), 2)
        except UserError:
            return duplicates.DuplicateSearch((), 0)

    def _on_found(self, result: tuple[DuplicateSearch, int]) -> None:
        is_first = self._found is None
        self._found, self._last_brought = result
        self._is_old = False
        self._read_view()
        if is_first and self.isVisible():
            self.focus_list()

    def _read_view(self) -> None:
        """The rows of the chosen view, from the last search or from the register."""
        from desktop_app.services.duplicates.comparing import distinct_people, merged_people

        if self.view is View.OPEN and self._is_old:
            self.refresh()
            return
        with self.errors():
            if self.view is View.OPEN:
                self._rows = open_rows(self._found.pairs if self._found is not None else ())
            else:
                read = merged_people if self.view is View.MERGED else distinct_people
                self._rows = settled_rows(read(self.context))
        self.show_rows()

    def show_rows(self) -> None:
        """Show what the chips leave; the pair in front stays where it can."""
        keep = self._row.uid if self._row is not None else ""
        shown = self._shown()
        is_open = self.view is View.OPEN
        for chip in (self.level_chip, self.new_chip):
            chip.setVisible(is_open and (chip is not self.new_chip or bool(self._last_brought)))
        self.list.set_column_shown(0, is_open)
        filtered = "Không có cặp nào thỏa các điều kiện đang lọc."
        self._empty.set_sentence(filtered if self._rows else _EMPTY[self.view])
        self.list.set_source(ListSource(shown))
        place = next((at for at, row in enumerate(shown) if row.uid == keep), None)
        if shown:
            self.list.select_row(place if place is not None else min(self._wanted, len(shown) - 1))
        else:
            self._on_selected(None)
        self._say_count(len(shown))

    def _shown(self) -> list[PairRow]:
        is_open = self.view is View.OPEN
        return narrowed(
            self._rows,
            hamlet=str(self.hamlet_chip.value or ""),
            level=str(self.level_chip.value or "") if is_open else "",
            since=self._last_brought if is_open and self.new_chip.isChecked() else 0,
            text=self.search_text,
        )

    def _say_count(self, count: int) -> None:
        words = f"{number_text(count)} {_WORDS[self.view]}"
        if count != len(self._rows):
            words = f"{number_text(count)} / {number_text(len(self._rows))} {_WORDS[self.view]}"
        self.set_subtitle(words)
        sure = sum(row.is_sure for row in self._shown())
        self.sure_button.setText(f"Gộp {number_text(sure)} cặp chắc chắn")
        self.sure_button.setAccessibleName(self.sure_button.text())
        self.sure_button.updateGeometry()
        self.action("duplicates.merge_sure").setEnabled(bool(sure))
        self._show_deeds()

    def _show_deeds(self) -> None:
        """The header's buttons as they fit the view."""
        words = {View.OPEN: "Gộp", View.MERGED: "Tách lại", View.DISTINCT: "Xem lại cặp này"}[self.view]
        self.merge_button.icon_name = "merge" if self.view is View.OPEN else "undo-2"
        self.merge_button.setText(words)
        self.merge_button.setAccessibleName(words)
        self.merge_button.updateGeometry()
        has_row = self._row is not None
        is_open = self.view is View.OPEN
        self.action("duplicates.merge").setEnabled(has_row)
        self.action("duplicates.distinct").setEnabled(has_row and is_open)
        buttons = (self.sure_button, self.distinct_button) if is_open else ()
        self.set_header_buttons(*buttons, self.merge_button)

    def on_search(self, text: str) -> None:
        self.show_rows()

    def on_shown(self) -> None:
        self.focus_list()

    # -- one pair ------------------------------------------------------------------------------------------------

    def _on_selected(self, row: PairRow | None) -> None:
        self._row = row
        self._wanted = max(self.list.view.currentIndex().row(), 0)
        self.ask_bar.hide()
        self._load_timer.start()

    def _load(self) -> None:
        """Compare the two records of the current row."""
        from desktop_app.services.duplicates.comparing import compare

        self._load_timer.stop()
        row = self._row
        self.pair.set_has_panel(row is not None)
        self._show_deeds()
        if row is None:
            self.panel.clear()
            return
        if row.pair is None:
            self.panel.show_settled(row.first, row.second, _SETTLED[self.view])
            return
        try:
            self.panel.show_pair(row.pair, compare(self.context, row.first.uid, row.second.uid))
        except AppError as error:
            self.panel.show_sentence("Không còn trong sổ", error.message)

    def _load_again(self) -> None:
        """Words drawn in the old look are made again; what was chosen and where the person works stay."""
        taken, place = self.panel.taken, self.panel.place
        self._load()
        self.panel.return_to(taken, place)

    def on_reveal(self) -> None:
        """Show both people's whole numbers; that they were shown is written down."""
        from desktop_app.services.registry import personal

        row = self._row
        if row is None:
            return
        readers = dict(zip(SECRETS, (personal.reveal_cccd, personal.reveal_phone), strict=True))
        with self.errors():
            self.panel.show_numbers(
                {
                    name: (read(self.context, row.first.uid), read(self.context, row.second.uid))
                    for name, read in readers.items()
                }
            )

    def on_search_submitted(self) -> None:
        """Enter in the box goes on to the pairs that were found."""
        self.focus_list()

    def step(self, by: int) -> None:
        """Go to the next pair, or the one before."""
        place = self.list.view.currentIndex().row() + by
        paged = self.list.paged
        if paged is not None and 0 <= place < paged.rowCount():
            self.list.select_row(place)

    def enter_panel(self) -> None:
        """From the list into the comparison."""
        if self._row is None:
            return
        if self._load_timer.isActive():
            self._load()
        self.pair.show_panel()
        if not self.panel.focus_first():
            self.panel.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_list(self) -> None:
        """Back to the list."""
        self.pair.show_list()
        self.list.take_focus()

    def switch_half(self) -> None:
        """F6: from the list into the comparison and back."""
        inside = self.window().focusWidget()
        if inside is not None and self.panel.isAncestorOf(inside):
            self.focus_list()
        else:
            self.enter_panel()

    # -- deeds ---------------------------------------------------------------------------------------------------

    def on_merge(self) -> None:
        """Merge the pair as chosen; in the other views take the decision back."""
        from desktop_app.services.duplicates import merging, unmerging

        row = self._row
        if row is None:
            return
        if self._load_timer.isActive():
            self._load()
        if self.view is View.OPEN:
            taken = self.panel.taken
            self._do(row, partial(merging.merge_people, self.context, row.first.uid, row.second.uid, taken),
                     f"Đã gộp hồ sơ trùng của {row.first.name}.")  # fmt: skip
        elif self.view is View.MERGED:
            said = f"Đã tách lại hồ sơ của {row.second.name}."
            self._do(row, partial(unmerging.unmerge, self.context, row.second.uid), said)
        else:
            said = f"{row.first.name}: cặp này sẽ được tìm lại."
            self._do(row, partial(merging.unmark_distinct, self.context, row.first.uid, row.second.uid), said)

    def on_distinct(self) -> None:
        """Remember that the two are not one."""
        from desktop_app.services.duplicates import merging

        row = self._row
        if row is not None and self.view is View.OPEN:
            deed = partial(merging.mark_distinct, self.context, row.first.uid, row.second.uid)
            self._do(row, deed, f"Đã ghi {row.first.name} là hai người.", is_merge=False)

    def _do(self, row: PairRow, deed: Callable[[], Any], said: str, *, is_merge: bool = True) -> None:
        """One deed about the current pair; the next one comes to the front."""
        try:
            result = deed()
        except AppError as error:
            self.ask_bar.ask(error.message, Answer("Đã hiểu", self.focus_list))
            return
        self._forget(row, is_merged=self.view is View.OPEN and is_merge)
        notes: Sequence[str] = getattr(result, "notes", ())
        if self.shell is not None:
            self.shell.saved(datetime.now())
            self.shell.notify(said, can_undo=True)
        self.focus_list()
        if notes:
            self.ask_bar.say(" ".join(notes), Answer("Đã hiểu", self.focus_list))

    def _forget(self, row: PairRow, *, is_merged: bool) -> None:
        """A settled pair leaves the list, and with an absorbed record every pair that names it."""
        from desktop_app.services.duplicates import search as duplicates

        self._row = None
        if self.view is not View.OPEN:
            self._is_old = True
        elif self._found is not None:
            gone = row.second.uid if is_merged else ""
            left = tuple(pair for pair in self._found.pairs if pair.uid != row.uid and gone not in pair.key)
            self._found = duplicates.DuplicateSearch(left, self._found.people)
            if self._operation is None and self._people is None:
                duplicates.keep_count(self.context, self._found)
        self._read_view()

    def on_merge_sure(self) -> None:
        """Show the sure pairs and ask once for all of them."""
        self.level_chip.set_value("sure")
        self.show_rows()
        sure = [row for row in self._shown() if row.is_sure]
        if not sure:
            return
        self.pair.show_list()
        self.ask_bar.ask(
            f"Gộp {number_text(len(sure))} cặp đang hiện? Mỗi cặp giữ hồ sơ cũ hơn và lấy thêm những gì nó thiếu; "
            "hoàn tác được cả loạt bằng một nút.",
            Answer(f"Gộp {number_text(len(sure))} cặp", partial(self._merge_sure, sure)),
            Answer("Để xem từng cặp", self.focus_list),
        )

    def _merge_sure(self, rows: Sequence[PairRow]) -> None:
        from desktop_app.services.duplicates.merging import merge_many

        pairs = [(row.first.uid, row.second.uid) for row in rows]
        self.run(
            lambda progress: merge_many(self.context, pairs, progress=progress),
            self._on_merged,
            "Đang gộp các cặp trùng",
            stopped="Đã dừng, chưa gộp cặp nào.",
            is_writing=True,
        )

    def _on_merged(self, result: Any) -> None:
        self.level_chip.set_value("")
        said = f"Đã gộp {number_text(result.merged)} cặp trùng."
        if result.left:
            said += f" Còn {number_text(result.left)} cặp cần xem từng cặp."
        if self.shell is not None:
            self.shell.saved(datetime.now())
            self.shell.notify(said, can_undo=bool(result.merged))
        self.refresh()
        if result.notes:
            more = len(result.notes) - MOST_NOTES
            tail = f" Và {number_text(more)} điều khác, xem ở Nhật ký." if more > 0 else ""
            self.show_banner(" ".join(result.notes[:MOST_NOTES]) + tail, "attention")
