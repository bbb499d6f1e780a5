"""A register of 220 people in 60 households for tests of lists: blanks, ties, scores and titles of every kind."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, Poverty
from desktop_app.services.context import Context
from tests.factories import make_register
from tests.services.registry.scores import give_score, give_title

HO = ("Nguyễn", "Trần", "Lê", "Đặng", "Ôn", "Ân")
TEN = ("Ước", "Lan", "Lân", "Ánh", "An", "Đạt", "Dũng", "Bình", "Xuyến")


def make_crowd(folder: Path) -> Context:
    """220 people in 60 households of three hamlets, some without a household, a CCCD, a birth or a group."""
    context = make_register(folder, hamlets=("Thôn 1", "Thôn 2", "Thôn 10"))
    rng = random.Random(7)
    with context.read() as connection:
        hamlets = connection.execute(select(registry.hamlet.c.id)).scalars().all()
    with context.operation("import.citizens", {"count": 220, "file": "x.xlsx"}) as op:
        households = op.writer.insert_many(registry.household, [_household(rng, n, hamlets) for n in range(60)])
        people = op.writer.insert_many(registry.citizen, [_person(rng, n, households) for n in range(220)])
        uids = [op.writer.references.uid("citizen", key) for key in people]
        homes = [op.writer.references.uid("household", key) for key in households]
        op.writer.update_many(registry.household, {key: {"head_id": people[n]} for n, key in enumerate(households)})
    for n, uid in enumerate(uids[:30]):
        give_score(context, uid, 70 + n % 15, is_complete=n % 4 != 0, passed=n % 4 != 0 and 70 + n % 15 >= 80)
    give_title(context, uids[0], 1, model=LearningModel.CITIZEN)
    for year in (2025, 2026):
        give_title(context, homes[0], 1, model=LearningModel.FAMILY, year=year)
    return context


def _household(rng: random.Random, number: int, hamlets: Any) -> dict[str, Any]:
    return {
        "code": f"{number % 3 + 1:02d}-{rng.randint(1, 400):04d}",
        "hamlet_id": hamlets[number % 3],
        "poverty": rng.choice(list(Poverty)).value,
    }


def _person(rng: random.Random, number: int, households: list[int]) -> dict[str, Any]:
    born = rng.randint(1930, 2024)
    return {
        "full_name": f"{rng.choice(HO)} Văn {rng.choice(TEN)}",
        "sex": rng.choice(["male", "female", None]),
        "birth": rng.choice(
            [None, f"{born}", f"{born}-05", f"{born}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"]
        ),
        "cccd": f"079{number:09d}" if number % 5 else None,
        "household_id": households[number // 4] if number < 200 and number // 4 < 60 else None,
        "position": number % 4 + 1,
        "citizen_group": rng.choice([*(group.value for group in CitizenGroup), None]),
        "life_status": rng.choice(["living"] * 8 + ["away", "moved", "dead", None]),
    }
