"""The editor of a draft: its rows, a form for each part, rows added, removed and moved, the check, the way into use.

Invariant: each save is one deed that Ctrl+Z takes back; a draft with faults is kept and told, never used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QTimer

from desktop_app.services.criteria import edit
from desktop_app.services.criteria.checking import Check, check_rows, read_checks
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.drafts import drop_draft, load_version, save_draft
from desktop_app.ui import widgets as w
from desktop_app.ui.criteria.draft_actions import (
    ALL,
    BANDS,
    BASIS,
    DOWN,
    DROP,
    GUIDANCE,
    LEVELS,
    NEW_CONDITION,
    NEW_CRITERION,
    PROBLEMS,
    RENUMBER,
    UP,
)
from desktop_app.ui.criteria.draft_blocks import bands_part, basis_part, guidance_part, levels_part
from desktop_app.ui.criteria.draft_forms import fact_choices, part_of
from desktop_app.ui.criteria.draft_part import Part
from desktop_app.ui.criteria.draft_problems import place_of, show_problems
from desktop_app.ui.criteria.panel import show_check, show_row
from desktop_app.ui.criteria.rows import CriteriaRow, RowKind, head_row, rows_of
from desktop_app.ui.criteria.set_page import (
    CHECK,
    COMPARE,
    FILE,
    SHOWN_FORM,
    WORKBOOK,
    SetPage,
)
from desktop_app.ui.registry.ask_bar import Answer
from desktop_app.ui.registry.form_pane import Values
from desktop_app.ui.widgets.days import day_words


class DraftPage(SetPage):
    """A version that is being written."""

    ACTIONS = ALL

    def __init__(self, context: Any, set_uid: str) -> None:
        super().__init__(context, set_uid)
        self.checks: dict[str, Check] = {}
        self._wanted = ""
        for action_id, handler in self._handlers().items():
            self.bind(action_id, handler)
        self.try_button = w.PrimaryButton("Thử, đưa vào dùng…", icon="target", key="Ctrl+T")
        self.try_button.clicked.connect(lambda _checked=False: self.on_try())

    def _handlers(self) -> dict[str, Callable[[], object]]:
        return {
            "add": self.on_add,
            "delete": self.on_delete,
            CHECK.id: self.on_check,
            LEVELS.id: partial(self._on_row_part, levels_part),
            GUIDANCE.id: partial(self._on_row_part, guidance_part),
            UP.id: partial(self.on_move, -1),
            DOWN.id: partial(self.on_move, 1),
            PROBLEMS.id: self.on_problems,
            NEW_CRITERION.id: self.on_add_criterion,
            NEW_CONDITION.id: self.on_add_condition,
            BASIS.id: partial(self._on_part, basis_part),
            BANDS.id: partial(self._on_part, bands_part),
            RENUMBER.id: self.on_renumber,
            DROP.id: self.on_drop,
        }

    def menu_actions(self) -> tuple[str, ...]:
        own = ("add", NEW_CRITERION.id, NEW_CONDITION.id, BASIS.id, BANDS.id, RENUMBER.id) if self.may_change else ()
        shared = (PROBLEMS.id, SHOWN_FORM.id, COMPARE.id, WORKBOOK.id)
        return (*own, *shared, FILE.id, CHECK.id, DROP.id) if self.may_change else shared

    # -- showing -----------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        if self.pane.is_open:
            return
        with self.errors():
            self.version = load_version(self.context, self._uid)
            if not self.version.is_draft:
                QTimer.singleShot(0, self, self.become_other)
                return
            d = self.definition
            self.checks = read_checks(self.context, d, self.version.checked)
            self.set_title(d.name)
            self.set_subtitle(f"bản soạn {d.version}")
            self._show_state()
            rows = [self._row(row) for row in (head_row(d), *rows_of(d))]
            self.show_rows(rows, self._wanted)
            self._wanted = ""
            self.try_button.setEnabled(not self.version.problems)
            self.set_header_buttons(self.more_button, *([self.try_button] if self.may_change else []))

    def _show_state(self) -> None:
        assert self.version is not None
        found = self.version.problems
        if found:
            more = f" (và {len(found) - 1} chỗ nữa)" if len(found) > 1 else ""
            self.heading.set_message(f"Chưa dùng được. {found[0].sentence}{more}. Ctrl+K: xem từng chỗ.", "attention")
        else:
            self.heading.set_message(
                "Bản soạn không còn lỗi. Chấm thử rồi đưa vào dùng; đến lúc đó mọi phiếu vẫn theo bản cũ.", "passed"
            )
        words = self.version.origin.words
        self.facts.setText(f"{words} Mỗi lần cất là một việc, Ctrl+Z hoàn tác.".strip())

    def _row(self, row: CriteriaRow) -> CriteriaRow:
        assert self.version is not None
        if any(place_of(problem) == row.ref for problem in self.version.problems):
            row = replace(row, status=w.ChipData("Cần sửa", "failed", "circle-alert"))
        check = self.checks.get(row.ref)
        if check is None:
            return row
        words = day_words(check.on) if check.stands else "đã sửa"
        return replace(row, checked=w.ToneText(words, "passed" if check.stands else "attention"))

    def show_chosen(self, row: CriteriaRow) -> None:
        if self.version is None:
            return
        show_row(self.panel, self.definition, row)
        for problem in self.version.problems:
            if place_of(problem) == row.ref:
                self.panel.add_text(problem.sentence, "error")
        show_check(self.panel, row, self.checks.get(row.ref))
        self.panel.set_buttons(*self._row_buttons(row))

    def _row_buttons(self, row: CriteriaRow) -> list[w.Button]:
        if not self.may_change:
            return []
        wanted: list[tuple[str, str, Callable[[], object]]] = [("Sửa", "F2", self.on_edit)]
        if row.kind is RowKind.HEAD:
            wanted.append(("Căn cứ", "", partial(self._on_part, basis_part)))
        elif row.kind is RowKind.RULES and not self.definition.grades:
            wanted.append(("Xếp loại", "", partial(self._on_part, bands_part)))
        elif row.kind is RowKind.INDICATOR:
            if row.number_status and not self.definition.grades:
                wanted.append(("Mức điểm", "", partial(self._on_row_part, levels_part)))
            wanted.append(("Hướng dẫn", "", partial(self._on_row_part, guidance_part)))
        made: list[w.Button] = []
        for text, key, handler in wanted:
            button = w.QuietButton(text, key=key)
            button.clicked.connect(lambda _checked=False, run=handler: run())
            made.append(button)
        return made

    def on_problems(self) -> None:
        """All that is wrong, each with a button that goes to its row."""
        if self.version is not None and not self.pane.is_open:
            first = show_problems(self.panel, self.version.problems, self.go_to)
            self.pair.show_panel()
            (first or self.panel).setFocus()

    def go_to(self, ref: str) -> None:
        """Choose a row."""
        rows = [head_row(self.definition), *rows_of(self.definition)]
        self.table.select_row(next((n for n, row in enumerate(rows) if row.ref == ref), 0))
        if self.row is not None:
            self.show_chosen(self.row)
        self._back_to_list()

    # -- writing -----------------------------------------------------------------------------------------------

    def _write(self, definition: CriteriaSet, said: str, wanted: str = "") -> None:
        with self.errors():
            save_draft(self.context, self._uid, definition)
            self._wanted = wanted
            self.done(said)

    @property
    def _can_write(self) -> bool:
        return self.may_change and not self.pane.is_open and self.version is not None

    def on_edit(self) -> None:
        if self.row is not None and self._can_write:
            self._open(part_of(self.definition, self.row))

    def _on_part(self, make: Callable[[CriteriaSet], Part]) -> None:
        if self._can_write:
            self._open(make(self.definition))

    def _on_row_part(self, make: Callable[[CriteriaSet, Any], Part]) -> None:
        row = self.row
        if self._can_write and row is not None and row.kind is RowKind.INDICATOR:
            self._open(make(self.definition, self.definition.by_code[row.code]))

    def _open(self, part: Part) -> None:
        def save(answers: Values) -> None:
            save_draft(self.context, self._uid, part.apply(answers))

        note = "Chỗ sửa ghi là do cơ quan đặt. Bản đang dùng không đổi."
        self.open_form(part.title, part.spec, part.values, save, note)

    def on_add(self) -> None:
        """An indicator below the chosen row; its form is opened at once."""
        if not self._can_write or self.row is None:
            return
        ref = self.row.ref if self.row.kind in (RowKind.CRITERION, RowKind.INDICATOR) else ""
        d = self.definition
        if not d.criteria:
            self.on_add_criterion()
            return
        changed, made = edit.add_indicator(d, ref or f"criterion:{d.criteria[-1].code}")
        self._write(changed, "Đã thêm một dòng; hãy ghi lời và điểm.", made)
        self.on_edit()

    def on_add_criterion(self) -> None:
        if self._can_write:
            changed, made = edit.add_criterion(self.definition, "")
            self._write(changed, "Đã thêm một tiêu chí với một dòng trống.", made)
            self.on_edit()

    def on_add_condition(self) -> None:
        if not self._can_write:
            return
        facts = fact_choices(self.definition, computed_only=True)
        if not facts or facts[0][0] is None:
            self.show_banner("Mô hình này không có số liệu nào tính được từ sổ để làm điều kiện.", "attention")
            return
        used = {p.fact for p in self.definition.prerequisites}
        fact = next((key for key, _ in facts if key and key not in used), facts[0][0])
        changed, made = edit.add_prerequisite(self.definition, fact)
        self._write(changed, "Đã thêm một điều kiện; hãy ghi lời và tỷ lệ.", made)
        self.on_edit()

    def on_move(self, step: int) -> None:
        row = self.row
        if self._can_write and row is not None and row.code:
            self._write(edit.move_row(self.definition, row.ref, step), "Đã chuyển chỗ.", row.ref)

    def on_renumber(self) -> None:
        if self._can_write:
            self._write(edit.renumbered(self.definition), "Đã đánh số lại; mã của dòng giữ nguyên.")

    def on_delete(self) -> None:
        """Take the chosen row away, after asking."""
        row = self.row
        if not self._can_write or row is None or not row.code:
            return
        what = f"tiêu chí {row.number} cùng các dòng của nó" if row.kind is RowKind.CRITERION else f"dòng {row.number}"
        self.pair.show_panel()
        self.ask_bar.ask(
            f"Bỏ {what}? Câu trả lời đã có của dòng này được giữ riêng, không tính nữa.",
            Answer("Bỏ", lambda: self._remove(row), "danger"),
            Answer("Giữ lại", self._back_to_list),
        )

    def _remove(self, row: CriteriaRow) -> None:
        self._write(edit.remove_row(self.definition, row.ref), "Đã bỏ dòng.")
        self._back_to_list()

    def _back_to_list(self) -> None:
        self.pair.show_list()
        self.table.view.setFocus()

    def on_check(self) -> None:
        """The chosen rows were compared with the document, or no longer."""
        refs = [row.ref for row in self.table.selected() if isinstance(row, CriteriaRow)]
        if not refs or not self._can_write:
            return
        is_taken_back = all(ref in self.checks and self.checks[ref].stands for ref in refs if ref != "head")
        with self.errors():
            count = check_rows(self.context, self._uid, refs, is_checked=not is_taken_back)
            self.done(f"Đã {'bỏ ghi đối chiếu' if is_taken_back else 'ghi đối chiếu'} {count} dòng.")

    def on_drop(self) -> None:
        """Take the draft away, after asking."""
        if self._can_write:
            self.pair.show_panel()
            self.ask_bar.ask(
                "Bỏ cả bản soạn này? Hoàn tác được bằng Ctrl+Z.",
                Answer("Bỏ bản soạn", self._drop, "danger"),
                Answer("Giữ lại", self._back_to_list),
            )

    def _drop(self) -> None:
        with self.errors():
            drop_draft(self.context, self._uid)
            if self.shell is not None:
                self.shell.announce_change("criteria_set")
                self.shell.pop()
                self.shell.notify("Đã bỏ bản soạn.", can_undo=True)

    def on_try(self) -> None:
        """Try it on the round's forms; while there are faults, show them instead."""
        if self.version is not None and self.version.problems:
            self.on_problems()
        else:
            super().on_try()
