"""Công nhận: from those who pass to a decision, numbered certificates in their queues, and the register book.

Invariant: numbers are given only after the person has read what will happen and said yes; the page shows what services
return and writes nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.models.types import CertificateStatus, LearningModel, Uid
from desktop_app.services.assessment.review.postings import still_hanging
from desktop_app.services.assessment.rounds import current_round, list_rounds
from desktop_app.services.context import Context
from desktop_app.services.errors import AppError
from desktop_app.services.progress import Progress
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.lists import certificate_record
from desktop_app.services.recognition.overview import ModelCounts, check_decision, model_counts
from desktop_app.services.recognition.records import CertificateRecord, Recognition
from desktop_app.services.vietnamese import number_text
from desktop_app.ui import theme
from desktop_app.ui.actions import ActionSpec
from desktop_app.ui.errors import show_error
from desktop_app.ui.page import Page
from desktop_app.ui.recognition import questions
from desktop_app.ui.recognition.book_view import BookView
from desktop_app.ui.recognition.candidates_view import CandidatesView
from desktop_app.ui.recognition.certificates_view import CertificatesView
from desktop_app.ui.recognition.decision_form import DecisionAnswers
from desktop_app.ui.recognition.deeds import CHANGED, CertificateDeeds, can_hand_over, can_sign, told
from desktop_app.ui.recognition.proposal_papers import ProposalPapers
from desktop_app.ui.recognition.tabs import Tab, Tabs
from desktop_app.ui.recognition.words import MODEL_TABS, counted
from desktop_app.ui.widgets.basics import Button, QuietButton
from desktop_app.ui.widgets.layouts import hbox
from desktop_app.ui.widgets.search import FilterChip

SCOPE = "Công nhận"
CANDIDATES, PAPERS, BOOK = "candidates", "papers", "book"
STEPS = ((CANDIDATES, "Xét công nhận"), (PAPERS, "Giấy công nhận"), (BOOK, "Sổ theo dõi"))
BREAK_WIDTH = 960
"""Below this width (at 100 %) models and steps are menus, and the main button says less."""


class _Views(QStackedWidget):
    """The three views; takes the room that is left and scrolls inside itself, so that a banner never makes the page
    scroll while the lists can still give way."""

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        return False


class RecognitionPage(Page):
    """The page; see the module's text."""

    title_text = "Công nhận"
    help_topic = "cong_nhan"
    search_placeholder = "Tìm tên, số vào sổ, mã QR…"
    searches_itself = True
    ACTIONS = (
        ActionSpec("recognition.candidates", "Xét công nhận", "Ctrl+1", "list-checks", scope=SCOPE),
        ActionSpec("recognition.papers", "Giấy công nhận", "Ctrl+2", "award", scope=SCOPE),
        ActionSpec("recognition.book", "Sổ theo dõi", "Ctrl+3", "book-open-check", scope=SCOPE),
        ActionSpec("recognition.half", "Sang bảng bên hoặc về danh sách", "F6", scope=SCOPE),
        ActionSpec("recognition.decide", "Công nhận", "Ctrl+Return", "award", scope=SCOPE),
        ActionSpec("recognition.aside", "Để lại lần sau, hoặc lấy lại", "Ctrl+D", "clock", scope=SCOPE),
        ActionSpec("recognition.letter", "Tờ trình", "Ctrl+T", "file-text", scope=SCOPE),
        ActionSpec("recognition.print", "In giấy", "Ctrl+P", "printer", scope=SCOPE),
        ActionSpec("recognition.sign", "Ghi đã ký", "Ctrl+G", "signature", scope=SCOPE),
        ActionSpec("recognition.hand_over", "Ghi đã trao", "Ctrl+H", "send", scope=SCOPE),
        ActionSpec("recognition.decision", "Quyết định", "Ctrl+E", "gavel", scope=SCOPE),
        ActionSpec("recognition.handover_list", "Sổ ký nhận", "Ctrl+L", "scroll-text", scope=SCOPE),
        ActionSpec("recognition.reissue", "Cấp lại giấy", "Ctrl+R", "repeat-2", scope=SCOPE),
        ActionSpec("recognition.book_paper", "Xem và in sổ", "Ctrl+B", "printer", scope=SCOPE),
    )

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.year = 0
        self.is_narrow = False
        self.counts: dict[LearningModel, ModelCounts] = {}
        self.models = Tabs("Mô hình", [Tab(model, text, 0) for model, text in MODEL_TABS.items()])
        self.steps = Tabs("Bước", [Tab(step, text) for step, text in STEPS])
        self.round_chip = FilterChip("Đợt", [(0, "…")])
        self.candidates = CandidatesView(context)
        self.papers = CertificatesView(context, self._row_buttons)
        self.book = BookView(context)
        self.deeds = CertificateDeeds(self, self.papers)
        self.proposal_papers = ProposalPapers(self, self.candidates)
        self._views: dict[object, CandidatesView | CertificatesView | BookView] = {
            CANDIDATES: self.candidates,
            PAPERS: self.papers,
            BOOK: self.book,
        }
        self._build()
        self._bind()
        self._connect()

    # -- building ------------------------------------------------------------------------------------------------

    def _build(self) -> None:
        top = QWidget()
        row = hbox(top, spacing=8)
        row.addWidget(self.models, 1)
        row.addWidget(self.round_chip)
        row.addWidget(self.steps)
        theme.remember_layout(self.body, (24, 10, 24, 20), 12)
        self.body.addWidget(top)
        self.stack = _Views()
        for view in self._views.values():
            self.stack.addWidget(view)
        self.body.addWidget(self.stack, 1)
        theme.notifier().changed.connect(self._arrange)

    def _bind(self) -> None:
        self.bind("reload", self.refresh)
        for step, _ in STEPS:
            self.bind(f"recognition.{step}", partial(self.show_step, step))
        self.bind("recognition.half", self._on_half)
        self.bind("recognition.aside", self.on_aside)
        self.bind("recognition.reissue", lambda: self._on_papers(self.deeds.ask_reissue))
        self.bind("delete", lambda: self._on_papers(self.deeds.ask_void))
        deeds = self.deeds
        self.decide_button = self.button_for("recognition.decide", self.on_decide, primary=True, show_key=False)
        self.letter_button = self.button_for("recognition.letter", self._on_letter)
        self.preview_button = self.button_for("preview", self.on_preview, text="Xem trước")
        self.decision_button = self.button_for("recognition.decision", self.on_decision)
        self.list_button = self.button_for("recognition.handover_list", self._for_papers(deeds.handover_list))
        self.print_button = self.button_for("recognition.print", self._for_papers(deeds.preview), primary=True)
        self.sign_button = self.button_for("recognition.sign", self._for_papers(deeds.sign), primary=True)
        self.hand_button = self.button_for("recognition.hand_over", self._for_papers(deeds.ask_hand_over), primary=True)
        self.book_button = self.button_for("recognition.book_paper", self.on_book_paper, primary=True)

    def _connect(self) -> None:
        self.models.chosen.connect(lambda _model: self.show_current())
        self.steps.chosen.connect(lambda _step: self.show_current())
        self.round_chip.chosen.connect(self._on_round)
        self.candidates.chosen_changed.connect(self._show_header)
        self.candidates.submitted.connect(self.on_decide)
        self.candidates.form_asked.connect(self._open_form)
        self.candidates.settings_asked.connect(self._open_settings)
        self.papers.queue_changed.connect(self._show_header)
        self.papers.opened.connect(lambda uid: self.deeds.preview([uid]))
        self.book.opened.connect(self.open_target)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        was, self.is_narrow = self.is_narrow, self.width() < theme.px(BREAK_WIDTH)
        self.models.set_compact(self.is_narrow)
        self.steps.set_compact(self.is_narrow)
        if was != self.is_narrow:
            self._show_header()

    # -- showing -------------------------------------------------------------------------------------------------

    @property
    def model(self) -> LearningModel:
        value = self.models.value
        return value if isinstance(value, LearningModel) else LearningModel.CITIZEN

    @property
    def step(self) -> object:
        return self.steps.value

    @property
    def view(self) -> CandidatesView | CertificatesView | BookView:
        return self._views[self.step]

    def refresh(self) -> None:
        """Read counts of all models and the view in front."""
        with self.errors():
            rounds = list_rounds(self.context)
            if self.year not in [item.year for item in rounds]:
                self.year = current_round(self.context).year
            self.round_chip.set_choices([(item.year, str(item.year)) for item in rounds])
            self.round_chip.set_value(self.year)
            self.round_chip.setVisible(len(rounds) > 1)
            self.counts = model_counts(self.context, self.year)
            self._show_counts()
            self.show_current()

    def _show_counts(self) -> None:
        tabs = [
            Tab(model, text, self.counts[model].ready + self.counts[model].standing)
            for model, text in MODEL_TABS.items()
        ]
        self.models.set_tabs(tabs)

    def show_current(self) -> None:
        """Show the model and step that are chosen."""
        with self.errors():
            counts = self.counts.get(self.model)
            texts = {CANDIDATES: counts.ready, PAPERS: counts.standing} if counts else {}
            self.steps.set_tabs([Tab(step, text, texts.get(step)) for step, text in STEPS])
            self.view.text = self.search_text
            if isinstance(self.view, CandidatesView):
                self.view.show_model(self.year, self.model, counts.candidates if counts else None)
            else:
                self.view.show_model(self.year, self.model)
            self.stack.setCurrentWidget(self.view)
            self._show_header()

    def show_step(self, step: object) -> None:
        """Go to one of the three views, with the focus on its list."""
        self.steps.set_value(step)
        self.show_current()
        self.view.focus_list()

    def _show_header(self) -> None:
        self.set_subtitle(f"Đợt {self.year}" if self.year else "")
        if self.step == CANDIDATES:
            self._show_candidates_header()
        elif self.step == PAPERS:
            self._show_papers_header()
        else:
            self.book_button.setEnabled(self.book.count > 0)
            self.set_header_buttons(self.book_button)

    def _show_candidates_header(self) -> None:
        count = self.candidates.count
        may = count > 0 and self.candidates.proposal.is_office
        words = number_text(count) if self.is_narrow else counted(count, self.model)
        set_button(self.decide_button, f"Công nhận {words}" if count else "Công nhận")
        self.decide_button.set_primary(count > 0)
        self.action("recognition.decide").setEnabled(may)
        self.action("recognition.letter").setEnabled(count > 0)
        self.action("preview").setEnabled(count > 0)
        self.set_header_buttons(self.letter_button, self.preview_button, self.decide_button)

    def _show_papers_header(self) -> None:
        papers = self.papers
        count = papers.picked_count()
        words = number_text(count)
        self.action("recognition.decision").setEnabled(bool(papers.known_decisions))
        self.action("recognition.handover_list").setEnabled(count > 0)
        self.action("preview").setEnabled(count > 0)
        self.action("recognition.print").setEnabled(count > 0 and papers.queue is not CertificateStatus.VOIDED)
        set_button(self.print_button, f"In {words} giấy")
        set_button(self.sign_button, f"Ghi đã ký {words} giấy")
        set_button(self.hand_button, f"Ghi đã trao {words} giấy")
        primary = {
            CertificateStatus.PRINTED: self.sign_button,
            CertificateStatus.SIGNED: self.hand_button,
        }.get(papers.queue or CertificateStatus.ISSUED, self.print_button)
        for name in ("recognition.sign", "recognition.hand_over"):
            self.action(name).setEnabled(count > 0)
        self.set_header_buttons(self.decision_button, self.list_button, primary)

    def on_shown(self) -> None:
        self.view.focus_list()

    def on_search(self, text: str) -> None:
        with self.errors():
            self.view.set_text(text)

    def open_target(self, target: object) -> None:
        """Show a certificate (its uid), or a model."""
        with self.errors():
            if isinstance(target, LearningModel):
                self.models.set_value(target)
                self.show_current()
                return
            record = certificate_record(self.context, str(target))
            self.year = record.year
            self.search_text = ""
            self.models.set_value(record.model)
            self.steps.set_value(PAPERS)
            self.refresh()
            self.papers.show_certificate(record.uid)

    def _on_round(self, year: object) -> None:
        self.year = int(str(year))
        self.refresh()

    def _open_form(self, model: LearningModel, uid: Uid) -> None:
        if self.shell is not None:
            self.shell.open_page("assessment", (model, uid) if uid else model)

    def _open_settings(self) -> None:
        if self.shell is not None:
            self.shell.open_page("settings", "criteria")

    # -- recognising ---------------------------------------------------------------------------------------------

    def on_decide(self) -> None:
        """Check the decision, say what will happen, ask, recognise."""
        with self.errors():
            self.clear_banner()
            view = self.candidates
            chosen = view.chosen()
            if self.step != CANDIDATES or not chosen.count:
                return
            if not view.shows_ready:
                view.parts.choose(True)
            answers = view.read_decision()
            if answers is None:
                return
            number = check_decision(self.context, self.year, self.model, answers.number, answers.date)
            hanging = still_hanging(self.context, self.year, self.model, answers.date)
            if questions.confirm_recognition(
                self, self.model, view.numbers(chosen.count), number, answers.date, chosen.left_out, hanging
            ):
                self._recognise(answers, chosen.subjects)

    def _recognise(self, answers: DecisionAnswers, subjects: Sequence[Uid] | None) -> None:
        assert self.shell is not None
        year, model = self.year, self.model

        def work(progress: Progress) -> Recognition:
            return recognise(
                self.context,
                year,
                model,
                answers.number,
                answers.date,
                subjects,
                signer_title=answers.signer_title,
                signer_name=answers.signer_name,
                submission_number=answers.submission_number,
                progress=progress,
            )

        self.shell.tasks.run(work, self._on_recognised, self._on_failed, title="Đang công nhận và cấp số")

    def _on_recognised(self, result: Recognition) -> None:
        assert self.shell is not None
        decision = result.decision
        if decision is None:
            self.show_banner("Không ai được công nhận: danh sách vừa thay đổi. Hãy xem phần “Còn lại”.", "attention")
            self.shell.announce_change(*CHANGED)
            return
        self.candidates.forget_decision()
        self.models.set_value(decision.model)
        self.steps.set_value(PAPERS)
        self.papers.queues.set_value(CertificateStatus.ISSUED)
        self.shell.announce_change(*CHANGED)
        self.papers.show_queue(CertificateStatus.ISSUED)
        self.show_banner(
            told(decision.model, result.recognised, decision),
            "passed",
            button="Xem quyết định",
            on_button=lambda: self.deeds.decision_paper(decision),
        )
        self.papers.focus_list()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, AppError):
            self.show_banner(error.message, "attention")
        else:
            show_error(error, self)

    def on_aside(self) -> None:
        if self.step == CANDIDATES:
            self.candidates.put_aside()

    def on_preview(self) -> None:
        """F9: drafts of what would be given, or the selected certificates."""
        if self.step == PAPERS:
            self.deeds.preview(self.papers.selected_uids())
        elif self.step == BOOK:
            self.on_book_paper()
        else:
            self.proposal_papers.drafts()

    # -- papers --------------------------------------------------------------------------------------------------

    def _on_half(self) -> None:
        """F6."""
        if not isinstance(self.view, BookView):
            self.view.switch_half(self.window().focusWidget())

    def on_book_paper(self) -> None:
        if self.step == BOOK and self.book.count:
            self.deeds.register_book(self.year, self.model)

    def on_decision(self) -> None:
        """Show the decision of the current certificate, else the newest."""
        if self.step != PAPERS or not self.papers.known_decisions:
            return
        row = self.papers.current()
        known = {item.uid: item for item in self.papers.known_decisions}
        newest = self.papers.known_decisions[0]
        self.deeds.decision_paper(known.get(row.decision, newest) if row is not None else newest)

    def _on_letter(self) -> None:
        if self.step == CANDIDATES:
            self.proposal_papers.letter()

    def _for_papers(self, deed: Callable[[], object]) -> Callable[[], None]:
        return lambda: self._on_papers(deed)

    def _on_papers(self, deed: Callable[[], object]) -> None:
        if self.step == PAPERS:
            with self.errors():
                deed()

    def _row_buttons(self, row: CertificateRecord, count: int) -> tuple[Sequence[Button], Sequence[Button]]:
        """Buttons of the side panel: at the foot, and among the facts."""
        if row.is_voided and count == 1:
            return (), ()
        uids = [row.uid] if count == 1 else None
        foot = []
        if count == 1:
            foot.append(_button("Xem giấy", "eye", "F9", lambda: self.deeds.preview([row.uid])))
            if can_sign(row):
                foot.append(_button("Ghi đã ký", "signature", "", lambda: self.deeds.sign(uids)))
            if can_hand_over(row):
                foot.append(_button("Ghi đã trao", "send", "", lambda: self.deeds.ask_hand_over(uids)))
        among = []
        if count == 1:
            among.append(_button("Cấp lại", "repeat-2", "Ctrl+R", self.deeds.ask_reissue, small=True))
        words = "Hủy giấy" if count == 1 else f"Hủy {number_text(count)} giấy"
        among.append(_button(words, "ban", "F8", self.deeds.ask_void, small=True))
        return foot, among


def set_button(button: Button, text: str) -> None:
    """New words on a button of the header."""
    if button.text() != text:
        button.setText(text)
        button.setAccessibleName(text)
        button.updateGeometry()
        button.update()


def _button(text: str, icon: str, key: str, deed: Callable[[], object], *, small: bool = False) -> Button:
    made = QuietButton(text, icon=icon, key=key, small=small)
    made.clicked.connect(lambda _checked=False: deed())
    return made
