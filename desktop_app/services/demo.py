"""The sample commune: an invented register with forms of every model, made through the very services of the window.

Invariant: everything is invented and the same each time; the sample commune has confirmed its criteria sets.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from pathlib import Path

from desktop_app.models.types import LearningModel, OrganizationKind, Uid
from desktop_app.services.assessment.bulk import FilledForm, write_forms
from desktop_app.services.assessment.registration import register_all
from desktop_app.services.assessment.rounds import require_open, round_of
from desktop_app.services.assessment.scores_import import import_scores
from desktop_app.services.context import Context
from desktop_app.services.criteria.definition import AnswerType, CriteriaSet
from desktop_app.services.criteria.office import confirm_set, set_in_use, sets_in_use
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.parse import parse_scores, parse_workbook
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.register import RegisterPlan, create_register
from desktop_app.services.registry.units_edit import propose_clan_households, save_clan, save_organization
from desktop_app.services.resources import resource_path
from desktop_app.services.settings import OfficeSettings

COMMUNE = "30436"
"""Xã Phú An, An Giang: a real commune's code, under which only invented people live here."""
YEAR = 2026
SEED = 20261122
CONFIRMED_ON = dt.date(2026, 1, 15)
DOCUMENT = "04/QĐ-HKH"

CLANS = (("Nguyễn", "Thôn 1"), ("Trần", "Thôn 3"), ("Lê", "Thôn 4"), ("Phạm", "Thôn 6"), ("Võ", "Thôn 2"))
ORGANIZATIONS: tuple[tuple[str, OrganizationKind, str, str, int], ...] = (
    ("Trường THCS Phú An", OrganizationKind.SCHOOL, "Giáo viên", "giáo viên", 32),
    ("Trạm Y tế xã Phú An", OrganizationKind.AGENCY, "Y tá", "viên chức", 14),
    ("Ủy ban nhân dân xã Phú An", OrganizationKind.AGENCY, "Công chức xã", "công chức", 60),
)
"""Name, kind, occupation of its members in the sample list, their role there, how many at the most."""


def create_sample(folder: Path, progress: Progress = NO_PROGRESS) -> Context:
    """Make the sample commune's register in an empty data folder.

    Raises:
        EnvironmentProblem: a register exists already, or the folder cannot be written.
    """
    office = OfficeSettings(signer_name="Nguyễn Văn Thắng", signer_title="CHỦ TỊCH")
    plan = RegisterPlan(COMMUNE, YEAR, office=office, user_name="Lê Thị Hạnh", device_name="Máy văn hóa – xã hội")
    context = create_register(folder, plan)
    try:
        fill_sample(context, progress)
    except BaseException:
        context.close()
        raise
    return context


def fill_sample(context: Context, progress: Progress = NO_PROGRESS) -> None:
    """Bring in the lists, make clans and organizations, confirm the sets, fill the forms."""
    people = resource_path("samples", "danh_sach_xa_phu_an.xlsx")
    import_citizens(context, parse_workbook(people, progress=progress), progress=progress)
    for item in sets_in_use(context):
        if item.definition.needs_confirmation:
            confirm_set(context, item.uid, DOCUMENT, CONFIRMED_ON)
    _make_clans(context)
    register_all(context, LearningModel.CITIZEN, YEAR)
    register_all(context, LearningModel.FAMILY, YEAR)
    for name in ("phieu_cham_thon_2.xlsx", "phieu_cham_cac_thon.xlsx"):
        parsed = parse_scores(resource_path("samples", name), progress=progress)
        import_scores(context, parsed, YEAR, progress=progress)
    _make_organizations(context)
    chance = random.Random(SEED)
    for model, share, level in (
        (LearningModel.FAMILY, 0.8, 0.9),
        (LearningModel.CLAN, 1.0, 0.9),
        (LearningModel.COMMUNITY, 0.9, 0.88),
        (LearningModel.ORGANIZATION, 1.0, 0.95),
    ):
        _fill_forms(context, model, chance, share, level)


def _make_clans(context: Context) -> None:
    hamlets = _uids(context, "SELECT name, uid FROM hamlet WHERE present")
    for surname, hamlet in CLANS:
        found = propose_clan_households(context, surname, hamlets.get(hamlet))
        households = [item.uid for item in found]
        if households:
            values = {"name": f"Dòng họ {surname} – {hamlet}", "surname": surname, "hamlet": hamlets.get(hamlet)}
            save_clan(context, None, values, households)


def _make_organizations(context: Context) -> None:
    """Members by occupation; those who pass come first, so that not every organization fails."""
    for name, kind, occupation, role, size in ORGANIZATIONS:
        with context.read() as connection:
            rows = connection.exec_driver_sql(_MEMBERS, (occupation, size)).all()
        save_organization(context, None, {"name": name, "kind": kind.value}, {row[0].hex(): role for row in rows})


_MEMBERS = """
SELECT citizen.uid FROM citizen LEFT JOIN assessment ON assessment.subject = citizen.uid AND assessment.present
WHERE citizen.present AND citizen.occupation = ?
ORDER BY coalesce(assessment.passed, 0) DESC, citizen.sort_key, citizen.id LIMIT ?
"""


def _uids(context: Context, query: str) -> Mapping[str, Uid]:
    with context.read() as connection:
        return {row[0]: row[1].hex() for row in connection.exec_driver_sql(query)}


_SUBJECTS = {
    LearningModel.FAMILY: "SELECT uid FROM household WHERE present ORDER BY sort_key, id",
    LearningModel.CLAN: "SELECT uid FROM clan WHERE present ORDER BY id",
    LearningModel.COMMUNITY: "SELECT uid FROM hamlet WHERE present ORDER BY sort_key, id",
    LearningModel.ORGANIZATION: "SELECT uid FROM organization WHERE present ORDER BY id",
}


def _fill_forms(context: Context, model: LearningModel, chance: random.Random, share: float, level: float) -> None:
    """Fill the forms of a share of a model's subjects with invented answers around a level (0 to 1)."""
    with context.read() as connection:
        used = set_in_use(connection, model)
        rows = connection.exec_driver_sql(_SUBJECTS[model]).all()
    subjects = [row[0].hex() for row in rows if chance.random() < share]
    with context.operation("import.scores", {"count": len(subjects), "file": "dữ liệu mẫu"}) as op:
        round_ = round_of(op.connection, YEAR)
        require_open(round_)
        forms = [FilledForm(uid, used.id, _answers(used.definition, chance, level)) for uid in subjects]
        write_forms(op.writer, round_, model, forms)


def _answers(definition: CriteriaSet, chance: random.Random, level: float) -> dict[str, float]:
    own = min(1.0, max(0.4, chance.gauss(level, 0.07)))
    answers: dict[str, float] = {}
    for item in definition.indicators:
        if item.answer_type is AnswerType.POINTS:
            top = item.max_score or 0
            answers[item.code] = float(min(top, max(0, round(top * chance.gauss(own, 0.06)))))
        elif item.answer_type is AnswerType.MET:
            answers[item.code] = float(chance.random() < own + 0.08)
        else:
            answers[item.code] = float(min(100, round(100 * chance.gauss(own + 0.05, 0.03))))
    return answers
