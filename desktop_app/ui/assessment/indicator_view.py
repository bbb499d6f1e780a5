"""One indicator of a form (the guided face): its wording and how sure it is, levels by key, score, help, evidence.

Invariants: widgets are made once and filled anew for each indicator; an answer leaves here only through
``answered``, with a value that its indicator can take; what cannot be taken stays in the box with the reason beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from desktop_app.services.assessment.form import FactLine as CountedLine
from desktop_app.services.criteria.definition import AnswerType, Indicator
from desktop_app.ui import theme
from desktop_app.ui.assessment.check_panel import FindingLine
from desktop_app.ui.assessment.evidence_panel import EvidencePanel
from desktop_app.ui.assessment.guide import FactLine, FactView, Guide
from desktop_app.ui.assessment.inputs import AnswerBox, Levels, MetChoice
from desktop_app.ui.assessment.level_line import LevelLine
from desktop_app.ui.assessment.session import FormSession, after_in
from desktop_app.ui.assessment.words import answer_words, is_sure, whole_sureness
from desktop_app.ui.widgets.basics import Button, QuietButton, label
from desktop_app.ui.widgets.feedback import IconView
from desktop_app.ui.widgets.layouts import ScrollBody, grid, hbox, sized, vbox
from desktop_app.ui.widgets.scoring import Level

SIDE_WIDTH = 272
BREAK_WIDTH = 640
LONG_WORDING = 2
"""Above so many lines the wording is set smaller."""


class IndicatorView(QFrame):
    """The card.

    Signals:
        answered(str, object): code and value to be stored now; None takes the answer back.
        typed(str, object): code and value as it stands, for the preview; None when there is none.
        forward_asked, back_asked: Enter and Shift+Enter, after what stands there was taken.
        evidence_toggled: the button with the paperclip.
        fact_opened(str): who stands behind this counted share is asked for.
        last_year_asked: last year's value is to be taken over for this indicator.
    """

    answered = Signal(str, object)
    typed = Signal(str, object)
    forward_asked = Signal()
    back_asked = Signal()
    evidence_toggled = Signal()
    last_year_asked = Signal()
    fact_opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session: FormSession | None = None
        self._indicator: Indicator | None = None
        self._is_wide: bool | None = None
        self._is_compact = False
        self._said = ""
        outer = vbox(self, spacing=0)
        inner = self._inner = QWidget()
        self._column = vbox(inner, margins=(18, 12, 18, 12), spacing=5)
        self._scroll = ScrollBody(inner)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self._scroll)
        self._build_head()
        self._build_answer()
        self._connect()
        theme.notifier().changed.connect(self._arrange)

    def _build_head(self) -> None:
        row = hbox(spacing=12)
        self.criterion_label = label("", "small", wrap=True)
        row.addWidget(self.criterion_label, 1)
        self.place_label = label("", "small")
        row.addWidget(self.place_label, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(row)
        self.wording_label = label("", "title", wrap=True)
        self._column.addWidget(self.wording_label)
        self._sure = QWidget()
        line = hbox(self._sure, spacing=6)
        self._sure_icon = IconView("info", 15, "attention")
        line.addWidget(self._sure_icon, 0, Qt.AlignmentFlag.AlignTop)
        self.sure_label = label("", "warning", wrap=True)
        line.addWidget(self.sure_label, 1)
        self._column.addWidget(self._sure)
        self.fact_line = FactLine()
        self._column.addWidget(self.fact_line)
        self._column.addSpacing(2)

    def _build_answer(self) -> None:
        self.levels = Levels()
        self.met = MetChoice()
        self.fact_view = FactView()
        self._answer = QWidget()
        column = vbox(self._answer, spacing=8)
        for widget in (self.levels, self.met, self.fact_view):
            column.addWidget(widget)
        column.addStretch(1)
        self._score = QWidget()
        self._build_score()
        self.guide = Guide()
        self.evidence = EvidencePanel()
        self.is_whole_evidence = False
        self.evidence.hide()
        self._side = QWidget()
        side = vbox(self._side, spacing=0)
        side.addWidget(self.guide)
        side.addWidget(self.evidence)
        side.addStretch(1)
        self._grid = grid(spacing=12)
        self._column.addLayout(self._grid)
        self._column.addStretch(1)

    def _build_score(self) -> None:
        column = vbox(self._score, spacing=4)
        row = hbox(spacing=10)
        self._score_column, self._score_row = column, row
        self._score_label = label("Điểm")
        self.box = AnswerBox()
        self._score_label.setBuddy(self.box)
        self.limit_label = label("", "quiet", wrap=True)
        row.addWidget(self._score_label)
        row.addWidget(self.box)
        row.addWidget(self.limit_label, 1)
        column.addLayout(row)
        self.level_line = LevelLine()
        self.level_line.hide()
        column.addWidget(self.level_line)
        self.error_label = label("", "error", wrap=True)
        self.error_label.hide()
        column.addWidget(self.error_label)
        self.finding_line = FindingLine()
        column.addWidget(self.finding_line)
        self.again_button = Button("", icon="repeat-2", key="Shift+F7", role="link", small=True)
        self.again_button.hide()
        column.addWidget(self.again_button)
        self.evidence_button = QuietButton("Minh chứng", icon="paperclip", key="Ctrl+M")
        column.addWidget(self.evidence_button)
        self._score.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _connect(self) -> None:
        self.box.entered.connect(lambda: self._go(self.forward_asked))
        self.box.back_pressed.connect(lambda: self._go(self.back_asked))
        self.box.score_changed.connect(self._on_typed)
        self.box.textEdited.connect(lambda _text: self._on_text())
        self.box.level_typed.connect(self.levels.choose_letter)
        self.box.stepped.connect(self._on_stepped)
        self.levels.level_chosen.connect(self._on_level)
        self.levels.digit_typed.connect(self.box.begin)
        for source in (self.levels, self.met):
            source.submitted.connect(lambda: self._go(self.forward_asked))
            source.back_pressed.connect(lambda: self._go(self.back_asked))
        self.met.level_chosen.connect(self._on_met)
        self.fact_view.entered.connect(self.forward_asked)
        self.fact_view.back_pressed.connect(self.back_asked)
        self.fact_view.list_asked.connect(self.fact_opened)
        self.fact_line.list_asked.connect(self.fact_opened)
        self.again_button.clicked.connect(self.last_year_asked)
        self.evidence_button.clicked.connect(self.evidence_toggled)
        self.evidence.closed.connect(self.evidence_toggled)

    # -- filling -------------------------------------------------------------------------------------------------

    def show_indicator(self, session: FormSession, place: int, *, criterion: str) -> None:
        """Fill the card with one indicator of the form."""
        indicator = session.indicators[place]
        self._session, self._indicator = session, indicator
        self.criterion_label.setText(criterion)
        self.place_label.setText(f"{place + 1} / {len(session.indicators)}")
        self.wording_label.setText(indicator.shown_text)
        self._size_wording()
        self._show_sureness()
        self._fill_answer(session, indicator)
        self.guide.set_indicator(indicator)
        self.refresh_evidence()
        self._arrange()
        self._scroll.verticalScrollBar().setValue(0)

    def _show_sureness(self) -> None:
        if self._session is None or self._indicator is None:
            return
        definition = self._session.definition
        sure = is_sure(definition, self._indicator)
        said = whole_sureness(definition, self._indicator, with_suggestion=self._is_compact)
        self.sure_label.setText(said)
        self._sure_icon.set_icon("circle-check" if sure else "info", "passed" if sure else "attention")

    def _fill_answer(self, session: FormSession, indicator: Indicator) -> None:
        counted = session.is_counted(indicator)
        is_met = indicator.answer_type is AnswerType.MET
        is_points = indicator.answer_type is AnswerType.POINTS
        self.levels.setVisible(is_points)
        self.level_line.setVisible(is_points and self._is_compact)
        self.met.setVisible(is_met)
        self.fact_view.setVisible(counted or not (is_met or is_points))
        has_box = not is_met and not counted
        self.box.setVisible(has_box)
        self._score_label.setVisible(has_box)
        self._score_label.setText("Điểm" if is_points else "Tỷ lệ")
        fact = session.state.facts.get(indicator.fact or "")
        self.fact_line.set_fact(indicator.fact or "", fact if is_points else None, _others(session, indicator))
        is_writable = not session.state.readonly_reason
        if is_points:
            levels = [Level(lv.name, lv.min, lv.max, lv.description) for lv in indicator.levels]
            self.levels.set_levels(levels)
        if is_met:
            self.met.set_indicator(indicator)
        if counted and fact is not None:
            self.fact_view.set_fact(
                session.definition, indicator, fact, _others(session, indicator), is_frozen=session.state.is_frozen
            )
        elif indicator.answer_type is AnswerType.PERCENT:
            self.fact_view.set_typed(session.definition, indicator, session.value(indicator.code))
        if has_box:
            self.box.set_indicator(indicator)
        for widget in (self.box, self.levels, self.met):
            widget.setEnabled(is_writable)
        words = self._limit_words(session, indicator)
        self.limit_label.setText(words)
        self.limit_label.setVisible(bool(words))
        self.show_value(session.value(indicator.code))

    def _limit_words(self, session: FormSession, indicator: Indicator) -> str:
        parts = []
        if indicator.answer_type is AnswerType.POINTS:
            parts.append(f"/ {indicator.max_score or 0:g}")
        elif indicator.answer_type is AnswerType.PERCENT and not session.is_counted(indicator):
            parts.append("%")
        before = session.earlier(indicator.code)
        if before is not None and session.state.earlier is not None:
            parts.append(f"năm {session.state.earlier.year}: {answer_words(indicator, before)}")
        return " · ".join(parts)

    def show_value(self, value: float | None) -> None:
        """Show a stored answer without reporting it."""
        indicator = self._indicator
        if indicator is None:
            return
        self._show_again()
        if indicator.answer_type is AnswerType.MET:
            self.met.set_value(value)
            return
        self.box.set_score(value)
        if indicator.answer_type is AnswerType.POINTS:
            self._mark_level(value)
        self._show_error()

    def _show_again(self) -> None:
        """The offer of last year's value, while it is not what stands."""
        session, indicator = self._session, self._indicator
        before = session.offered(indicator) if session is not None and indicator is not None else None
        if session is not None and indicator is not None and before is not None and session.state.earlier is not None:
            words = f"Lấy lại {answer_words(indicator, before)} của năm {session.state.earlier.year}"
            self.again_button.setText(words)
            self.again_button.setAccessibleName(f"{words}, phím Shift+F7")
            self.again_button.setToolTip(f"{words} (Shift+F7)")
            self.again_button.updateGeometry()
        self.again_button.setVisible(before is not None)

    def refresh_evidence(self) -> None:
        """Show the number of attached files, and the files where the panel is open."""
        session, indicator = self._session, self._indicator
        if session is None or indicator is None:
            return
        own, whole = session.evidence(indicator.code), session.evidence("")
        self.evidence_button.setText(f"Minh chứng ({len(own)})" if own else "Minh chứng")
        self.evidence_button.setAccessibleName(f"Minh chứng: {len(own)} ở mục này, {len(whole)} của cả phiếu")
        self.evidence_button.updateGeometry()
        if self.evidence.isHidden():
            self.is_whole_evidence = False
        else:
            shown, others = (whole, own) if self.is_whole_evidence else (own, whole)
            self.evidence.set_files(
                indicator, shown, is_whole=self.is_whole_evidence, others=len(others),
                is_readonly=bool(session.state.readonly_reason),
            )  # fmt: skip

    def show_evidence(self, shown: bool) -> None:
        """The files in place of the help, or the help again."""
        self.evidence.setVisible(shown)
        self.guide.setVisible(not shown)
        self.refresh_evidence()
        if shown:
            QTimer.singleShot(0, self, lambda: self._scroll.ensureWidgetVisible(self.evidence, 0, theme.px(8)))

    # -- answering -----------------------------------------------------------------------------------------------

    def focus_answer(self) -> None:
        """Put the focus where the answer is given."""
        for widget in (self.box, self.met, self.fact_view):
            if not widget.isHidden():
                widget.setFocus(Qt.FocusReason.OtherFocusReason)
                self.show_answer_area()
                if self._is_compact:
                    QTimer.singleShot(0, self, self.show_answer_area)
                return

    def show_answer_area(self) -> None:
        """Bring into sight where the answer is given, in a narrow window with the level that it reaches."""
        shown = next((widget for widget in (self.box, self.met, self.fact_view) if not widget.isHidden()), self.box)
        if not self.level_line.isHidden():
            self._scroll.ensureWidgetVisible(self._score, 0, theme.px(8))
        self._scroll.ensureWidgetVisible(shown, 0, theme.px(8))
        if shown is self.fact_view and self._is_compact:
            top = shown.mapTo(self._inner, QPoint(0, -theme.px(8)))
            self._scroll.verticalScrollBar().setValue(top.y())

    def take(self) -> bool:
        """Take what stands in the box; False when it cannot be taken, with the reason beside it."""
        session, indicator = self._session, self._indicator
        if session is None or indicator is None or self.box.isHidden() or not self.box.isEnabled():
            return True
        if self.box.error:
            self._show_error()
            self.box.setFocus(Qt.FocusReason.OtherFocusReason)
            self.box.selectAll()
            return False
        if self.box.score != session.value(indicator.code):
            self.answered.emit(indicator.code, self.box.score)
        return session.value(indicator.code) == self.box.score

    def repeat(self, value: float | None) -> None:
        """F7: offer a value as if it had been typed; it is stored by Enter."""
        if value is not None and not self.box.isHidden() and self.box.isEnabled():
            self._offer(value)

    def take_over(self) -> None:
        """Shift+F7: last year's value, as if it had been typed (Enter stores it) or its key pressed."""
        session, indicator = self._session, self._indicator
        before = session.offered(indicator) if session is not None and indicator is not None else None
        if indicator is None or before is None:
            return
        if indicator.answer_type is AnswerType.MET:
            self.met.set_value(before)
            self.answered.emit(indicator.code, bool(before))
        else:
            self.repeat(before)

    def _go(self, signal: SignalInstance) -> None:
        if self.take():
            signal.emit()

    def _on_typed(self, score: float | None) -> None:
        if self._indicator is not None:
            if self._indicator.answer_type is AnswerType.POINTS:
                self._mark_level(score)
            elif self._session is not None:
                self.fact_view.set_typed(self._session.definition, self._indicator, score)
            self.typed.emit(self._indicator.code, score)

    def _on_text(self) -> None:
        """What cannot be an answer counts for nothing: the levels and the total show what is stored."""
        self._show_error()
        if self.box.error and self._indicator is not None and self._session is not None:
            self._mark_level(None)
            self.typed.emit(self._indicator.code, self._session.value(self._indicator.code))

    def _on_level(self, place: int) -> None:
        indicator = self._indicator
        if indicator is None or not self.box.isEnabled():
            return
        level = indicator.levels[place]
        self._offer(after_in(level.min, level.max, indicator.step, None if self.box.error else self.box.score))

    def _on_stepped(self, step: int) -> None:
        indicator = self._indicator
        if indicator is None or indicator.answer_type is not AnswerType.POINTS or not indicator.levels:
            return
        here = self.levels.current
        last = len(indicator.levels) - 1
        place = (0 if step > 0 else last) if here is None else max(0, min(last, here + step))
        if place != here:
            level = indicator.levels[place]
            self._offer(after_in(level.min, level.max, indicator.step, None))

    def _offer(self, score: float) -> None:
        self.box.set_score(score)
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.box.selectAll()
        self._show_error()
        self._on_typed(score)

    def _on_met(self, place: int) -> None:
        if self._indicator is not None:
            self.answered.emit(self._indicator.code, place == MetChoice.MET)

    def _mark_level(self, score: float | None) -> None:
        from desktop_app.services.assessment.scoring import level_for

        indicator = self._indicator
        found = level_for(indicator, score) if indicator is not None else None
        place = indicator.levels.index(found) if indicator is not None and found is not None else None
        self.levels.set_current(place)
        if indicator is not None:
            self.level_line.show_levels(indicator, place)

    def _show_error(self) -> None:
        self.error_label.setText(self.box.error)
        self.error_label.setVisible(bool(self.box.error))

    # -- shape ---------------------------------------------------------------------------------------------------

    def set_compact(self, compact: bool) -> None:
        """Where the page has a line of its own for who and which indicator, the card leaves them out."""
        for widget in (self.criterion_label, self.place_label):
            widget.setVisible(not compact)
        self._is_compact = compact
        self.level_line.setVisible(compact and not self.levels.isHidden())
        self._size_wording()
        self._show_sureness()
        self.guide.show_result(self._said if compact else "")

    def show_result(self, said: str) -> None:
        """The whole verdict below the help, where the foot has no room for all of it."""
        self._said = said
        self._show_again()
        if self._is_compact:
            self.guide.show_result(said)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._size_wording()
            self._arrange()
        if self._is_compact and (self.box.hasFocus() or self.fact_view.hasFocus()):
            QTimer.singleShot(0, self, self.show_answer_area)

    def _size_wording(self) -> None:
        """Two lines of the larger size, else the smaller one: long official wordings keep the levels in sight."""
        from PySide6.QtGui import QFontMetrics

        from desktop_app.ui.widgets.basics import repolish

        room = self.width() - 2 * theme.px(18)
        lines = QFontMetrics(theme.font(theme.TITLE, bold=True)).horizontalAdvance(self.wording_label.text()) / room
        role = "title" if lines <= LONG_WORDING - 0.15 and not self._is_compact else "strong"
        if self.wording_label.property("role") != role:
            self.wording_label.setProperty("role", role)
            repolish(self.wording_label)

    def _arrange(self) -> None:
        """Answer and help side by side, or the score above the levels where the room is narrow."""
        is_wide = self.width() >= theme.px(BREAK_WIDTH)
        sized(self._side, **({"width": SIDE_WIDTH} if is_wide else {"min_width": 0, "max_width": 4000}))
        sized(self._score, **({"width": SIDE_WIDTH} if is_wide else {"min_width": 0, "max_width": 4000}))
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        places = ((0, 0, 2), (0, 1, 1), (1, 1, 1)) if is_wide else ((2, 0, 1), (0, 0, 1), (3, 0, 1))
        if is_wide:
            self._column.insertWidget(2, self._sure)
            self._score_column.addWidget(self.evidence_button)
        else:
            self._grid.addWidget(self._sure, 1, 0)
            self._score_row.addWidget(self.evidence_button, 0, Qt.AlignmentFlag.AlignRight)
        for widget, (row, column, span) in zip((self._answer, self._score, self._side), places, strict=True):
            self._grid.addWidget(widget, row, column, span, 1)
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, 0)
        self._grid.setRowStretch(1, 1 if is_wide else 0)
        self._grid.setHorizontalSpacing(theme.px(20))


def _others(session: FormSession, indicator: Indicator) -> Sequence[str]:
    """The count under the other readings of its denominator, for reference."""
    lines: Sequence[CountedLine] = session.state.fact_lines
    return next((line.others for line in lines if indicator.code in line.codes), ())
