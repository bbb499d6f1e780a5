"""The big register with a form of the round for every citizen and household, some not begun, and titles of two years.

Invariant: rows are as the assessment services leave them (keys, answers, totals, verdicts), written raw because the
benchmarks of lists measure reading only.
"""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

from desktop_app.models.database import connect
from desktop_app.services.context import REGISTER_FILE
from tests.benchmarks.big_register import big_register

ANSWERS = 4
_FORMS = """
INSERT INTO assessment (id, uid, assessment_round_id, model, subject, status, subject_id, total, answered, is_complete,
passed) VALUES (?, ?, 1, ?, ?, 'draft', ?, ?, ?, ?, ?)"""
_ANSWERS = "INSERT INTO answer (uid, assessment_id, indicator, value) VALUES (?, ?, ?, ?)"
_TITLES = "INSERT INTO former_title (uid, model, subject, year, subject_id) VALUES (?, ?, ?, ?, ?)"


def scored_register(folder: Path) -> Path:
    """A data folder that holds it."""
    data = big_register(folder)
    raw = connect(data / REGISTER_FILE)
    raw.execute("BEGIN IMMEDIATE")
    chance = random.Random(5)
    first = 1
    for model, table in (("citizen", "citizen"), ("family", "household")):
        subjects = raw.execute(f"SELECT id, uid FROM {table} ORDER BY id").fetchall()
        forms = [_form(chance, first + place, model, *subject) for place, subject in enumerate(subjects)]
        raw.executemany(_FORMS, forms)
        raw.executemany(_ANSWERS, (row for form in forms if form[6] for row in _answers(chance, form[0])))
        raw.executemany(_TITLES, _titles(chance, model, subjects))
        first += len(forms)
    raw.execute("COMMIT")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    return data


def _form(chance: random.Random, key: int, model: str, subject_id: int, subject: bytes) -> tuple[Any, ...]:
    """A sixth is not begun, a sixth is begun, the others are complete and pass from 80 points on."""
    lot = chance.randrange(6)
    total = chance.randrange(100, 201) / 2
    if lot == 0:
        return key, os.urandom(16), model, subject, subject_id, 0.0, 0, False, False
    if lot == 1:
        return key, os.urandom(16), model, subject, subject_id, total / 4, 2, False, False
    return key, os.urandom(16), model, subject, subject_id, total, ANSWERS, True, total >= 80


def _answers(chance: random.Random, key: int) -> list[tuple[Any, ...]]:
    return [(os.urandom(16), key, str(number), chance.randrange(11)) for number in range(1, ANSWERS + 1)]


def _titles(chance: random.Random, model: str, subjects: list[tuple[int, bytes]]) -> list[tuple[Any, ...]]:
    """A third held last year's title, a twentieth this year's."""
    found = []
    for key, uid in subjects:
        found += [(os.urandom(16), model, uid, 2025, key)] if chance.random() < 0.33 else []
        found += [(os.urandom(16), model, uid, 2026, key)] if chance.random() < 0.05 else []
    return found
