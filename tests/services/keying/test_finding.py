"""Whose form comes next: codes, tails of numbers, household codes and names, the batch's own place first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from desktop_app.services.keying.batches import add_batch
from desktop_app.services.keying.finding import find, nobody
from desktop_app.services.keying.following import following
from desktop_app.services.keying.newcomers import Newcomer, add_newcomer
from desktop_app.services.keying.pasting import plan_paste
from desktop_app.services.keying.placing import place
from desktop_app.services.keying.records import BatchRecord, Cover
from desktop_app.services.keying.sheet import read_sheet
from desktop_app.services.paper.codes import form_code, qr_text
from desktop_app.services.registry.citizens import citizen_values
from desktop_app.services.registry.units_edit import save_hamlet
from tests.services.assessment.world import YEAR, add_clan, add_people, add_unit
from tests.services.keying.conftest import TODAY, first_uid


def names(context: Context, batch: BatchRecord, text: str) -> list[str]:
    return [item.name for item in find(context, batch, text).candidates]


@pytest.mark.parametrize("shape", ["digits", "spaced", "qr", "qr_semicolons"])
def test_a_form_is_opened_by_its_code_typed_or_scanned(context: Context, batch, people, shape: str) -> None:
    uid = people["Trần Văn Bình"]
    digits, qr = form_code(uid), qr_text(uid, YEAR, "citizen.resident")
    text = {
        "digits": digits,
        "spaced": f"{digits[:4]} {digits[4:8]} {digits[8:]}",
        "qr": qr,
        "qr_semicolons": qr.replace(":", ";").lower(),
    }[shape]
    assert find(context, batch, text).sure.subject == uid  # type: ignore[union-attr]


def test_a_wrong_digit_another_round_and_another_set_are_said(context: Context, batch, people) -> None:
    uid = people["Trần Văn Bình"]
    digits = form_code(uid)
    wrong = digits[:-1] + str((int(digits[-1]) + 1) % 10)
    for text, code in (
        (wrong, "code.check_digit"),
        (qr_text(uid, YEAR - 1, "citizen.resident"), "code.other_year"),
        (qr_text(uid, YEAR, "citizen.worker"), "code.other_set"),
        (form_code("0" * 31 + "1"), "code.unknown"),
    ):
        with pytest.raises(UserError) as refused:
            find(context, batch, text)
        assert refused.value.code == code


@pytest.mark.parametrize("key", ["citizen.oficial", "citizen.réident", "citizen.ưoker", ""])
def test_a_code_whose_letters_the_keyboard_changed_is_known_by_its_digits(context, batch, people, key: str) -> None:
    mai = people["Nguyễn Thị Lan"]
    found = find(context, batch, f"SHT:{YEAR}:{key}:{form_code(mai)}")
    assert found.sure is not None and found.sure.subject == mai


def on_a_vietnamese_row(text: str) -> str:
    """What the Vietnamese keyboard of Windows makes of a scanner's figures: letters, and accents in the order typed."""
    return text.translate(str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ"))


def test_codes_scanned_through_a_vietnamese_keyboard_keep_the_order_of_their_figures(context: Context, batch) -> None:
    rows = [{"full_name": f"Bùi Văn {n}", "birth": "1984", "citizen_group": "resident"} for n in range(24)]
    for uid in add_people(context, rows, hamlet="Thôn 1", code="01-0500")[1]:
        for text in (form_code(uid), qr_text(uid, YEAR, "citizen.resident")):
            found = find(context, batch, on_a_vietnamese_row(text))
            assert found.sure is not None and found.sure.subject == uid


def test_the_tail_of_a_cccd_and_a_scanned_card_find_their_person(context: Context, batch, people) -> None:
    for text in ("0319", "079184000319", "079184000319|261234567|Nguyễn Thị Lan|08051984|Nữ|Thôn 1|01012021"):
        found = find(context, batch, text)
        assert found.sure is not None and found.sure.subject == people["Nguyễn Thị Lan"]


def test_the_batchs_hamlet_comes_before_the_rest_of_the_commune(context: Context, batch, people, cover: Cover) -> None:
    found = find(context, batch, "nguyen thi lan")
    assert [(item.subject, item.is_near) for item in found.candidates] == [
        (people["Nguyễn Thị Lan"], True),
        (people["Nguyễn Thị Lan 2"], False),
    ]
    assert found.sure == found.candidates[0]
    whole = add_batch(context, YEAR, replace(cover, hamlet=None), today=TODAY)
    assert find(context, whole, "Nguyễn Thị Lan").sure is None
    assert find(context, batch, "đỗ hữu").sure is not None


def test_who_comes_next_in_the_order_of_the_list_is_proposed(context: Context, batch, people, cover: Cover) -> None:
    assert [item.name for item in following(context, batch, None)] == [
        "Nguyễn Thị Lan", "Trần Văn Bình", "Phạm Đức Thắng",
    ]  # fmt: skip
    place(context, batch.uid, people["Trần Văn Bình"])
    after = following(context, batch, people["Trần Văn Bình"])
    assert [item.name for item in after] == ["Phạm Đức Thắng"]
    assert [item.name for item in following(context, batch, None)] == ["Nguyễn Thị Lan", "Phạm Đức Thắng"]
    homes = add_batch(context, YEAR, replace(cover, model=LearningModel.FAMILY, hamlet=None), today=TODAY)
    assert [item.detail for item in following(context, homes, None)] == [
        "Thôn 1 · hộ 01-0127", "Thôn 2 · hộ 02-0127",
    ]  # fmt: skip


def test_several_of_one_name_in_the_place_are_asked_about(context: Context, batch, people) -> None:
    assert len(names(context, batch, "thi")) >= 3
    assert find(context, batch, "thi").sure is None
    assert names(context, batch, "hạnh") == ["Võ Thị Hạnh"]


def test_a_household_code_gives_its_people(context: Context, batch, people) -> None:
    assert len(names(context, batch, "01-0127")) == 5
    assert names(context, batch, "0127 lan")[0] == "Nguyễn Thị Lan"


def test_who_stands_in_the_batch_or_is_gone_says_so(context: Context, batch, people) -> None:
    place(context, batch.uid, people["Trần Văn Bình"])
    assert find(context, batch, "binh").candidates[0].note == "dòng 1 của tập này"
    assert find(context, batch, "hanh").candidates[0].note == "đã mất"


@pytest.mark.parametrize("text", ["", " ", "x", "%", "_ _", "zzz qqq", "'; --", "||"])
def test_odd_typing_finds_nobody_quietly(context: Context, batch, people, text: str) -> None:
    assert find(context, batch, text).candidates == ()
    assert "Không thấy" in nobody(batch, text).message


def test_an_organization_comes_by_its_members(context: Context, batch, people, cover: Cover) -> None:
    unit = add_unit(context, [people["Nguyễn Thị Lan 2"]])
    made = add_batch(context, YEAR, replace(cover, hamlet=None, organization=unit), today=TODAY)
    found = find(context, made, "lan")
    assert found.sure is not None and found.sure.subject == people["Nguyễn Thị Lan 2"]


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (LearningModel.FAMILY, "01-0127"),
        (LearningModel.FAMILY, "thắng"),
        (LearningModel.CLAN, "dong ho ng"),
        (LearningModel.COMMUNITY, "thôn 2"),
        (LearningModel.ORGANIZATION, "tieu hoc"),
        (LearningModel.COMMUNE, "phú an"),
    ],
)
def test_every_model_is_found(context: Context, people, cover: Cover, model: LearningModel, text: str) -> None:
    add_clan(context, [first_uid(context, "household")])
    add_unit(context, [people["Nguyễn Thị Lan"]])
    made = add_batch(context, YEAR, replace(cover, model=model, hamlet=None), today=TODAY)
    assert find(context, made, text).sure is not None
    if model is LearningModel.FAMILY:
        near = add_batch(context, YEAR, replace(cover, model=model), today=TODAY)
        assert find(context, near, text).candidates[0].is_near


