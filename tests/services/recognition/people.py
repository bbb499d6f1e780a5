"""An invented commune with filled forms, made quickly for the tests of recognition."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop_app.models.tables import registry
from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.bulk import FilledForm, write_forms
from desktop_app.services.assessment.rounds import round_of
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet
from desktop_app.services.criteria.office import confirm_set, set_in_use, sets_in_use
from desktop_app.services.settings import OfficeSettings, read_office, write_office
from tests.factories import make_register

SAMPLE = Path(__file__).parents[2] / "samples" / "expected.json"
YEAR = 2026
DECIDED = dt.date(2026, 11, 15)
PASS, FAIL, PARTIAL = "pass", "fail", "partial"


def set_office(context: Context, **changes: Any) -> OfficeSettings:
    """Change the office's settings."""
    with context.operation("settings.change", {"what": "cơ quan"}) as op:
        office = replace(read_office(op.connection), **changes)
        write_office(op.writer, office)
    return office


def confirm_all(context: Context) -> None:
    """The office confirms every suggested set."""
    for item in sets_in_use(context):
        if not item.is_confirmed:
            confirm_set(context, item.uid, "12/NQ-HKH", dt.date(2026, 1, 5))


def values_for(definition: CriteriaSet, outcome: str) -> dict[str, float]:
    """Answers of a form that passes, fails, or is filled in part."""
    found: dict[str, float] = {}
    for place, item in enumerate(definition.indicators):
        if outcome == PARTIAL and place:
            break
        if item.answer_type is AnswerType.MET:
            found[item.code] = 0.0 if outcome == FAIL else 1.0
        elif item.answer_type is AnswerType.PERCENT:
            found[item.code] = 0.0 if outcome == FAIL else 100.0
        else:
            found[item.code] = min(4.0, item.max_score or 0) if outcome == FAIL else float(item.max_score or 0)
    return found


def fill(
    context: Context, model: LearningModel, outcomes: Mapping[Uid, str | Mapping[str, float]], year: int = YEAR
) -> None:
    """Fill forms of many subjects; an outcome is a word of this module or the answers themselves."""
    group = CitizenGroup.RESIDENT if model is LearningModel.CITIZEN else None
    with context.operation("import.scores", {"count": len(outcomes), "file": "phiếu.xlsx"}) as op:
        used = set_in_use(op.connection, model, group)
        forms = [
            FilledForm(uid, used.id, values_for(used.definition, value) if isinstance(value, str) else value)
            for uid, value in outcomes.items()
        ]
        write_forms(op.writer, round_of(op.connection, year), model, forms)


def sample_commune(folder: Path, copies: int = 1) -> Context:
    """The invented commune of the samples: 8 hamlets, 420 households, 1,342 people (times ``copies``)."""
    content = json.loads(SAMPLE.read_text(encoding="utf-8"))
    context = make_register(folder, hamlets=tuple(content["hamlets"]), year=YEAR)
    homes = [dict(home, code=f"{home['code']}{copy or ''}") for copy in range(copies) for home in content["households"]]
    sexes = {"Nam": "male", "Nữ": "female"}
    with context.operation("import.citizens", {"count": 0, "file": "01_mot_bang.xlsx"}) as op:
        hamlets = {row.name: row.id for row in op.connection.execute(select(registry.hamlet)).all()}
        rows = [{"code": home["code"], "hamlet_id": hamlets[home["hamlet"]]} for home in homes]
        keys = op.writer.insert_many(registry.household, rows)
        people = [
            {
                "full_name": person["name"],
                "sex": sexes.get(person["sex"]),
                "birth": _iso(person["birth"]),
                "household_id": key,
                "relation": person["relation"],
                "position": place,
            }
            for key, home in zip(keys, homes, strict=True)
            for place, person in enumerate(home["members"], start=1)
        ]
        ids = iter(op.writer.insert_many(registry.citizen, people))
        heads = {}
        for key, home in zip(keys, homes, strict=True):
            members = [next(ids) for _ in home["members"]]
            heads[key] = {"head_id": members[0]}
        op.writer.update_many(registry.household, heads)
    set_office(context, signer_name="Nguyễn Văn Thắng")
    return context


def _iso(birth: str) -> str | None:
    return "-".join(reversed(birth.split("/"))) if birth else None


def all_uids(context: Context, model: LearningModel, limit: int = -1) -> list[Uid]:
    """Subjects of a model, by local key; of citizens those who are adults."""
    table = {LearningModel.CITIZEN: "citizen", LearningModel.FAMILY: "household"}[model]
    condition = "WHERE birth < '2008'" if model is LearningModel.CITIZEN else ""
    with context.read() as connection:
        query = f"SELECT uid FROM {table} {condition} ORDER BY id LIMIT {limit}"
        return [row[0].hex() for row in connection.exec_driver_sql(query)]


def passing(uids: Iterable[Uid]) -> dict[Uid, str]:
    return dict.fromkeys(uids, PASS)
