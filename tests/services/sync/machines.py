"""An office and its volunteers in temporary folders, exchanging real files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import select

from desktop_app.models.tables import SHARED
from desktop_app.services.context import Context
from desktop_app.services.sync.devices import export_device, trust
from desktop_app.services.sync.receive import receive_register
from desktop_app.services.sync.writer import create_package
from tests.factories import make_register


def make_star(folder: Path, volunteers: int = 2) -> tuple[Context, list[Context]]:
    """An office that trusts its volunteers, each set up from an assignment package."""
    office = make_register(folder / "office")
    members = []
    for index in range(volunteers):
        own = folder / f"volunteer{index}"
        card = export_device(own, folder / f"v{index}.json")
        trust(office.folder, office, folder / f"v{index}.json", card.code)
        package = folder / f"start{index}.sht"
        create_package(office, package, to=card.uid, is_snapshot=True)
        members.append(receive_register(own, package, user_name=f"Cộng tác viên {index}"))
    return office, members


def register_state(context: Context) -> dict[tuple[str, str], dict[str, Any]]:
    """Every present shared row by (table, uid), with references as uids: what must be equal on all machines."""
    from desktop_app.models.journal.codec import References, to_fields

    state = {}
    with context.read() as connection:
        references = References(connection)
        for name, spec in SHARED.items():
            for row in connection.execute(select(spec.table).where(spec.table.c.present)).mappings():
                state[name, row["uid"]] = to_fields(spec, dict(row), references)
    return state
