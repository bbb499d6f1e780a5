"""Trying a version on the answers of a round before it is used: whose verdict would change. Nothing is written.

Invariant: judged by the same judge and the same counted facts as the forms themselves; frozen verdicts are left out,
for no version changes them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import Uid
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.facts import count_facts
from desktop_app.services.assessment.judging import judge_for
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import SOURCES, placed
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.drafts import read_any, require_clean
from desktop_app.services.progress import Progress
from desktop_app.services.raw import all_rows

CHUNK = 4000
"""Forms judged at a time."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One form whose verdict would change.

    Args:
        before, after: total and whether passed, now and by the version that is tried.
        reason: the verdict's sentence by the version that is tried.
    """

    uid: Uid
    name: str
    hamlet: str
    before: tuple[float, bool]
    after: tuple[float, bool]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a version would do to one round.

    Args:
        judged: forms that were judged anew.
        frozen: recognised forms, which stay as they are.
        incomplete: forms that are complete now and would not be, for the version asks more.
        passed_before, passed_after: of those judged.
        turns: who would change, by hamlet and name.
    """

    year: int
    judged: int
    frozen: int
    incomplete: int
    passed_before: int
    passed_after: int
    turns: tuple[Turn, ...]

    @property
    def gained(self) -> tuple[Turn, ...]:
        """Who would pass and does not now."""
        return tuple(turn for turn in self.turns if turn.after[1])

    @property
    def lost(self) -> tuple[Turn, ...]:
        """Who passes now and would not."""
        return tuple(turn for turn in self.turns if not turn.after[1])

    def by_hamlet(self) -> tuple[tuple[str, int, int], ...]:
        """Hamlet, gained, lost; hamlets without a change are left out."""
        counts: dict[str, list[int]] = {}
        for turn in self.turns:
            counts.setdefault(turn.hamlet, [0, 0])[not turn.after[1]] += 1
        return tuple((name, gained, lost) for name, (gained, lost) in counts.items())


def open_years(context: Context) -> tuple[int, ...]:
    """Years of the rounds a version can be tried on, the newest first."""
    with context.read() as connection:
        rows = all_rows(connection, "SELECT year FROM assessment_round WHERE present ORDER BY year DESC")
    return tuple(row[0] for row in rows)


def try_version(context: Context, set_uid: Uid, year: int, progress: Progress | None = None) -> Trial:
    """Judge a round's forms of the version's model and group by it.

    Raises:
        UserError: ``criteria.not_clean``, ``criteria.unknown_set``, ``round.unknown``; ``Cancelled`` when given up.
    """
    told = progress or Progress()
    with context.read() as connection:
        item = read_any(connection, set_uid)
        require_clean(item)
        round_ = round_of(connection, year)
        forms = _forms(connection, item.definition, round_)
        live = [form for form in forms if not form.is_frozen]
        counts = Counter[str]()
        turns: list[Turn] = []
        for start in range(0, len(live), CHUNK):
            told.step(start, len(live), "Chấm thử")
            part = live[start : start + CHUNK]
            turns += _turns(connection, item.definition, round_, part, counts)
    frozen = len(forms) - len(live)
    return Trial(year, len(live), frozen, counts["incomplete"], counts["before"], counts["after"], tuple(turns))


@dataclass(frozen=True, slots=True)
class _Form:
    id: int
    subject_id: int | None
    uid: bytes
    name: str | None
    hamlet: str | None
    total: float | None
    passed: int | None
    is_complete: int | None
    is_frozen: int


def _forms(connection: Connection, d: CriteriaSet, round_: RoundRecord) -> list[_Form]:
    source = SOURCES[d.model]
    rows = all_rows(
        connection,
        f"SELECT a.id, s.id, s.uid, {source.name}, v.name, a.total, a.passed, a.is_complete, a.frozen IS NOT NULL "
        f"FROM assessment a JOIN {subject_table(d.model)} s ON s.id = a.subject_id "
        f"{placed(source.joins, d.model, round_)} JOIN criteria_set used ON used.id = a.criteria_set_id "
        "WHERE a.assessment_round_id = ? AND a.model = ? AND used.citizen_group IS ? AND a.present AND s.present "
        f"AND (a.answered > 0 OR a.frozen IS NOT NULL) ORDER BY v.sort_key, {source.sort}, s.id",
        (round_.id, d.model.value, d.group.value if d.group else None),
    )
    return [_Form(*row) for row in rows]


def _turns(
    connection: Connection, d: CriteriaSet, round_: RoundRecord, forms: list[_Form], counts: Counter[str]
) -> list[Turn]:
    judge = judge_for(d)
    answers = read_answers(connection, [form.id for form in forms])
    subjects = [form.subject_id for form in forms if form.subject_id is not None]
    facts = count_facts(connection, round_, judge.asked, subjects) if judge.asked else {}
    found = []
    for form in forms:
        given, known = answers.get(form.id, {}), facts.get(form.subject_id or 0, {})
        total, _answered, is_complete, passes, _grade = judge.figures(given, known)
        passed = bool(form.passed)
        counts["before"] += passed
        counts["after"] += passes
        counts["incomplete"] += bool(form.is_complete) and not is_complete
        if passes is not passed:
            said = sentence(d, judge.verdict(given, known))
            before, after = (float(form.total or 0), passed), (total, passes)
            found.append(Turn(form.uid.hex(), form.name or "", form.hamlet or "", before, after, said))
    return found
