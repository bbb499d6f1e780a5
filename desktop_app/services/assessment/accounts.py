"""Where people stand on the national site (congdanhoctap.vn) in a round: states one by one or in bulk, and counts.

Invariants: one state a person and round; "none" is stored only where somebody said so, who has no row counts as none;
every count names its denominator: who is to be assessed in a hamlet, or the members of an organization from 16 years.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.engine import Connection

from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.assessment import follow_up, site_account
from desktop_app.models.types import CitizenGroup, LearningModel, SiteState, Uid
from desktop_app.services.assessment.facts import DEFAULT_MIN_AGE
from desktop_app.services.assessment.rounds import RoundRecord, require_open, round_of
from desktop_app.services.assessment.subjects import SOURCES, eligible, lives_in, placed
from desktop_app.services.context import Context, subject_of
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.lists import Query, Sort, SqlList, as_json
from desktop_app.services.registry.search_terms import filter_expression
from desktop_app.services.registry.words import SITE_STATE
from desktop_app.services.vietnamese import PartialDate, nfc

CITIZEN = LearningModel.CITIZEN
SITE_WORDS = SITE_STATE
WITH_ACCOUNT = (SiteState.REGISTERED, SiteState.SELF_ASSESSED, SiteState.RECOGNISED)
ASSESSED = (SiteState.SELF_ASSESSED, SiteState.RECOGNISED)
_ACCOUNT = f"x.state IN ({', '.join(repr(state.value) for state in WITH_ACCOUNT)})"
_ASSESSED = f"x.state IN ({', '.join(repr(state.value) for state in ASSESSED)})"


@dataclass(frozen=True, slots=True)
class AccountFilter:
    """What the list shows; None and "" show all.

    Args:
        hamlet: uid, or ``NO_HAMLET`` for whose hamlet is not known.
        organization: those of its present members who are counted for it, also who is away or of unknown birth.
    """

    state: SiteState | None = None
    hamlet: Uid | None = None
    organization: Uid | None = None
    group: CitizenGroup | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One person; ``changed_on`` is ISO, "" where nobody wrote it down."""

    uid: Uid
    name: str
    birth: str
    hamlet: str
    workplace: str
    group: CitizenGroup | None
    state: SiteState
    changed_on: str


@dataclass(frozen=True, slots=True)
class AccountCount:
    """A hamlet's or organization's people.

    Args:
        uid: None for people of no hamlet.
        people: who should have an account: the denominator.
        accounts, assessed, recognised: of them; who is further on counts in what comes before it.
        person, reminded_on, note: who sees to it, and the last reminder (ISO).
    """

    uid: Uid | None
    name: str
    people: int
    accounts: int
    assessed: int
    recognised: int
    person: str = ""
    reminded_on: str = ""
    note: str = ""


class AccountList(SqlList[AccountRow]):
    """People with their states, a page at a time; made by ``account_list``."""

    sorts: ClassVar[Mapping[str, Sort]] = {
        "name": Sort("s.sort_key", ("s.id",)),
        "birth": Sort("s.birth", ("s.sort_key", "s.id")),
        "hamlet": Sort("v.sort_key", ("s.sort_key", "s.id"), "LEFT JOIN hamlet AS v ON v.id = s.hamlet_id"),
        "state": Sort(
            "CASE coalesce(x.state, 'none') WHEN 'none' THEN 1 WHEN 'registered' THEN 2 "
            "WHEN 'self_assessed' THEN 3 ELSE 4 END",
            ("s.sort_key", "s.id"),
        ),
        "changed_on": Sort("x.changed_on", ("s.sort_key", "s.id")),
    }

    def counts(self) -> dict[SiteState, int]:
        """How many of the list stand in each state."""
        query = f"SELECT coalesce(x.state, 'none'), count(*) FROM {self._query.source} WHERE {self._query.condition}"
        with self._context.read() as connection:
            found = dict(all_rows(connection, f"{query} GROUP BY 1", self._query.parameters))
        return {state: int(found.get(state.value, 0)) for state in SiteState}

    def fetch(self, connection: Connection, keys: Sequence[int]) -> Sequence[AccountRow]:
        rows = all_rows(
            connection,
            "SELECT s.uid, s.full_name, s.birth, v.name, s.workplace, s.citizen_group, x.state, x.changed_on "
            f"FROM json_each(?) AS j JOIN {self._query.source} LEFT JOIN hamlet AS v ON v.id = s.hamlet_id "
            "WHERE s.id = j.value ORDER BY j.key",
            (as_json(keys),),
        )
        return [
            AccountRow(
                uid.hex(),
                name or "",
                PartialDate.from_iso(birth).text() if birth else "",
                hamlet or "",
                workplace or "",
                CitizenGroup(group) if group else None,
                SiteState(state or SiteState.NONE),
                changed_on or "",
            )
            for uid, name, birth, hamlet, workplace, group, state, changed_on in rows
        ]


