"""Tỷ lệ tính từ sổ: each counted share of a form with its arithmetic, and everybody behind it, part by part.

Invariant: the figures above and the list below are read together from the register; nothing is changed here, and a list
that leaves is written down in the journal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QResizeEvent

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.fact_people import (
    WHOLE,
    CountedFact,
    FactFilter,
    FactList,
    FactPart,
    FactRow,
    FormFacts,
    Reading,
    fact_hamlets,
    fact_list,
    home_commune_uid,
    read_form_facts,
)
from desktop_app.services.assessment.rounds import current_round
from desktop_app.services.assessment.subjects import NO_HAMLET, TITLES, UNITS
from desktop_app.services.context import Context
from desktop_app.services.documents.shown_list import (
    ShownColumn,
    ShownList,
    made_on,
    write_shown_pdf,
    write_shown_workbook,
)
from desktop_app.services.progress import Progress
from desktop_app.services.registry.list_export import note_export, office_line
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import REGISTRY, ActionSpec
from desktop_app.ui.assessment.fact_columns import PART_COLUMNS, PartLine, list_columns, part_lines, row_words
from desktop_app.ui.assessment.words import arithmetic, share_line
from desktop_app.ui.registry.list_output import shown_cells
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.work_page import WorkPage

SCOPE = "Tỷ lệ tính từ sổ"
PAGES: Mapping[LearningModel, str] = {
    LearningModel.CITIZEN: "citizens",
    LearningModel.FAMILY: "households",
    LearningModel.CLAN: "clans",
    LearningModel.COMMUNITY: "hamlets",
    LearningModel.ORGANIZATION: "organizations",
}
"""Where the register shows whose title is asked."""

NOBODY, NOBODY_FOUND = "Không có ai ở phần này.", "Không có ai ở phần này khớp ô tìm."
SHORT_TITLE = "Tỷ lệ"
NARROW, LOW = 560, 420
"""Width and height (at 100 %) below which the title is short, and the notes stand below the list."""

_OVER_HAMLETS = (LearningModel.COMMUNE, LearningModel.ORGANIZATION, LearningModel.CLAN)
"""Whose people or families may live in several hamlets."""


class FactPage(WorkPage):
    """The screen.

    Args:
        model, subject: whose form the shares belong to.
        year: of the round.
        key: of the share that is shown first; the form's first by default.
    """

    title_text = "Tỷ lệ tính từ sổ"
    help_topic = "ty_le"
    search_placeholder = "Tìm trong danh sách này…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("facts.export", "Xuất ra Excel", "Ctrl+E", "file-spreadsheet", SCOPE),
        ActionSpec("facts.print", "In danh sách", "Ctrl+P", "printer", SCOPE),
        ActionSpec("facts.record", "Mở hồ sơ của dòng đang chọn", "Ctrl+O", "user-round", SCOPE),
        ActionSpec("facts.form", "Mở phiếu của dòng đang chọn", "Ctrl+M", "clipboard-check", SCOPE),
    )

    def __init__(self, context: Context, model: LearningModel, subject: Uid, year: int, key: str = "") -> None:
        super().__init__(context)
        self.model, self.subject, self.year, self._key = model, subject, year, key
        self._reading = ""
        self.form: FormFacts | None = None
        self.source: FactList | None = None
        self._is_filling = False
        self._tables: dict[LearningModel, w.DataTable] = {}
        self._nobody: dict[LearningModel, w.EmptyState] = {}
        self._build()
        for name, handler in (("facts.record", self.open_record), ("reload", self.refresh), ("preview", self.on_print),
                              ("list", lambda: self.table.take_focus()), ("facts.form", self.open_form)):  # fmt: skip
            self.bind(name, handler)
        self.form_button = self.button_for("facts.form", text="Mở phiếu", primary=True, show_key=False)
        self.record_button = self.button_for("facts.record", text="Hồ sơ")
        self.set_header_buttons(self.record_button, self.form_button)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a small or zoomed window the title keeps its whole words, and the list stands right below its sum."""
        super().resizeEvent(event)
        is_narrow = self.width() < theme.px(NARROW)
        title = SHORT_TITLE if is_narrow else self.title_text
        if title != self.title:
            self.set_title(title)
        for button in self.leaving:
            button.set_compactness(int(is_narrow))
        above = self.halves if self.height() < theme.px(LOW) else self.sum_label
        if self.body.indexOf(self.note_label) != self.body.indexOf(above) + 1:
            self.body.removeWidget(self.note_label)
            self.body.insertWidget(self.body.indexOf(above) + 1, self.note_label)

    @classmethod
    def opened_from(cls, page: Any) -> FactPage:
        """The shares of the list's current row; of a list of people, those of the commune."""
        year = (getattr(page, "round", None) or current_round(page.context)).year
        model, row = getattr(page, "model", LearningModel.CITIZEN), getattr(page, "current_subject", "")
        if model is LearningModel.CITIZEN or not row:
            model, row = LearningModel.COMMUNE, home_commune_uid(page.context)
        return cls(page.context, model, row, year)

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.fact_chip = w.FilterChip("Tỷ lệ", [("", "")])
        self.reading_chip = w.FilterChip("Cách tính", [("", "")])
        self.hamlet_chip = w.FilterChip("Thôn", [(None, "tất cả")])
        self.fact_chip.chosen.connect(self._on_fact)
        self.reading_chip.chosen.connect(self._on_reading)
        self.hamlet_chip.chosen.connect(lambda _value: self.show_list())
        self.ways = w.FlowRow(self.fact_chip, self.reading_chip, self.hamlet_chip)
        self.leaving: list[w.Button] = []
        for text, icon, name, handler in (
            ("Xuất ra Excel", "file-spreadsheet", "facts.export", self.on_export),
            ("In", "printer", "facts.print", self.on_print),
        ):
            action = self.bind(name, handler)
            button = self.ways.add(w.QuietButton(text, icon=icon, key=REGISTRY.get(name).shortcut, small=True))
            self.leaving.append(button)
            button.clicked.connect(lambda _checked=False, deed=action: deed.trigger())
            action.enabledChanged.connect(button.setEnabled)
        self.body.addWidget(self.ways)
        self.sum_label = w.label("", "strong", wrap=True)
        self.note_label = w.label("", "help", wrap=True)
        self.body.addWidget(self.sum_label)
        self.body.addWidget(self.note_label)
        self.parts = w.DataTable("assessment.facts.parts", PART_COLUMNS, single=True)
        w.sized(self.parts, min_height=212)
        self.parts.view.setAccessibleName("Ai được tính, ai chưa được tính")
        self.parts.row_selected.connect(lambda _line: self.show_list(keeps_parts=True))
        self.parts.row_opened.connect(lambda _line: self.table.take_focus())
        self._holder = w.Card(margins=0, spacing=0)
        self._holder.setProperty("role", "")
        self.halves = w.MasterDetail(
            self._holder, self.parts, detail_width=356, break_width=900, detail_first=True, stacked_height=280
        )
        self.body.addWidget(self.halves, 1)
        self.row_label = w.label("", "small", wrap=True)
        self._holder.body.addWidget(self.row_label)

    @property
    def fact(self) -> CountedFact | None:
        """The share that is shown."""
        facts = self.form.facts if self.form is not None else ()
        return next((item for item in facts if item.key == self._key), facts[0] if facts else None)

    @property
    def reading(self) -> Reading | None:
        """The reading of it that is looked at."""
        if self.fact is None:
            return None
        return next((item for item in self.fact.readings if item.key == self._reading), self.fact.readings[0])

    @property
    def table(self) -> w.DataTable:
        """The list in front; made when its kind is first shown."""
        held = self.fact.held if self.fact is not None else LearningModel.CITIZEN
        if held not in self._tables:
            made = w.DataTable(f"assessment.facts.{held.value}", list_columns(held))
            made.view.setAccessibleName("Danh sách của tỷ lệ")
            self._nobody[held] = w.EmptyState("users", NOBODY, is_primary=False)
            made.set_placeholder(self._nobody[held])
            made.row_opened.connect(lambda _row: self.open_form())
            made.row_selected.connect(self._show_row)
            self._tables[held] = made
            self._holder.body.insertWidget(0, made, 1)
        return self._tables[held]

    # -- showing -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Count again; share, reading, part and hamlet stay."""
        self._show_deeds(has_rows=False)  # until there is a list
        with self.errors():
            self.form = read_form_facts(self.context, self.model, self.subject, self.year)
            self.set_subtitle(f"{self.form.subject.name} · đợt {self.year}")
            self._offer()
            self._show_sum()
            self.show_list()

    def _offer(self) -> None:
        """What may be chosen: the form's shares, this one's readings, the hamlets of the day."""
        fact = self.fact
        assert self.form is not None
        if fact is None:
            for chip in (self.fact_chip, self.reading_chip, self.hamlet_chip):
                chip.hide()
            return
        self.fact_chip.set_choices([(item.key, _fact_words(item)) for item in self.form.facts])
        self.fact_chip.set_value(fact.key)
        self.fact_chip.setVisible(len(self.form.facts) > 1)
        reading = self.reading
        assert reading is not None
        self.reading_chip.set_choices([(item.key, item.value.denominator_name) for item in fact.readings])
        self.reading_chip.set_value(reading.key)
        self.reading_chip.setVisible(len(fact.readings) > 1)
        chosen = self.hamlet_chip.value
        places = (*fact_hamlets(self.context, fact), (NO_HAMLET, "chưa rõ thôn"))
        self.hamlet_chip.set_choices([(None, "tất cả"), *places])
        self.hamlet_chip.set_value(chosen if chosen in [uid for uid, _ in places] else None)
        has_places = self.model in _OVER_HAMLETS and fact.held is not LearningModel.COMMUNITY
        self.hamlet_chip.setVisible(has_places)

    def _show_sum(self) -> None:
        """The arithmetic, how sure its denominator is, and the same under the other readings."""
        fact, reading = self.fact, self.reading
        if fact is None or reading is None or self.form is None:
            self.sum_label.setText("Phiếu này không có tỷ lệ nào tính từ sổ.")
            self.note_label.hide()
            return
        self.sum_label.setText(f"{share_line(reading.key, reading.value)}.")
        is_main = reading.key == fact.key
        notes = [f"{fact.status_words}."] if fact.status_words else []
        if not is_main:
            notes.append("Đang xem cách tính khác, để tham khảo; phiếu không dùng số này.")
        for item in fact.readings:
            if item.key != reading.key:
                whose = "của phiếu" if item.key == fact.key else "khác, để tham khảo"
                notes.append(f"Cách tính {whose}: {arithmetic(item.value)}.")
        if self.form.is_frozen:
            notes.append("Phiếu đã được công nhận: kết quả đã chốt, số đếm hôm nay không làm đổi.")
        self.note_label.setText("\n".join(notes))
        self.note_label.setVisible(bool(notes))

    @property
    def chosen_part(self) -> PartLine | None:
        """The line that the list is narrowed to."""
        found = self.parts.current()
        return found if isinstance(found, PartLine) else None

    @property
    def filter(self) -> FactFilter:
        """What is chosen and typed."""
        hamlet, line = self.hamlet_chip.value, self.chosen_part
        place = str(hamlet) if hamlet and not self.hamlet_chip.isHidden() else None
        return FactFilter(line.parts if line is not None else WHOLE, place, self.search_text)

    def show_list(self, *, keeps_parts: bool = False) -> None:
        """Read the list under what is chosen; the figures beside it follow hamlet and words."""
        fact, reading = self.fact, self.reading
        if self._is_filling or fact is None or reading is None:
            self._show_deeds(has_rows=False)
            return
        table = self.table
        for other in self._tables.values():
            other.setVisible(other is table)
        with self.errors():
            source = fact_list(self.context, fact, reading.key, self.filter)
            if not keeps_parts:
                self._show_parts(source.counts(), has_others=len(fact.readings) > 1)
                source = fact_list(self.context, fact, reading.key, self.filter) if self._has_moved(source) else source
            self.source = source
            self._nobody[fact.held].set_sentence(NOBODY_FOUND if self.search_text.strip() else NOBODY)
            table.set_source(source)
            table.select_row(0)
            self._show_row(table.current())
            self._show_deeds(has_rows=bool(source.count()))

    def _show_row(self, row: object) -> None:
        """Why the current row is counted or not, in words."""
        said = f"{row.name}: {row_words(row)}." if isinstance(row, FactRow) else ""
        self.row_label.setText(said)
        self.row_label.setVisible(bool(said))

    def _has_moved(self, source: FactList) -> bool:
        """Whether the line that is chosen is no longer the one that the list was read for."""
        line = self.chosen_part
        return line is not None and line.parts != source.behind.shown

    def _show_parts(self, counts: Mapping[FactPart, int], *, has_others: bool) -> None:
        lines = part_lines(counts, has_others=has_others)
        place = min(max(0, self.parts.view.currentIndex().row()), len(lines) - 1)
        self._is_filling = True
        try:
            self.parts.set_source(w.ListSource(lines))
            self.parts.select_row(place)
        finally:
            self._is_filling = False

    def _show_deeds(self, *, has_rows: bool) -> None:
        if not self._is_filling:
            for name in ("facts.export", "facts.print", "facts.record", "facts.form", "preview"):
                self.action(name).setEnabled(has_rows)

    def _on_fact(self, key: object) -> None:
        self._key, self._reading = str(key), ""
        self._offer()
        self._show_sum()
        self.show_list()

    def _on_reading(self, key: object) -> None:
        self._reading = str(key)
        self._show_sum()
        self.show_list()

    def on_search(self, text: str) -> None:
        self.show_list()

    @property
    def finds_nothing(self) -> bool:
        return bool(self.search_text.strip()) and self.source is not None and not self.source.count()

    def on_search_submitted(self) -> None:
        self.table.take_focus()

    def on_shown(self) -> None:
        self.parts.take_focus()

    # -- deeds ---------------------------------------------------------------------------------------------------

    def _current(self) -> FactRow | None:
        row = self.table.current()
        return row if isinstance(row, FactRow) else None

    def open_form(self) -> None:
        """Enter on a row: its form of the round."""
        row = self._current()
        if row is not None and self.shell is not None and self.fact is not None:
            from desktop_app.ui.assessment.form_page import FormPage

            self.shell.push(FormPage(self.context, self.fact.held, self.year, row.uid))

    def open_record(self) -> None:
        """The row's page of the register."""
        row = self._current()
        if row is not None and self.shell is not None and self.fact is not None:
            self.shell.open_page(PAGES[self.fact.held], row.uid)

    def shown(self) -> ShownList:
        """The list as it is narrowed now, under its arithmetic, ready for paper or a workbook."""
        fact, reading, line = self.fact, self.reading, self.chosen_part
        assert self.source is not None and fact is not None and reading is not None and self.form is not None
        columns, count = self.table.shown_columns(), self.source.count()
        narrowed = [f"{self.form.subject.name}: {share_line(reading.key, reading.value)}"]
        narrowed += [line.name.removeprefix("· ").lower()] if line is not None else []
        if self.filter.hamlet:
            narrowed.append(self.hamlet_chip.text())
        if self.search_text.strip():
            narrowed.append(f"tìm “{self.search_text.strip()}”")
        source = self.table.paged.source if self.table.paged is not None else self.source
        return ShownList(
            office_line(self.context),
            f"Danh sách tính tỷ lệ {TITLES[fact.held]} năm {self.year}",
            made_on(dt.date.today(), "; ".join(narrowed), f"{number_text(count)} {UNITS[fact.held]}"),
            tuple(ShownColumn(c.title, c.width, c.kind == "number", c.decimals) for c in columns),
            shown_cells(source or self.source, columns),
            count,
        )

    def _noted(self) -> str:
        """What the journal says of a list that leaves: which share, without whose form it is."""
        assert self.reading is not None
        return f"Danh sách tính tỷ lệ: {self.reading.value.denominator_name}, năm {self.year}"

    def _file_name(self, suffix: str) -> str:
        assert self.fact is not None
        return f"danh sach tinh ty le {UNITS[self.fact.held].replace(',', '')} {self.year}.{suffix}"

    def on_export(self) -> None:
        path = dialogs.ask_save_file(
            self, "Xuất danh sách", "Bảng tính Excel (*.xlsx)", name=self._file_name("xlsx"), suffix="xlsx"
        )
        if path is None or self.fact is None:
            return
        shown, unit, noted = self.shown(), UNITS[self.fact.held], self._noted()

        def write(progress: Progress) -> Path:
            write_shown_workbook(shown, path, progress=progress)
            note_export(self.context, noted, shown.count)
            return path

        self.run(write, partial(self._on_exported, shown.count, unit), "Đang xuất danh sách",
                 stopped="Đã dừng; chưa có tệp nào được ghi.", is_writing=True)  # fmt: skip

    def _on_exported(self, count: int, unit: str, path: Path) -> None:
        assert self.shell is not None
        self.shell.notify(f"Đã xuất {number_text(count)} {unit} ra {path.name}.")

    def on_print(self) -> None:
        """The list as it will leave the printer; written down once there is a paper, not where it was stopped."""
        from desktop_app.ui.recognition.preview_page import PreviewPage

        if self.shell is None or self.source is None or not self.source.count():
            return

        shown, columns, noted = self.shown(), self.table.shown_columns(), self._noted()
        source = self.table.paged.source if self.table.paged is not None else self.source
        assert source is not None
        done: list[bool] = []

        def make(out: Path, progress: Progress) -> int:
            pages = write_shown_pdf(replace(shown, rows=shown_cells(source, columns)), out, progress=progress)
            if not done:
                note_export(self.context, noted, shown.count, on_paper=True)
                done.append(True)
            return pages

        self.shell.push(PreviewPage(self.context, "In danh sách", make, file_name=self._file_name("pdf")))


def _fact_words(fact: CountedFact) -> str:
    """ "Chỉ tiêu 5.1 · Công dân học tập"."""
    return f"{', '.join(fact.used_in)} · {TITLES[fact.held]}"
