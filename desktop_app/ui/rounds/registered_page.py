"""Danh sách đăng ký: who is registered for a model, counts of new and renewed by hamlet, on paper and in a workbook.

Invariant: the counts and the list are of the same round and model; what leaves is written down in the journal.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from desktop_app.models.types import LearningModel, RegistrationKind
from desktop_app.services.assessment.registered import (
    RegisteredCount,
    RegisteredList,
    RegisteredRow,
    registered_counts,
    registered_list,
)
from desktop_app.services.assessment.registration import unregister_subjects
from desktop_app.services.assessment.rounds import current_round
from desktop_app.services.assessment.subjects import NO_HAMLET, TITLES, UNITS
from desktop_app.services.context import Context
from desktop_app.services.documents.shown_list import (
    Cell,
    ShownColumn,
    ShownList,
    made_on,
    write_shown_pdf,
    write_shown_workbook,
)
from desktop_app.services.progress import Progress
from desktop_app.services.registry.list_export import note_export, office_line
from desktop_app.services.registry.words import REGISTRATION_KIND
from desktop_app.services.vietnamese import PartialDate, number_text
from desktop_app.ui import texts
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import REGISTRY, ActionSpec
from desktop_app.ui.assessment.words import SEGMENTS
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.registry.cells import LIST_GROUPS
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.paged_model import cell_text
from desktop_app.ui.work_page import WorkPage

SCOPE = "Danh sách đăng ký"
READ_ROWS = 500
_KIND_TONES = {RegistrationKind.NEW: "accent", RegistrationKind.RENEWAL: "passed"}


def _day(row: RegisteredRow) -> str:
    return PartialDate.from_iso(row.registered_on).text() if row.registered_on else ""


def _share(line: RegisteredCount) -> w.ToneText:
    if not line.eligible:
        return w.ToneText("–")
    return w.ToneText(texts.percent(line.registered / line.eligible))


COUNT_COLUMNS = (
    w.Column("name", "Thôn", 120, "strong", stretch=2, is_sortable=False),
    w.Column("eligible", "Trong diện", 84, "number", is_sortable=False, gives_way=2),
    w.Column("new", "Mới", 62, "number", is_sortable=False),
    w.Column("renewed", "Tái", 62, "number", is_sortable=False, tip="Tái đăng ký: đạt danh hiệu năm trước"),
    w.Column("share", "Tỷ lệ", 72, value=_share, is_sortable=False, gives_way=1, tip="Đã đăng ký trên số trong diện"),
)
_NAME = w.Column("name", "Tên", 210, "strong", stretch=3)
_HAMLET = w.Column("hamlet", "Thôn", 110, stretch=1, gives_way=2)
_KIND = w.Column(
    "kind", "Loại", 118, value=lambda r: w.ToneText(REGISTRATION_KIND[r.kind], _KIND_TONES[r.kind])
)  # fmt: skip
_ON = w.Column("registered_on", "Ngày đăng ký", 112, value=_day, gives_way=3)
_BIRTH = w.Column("birth", "Sinh", 100, is_sortable=False, gives_way=4)
_GROUP = w.Column(
    "group", "Nhóm", 150, value=lambda r: LIST_GROUPS[r.group] if r.group else "chưa chọn", is_sortable=False,
    gives_way=5,
)  # fmt: skip
COLUMNS: dict[LearningModel, tuple[w.Column, ...]] = {
    **dict.fromkeys(LearningModel, (_NAME, _HAMLET, _KIND, _ON)),
    LearningModel.CITIZEN: (_NAME, _BIRTH, _HAMLET, _GROUP, _KIND, _ON),
}


class RegisteredPage(WorkPage):
    """The screen.

    Args:
        year: of the round.
        model: shown first.
    """

    title_text = "Danh sách đăng ký"
    help_topic = "dot_danh_gia"
    ACTIONS = (
        ActionSpec("registered.export", "Xuất ra Excel", "Ctrl+E", "file-spreadsheet", SCOPE),
        ActionSpec("registered.print", "In danh sách", "Ctrl+P", "printer", SCOPE),
        ActionSpec("registered.remove", "Bỏ đăng ký các dòng đang chọn", "Ctrl+D", "x", SCOPE),
    )

    def __init__(self, context: Context, year: int, model: LearningModel = LearningModel.CITIZEN) -> None:
        super().__init__(context)
        self.year, self.model = year, model
        self.source: RegisteredList | None = None
        self._is_filling = False
        self.tabs = Tabs("Mô hình", [Tab(each, SEGMENTS[each]) for each in LearningModel])
        self.tabs.set_value(model)
        self.tabs.chosen.connect(self._on_model)
        self.kind_chip = w.FilterChip(
            "Loại", [(None, "tất cả"), *((kind, REGISTRATION_KIND[kind]) for kind in RegistrationKind)]
        )
        self.kind_chip.chosen.connect(lambda _value: self.show_list())
        self.counts = w.DataTable("rounds.registered.counts", COUNT_COLUMNS, single=True)
        self.counts.view.setAccessibleName("Số đăng ký theo thôn")
        self.counts.row_selected.connect(lambda _line: self.show_list())
        self.counts.row_opened.connect(lambda _line: self.table.take_focus())
        self._tables: dict[LearningModel, w.DataTable] = {}
        self._holder = w.Card(margins=0, spacing=0)
        self._holder.setProperty("role", "")
        self.body.addWidget(self.tabs)
        self.ways = w.FlowRow(self.kind_chip)
        self.body.addWidget(self.ways)
        self.parts = w.MasterDetail(
            self._holder, self.counts, detail_width=426, break_width=900, detail_first=True, stacked_height=260
        )
        self.body.addWidget(self.parts, 1)
        for text, icon, name, handler in (
            ("Xuất ra Excel", "file-spreadsheet", "registered.export", self.on_export),
            ("Bỏ đăng ký dòng chọn", "x", "registered.remove", self.on_remove),
        ):
            action = self.bind(name, handler)
            button = self.ways.add(w.QuietButton(text, icon=icon, key=REGISTRY.get(name).shortcut, small=True))
            button.clicked.connect(lambda _checked=False, deed=action: deed.trigger())
            action.enabledChanged.connect(button.setEnabled)
        self.print_button = self.button_for("registered.print", self.on_print, primary=True)
        self.set_header_buttons(self.print_button)
        self.bind("reload", self.refresh)
        self.bind("preview", self.on_print)
        self.bind("list", lambda: self.table.take_focus())

    @classmethod
    def opened_from(cls, page: Any) -> RegisteredPage:
        """The list's model and round."""
        shown = getattr(page, "round", None) or current_round(page.context)
        return cls(page.context, shown.year, getattr(page, "model", LearningModel.CITIZEN))

    @property
    def table(self) -> w.DataTable:
        """The list in front; made when its model is first shown."""
        if self.model not in self._tables:
            made = w.DataTable(f"rounds.registered.{self.model.value}", COLUMNS[self.model])
            made.view.setAccessibleName("Danh sách đăng ký")
            made.set_placeholder(
                w.EmptyState("list-checks", "Chưa có ai đăng ký ở đây. Đăng ký ở Đánh giá hoặc nhận đề xuất.",
                             is_primary=False)
            )  # fmt: skip
            made.row_opened.connect(self._on_opened)
            self._tables[self.model] = made
            self._holder.body.addWidget(made, 1)
        return self._tables[self.model]

    # -- showing -------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        with self.errors():
            lines = registered_counts(self.context, self.model, self.year)
            self.set_subtitle(f"đợt {self.year} · {number_text(lines[0].registered)} {UNITS[self.model]}")
            place = max(0, self.counts.view.currentIndex().row())
            self._is_filling = True
            self.counts.set_source(w.ListSource(lines))
            self.counts.select_row(min(place, len(lines) - 1))
            self._is_filling = False
            self.show_list()

    def _on_model(self, model: object) -> None:
        assert isinstance(model, LearningModel)
        self.model = model
        self.refresh()

    @property
    def place(self) -> RegisteredCount | None:
        """The chosen line of the counts."""
        found = self.counts.current()
        return found if isinstance(found, RegisteredCount) else None

    def show_list(self) -> None:
        """The registered of the chosen hamlet and kind."""
        if self._is_filling:
            return
        table, kind, place = self.table, self.kind_chip.value, self.place
        for model, other in self._tables.items():
            other.setVisible(model is self.model)
        with self.errors():
            self.source = registered_list(
                self.context,
                self.model,
                self.year,
                hamlet=place.uid or NO_HAMLET if place is not None and not place.is_total else None,
                kind=kind if isinstance(kind, RegistrationKind) else None,
            )
            table.set_source(self.source)
        has_rows = bool(self.source is not None and self.source.count())
        for name in ("registered.export", "registered.print", "registered.remove", "preview"):
            self.action(name).setEnabled(has_rows)

    def on_shown(self) -> None:
        self.counts.take_focus()

    def _on_opened(self, row: object) -> None:
        if isinstance(row, RegisteredRow) and self.shell is not None:
            from desktop_app.ui.assessment.form_page import FormPage

            self.shell.push(FormPage(self.context, self.model, self.year, row.uid))

    # -- deeds ---------------------------------------------------------------------------------------------------

    def on_remove(self) -> None:
        """Take the selected registrations back; forms that were filled stay."""
        rows = [row for row in self.table.selected() if isinstance(row, RegisteredRow)]
        if not rows or self.shell is None:
            return
        with self.errors():
            count = unregister_subjects(self.context, self.model, self.year, [row.uid for row in rows])
            self.shell.announce_change("registration", "assessment")
            self.shell.notify(f"Đã bỏ đăng ký {number_text(count)} {UNITS[self.model]}.", can_undo=True)

    def shown(self) -> ShownList:
        """The list as it is narrowed now, ready for paper or a workbook."""
        assert self.source is not None
        table, place, kind = self.table, self.place, self.kind_chip.value
        columns = table.shown_columns()
        count = self.source.count()
        narrowed = [place.name] if place is not None and not place.is_total else []
        narrowed += [REGISTRATION_KIND[kind].lower()] if isinstance(kind, RegistrationKind) else []
        note = made_on(dt.date.today(), ", ".join(narrowed), f"{number_text(count)} {UNITS[self.model]}")
        source = table.paged.source if table.paged is not None and table.paged.source is not None else self.source
        return ShownList(
            office_line(self.context),
            f"Danh sách đăng ký {TITLES[self.model]} năm {self.year}",
            note,
            tuple(ShownColumn(column.title, column.width) for column in columns),
            _cells(source, columns),
            count,
        )

    def on_export(self) -> None:
        name = f"dang ky {TITLES[self.model].lower()} {self.year}.xlsx"
        path = dialogs.ask_save_file(
            self, "Xuất danh sách đăng ký", "Bảng tính Excel (*.xlsx)", name=name, suffix="xlsx"
        )
        if path is None:
            return
        shown = self.shown()

        def write(progress: Progress) -> Path:
            write_shown_workbook(shown, path, progress=progress)
            note_export(self.context, shown.title, shown.count)
            return path

        self.run(write, partial(self._on_exported, shown.count), "Đang xuất danh sách",
                 stopped="Đã dừng; chưa có tệp nào được ghi.", is_writing=True)  # fmt: skip

    def _on_exported(self, count: int, path: Path) -> None:
        assert self.shell is not None
        self.shell.notify(f"Đã xuất {number_text(count)} {UNITS[self.model]} ra {path.name}.")

    def on_print(self) -> None:
        """The list as it will leave the printer."""
        from desktop_app.ui.recognition.preview_page import PreviewPage

        if self.shell is None or self.source is None or not self.source.count():
            return

        def make(out: Path, progress: Progress) -> int:
            return write_shown_pdf(self.shown(), out, progress=progress)

        title = f"Danh sách đăng ký {TITLES[self.model]} năm {self.year}"
        note_export(self.context, title, self.source.count(), on_paper=True)
        self.shell.push(PreviewPage(self.context, "In danh sách đăng ký", make, file_name=f"{title}.pdf"))


def _cells(source: Any, columns: tuple[w.Column, ...]) -> Iterator[tuple[Cell, ...]]:
    offset = 0
    while rows := source.rows(offset, READ_ROWS):
        for row in rows:
            yield tuple(cell_text(column, column.cell(row)) for column in columns)
        offset += len(rows)
