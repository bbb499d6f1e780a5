"""Former places and merged records of a person are handed over, and erased, with everything else."""

from __future__ import annotations

from sqlalchemy import select

from desktop_app.models.journal import broken_links
from desktop_app.models.tables.registry import citizen
from desktop_app.services.context import Context
from desktop_app.services.moves.deeds import come_back, move_member, record_leaving
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.personal import erase_citizen, export_person
from tests.factories import add_household
from tests.services.registry.conftest import TODAY
from tests.services.registry.test_personal import journal_text

PLACE = "xã Hòa Bình Thạnh"
TWIN = "Trần Thi Anh"


def wanderer(context: Context) -> str:
    """Ánh lived in two households, then elsewhere, then here again, and absorbed a doubled record of herself."""
    home, (_, wife) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    other, _ = add_household(context, "01-0002", members=("Lê Văn Hai",))
    assert move_member(context, wife, other, relation="em", on="01/02/2026", today=TODAY).is_saved
    assert record_leaving(context, wife, place=PLACE, on="01/03/2026", today=TODAY).is_saved
    assert come_back(context, wife, target=home, on="01/05/2026", today=TODAY).is_saved
    twin = save_citizen(context, None, {"full_name": TWIN, "birth": "1962"}, today=TODAY).uid
    with context.operation("citizen.edit") as op:
        ids = dict(op.connection.execute(select(citizen.c.uid, citizen.c.id)).all())
        op.writer.update(citizen, ids[twin], {"present": False, "merged_into_id": ids[wife]})
    return wife


def test_a_persons_sheet_tells_former_places_and_merged_records(context: Context) -> None:
    sheet = export_person(context, wanderer(context))
    sections = {section.title: section for section in sheet.sections}
    assert [row[:3] for row in sections["Nơi ở trước"].rows] == [
        ("Ngoài xã", "", "01/03/2026 – 01/05/2026"),
        ("Hộ 01-0002", "Em", "01/02/2026 – 01/03/2026"),
        ("Hộ 01-0001", "", "từ trước – 01/02/2026"),
    ]
    assert sections["Nơi ở trước"].rows[1][4] == PLACE
    assert dict(sections["Hồ sơ trùng đã gộp vào"].rows)["Họ và tên"] == TWIN


def test_erasing_a_person_leaves_no_former_place_and_no_merged_record(context: Context) -> None:
    uid = wanderer(context)
    assert PLACE in journal_text(context)
    erase_citizen(context, uid)
    told = journal_text(context)
    assert PLACE not in told
    assert TWIN not in told
    with context.read() as connection:
        places = connection.exec_driver_sql(
            "SELECT count(*) FROM residence WHERE place IS NOT NULL OR present"
        ).scalar()
        names = connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE full_name = ?", (TWIN,)).scalar()
        assert (places, names) == (0, 0)
        assert broken_links(connection) == []
