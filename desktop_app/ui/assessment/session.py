"""One form under the hands of a person: what stands in it, what a typed score would make of it, who comes next.

Invariants: holds no widget; what ``save`` returned is on the disk; a preview is never stored; an answer taken back by
``undo`` is saved like any other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from desktop_app.models.types import AssessmentStatus, LearningModel, Uid
from desktop_app.services.assessment.answers import Saved, answer, clear_form, leave_form
from desktop_app.services.assessment.evidence import EvidenceRecord
from desktop_app.services.assessment.form import FormState, open_form
from desktop_app.services.assessment.scoring import Verdict, evaluate
from desktop_app.services.assessment.verdict import sentence, short_verdict
from desktop_app.services.assessment.worklist import AssessmentList
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator


class FormSession:
    """The form that is open.

    Args:
        context: the opened register.
        model: what is assessed.
        year: of the round.
        people: the list whose next and previous are asked for; None where a form was opened by itself.
    """

    def __init__(self, context: Context, model: LearningModel, year: int, people: AssessmentList | None = None) -> None:
        self.context = context
        self.model = model
        self.year = year
        self.people = people
        self._trail: list[Uid] = []
        self._undone: list[tuple[str, float | None]] = []
        self._is_sitting = False
        self.has_changes = False
        self.saved_at: dt.datetime | None = None
        self.state: FormState

    def open(self, subject: Uid) -> FormState:
        """Read a form; the one before, if any, becomes a closed operation of the journal.

        Raises:
            UserError: the form cannot be opened; the one before stays.
        """
        state = open_form(self.context, self.model, subject, self.year)
        self.leave()
        self.state = state
        self._undone.clear()
        return state

    def reopen(self) -> FormState:
        """Read the same form again, after its evidence, its group or the register changed.

        What was answered before is from now on taken back as a whole, in the journal.
        """
        self._undone.clear()
        self.state = open_form(self.context, self.model, self.state.subject.uid, self.year)
        return self.state

    @property
    def definition(self) -> CriteriaSet:
        return self.state.definition

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        return self.definition.indicators

    def value(self, code: str) -> float | None:
        """The stored answer, None while there is none."""
        return self.state.answers.get(code)

    def is_counted(self, indicator: Indicator) -> bool:
        """The register counts this indicator itself, so nothing is typed."""
        if indicator.answer_type is not AnswerType.PERCENT or indicator.fact is None:
            return False
        fact = self.state.facts.get(indicator.fact)
        return fact is not None and fact.percent is not None

    def is_open(self, indicator: Indicator) -> bool:
        """Still without an answer."""
        return self.value(indicator.code) is None and not self.is_counted(indicator)

    def next_open(self, after: int) -> int | None:
        """Place of the next indicator without an answer after a place, from the beginning again; None when whole."""
        count = len(self.indicators)
        places = [*range(after + 1, count), *range(min(after + 1, count))]
        return next((place for place in places if self.is_open(self.indicators[place])), None)

    def earlier(self, code: str) -> float | None:
        """The answer of the subject's last form before this round, where that form asked the same."""
        before = self.state.earlier
        return before.comparable.get(code) if before is not None else None

    def offered(self, indicator: Indicator) -> float | None:
        """Last year's value where taking it over would change something; None while nothing can be taken."""
        if self.state.readonly_reason or self.is_counted(indicator):
            return None
        before = self.earlier(indicator.code)
        return None if before == self.value(indicator.code) else before

    def evidence(self, code: str) -> tuple[EvidenceRecord, ...]:
        return tuple(self.state.evidence.get(code, ()))

    # -- answers -------------------------------------------------------------------------------------------------

    def save(self, code: str, value: float | bool | None) -> Saved | None:
        """Store an answer, or take it back with None; None when that is what stands already.

        Raises:
            AppError: nothing was stored.
        """
        before = self.value(code)
        wanted = None if value is None else float(value)
        if wanted == before:
            return None
        done = self._store(code, value)
        self._undone.append((code, before))
        return done

    def undo(self) -> str | None:
        """Take the last answer of this sitting back; its code, or None when there is none."""
        if not self._undone:
            return None
        code, before = self._undone[-1]
        self._store(code, before)
        self._undone.pop()
        return code

    def clear(self) -> FormState:
        """Empty the form (undoable in the journal)."""
        clear_form(self.context, self.model, self.state.subject.uid, self.year)
        self.has_changes = True
        self._undone.clear()
        return self.reopen()

    def preview(self, code: str, value: float | None) -> tuple[Verdict, str]:
        """Verdict and sentence as they would be with one more answer; nothing is stored."""
        if self.state.is_frozen or value == self.value(code):
            return self.state.verdict, self.state.sentence
        answers = {name: given for name, given in self.state.answers.items() if name != code}
        if value is not None:
            answers[code] = value
        verdict = evaluate(self.definition, answers, self.state.facts)
        return verdict, sentence(self.definition, verdict)

    def leave(self) -> None:
        """The answers given so far become one closed operation."""
        if self._is_sitting:
            leave_form(self.context)
            self._is_sitting = False

    def _store(self, code: str, value: float | bool | None) -> Saved:
        subject = self.state.subject.uid
        done = answer(self.context, self.model, subject, self.year, code, value, facts=self.state.facts)
        answers = {name: given for name, given in self.state.answers.items() if name != code}
        if value is not None:
            answers[code] = float(value)
        is_first = self.state.registration is None or self.state.status is not AssessmentStatus.DRAFT
        self.state = replace(
            self.state, answers=answers, verdict=done.verdict, sentence=done.sentence, short=done.short
        )
        self.has_changes = self._is_sitting = True
        self.saved_at = done.saved_at
        if is_first:
            self.reopen()
        return done

    # -- the list ------------------------------------------------------------------------------------------------

    def next_person(self) -> Uid | None:
        """Who comes next in the list; None at its end."""
        if self.people is None:
            return None
        return self.people.next_subject(self.state.subject.uid)

    def previous_person(self) -> Uid | None:
        """Who was open before, else who comes before in the list (done ones may no longer fit its filter)."""
        if self._trail:
            return self._trail[-1]
        return self.people.previous_subject(self.state.subject.uid) if self.people is not None else None

    def go_next(self) -> FormState | None:
        """Open the next form; None at the end of the list."""
        here, uid = self.state.subject.uid, self.next_person()
        if uid is None:
            return None
        state = self.open(uid)
        self._trail.append(here)
        return state

    def go_previous(self) -> FormState | None:
        """Open the form before; None at the beginning."""
        uid = self.previous_person()
        if uid is None:
            return None
        state = self.open(uid)
        if self._trail:
            self._trail.pop()
        return state

    @property
    def short(self) -> str:
        """A few words of the verdict, for the list and the toast."""
        return self.state.short if self.state.is_frozen else short_verdict(self.definition, self.state.verdict)


def middle(low: float, high: float, step: float) -> float:
    """The score that a level offers: its middle, down to what the set allows."""
    half = (low + high) / 2
    return half // step * step


def after_in(low: float, high: float, step: float, score: float | None) -> float:
    """The next score within a level, from its top round to its bottom: choosing a level again goes through it."""
    if score is None or not low <= score <= high:
        return middle(low, high, step)
    return low if score + step > high else score + step
