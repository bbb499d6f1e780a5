"""All indicators of a form on one scrolling page, for who knows the form by heart: numbers, Enter, next.

Invariants: the same answers and the same refusals as in the guided face; every row saves by itself.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_app.services.assessment.scoring import level_for
from desktop_app.services.assessment.verdict import percent_text
from desktop_app.services.criteria.definition import AnswerType, Criterion, Indicator
from desktop_app.ui import theme
from desktop_app.ui.assessment.guide import typed_share_line
from desktop_app.ui.assessment.inputs import AnswerBox, score_text
from desktop_app.ui.assessment.session import FormSession, after_in, middle
from desktop_app.ui.assessment.words import answer_tone, answer_words, heading_words, share_line, sureness
from desktop_app.ui.widgets.basics import label, set_tone
from desktop_app.ui.widgets.layouts import ScrollBody, hbox, rule, sized, vbox

BREAK_WIDTH = 640
MET_WORDS = "1 đạt · 0 chưa đạt"


class MetBox(AnswerBox):
    """Met or not as one digit, 1 or 0, so that the whole page is typed the same way; Đ and C do the same."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        typed = {"đ": "1", "d": "1", "a": "1", "c": "0", "b": "0"}.get(event.text().lower())
        if typed is not None:
            self.setText(typed)
            self._on_edited(typed)
        else:
            super().keyPressEvent(event)


class Row(QWidget):
    """One indicator: its number, wording and sureness at the left, its answer at the right."""

    def __init__(self, session: FormSession, place: int) -> None:
        super().__init__()
        self.place = place
        self.indicator: Indicator = session.indicators[place]
        self.is_counted = session.is_counted(self.indicator)
        is_met = self.indicator.answer_type is AnswerType.MET
        row = hbox(self, margins=(0, 8, 0, 8), spacing=14)
        number = sized(label(self.indicator.number, "quiet"), width=34)
        row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
        words = vbox(spacing=2)
        words.addWidget(label(self.indicator.shown_text, wrap=True))
        self.small_label = label("", "help", wrap=True)
        words.addWidget(self.small_label)
        self.error_label = label("", "error", wrap=True)
        self.error_label.hide()
        words.addWidget(self.error_label)
        row.addLayout(words, 1)
        self.level_label = sized(label("", "small"), width=112)
        self.level_label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.level_label)
        self.box = MetBox() if is_met else AnswerBox()
        self.box.set_indicator(self.indicator)
        self.box.setEnabled(not session.state.readonly_reason)
        row.addWidget(self.box)
        self.box.setVisible(not self.is_counted)
        self._limit = sized(label(self._limit_words(), "quiet"), width=44)
        row.addWidget(self._limit)
        self.show_value(session)

    def set_narrow(self, narrow: bool) -> None:
        """Where the room is short the level's name gives way; the guided face has it."""
        self.level_label.setVisible(not narrow)

    def _small_words(self, session: FormSession) -> str:
        parts = [sureness(self.indicator)]
        share = typed_share_line(self.indicator)
        if self.indicator.answer_type is AnswerType.PERCENT and share and not self.is_counted:
            parts = [f"{share}.", *parts]
        fact = session.state.facts.get(self.indicator.fact or "")
        if fact is not None:
            parts.insert(0, f"Theo sổ: {share_line(self.indicator.fact or '', fact)}")
        before = session.earlier(self.indicator.code)
        if before is not None and session.state.earlier is not None:
            parts.append(f"năm {session.state.earlier.year}: {answer_words(self.indicator, before)}")
        return " · ".join(parts)

    def _limit_words(self) -> str:
        if self.is_counted:
            return ""
        if self.indicator.answer_type is AnswerType.POINTS:
            return f"/ {self.indicator.max_score or 0:g}"
        return "%" if self.indicator.answer_type is AnswerType.PERCENT else ""

    def show_value(self, session: FormSession) -> None:
        """Show what is stored, and what the register counts."""
        self.small_label.setText(self._small_words(session))
        self.box.set_score(session.value(self.indicator.code))
        self.show_words(session, session.value(self.indicator.code))
        self.show_error()

    def show_words(self, session: FormSession, value: float | None) -> None:
        """The level's name, or what the answer means, beside the box."""
        fact = session.state.facts.get(self.indicator.fact or "") if self.is_counted else None
        words = ""
        if fact is not None and fact.percent is not None:
            words = f"tự tính: {percent_text(fact.percent)}"
        elif self.indicator.answer_type is AnswerType.POINTS:
            found = level_for(self.indicator, value)
            words = found.name if found is not None else ""
        elif self.indicator.answer_type is AnswerType.MET:
            words = answer_words(self.indicator, value) or MET_WORDS
        self.level_label.setText(words)
        tone = answer_tone(session.definition, self.indicator, value, fact)
        set_tone(self.level_label, tone)

    def show_error(self) -> None:
        self.error_label.setText(self.box.error)
        self.error_label.setVisible(bool(self.box.error))

    def offer_level(self, letter: str) -> float | None:
        """A level's letter puts its score in the box."""
        place = "ABCDEFGH".find(letter)
        if self.indicator.answer_type is not AnswerType.POINTS or not 0 <= place < len(self.indicator.levels):
            return None
        level = self.indicator.levels[place]
        known = None if self.box.error else self.box.score
        score = after_in(level.min, level.max, self.indicator.step, known)
        self.box.set_score(score)
        self.box.selectAll()
        self.show_error()
        return score

    def step(self, by: int) -> float | None:
        """Arrow up and down go through the levels."""
        levels = self.indicator.levels
        if self.indicator.answer_type is not AnswerType.POINTS or not levels:
            return None
        known = level_for(self.indicator, None if self.box.error else self.box.score)
        here = levels.index(known) if known is not None else (-1 if by > 0 else len(levels))
        level = levels[max(0, min(len(levels) - 1, here + by))]
        score = middle(level.min, level.max, self.indicator.step)
        self.box.set_score(score)
        self.box.selectAll()
        return score


