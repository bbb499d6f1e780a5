"""Reads who gets a form, in the order in which forms are handed out, with what stands in the head of each.

Invariant: only who is to be assessed in the round gets a form with his name; a form that was begun keeps its set.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.groups import proposed_group
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord
from desktop_app.services.assessment.subjects import eligible, placed
from desktop_app.services.criteria.office import OfficeSet, set_by_id, set_in_use
from desktop_app.services.criteria.round_sets import groups_left_out, require_taking_part
from desktop_app.services.paper.codes import form_code
from desktop_app.services.paper.request import PaperOrder, PaperRequest, check_count
from desktop_app.services.paper.shapes import Home, PaperForm, PreparedSet
from desktop_app.services.raw import all_rows
from desktop_app.services.vietnamese import PartialDate, number_text

_MODELS, _GROUPS = list(LearningModel), list(CitizenGroup)
_HOUSEHOLD_MODELS = (LearningModel.CITIZEN, LearningModel.FAMILY)


@dataclass(frozen=True, slots=True)
class _Row:
    """A subject as SQL gives it, before its set and its head are known."""

    sort: tuple[str, ...]
    id: int
    uid: bytes
    name: str
    birth: str | None
    group: str | None
    occupation: str | None
    hamlet: int | None
    home: int | None
    code: str | None
    organization: int | None
    detail: str | None
    set_id: int | None


@dataclass(frozen=True, slots=True)
class _Source:
    """SQL of one model's forms over ``s``; each gives the columns of ``_Row`` but the set."""

    columns: str
    joins: str
    sort: tuple[str, str, str, str]
    """By hamlet, by household (or name), by place in the household, by name."""


_NO_PERSON = "NULL, NULL, NULL"
_SOURCES: dict[LearningModel, _Source] = {
    LearningModel.CITIZEN: _Source(
        "s.full_name, s.birth, s.citizen_group, s.occupation, v.id, h.id, h.code, o.id, NULL",
        "LEFT JOIN household h ON h.id = s.household_id LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        ("v.sort_key", "h.sort_key", "printf('1%05d', coalesce(s.position, 99999))", "s.sort_key"),
    ),
    LearningModel.FAMILY: _Source(
        f"coalesce(c.full_name, s.address, s.code), {_NO_PERSON}, v.id, s.id, s.code, NULL, NULL",
        "LEFT JOIN citizen c ON c.id = s.head_id LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        ("v.sort_key", "s.sort_key", "'0'", "c.sort_key"),
    ),
    LearningModel.CLAN: _Source(
        f"s.name, {_NO_PERSON}, v.id, NULL, NULL, NULL, s.leader",
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        ("v.sort_key", "s.sort_key", "''", "s.sort_key"),
    ),
    LearningModel.COMMUNITY: _Source(
        f"s.name, {_NO_PERSON}, s.id, NULL, s.former_commune, NULL, s.leader", "", ("s.sort_key", "''", "''", "''")
    ),
    LearningModel.ORGANIZATION: _Source(
        f"s.name, {_NO_PERSON}, v.id, NULL, NULL, s.id, s.leader",
        "LEFT JOIN hamlet v ON v.id = s.hamlet_id",
        ("v.sort_key", "s.sort_key", "''", "s.sort_key"),
    ),
    LearningModel.COMMUNE: _Source(
        f"s.name, {_NO_PERSON}, NULL, NULL, s.code, NULL, s.province", "", ("''", "''", "''", "s.name")
    ),
}


@dataclass(frozen=True, slots=True)
class FormsRead:
    """Forms in their order, the sets they follow, and the households they belong to."""

    forms: tuple[PaperForm, ...]
    sets: tuple[PreparedSet, ...]
    homes: Mapping[int, Home]


def read_forms(
    connection: Connection, request: PaperRequest, round_: RoundRecord, only: Mapping[LearningModel, list[Uid]]
) -> FormsRead:
    """All forms of a request.

    Args:
        only: of the models named, nobody but these (a filter's result).

    Raises:
        UserError: ``criteria.none_in_use``, ``paper.too_many``.
    """
    reader = _Reader(connection, request, round_)
    found: list[tuple[tuple[str, ...], PaperForm]] = []
    for model in request.models:
        found += reader.forms(model, only.get(model))
    found.sort(key=lambda item: item[0])
    homes = _homes(connection, {form.home for _, form in found if form.home}) if request.has_assignments else {}
    return FormsRead(tuple(form for _, form in found), tuple(reader.prepared.values()), homes)


