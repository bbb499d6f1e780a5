"""Trying a version on the answers of a round before it is used: whose verdict would change. Nothing is written.

Invariant: judged by the same judge and the same counted facts as the forms themselves, and followed into the models
that count these titles; frozen verdicts are left out, for no version changes them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import Uid
from desktop_app.services.assessment.derive import read_answers
from desktop_app.services.assessment.facts import count_facts
from desktop_app.services.assessment.judging import judge_for
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.verdict import sentence
from desktop_app.services.context import Context
from desktop_app.services.criteria.consequences import Titles, follow
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.drafts import read_any, require_clean
from desktop_app.services.criteria.turns import Form, Turn, read_forms, turned
from desktop_app.services.progress import Progress
from desktop_app.services.raw import all_rows

CHUNK = 4000
"""Forms judged at a time."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a version would do to one round.

    Args:
        judged: forms that were judged anew.
        frozen: recognised forms, which stay as they are.
        incomplete: forms that are complete now and would not be, for the version asks more.
        passed_before, passed_after: of those judged.
        turns: who would change, by hamlet and name.
        carried: forms of other models that would change because titles change hands.
    """

    year: int
    judged: int
    frozen: int
    incomplete: int
    passed_before: int
    passed_after: int
    turns: tuple[Turn, ...]
    carried: tuple[Turn, ...] = ()

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
        for turn in (*self.turns, *self.carried):
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
        d = item.definition
        where = "used.citizen_group IS ? AND (a.answered > 0 OR a.frozen IS NOT NULL)"
        forms = read_forms(connection, round_, d.model, where, (d.group.value if d.group else None,))
        live = [form for form in forms if not form.is_frozen]
        counts = Counter[str]()
        turns: list[Turn] = []
        titles = Titles()
        for start in range(0, len(live), CHUNK):
            told.step(start, len(live), "Chấm thử")
            part = live[start : start + CHUNK]
            turns += _turns(connection, d, round_, part, counts, titles)
        told.step(len(live), len(live), "Tính kéo theo")
        carried = follow(connection, round_, d.model, titles)
    frozen = len(forms) - len(live)
    return Trial(
        year, len(live), frozen, counts["incomplete"], counts["before"], counts["after"], tuple(turns), carried
    )


def _turns(
    connection: Connection,
    d: CriteriaSet,
    round_: RoundRecord,
    forms: list[Form],
    counts: Counter[str],
    titles: Titles,
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
            titles.note(d.model, form, passes)
            found.append(turned(form, d.model, total, passes, said))
    return found
