"""Thiết lập, part "Bộ tiêu chí": every version there is, how sure it is, how far it was compared, which is used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from desktop_app.models.types import DeviceRole, LearningModel, SetKind
from desktop_app.services.criteria.checking import row_marks
from desktop_app.services.criteria.drafts import SetVersion, list_versions
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import REGISTRY, ActionSpec
from desktop_app.ui.criteria.panel import in_force_words
from desktop_app.ui.criteria.rows import points, state_chip
from desktop_app.ui.page import Page
from desktop_app.ui.safety.section import Section
from desktop_app.ui.widgets import dialogs


@dataclass(frozen=True)
class SetRow:
    """One version in the list."""

    uid: str
    name: str
    version: str
    passing: str
    in_force: str
    checked: str
    use: w.ToneText
    state: w.ChipData
    is_changed: bool


def set_row(item: SetVersion) -> SetRow:
    d = item.definition
    passing = f"{points(d.pass_mark.value)}/{points(d.max_total)} điểm" if d.pass_mark else ""
    if d.kind is SetKind.CHECKLIST:
        passing = f"đủ {len(d.indicators)} {d.indicator_word}"
    marks = row_marks(d)
    count = sum(item.checked.get(ref, {}).get("mark") == mark for ref, mark in marks.items())
    checked = f"{count}/{len(marks)}" if count else ""
    state = w.ChipData("Bản soạn", "accent", "pen-line")
    if item.used is not None:
        state = state_chip(item.used)
    elif item.problems:
        state = w.ChipData(f"Bản soạn, {len(item.problems)} lỗi", "attention", "pen-line")
    return SetRow(
        item.uid, d.name, d.version, passing, in_force_words(d), checked, _use(item), state, bool(item.overrides)
    )


def _use(item: SetVersion) -> w.ToneText:
    if item.now is not None:
        return w.ToneText(f"đợt {item.now}", "passed", is_strong=True)
    if item.rounds:
        return w.ToneText(f"đợt {', '.join(map(str, item.rounds))}")
    return w.ToneText("khi chọn" if item.is_in_use else "")


COLUMNS = (
    w.Column("name", "Bộ tiêu chí", 236, "strong", stretch=2, is_sortable=False),
    w.Column("version", "Phiên bản", 84, "quiet", is_sortable=False),
    w.Column("in_force", "Hiệu lực", 130, "quiet", is_sortable=False, gives_way=1),
    w.Column("passing", "Đạt khi", 118, is_sortable=False, gives_way=3),
    w.Column("checked", "Đối chiếu", 84, is_sortable=False, gives_way=2, tip="Số dòng đã đối chiếu với văn bản"),
    w.Column("is_changed", "Đã sửa", 66, "check", is_sortable=False, tip="Cơ quan đã sửa lời hoặc điểm", gives_way=2),
    w.Column("use", "Dùng cho", 96, is_sortable=False, gives_way=4),
    w.Column("state", "Tình trạng", 190, "chip", is_sortable=False),
)


BEGIN = ActionSpec("criteria.begin", "Soạn bộ tiêu chí mới từ đầu", "Ctrl+Shift+N", "plus", "Thiết lập")
BRING = ActionSpec("criteria.bring", "Nạp bộ tiêu chí từ tệp", "Ctrl+I", "file-up", "Thiết lập")


def page_for(context: Any, item: SetVersion) -> Page:
    """The screen of a version: the editor for a draft, the reading page for others."""
    from desktop_app.ui.criteria.draft_page import DraftPage
    from desktop_app.ui.criteria.page import CriteriaPage

    return DraftPage(context, item.uid) if item.is_draft else CriteriaPage(context, item.uid)


class CriteriaSection(Section):
    """The list; Enter opens a version."""

    key, text, icon = "criteria", "Bộ tiêu chí", "list-checks"

    def __init__(self, page: Any) -> None:
        super().__init__(page)
        may = "" if self.context.role is DeviceRole.VOLUNTEER else ", sửa, đối chiếu, hoặc chép thành bản mới để soạn"
        self.body.addWidget(
            w.label(
                "Bộ nào không tìm được bảng điểm trong văn bản thì có bản gợi ý để chấm ngay; muốn công nhận thì cơ "
                f"quan phải xem lại và xác nhận. Mở một bộ để xem từng dòng và nguồn{may}.",
                "quiet",
                wrap=True,
            )
        )
        self.table = w.DataTable("criteria_sets", COLUMNS, single=True)
        self.table.row_opened.connect(self.open)
        self.body.addWidget(self.table)
        self.body.addStretch(1)
        self.open_button = w.PrimaryButton("Mở bộ tiêu chí", trailing="arrow-right")
        self.open_button.clicked.connect(lambda _checked=False: self.open(self.table.current()))
        self.bring_button = w.QuietButton("Nạp tệp…", icon="file-up", key=BRING.shortcut)
        self.bring_button.clicked.connect(lambda _checked=False: self.bring())
        self.begin_button = w.QuietButton("Bộ mới…", icon="plus", key=BEGIN.shortcut)
        self.begin_button.clicked.connect(lambda _checked=False: self.begin())
        self._versions: dict[str, SetVersion] = {}
        for action, run in ((BRING, self.bring), (BEGIN, self.begin)):
            REGISTRY.add(action)
            page.bind(action.id, partial(self._on_key, run))

    def _on_key(self, run: Callable[[], None]) -> None:
        """The keys work while this part is in front."""
        if self.isVisible() and self.context.role is not DeviceRole.VOLUNTEER:
            run()

    def buttons(self) -> tuple[Any, ...]:
        if self.context.role is DeviceRole.VOLUNTEER:
            return (self.open_button,)
        return (self.begin_button, self.bring_button, self.open_button)

    def load(self) -> None:
        versions = list_versions(self.context)
        self._versions = {item.uid: item for item in versions}
        rows = [set_row(item) for item in versions]
        row = self.table.view.currentIndex().row()
        self.table.set_source(w.ListSource(rows))
        self.table.show_rows(len(rows))
        if rows:
            self.table.select_row(min(max(0, row), len(rows) - 1))

    def open(self, row: SetRow | None) -> None:
        """Look at a version on a screen of its own."""
        if row is not None and self.page.shell is not None:
            self.page.shell.push(page_for(self.context, self._versions[row.uid]))

    def begin(self) -> None:
        """A set from nothing, first of all for the model of the chosen one."""
        from desktop_app.ui.criteria.begin_page import BeginPage

        current = self.table.current()
        if self.page.shell is not None:
            chosen = self._versions[current.uid].definition if isinstance(current, SetRow) else None
            model, group = (chosen.model, chosen.group) if chosen else (LearningModel.CITIZEN, None)
            self.page.shell.push(BeginPage(self.context, model, group))

    def bring(self) -> None:
        """Choose a workbook or a file of a set, and preview it; a bare annex fills the chosen version."""
        from desktop_app.ui.criteria.bring_page import FILTER, BringPage

        files = dialogs.ask_open_files(self, "Nạp bộ tiêu chí", FILTER)
        current = self.table.current()
        if files and self.page.shell is not None:
            into = current.uid if isinstance(current, SetRow) else None
            self.page.shell.push(BringPage(self.context, files[0], into))

    def focus_first(self) -> None:
        self.table.view.setFocus()
