"""One version in the register: every row with its status and who compared it; what the office changes; confirming it.

Invariant: a suggestion says so above everything else until the office has confirmed it with a document.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer

from desktop_app.services.criteria.checking import Check, check_rows, read_checks
from desktop_app.services.criteria.definition import SUGGESTION_HEADING
from desktop_app.services.criteria.drafts import SetVersion, copy_set, load_version
from desktop_app.services.criteria.office import (
    OfficeSet,
    change_overrides,
    choose_set,
    confirm_set,
    unconfirm_set,
)
from desktop_app.ui import widgets as w
from desktop_app.ui.criteria.forms import changes_with, changes_without, form_of, has_changes
from desktop_app.ui.criteria.panel import in_force_words, row_title, show_check, show_row
from desktop_app.ui.criteria.rows import CriteriaRow, rows_of, rules_words
from desktop_app.ui.criteria.set_page import (
    CHECK,
    COMPARE,
    COPY,
    FILE,
    SHOWN_FORM,
    TRY,
    WORKBOOK,
    SetPage,
    row_number,
)
from desktop_app.ui.registry.form_pane import Values
from desktop_app.ui.widgets.days import as_day, day_words, whole_date

__all__ = ["CriteriaPage", "row_number"]

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


class CriteriaPage(SetPage):
    """A version that is no draft: read, compared with the document, changed in place, confirmed, chosen."""

    ACTIONS = (COMPARE, TRY, COPY, CHECK, WORKBOOK, FILE, SHOWN_FORM)

    def __init__(self, context: Any, set_uid: str) -> None:
        super().__init__(context, set_uid)
        self.item: OfficeSet | None = None
        self.checks: dict[str, Check] = {}
        self.confirm_button = w.PrimaryButton("Xác nhận dùng bộ này…", icon="stamp")
        self.confirm_button.clicked.connect(lambda _checked=False: self.on_confirm())
        self.unconfirm_button = w.QuietButton("Bỏ xác nhận", icon="undo-2")
        self.unconfirm_button.clicked.connect(lambda _checked=False: self.on_unconfirm())
        self.choose_button = w.QuietButton("Dùng cho phiếu mới", icon="check")
        self.choose_button.clicked.connect(lambda _checked=False: self.on_choose())
        self.bind(COPY.id, self.on_copy)
        self.bind(CHECK.id, self.on_check)

    def menu_actions(self) -> tuple[str, ...]:
        specs = (COMPARE, TRY, SHOWN_FORM, CHECK, COPY, WORKBOOK, FILE)
        office = {CHECK.id, COPY.id, FILE.id}
        return tuple(spec.id for spec in specs if self.may_change or spec.id not in office)

    def refresh(self) -> None:
        if self.pane.is_open:
            return
        with self.errors():
            self.version = load_version(self.context, self._uid)
            self.item = self.version.used
            if self.item is None:
                QTimer.singleShot(0, self, self.become_other)
            else:
                self.checks = read_checks(self.context, self.item.definition, self.item.checked)
                self._show()

    def _show(self) -> None:
        item, version = self.item, self.version
        assert item is not None and version is not None
        definition = item.definition
        self.set_title(definition.name)
        self.set_subtitle(f"phiên bản {definition.version}")
        self._show_heading(item)
        self.facts.setText(_facts(version))
        self.show_rows([self._row(row) for row in rows_of(definition)])
        needs = definition.needs_confirmation and self.may_change
        self.confirm_button.setEnabled(needs and not item.is_confirmed)
        buttons: list[w.Button] = [self.more_button]
        if self.may_change and not item.is_in_use:
            buttons.append(self.choose_button)
        if needs:
            buttons.append(self.unconfirm_button if item.is_confirmed else self.confirm_button)
        self.set_header_buttons(*buttons)

    def _row(self, row: CriteriaRow) -> CriteriaRow:
        check = self.checks.get(row.ref)
        if check is None:
            return row
        words = day_words(check.on) if check.stands else "đã sửa"
        return replace(row, checked=w.ToneText(words, "passed" if check.stands else "attention"))

    def _show_heading(self, item: OfficeSet) -> None:
        definition = item.definition
        self.heading.setVisible(definition.needs_confirmation or not item.is_in_use)
        if item.is_confirmed and definition.needs_confirmation:
            self.heading.set_message(
                f"{definition.shown_heading}: văn bản {item.document}, ngày {day_words(item.confirmed_on)}. Bảng điểm "
                "gốc là gợi ý của chương trình; sửa bộ này thì phải xác nhận lại.",
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

    def show_chosen(self, row: CriteriaRow) -> None:
        if self.item is not None:
            show_row(self.panel, self.item.definition, row)
            show_check(self.panel, row, self.checks.get(row.ref))
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

    # -- deeds -------------------------------------------------------------------------------------------------

    def on_edit(self) -> None:
        """Change the chosen row."""
        row, item = self.row, self.item
        if row is None or item is None or not self.may_change or self.pane.is_open:
            return
        spec, values = form_of(item, row)
        if spec.fields:
            title = row_title(item.definition, row)
            save = partial(self._save_row, row)
            self.open_form(f"Sửa {title[:1].lower()}{title[1:]}", spec, values, save, _note(item))

    def _save_row(self, row: CriteriaRow, values: Values) -> None:
        assert self.item is not None
        change_overrides(self.context, self._uid, changes_with(self.item, row, values))

    def on_back_to_shipped(self, row: CriteriaRow) -> None:
        """Take the office's changes of a row away."""
        item = self.item
        assert item is not None
        with self.errors():
            change_overrides(self.context, self._uid, changes_without(item, row))
            self.done("Đã về bản gốc của chương trình.")

    def on_check(self) -> None:
        """The chosen rows were compared with the document; once more takes it back where all of them stand compared."""
        refs = [row.ref for row in self.table.selected() if isinstance(row, CriteriaRow)]
        if not refs or not self.may_change or self.pane.is_open:
            return
        is_taken_back = all(ref in self.checks and self.checks[ref].stands for ref in refs)
        with self.errors():
            count = check_rows(self.context, self._uid, refs, is_checked=not is_taken_back)
            if is_taken_back:
                self.done(f"Đã bỏ ghi đối chiếu của {count} dòng.")
            else:
                self.done(f"Đã ghi {count} dòng đã đối chiếu với văn bản.")

    def on_confirm(self) -> None:
        """The office uses this set: by which document, of which day."""
        if self.item is not None and not self.pane.is_open:
            note = "Tên bạn và hôm nay được ghi vào nhật ký. Từ lúc này kết quả chấm theo bộ này được công nhận."
            title = "Xác nhận cơ quan dùng bộ này"
            self.open_form(title, CONFIRM_SPEC, {}, self._save_confirmation, note, "Xác nhận")

    def _save_confirmation(self, values: Values) -> None:
        confirm_set(self.context, self._uid, values["document"], as_day(values["date"]))

    def on_unconfirm(self) -> None:
        with self.errors():
            unconfirm_set(self.context, self._uid)
            self.done("Đã bỏ xác nhận; bộ này lại là bản gợi ý.")

    def on_choose(self) -> None:
        with self.errors():
            choose_set(self.context, self._uid)
            self.done("Từ nay phiếu mới dùng bộ này; phiếu đã mở giữ bộ cũ.")

    def on_copy(self) -> None:
        """A draft of the next version, opened at once."""
        from desktop_app.ui.criteria.draft_page import DraftPage

        if not self.may_change or self.pane.is_open:
            return
        with self.errors():
            uid = copy_set(self.context, self._uid)
            if self.shell is not None:
                self.shell.announce_change("criteria_set")
                self.shell.push(DraftPage(self.context, uid))
                self.shell.notify("Đã chép thành bản soạn; bản đang dùng giữ nguyên.", can_undo=True)


def _facts(version: SetVersion) -> str:
    """How the set is passed, on what it rests, since when, where it came from and which rounds use it."""
    d = version.definition
    parts = [f"{rules_words(d)}."]
    if d.legal_basis:
        parts.append(f"Căn cứ: {', '.join(basis.number for basis in d.legal_basis)}.")
    parts.append(f"Hiệu lực {in_force_words(d)}.")
    if version.rounds:
        parts.append(f"Đợt {', '.join(map(str, version.rounds))} dùng bản này.")
    count, frozen = version.forms
    if count:
        kept = f", {frozen} đã công nhận và giữ nguyên" if frozen else ""
        parts.append(f"{count} phiếu chấm theo bản này{kept}.")
    if version.origin.words:
        parts.append(version.origin.words)
    return " ".join(parts)


def _note(item: OfficeSet) -> str:
    if item.definition.needs_confirmation and item.is_confirmed:
        return "Bộ này đã được xác nhận; sửa xong phải xác nhận lại."
    return "Phiếu chưa công nhận được tính lại theo bộ đã sửa. Chỗ sửa ghi là do cơ quan đặt."
