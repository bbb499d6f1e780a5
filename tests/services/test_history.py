"""The journal in sentences: who did what, with names as they are now, numbers masked, and undo with reasons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop_app.models.journal import KINDS, UndoRefused
from desktop_app.models.records import HistoryFilter
from desktop_app.models.tables import SHARED, registry
from desktop_app.models.tables.system import operation
from desktop_app.models.types import LearningModel, Uid, UndoClass
from desktop_app.services import history
from desktop_app.services.assessment.answers import answer
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history.labels import TABLES, field_label
from desktop_app.services.history.rendering import Names, sentence
from desktop_app.services.registry.citizens import move_citizen, remove_citizen, save_citizen
from desktop_app.services.registry.households import set_head
from desktop_app.services.registry.personal import reveal_cccd
from desktop_app.services.registry.units_edit import save_clan
from desktop_app.services.registry.users import add_user, switch_user
from tests.factories import add_household, make_register

TODAY = dt.date(2026, 6, 1)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path)
    yield made
    made.close()


def person(context: Context, **values: str) -> Uid:
    made = save_citizen(context, None, {"full_name": "Nguyễn Thị Lan", "birth": "1984", **values}, today=TODAY)
    assert made.uid
    return made.uid


def newest(context: Context) -> str:
    return history.operations(context, 1)[0].sentence


def test_deeds_are_told_newest_first_by_whom_and_on_which_machine(context: Context) -> None:
    other = add_user(context, "Lê Thị Hạnh").uid
    assert other
    switch_user(context, other)
    uid = person(context)
    save_citizen(context, uid, {"full_name": "Nguyễn Thị Lan Anh"}, today=TODAY)
    found = history.operations(context)
    assert [item.sentence for item in found] == [
        "Sửa công dân Nguyễn Thị Lan Anh", "Thêm công dân Nguyễn Thị Lan Anh", "Thêm người làm việc Lê Thị Hạnh",
        "Lập sổ Xã Phú An",
    ]  # fmt: skip
    assert [item.user for item in found] == ["Lê Thị Hạnh", "Lê Thị Hạnh", "Cán bộ xã", ""]
    assert all(item.is_mine and item.device_name for item in found)
    assert [item.sequence for item in found] == [4, 3, 2, 1]
    assert found[0].at.tzinfo is dt.UTC
    assert abs(found[0].at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert found[0].changes == 1
    assert found[-1].undo_class is UndoClass.VOIDED_ONLY


def test_pages_of_the_journal_follow_one_another(context: Context) -> None:
    for number in range(7):
        person(context, occupation=f"nghề {number}")
    whole = history.operations(context, 100)
    pages, before = [], None
    while page := history.operations(context, 3, before):
        pages += page
        before = page[-1].id
    assert pages == whole
    assert history.operations(context, 0) == []


def test_deeds_are_filtered_by_kind_person_time_and_fate(context: Context) -> None:
    uid = person(context)
    save_clan(context, None, {"name": "Họ Nguyễn"}, today=TODAY)
    remove_citizen(context, uid)
    history.undo(context)

    def kinds(filters: HistoryFilter) -> list[str]:
        return [item.kind for item in history.operations(context, 50, None, filters)]

    assert kinds(HistoryFilter(kinds=("citizen.", "clan."))) == ["citizen.remove", "clan.add", "citizen.add"]
    assert kinds(HistoryFilter(is_undone=True)) == ["citizen.remove"]
    assert kinds(HistoryFilter(user=context.user, kinds=("undo.",))) == ["undo.citizen.remove"]
    assert kinds(HistoryFilter(user="0" * 32)) == []
    assert len(kinds(HistoryFilter(device=context.device))) == 5
    now = dt.datetime.now(dt.UTC)
    assert kinds(HistoryFilter(since=now + dt.timedelta(hours=1))) == []
    assert len(kinds(HistoryFilter(until=now + dt.timedelta(hours=1)))) == 5


def test_sentences_name_heads_households_and_counts(context: Context) -> None:
    home, (_, wife) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    set_head(context, home, wife)
    assert newest(context) == "Chọn Trần Thị Ánh làm chủ hộ 01-0001 (Trần Thị Ánh)"
    other, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=())
    uid = person(context)
    move_citizen(context, uid, other, today=TODAY)
    assert newest(context) == "Chuyển Nguyễn Thị Lan sang hộ 02-0001"
    with context.operation("import.citizens", {"count": 1204, "file": "Thon3.xlsx"}) as op:
        op.is_kept = True
    assert newest(context) == "Nhập 1.204 công dân từ Thon3.xlsx"
    with context.operation("recognise", {"count": 83, "model": "family", "year": 2026, "number": "12/QĐ-UBND"}) as op:
        op.is_kept = True
    assert newest(context) == "Công nhận 83 Gia đình học tập năm 2026 theo quyết định 12/QĐ-UBND"
    reveal = person(context, full_name="Võ Thị Hạnh", cccd="079187555319")
    reveal_cccd(context, reveal)
    assert newest(context) == "Xem số CCCD của Võ Thị Hạnh"


def test_a_missing_name_and_a_missing_argument_leave_a_readable_sentence(context: Context) -> None:
    with context.operation("citizen.edit", {"subject": {"table": "citizen", "uid": "0" * 32}}) as op:
        op.is_kept = True
    assert newest(context) == "Sửa công dân (không còn)"
    with context.operation("import.citizens", {}) as op:
        op.is_kept = True
    assert newest(context) == "Nhập … công dân từ …"
    with context.operation("tomorrow.deed", {"x": 1}) as op:
        op.is_kept = True
    assert newest(context) == "tomorrow.deed"


def test_every_kind_of_deed_has_a_sentence_without_braces(context: Context) -> None:
    with context.read() as connection:
        for kind in KINDS:
            assert not set("{}") & set(sentence(Names(connection), kind, {}))


def test_a_form_that_is_still_open_stands_in_the_journal_and_says_so(context: Context) -> None:
    uid = person(context, citizen_group="resident")
    answer(context, LearningModel.CITIZEN, uid, 2026, "1", 8)
    answer(context, LearningModel.CITIZEN, uid, 2026, "2", 4)
    [form, *_] = history.operations(context)
    assert (form.sentence, form.is_open) == ("Chấm phiếu của Nguyễn Thị Lan", True)
    found = history.record_history(context, "citizen", uid)[0]
    answers = [(row.name, row.fields[-1].after) for row in found.changes if row.table == "answer"]
    assert answers == [("Chỉ số 1", "8"), ("Chỉ số 2", "4")]
    context.journal.seal_open()
    assert not history.operations(context)[0].is_open
    assert [row.name for row in history.operation_changes(context, form.id) if row.table == "answer"] == [
        "Chỉ số 1", "Chỉ số 2",
    ]  # fmt: skip


def test_a_records_history_shows_fields_in_words_and_numbers_masked(context: Context) -> None:
    home, _ = add_household(context)
    uid = person(context, cccd="079184000319", phone="0912345678")
    save_citizen(
        context, uid,
        {"cccd": "079184000320", "phone": "", "sex": "female", "citizen_group": "worker", "birth": "8/5/1984",
         "household": home, "life_status": "away"},
        today=TODAY,
    )  # fmt: skip
    [edit, added] = history.record_history(context, "citizen", uid)
    changes = {field.field: (field.label, field.before, field.after) for field in edit.changes[0].fields}
    assert changes["cccd"] == ("Số CCCD", "0•• ••• ••• 319", "0•• ••• ••• 320")
    assert changes["phone"] == ("Điện thoại", "0••• ••• 678", "")
    assert changes["birth"] == ("Ngày sinh", "1984", "08/05/1984")
    assert changes["citizen_group"] == ("Nhóm đối tượng", "Người dân trong xã", "Người lao động")
    assert changes["household"] == ("Hộ", "", "01-0001 (Nguyễn Văn Ước)")
    assert changes["life_status"] == ("Cư trú", "Đang ở", "Đi vắng")
    assert added.changes[0].is_created
    assert "079184" not in repr([edit, added])
    assert "0912345678" not in repr([edit, added])


def test_a_record_page_shows_only_its_own_part_of_an_import(context: Context) -> None:
    with context.operation("import.citizens", {"count": 3, "file": "x.xlsx"}) as op:
        keys = op.writer.insert_many(registry.citizen, [{"full_name": name} for name in ("Một", "Hai", "Ba")])
        uid = op.writer.references.uid("citizen", keys[1])
    [found] = history.record_history(context, "citizen", uid)
    assert [(row.uid, row.name) for row in found.changes] == [(uid, "Hai")]
    assert found.operation.changes == 3
    assert [row.name for row in history.operation_changes(context, found.operation.id, limit=2, offset=1)] == [
        "Hai",
        "Ba",
    ]


def test_undo_without_a_name_goes_back_step_by_step_and_stops_at_the_beginning(context: Context) -> None:
    uid = person(context)
    save_citizen(context, uid, {"occupation": "Nông dân"}, today=TODAY)
    reveal_cccd(context, person(context, full_name="Võ Thị Hạnh", cccd="079187555319"))
    done = [history.undo(context).sentence for _ in range(3)]
    assert done == ["Thêm công dân Võ Thị Hạnh", "Sửa công dân Nguyễn Thị Lan", "Thêm công dân Nguyễn Thị Lan"]
    with pytest.raises(UserError) as nothing:
        history.undo(context)
    assert nothing.value.code == "undo.nothing"
    first = history.operations(context)[0]
    assert (first.sentence, first.undo_class) == ("Hoàn tác: Thêm công dân Nguyễn Thị Lan", UndoClass.UNDOABLE)
    history.undo(context, first.id)
    assert [item.undone_by is not None for item in history.operations(context)][:2] == [False, True]


def test_numbers_once_given_stop_the_undo_key(context: Context) -> None:
    person(context)
    with context.operation("recognise", {"count": 1, "model": "citizen", "year": 2026, "number": "12"}) as op:
        op.is_kept = True
    with pytest.raises(UndoRefused) as refused:
        history.undo(context)
    assert refused.value.code == "undo.voided_only"


def test_a_refusal_names_the_later_deeds_and_says_the_same_before_and_after(context: Context) -> None:
    uid = person(context)
    save_citizen(context, uid, {"occupation": "Nông dân"}, today=TODAY)
    save_citizen(context, uid, {"occupation": "Thợ mộc"}, today=TODAY)
    added = history.operations(context)[2].id
    why = history.why_not_undo(context, added)
    assert why is not None
    assert why.count("“Sửa công dân Nguyễn Thị Lan”") == 2
    with pytest.raises(UndoRefused, match="Đó là: “Sửa công dân Nguyễn Thị Lan”") as refused:
        history.undo(context, added)
    assert refused.value.message == why
    assert history.why_not_undo(context, history.operations(context)[0].id) is None
    assert history.why_not_undo(context, "0" * 32) == "Không tìm thấy thao tác này trong nhật ký."
    with context.read() as connection:
        first = connection.execute(select(operation.c.uid).order_by(operation.c.id)).scalar()
    assert first is not None
    assert "không hoàn tác được" in (history.why_not_undo(context, first) or "")


def test_a_person_whose_number_was_given_to_another_does_not_come_back_with_it(context: Context) -> None:
    uid = person(context, cccd="079184000319")
    remove_citizen(context, uid)
    removal = history.operations(context)[0].id
    person(context, full_name="Võ Thị Hạnh", cccd="079184000319")
    assert "số CCCD" in (history.why_not_undo(context, removal) or "")
    with pytest.raises(UndoRefused) as refused:
        history.undo(context, removal)
    assert refused.value.code == "undo.number_taken"


def test_every_table_and_field_of_the_journal_has_a_vietnamese_name() -> None:
    assert set(TABLES) == set(SHARED)
    unnamed = [
        (name, field) for name, spec in SHARED.items() for field in spec.columns if field_label(name, field) == field
    ]
    assert unnamed == []
