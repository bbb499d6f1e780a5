"""Valid records with defaults, made through the program's own services; every person here is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_app.models.journal import Operation
from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.register import RegisterPlan, create_register

PHU_AN = "30436"
"""Code of a real commune (Xã Phú An, An Giang), under which the invented people of the samples live."""


def make_register(folder: Path, *, hamlets: tuple[str, ...] = ("Thôn 1", "Thôn 2"), year: int = 2026) -> Context:
    """An office's new register."""
    return create_register(folder, RegisterPlan(PHU_AN, year, hamlets=hamlets))


def add_household(
    context: Context, code: str = "01-0001", *, hamlet: str = "Thôn 1", members: tuple[str, ...] = ("Nguyễn Văn Ước",)
) -> tuple[Uid, list[Uid]]:
    """A household with members named so; the first is its head.

    Returns:
        The household's uid and its members'.
    """
    from sqlalchemy import select

    from desktop_app.models.tables import registry

    with context.operation("household.add", {}) as op:
        hamlet_id = op.connection.execute(
            select(registry.hamlet.c.id).where(registry.hamlet.c.name == hamlet)
        ).scalar_one()
        household_id = op.writer.insert(registry.household, {"code": code, "hamlet_id": hamlet_id})
        ids = [
            op.writer.insert(
                registry.citizen,
                {"full_name": name, "household_id": household_id, "position": place, "birth": f"{1960 + place}"},
            )
            for place, name in enumerate(members, start=1)
        ]
        if ids:
            op.writer.update(registry.household, household_id, {"head_id": ids[0]})
        uids = [op.writer.references.uid("citizen", row_id) for row_id in ids]
        return op.writer.references.uid("household", household_id), uids


SAMPLE_HAMLETS = (
    "Thôn 1", "Thôn 2", "Thôn 3", "Thôn 4", "Thôn 5", "Thôn 6", "Ấp Bình Hòa", "Tổ dân phố số 2",
)  # fmt: skip
_SAMPLE_POVERTY = {"": "none", "Hộ nghèo": "poor", "Hộ cận nghèo": "near_poor"}


def load_sample(context: Context, *, with_scores: bool = True) -> dict[str, Uid]:
    """The invented commune of ``tests/samples``: 420 households, 1,342 people, 141 forms of Thôn 2.

    Written through the journal in one operation each, much quicker than the import of the workbook that holds them.

    Returns:
        Household code → uid.
    """
    import json

    content = json.loads((Path(__file__).parent / "samples" / "expected.json").read_text(encoding="utf-8"))
    args = {"count": sum(len(h["members"]) for h in content["households"]), "file": "01_mot_bang.xlsx"}
    with context.operation("import.citizens", args) as op:
        uids = _write_sample_households(op, content["households"], _sample_hamlets(op, content["hamlets"]))
    if with_scores:
        _write_sample_scores(context, content["scores"])
    return uids


def _sample_hamlets(op: Operation, names: list[str]) -> dict[str, int]:
    from sqlalchemy import select

    from desktop_app.models.tables.registry import commune
    from desktop_app.services.register import add_hamlet

    row = op.connection.execute(select(commune.c.id, commune.c.uid).where(commune.c.present)).one()
    return {name: add_hamlet(op.writer, row.id, row.uid, name) for name in names}


def _write_sample_households(op: Operation, households: list[Any], hamlets: dict[str, int]) -> dict[str, Uid]:
    from desktop_app.models.tables import registry
    from desktop_app.services.importing.words import HEAD

    rows = [
        {
            "code": h["code"], "hamlet_id": hamlets[h["hamlet"]], "address": h["address"],
            "poverty": _SAMPLE_POVERTY[h["poor"]],
        }
        for h in households
    ]  # fmt: skip
    ids = op.writer.insert_many(registry.household, rows)
    people = [_sample_person(m, row_id, n) for row_id, h in zip(ids, households, strict=True)
              for n, m in enumerate(h["members"], start=1)]  # fmt: skip
    made = op.writer.insert_many(registry.citizen, people)
    heads = {p["household_id"]: key for p, key in zip(people, made, strict=True) if p["relation"] == HEAD}
    op.writer.update_many(registry.household, {row_id: {"head_id": key} for row_id, key in heads.items()})
    return {h["code"]: op.writer.references.uid("household", row_id) for h, row_id in zip(households, ids, strict=True)}


def _sample_person(member: Any, household_id: int, position: int) -> dict[str, Any]:
    import datetime

    from desktop_app.services.registry.groups import propose_group
    from desktop_app.services.vietnamese import parse_date

    birth = parse_date(member["birth"]).value
    group = propose_group(birth, member["job"], datetime.date(2026, 12, 31))
    return {
        "full_name": member["name"], "sex": {"Nam": "male", "Nữ": "female"}[member["sex"]],
        "birth": birth.iso() if birth else None, "cccd": member["cccd"], "phone": member["phone"] or None,
        "ethnicity": member["ethnic"] or None, "occupation": member["job"] or None, "relation": member["relation"],
        "citizen_group": group.value if group else None, "household_id": household_id, "position": position,
    }  # fmt: skip


def _write_sample_scores(context: Context, scores: list[Any]) -> None:
    from sqlalchemy import select

    from desktop_app.models.tables.registry import citizen
    from desktop_app.models.types import CitizenGroup, LearningModel
    from desktop_app.services.assessment.bulk import FilledForm, write_forms
    from desktop_app.services.assessment.rounds import current_round
    from desktop_app.services.criteria.office import set_in_use
    from desktop_app.services.registry.words import GROUP
    from desktop_app.services.vietnamese import parse_date

    round_ = current_round(context)
    groups = {text: group for group, text in GROUP.items()}
    groups["Học sinh, sinh viên"] = CitizenGroup.STUDENT
    args = {"count": len(scores), "file": "07_phieu_cham_thon_2.xlsx"}
    with context.operation("import.scores", args) as op:
        sets = {text: set_in_use(op.connection, LearningModel.CITIZEN, groups[text]) for text in
                {s["group"] for s in scores}}  # fmt: skip
        forms = []
        for item in scores:
            birth = parse_date(item["birth"]).value
            uid = op.connection.execute(
                select(citizen.c.uid).where(
                    citizen.c.full_name == item["name"], citizen.c.birth == (birth.iso() if birth else None)
                )
            ).scalars().first()  # fmt: skip
            assert uid is not None
            used = sets[item["group"]]
            codes = [indicator.code for indicator in used.definition.indicators]
            answers = dict(zip(codes, map(float, item["scores"]), strict=True))
            forms.append(FilledForm(uid, used.id, answers))
        unique = {form.subject: form for form in forms}
        write_forms(op.writer, round_, LearningModel.CITIZEN, list(unique.values()))
