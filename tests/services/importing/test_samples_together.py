"""All workbooks of the invented commune one after another, in any order: each person once, and undone to the byte."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.registry.export import as_rows, exported_citizens
from tests.factories import make_register
from tests.services.importing.test_samples import LISTS

SEX = {"Nam": "male", "Nữ": "female"}
POVERTY = {"": "none", "Hộ nghèo": "poor", "Hộ cận nghèo": "near_poor"}


def exported(context: Context) -> str:
    return json.dumps(as_rows(exported_citizens(context)), ensure_ascii=False)


def wanted(samples: Path) -> list[tuple[str, ...]]:
    homes = json.loads((samples / "expected.json").read_text("utf-8"))["households"]
    return sorted(
        (
            home["code"], home["hamlet"], home["address"], POVERTY[home["poor"]], one["name"].replace("'", "’"),
            one["relation"], SEX[one["sex"]], "-".join(reversed(one["birth"].split("/"))), one["cccd"] or "",
            one["ethnic"].replace("'", "’"), one["job"], one["phone"],
        )
        for home in homes
        for one in home["members"]
    )  # fmt: skip


def found(context: Context) -> list[tuple[str, ...]]:
    return sorted(
        (
            one.household_code or "", one.hamlet or "", one.address or "", one.poverty, one.name.replace("'", "’"),
            one.relation or "", one.sex or "", one.birth or "", one.cccd or "",
            (one.ethnicity or "").replace("'", "’"), one.occupation or "", one.phone or "",
        )
        for one in exported_citizens(context)
    )  # fmt: skip


@pytest.mark.full
@pytest.mark.parametrize("seed", range(6))
def test_every_order_makes_one_register_and_is_undone_to_the_byte(tmp_path: Path, samples: Path, seed: int) -> None:
    names = list(LISTS)
    random.Random(seed).shuffle(names)
    context = make_register(tmp_path / "register", hamlets=())
    before: list[tuple[str, str]] = []
    for name in names:
        state = exported(context)
        result = import_citizens(context, parse_workbook(samples / name))
        assert (result.doubtful, result.refused) == (0, 0)
        if result.operation is not None:
            before.append((result.operation, state))
    assert found(context) == wanted(samples)
    for name in names:
        assert import_citizens(context, parse_workbook(samples / name)).operation is None
    for operation, state in reversed(before):
        context.journal.undo(operation)
        assert exported(context) == state
    context.close()
