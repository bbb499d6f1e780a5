"""Who is registered for a model in a round: the list, and the counts of new and renewed by hamlet.

Invariant: everybody is counted once, under the hamlet of the round's day; the counts add up to the list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, RegistrationKind, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.shapes import join_registration, registered_subjects
from desktop_app.services.assessment.subjects import SOURCES, eligible, lives_in, placed
from desktop_app.services.context import Context
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.lists import Query, Sort, SqlList, as_json
from desktop_app.services.vietnamese import PartialDate

NOWHERE = "Chưa rõ thôn"


@dataclass(frozen=True, slots=True)
class RegisteredRow:
    """One registered subject; ``registered_on`` is ISO, "" where nobody wrote it down."""

    uid: Uid
    name: str
    birth: str
    detail: str
    hamlet: str
    group: CitizenGroup | None
    kind: RegistrationKind
    registered_on: str


@dataclass(frozen=True, slots=True)
class RegisteredCount:
    """A hamlet's registrations (uid None: of no hamlet, or the whole commune where ``is_total``).

    Args:
        eligible: who is to be assessed there; the registered are of them, save for a few who left since.
    """

    uid: Uid | None
    name: str
    eligible: int
    new: int
    renewed: int
    is_total: bool = False

    @property
    def registered(self) -> int:
        return self.new + self.renewed


class RegisteredList(SqlList[RegisteredRow]):
    """The registered, a page at a time; made by ``registered_list``."""

    sorts: ClassVar[Mapping[str, Sort]] = {
        "hamlet": Sort("v.sort_key", ("s.sort_key", "s.id")),
        "name": Sort("s.sort_key", ("s.id",)),
        "kind": Sort("g.kind", ("s.sort_key", "s.id")),
        "registered_on": Sort("g.registered_on", ("s.sort_key", "s.id")),
    }

    def __init__(
        self,
        context: Context,
        query: Query,
        sort: str = "hamlet",
        *,
        descending: bool = False,
        model: LearningModel = LearningModel.CITIZEN,
        round_: RoundRecord | None = None,
    ) -> None:
        super().__init__(context, query, sort, descending=descending)
        assert round_ is not None
        self.model, self.round = model, round_
        if model is LearningModel.COMMUNE:
            self._order = Sort("s.name", ("s.id",))

    def _like(self, sort: str, descending: bool) -> RegisteredList:
        return type(self)(self._context, self._query, sort, descending=descending, model=self.model, round_=self.round)

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[RegisteredRow]:
        source = SOURCES[self.model]
        own = "s.birth, s.citizen_group" if self.model is LearningModel.CITIZEN else "NULL, NULL"
        rows = all_rows(
            connection,
            f"SELECT s.uid, {source.name}, {own}, {source.detail}, v.name, g.kind, g.registered_on "
            f"FROM json_each(?) AS j JOIN {subject_table(self.model)} AS s "
            f"{placed(source.joins, self.model, self.round)} {join_registration(self.model, self.round)} "
            "WHERE s.id = j.value ORDER BY j.key",
            (as_json(keys),),
        )
        return [
            RegisteredRow(
                uid.hex(),
                name or "",
                PartialDate.from_iso(birth).text() if birth else "",
                detail or "",
                hamlet or "",
                CitizenGroup(group) if group else None,
                RegistrationKind(kind or RegistrationKind.NEW),
                day or "",
            )
            for uid, name, birth, group, detail, hamlet, kind, day in rows
        ]


def registered_list(
    context: Context,
    model: LearningModel,
    year: int,
    *,
    hamlet: Uid | None = None,
    kind: RegistrationKind | None = None,
) -> RegisteredList:
    """The registered of a model, hamlet by hamlet; of one hamlet (``NO_HAMLET``: of none), of one kind.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
    source = SOURCES[model]
    joined = f"{subject_table(model)} AS s {placed(source.joins, model, round_)} {join_registration(model, round_)}"
    query = Query(joined, "s.id", ("s.present",))
    if hamlet is not None:
        condition, values = lives_in(placed(source.hamlet, model, round_), hamlet)
        query = query.having(condition, *values)
    if kind is not None:
        query = query.having("coalesce(g.kind, 'new') = ?", kind.value)
    return RegisteredList(context, query, model=model, round_=round_)


def registered_totals(
    context: Context, year: int, models: Iterable[LearningModel]
) -> dict[LearningModel, tuple[int, int]]:
    """How many are registered for each of these models, new and renewed, wherever they live.

    Raises:
        UserError: ``round.unknown``.
    """
    found: dict[LearningModel, tuple[int, int]] = {}
    with context.read() as connection:
        round_ = round_of(connection, year)
        for model in models:
            new, renewed = all_rows(
                connection,
                "SELECT total(g.kind IS NOT 'renewal'), total(g.kind IS 'renewal') "
                f"{registered_subjects(model)} AND s.present",
                (round_.id, model.value),
            )[0]
            found[model] = int(new), int(renewed)
    return found


def registered_counts(context: Context, model: LearningModel, year: int) -> tuple[RegisteredCount, ...]:
    """The whole commune first, then hamlet by hamlet (for communities and the commune itself only the whole).

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        source, table = SOURCES[model], subject_table(model)
        place = placed(source.hamlet, model, round_)
        who = eligible(model, round_)
        whole = dict(all_rows(connection, f"SELECT {place}, count(*) FROM {table} AS s WHERE {who} GROUP BY 1"))
        rows = all_rows(
            connection,
            f"SELECT {place}, total(g.kind IS NOT 'renewal'), total(g.kind IS 'renewal') "
            f"{registered_subjects(model)} AND s.present GROUP BY 1",
            (round_.id, model.value),
        )
        hamlets = all_rows(
            connection, "SELECT id, uid, name, valid_to IS NULL FROM hamlet WHERE present ORDER BY sort_key, id"
        )
    made = {key: (int(new), int(renewed)) for key, new, renewed in rows}
    new, renewed = (sum(column) for column in zip(*made.values(), strict=True)) if made else (0, 0)
    total = RegisteredCount(None, "Cả xã", sum(whole.values()), new, renewed, is_total=True)
    if model in (LearningModel.COMMUNITY, LearningModel.COMMUNE):
        return (total,)
    lines = [
        RegisteredCount(uid.hex(), name or "", whole.get(key, 0), *made.get(key, (0, 0)))
        for key, uid, name, is_used in hamlets
        if is_used or key in made
    ]
    if None in whole or None in made:
        lines.append(RegisteredCount(None, NOWHERE, whole.get(None, 0), *made.get(None, (0, 0))))
    return (total, *lines)