def read_blank_sets(
    connection: Connection, request: PaperRequest, round_: RoundRecord
) -> list[tuple[LearningModel, OfficeSet]]:
    """The sets of which blank forms are printed: of citizens the chosen group's, or those of all that take part."""
    left_out = groups_left_out(connection, round_.id)
    wanted: list[tuple[LearningModel, CitizenGroup | None]] = []
    for model in request.models:
        groups = [request.group] if request.group else [group for group in CitizenGroup if group not in left_out]
        wanted += [(model, group) for group in groups] if model is LearningModel.CITIZEN else [(model, None)]
    return [(model, set_in_use(connection, model, group, round_id=round_.id)) for model, group in wanted]


def require_round_work(connection: Connection, request: PaperRequest, round_: RoundRecord) -> None:
    """Refuse forms of what stays out of the round; raises UserError ``round.not_taking_part``."""
    for model in request.models:
        require_taking_part(connection, round_.id, model, request.group if model is LearningModel.CITIZEN else None)


class _Reader:
    """Reads one request's forms; remembers sets, names of hamlets and counts."""

    def __init__(self, connection: Connection, request: PaperRequest, round_: RoundRecord) -> None:
        self._connection = connection
        self._request = request
        self._round = round_
        self._hamlets = hamlet_words(connection)
        self._left_out = groups_left_out(connection, round_.id)
        self._in_use: dict[tuple[LearningModel, CitizenGroup | None], int] = {}
        self._organizations: dict[int, tuple[str, str]] = {
            key: (name or "", sort or "")
            for key, name, sort in all_rows(connection, "SELECT id, name, sort_key FROM organization")
        }
        self._places = {
            table: {key: uid.hex() for key, uid in all_rows(connection, f"SELECT id, uid FROM {table}")}
            for table in ("hamlet", "organization")
        }
        self.prepared: dict[int, PreparedSet] = {}

    def forms(self, model: LearningModel, only: list[Uid] | None) -> list[tuple[tuple[str, ...], PaperForm]]:
        """Forms of one model, each with what sorts it."""
        rows = self._rows(model, only)
        numbers = _numbers(self._connection, model)
        found = []
        for row in rows:
            group = self._group(row) if model is LearningModel.CITIZEN else None
            if group is not None and (group in self._left_out or self._request.group not in (None, group)):
                continue
            found.append((self._sort(model, row, group), self._form(model, row, group, numbers)))
        return found

    def _sort(self, model: LearningModel, row: _Row, group: CitizenGroup | None) -> tuple[str, ...]:
        """By set within a place where that is asked for: a stack then lies together."""
        if self._request.order is not PaperOrder.SET:
            return row.sort
        kind = _MODELS.index(model) * 10 + (_GROUPS.index(group) if group else 0)
        return (*row.sort[:2], f"{kind:03d}", *row.sort[2:])

    def _group(self, row: _Row) -> CitizenGroup:
        return CitizenGroup(row.group) if row.group else proposed_group(row.occupation, row.birth, self._round)

    def _form(
        self, model: LearningModel, row: _Row, group: CitizenGroup | None, numbers: Mapping[int, int]
    ) -> PaperForm:
        used = self._set(model, row.set_id, group)
        hamlet = self._hamlets.get(row.hamlet or 0, "")
        by_organization = self._request.order is PaperOrder.ORGANIZATION and row.organization is not None
        place = self._organizations[row.organization or 0][0] if by_organization else hamlet
        uid = row.uid.hex()
        form = PaperForm(
            uid, model, used.id, row.name or "", _VALUES[model](row, hamlet, numbers), place,
            row.organization or 0 if by_organization else row.hamlet or 0, row.home or 0, row.code or "",
            form_code(uid), place_uid=self._places["organization" if by_organization else "hamlet"].get(
                (row.organization if by_organization else row.hamlet) or 0, ""),
        )  # fmt: skip
        return replace(form, qr=f"SHT:{self._round.year}:{used.definition.key}:{form.code}")

    def _set(self, model: LearningModel, set_id: int | None, group: CitizenGroup | None) -> PreparedSet:
        if set_id is None:
            if (model, group) not in self._in_use:
                used = set_in_use(self._connection, model, group, round_id=self._round.id)
                self._in_use[model, group] = used.id
                self.prepared.setdefault(used.id, PreparedSet(used.id, used.definition, used.uid))
            set_id = self._in_use[model, group]
        if set_id not in self.prepared:
            used = set_by_id(self._connection, set_id)
            self.prepared[used.id] = PreparedSet(used.id, used.definition, used.uid)
        return self.prepared[set_id]

    def _rows(self, model: LearningModel, only: list[Uid] | None) -> list[_Row]:
        source = _SOURCES[model]
        table = subject_table(model)
        joins = placed(source.joins, model, self._round)
        if model is LearningModel.CITIZEN:
            joins += f" LEFT JOIN organization o ON o.id = ({self._organization_of()})"
        where, values = self._conditions(model)
        if only is not None:
            where.append("s.id IN (SELECT id FROM " + table + " WHERE uid IN (SELECT unhex(value) FROM json_each(?)))")
            values.append(json.dumps(only))
        rest = f"FROM {table} s {joins} WHERE {' AND '.join(where)}"
        if self._request.group is None:
            check_count(all_rows(self._connection, f"SELECT count(*) {rest}", values)[0][0])
        statement = (
            f"SELECT s.id, s.uid, {source.columns}, a.criteria_set_id, {', '.join(source.sort)} "
            f"FROM {table} s {joins} LEFT JOIN assessment a ON a.assessment_round_id = {self._round.id} "
            f"AND a.model = '{model.value}' AND a.subject_id = s.id AND a.present = 1 "
            f"WHERE {' AND '.join(where)}"
        )
        return [self._row(row) for row in all_rows(self._connection, statement, values)]

    def _row(self, row: tuple[Any, ...]) -> _Row:
        hamlet_sort, home_sort, place_sort, name_sort = (str(part or "\uffff") for part in row[12:16])
        hamlet, home, organization = row[6], row[7], row[9]
        tail = (name_sort, f"{row[0]:012d}")
        order = self._request.order
        sort: tuple[str, ...] = (hamlet_sort, f"{hamlet or 0:012d}", *tail)
        if order is PaperOrder.ORGANIZATION:
            unit = self._organizations.get(organization or 0, ("", "\uffff"))[1]
            sort = (unit, f"{organization or 0:012d}", *(tail if organization else sort))
        elif order in (PaperOrder.HOUSEHOLD, PaperOrder.SET):
            sort = (hamlet_sort, f"{hamlet or 0:012d}", home_sort, f"{home or 0:012d}", place_sort, *tail)
        return _Row(sort, *row[:12])

    def _organization_of(self) -> str:
        """SQL of the unit through which a citizen gets a form: the chosen one, else the first."""
        chosen = ""
        if self._request.organization is not None:
            uid = bytes.fromhex(self._request.organization).hex()
            chosen = f"AND m.organization_id = (SELECT id FROM organization WHERE uid = x'{uid}') "
        return (
            "SELECT m.organization_id FROM organization_member m WHERE m.citizen_id = s.id AND m.present "
            f"AND m.until IS NULL {chosen}ORDER BY m.id LIMIT 1"
        )

    def _conditions(self, model: LearningModel) -> tuple[list[str], list[Any]]:
        request = self._request
        where: list[str] = [f"({eligible(model, self._round)})"]
        values: list[Any] = []
        if request.hamlets and model is not LearningModel.COMMUNE:
            hamlet = placed({"community": "s.id"}.get(model.value, "s.hamlet_id"), model, self._round)
            where.append(f"{hamlet} IN (SELECT id FROM hamlet WHERE uid IN (SELECT unhex(value) FROM json_each(?)))")
            values.append(json.dumps(request.hamlets))
        if request.household is not None and model in _HOUSEHOLD_MODELS:
            home = placed("s.household_id" if model is LearningModel.CITIZEN else "s.id", model, self._round)
            where.append(f"{home} = (SELECT id FROM household WHERE uid = ?)")
            values.append(bytes.fromhex(request.household))
        if request.organization is not None and model in (LearningModel.CITIZEN, LearningModel.ORGANIZATION):
            where.append("o.id IS NOT NULL" if model is LearningModel.CITIZEN else "s.uid = ?")
            values += [] if model is LearningModel.CITIZEN else [bytes.fromhex(request.organization)]
        if request.subjects is not None:
            where.append("s.uid IN (SELECT unhex(value) FROM json_each(?))")
            values.append(json.dumps(request.subjects))
        return where, values