def test_a_newcomer_is_one_deed_with_the_batchs_group(context: Context, batch, people) -> None:
    values = {"full_name": "lê văn mới", "birth": "1990", "sex": "male", "household": "01-0127"}
    made = add_newcomer(context, batch, values, today=TODAY)
    assert made.uid is not None
    stored = citizen_values(context, made.uid)
    assert (stored["citizen_group"], stored["sex"], stored["birth"]) == ("resident", "male", "1990")
    undo(context)
    assert names(context, batch, "le van moi") == []


def test_a_newcomer_whose_household_is_unknown_says_where_the_form_came_from(context: Context, batch, people) -> None:
    made = add_newcomer(context, batch, {"full_name": "Lê Văn Mới", "birth": "1990"}, today=TODAY)
    assert made.uid is not None
    assert citizen_values(context, made.uid)["note"] == "Chưa rõ hộ; phiếu thu ở Thôn 1."
    assert names(context, batch, "le van moi") == ["Lê Văn Mới"] and find(context, batch, "le van moi").sure.is_near
    undo(context)
    assert names(context, batch, "le van moi") == []
    assert living_alone(context) == 0


def living_alone(context: Context) -> int:
    """Households without a code."""
    with context.read() as connection:
        query = "SELECT count(*) FROM household WHERE present AND code IS NULL"
        return connection.exec_driver_sql(query).scalar_one()


