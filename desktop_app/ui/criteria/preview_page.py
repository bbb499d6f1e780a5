"""The guided form of a version as it will look, filled by hand to try it; nothing is ever stored.

Invariant: the same card and the same judgement as the form itself; leaving forgets what was typed.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from PySide6.QtGui import QResizeEvent

from desktop_app.models.types import AssessmentStatus
from desktop_app.services.assessment.answers import Saved
from desktop_app.services.assessment.evidence import EvidenceRecord
from desktop_app.services.assessment.form import FormState
from desktop_app.services.assessment.members import MemberTitles
from desktop_app.services.assessment.scoring import evaluate
from desktop_app.services.assessment.subjects import SubjectHeader
from desktop_app.services.assessment.verdict import sentence, short_verdict
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.ui import theme
from desktop_app.ui import widgets as w
from desktop_app.ui.assessment.indicator_view import IndicatorView
from desktop_app.ui.assessment.session import FormSession
from desktop_app.ui.assessment.verdict_bar import VerdictBar
from desktop_app.ui.page import Page

NOBODY = "0" * 32
NARROW = 860
"""Below this width (at 100 %) the form is set smaller, as the form itself is."""


class PreviewSession(FormSession):
    """A form that belongs to nobody and is kept in memory only."""

    def __init__(self, context: Any, definition: CriteriaSet) -> None:
        super().__init__(context, definition.model, dt.date.today().year)
        verdict = evaluate(definition, {}, {})
        self.state = FormState(
            subject=SubjectHeader(NOBODY, definition.model, "Phiếu thử", ()),
            year=self.year,
            model=definition.model,
            definition=definition,
            set_uid=NOBODY,
            set_revision=0,
            answers={},
            verdict=verdict,
            sentence=sentence(definition, verdict),
            short=short_verdict(definition, verdict),
            status=AssessmentStatus.DRAFT,
            registration=None,
            evidence={},
            facts={},
            fact_lines=(),
            earlier=None,
            members=MemberTitles(),
        )

    def evidence(self, code: str) -> tuple[EvidenceRecord, ...]:
        return ()

    def _store(self, code: str, value: float | bool | None) -> Saved:
        answers = {name: given for name, given in self.state.answers.items() if name != code}
        if value is not None:
            answers[code] = float(value)
        verdict = evaluate(self.definition, answers, {})
        said, short = sentence(self.definition, verdict), short_verdict(self.definition, verdict)
        self.state = replace(self.state, answers=answers, verdict=verdict, sentence=said, short=short)
        return Saved(verdict, said, short, verdict.total, len(answers), dt.datetime.now())


class PreviewPage(Page):
    """The form, one indicator at a time; Enter goes on, Shift+Enter back.

    Args:
        context: the opened register.
        definition: the version, which may be a draft with faults.
    """

    title_text = "Xem phiếu sẽ ra sao"
    help_topic = "bo_tieu_chi"

    def __init__(self, context: Any, definition: CriteriaSet) -> None:
        super().__init__(context, scroll=False)
        self.definition = definition
        self.session: PreviewSession | None = None
        self.place = 0
        self._is_narrow: bool | None = None
        self.note = w.Banner("", "accent", closable=False)
        self.body.addWidget(self.note)
        self.view = IndicatorView()
        self.view.evidence_button.hide()
        self.body.addWidget(self.view, 1)
        self.bar = VerdictBar()
        self.body.addWidget(self.bar)
        self.view.answered.connect(self._on_answered)
        self.view.typed.connect(self._on_typed)
        self.view.forward_asked.connect(lambda: self.go(1))
        self.view.back_asked.connect(lambda: self.go(-1))
        self.bar.forward_clicked.connect(lambda: self._on_button(1))
        self.bar.back_clicked.connect(lambda: self._on_button(-1))

    def refresh(self) -> None:
        """Begin with an empty form."""
        self._show_note()
        if not self.definition.indicators:
            self.note.set_message("Bộ này chưa có dòng nào để chấm.", "attention")
            self.view.hide()
            self.bar.hide()
            return
        self.note.set_message("Phiếu thử: gõ điểm như thật, không có gì được cất.", "accent")
        self.session = PreviewSession(self.context, self.definition)
        self.place = min(self.place, len(self.definition.indicators) - 1)
        self._show()

    def _show(self) -> None:
        assert self.session is not None
        indicator = self.definition.indicators[self.place]
        owner = next(c for c in self.definition.criteria if any(i.code == indicator.code for i in c.indicators))
        self.view.show_indicator(self.session, self.place, criterion=f"{owner.number}. {owner.name}")
        self.view.evidence_button.hide()
        self.bar.set_buttons("Dòng trước", "Tiếp", can_go_back=self.place > 0)
        self.bar.set_verdict(self.definition, self.session.state.verdict, self.session.state.sentence)
        self.view.focus_answer()

    def _on_answered(self, code: str, value: object) -> None:
        if self.session is not None:
            self.session.save(code, value)  # type: ignore[arg-type]  # the signal carries any object
            self.bar.set_verdict(self.definition, self.session.state.verdict, self.session.state.sentence)

    def _on_typed(self, code: str, value: object) -> None:
        if self.session is not None:
            verdict, said = self.session.preview(code, value)  # type: ignore[arg-type]  # the signal carries any object
            self.bar.set_verdict(self.definition, verdict, said)

    def _on_button(self, step: int) -> None:
        if self.view.take():
            self.go(step)

    def go(self, step: int) -> None:
        """To the next row or back; after the last the first again."""
        count = len(self.definition.indicators)
        self.place = (self.place + step) % count if step > 0 else max(0, self.place + step)
        self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = self.width() < theme.px(NARROW)
        if is_narrow is not self._is_narrow:
            self._is_narrow = is_narrow
            self.view.set_compact(is_narrow)
            self.bar.set_compact(is_narrow)
            self._show_note()

    def _show_note(self) -> None:
        """A narrow window has no room for the sentence; the header says that nothing is kept."""
        self.note.setVisible(not self._is_narrow or not self.definition.indicators)
        kept = ", không cất" if self._is_narrow else ""
        self.set_subtitle(f"phiếu thử{kept}: {self.definition.name}, phiên bản {self.definition.version}")

    def undo(self) -> bool:
        return True

    def on_shown(self) -> None:
        if self.session is not None:
            self.view.focus_answer()