def hamlet_words(connection: Connection) -> dict[int, str]:
    """Local key → name, with the former commune where two share a name."""
    rows = all_rows(
        connection,
        "SELECT id, coalesce(name, ''), coalesce(former_commune, ''), present = 1 AND valid_to IS NULL FROM hamlet",
    )
    times = Counter(name for _, name, _, is_now in rows if is_now)
    return {key: f"{name} ({former} cũ)" if former and times[name] > 1 else name for key, name, former, _ in rows}


_NUMBERS: dict[LearningModel, str] = {
    LearningModel.FAMILY: "SELECT household_id, count(*) FROM citizen WHERE is_current GROUP BY 1",
    LearningModel.CLAN: "SELECT clan_id, count(*) FROM clan_household WHERE present AND until IS NULL GROUP BY 1",
    LearningModel.COMMUNITY: (
        "SELECT hamlet_id, count(*) FROM household WHERE present AND valid_to IS NULL GROUP BY 1"
    ),
    LearningModel.ORGANIZATION: (
        "SELECT organization_id, count(*) FROM organization_member WHERE present AND until IS NULL GROUP BY 1"
    ),
    LearningModel.COMMUNE: (
        "SELECT commune_id, count(*) FROM hamlet WHERE present AND valid_to IS NULL GROUP BY 1"
    ),
}  # fmt: skip


