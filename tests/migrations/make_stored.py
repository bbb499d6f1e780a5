"""Makes the stored register of the present version: ``python -m tests.migrations.make_stored``.

Run once when a version is released; the file then never changes. Everything in it is written by the program's own
services: a register with forms of every model, a recognition, people, evidence, an exchange with a volunteer's machine
and its disagreement, a deed taken back. All of it is invented.
"""

from __future__ import annotations

import datetime as dt
import gzip
import shutil
import sys
import tempfile
from pathlib import Path

from desktop_app.models.migrations import HEAD
from desktop_app.models.types import CitizenGroup, LearningModel, OrganizationKind, ReviewOutcome, ReviewStage, Uid
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.evidence import attach_evidence
from desktop_app.services.assessment.registration import register_subjects
from desktop_app.services.assessment.review.recording import record_review
from desktop_app.services.assessment.rounds import set_target
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.criteria.definition import AnswerType
from desktop_app.services.criteria.office import change_overrides, confirm_set, effective_set, sets_in_use
from desktop_app.services.history import undo
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.handling import hand_over, mark_printed, mark_signed, reissue
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.units_edit import save_branch, save_clan, save_organization
from desktop_app.services.registry.users import add_user, set_pin
from desktop_app.services.safety.backup import make_backup
from desktop_app.services.safety.opening import close_safely
from desktop_app.services.settings import set_local
from desktop_app.services.sync.devices import export_device, trust
from desktop_app.services.sync.inbox import conflicts, settle
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.receive import receive_register
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household, make_register

DATA = Path(__file__).parent / "data"
YEAR = 2026
PEOPLE = (
    ("01-0001", "Thôn 1", ("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt")),
    ("01-0002", "Thôn 1", ("Nguyễn Thị Lan", "Võ Thị Hạnh")),
    ("02-0001", "Thôn 2", ("Phạm Đức Thắng", "H'Hen Niê", "Đặng Quân")),
)


def fill(context: Context, folder: Path) -> None:
    """Everything that one machine does alone."""
    households: list[Uid] = []
    citizens: list[Uid] = []
    for code, hamlet, names in PEOPLE:
        household, members = add_household(context, code, hamlet=hamlet, members=names)
        households.append(household)
        citizens += members
    save_citizen(context, citizens[0], {"cccd": "089084000319", "birth": "08/05/1984", "sex": "male"})
    hamlet = _uid(context, "hamlet")
    clan = save_clan(context, None, {"name": "Dòng họ Nguyễn", "surname": "Nguyễn", "hamlet": hamlet}, households[:2])
    school = {"name": "Trường THCS Phú An", "kind": OrganizationKind.SCHOOL.value}
    organization = save_organization(context, None, school, dict.fromkeys(citizens[2:5], "học sinh"))
    save_branch(context, None, {"name": "Chi hội Thôn 1", "code": "CH-01", "hamlet": hamlet})
    for item in sets_in_use(context):
        if item.definition.key == "clan":
            change_overrides(context, item.uid, {"pass_mark": 75.0})
        if item.definition.needs_confirmation:
            confirm_set(context, item.uid, "04/QĐ-HKH", dt.date(YEAR, 1, 15))
    set_target(context, YEAR, LearningModel.FAMILY, 72.5, source="15/KH-UBND")
    register_subjects(context, LearningModel.CITIZEN, YEAR, citizens)
    assert clan.uid and organization.uid
    for model, subject in (
        *((LearningModel.CITIZEN, uid) for uid in citizens[:5]),
        *((LearningModel.FAMILY, uid) for uid in households),
        (LearningModel.CLAN, clan.uid),
        (LearningModel.COMMUNITY, hamlet),
        (LearningModel.ORGANIZATION, organization.uid),
    ):
        _fill_form(context, model, subject)
    picture = folder / "minh-chung.txt"
    picture.write_text("ảnh chụp giấy khen, bịa", encoding="utf-8")
    attach_evidence(context, LearningModel.CITIZEN, citizens[4], YEAR, "1", picture)
    record_review(context, LearningModel.CITIZEN, YEAR, citizens[:4], ReviewOutcome.ACCEPTED, stage=ReviewStage.COMMUNE)
    add_user(context, "Lê Thị Hạnh")
    set_pin(context, context.user or "", "2468")
    save_citizen(context, citizens[1], {"occupation": "Nông dân"})
    undo(context)
    set_local(context, "columns", {"citizens": [120, 80]})


