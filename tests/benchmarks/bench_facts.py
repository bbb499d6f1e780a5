"""Every fact that the shipped sets ask for, of all their subjects at 100,000 assessments, against its raw SQL.

Run: ``python -m tests.benchmarks.bench_facts``; prints a JSON object for each fact and one for all together.
"""

from __future__ import annotations

import json
import os
import random
import tempfile
from pathlib import Path
from typing import Any

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.facts import count_facts
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.facts import FACTS
from desktop_app.services.register import open_register
from tests.benchmarks.big_register import big_register
from tests.benchmarks.floors import timed

YEAR = 2026
LIMIT = 3.0
CLANS, UNITS = 400, 120
TURNS = 3

_HELD = (
    "LEFT JOIN assessment t ON t.assessment_round_id = {round} AND t.model = '{model}' AND t.subject_id = {key} "
    "AND t.present = 1 AND t.passed = 1 AND t.status <> 'returned'"
)
_LIVING = "c.present = 1 AND c.life_status = 'living' AND c.birth <= '{born_by}'"
_RAW = {
    "family.adults_with_title_share": ("c.household_id", "citizen c", "citizen", "c.id", _LIVING, 18),
    "clan.families_with_title_share": (
        "k.clan_id",
        "clan_household k JOIN household h ON h.id = k.household_id",
        "family",
        "h.id",
        "k.present = 1 AND k.until IS NULL AND h.present = 1 AND h.valid_to IS NULL",
        0,
    ),
    "community.families_with_title_share": (
        "h.hamlet_id", "household h", "family", "h.id", "h.present = 1 AND h.valid_to IS NULL", 0,
    ),
    "community.citizens_with_title_share": ("c.hamlet_id", "citizen c", "citizen", "c.id", _LIVING, 16),
    "organization.members_with_title_share": (
        "m.organization_id",
        "organization_member m JOIN citizen c ON c.id = m.citizen_id",
        "citizen",
        "c.id",
        "m.present = 1 AND m.until IS NULL AND c.present = 1 AND c.life_status IN ('living', 'away')",
        0,
    ),
    "commune.citizens_with_title_share": ("0", "citizen c", "citizen", "c.id", _LIVING, 16),
    "commune.adults_with_title_share": ("0", "citizen c", "citizen", "c.id", _LIVING, 18),
    "commune.families_with_title_share": (
        "0", "household h", "family", "h.id", "h.present = 1 AND h.valid_to IS NULL", 0,
    ),
}  # fmt: skip


def fill(context: Context, round_: RoundRecord) -> None:
    """Clans, units, a form of every person and family, four in five passed; written bare, for reading alone counts."""
    chance = random.Random(5)
    with context.database.write() as connection:
        for table, count in (("clan", CLANS), ("organization", UNITS)):
            rows = [(os.urandom(16), f"{table} {n}") for n in range(count)]
            connection.exec_driver_sql(f"INSERT INTO {table} (uid, name, present) VALUES (?, ?, 1)", rows)
        homes, people = (
            [row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {table} ORDER BY id")]
            for table in ("household", "citizen")
        )
        clans, units = (
            [row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {table}")]
            for table in ("clan", "organization")
        )
        connection.exec_driver_sql(
            "INSERT INTO clan_household (uid, clan_id, household_id, present) VALUES (?, ?, ?, 1)",
            [(os.urandom(16), clans[n % CLANS], home) for n, home in enumerate(homes)],
        )
        connection.exec_driver_sql(
            "INSERT INTO organization_member (uid, organization_id, citizen_id, present) VALUES (?, ?, ?, 1)",
            [(os.urandom(16), units[n % UNITS], person) for n, person in enumerate(people[:20_000])],
        )
        for model, table, ids in (("citizen", "citizen", people), ("family", "household", homes)):
            connection.exec_driver_sql(
                "INSERT INTO assessment (uid, assessment_round_id, model, subject, subject_id, passed, status, present)"
                f" SELECT ?, ?, ?, uid, id, ?, 'draft', 1 FROM {table} WHERE id = ?",
                [(os.urandom(16), round_.id, model, int(chance.random() < 0.8), key) for key in ids],
            )
        connection.exec_driver_sql("ANALYZE")


def raw_sql(key: str, round_: RoundRecord) -> str:
    """The statement that somebody would write by hand."""
    subject, source, model, alias, where, age = _RAW[key]
    held = _HELD.format(round=round_.id, model=model, key=alias)
    asked = where.format(born_by=round_.born_by(age)) if age else where
    return f"SELECT {subject}, count(*), count(t.id) FROM {source} {held} WHERE {asked} GROUP BY 1"


def subjects_of(connection: Any, key: str) -> list[int]:
    """Every subject whose fact it is."""
    table = subject_table(LearningModel(key.partition(".")[0]))
    return [row[0] for row in connection.exec_driver_sql(f"SELECT id FROM {table} WHERE present = 1")]


def measured(connection: Any, round_: RoundRecord, key: str) -> tuple[float, float]:
    """Seconds of ours and of the raw statement, the best of some turns, after both gave the same figures."""
    subjects = subjects_of(connection, key)
    query = raw_sql(key, round_)
    best, floor = [], []
    for _ in range(TURNS):
        seconds, found = timed(lambda: count_facts(connection, round_, {key: {}}, subjects))
        bare, rows = timed(lambda: connection.exec_driver_sql(query).fetchall())
        best.append(seconds)
        floor.append(bare)
    for subject, count, holders in rows:
        value = found[subject if subject else subjects[0]][key]
        assert (value.denominator, value.numerator) == (count, holders), key
    return min(best), min(floor)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name:
        context = open_register(big_register(Path(name)))
        with context.read() as connection:
            round_ = round_of(connection, YEAR)
        fill(context, round_)
        spent = bare = 0.0
        with context.read() as connection:
            for key in _RAW:
                assert FACTS[key].is_computed
                mine, floor = measured(connection, round_, key)
                spent, bare = spent + mine, bare + floor
                tell(f"fact {key}", mine, floor)
        tell("all facts of the commune", spent, bare)
        context.close()


def tell(name: str, mine: float, floor: float) -> None:
    ratio = round(mine / max(floor, 1e-9), 2)
    print(json.dumps({"name": name, "ms": round(mine * 1e3), "ratio": ratio, "limit": LIMIT}), flush=True)


if __name__ == "__main__":
    main()
