"""One criteria set: every row with its status and source; what the office changes in it; confirming that it uses it.

Invariant: a suggestion says so above everything else until the office has confirmed it with a document.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget

from desktop_app.models.records import Issue, SaveResult
from desktop_app.models.types import DeviceRole
from desktop_app.services.criteria.definition import SUGGESTION_HEADING
from desktop_app.services.criteria.office import (
    OfficeSet,
    change_overrides,
    choose_set,
    confirm_set,
    sets_in_use,
    unconfirm_set,
)
from desktop_app.services.errors import AppError
from desktop_app.ui import widgets as w
from desktop_app.ui.criteria.forms import changes_with, changes_without, form_of, has_changes
from desktop_app.ui.criteria.panel import row_title, show_row
from desktop_app.ui.criteria.rows import CriteriaRow, RowKind, rows_of, rules_words
from desktop_app.ui.page import Page
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.registry.form_pane import FormPane, FormTask, Values
from desktop_app.ui.safety.section_round import as_day, whole_date
from desktop_app.ui.widgets.pair import ListAndPanel

COLUMNS = (
    w.Column("number", "Số", 52, "quiet", is_sortable=False, gives_way=1),
    w.Column("words", "Nội dung", 240, value=lambda row: row_words(row), stretch=1, is_sortable=False),
    w.Column("most", "Điểm, ngưỡng", 126, value=lambda row: row_number(row), is_sortable=False, gives_way=2),
    w.Column("status", "Tình trạng", 236, "chip", is_sortable=False),
)
CONFIRM_SPEC = w.FormSpec(
    (
        w.Field(
            "document",
            "Số văn bản",
            is_required=True,
            max_length=60,
            help="Văn bản mà cơ quan căn cứ để dùng bộ này, ví dụ: 15/KH-UBND.",
        ),
        w.Field("date", "Ngày", "date", is_required=True, check=whole_date),
    )
)


def row_words(row: CriteriaRow) -> w.ToneText:
    is_strong = row.kind in (RowKind.RULES, RowKind.CRITERION)
    return w.ToneText(row.words, is_strong=is_strong)


def row_number(row: CriteriaRow) -> w.ToneText:
    """The maximum or thresholds; what the office put is told apart in words and colour."""
    return w.ToneText(f"{row.most} (đã sửa)", "accent") if row.is_number_changed else w.ToneText(row.most)


class CriteriaPage(Page):
    """List of rows at the left, the chosen row or its form at the right.

    Args:
        context: the opened register.
        set_uid: which set.
    """

    help_topic = "bo_tieu_chi"

    def __init__(self, context: Any, set_uid: str) -> None:
        super().__init__(context)
        self._uid = set_uid
        self.item: OfficeSet | None = None
        self.heading = w.Banner("", "attention", closable=False)
        self.body.addWidget(self.heading)
        self.facts = w.label("", "quiet", wrap=True)
        self.body.addWidget(self.facts)
        self.table = w.DataTable("criteria", COLUMNS, single=True)
        self.panel = w.SidePanel()
        self.pane = FormPane()
        self.ask_bar = AskBar()
        side = QStackedWidget()
        side.addWidget(self.panel)
        side.addWidget(self.pane)
        self._side = side
        holder = w.sized(w.Card(margins=0, spacing=8), min_width=0)
        holder.setProperty("role", "")
        holder.body.addWidget(side, 1)
        holder.body.addWidget(self.ask_bar)
        self.pair = ListAndPanel(self.table, holder)
        self.body.addWidget(w.sized(self.pair, min_height=300), 1)
        self._connect()

    def _connect(self) -> None:
        self.table.row_selected.connect(self._on_selected)
        self.table.row_opened.connect(lambda _row: self.enter_panel())
        self.pane.closed.connect(self._on_form_closed)
        self.pane.discard_asked.connect(lambda: self._ask_about_form(self._on_form_closed))
        self.pane.failed.connect(self._on_failed)
        self.bind("reload", self.refresh)
        self.bind("edit", self.on_edit)
        self.bind("save", self.pane.save)
        self.confirm_button = w.PrimaryButton("Xác nhận dùng bộ này…", icon="stamp")
        self.confirm_button.clicked.connect(lambda _checked=False: self.on_confirm())
        self.unconfirm_button = w.QuietButton("Bỏ xác nhận", icon="undo-2")
        self.unconfirm_button.clicked.connect(lambda _checked=False: self.on_unconfirm())
        self.choose_button = w.QuietButton("Dùng cho phiếu mới", icon="check")
        self.choose_button.clicked.connect(lambda _checked=False: self.on_choose())

    @property
    def may_change(self) -> bool:
        """Only the office changes its sets."""
        return self.context.role is not DeviceRole.VOLUNTEER

    @property
    def row(self) -> CriteriaRow | None:
        current = self.table.current()
        return current if isinstance(current, CriteriaRow) else None

    def refresh(self) -> None:
        if self.pane.is_open:
            return
        with self.errors():
            self.item = next(item for item in sets_in_use(self.context) if item.uid == self._uid)
            self._show()

    def _show(self) -> None:
        item = self.item
        assert item is not None
        definition = item.definition
        self.set_title(definition.name)
        self.set_subtitle(f"phiên bản {definition.version}")
        self._show_heading(item)
        bases = ", ".join(basis.number for basis in definition.legal_basis)
        self.facts.setText(f"{rules_words(definition)}. Căn cứ: {bases}." if bases else f"{rules_words(definition)}.")
        row = self.table.view.currentIndex().row()
        self.table.set_source(w.ListSource(rows_of(definition)))
        self.table.select_row(max(0, row))
        needs = definition.needs_confirmation and self.may_change
        self.confirm_button.setEnabled(needs and not item.is_confirmed)
        buttons: list[w.Button] = [self.choose_button] if self.may_change and not item.is_in_use else []
        if needs:
            buttons.append(self.unconfirm_button if item.is_confirmed else self.confirm_button)
        self.set_header_buttons(*buttons)

    def _show_heading(self, item: OfficeSet) -> None:
        definition = item.definition
        self.heading.setVisible(definition.needs_confirmation or not item.is_in_use)
        if item.is_confirmed and definition.needs_confirmation:
            self.heading.set_message(
                f"{definition.shown_heading}: văn bản {item.document}, ngày {_day(item.confirmed_on)}. Bảng điểm gốc "
                "là gợi ý của chương trình; sửa bộ này thì phải xác nhận lại.",
                "passed",
            )
        elif definition.needs_confirmation:
            self.heading.set_message(
                f"{definition.shown_heading or SUGGESTION_HEADING}. Chấm được ngay, kết quả ghi rõ là theo bản gợi ý; "
                "chỉ công nhận được sau khi cơ quan xem lại và xác nhận dùng bộ này.",
                "attention",
            )
        else:
            self.heading.set_message("Phiếu mới đang dùng bộ khác của mô hình này.", "accent")

    def _on_selected(self, row: CriteriaRow | None) -> None:
        if self.item is None or row is None or self.pane.is_open:
            return
        show_row(self.panel, self.item.definition, row)
        self.panel.set_buttons(*self._row_buttons(row))

    def _row_buttons(self, row: CriteriaRow) -> list[w.Button]:
        assert self.item is not None
        if not self.may_change or not form_of(self.item, row)[0].fields:
            return []
        edit = w.QuietButton("Sửa", key="F2")
        edit.clicked.connect(lambda _checked=False: self.on_edit())
        made: list[w.Button] = [edit]
        if has_changes(self.item, row):
            back = w.QuietButton("Về bản gốc", icon="undo-2")
            back.clicked.connect(lambda _checked=False: self.on_back_to_shipped(row))
            made.append(back)
        return made

    def enter_panel(self) -> None:
        self.pair.show_panel()
        self.panel.setFocus()

    # -- deeds -------------------------------------------------------------------------------------------------

    def on_edit(self) -> None:
        """Change the chosen row."""
        row, item = self.row, self.item
        if row is None or item is None or not self.may_change or self.pane.is_open:
            return
        spec, values = form_of(item, row)
        if spec.fields:
            title = row_title(item.definition, row)
            self._open(f"Sửa {title[:1].lower()}{title[1:]}", spec, values, partial(self._save_row, row), _note(item))

    def _save_row(self, row: CriteriaRow, values: Values) -> SaveResult:
        assert self.item is not None
        change_overrides(self.context, self._uid, changes_with(self.item, row, values))
        return SaveResult(self._uid)

    def on_back_to_shipped(self, row: CriteriaRow) -> None:
        """Take the office's changes of a row away."""
        item = self.item
        assert item is not None
        with self.errors():
            change_overrides(self.context, self._uid, changes_without(item, row))
            self._done("Đã về bản gốc của chương trình.")

    def on_confirm(self) -> None:
        """The office uses this set: by which document, of which day."""
        if self.item is not None and not self.pane.is_open:
            note = "Tên bạn và hôm nay được ghi vào nhật ký. Từ lúc này kết quả chấm theo bộ này được công nhận."
            self._open("Xác nhận cơ quan dùng bộ này", CONFIRM_SPEC, {}, self._save_confirmation, note, "Xác nhận")

    def _save_confirmation(self, values: Values) -> SaveResult:
        confirm_set(self.context, self._uid, values["document"], as_day(values["date"]))
        return SaveResult(self._uid)

    def on_unconfirm(self) -> None:
        with self.errors():
            unconfirm_set(self.context, self._uid)
            self._done("Đã bỏ xác nhận; bộ này lại là bản gợi ý.")

    def on_choose(self) -> None:
        with self.errors():
            choose_set(self.context, self._uid)
            self._done("Từ nay phiếu mới dùng bộ này; phiếu đã mở giữ bộ cũ.")

    def _open(self, title: str, spec: w.FormSpec, values: Values, save: Any, note: str, word: str = "Cất") -> None:
        def read(raw: Values) -> w.Reading:
            return w.read_form(spec, raw)

        def check(raw: Values) -> SaveResult:
            return SaveResult(None, tuple(Issue(key, "form", text) for key, text in read(raw).errors.items()))

        task = FormTask(
            title=title,
            spec=spec,
            values=values,
            save=lambda raw: save(read(raw).values),
            on_saved=lambda _result, _raw: self._done("Đã cất."),
            check=check,
            is_new=True,
            note=note,
            save_text=word,
        )
        self.ask_bar.hide()
        self._side.setCurrentWidget(self.pane)
        self.pair.show_panel()
        self.pane.open(task)

    def _done(self, said: str) -> None:
        self.refresh()
        if self.shell is not None:
            self.shell.announce_change("criteria_set", "assessment")
            self.shell.notify(said, can_undo=True)

    def _on_form_closed(self) -> None:
        self.ask_bar.hide()
        self._side.setCurrentWidget(self.panel)
        self.pair.show_list()
        self._on_selected(self.row)
        self.table.view.setFocus()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error
        self.ask_bar.ask(error.message, Answer("Đã hiểu", self.pane.resume))

    def _ask_about_form(self, then: Any) -> None:
        def give_up() -> None:
            self.pane.close_form()
            then()

        self.ask_bar.ask(
            "Có điều chưa cất; những gì đã gõ vẫn còn đó.",
            Answer("Cất", self.pane.save, "primary"),
            Answer("Bỏ thay đổi", give_up, "danger"),
            Answer("Làm tiếp", self.pane.resume),
        )

    def can_leave(self) -> bool:
        if self.pane.is_open and self.pane.is_changed:
            self._ask_about_form(lambda: None)
            return False
        self.pane.close_form()
        return True

    def undo(self) -> bool:
        return self.pane.is_open

    def on_shown(self) -> None:
        self.table.view.setFocus()


def _note(item: OfficeSet) -> str:
    if item.definition.needs_confirmation and item.is_confirmed:
        return "Bộ này đã được xác nhận; sửa xong phải xác nhận lại."
    return "Phiếu chưa công nhận được tính lại theo bộ đã sửa. Chỗ sửa ghi là do cơ quan đặt."


def _day(iso: str | None) -> str:
    return "/".join(reversed(iso.split("-"))) if iso else ""
