"""A person may see all that is held about him, and may have it erased: nothing of it is left, and the chain stands."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from desktop_app.models.journal import broken_links
from desktop_app.models.journal.chain import changes_of
from desktop_app.models.tables.sync import conflict
from desktop_app.models.tables.system import change, operation
from desktop_app.models.types import DeviceRole, LearningModel, Uid
from desktop_app.services import history
from desktop_app.services.context import EVIDENCE_FOLDER, Context
from desktop_app.services.errors import UserError
from desktop_app.services.registry.citizens import move_citizen, save_citizen
from desktop_app.services.registry.details import citizen_detail, household_detail
from desktop_app.services.registry.personal import (
    erase_citizen,
    erasure_preview,
    export_person,
    reveal_cccd,
    reveal_phone,
)
from desktop_app.services.registry.search import search
from desktop_app.services.registry.units_edit import save_organization
from tests.factories import add_household, make_register
from tests.services.registry.conftest import TODAY
from tests.services.registry.scores import give_score, give_title

NAME, CCCD, PHONE, NOTE = "Đặng Thùy Khuê", "079184771359", "0987654123", "bệnh tim bẩm sinh"


def person(context: Context) -> Uid:
    """Somebody with everything: household, membership, form, answers, evidence, certificate and corrections."""
    household, _ = add_household(context, members=("Nguyễn Văn Ước",))
    values = {"full_name": "Đặng Thùy Khê", "birth": "17/03/1984", "cccd": CCCD, "phone": PHONE, "note": NOTE}
    made = save_citizen(context, None, {**values, "household": household}, today=TODAY)
    assert made.uid
    save_citizen(context, made.uid, {"full_name": NAME, "religion": "Phật giáo"}, today=TODAY)
    save_organization(context, None, {"name": "Trường Phú An"}, {made.uid: "cô giáo Khuê"}, today=TODAY)
    give_score(context, made.uid, 83)
    give_title(context, made.uid, 7, model=LearningModel.CITIZEN)
    return made.uid


def journal_text(context: Context) -> str:
    with context.read() as connection:
        keys = connection.execute(select(operation.c.id)).scalars().all()
        payloads = [item.payload or "" for key in keys for item in changes_of(connection, key)]
        args = [str(row) for row in connection.execute(select(operation.c.args)).scalars()]
    return " ".join([*payloads, *args])


def test_a_number_is_shown_whole_only_when_asked_and_that_is_written_down(context: Context) -> None:
    uid = person(context)
    assert CCCD not in repr(citizen_detail(context, uid))
    assert reveal_cccd(context, uid) == CCCD
    assert reveal_phone(context, uid) == PHONE
    newest = history.operations(context, 2)
    assert [item.kind for item in newest] == ["citizen.reveal"] * 2
    assert newest[0].sentence == f"Xem số điện thoại của {NAME}"
    assert newest[1].sentence == f"Xem số CCCD của {NAME}"
    assert history.record_history(context, "citizen", uid)[0].operation.kind == "citizen.reveal"
    assert CCCD not in journal_text(context).replace(f'"cccd":"{CCCD}"', "")


def test_a_persons_sheet_holds_everything_whole_and_is_written_down(context: Context) -> None:
    uid = person(context)
    sheet = export_person(context, uid, today=datetime.date(2026, 6, 1))
    assert (sheet.name, sheet.made_on) == (NAME, "01/06/2026")
    titles = [section.title for section in sheet.sections]
    assert titles == ["Thông tin cá nhân", "Hộ gia đình", "Đơn vị", "Phiếu chấm", "Giấy công nhận", "Nhật ký"]
    personal = dict(sheet.sections[0].rows)
    assert personal["Số CCCD"] == CCCD
    assert personal["Điện thoại"] == PHONE
    assert personal["Ngày sinh"] == "17/03/1984"
    assert personal["Ghi chú"] == NOTE
    for section in sheet.sections:
        assert all(len(row) == len(section.columns) for row in section.rows)
    assert any("Đặng Thùy Khê → Đặng Thùy Khuê" in row[3] for row in sheet.sections[-1].rows)
    assert history.operations(context, 1)[0].sentence == f"Xuất dữ liệu cá nhân của {NAME}"


def test_an_erased_person_is_nowhere_and_the_chain_stands(context: Context) -> None:
    uid = person(context)
    preview = erasure_preview(context, uid)
    assert (preview.name, preview.assessments, preview.certificates, preview.memberships) == (NAME, 1, 1, 1)
    assert preview.reasons == ()
    assert preview.changes > 4
    erase_citizen(context, uid)
    text = journal_text(context)
    for trace in ("Khuê", "Khê", CCCD, PHONE, NOTE, "Phật giáo", "1984-03-17"):
        assert trace not in text, trace
    with context.read() as connection:
        assert broken_links(connection) == []
        kept = connection.exec_driver_sql("SELECT number, recipient, birth, present FROM certificate").one()
        assert tuple(kept) == ("0007/2026", None, None, 1), "the register book keeps its number"
        assert connection.exec_driver_sql("SELECT count(*) FROM assessment WHERE present").scalar() == 0
    assert search(context, "khue").total == 0
    assert search(context, CCCD[-5:]).total == 0
    detail = citizen_detail(context, uid)
    assert (detail.name, detail.cccd, detail.phone, detail.is_present) == ("", "", "", False)


def test_nothing_of_an_erased_person_is_left_in_the_files(tmp_path: Path) -> None:
    context = make_register(tmp_path)
    uid = person(context)
    digest = "ab" * 32
    file = tmp_path / EVIDENCE_FOLDER / "ab" / f"{digest}.pdf"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"%PDF")
    with context.operation("evidence.add", {}) as op:
        from desktop_app.models.tables import assessment

        row = op.connection.execute(select(assessment.assessment.c.id)).scalar_one()
        op.writer.insert(assessment.evidence, {"assessment_id": row, "sha256": digest, "file_name": f"{NAME}.pdf"})
    erase_citizen(context, uid)
    context.close()
    content = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    traces = (
        NAME,
        "Thùy Khê",
        "thuy khue",
        "khue",
        CCCD,
        CCCD[::-1],
        PHONE,
        PHONE[::-1],
        NOTE,
        "Phật giáo",
        "1984-03-17",
    )
    for trace in traces:
        assert trace.encode() not in content, trace
    assert not file.exists()


def test_history_shows_that_there_was_something_and_nothing_more(context: Context) -> None:
    uid = person(context)
    erase_citizen(context, uid)
    found = history.record_history(context, "citizen", uid, 50)
    assert found
    shown = repr(found)
    assert NAME not in shown
    assert "Khuê" not in shown
    own = [change for item in found for change in item.changes if change.uid == uid]
    assert all(change.is_erased and not change.fields and change.name == history.GONE for change in own)
    assert any(item.operation.sentence == f"Thêm công dân {history.GONE}" for item in found)
    refusal = history.why_not_undo(context, found[0].operation.id)
    assert refusal is not None


def test_a_changed_row_still_shows_after_an_erasure(context: Context) -> None:
    uid = person(context)
    erase_citizen(context, uid)
    with context.database.write() as connection:
        connection.execute(update(change).where(change.c.digest.is_not(None)).values(digest=b"\1" * 32))
        assert broken_links(connection) != []


def test_a_deed_over_many_people_is_taken_back_but_for_the_erased_one(context: Context) -> None:
    with context.operation("import.citizens", {"count": 3, "file": "x.xlsx"}) as op:
        from desktop_app.models.tables import registry

        keys = op.writer.insert_many(registry.citizen, [{"full_name": name} for name in ("Một", NAME, "Ba")])
        uids = [op.writer.references.uid("citizen", key) for key in keys]
        imported = op.uid
    erase_citizen(context, uids[1])
    assert history.why_not_undo(context, imported) is None
    history.undo(context, imported)
    with context.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present").scalar() == 0
        assert broken_links(connection) == []
    again = history.operations(context, 1)[0].id
    history.undo(context, again)
    with context.read() as connection:
        names = connection.exec_driver_sql("SELECT full_name FROM citizen WHERE present ORDER BY id").scalars().all()
    assert names == ["Một", "Ba"]


def test_a_head_of_others_is_not_erased_but_the_only_one_of_a_household_is(context: Context) -> None:
    household, (head,) = add_household(context)
    other = save_citizen(context, None, {"full_name": NAME, "household": household}, today=TODAY).uid
    assert other
    with pytest.raises(UserError, match="chủ hộ của hộ còn 1 người khác") as error:
        erase_citizen(context, head)
    assert error.value.code == "erase.refused"
    assert citizen_detail(context, head).name
    move_citizen(context, other, None, today=TODAY)
    erase_citizen(context, head)
    assert household_detail(context, household).head is None


def test_only_the_office_erases_and_not_while_the_inbox_asks_about_the_person(context: Context) -> None:
    uid = person(context)
    context.role = DeviceRole.VOLUNTEER
    assert any("máy của xã" in reason for reason in erasure_preview(context, uid).reasons)
    with pytest.raises(UserError):
        erase_citizen(context, uid)
    context.role = DeviceRole.OFFICE
    with context.database.write() as connection:
        connection.execute(
            conflict.insert().values(
                uid="0" * 32, table_code=4, row_uid=bytes.fromhex(uid), field="full_name", device="1" * 32,
                operation_uid="2" * 32, reason="differs", base="a", mine="b", theirs=NAME, seen=[NAME], at=0,
            )
        )  # fmt: skip
    assert any("Hộp xung đột" in reason for reason in erasure_preview(context, uid).reasons)
    with context.database.write() as connection:
        connection.execute(update(conflict).values(status="settled"))
    erase_citizen(context, uid)
    with context.read() as connection:
        row = connection.execute(select(conflict)).one()
    assert (row.base, row.mine, row.theirs, row.seen, row.status) == (None, None, None, None, "settled")
