"""Names of rows, sentences of deeds and values of fields, as people read them.

Invariant: CCCD and phone are masked; a name comes from the row as it stands now, never from the operation, so erasing
a person takes the name out of every sentence too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.journal import SUBJECT_TABLES, kind_of
from desktop_app.models.tables import SHARED
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.criteria.office import read_sets
from desktop_app.services.history.labels import DATES, enum_word, field_label
from desktop_app.services.registry.words import MODEL
from desktop_app.services.vietnamese import PartialDate, mask_cccd, mask_phone, nfc, number_text

GONE = "(không còn)"
UNNAMED = "…"
LONGEST = 160
"""Letters of a value that are shown."""

_USERS = frozenset({"confirmed_by", "entered_by", "first_by", "settled_by"})
"""Fields that hold the uid of who works here."""

_KEYED = frozenset({"first_values", "second_values", "settled"})
"""Fields that hold the values of a whole form."""

_YEARS = frozenset({"year", "sequence", "number", "revision"})
"""Numbers that are names: no dots between their thousands."""


class Names:
    """Names of rows over one connection, looked up once each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, Uid], str] = {}
        self._numbers: dict[int, dict[str, str]] = {}

    def of(self, table: str, uid: Uid) -> str:
        """The row's present name; ``GONE`` where it is not in this file or its name was erased."""
        if (table, uid) not in self._known:
            self._known[table, uid] = self._read(table, uid) or GONE
        return self._known[table, uid]

    def indicator(self, assessment_id: int, code: str) -> str:
        """The number of an indicator as its form shows it."""
        if assessment_id not in self._numbers:
            self._numbers[assessment_id] = self._numbers_of(assessment_id)
        return self._numbers[assessment_id].get(code, code)

    def _read(self, table: str, uid: Uid) -> str:
        spec = SHARED.get(table)
        if spec is None:
            return ""
        found = self._connection.execute(select(spec.table).where(spec.table.c.uid == uid)).mappings().first()
        return _NAMERS.get(table, _plain)(self, found) if found is not None else ""

    def by_id(self, table: str, row_id: int | None) -> str:
        """The name of a row by its local key; empty for none."""
        if row_id is None:
            return ""
        target = SHARED[table].table
        uid = self._connection.execute(select(target.c.uid).where(target.c.id == row_id)).scalar()
        return self.of(table, uid) if uid is not None else ""

    def told_apart(self, people: Sequence[Uid]) -> tuple[str, ...]:
        """Names of people; of one name with year of birth and household: "Lê Văn An (1984, hộ 03-0127)"."""
        found = tuple(self.of("citizen", uid) for uid in people)
        if len(set(found)) == len(found) or GONE in found:
            return found
        return tuple(self._with_marks(name, uid) for name, uid in zip(found, people, strict=True))

    def _with_marks(self, name: str, uid: Uid) -> str:
        query = (
            "SELECT substr(c.birth, 1, 4), h.code FROM citizen AS c LEFT JOIN household AS h ON h.id = c.household_id "
            "WHERE c.uid = ?"
        )
        year, code = self._connection.exec_driver_sql(query, (bytes.fromhex(uid),)).first() or ("", "")
        marks = ", ".join(part for part in (year, code and f"hộ {code}") if part)
        return f"{name} ({marks})" if marks else name

    def subject(self, model: str | None, uid: Uid | None) -> str:
        """The name of what an assessment, registration or certificate is about."""
        if model is None or uid is None:
            return ""
        return self.of(SUBJECT_TABLES[LearningModel(model)], uid)

    def _numbers_of(self, assessment_id: int) -> dict[str, str]:
        query = "SELECT criteria_set_id FROM assessment WHERE id = ?"
        set_id = self._connection.exec_driver_sql(query, (assessment_id,)).scalar()
        chosen = read_sets(self._connection, [set_id]).get(set_id) if set_id is not None else None
        if chosen is None:
            return {}
        return {code: indicator.number for code, indicator in chosen.definition.by_code.items()}


Row = Mapping[Any, Any]


def _plain(names: Names, row: Row) -> str:
    return str(row.get("name") or row.get("code") or row.get("number") or row.get("key") or "")


def _household(names: Names, row: Row) -> str:
    head = names.by_id("citizen", row["head_id"])
    code = row["code"] or ""
    if not code:
        return f"của {head}" if head else ""
    return f"{code} ({head})" if head and head != GONE else str(code)


def _subject(names: Names, row: Row) -> str:
    return names.subject(row["model"], row["subject"])


def _assessed(names: Names, row: Row) -> str:
    return names.by_id("assessment", row["assessment_id"])


def _answer(names: Names, row: Row) -> str:
    return f"Chỉ số {names.indicator(row['assessment_id'], row['indicator'])}"


def _criteria_set(names: Names, row: Row) -> str:
    chosen = read_sets(names._connection, [row["id"]]).get(row["id"])
    return chosen.label if chosen is not None else f"{row['key']} ({row['version']})"


def _pair(first: str, second: str) -> Callable[[Names, Row], str]:
    def namer(names: Names, row: Row) -> str:
        return " – ".join(names.by_id(table, row[f"{table}_id"]) for table in (first, second))

    return namer