def _numbers(connection: Connection, model: LearningModel) -> dict[int, int]:
    """How many people, families, households … a subject has, as the register stands now."""
    statement = _NUMBERS.get(model)
    return {key: count for key, count in all_rows(connection, statement) if key} if statement else {}


_Values = Callable[[_Row, str, Mapping[int, int]], tuple[str, str, str, str]]


def _number(row: _Row, numbers: Mapping[int, int]) -> str:
    return number_text(numbers[row.id]) if numbers.get(row.id) else ""


_VALUES: dict[LearningModel, _Values] = {
    LearningModel.CITIZEN: lambda row, hamlet, _: (
        row.name, PartialDate.from_iso(row.birth).text() if row.birth else "", hamlet, row.code or ""
    ),
    LearningModel.FAMILY: lambda row, hamlet, n: (row.name or "", row.code or "", hamlet, _number(row, n)),
    LearningModel.CLAN: lambda row, hamlet, n: (row.name or "", _number(row, n), row.detail or "", hamlet),
    LearningModel.COMMUNITY: lambda row, _, n: (row.name or "", _number(row, n), row.detail or "", row.code or ""),
    LearningModel.ORGANIZATION: lambda row, hamlet, n: (row.name or "", _number(row, n), row.detail or "", hamlet),
    LearningModel.COMMUNE: lambda row, _, n: (row.name or "", row.code or "", row.detail or "", _number(row, n)),
}  # fmt: skip
"""What stands behind the labels of ``words.FACT_LABELS``."""


def _homes(connection: Connection, keys: set[int]) -> dict[int, Home]:
    rows = all_rows(
        connection,
        "SELECT h.id, h.code, c.full_name, h.address FROM json_each(?) k JOIN household h ON h.id = k.value "
        "LEFT JOIN citizen c ON c.id = h.head_id",
        (json.dumps(sorted(keys)),),
    )
    return {key: Home(code or "", head or "", address or "") for key, code, head, address in rows}
