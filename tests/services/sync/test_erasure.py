"""A person erased at the office is erased on every machine, also where work on him was on its way."""

from __future__ import annotations

from pathlib import Path

from desktop_app.models.journal import broken_links
from desktop_app.services.context import Context
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.personal import erase_citizen
from desktop_app.services.sync.inbox import conflicts
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star, register_state

NAME, CCCD = "Đặng Thùy Khuê", "079184771359"


def send(sender: Context, receiver: Context, path: Path) -> None:
    create_package(sender, path, to=receiver.device)
    merge_package(receiver, path)


def traces(context: Context) -> str:
    with context.read() as connection:
        parts = [
            str(row)
            for table in ("citizen", "certificate", "change_value", "conflict", "pending_field", "operation", "meta")
            for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]
    return " ".join(parts)


def test_an_erasure_reaches_every_machine_and_work_that_was_on_its_way(tmp_path: Path) -> None:
    office, (first, second) = make_star(tmp_path)
    household, _ = add_household(office)
    made = save_citizen(office, None, {"full_name": NAME, "cccd": CCCD, "household": household})
    assert made.uid
    send(office, first, tmp_path / "1.sht")
    save_citizen(first, made.uid, {"full_name": f"{NAME} Em", "occupation": "Giáo viên"})
    create_package(first, tmp_path / "late.sht", to=office.device)
    save_citizen(office, made.uid, {"full_name": f"{NAME} Chị"})
    erase_citizen(office, made.uid)
    merge_package(office, tmp_path / "late.sht")
    assert conflicts(office) == []
    save_citizen(first, made.uid, {"religion": "Phật giáo"})
    for number in range(2):
        for volunteer in (first, second):
            send(office, volunteer, tmp_path / f"down{number}{volunteer.device}.sht")
            send(volunteer, office, tmp_path / f"up{number}{volunteer.device}.sht")
    states = [register_state(context) for context in (office, first, second)]
    assert states[0] == states[1] == states[2]
    assert ("citizen", made.uid) not in states[0]
    for context in (office, first, second):
        text = traces(context)
        assert "Khuê" not in text
        assert CCCD not in text
        assert "Phật giáo" not in text
        with context.read() as connection:
            assert broken_links(connection) == []
        context.close()