def _two_people(names: Names, row: Row) -> str:
    people = SHARED["citizen"].table
    query = select(people.c.id, people.c.uid).where(people.c.id.in_((row["first_id"], row["second_id"])))
    uids = dict(names._connection.execute(query).tuples().all())
    return " – ".join(names.told_apart([uids[row[key]] for key in ("first_id", "second_id") if row[key] in uids]))


_SETTINGS: Mapping[str, str] = {"office": "Cơ quan và văn bản", "review": "Bình xét, thẩm định, niêm yết"}
_NAMERS: Mapping[str, Callable[[Names, Row], str]] = {
    "citizen": lambda names, row: str(row["full_name"] or ""),
    "household": _household,
    "branch": lambda names, row: " ".join(part for part in (row["code"], row["name"]) if part),
    "clan_household": _pair("clan", "household"),
    "organization_member": _pair("citizen", "organization"),
    "residence": _pair("citizen", "household"),
    "household_place": _pair("household", "hamlet"),
    "distinct_pair": _two_people,
    "criteria_set": _criteria_set,
    "registration": _subject,
    "former_title": _subject,
    "assessment": _subject,
    "answer": _answer,
    "evidence": _assessed,
    "review": _assessed,
    "second_entry": _assessed,
    "objection": _assessed,
    "site_account": lambda names, row: names.by_id("citizen", row["citizen_id"]),
    "follow_up": lambda names, row: (
        names.by_id("hamlet", row["hamlet_id"]) or names.by_id("organization", row["organization_id"])
    ),
    "posting": lambda names, row: " ".join(
        part for part in (names.by_id("hamlet", row["hamlet_id"]), row["posted_on"]) if part
    ),
    "meeting": lambda names, row: " ".join(
        part for part in (names.by_id("hamlet", row["hamlet_id"]) or "Toàn xã", row["held_on"]) if part
    ),
    "round_set": _pair("assessment_round", "criteria_set"),
    "certificate": lambda names, row: str(row["number"] or ""),
    "setting": lambda names, row: _SETTINGS.get(row["key"], row["key"]),
}


def row_name(connection: Connection, table: str, uid: Uid) -> str:
    """The present name of a row; ``GONE`` where there is none."""
    return Names(connection).of(table, uid)


def sentence(names: Names, kind: str, args: Mapping[str, Any]) -> str:
    """What a deed was: the kind's template with its arguments in words."""
    text = kind_of(kind).sentence
    people = {name: value["uid"] for name, value in args.items() if _is_person(value)}
    told = dict(zip(people, names.told_apart(list(people.values())), strict=True))

    def put(match: re.Match[str]) -> str:
        return told.get(match[1]) or argument(names, match[1], args.get(match[1]))

    return re.sub(r"\{(\w+)\}", put, text)


def _is_person(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("table") == "citizen" and isinstance(value.get("uid"), str)


def argument(names: Names, name: str, value: Any) -> str:
    """One argument of a deed in words."""
    if isinstance(value, Mapping):
        table, uid = value.get("table"), value.get("uid")
        return names.of(table, uid) if isinstance(table, str) and isinstance(uid, str) else UNNAMED
    if value is None or value == "":
        return UNNAMED
    if name == "field":
        return "CCCD" if value == "cccd" else field_label("citizen", str(value)).lower()
    if name == "model":
        return next((text for model, text in MODEL.items() if model == value), str(value))
    if isinstance(value, int | float) and name not in _YEARS:
        return number_text(value)
    return nfc(str(value))


def field_text(connection: Connection, table: str, field: str, value: Any) -> str:
    """A field's value as people read it; CCCD and phone masked, references as names, empty for nothing."""
    return value_text(Names(connection), table, field, value)


def value_text(names: Names, table: str, field: str, value: Any) -> str:
    """The same with names that are looked up once."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or field == "present":
        return "Có" if value else "Không"
    if table == "second_entry" and field in _KEYED:
        return _short(_keyed_text(value))
    spec = SHARED.get(table)
    if spec is not None and field in spec.refs:
        return names.of(spec.refs[field], str(value))
    if field == "cccd":
        return mask_cccd(str(value))
    if field == "phone":
        return mask_phone(str(value))
    if field in _USERS:
        return names.of("user", str(value))
    if isinstance(value, str):
        return _short(enum_word(table, field, value) or _date(field, value) or value)
    if isinstance(value, int | float):
        if field in _YEARS:
            return str(value)
        return number_text(value, 0 if float(value).is_integer() else 1)
    return "(nội dung)"


def _date(field: str, value: str) -> str | None:
    if field not in DATES:
        return None
    try:
        return PartialDate.from_iso(value).text()
    except ValueError:
        return None


def _keyed_text(value: Any) -> str:
    """Values of a form by their indicators' codes: "c1: 9; c2: 8"."""
    found = value
    if isinstance(value, str):
        try:
            found = json.loads(value)
        except ValueError:
            found = None
    if not isinstance(found, Mapping):
        return "(nội dung)"
    plain = {code: item.get("value") if isinstance(item, Mapping) else item for code, item in found.items()}
    return "; ".join(
        f"{code}: {number_text(n, 0 if float(n).is_integer() else 1) if isinstance(n, int | float) else '(trống)'}"
        for code, n in plain.items()
    )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


__all__ = ["GONE", "Names", "argument", "field_label", "field_text", "row_name", "sentence", "value_text"]
