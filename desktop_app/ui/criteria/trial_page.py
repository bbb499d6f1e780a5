"""Trying a version on the answers of a round: who would change verdict, by hamlet, before it comes into force.

Invariant: nothing is written until the person says so, and how begun forms are treated is his choice; frozen verdicts
never change.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from desktop_app.models.types import DeviceRole
from desktop_app.services.criteria.compare import figure
from desktop_app.services.criteria.dates import warnings_now
from desktop_app.services.criteria.drafts import SetVersion, load_version
from desktop_app.services.criteria.forcing import force_set
from desktop_app.services.criteria.trial import Trial, open_years, try_version
from desktop_app.services.criteria.turns import Turn
from desktop_app.services.progress import Progress
from desktop_app.services.registry.words import MODEL
from desktop_app.ui import widgets as w
from desktop_app.ui.registry.ask_bar import Answer, AskBar
from desktop_app.ui.work_page import WorkPage


@dataclass(frozen=True)
class TurnRow:
    """One person or unit whose verdict would change."""

    turn: Turn

    @property
    def name(self) -> str:
        return self.turn.name

    @property
    def hamlet(self) -> str:
        return self.turn.hamlet

    @property
    def model(self) -> str:
        return MODEL[self.turn.model].replace(" học tập", "")

    @property
    def before(self) -> w.ChipData:
        return _chip(self.turn.before)

    @property
    def after(self) -> w.ChipData:
        return _chip(self.turn.after)

    @property
    def reason(self) -> str:
        return self.turn.reason


def _chip(figures: tuple[float, bool]) -> w.ChipData:
    total, passed = figures
    return w.ChipData(f"{'Đạt' if passed else 'Chưa đạt'}, {figure(total)}", "passed" if passed else "failed")


COLUMNS = (
    w.Column("hamlet", "Thôn, tổ", 130, is_sortable=False, gives_way=2),
    w.Column("name", "Họ tên, đơn vị", 200, "strong", is_sortable=False),
    w.Column("model", "Mô hình", 110, "quiet", is_sortable=False, gives_way=3),
    w.Column("before", "Bây giờ", 152, "chip", is_sortable=False),
    w.Column("after", "Theo bản này", 152, "chip", is_sortable=False),
    w.Column("reason", "Vì sao", 300, "quiet", is_sortable=False, stretch=1, gives_way=1),
)


class TrialPage(WorkPage):
    """Counts above, the list below, the way into force at the top right."""

    title_text = "Chấm thử"
    help_topic = "bo_tieu_chi"

    def __init__(self, context: Any, set_uid: str) -> None:
        super().__init__(context)
        self._uid = set_uid
        self.version: SetVersion | None = None
        self.trial: Trial | None = None
        self._year: int | None = None
        self._warnings: tuple[str, ...] = ()
        self.ask_bar = AskBar()
        self.body.addWidget(self.ask_bar)
        self.words = w.label("", "body", wrap=True)
        self.body.addWidget(self.words)
        self.years = w.FilterChip("Đợt", [(None, "")])
        self.hamlets = w.FilterChip("Thôn", [("", "tất cả")])
        self.chips = w.FlowRow(self.years, self.hamlets)
        self.body.addWidget(self.chips)
        self.reason = w.label("", "quiet", wrap=True)
        self.body.addWidget(self.reason)
        self.table = w.DataTable("criteria_trial", COLUMNS, single=True)
        self.table.row_selected.connect(self._on_row)
        self.body.addWidget(w.sized(self.table, min_height=260), 1)
        self.table.set_placeholder(w.EmptyState("circle-check", "Không ai đổi kết quả theo bản này."))
        self.years.chosen.connect(self._on_year)
        self.hamlets.chosen.connect(lambda _value: self._show_rows())
        self.bind("reload", self.refresh)
        self.bind("save", self.on_force)
        self.force_button = w.PrimaryButton("Đưa vào dùng…", icon="check", key="Ctrl+S")
        self.force_button.clicked.connect(lambda _checked=False: self.on_force())

    def refresh(self) -> None:
        with self.errors():
            self.version = load_version(self.context, self._uid)
            self.set_subtitle(self.version.label)
            self._warnings = warnings_now(self.context, self.version.definition)
            years = open_years(self.context)
            if not years:
                self.words.setText("Chưa có đợt đánh giá nào để chấm thử.")
                return
            self.years.set_choices([(year, str(year)) for year in years])
            if self._year not in years:
                self._year = years[0]
            self.years.set_value(self._year)
            may = self.context.role is not DeviceRole.VOLUNTEER and not self.version.is_in_use
            self.force_button.setEnabled(may)
            self.set_header_buttons(*([self.force_button] if may else []))
            self._try()

    def _on_year(self, year: int) -> None:
        self._year = year
        self._try()

    def _try(self) -> None:
        year = self._year
        if year is None or self.shell is None:
            return

        def work(progress: Progress) -> Trial:
            return try_version(self.context, self._uid, year, progress)

        self.run(work, self._on_tried, "Chấm thử", stopped="Đã dừng chấm thử; chưa có gì thay đổi.")

    def _on_tried(self, trial: Trial) -> None:
        self.trial = trial
        d = self.version.definition if self.version else None
        parts = [
            f"Đợt {trial.year}: {trial.judged} phiếu chưa công nhận được chấm thử. Bây giờ đạt {trial.passed_before}, "
            f"theo bản này {trial.passed_after}: {len(trial.gained)} thành đạt, {len(trial.lost)} thành chưa đạt."
        ]
        if trial.incomplete:
            word = d.indicator_word if d else "chỉ số"
            parts.append(f"{trial.incomplete} phiếu đã đủ sẽ thiếu vì bản này có {word} chưa trả lời.")
        if trial.frozen:
            parts.append(f"{trial.frozen} phiếu đã công nhận giữ nguyên kết quả.")
        if trial.carried:
            counts = Counter(TurnRow(turn).model.lower() for turn in trial.carried)
            told = ", ".join(f"{count} {name}" for name, count in counts.items())
            parts.append(f"Kéo theo đổi kết quả: {told}.")
        parts += self._warnings
        self.words.setText(" ".join(parts))
        rows = [("", f"tất cả: {len(trial.turns) + len(trial.carried)}")]
        rows += [(name, f"{name or 'không rõ'}: +{gained} −{lost}") for name, gained, lost in trial.by_hamlet()]
        self.hamlets.set_choices(rows)
        self.hamlets.set_value("")
        self._show_rows()
        if self.isVisible() and self.ask_bar.isHidden():
            self.table.take_focus()

    def _show_rows(self) -> None:
        hamlet = self.hamlets.value
        turns = (*self.trial.turns, *self.trial.carried) if self.trial else ()
        shown = [TurnRow(turn) for turn in turns if not hamlet or turn.hamlet == hamlet]
        self.table.set_source(w.ListSource(shown))
        self.reason.setVisible(bool(shown))
        if shown:
            self.table.select_row(0)
        else:
            self._on_row(None)

    def _on_row(self, row: TurnRow | None) -> None:
        """The chosen row's reason in full, for the list cuts it."""
        self.reason.setText(f"{row.name}: {row.reason}" if row is not None and row.reason else "")

    def on_force(self) -> None:
        """Ask how the forms that were begun are treated, then bring the version into force."""
        if not self.force_button.isEnabled() or self.trial is None:
            return
        count = self.trial.judged
        self.ask_bar.ask(
            f"Đưa bản này vào dùng? Phiếu mở từ nay theo bản này. {count} phiếu chưa công nhận của các đợt chưa khóa "
            "thì sao? Kết quả đã công nhận không đổi. Hoàn tác được.",
            Answer("Chấm lại theo bản này", lambda: self._force(True), "primary"),
            Answer("Giữ phiếu đó theo bản cũ", lambda: self._force(False)),
            Answer("Thôi", self.table.view.setFocus),
        )

    def _force(self, moves_forms: bool) -> None:
        def work(_progress: Progress) -> Any:
            return force_set(self.context, self._uid, moves_forms=moves_forms)

        self.run(work, self._on_forced, "Đưa vào dùng", is_writing=True, can_cancel=False)

    def _on_forced(self, forced: Any) -> None:
        if self.shell is not None:
            self.shell.announce_change("criteria_set", "assessment", "batch")
            self.shell.pop()
            moved = f", {forced.moved} phiếu được chấm lại" if forced.moved else ""
            self.shell.notify(f"Đã đưa vào dùng{moved}.", can_undo=True)

    def on_shown(self) -> None:
        self.table.take_focus()
