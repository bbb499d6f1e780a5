"""Who stands behind a counted share: its numerator, the rest of its denominator and why, whom only others count.

Invariant: the lists ask in the words of ``facts``, so that their lengths are the arithmetic beside them; they are read
in pages, for a commune's denominator may be all its people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.answers import OpenForm, load_form
from desktop_app.services.assessment.facts import (
    Parameters,
    asked_facts,
    count_facts,
    held_model,
    stands_in,
    title_condition,
)
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.assessment.shapes import subjects_with_forms
from desktop_app.services.assessment.subjects import (
    SOURCES,
    SubjectHeader,
    lives_in,
    placed,
    read_header,
    unknown_subject,
)
from desktop_app.services.assessment.worklist import short_verdicts, text_condition
from desktop_app.services.context import Context
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.moves.as_of import past_day
from desktop_app.services.raw import all_rows, one_row
from desktop_app.services.registry.lists import Query, Sort, SqlList, as_json
from desktop_app.services.vietnamese import PartialDate, fold


class FactPart(StrEnum):
    """How somebody stands to a share."""

    COUNTED = "counted"
    NOT_STARTED = "not_started"
    UNFINISHED = "unfinished"
    FAILED = "failed"
    RETURNED = "returned"
    OTHER = "other"


PART_TEXT: dict[FactPart, str] = {
    FactPart.COUNTED: "Được tính",
    FactPart.NOT_STARTED: "Chưa có phiếu",
    FactPart.UNFINISHED: "Chấm chưa xong",
    FactPart.FAILED: "Chưa đạt",
    FactPart.RETURNED: "Bị trả lại",
    FactPart.OTHER: "Chỉ ở cách tính khác",
}
LACKING = frozenset({FactPart.NOT_STARTED, FactPart.UNFINISHED, FactPart.FAILED, FactPart.RETURNED})
"""In the denominator and not in the numerator."""

WHOLE = LACKING | {FactPart.COUNTED}
"""The denominator."""

_PART_SQL: dict[FactPart, str] = {
    FactPart.RETURNED: "a.status = 'returned'",
    FactPart.NOT_STARTED: "coalesce(a.answered, 0) = 0",
    FactPart.FAILED: "a.is_complete = 1",
    FactPart.UNFINISHED: "1",
}
"""In this order the first that is true says why somebody of the denominator is not counted."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way of counting a share.

    Args:
        key: of the fact that counts it so.
        parameters: the ages that were asked.
        value: the count, with the name of its denominator.
    """

    key: str
    parameters: Parameters
    value: FactValue


@dataclass(frozen=True, slots=True)
class CountedFact:
    """A share that a form asks for.

    Args:
        used_in: "Chỉ tiêu 3", "Điều kiện"; in the order of the form.
        held: the model whose title is asked.
        readings: as the criteria ask for it first, then other readings of its denominator.
        subject_id, round_: opaque; ``fact_list`` needs them.
    """

    key: str
    used_in: tuple[str, ...]
    held: LearningModel
    readings: tuple[Reading, ...]
    subject_id: int
    round_: RoundRecord

    @property
    def status_words(self) -> str:
        """How sure the denominator is; empty where the document names it."""
        return FACTS[self.key].status_words


@dataclass(frozen=True, slots=True)
class FormFacts:
    """All counted shares of one subject's form.

    Args:
        is_frozen: the form was recognised: what is counted now does not change its result.
    """

    model: LearningModel
    year: int
    subject: SubjectHeader
    facts: tuple[CountedFact, ...]
    is_frozen: bool


@dataclass(frozen=True, slots=True)
class FactFilter:
    """What a list shows.

    Args:
        parts: None for all, also those whom only another reading counts.
        hamlet: uid, or ``subjects.NO_HAMLET``.
        text: part of a name, a household code, digits of a CCCD or phone, as typed.
    """

    parts: frozenset[FactPart] | None = None
    hamlet: Uid | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One person, family or unit behind a share.

    Args:
        chip: the short verdict of its own form ("Đạt", "thiếu 6"), empty where there is none.
        has_title: holds the title that is asked, whichever reading counts it.
        is_kept: counted by the title of an earlier year.
        only_in: names of the other readings' denominators in which it stands, while this one leaves it out.
    """

    uid: Uid
    name: str
    birth: str
    detail: str
    hamlet: str
    group: CitizenGroup | None
    part: FactPart
    total: float | None
    chip: str
    has_title: bool
    is_kept: bool
    only_in: tuple[str, ...]


