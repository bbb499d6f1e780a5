"""Counts the facts that criteria ask of the register: shares of people, families and units that hold a title.

Definitions, the same for every fact. *Holds the title* in a round: has a form of that round that stands as passed and
was not returned; recognised forms are among them. A unit's title that its set keeps for years (TT 24/2023 and
TT 25/2023: 36 months) also counts in those years. *Who are counted*: citizens present in the commune, living, with a
known birth, aged from ``min_age`` (to ``max_age``) on the round's counting day; families, clans, hamlets and units
that are in the register and have not ended; members of a unit who are neither dead nor moved away.
Once a round's counting day has passed, people, households and hamlets are those of that day (``registry.as_of``).
Invariant: every share carries its denominator's name; who stands in the numerator stands in the denominator too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FACTS, FactValue
from desktop_app.services.moves.as_of import past_day
from desktop_app.services.moves.as_of_lists import source_then
from desktop_app.services.raw import all_rows

DEFAULT_MIN_AGE = 16
"""Age from which citizens are counted where a criteria file gives none (status inferred)."""

ADULT_AGE = 18
OLDEST = 200

Parameters = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Share:
    """How one fact is counted.

    Args:
        subject: expression of the subject's local key; "0" where the whole commune is counted.
        source: FROM and WHERE.
        held: the model whose title is asked, and the expression of its subject.
        tables: which tables, besides the title itself, change it.
        min_age: default age; None where age does not matter.
    """

    subject: str
    source: str
    held: tuple[LearningModel, str]
    tables: frozenset[str]
    min_age: int | None = None


_PRESENT = "c.present = 1 AND c.life_status = 'living' AND c.birth <= :born_by AND c.birth > :born_after"
_REGISTERED = (
    "EXISTS (SELECT 1 FROM registration g WHERE g.assessment_round_id = :round AND g.model = 'citizen' "
    "AND g.subject_id = c.id AND g.present)"
)
_FAMILY_REGISTERED = (
    "EXISTS (SELECT 1 FROM registration g WHERE g.assessment_round_id = :round AND g.model = 'family' "
    "AND g.subject_id = h.id AND g.present)"
)
_CLAN_HOUSEHOLDS = (
    "FROM clan_household k JOIN household h ON h.id = k.household_id "
    "WHERE k.present AND k.until IS NULL AND h.present AND h.valid_to IS NULL"
)
_MEMBERS = (
    "FROM organization_member m JOIN citizen c ON c.id = m.citizen_id "
    "WHERE m.present AND m.until IS NULL AND c.present AND c.life_status IN ('living', 'away')"
)
_HOUSEHOLDS = "FROM household h WHERE h.present AND h.valid_to IS NULL"
_CITIZEN = (LearningModel.CITIZEN, "c.id")
_FAMILY = (LearningModel.FAMILY, "h.id")
_PEOPLE = frozenset({"citizen", "household", "hamlet", "assessment_round"})
_SHARES: dict[str, _Share] = {
    "family.adults_with_title_share": _Share(
        "c.household_id", f"FROM citizen c WHERE {_PRESENT}", _CITIZEN, _PEOPLE, ADULT_AGE
    ),
    "family.citizens_with_title_share": _Share(
        "c.household_id", f"FROM citizen c WHERE {_PRESENT}", _CITIZEN, _PEOPLE, DEFAULT_MIN_AGE
    ),
    "clan.families_with_title_share": _Share(
        "k.clan_id", _CLAN_HOUSEHOLDS, _FAMILY, frozenset({"clan_household", "household"})
    ),
    "clan.families_registered_with_title_share": _Share(
        "k.clan_id",
        f"{_CLAN_HOUSEHOLDS} AND {_FAMILY_REGISTERED}",
        _FAMILY,
        frozenset({"clan_household", "household", "registration"}),
    ),
    "community.families_with_title_share": _Share("h.hamlet_id", _HOUSEHOLDS, _FAMILY, frozenset({"household"})),
    "community.families_registered_with_title_share": _Share(
        "h.hamlet_id", f"{_HOUSEHOLDS} AND {_FAMILY_REGISTERED}", _FAMILY, frozenset({"household", "registration"})
    ),
    "community.citizens_with_title_share": _Share(
        "c.hamlet_id", f"FROM citizen c WHERE {_PRESENT}", _CITIZEN, _PEOPLE, DEFAULT_MIN_AGE
    ),
    "community.adults_with_title_share": _Share(
        "c.hamlet_id", f"FROM citizen c WHERE {_PRESENT}", _CITIZEN, _PEOPLE, ADULT_AGE
    ),
    "community.registered_with_title_share": _Share(
        "c.hamlet_id", f"FROM citizen c WHERE {_PRESENT} AND {_REGISTERED}", _CITIZEN, _PEOPLE | {"registration"}, 0
    ),
    "organization.members_with_title_share": _Share(
        "m.organization_id", _MEMBERS, _CITIZEN, frozenset({"organization_member", "citizen"})
    ),
    "organization.registered_with_title_share": _Share(
        "m.organization_id",
        f"{_MEMBERS} AND {_REGISTERED}",
        _CITIZEN,
        frozenset({"organization_member", "citizen", "registration"}),
    ),
    "commune.citizens_with_title_share": _Share(
        "0", f"FROM citizen c WHERE {_PRESENT}", _CITIZEN, _PEOPLE, DEFAULT_MIN_AGE
    ),
    "commune.adults_with_title_share": _Share("0", f"FROM citizen c WHERE {_PRESENT}", _CITIZEN, _PEOPLE, ADULT_AGE),
    "commune.registered_with_title_share": _Share(
        "0", f"FROM citizen c WHERE {_PRESENT} AND {_REGISTERED}", _CITIZEN, _PEOPLE | {"registration"}, 0
    ),
    "commune.families_with_title_share": _Share("0", _HOUSEHOLDS, _FAMILY, frozenset({"household"})),
    "commune.families_registered_with_title_share": _Share(
        "0", f"{_HOUSEHOLDS} AND {_FAMILY_REGISTERED}", _FAMILY, frozenset({"household", "registration"})
    ),
    "commune.clans_with_title_share": _Share(
        "0", "FROM clan x WHERE x.present AND x.valid_to IS NULL", (LearningModel.CLAN, "x.id"), frozenset({"clan"})
    ),
    "commune.communities_with_title_share": _Share(
        "0",
        "FROM hamlet x WHERE x.present AND x.valid_to IS NULL",
        (LearningModel.COMMUNITY, "x.id"),
        frozenset({"hamlet"}),
    ),
    "commune.organizations_with_title_share": _Share(
        "0",
        "FROM organization x WHERE x.present AND x.valid_to IS NULL",
        (LearningModel.ORGANIZATION, "x.id"),
        frozenset({"organization"}),
    ),
}


def is_counted(key: str) -> bool:
    """Whether the register can count this fact (else a person types the percentage)."""
    return key in _SHARES


def held_model(key: str) -> LearningModel:
    """The model whose title a counted fact asks for."""
    return _SHARES[key].held[0]


def source_tables(key: str) -> frozenset[str]:
    """Tables whose rows change a counted fact, besides the title itself."""
    return _SHARES[key].tables


def asked_facts(definition: CriteriaSet, *, with_help: bool = False) -> dict[str, Parameters]:
    """Counted facts that a set needs to judge, with their parameters.

    Args:
        with_help: also those shown beside an indicator, and the other readings of a denominator.
    """
    asked: dict[str, Parameters] = {}
    for prerequisite in definition.prerequisites:
        if prerequisite.is_enabled or with_help:
            asked[prerequisite.fact] = prerequisite.fact_parameters
    for indicator in definition.indicators:
        if indicator.fact and (with_help or indicator.fact in definition.fact_keys):
            asked[indicator.fact] = indicator.fact_parameters
    if with_help:
        for key in list(asked):
            for other in FACTS[key].other_readings:
                asked.setdefault(other, {})
    return {key: parameters for key, parameters in asked.items() if key in _SHARES}


def count_facts(
    connection: Connection,
    round_: RoundRecord,
    asked: Mapping[str, Parameters],
    subject_ids: Iterable[int],
) -> dict[int, dict[str, FactValue]]:
    """Count facts for many subjects of one model, one statement a fact.

    Args:
        asked: fact key → parameters, as ``asked_facts`` gives them.
        subject_ids: local keys of the subjects.

    Returns:
        Subject → fact key → value; somebody with nobody to count has a share of 0/0.
    """
    ids = list(subject_ids)
    found: dict[int, dict[str, FactValue]] = {subject: {} for subject in ids}
    for key, parameters in asked.items():
        name = denominator_name(key, parameters)
        counts = _count(connection, round_, key, parameters, ids)
        for subject in ids:
            numerator, denominator = counts.get(0 if _SHARES[key].subject == "0" else subject, (0, 0))
            found[subject][key] = FactValue(numerator, denominator, name)
    return found


def denominator_name(key: str, parameters: Parameters) -> str:
    """Who are counted from, in Vietnamese, with the ages that were asked."""
    spec, share = FACTS[key], _SHARES[key]
    if share.min_age is None or "max_age" not in spec.parameters:
        return spec.denominator
    least, most = _ages(share, parameters)
    return f"{spec.denominator} từ {least} tuổi" if most >= OLDEST else f"{spec.denominator} từ {least} đến {most} tuổi"


def holds(alias: str, model: LearningModel) -> str:
    """SQL that is true where ``alias`` (a subject's local key) holds the title in the round ``:round``."""
    return (
        f"EXISTS (SELECT 1 FROM assessment t WHERE t.assessment_round_id = :round AND t.model = '{model.value}' "
        f"AND t.subject_id = {alias} AND t.present AND t.passed AND t.status <> 'returned')"
    )


def stands_in(round_: RoundRecord, key: str, parameters: Parameters, subject_id: int) -> str:
    """SQL that is true of a row ``s`` (of the table whose title is asked) that a fact of one subject counts from.

    It has no parameters, so that lists may put it beside their own.
    """
    share, arguments = _asked(round_, key, parameters)
    alias = share.held[1]
    arguments["subjects"] = json.dumps([subject_id])
    source = share.source if share.subject == "0" else f"{share.source} AND {share.subject} = {subject_id}"
    table = _TABLES.get(alias, "")
    if table and source.startswith(f"FROM {table} WHERE "):
        source = re.sub(rf"\b{alias[0]}\.", "s.", source.removeprefix(f"FROM {table} WHERE "))
        return f"({_literal(source, arguments)})"
    return f"s.id IN (SELECT {alias} {_literal(source, arguments)})"


def title_condition(connection: Connection, round_: RoundRecord, model: LearningModel) -> tuple[str, str]:
    """SQL over a row ``s`` with its form ``a`` of the round: holds the title, and by one of an earlier year.

    It has no parameters; see ``holds`` for the same over a local key alone.
    """
    own = "coalesce(a.passed AND a.status <> 'returned', 0)"
    if model is not LearningModel.ORGANIZATION:
        return own, "0"
    arguments: dict[str, object] = {"kept": _kept_sets(connection), "year": round_.year}
    kept = _literal(_KEPT.replace("x.uid", "s.uid"), arguments)
    return f"({own} OR {kept})", f"(NOT {own} AND {kept})"


def _literal(sql: str, arguments: Mapping[str, object]) -> str:
    """Numbers, days and JSON of numbers put into a statement in place of its named parameters."""

    def shown(match: re.Match[str]) -> str:
        value = arguments[match[1]]
        return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"

    return re.sub(r":([a-z_]+)\b", shown, sql)


def count_in(
    connection: Connection, round_: RoundRecord, key: str, parameters: Parameters, holders: Iterable[int]
) -> dict[int, int]:
    """How many of certain people, families or units are among those counted from, by subject.

    What a title that was won or lost adds to or takes from a share's numerator. Units that keep a title of an earlier
    year are left out: theirs does not change.
    """
    share, arguments = _asked(round_, key, parameters, of_everybody=True)
    model, alias = share.held
    kept = ""
    if model is LearningModel.ORGANIZATION:
        kept = f" AND NOT {_KEPT}"
        arguments.update(kept=_kept_sets(connection), year=round_.year)
    rows = all_rows(
        connection,
        f"SELECT {share.subject}, count(*) {share.source}{kept} "
        f"AND {alias} IN (SELECT value FROM json_each(:holders)) GROUP BY 1",
        {**arguments, "holders": json.dumps(list(holders))},
    )
    return dict(rows)


def _asked(
    round_: RoundRecord, key: str, parameters: Parameters, *, of_everybody: bool = False
) -> tuple[_Share, dict[str, object]]:
    """How a fact is counted on the round's day, and the parameters of its SQL; by default of ``:subjects`` alone."""
    share = _SHARES[key]
    day = past_day(round_.counted_on)
    if day is not None:
        whole = of_everybody or share.subject == "0"
        share = replace(share, source=source_then(share.source, day, "" if whole else share.subject))
    return share, {"round": round_.id, **_births(share, parameters, round_)}


def _count(
    connection: Connection, round_: RoundRecord, key: str, parameters: Parameters, ids: list[int]
) -> dict[int, tuple[int, int]]:
    share, arguments = _asked(round_, key, parameters)
    model, alias = share.held
    held = holds(alias, model)
    if model is LearningModel.ORGANIZATION:
        held = f"({held} OR {_KEPT})"
        arguments.update(kept=_kept_sets(connection), year=round_.year)
    where = ""
    if share.subject != "0":
        where = f" AND {share.subject} IN (SELECT value FROM json_each(:subjects))"
        arguments["subjects"] = json.dumps(ids)
    if len(ids) > _FEW or share.subject == "0":
        return _count_wide(connection, share, held, where, arguments)
    rows = all_rows(
        connection, f"SELECT {share.subject}, count(*), total({held}) {share.source}{where} GROUP BY 1", arguments
    )
    return {row[0]: (int(row[2]), row[1]) for row in rows}


_FEW = 5
"""Up to so many subjects each member is looked up by himself; above, the titles are read once in their own order."""


def _count_wide(
    connection: Connection, share: _Share, held: str, where: str, arguments: dict[str, object]
) -> dict[int, tuple[int, int]]:
    counted = all_rows(connection, f"SELECT {share.subject}, count(*) {share.source}{where} GROUP BY 1", arguments)
    model, alias = share.held
    table = _TABLES.get(alias, "")
    titled = f"SELECT {share.subject}, count(*) {share.source}{where} AND {held} GROUP BY 1"
    if table and share.source.startswith(f"FROM {table} WHERE "):
        rest = share.source.removeprefix(f"FROM {table} WHERE ")
        titled = (
            f"SELECT {share.subject}, count(*) FROM assessment t CROSS JOIN {table} ON {alias} = t.subject_id "
            f"WHERE t.assessment_round_id = :round AND t.model = '{model.value}' AND t.present AND t.passed "
            f"AND t.status <> 'returned' AND {rest}{where} GROUP BY 1"
        )
    holders = dict(all_rows(connection, titled, arguments))
    return {subject: (holders.get(subject, 0), count) for subject, count in counted}


_TABLES = {"c.id": "citizen c", "h.id": "household h"}
"""Large tables, for which the titles are read first."""


_KEPT = """EXISTS (
SELECT 1 FROM assessment t
JOIN assessment_round r ON r.id = t.assessment_round_id
JOIN json_each(:kept) k ON k.value ->> 0 = t.criteria_set_id
WHERE t.subject = x.uid AND t.present AND t.passed AND t.status = 'recognised'
AND r.year < :year AND r.year >= :year - (k.value ->> 1))"""
"""Recognised in an earlier year by a set whose title is kept, and still within those years."""


def _kept_sets(connection: Connection) -> str:
    from desktop_app.services.criteria.office import read_sets

    sets = ((row_id, item.definition.validity) for row_id, item in read_sets(connection).items() if item)
    return json.dumps([[row_id, validity.months // 12] for row_id, validity in sets if validity])


def _ages(share: _Share, parameters: Parameters) -> tuple[int, int]:
    return parameters.get("min_age", share.min_age or 0), parameters.get("max_age", OLDEST)


def _births(share: _Share, parameters: Parameters, round_: RoundRecord) -> dict[str, str]:
    if share.min_age is None:
        return {}
    least, most = _ages(share, parameters)
    return {"born_by": round_.born_by(least), "born_after": round_.born_by(most + 1)}