def account_list(context: Context, year: int, wanted: AccountFilter | None = None) -> AccountList:
    """Who is to be assessed in the round (of an organization: who is counted there), with the state, by name.

    Raises:
        UserError: ``round.unknown``.
    """
    wanted = wanted or AccountFilter()
    with context.read() as connection:
        round_ = round_of(connection, year)
    whole = _is_staff(round_) if wanted.organization is not None else eligible(CITIZEN, round_, everyone=True)
    query = Query(_joined(round_), "s.id", (f"({whole})",))
    if wanted.state is not None:
        query = query.having("coalesce(x.state, 'none') = ?", wanted.state.value)
    if wanted.hamlet is not None:
        condition, values = lives_in(placed(SOURCES[CITIZEN].hamlet, CITIZEN, round_), wanted.hamlet)
        query = query.having(condition, *values)
    if wanted.organization is not None:
        query = query.having(
            "s.id IN (SELECT m.citizen_id FROM organization_member AS m JOIN organization AS o "
            "ON o.id = m.organization_id WHERE o.uid = ? AND m.present AND m.until IS NULL)",
            bytes.fromhex(wanted.organization),
        )
    if wanted.group is not None:
        query = query.having("s.citizen_group = ?", wanted.group.value)
    expression = filter_expression(wanted.text)
    if expression:
        found = "SELECT rowid & 16777215 FROM citizen_search WHERE citizen_search MATCH ?"
        query = query.having(f"s.id IN ({found})", expression)
    return AccountList(context, query, "name")


def _is_staff(round_: RoundRecord) -> str:
    """Who among an organization's members (``s``) should have an account; of unknown birth is counted as staff."""
    return (
        "s.present AND s.life_status IN ('living', 'away') "
        f"AND (s.birth IS NULL OR s.birth <= '{round_.born_by(DEFAULT_MIN_AGE)}')"
    )


def _joined(round_: RoundRecord) -> str:
    return (
        f"citizen AS s LEFT JOIN site_account AS x ON x.assessment_round_id = {round_.id} "
        "AND x.citizen_id = s.id AND x.present = 1"
    )


def site_account_uid(round_uid: Uid, citizen: Uid) -> Uid:
    """A person's state in one round, the same on every machine."""
    return natural_uid("site_account", round_uid, citizen)


def record_states(
    context: Context,
    year: int,
    people: Iterable[Uid],
    state: SiteState,
    *,
    changed_on: dt.date | None = None,
    note: str = "",
    keeps_further: bool = False,
) -> int:
    """Give one or many people a state, as one operation.

    Args:
        changed_on: since when; None where nobody knows.
        keeps_further: who is in this state already, or further on, stays so with the date that stands there.

    Returns:
        How many changed; people who are not in the register are passed over.

    Raises:
        UserError: ``round.unknown``, ``round.closed``.
    """
    day = changed_on.isoformat() if changed_on else None
    values = {"state": state.value, "changed_on": day, "note": nfc(note) or None}
    if keeps_further:
        further = _there_already(context, year, state)
        people = [uid for uid in people if uid not in further]
    return write_states(context, year, dict.fromkeys(people, values), "site.record", {})


def _there_already(context: Context, year: int, state: SiteState) -> frozenset[Uid]:
    order = list(SiteState)
    beyond = [each.value for each in order[order.index(state) :]]
    with context.read() as connection:
        rows = all_rows(
            connection,
            "SELECT c.uid FROM site_account AS x JOIN citizen AS c ON c.id = x.citizen_id "
            "WHERE x.assessment_round_id = ? AND x.present AND x.state IN (SELECT value FROM json_each(?))",
            (round_of(connection, year).id, json.dumps(beyond)),
        )
    return frozenset(row[0].hex() for row in rows)


def write_states(
    context: Context,
    year: int,
    states: Mapping[Uid, Mapping[str, object]],
    kind: str,
    args: Mapping[str, object],
) -> int:
    """Write a state for each person (columns of ``site_account``) as one operation; returns how many changed."""
    with context.operation(kind, dict(args)) as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        writer, references = op.writer, op.writer.references
        references.learn("assessment_round", round_.id, round_.uid)
        references.learn_many("citizen", list(states))
        uids = {uid: site_account_uid(round_.uid, uid) for uid in states}
        references.learn_many("site_account", list(uids.values()))
        standing = _standing(op.connection, round_)
        fresh: list[tuple[Uid, dict[str, object]]] = []
        changes: dict[int, dict[str, object]] = {}
        for uid, wanted in states.items():
            person = references.id("citizen", uid)
            row_id = references.id("site_account", uids[uid])
            if person is None:
                continue
            if row_id is None:
                fresh.append((uids[uid], {"assessment_round_id": round_.id, "citizen_id": person, **wanted}))
            elif any(standing.get(row_id, {}).get(name) != value for name, value in wanted.items()):
                changes[row_id] = {**wanted, "present": True}
        writer.insert_many(site_account, [row for _, row in fresh], uids=[uid for uid, _ in fresh])
        writer.update_many(site_account, changes)
        count = len(fresh) + len(changes)
        op.args["count"] = count
    return count


