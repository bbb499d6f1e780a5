"""What a tried version changes beyond its own forms: a title that changes hands carries on to families, clans, units.

Invariant: counted as the forms themselves are (``derive``): shares move by the titles that were won and lost, models
follow in the order in which facts ask for each other, frozen forms stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.facts import count_facts, count_in, held_model
from desktop_app.services.assessment.judging import Judge, judge_for
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.criteria.facts import FactValue
from desktop_app.services.criteria.office import read_sets
from desktop_app.services.criteria.turns import Form, Turn, read_forms, turned
from desktop_app.services.raw import all_rows

_ORDER = (
    LearningModel.CITIZEN,
    LearningModel.FAMILY,
    LearningModel.CLAN,
    LearningModel.COMMUNITY,
    LearningModel.ORGANIZATION,
    LearningModel.COMMUNE,
)
"""Facts of a model ask only for titles of models before it."""


@dataclass
class Titles:
    """Local keys of subjects whose title would be won or lost, by model."""

    won: dict[LearningModel, set[int]] = field(default_factory=dict)
    lost: dict[LearningModel, set[int]] = field(default_factory=dict)

    def note(self, model: LearningModel, form: Form, passes: bool) -> None:
        """A form whose verdict would turn; a returned one holds no title either way."""
        if form.subject_id is not None and form.status != "returned":
            (self.won if passes else self.lost).setdefault(model, set()).add(form.subject_id)


def follow(connection: Connection, round_: RoundRecord, model: LearningModel, titles: Titles) -> tuple[Turn, ...]:
    """Forms of other models whose verdict would turn because titles of ``model`` would; adds theirs to ``titles``."""
    found: list[Turn] = []
    for later in _ORDER[_ORDER.index(model) + 1 :]:
        for judge, forms in _by_judge(connection, round_, later):
            found += _turns(connection, round_, later, judge, forms, titles)
    return tuple(found)


def _by_judge(
    connection: Connection, round_: RoundRecord, model: LearningModel
) -> Iterable[tuple[Judge, Sequence[Form]]]:
    """The live forms of a model by the set they were filled by."""
    sets = read_sets(connection)
    rows = all_rows(
        connection,
        "SELECT DISTINCT criteria_set_id FROM assessment WHERE assessment_round_id = ? AND model = ? AND present",
        (round_.id, model.value),
    )
    for (set_id,) in rows:
        used = sets.get(set_id)
        judge = judge_for(used.definition) if used is not None else None
        if judge is not None and judge.asked:
            forms = read_forms(connection, round_, model, "a.criteria_set_id = ? AND a.answered > 0", (set_id,))
            yield judge, [form for form in forms if not form.is_frozen]


def _turns(
    connection: Connection,
    round_: RoundRecord,
    model: LearningModel,
    judge: Judge,
    forms: Sequence[Form],
    titles: Titles,
) -> list[Turn]:
    shifts = _shifts(connection, round_, judge, titles)
    is_whole = model is LearningModel.COMMUNE
    moved = [form for form in forms if is_whole or any(form.subject_id in shift for shift in shifts.values())]
    if not shifts or not moved:
        return []
    answers = read_answers(connection, [form.id for form in moved])
    subjects = [form.subject_id for form in moved if form.subject_id is not None]
    facts = count_facts(connection, round_, judge.asked, subjects)
    found = []
    for form in moved:
        subject = form.subject_id or 0
        known = _shifted(facts.get(subject, {}), shifts, 0 if is_whole else subject)
        given = answers.get(form.id, {})
        total, _answered, _complete, passes, _grade = judge.figures(given, known)
        if passes is not bool(form.passed):
            titles.note(model, form, passes)
            found.append(turned(form, model, total, passes, sentence(judge.definition, judge.verdict(given, known))))
    return found


def _shifts(connection: Connection, round_: RoundRecord, judge: Judge, titles: Titles) -> dict[str, dict[int, int]]:
    """By fact and subject: how many titles more, or fewer, stand in the numerator."""
    found: dict[str, dict[int, int]] = {}
    for key, parameters in judge.asked.items():
        held = held_model(key)
        shift: dict[int, int] = {}
        for holders, sign in ((titles.won.get(held), 1), (titles.lost.get(held), -1)):
            if holders:
                for subject, count in count_in(connection, round_, key, parameters, holders).items():
                    shift[subject] = shift.get(subject, 0) + sign * count
        shift = {subject: count for subject, count in shift.items() if count}
        if shift:
            found[key] = shift
    return found


def _shifted(
    facts: Mapping[str, FactValue], shifts: Mapping[str, Mapping[int, int]], subject: int
) -> dict[str, FactValue]:
    return {
        key: replace(value, numerator=value.numerator + shifts.get(key, {}).get(subject, 0))
        for key, value in facts.items()
    }