def _fill_form(context: Context, model: LearningModel, subject: Uid) -> None:
    """Answers that pass."""
    with context.read() as connection:
        group = CitizenGroup.RESIDENT if model is LearningModel.CITIZEN else None
        definition = effective_set(connection, model, group)
    if group is not None:
        save_citizen(context, subject, {"citizen_group": group.value})
    for indicator in definition.indicators:
        if indicator.answer_type is AnswerType.POINTS:
            answer(context, model, subject, YEAR, indicator.code, indicator.max_score)
        elif indicator.answer_type is AnswerType.MET:
            answer(context, model, subject, YEAR, indicator.code, True)
        elif indicator.fact is None:
            answer(context, model, subject, YEAR, indicator.code, 90)
    leave_form(context)


def recognise_some(context: Context) -> None:
    """A decision, printed, signed, handed over; one certificate issued again."""
    made = recognise(context, YEAR, LearningModel.CITIZEN, "112/QĐ-UBND", dt.date(YEAR, 11, 15))
    assert made.recognised >= 3, made
    with context.read() as connection:
        uids = [row[0].hex() for row in connection.exec_driver_sql("SELECT uid FROM certificate ORDER BY id")]
    mark_printed(context, uids[:3])
    mark_signed(context, uids[:3])
    hand_over(context, uids[:1], dt.date(YEAR, 11, 20))
    reissue(context, uids[1], "Sai tên đệm")


def exchange(context: Context, folder: Path) -> None:
    """A volunteer's machine is set up, both change one phone number, the office settles."""
    volunteer = folder / "volunteer"
    card = export_device(volunteer, folder / "volunteer.json")
    trust(context.folder, context, folder / "volunteer.json", card.code)
    create_package(context, folder / "1.sht", to=card.uid, is_snapshot=True)
    other = receive_register(volunteer, folder / "1.sht", user_name="Trần Thị Lan")
    person = _uid(context, "citizen")
    save_citizen(other, person, {"phone": "0912345678"})
    save_citizen(context, person, {"phone": "0987654321"})
    add_household(other, "02-0002", hamlet="Thôn 2", members=("Bùi Thị Mỵ",))
    create_package(other, folder / "2.sht")
    other.close()
    merge_package(context, folder / "2.sht")
    found = conflicts(context)
    if found:
        settle(context, [found[0].uid], "mine")


def _uid(context: Context, table: str) -> Uid:
    with context.read() as connection:
        value = connection.exec_driver_sql(f"SELECT uid FROM {table} WHERE present ORDER BY id LIMIT 1").scalar()
    assert isinstance(value, bytes)
    return value.hex()


def make(target: Path) -> None:
    """Write the stored register of the present version."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        context = make_register(folder / "office", year=YEAR)
        fill(context, folder)
        recognise_some(context)
        exchange(context, folder)
        make_backup(context)
        close_safely(context)
        target.parent.mkdir(parents=True, exist_ok=True)
        register = folder / "office" / REGISTER_FILE
        with (
            register.open("rb") as source,
            target.open("wb") as out,
            gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as packed,
        ):
            shutil.copyfileobj(source, packed)


if __name__ == "__main__":
    path = DATA / f"version_{HEAD}.db.gz"
    if path.exists() and "--again" not in sys.argv:
        sys.exit(f"{path.name} stands already; a stored version never changes after its release (--again overwrites).")
    make(path)
    print(f"{path.name}: {path.stat().st_size:,} bytes")
