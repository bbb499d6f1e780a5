"""Two records side by side: each field's words, which differ, which are proposed, and what would become of the rest.

Invariant: nothing is written; numbers are masked; what is said here of forms is what merging does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection

from desktop_app.models.tables import SHARED
from desktop_app.models.tables.registry import citizen
from desktop_app.models.types import LifeStatus, Uid
from desktop_app.services.context import Context
from desktop_app.services.duplicates.forms import (
    RoundForm,
    figures,
    form_note,
    forms_of,
    is_open_question,
    takes_second,
)
from desktop_app.services.duplicates.merging import COLUMNS, FORM, HOME, LIFE, older_first, proposed
from desktop_app.services.duplicates.search import Glance, read_glances
from desktop_app.services.history import field_label, field_text
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.lookups import find_row, stored_fields
from desktop_app.services.registry.words import ASSESSMENT_STATUS
from desktop_app.services.registry.words import LIFE as LIFE_WORDS
from desktop_app.services.vietnamese import number_text

_LABELS = {HOME: "Hộ", LIFE: "Cư trú", "birth": "Ngày sinh", "note": "Ghi chú"}


@dataclass(frozen=True, slots=True)
class ComparedLine:
    """One choice: what stands on each side, in words; empty for nothing.

    Attributes:
        name: key of ``merging.COLUMNS``, or ``form:2026``.
        takes_second: the younger record's value is proposed.
    """

    name: str
    label: str
    first: str
    second: str
    differs: bool
    takes_second: bool

    @property
    def is_question(self) -> bool:
        """Both sides say something and not the same: a person should look."""
        return self.differs and bool(self.first) and bool(self.second)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two records side by side; ``first`` is the older one, which stays.

    Attributes:
        first_hanging, second_hanging: what hangs on each, in words ("2 phiếu chấm").
        notes: what merging would do with forms of the same round of which one is recognised.
    """

    first: Glance
    second: Glance
    lines: tuple[ComparedLine, ...]
    first_hanging: tuple[str, ...]
    second_hanging: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def proposed(self) -> frozenset[str]:
        """The choices that are taken from the younger record unless a person says otherwise."""
        return frozenset(line.name for line in self.lines if line.takes_second)


@dataclass(frozen=True, slots=True)
class SettledPair:
    """Two records that were merged, or called two people."""

    first: Glance
    second: Glance

    @property
    def uid(self) -> str:
        """A key for lists."""
        return self.first.uid + self.second.uid


def compare(context: Context, first: Uid, second: Uid) -> Comparison:
    """Read two records side by side.

    Raises:
        UserError: one of them is gone (``record.gone``).
    """
    kept, gone = older_first(first, second)
    with context.read() as connection:
        rows = [find_row(connection, "citizen", uid) for uid in (kept, gone)]
        taken = proposed(rows[0], rows[1])
        words = [_words(connection, row) for row in rows]
        glances = read_glances(connection, [row["id"] for row in rows])
        lines = tuple(_line(name, words[0][name], words[1][name], name in taken) for name in COLUMNS)
        both = _both_forms(connection, kept, gone)
        lines += tuple(_form_line(*pair) for pair in both if is_open_question(*pair))
        notes = tuple(
            form_note(*pair)
            for pair in both
            if not is_open_question(*pair) and (pair[0].is_recognised or pair[1].is_recognised)
        )
        return Comparison(
            glances[rows[0]["id"]],
            glances[rows[1]["id"]],
            tuple(line for line in lines if line.first or line.second),
            _hanging(connection, rows[0]),
            _hanging(connection, rows[1]),
            notes,
        )


def merged_people(context: Context) -> tuple[SettledPair, ...]:
    """Records that were merged and can be taken apart again: (survivor, absorbed), the newest first."""
    with context.read() as connection:
        query = select(citizen.c.merged_into_id, citizen.c.id).where(
            citizen.c.present.is_(False), citizen.c.merged_into_id.is_not(None)
        )
        rows = [(row[0], row[1]) for row in connection.execute(query.order_by(citizen.c.id.desc()))]
        return _settled(connection, rows)