def read_form_facts(context: Context, model: LearningModel, subject: Uid, year: int) -> FormFacts:
    """The counted shares of a form, with all their readings counted.

    Raises:
        UserError: ``round.unknown``, ``subject.unknown``, ``criteria.none_in_use``.
    """
    with context.read() as connection:
        form = load_form(connection, model, subject, year)
        asked = asked_facts(form.used.definition, with_help=True)
        values = count_facts(connection, form.round, asked, [form.subject_id])[form.subject_id]
        return FormFacts(
            model,
            year,
            read_header(connection, model, subject, form.round),
            _facts(form, asked, values),
            form.is_frozen,
        )


def home_commune_uid(context: Context) -> Uid:
    """The commune whose register this is, as the subject of its own form.

    Raises:
        UserError: ``subject.unknown``.
    """
    with context.read() as connection:
        row = one_row(connection, "SELECT lower(hex(uid)) FROM commune WHERE present ORDER BY id LIMIT 1")
    if row is None:
        raise unknown_subject()
    return str(row[0])


def _facts(form: OpenForm, asked: Mapping[str, Parameters], values: Mapping[str, FactValue]) -> tuple[CountedFact, ...]:
    definition = form.used.definition
    used: dict[str, list[str]] = {}
    for prerequisite in definition.prerequisites:
        words = "Điều kiện" if prerequisite.is_enabled else "Điều kiện tham khảo"
        used.setdefault(prerequisite.fact, []).append(words)
    for indicator in definition.indicators:
        if indicator.fact:
            words = f"{definition.indicator_word.capitalize()} {indicator.number}"
            used.setdefault(indicator.fact, []).append(words)
    return tuple(
        CountedFact(
            key,
            tuple(places),
            held_model(key),
            tuple(
                Reading(each, asked[each], values[each]) for each in (key, *FACTS[key].other_readings) if each in asked
            ),
            form.subject_id,
            form.round,
        )
        for key, places in used.items()
        if key in asked
    )


def fact_hamlets(context: Context, fact: CountedFact) -> tuple[tuple[Uid, str], ...]:
    """The hamlets of the round's day in order, by name; with the former commune where two share a name."""
    day = past_day(fact.round_.counted_on)
    over = "valid_to IS NULL" if day is None else f"(valid_to IS NULL OR valid_to > '{day}')"
    query = f"""SELECT lower(hex(uid)), coalesce(name, ''), coalesce(former_commune, '') FROM hamlet
    WHERE present = 1 AND {over} ORDER BY sort_key, id"""
    with context.read() as connection:
        rows = all_rows(connection, query)
    names = Counter(name for _, name, _ in rows)
    return tuple((uid, f"{name} ({former})" if former and names[name] > 1 else name) for uid, name, former in rows)


class FactList(SqlList[FactRow]):
    """The people (families, units) behind a share, a page at a time; made by ``fact_list``."""

    sorts: ClassVar[Mapping[str, Sort]] = {
        "name": Sort("s.sort_key", ("s.id",)),
        "hamlet": Sort("o.sort_key", ("s.sort_key", "s.id")),
        "total": Sort("a.total", ("s.sort_key", "s.id")),
    }

    def __init__(
        self, context: Context, query: Query, sort: str = "name", *, descending: bool = False, behind: Behind
    ) -> None:
        super().__init__(context, query, sort, descending=descending)
        self.behind = behind
        self._parts: dict[FactPart, int] | None = None
        if sort == "hamlet":
            hamlet = placed(SOURCES[behind.held].hamlet, behind.held, behind.round_)
            self._order = Sort("o.sort_key", ("s.sort_key", "s.id"), f"LEFT JOIN hamlet AS o ON o.id = {hamlet}")

    def counts(self) -> dict[FactPart, int]:
        """How many stand how, under the filter's hamlet and words, whatever parts it shows."""
        with self._context.read() as connection:
            return self._counts(connection)

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[FactRow]:
        behind = self.behind
        source = SOURCES[behind.held]
        own = "s.birth, s.citizen_group" if behind.held is LearningModel.CITIZEN else "NULL, NULL"
        readings = "".join(f", {condition}" for _, condition in behind.others)
        rows = all_rows(
            connection,
            f"SELECT s.uid, {source.name}, {own}, {source.detail}, v.name, "
            f"a.answered, a.total, a.id, a.frozen, {behind.part}, {behind.title}, {behind.kept}{readings} "
            f"FROM json_each(?) AS j JOIN {subjects_with_forms(behind.held, behind.round_)} "
            f"{placed(source.joins, behind.held, behind.round_)} WHERE s.id = j.value ORDER BY j.key",
            (as_json(keys),),
        )
        forms = [(row[8], row[9]) for row in rows if row[6] or row[9]]
        chips = short_verdicts(connection, behind.round_, behind.held, forms)
        names = tuple(name for name, _ in behind.others)
        return [_row(row, chips, names) for row in rows]

    def _like(self, sort: str, descending: bool) -> FactList:
        made = type(self)(self._context, self._query, sort, descending=descending, behind=self.behind)
        made._parts = self._parts
        return made

    def _counted(self, connection: Connection) -> int:
        found = self._counts(connection)
        return sum(found[part] for part in self.behind.shown)

    def _counts(self, connection: Connection) -> dict[FactPart, int]:
        """One statement, once a list."""
        if self._parts is None:
            query = self.behind.everybody
            rows = all_rows(
                connection,
                f"SELECT {self.behind.part}, count(*) FROM {query.source} WHERE {query.condition} GROUP BY 1",
                query.parameters,
            )
            self._parts = dict.fromkeys(FactPart, 0) | {FactPart(part): count for part, count in rows}
        return dict(self._parts)


