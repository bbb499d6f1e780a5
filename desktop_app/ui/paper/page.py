"""In phiếu giấy: choose whose forms, see how many and what they look like, keep them as one PDF or print them.

Invariant: what is counted and shown follows the answers after a short rest and never lies behind them when something is
printed: the print is planned anew. Forms with names that leave are written down in the journal.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from desktop_app.services.assessment.rounds import RoundRecord, current_round
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.paper.planning import PrintPlan, plan_print
from desktop_app.services.paper.printing import write_print
from desktop_app.services.paper.request import PaperOrder, PaperRequest
from desktop_app.services.progress import Progress
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.errors import as_app_error
from desktop_app.ui.page import Page
from desktop_app.ui.paper.fields import (
    DEFAULT_BLANKS,
    HAMLETS,
    NOBODY,
    ORGANIZATION,
    first_answers,
    how_spec,
    is_shown,
    request_of,
    scopes_of,
    typed,
    who_spec,
)
from desktop_app.ui.paper.hamlet_checks import HamletChecks
from desktop_app.ui.paper.making import note, planned, recorder, written
from desktop_app.ui.paper.memory import remember, remembered
from desktop_app.ui.paper.sample_view import SampleView
from desktop_app.ui.paper.start import PaperStart, start_of
from desktop_app.ui.registry.choices import hamlets
from desktop_app.ui.tasks import Task
from desktop_app.ui.widgets import dialogs
from desktop_app.ui.widgets.basics import label
from desktop_app.ui.widgets.editors import ChoiceEditor
from desktop_app.ui.widgets.form import FormView
from desktop_app.ui.widgets.layouts import MasterDetail, ScrollBody, vbox
from desktop_app.ui.work_page import WorkPage

SCOPE = "In phiếu giấy"
REST_MS = 300
CHOICES_WIDTH = 420


class PaperPage(WorkPage):
    """The screen.

    Args:
        start: what it was asked for; None begins with the whole commune's citizens.
    """

    title_text = "In phiếu giấy"
    help_topic = "in_phieu"
    ACTIONS = (
        ActionSpec("paper.save", "Cất thành một tệp PDF", "Ctrl+E", "download", scope=SCOPE),
        ActionSpec("paper.open", "Xem hết và in", "Ctrl+P", "printer", scope=SCOPE),
    )

    def __init__(self, context: Context, start: PaperStart | None = None) -> None:
        super().__init__(context, scroll=False)
        self.plan: PrintPlan | None = None
        self._round: RoundRecord | None = None
        self._task: Task | None = None
        self._asked: PaperRequest | None = None
        self._is_touched = False
        self._is_stacked = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.count)
        self.who = FormView(who_spec(context))
        self.hamlets = HamletChecks()
        self.how = FormView(how_spec())
        self.sample = SampleView()
        self.count_label = label("", "title", wrap=True)
        self.detail_label = label("", "quiet", wrap=True)
        self._build()
        self._fill(start or PaperStart())

    @classmethod
    def opened_from(cls, page: Page) -> PaperPage:
        """The screen with the list's model and filter."""
        return cls(page.context, start_of(page))

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        asked = QWidget()
        column = vbox(asked, margins=(4, 4, 12, 4), spacing=16)
        for part in (self.who, self.hamlets, self.how):
            column.addWidget(part)
        column.addStretch(1)
        shown = QWidget()
        right = vbox(shown, spacing=8)
        right.addWidget(self.count_label)
        right.addWidget(self.detail_label)
        right.addWidget(self.sample, 1000)
        right.addStretch(1)
        self.parts = _Parts(shown, ScrollBody(asked))
        self.parts.arranged.connect(self._on_arranged)
        self.body.addWidget(self.parts, 1)
        self.who.changed.connect(self._on_changed)
        self.how.changed.connect(self._on_changed)
        self.hamlets.changed.connect(lambda: self._on_changed("hamlets"))
        self.who.submitted.connect(self._after_who)
        self.hamlets.submitted.connect(self.how.focus_first)
        self.save_button = self.button_for("paper.save", self.save, text="Cất thành tệp", show_key=False)
        self.print_button = self.button_for("paper.open", self.open_print, text="Xem và in", primary=True)
        self.how.submitted.connect(lambda: self.print_button.setFocus(Qt.FocusReason.TabFocusReason))
        self.set_header_buttons(self.save_button, self.print_button)
        self.bind("reload", self.refresh)
        self.bind("preview", self.open_print)

    def _after_who(self) -> None:
        if self.hamlets.isVisibleTo(self):
            self.hamlets.list.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.how.focus_first()

    def _fill(self, start: PaperStart) -> None:
        answers = first_answers(start, remembered())
        if start.household or start.organization or start.subject:
            answers.update(has_covers=False, has_assignments=False)
        if start.organization:
            answers["order"] = first_answers(start, {})["order"]
        self.who.set_values(answers)
        self.how.set_values(answers)
        if start.filter.hamlet:
            self.hamlets.set_hamlets(hamlets(self.context))
            self.hamlets.choose([start.filter.hamlet])
        self._show_fields()

    # -- answers -------------------------------------------------------------------------------------------------

    def answers(self) -> dict[str, Any]:
        """What stands in the fields; readable or not."""
        return typed({**self.who.values(), **self.how.values()})

    def request(self) -> PaperRequest:
        """The print that the fields ask for.

        Raises:
            UserError: something is missing or cannot be read.
        """
        assert self._round is not None
        for form in (self.who, self.how):
            reading = form.read()
            wrong = next((key for key in reading.errors if is_shown(key, self.answers())), None)
            if wrong is not None:
                raise UserError(f"{form.field(wrong).spec.label}: {reading.errors[wrong]}", code="paper.field")
        return request_of(self._round.year, self.answers(), self.hamlets.chosen())

    def _on_changed(self, key: str) -> None:
        self._is_touched = True
        if key in ("models", "scope", "has_covers", "has_assignments"):
            self._show_fields()
        if key == "scope":
            self._propose_blanks()
            self._propose_order()
        remember(self.answers())
        self._rest.start()

    def _propose_blanks(self) -> None:
        """Forms of nobody need a number; what a person typed is left alone."""
        editor = self.how.field("blanks").editor
        none, some = "0", str(DEFAULT_BLANKS)
        is_nobody = self.answers()["scope"] == NOBODY
        if editor.raw() == (none if is_nobody else some):
            editor.set_raw(some if is_nobody else none)

    def _propose_order(self) -> None:
        """A unit's forms are handed out at the unit, by name; everybody else's from house to house."""
        editor = self.how.field("order").editor
        units, houses = PaperOrder.ORGANIZATION, PaperOrder.HOUSEHOLD
        is_unit = self.answers()["scope"] == ORGANIZATION
        if editor.raw() == (houses if is_unit else units):
            editor.set_raw(units if is_unit else houses)

    def _show_fields(self) -> None:
        """Ask only what makes sense beside the other answers."""
        scope = self.who.field("scope").editor
        models = self.answers()["models"]
        assert isinstance(scope, ChoiceEditor)
        scope.set_choices(scopes_of(models))
        for form, key in ((self.who, "models"), (self.who, "scope"), (self.how, "order")):
            _leave_out_nothing(form.field(key).editor)
        if scope.raw() is None:
            scope.set_raw(scopes_of(models)[0][0])
        answers = self.answers()
        for form in (self.who, self.how):
            for field in form.spec.fields:
                form.set_shown(field.key, is_shown(field.key, answers))
        self.hamlets.setVisible(answers["scope"] == HAMLETS)

    # -- counting and showing ------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Read round and hamlets again, count and show."""
        with self.errors():
            self._round = current_round(self.context)
            self.set_subtitle(self._round.name)
            self.hamlets.set_hamlets(hamlets(self.context))
            self.clear_banner()
        self.count()

    def on_data_changed(self, kinds: tuple[str, ...]) -> None:
        """Counted again when next shown; what is being chosen stays."""
        self.is_stale = True

    def on_shown(self) -> None:
        self.who.focus_first()

    def _on_arranged(self, is_stacked: bool) -> None:
        """Where the window is narrow or zoomed the questions take the room of the sample; Ctrl+P shows all pages."""
        if self._is_stacked != is_stacked:
            self._is_stacked = is_stacked
            self._show_detail()
            self.sample.setVisible(self.plan is not None and not is_stacked)
            if not is_stacked and self.plan is not None:
                self._rest.start()

    def count(self) -> None:
        """Plan the print in a worker and show its first pages."""
        self._rest.stop()
        if self._round is None or self.shell is None:
            self._show_problem("")
            return
        if self._task is not None:
            self._task.cancel()
        try:
            asked = self.request()
        except UserError as problem:
            self._asked = None
            self._show_problem(problem.message)
            return
        self._asked = asked
        self.detail_label.setText("Đang đếm…")
        self._task = self.shell.tasks.run(
            partial(planned, self.context, asked, with_sample=not self.parts.is_stacked),
            partial(self._on_planned, asked),
            partial(self._on_failed, asked),
            title="Đang đếm phiếu",
            shows_dialog=False,
        )

    def _on_planned(self, asked: PaperRequest, result: tuple[PrintPlan, bytes]) -> None:
        if not isValid(self) or asked != self._asked:  # left meanwhile, or asked anew
            return
        self.plan, pdf = result
        self.count_label.setText(self.plan.words)
        self._show_detail()
        if pdf:
            self.sample.load(pdf)
        self._set_ready(True)

    def _show_detail(self) -> None:
        """Which forms, and by which sets where there is room for it."""
        if self.plan is not None:
            sets = "" if self.parts.is_stacked else self.plan.sets_words
            self.detail_label.setText(
                "\n".join(part for part in (self.plan.detail, self.plan.sheets_words, sets, self.plan.warning) if part)
            )

    def _on_failed(self, asked: PaperRequest, error: Exception) -> None:
        if not isValid(self) or asked != self._asked:  # left meanwhile, or asked anew
            return
        shown = as_app_error(error)
        self._show_problem(shown.message)
        if shown.code == "paper.too_many" and not self._is_touched:
            self._begin_with_a_hamlet()

    def _begin_with_a_hamlet(self) -> None:
        """A large commune is begun at its first hamlet, not with a refusal."""
        self._is_touched = True
        first = [uid for uid, _ in hamlets(self.context)][:1]
        if first and HAMLETS in dict(scopes_of(self.answers()["models"])):
            self.who.set_raw({"scope": HAMLETS})
            self.hamlets.choose(first)
            self.count()

    def _show_problem(self, sentence: str) -> None:
        self.plan = None
        self.count_label.setText("Chưa in được" if sentence else "")
        self.detail_label.setText(sentence)
        self._set_ready(False)

    def _set_ready(self, is_ready: bool) -> None:
        self.action("paper.save").setEnabled(is_ready)
        self.action("paper.open").setEnabled(is_ready)
        self.action("preview").setEnabled(is_ready)
        self.sample.setVisible(is_ready and not self.parts.is_stacked)

    # -- paper ---------------------------------------------------------------------------------------------------

    def save(self) -> None:
        """Ask where to, plan anew and write the PDF in a worker."""
        with self.errors():
            asked = self.request()
            path = dialogs.ask_save_file(
                self, "Cất phiếu thành tệp PDF", "PDF (*.pdf)", name=f"phieu {asked.year}.pdf", suffix="pdf"
            )
            if path is not None:
                self.run(
                    partial(written, self.context, asked, path),
                    partial(self._on_saved, path),
                    "Đang tạo phiếu",
                    stopped="Đã dừng; chưa có tệp nào được ghi.",
                    is_writing=True,
                )

    def _on_saved(self, path: Path, plan: PrintPlan) -> None:
        self.show_banner(
            f"Đã cất {plan.words} vào {path.name}. Tệp có dữ liệu cá nhân; việc in đã được ghi vào nhật ký.", "passed"
        )

    def open_print(self) -> None:
        """All pages as they will leave the printer, to look through and print."""
        from desktop_app.ui.recognition.preview_page import PreviewPage

        if self.shell is None or self.plan is None:
            return
        with self.errors():
            asked = self.request()
            made: list[PrintPlan] = []

            def make(out: Path, progress: Progress) -> None:
                made[:] = [plan_print(self.context, asked)]
                write_print(made[0], out, progress=progress)

            pages = PreviewPage(
                self.context, "Phiếu giấy", make, file_name=f"phieu {asked.year}.pdf",
                record=recorder(self.context, made), prints_one_first=True,
            )  # fmt: skip
            pages.help_topic = self.help_topic
            pages.view.saved.connect(lambda _path: note(self.context, made))
            self.shell.push(pages)


class _Parts(MasterDetail):
    """Questions and sample; tells which way they stand.

    Signals:
        arranged(bool): True when they stand one above the other.
    """

    arranged = Signal(bool)

    def __init__(self, shown: QWidget, asked: QWidget) -> None:
        super().__init__(shown, asked, detail_width=CHOICES_WIDTH, break_width=900, detail_first=True, stacked_height=0)

    def _arrange(self) -> None:
        super()._arrange()
        self.arranged.emit(self.is_stacked)


def _leave_out_nothing(editor: Any) -> None:
    """Of questions that always have an answer: no empty choice."""
    if isinstance(editor, ChoiceEditor) and editor.count() > 1 and editor.itemData(0) is None:
        editor.blockSignals(True)
        editor.removeItem(0)
        editor.blockSignals(False)