def _standing(connection: Connection, round_: RoundRecord) -> dict[int, dict[str, object]]:
    rows = all_rows(
        connection,
        "SELECT id, state, changed_on, source, note FROM site_account WHERE assessment_round_id = ? AND present",
        (round_.id,),
    )
    return {row[0]: dict(zip(("state", "changed_on", "source", "note"), row[1:], strict=True)) for row in rows}


def hamlet_counts(context: Context, year: int) -> tuple[AccountCount, ...]:
    """Per hamlet, of who is to be assessed there; people of no hamlet in a last line.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        of = placed(SOURCES[CITIZEN].hamlet, CITIZEN, round_)
        counted = all_rows(
            connection,
            f"SELECT {of}, count(*), total({_ACCOUNT}), total({_ASSESSED}), total(x.state = 'recognised') "
            f"FROM {_joined(round_)} WHERE {eligible(CITIZEN, round_, everyone=True)} GROUP BY 1",
        )
        hamlets = all_rows(
            connection,
            "SELECT h.id, h.uid, h.name, f.person, f.reminded_on, f.note FROM hamlet AS h "
            "LEFT JOIN follow_up AS f ON f.hamlet_id = h.id AND f.assessment_round_id = ? AND f.present "
            "WHERE h.present AND h.valid_to IS NULL ORDER BY h.sort_key, h.id",
            (round_.id,),
        )
    found = {row[0]: (int(row[1]), int(row[2]), int(row[3]), int(row[4])) for row in counted}
    lines = []
    for row_id, uid, name, person, reminded, note in hamlets:
        people, accounts, assessed, recognised = found.pop(row_id, (0, 0, 0, 0))
        lines.append(
            AccountCount(
                uid.hex(), name or "", people, accounts, assessed, recognised, person or "", reminded or "", note or ""
            )
        )
    if found:
        people, accounts, assessed, recognised = (sum(column) for column in zip(*found.values(), strict=True))
        lines.append(AccountCount(None, "Chưa rõ thôn", people, accounts, assessed, recognised))
    return tuple(lines)


def organization_counts(context: Context, year: int) -> tuple[AccountCount, ...]:
    """Per organization, of its members who are 16 or older on the counting day: all of them should have an account.

    Members of whom no birth is known are counted as staff.

    Raises:
        UserError: ``round.unknown``.
    """
    with context.read() as connection:
        round_ = round_of(connection, year)
        rows = all_rows(
            connection,
            "SELECT o.uid, o.name, count(s.id), total(coalesce("
            + _ACCOUNT
            + ", 0)), total(coalesce("
            + _ASSESSED
            + ", 0)), total(coalesce(x.state = 'recognised', 0)), f.person, f.reminded_on, f.note "
            "FROM organization AS o "
            "LEFT JOIN organization_member AS m ON m.organization_id = o.id AND m.present AND m.until IS NULL "
            f"LEFT JOIN citizen AS s ON s.id = m.citizen_id AND {_is_staff(round_)} "
            "LEFT JOIN site_account AS x ON x.assessment_round_id = :round AND x.citizen_id = s.id AND x.present "
            "LEFT JOIN follow_up AS f ON f.organization_id = o.id AND f.assessment_round_id = :round AND f.present "
            "WHERE o.present AND o.valid_to IS NULL GROUP BY o.id ORDER BY o.sort_key, o.id",
            {"round": round_.id},
        )
    return tuple(
        AccountCount(
            uid.hex(), name or "", people, int(accounts), int(assessed), int(recognised), person or "", reminded or "",
            note or "",
        )
        for uid, name, people, accounts, assessed, recognised, person, reminded, note in rows
    )  # fmt: skip


def set_follow_up(
    context: Context,
    year: int,
    table: str,
    uid: Uid,
    *,
    person: str = "",
    reminded_on: dt.date | None = None,
    note: str = "",
) -> None:
    """Say who sees to the accounts of a hamlet or organization, and when they were last reminded.

    Args:
        table: "hamlet" or "organization".

    Raises:
        UserError: ``round.unknown``, ``round.closed``.
    """
    with context.operation("site.follow", {"subject": subject_of(table, uid)}) as op:
        round_ = round_of(op.connection, year)
        require_open(round_)
        values = {
            "assessment_round_id": round_.id,
            f"{table}_id": op.writer.references.id(table, uid),
            "person": nfc(person) or None,
            "reminded_on": reminded_on.isoformat() if reminded_on else None,
            "note": nfc(note) or None,
        }
        op.writer.insert(follow_up, values, uid=natural_uid("follow_up", round_.uid, table, uid))