@dataclass(frozen=True, slots=True)
class Behind:
    """SQL of one reading of a share over ``s`` (the subject's table) with its form ``a``, without parameters.

    Args:
        part: expression of the ``FactPart``.
        here: true of the denominator.
        title: true where the title is held; kept: true where one of an earlier year holds.
        others: (name of the denominator, condition) of the other readings.
        everybody: the list whichever parts are shown, with the filter's parameters; shown: the parts that are.
    """

    held: LearningModel
    round_: RoundRecord
    part: str
    here: str
    title: str
    kept: str
    others: tuple[tuple[str, str], ...]
    everybody: Query
    shown: frozenset[FactPart]


def fact_list(context: Context, fact: CountedFact, reading: str = "", filter_: FactFilter | None = None) -> FactList:
    """Who stands behind a share, by name.

    Args:
        reading: key of the reading that is looked at; empty for the one that the criteria ask for.

    Raises:
        KeyError: the share has no such reading.
    """
    wanted = filter_ or FactFilter()
    with context.read() as connection:
        behind = _behind(connection, fact, reading or fact.key, wanted)
    query = behind.everybody
    if wanted.parts == WHOLE:
        query = query.having(behind.here)
    elif wanted.parts is not None:
        names = ", ".join(f"'{part.value}'" for part in sorted(wanted.parts))
        query = query.having(f"{behind.part} IN ({names})")
    return FactList(context, query, behind=behind)


def _behind(connection: Connection, fact: CountedFact, reading: str, wanted: FactFilter) -> Behind:
    held, round_ = fact.held, fact.round_
    conditions = {each.key: stands_in(round_, each.key, each.parameters, fact.subject_id) for each in fact.readings}
    here = conditions[reading]
    others = tuple((r.value.denominator_name, conditions[r.key]) for r in fact.readings if r.key != reading)
    title, kept = title_condition(connection, round_, held)
    cases = " ".join(f"WHEN {condition} THEN '{part.value}'" for part, condition in _PART_SQL.items())
    part = (
        f"CASE WHEN NOT ({here}) THEN '{FactPart.OTHER.value}' WHEN {title} THEN '{FactPart.COUNTED.value}' {cases} END"
    )
    universe = " OR ".join(dict.fromkeys(conditions.values()))
    listed = SOURCES[held].listed if past_day(round_.counted_on) is None else "s.present = 1"
    query = Query(subjects_with_forms(held, round_), "s.id", (listed, f"({universe})"))
    if wanted.hamlet is not None:
        condition, values = lives_in(placed(SOURCES[held].hamlet, held, round_), wanted.hamlet)
        query = query.having(condition, *values)
    if fold(wanted.text):
        condition, words = text_condition(held, wanted.text)
        query = query.having(condition, *words)
    return Behind(held, round_, part, here, title, kept, others, query, wanted.parts or frozenset(FactPart))


def _row(row: tuple[Any, ...], chips: Mapping[int, str], names: tuple[str, ...]) -> FactRow:
    uid, name, birth, group, detail, hamlet, answered, total, form_id, _, part, title, kept, *readings = row
    is_other = part == FactPart.OTHER.value
    return FactRow(
        uid.hex(),
        name or "",
        PartialDate.from_iso(birth).text() if birth else "",
        detail or "",
        hamlet or "",
        CitizenGroup(group) if group else None,
        FactPart(part),
        total if answered else None,
        chips.get(form_id, ""),
        bool(title),
        bool(kept),
        tuple(name for name, stands in zip(names, readings, strict=True) if stands and is_other),
    )
