"""Making and opening a commune's register; the composition of database, journal and derivers.

Invariant: a register is made whole (commune, hamlets, round, criteria sets, settings, first user) or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import select

from desktop_app.models.database import Database, create_database, open_database, reading
from desktop_app.models.journal import Journal, Writer, get_meta, set_meta
from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.assessment import assessment_round
from desktop_app.models.tables.criteria import criteria_set
from desktop_app.models.tables.registry import commune, hamlet
from desktop_app.models.tables.sync import device
from desktop_app.models.tables.system import user
from desktop_app.models.types import DeviceRole, Uid
from desktop_app.services.context import REGISTER_FILE, Context
from desktop_app.services.derivers import DERIVERS
from desktop_app.services.errors import AppError, EnvironmentProblem, UserError
from desktop_app.services.folders import has_register as has_register
from desktop_app.services.registry.rounds import WORKING_YEAR, has_stale_year, open_working_year
from desktop_app.services.registry.units import Unit, find_commune
from desktop_app.services.settings import OfficeSettings, write_office
from desktop_app.services.sync.identity import load_identity
from desktop_app.services.vietnamese import nfc


@dataclass(frozen=True)
class RegisterPlan:
    """What the first start asks for.

    Attributes:
        commune_code: national code, with or without leading zeros.
        year: of the first round.
        name: another name for the commune than the list's, or empty.
        hamlets: names as people write them.
        office: settings; office name and place are proposed from the commune when empty.
        user_name: who works first.
        device_name: how people call this machine.
    """

    commune_code: str
    year: int
    name: str = ""
    hamlets: Sequence[str] = ()
    office: OfficeSettings = field(default_factory=OfficeSettings)
    user_name: str = "Cán bộ xã"
    device_name: str = "Máy của xã"


def create_register(folder: Path, plan: RegisterPlan) -> Context:
    """Make the office's register.

    Raises:
        UserError: unknown commune code (``commune.unknown``), impossible year.
        EnvironmentProblem: a register exists already, no rights, disk full.
    """
    unit = find_commune(plan.commune_code)
    if unit is None:
        raise UserError(
            f"Không có xã, phường nào mang mã {plan.commune_code}; chưa lập sổ. Hãy xem lại mã (danh mục năm 2025).",
            code="commune.unknown",
        )
    if not 2000 <= plan.year <= 2100:
        raise UserError(f"Năm {plan.year} không hợp lệ; chưa lập sổ. Hãy nhập năm của đợt đánh giá.", code="year.bad")
    discard_unfinished(folder)
    database = create_database(folder / REGISTER_FILE)
    try:
        context = _context(folder, database, DeviceRole.OFFICE, plan.device_name)
        _fill(context, plan, unit)
    except BaseException:
        database.close()
        discard_register(folder)
        raise
    return context


def open_register(folder: Path, *, before_migration: Callable[[Path, str], None] | None = None) -> Context:
    """Open the register of a data folder; a form left open by a crash is sealed.

    Raises:
        EnvironmentProblem: absent, newer, damaged, locked …
    """
    database = open_database(folder / REGISTER_FILE, before_migration=before_migration)
    try:
        _refuse_unfinished(database)
        return _context(folder, database, None, "")
    except BaseException:
        database.close()
        raise


def _refuse_unfinished(database: Database) -> None:
    with database.read() as connection:
        if connection.exec_driver_sql("SELECT 1 FROM operation LIMIT 1").first() is None:
            raise EnvironmentProblem(
                "Chưa có sổ nào ở thư mục dữ liệu này: lần lập sổ trước bị ngắt giữa chừng. Hãy lập sổ mới hoặc khôi "
                "phục từ bản sao lưu.",
                code="database.absent",
            )


def blank_register(folder: Path, role: DeviceRole) -> Context:
    """A file with tables and nothing in them, to be filled from a package."""
    discard_unfinished(folder)
    database = create_database(folder / REGISTER_FILE)
    try:
        return _context(folder, database, role, "")
    except BaseException:
        database.close()
        discard_register(folder)
        raise


def _context(folder: Path, database: Database, role: DeviceRole | None, device_name: str) -> Context:
    identity = load_identity(folder, device_name)
    journal = Journal(database, identity.uid, DERIVERS)
    journal.start()
    if role is not None:
        with database.write() as connection:
            set_meta(connection, "role", role.value)
    with database.read() as connection:
        is_stale = has_stale_year(connection)
    if is_stale:
        with suppress(EnvironmentProblem), database.write() as connection:  # who cannot write may still read
            set_meta(connection, WORKING_YEAR, None)
    with database.read() as connection:
        worked = open_working_year(connection)
        stored = get_meta(connection, "role")
        last_user = get_meta(connection, "last_user")
        users = connection.execute(select(user.c.uid).where(user.c.present).order_by(user.c.id)).scalars().all()
    chosen = last_user if last_user in users else (users[0] if users else None)
    return Context(folder, database, journal, DeviceRole(stored or DeviceRole.OFFICE), chosen, worked)


def home_commune(context: Context) -> dict[str, str]:
    """The commune whose register this is: code, name, kind, province_code, province."""
    columns = (commune.c.code, commune.c.name, commune.c.kind, commune.c.province_code, commune.c.province)
    with context.read() as connection:
        row = connection.execute(select(*columns).where(commune.c.present).order_by(commune.c.id)).mappings().first()
    return {name: value or "" for name, value in row.items()} if row is not None else {}


def discard_register(folder: Path) -> None:
    """Remove a register that could not be made whole."""
    for suffix in ("", "-wal", "-shm"):
        (folder / (REGISTER_FILE + suffix)).unlink(missing_ok=True)


def discard_unfinished(folder: Path) -> None:
    """Remove a register whose making was cut off (power, a kill) before its first deed: nothing stands in it yet.

    A file that holds any operation, is of another program, damaged or in use is left alone.
    """
    if not has_register(folder):
        return
    try:
        with reading(folder / REGISTER_FILE) as connection:
            tables = connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
            is_empty = tables == 0 or (
                connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'operation'").first() is not None
                and connection.exec_driver_sql("SELECT 1 FROM operation LIMIT 1").first() is None
            )
    except AppError:
        return
    if is_empty:
        discard_register(folder)


def _fill(context: Context, plan: RegisterPlan, unit: Unit) -> None:
    name = nfc(plan.name) or unit.name
    with context.operation("register.create", {"commune": name}) as op:
        writer = op.writer
        commune_uid = natural_uid("commune", unit.code)
        commune_id = writer.insert(
            commune,
            {
                "code": unit.code,
                "name": name,
                "kind": unit.kind,
                "province_code": unit.province_code,
                "province": unit.province_name,
                "valid_from": "2025-07-01",
            },
            uid=commune_uid,
        )
        for hamlet_name in plan.hamlets:
            add_hamlet(writer, commune_id, commune_uid, hamlet_name)
        writer.insert(
            assessment_round,
            {
                "year": plan.year,
                "name": f"Đợt {plan.year}",
                "starts_on": f"{plan.year}-01-01",
                "ends_on": f"{plan.year}-12-31",
                "counted_on": f"{plan.year}-12-31",
            },
            uid=natural_uid("assessment_round", plan.year),
        )
        install_criteria(writer)
        write_office(writer, proposed_office(plan.office, name))
        identity = load_identity(context.folder)
        writer.insert(device, {"name": identity.name, "role": DeviceRole.OFFICE.value}, uid=identity.uid)
        user_id = writer.insert(user, {"name": nfc(plan.user_name), "role": "officer"})
        context.user = writer.references.uid("user", user_id)


def add_hamlet(
    writer: Writer, commune_id: int, commune_uid: Uid, name: str, *, former_commune: str | None = None
) -> int:
    """Make a hamlet from the name that people write; returns its key (an equal one is found, not doubled)."""
    from desktop_app.services.importing.hamlets import hamlet_display, hamlet_key, hamlet_kind

    display = hamlet_display(name)
    uid = natural_uid("hamlet", commune_uid, hamlet_key(display), former_commune or "")
    return writer.insert(
        hamlet,
        {
            "commune_id": commune_id,
            "name": display,
            "kind": hamlet_kind(display).value,
            "former_commune": former_commune,
        },
        uid=uid,
    )


def install_criteria(writer: Writer) -> None:
    """Make a row for each shipped criteria set that the register does not know yet."""
    from desktop_app.services.criteria.loader import load_sets

    for item in load_sets():
        uid = natural_uid("criteria_set", item.key, item.version)
        if writer.references.id("criteria_set", uid) is None:
            values = {
                "key": item.key,
                "version": item.version,
                "model": item.model.value,
                "citizen_group": item.group.value if item.group else None,
            }
            writer.insert(criteria_set, values, uid=uid)


def proposed_office(office: OfficeSettings, commune_name: str) -> OfficeSettings:
    """Office name and place where none are given, from the commune's name."""
    kind, _, rest = commune_name.partition(" ")
    plain = commune_name.removeprefix("Đặc khu ") if kind == "Đặc" else rest or commune_name
    lowered = commune_name[:1].lower() + commune_name[1:]
    return replace(
        office,
        office_name=office.office_name or f"Ủy ban nhân dân {lowered}",
        place=office.place or plain,
    )