def test_a_newcomer_of_an_organizations_batch_is_its_member(context: Context, people, cover: Cover) -> None:
    batch = add_batch(context, YEAR, replace(cover, hamlet=None, organization=add_unit(context, [])), today=TODAY)
    made = add_newcomer(context, batch, {"full_name": "Lê Văn Mới", "birth": "1990"}, today=TODAY)
    assert made.uid is not None and find(context, batch, "le van moi").sure.is_near
    assert citizen_values(context, made.uid)["note"] == f"Chưa rõ hộ; phiếu thu ở {batch.place}."
    undo(context)
    assert names(context, batch, "le van moi") == []


def test_a_newcomer_of_an_organizations_batch_lives_in_the_hamlet_that_is_named(
    context: Context, people, cover: Cover
) -> None:
    for name in ("Thôn 12", "Xóm Mới"):
        save_hamlet(context, None, {"name": name})
    batch = add_batch(context, YEAR, replace(cover, hamlet=None, organization=add_unit(context, [])), today=TODAY)

    def add(name: str, hamlet: str, **more: str) -> Newcomer:
        values = {"full_name": name, "birth": "1990", "hamlet": hamlet, **more}
        return add_newcomer(context, batch, values, today=TODAY)

    placed = {"2": "Thôn 2", "thon 1": "Thôn 1", "12": "Thôn 12", "XÓM MỚI": "Xóm Mới", "moi": "Xóm Mới", "": ""}
    for number, (typed, hamlet) in enumerate(placed.items()):
        made = add(f"Lê Văn Mới {chr(65 + number)}", typed)
        assert made.uid is not None and (made.hamlet, hamlet_of(context, made.uid)) == (hamlet, hamlet or None)
    asked = add("Lê Văn Ba", "thôn")
    assert asked.uid is None and "Thôn 1, Thôn 2, Thôn 12" in (asked.errors or {})["hamlet"]
    assert "không có thôn nào tên “Thôn 99”" in (add("Lê Văn Ba", "Thôn 99").errors or {})["hamlet"]
    home = add("Lê Văn Tư", "Thôn 2", household="01-0127")
    assert home.uid is not None and home.hamlet == hamlet_of(context, home.uid) == "Thôn 1"


def hamlet_of(context: Context, citizen: str) -> str | None:
    query = (
        "SELECT t.name FROM citizen c JOIN household h ON h.id = c.household_id JOIN hamlet t ON t.id = h.hamlet_id "
        "WHERE c.uid = ?"
    )
    with context.read() as connection:
        return connection.exec_driver_sql(query, (bytes.fromhex(citizen),)).scalar_one_or_none()


def test_a_newcomer_is_checked_before_anything_is_written(context: Context, batch, people) -> None:
    def errors(**values: str) -> set[str]:
        return set(add_newcomer(context, batch, values, today=TODAY).errors or ())

    assert errors(full_name="", birth="1990") == {"full_name"}
    assert errors(full_name="Lê Văn Mới", birth="") == {"birth"}
    assert errors(full_name="Lê Văn Mới", birth="32/13/1990") == {"birth"}
    assert errors(full_name="Lê Văn Mới", birth="2015") == {"birth"}
    assert errors(full_name="Lê Văn Mới", birth="1990", household="99-9999") == {"household"}


def test_a_namesake_of_the_same_birth_is_asked_about_once(context: Context, batch, people) -> None:
    values = {"full_name": "Trần Văn Bình", "birth": "1984"}
    asked = add_newcomer(context, batch, values, today=TODAY)
    assert asked.uid is None and asked.same == people["Trần Văn Bình"] and "Đã có" in asked.doubts[0]
    assert add_newcomer(context, batch, values, is_sure=True, today=TODAY).uid is not None


def test_a_block_is_read_cell_by_cell_and_taken_whole_or_not_at_all(context: Context, batch, people) -> None:
    for name in ("Nguyễn Thị Lan", "Trần Văn Bình"):
        place(context, batch.uid, people[name])
    sheet = read_sheet(context, batch.uid)
    codes = [i.code for i in sheet.definition.indicators]
    good = plan_paste(sheet.definition, sheet.rows, 0, 1, "9\t\t8\r\n10\t7\t6\r\n")
    assert good.values == {0: {codes[1]: 9, codes[3]: 8}, 1: {codes[1]: 10, codes[2]: 7, codes[3]: 6}}
    assert (good.problems, good.count) == ((), 5)
    bad = plan_paste(sheet.definition, sheet.rows, 0, 0, "11\tx\n7,5\t9")
    assert len(bad.problems) == 3 and "Dòng 1, ô “11”: Chỉ số 1 chấm từ 0 đến 10 điểm." in bad.sentence
    assert "chỉ còn 1 người" in plan_paste(sheet.definition, sheet.rows, 1, 0, "1\n2").sentence
    assert "chỉ còn 1 chỉ số" in plan_paste(sheet.definition, sheet.rows, 0, 9, "1\t2").sentence
    assert plan_paste(sheet.definition, sheet.rows, 0, 0, "\n").problems
