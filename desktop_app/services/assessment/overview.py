"""The round in one look: to be assessed, registered, assessed, passed, missing; by model, hamlet, group; and targets.

Invariants: who is counted as assessed or passed is among those to be assessed, so no share exceeds 100 %; every share
names its denominator and every target its own; citizens of a group that stays out of the round are still citizens, so
they are in the denominator, while a model that stays out has none.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, TextStatus, Uid
from desktop_app.services.assessment.groups import group_name
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, RoundTarget, read_targets, round_of
from desktop_app.services.assessment.shapes import forms_with_subjects, registered_subjects
from desktop_app.services.assessment.subjects import DENOMINATORS, SOURCES, TITLES, UNITS, eligible, placed
from desktop_app.services.context import Context
from desktop_app.services.raw import all_rows


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one model, somewhere.

    Args:
        eligible: who is to be assessed.
        registered: of them, registered in the round.
        started: with at least one answer.
        assessed: answered whole.
        passed: stand as passed and were not returned.
        recognised: of the passed.
        returned: sent back for mending.
    """

    eligible: int = 0
    registered: int = 0
    started: int = 0
    assessed: int = 0
    passed: int = 0
    recognised: int = 0
    returned: int = 0

    @property
    def missing(self) -> int:
        """Not yet answered whole."""
        return self.eligible - self.assessed

    @property
    def percent(self) -> float | None:
        """Passed of those to be assessed."""
        return self.passed * 100 / self.eligible if self.eligible else None

    def plus(self, other: Tally) -> Tally:
        """Both together."""
        return Tally(
            self.eligible + other.eligible,
            self.registered + other.registered,
            self.started + other.started,
            self.assessed + other.assessed,
            self.passed + other.passed,
            self.recognised + other.recognised,
            self.returned + other.returned,
        )


@dataclass(frozen=True, slots=True)
class TargetState:
    """A tally against a target.

    Args:
        percent: of the target.
        denominator_name: as the target names it.
        status: how sure that denominator is.
        short: how many more must pass, below 0 by how many it is exceeded.
    """

    percent: float
    denominator_name: str
    status: TextStatus
    source: str
    short: int


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """One model in the whole commune; ``denominator_name`` says of whom ``tally.percent`` is.

    Args:
        takes_part: False where the round left the model out: nothing is counted then and no target holds.
    """

    model: LearningModel
    title: str
    unit: str
    denominator_name: str
    tally: Tally
    target: TargetState | None
    takes_part: bool = True


@dataclass(frozen=True, slots=True)
class HamletOverview:
    """One hamlet (None: of no hamlet) with its tallies by model."""

    uid: Uid | None
    name: str
    tallies: Mapping[LearningModel, Tally]


@dataclass(frozen=True, slots=True)
class GroupOverview:
    """Citizens of one form's group; None where the register does not say the group."""

    group: CitizenGroup | None
    name: str
    tally: Tally
    target: TargetState | None


@dataclass(frozen=True, slots=True)
class Overview:
    """A whole round."""

    year: int
    models: tuple[ModelOverview, ...]
    hamlets: tuple[HamletOverview, ...]
    groups: tuple[GroupOverview, ...]
    targets: tuple[RoundTarget, ...] = field(default=())

    def of(self, model: LearningModel) -> ModelOverview:
        """One model's line."""
        return next(item for item in self.models if item.model is model)


Counted = dict[tuple[int | None, str | None], Tally]
"""(hamlet's key, citizen group) → counts."""