class AllFace(QFrame):
    """The page.

    Signals:
        answered(str, object), typed(str, object): as IndicatorView.
        row_entered(int): the focus came to a row.
        ended: Enter on the last row.
    """

    answered = Signal(str, object)
    typed = Signal(str, object)
    row_entered = Signal(int)
    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._session: FormSession | None = None
        self._made_for: tuple[str, int, str] | None = None
        self.rows: list[Row] = []
        outer = vbox(self, spacing=0)
        self._scroll = ScrollBody(QWidget())
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer.addWidget(self._scroll)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._keep_current_in_sight)
        self._scroll.verticalScrollBar().rangeChanged.connect(lambda _least, _most: self._settle.start())

    def show_form(self, session: FormSession) -> None:
        """Fill the page; rows are made anew only where the criteria set is another one."""
        self._session = session
        before = session.state.earlier
        counted = "".join(str(int(session.is_counted(i))) for i in session.indicators)
        made_for = (session.state.set_uid, session.state.set_revision, f"{before.year if before else 0}{counted}")
        is_same = made_for == self._made_for and before is None
        if is_same:
            for row in self.rows:
                row.box.setEnabled(not session.state.readonly_reason)
                row.show_value(session)
            return
        self._made_for = made_for
        self.rows = []
        body = QWidget()
        column = vbox(body, margins=(18, 12, 18, 12), spacing=0)
        note = heading_words(session.definition)
        if note:
            column.addWidget(label(note, "warning", wrap=True))
        for criterion in session.definition.criteria:
            self._add_criterion(column, session, criterion)
        column.addStretch(1)
        body.setProperty("role", "body")
        self._scroll.setWidget(body)
        self._arrange()

    def _add_criterion(self, column: QVBoxLayout, session: FormSession, criterion: Criterion) -> None:
        words = f"{criterion.number}. {criterion.name}"
        if criterion.max_score:
            words += f" ({score_text(criterion.max_score)} điểm)"
        heading = label(words, "strong", wrap=True)
        heading.setContentsMargins(0, theme.px(10) if self.rows else 0, 0, theme.px(2))
        column.addWidget(heading)
        for _ in criterion.indicators:
            row = Row(session, len(self.rows))
            self._connect(row)
            self.rows.append(row)
            column.addWidget(row)
            column.addWidget(rule())

    def _connect(self, row: Row) -> None:
        box = row.box
        box.entered.connect(partial(self._on_entered, row))
        box.back_pressed.connect(partial(self._on_back, row))
        box.score_changed.connect(partial(self._on_typed, row))
        box.textEdited.connect(lambda _text, r=row: r.show_error())
        box.level_typed.connect(lambda letter, r=row: self._offered(r, r.offer_level(letter)))
        box.stepped.connect(lambda by, r=row: self._offered(r, r.step(by)))
        box.focused.connect(partial(self._on_focused, row))
        box.editingFinished.connect(partial(self._on_left, row))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        for row in self.rows:
            row.set_narrow(self.width() < theme.px(BREAK_WIDTH))

    def show_value(self, code: str) -> None:
        """Show a stored answer again."""
        for row in self.rows:
            if row.indicator.code == code and self._session is not None:
                row.show_value(self._session)

    def focus_row(self, place: int) -> None:
        """Put the focus on a row's box (the next one that can be typed in)."""
        for row in [*self.rows[place:], *self.rows[:place]]:
            if not row.box.isHidden():
                row.box.setFocus(Qt.FocusReason.OtherFocusReason)
                self._keep_in_sight(row)
                return

    @property
    def current(self) -> Row | None:
        """The row that has the focus."""
        return next((row for row in self.rows if row.box.hasFocus()), None)

    def take(self, row: Row | None = None) -> bool:
        """Take what stands in one row, or in all; False where something cannot be taken."""
        rows = self.rows if row is None else [row]
        return all(self._take(each) for each in rows)

    def repeat(self, place: int) -> None:
        """F7: the value of the row above, stored by Enter."""
        row = self.current
        if row is None or self._session is None or place <= 0:
            return
        above = self._session.value(self.rows[place - 1].indicator.code)
        if above is not None and above <= row.box.maximum:
            row.box.set_score(above)
            row.box.selectAll()
            self._on_typed(row, above)

    def take_over(self) -> None:
        """Shift+F7: last year's value of the row with the focus, stored by Enter."""
        row = self.current
        before = self._session.offered(row.indicator) if row is not None and self._session is not None else None
        if row is not None and before is not None and row.box.isEnabled():
            row.box.set_score(before)
            row.box.selectAll()
            row.show_error()
            self._on_typed(row, before)

    def _take(self, row: Row) -> bool:
        session = self._session
        if session is None or row.box.isHidden() or not row.box.isEnabled():
            return True
        if row.box.error:
            row.show_error()
            row.box.setFocus(Qt.FocusReason.OtherFocusReason)
            row.box.selectAll()
            return False
        code = row.indicator.code
        if row.box.score != session.value(code):
            self.answered.emit(code, row.box.score)
        return session.value(code) == row.box.score

    def _on_entered(self, row: Row) -> None:
        if not self._take(row):
            return
        following = [r for r in self.rows[row.place + 1 :] if not r.box.isHidden()]
        if following:
            self.focus_row(following[0].place)
        else:
            self.ended.emit()

    def _on_back(self, row: Row) -> None:
        before = [r for r in self.rows[: row.place] if not r.box.isHidden()]
        if self._take(row) and before:
            self.focus_row(before[-1].place)

    def _on_left(self, row: Row) -> None:
        """Tab or the mouse leaves the box: what can be taken is taken, what cannot stays with its reason."""
        if not row.box.error and not row.box.hasFocus():
            self._take(row)

    def _on_focused(self, row: Row) -> None:
        self._keep_in_sight(row)
        self.row_entered.emit(row.place)

    def _keep_in_sight(self, row: Row) -> None:
        self._scroll.ensureWidgetVisible(row, 0, 60)

    def _keep_current_in_sight(self) -> None:
        """Another size of text or of the window has moved the rows."""
        row = self.current
        if row is not None:
            self._keep_in_sight(row)

    def _offered(self, row: Row, score: float | None) -> None:
        if score is not None:
            self._on_typed(row, score)

    def _on_typed(self, row: Row, score: float | None) -> None:
        if self._session is not None:
            row.show_words(self._session, score)
            self.typed.emit(row.indicator.code, score)