def distinct_people(context: Context) -> tuple[SettledPair, ...]:
    """Pairs that a person called two people, the newest first."""
    with context.read() as connection:
        table = SHARED["distinct_pair"].table
        query = select(table.c.first_id, table.c.second_id).where(table.c.present).order_by(table.c.id.desc())
        rows = [(row[0], row[1]) for row in connection.execute(query) if None not in tuple(row)]
        return _settled(connection, rows)


def _settled(connection: Connection, rows: list[tuple[int, int]]) -> tuple[SettledPair, ...]:
    glances = read_glances(connection, sorted({key for row in rows for key in row}))
    return tuple(SettledPair(glances[first], glances[second]) for first, second in rows)


def _line(name: str, first: str, second: str, takes_second: bool) -> ComparedLine:
    column = COLUMNS[name][0].removesuffix("_id")
    label = _LABELS.get(name) or field_label("citizen", column)
    return ComparedLine(name, label, first, second, first != second, takes_second)


def _both_forms(connection: Connection, kept: Uid, gone: Uid) -> list[tuple[RoundForm, RoundForm]]:
    """The forms of rounds of which both have one."""
    mine, theirs = forms_of(connection, kept), forms_of(connection, gone)
    return [(mine[year], form) for year, form in theirs.items() if year in mine]


def _form_line(mine: RoundForm, theirs: RoundForm) -> ComparedLine:
    words = [f"{figures(form)}, {ASSESSMENT_STATUS[form.status].lower()}" for form in (mine, theirs)]
    name = f"{FORM}{mine.year}"
    return ComparedLine(name, f"Phiếu {mine.year}", words[0], words[1], True, takes_second(mine, theirs))


def _words(connection: Connection, row: Mapping[str, Any]) -> dict[str, str]:
    fields = stored_fields(connection, "citizen", row)
    words = {}
    for name, columns in COLUMNS.items():
        column = columns[0].removesuffix("_id")
        words[name] = field_text(connection, "citizen", column, fields[column])
    words[HOME] = _home(connection, row, fields)
    life = fields["life_status"] or LifeStatus.LIVING.value
    on = field_text(connection, "citizen", "status_date", fields["status_date"])
    words[LIFE] = " từ ".join(part for part in (LIFE_WORDS[LifeStatus(life)], on) if part)
    return words


def _home(connection: Connection, row: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    if row["household_id"] is None:
        return ""
    glance = read_glances(connection, [row["id"]])[row["id"]]
    place = " · ".join(part for part in (glance.household or "chưa có mã", glance.hamlet) if part)
    return f"{place} ({fields['relation']})" if fields["relation"] else place


_COUNTS = (
    ("SELECT count(*) FROM assessment WHERE subject = :uid AND model = 'citizen' AND +present = 1", "phiếu chấm"),
    ("SELECT count(*) FROM registration WHERE subject = :uid AND model = 'citizen' AND +present = 1", "lượt đăng ký"),
    ("SELECT count(*) FROM certificate WHERE subject = :uid AND model = 'citizen' AND +present = 1", "giấy công nhận"),
    ("SELECT count(*) FROM organization_member WHERE citizen_id = :id AND +present = 1", "đơn vị"),
    ("SELECT count(*) FROM household WHERE head_id = :id AND +present = 1", "hộ làm chủ"),
    ("SELECT count(*) FROM residence WHERE citizen_id = :id AND +present = 1", "nơi ở cũ"),
    (
        "SELECT count(*) FROM former_title WHERE subject = :uid AND model = 'citizen' AND +present = 1",
        "danh hiệu năm trước",
    ),
)


def _hanging(connection: Connection, row: Mapping[str, Any]) -> tuple[str, ...]:
    values = {"uid": bytes.fromhex(row["uid"]), "id": row["id"]}
    found = []
    for query, words in _COUNTS:
        count = all_rows(connection, query, {name: values[name] for name in values if f":{name}" in query})[0][0]
        if count:
            found.append(f"{number_text(count)} {words}")
    return tuple(found)