def read_overview(context: Context, year: int) -> Overview:
    """Count a round, three statements a model.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        counted = {model: _count(connection, round_, model) for model in LearningModel}
        hamlets = all_rows(connection, _HAMLETS)
        targets = read_targets(connection, year)
    by_hamlet: dict[int | None, dict[LearningModel, Tally]] = {}
    for model, found in counted.items():
        for (hamlet, _), tally in found.items():
            tallies = by_hamlet.setdefault(hamlet, {})
            tallies[model] = tallies.get(model, Tally()).plus(tally)
    lines = [
        HamletOverview(uid.hex(), name or "", by_hamlet.get(row_id, {}))
        for row_id, uid, name, is_used in hamlets
        if is_used or row_id in by_hamlet
    ]
    known = {row[0] for row in hamlets}
    for hamlet in by_hamlet.keys() - known:
        rest = dict(by_hamlet[hamlet])
        rest.pop(LearningModel.COMMUNE, None)
        if any(tally.eligible for tally in rest.values()):
            lines.append(HamletOverview(None, "Chưa rõ thôn", rest))
    return Overview(
        year=year,
        models=tuple(_model(model, found, targets, round_) for model, found in counted.items()),
        hamlets=tuple(lines),
        groups=_groups(counted[LearningModel.CITIZEN], targets),
        targets=targets,
    )


_HAMLETS = "SELECT id, uid, name, valid_to IS NULL FROM hamlet WHERE present ORDER BY sort_key, id"
"""A hamlet that was merged into another stands here only where the round counts somebody there."""


def _count(connection: Connection, round_: RoundRecord, model: LearningModel) -> Counted:
    table = subject_table(model)
    who = eligible(model, round_, everyone=model is LearningModel.CITIZEN)
    hamlet = placed(SOURCES[model].hamlet, model, round_)
    keys = f"{hamlet}, {'s.citizen_group' if model is LearningModel.CITIZEN else 'NULL'}"
    whole = all_rows(connection, f"SELECT {keys}, count(*) FROM {table} s WHERE {who} GROUP BY 1, 2")
    values = (round_.id, model.value)
    registered = all_rows(
        connection,
        f"SELECT {keys}, count(*) {registered_subjects(model)} AND {who} GROUP BY 1, 2",
        values,
    )
    forms = all_rows(
        connection,
        f"SELECT {keys}, total(a.answered > 0), total(a.is_complete), total(a.passed AND a.status <> 'returned'), "
        "total(a.status = 'recognised'), total(a.status = 'returned') "
        f"{forms_with_subjects(model)} AND {who} GROUP BY 1, 2",
        values,
    )
    found: Counted = {(hamlet, group): Tally(eligible=count) for hamlet, group, count in whole}
    for hamlet, group, count in registered:
        found[hamlet, group] = found.get((hamlet, group), Tally()).plus(Tally(registered=count))
    for hamlet, group, *counts in forms:
        started, assessed, passed, recognised, returned = map(int, counts)
        more = Tally(started=started, assessed=assessed, passed=passed, recognised=recognised, returned=returned)
        found[hamlet, group] = found.get((hamlet, group), Tally()).plus(more)
    return found


def _model(
    model: LearningModel, found: Counted, targets: tuple[RoundTarget, ...], round_: RoundRecord
) -> ModelOverview:
    tally = _sum(found)
    if not round_.takes(model):
        return ModelOverview(model, TITLES[model], UNITS[model], DENOMINATORS[model], tally, None, takes_part=False)
    target = next((item for item in targets if item.model is model and item.group is None), None)
    return ModelOverview(
        model, TITLES[model], UNITS[model], DENOMINATORS[model], tally, _state(tally, target) if target else None
    )


def _groups(found: Counted, targets: tuple[RoundTarget, ...]) -> tuple[GroupOverview, ...]:
    lines = []
    for group in (*CitizenGroup, None):
        tally = _sum({key: value for key, value in found.items() if key[1] == (group.value if group else None)})
        target = next((t for t in targets if t.model is LearningModel.CITIZEN and group and t.group is group), None)
        if tally.eligible or group is not None:
            name = group_name(group) or "Chưa rõ nhóm"
            lines.append(GroupOverview(group, name, tally, _state(tally, target) if target else None))
    return tuple(lines)


def _sum(found: Counted) -> Tally:
    total = Tally()
    for tally in found.values():
        total = total.plus(tally)
    return total


def _state(tally: Tally, target: RoundTarget) -> TargetState:
    needed = math.ceil(target.percent * tally.eligible / 100 - 1e-9)
    return TargetState(target.percent, target.denominator_name, target.status, target.source, needed - tally.passed)
