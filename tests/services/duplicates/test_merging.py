"""Making one person of two records, and two of one again: nothing that hangs on them is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from desktop_app.models.journal import UndoRefused
from desktop_app.models.tables import SHARED, assessment, natural_uid, recognition, registry
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services import history
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.evidence import attach_evidence, list_evidence
from desktop_app.services.assessment.registration import register_subjects
from desktop_app.services.context import Context
from desktop_app.services.duplicates.carrying import carry_over
from desktop_app.services.duplicates.comparing import compare, distinct_people, merged_people
from desktop_app.services.duplicates.merging import (
    absorbed_by,
    absorbed_numbers,
    mark_distinct,
    merge_many,
    merge_people,
    survivor_of,
    survivors,
)
from desktop_app.services.duplicates.search import find_duplicates
from desktop_app.services.duplicates.unmerging import unmerge
from desktop_app.services.errors import UserError
from desktop_app.services.registry.citizens import remove_citizen, save_citizen
from desktop_app.services.registry.households import save_household
from desktop_app.services.registry.memberships import join_organization
from tests.services.duplicates.test_search import add_people, person
from tests.services.recognition.people import FAIL, PASS, fill
from tests.services.registry.scores import give_title

CITIZEN = LearningModel.CITIZEN
YEAR = 2026


def row(context: Context, table: str, uid: Uid) -> dict[str, Any]:
    target = SHARED[table].table
    with context.read() as connection:
        return dict(connection.execute(select(target).where(target.c.uid == uid)).mappings().one())


def rows_of(context: Context, table: Any, **where: Any) -> list[dict[str, Any]]:
    with context.read() as connection:
        query = select(table).where(table.c.present, *(table.c[name] == value for name, value in where.items()))
        return [dict(found) for found in connection.execute(query).mappings()]


def two(context: Context, **younger: Any) -> tuple[Uid, Uid]:
    """One person entered in two households of two hamlets."""
    (first,) = add_people(context, "01-0001", person("Nguyễn Văn Ước", cccd="089084001234", relation="Chủ hộ"))
    (second,) = add_people(
        context, "02-0001", person("Nguyễn Văn Ước", **{"relation": "Con", **younger}), hamlet="Thôn 2"
    )
    return first, second


def everything(context: Context) -> dict[str, list[tuple[Any, ...]]]:
    """Every shared row that is present with its journalled values, for comparing before and after."""
    found = {}
    with context.read() as connection:
        for name, spec in SHARED.items():
            columns = [spec.table.c.uid, *(c for c in spec.columns.values())]
            names = [c.name for c in columns]
            rows = connection.execute(select(*columns).where(spec.table.c.present).order_by(spec.table.c.uid)).all()
            found[name] = [tuple(repr(value) for value in each) for each in rows]
            assert names
    return found


def test_the_older_record_stays_whichever_is_named_first(context: Context) -> None:
    first, second = two(context)
    merged = merge_people(context, second, first)
    assert (merged.survivor, merged.absorbed) == (first, second)
    assert not row(context, "citizen", second)["present"]
    assert row(context, "citizen", second)["merged_into_id"] == row(context, "citizen", first)["id"]


def test_fields_are_taken_as_chosen_and_blanks_are_filled_when_nothing_is_chosen(context: Context) -> None:
    first, second = two(context, phone="0912345678", occupation="Nông dân", birth="1984")
    assert compare(context, first, second).proposed == {"phone", "occupation"}
    merge_people(context, first, second)
    kept = row(context, "citizen", first)
    assert (kept["phone"], kept["occupation"], kept["birth"]) == ("0912345678", "Nông dân", "1984-05-08")


@pytest.mark.parametrize(
    ("older", "younger", "life", "lives_in"),
    [("moved", "living", "living", 1), ("living", "moved", "moved", 0), ("dead", "living", "dead", 0)],
)
def test_the_later_word_about_residence_counts_but_the_dead_stay_dead(
    context: Context, older: str, younger: str, life: str, lives_in: int
) -> None:
    first, second = two(context, life_status=younger)
    with context.operation("citizen.edit", {}) as op:
        op.writer.update(registry.citizen, row(context, "citizen", first)["id"], {"life_status": older})
    homes = [row(context, "citizen", uid)["household_id"] for uid in (first, second)]
    merge_people(context, first, second)
    kept = row(context, "citizen", first)
    assert (kept["life_status"], kept["household_id"]) == (life, homes[lives_in])


def test_a_chosen_household_brings_relation_and_place_and_frees_the_former_headship(context: Context) -> None:
    first, second = two(context)
    old, new = row(context, "citizen", first)["household_id"], row(context, "citizen", second)["household_id"]
    with context.operation("household.head", {}) as op:
        op.writer.update(registry.household, old, {"head_id": row(context, "citizen", first)["id"]})
    merged = merge_people(context, first, second, {"home"})
    kept = row(context, "citizen", first)
    assert (kept["household_id"], kept["relation"]) == (new, "Con")
    assert "Hộ 01-0001 không còn ai nên đã bỏ khỏi sổ." in merged.notes
    assert rows_of(context, registry.household, id=old) == []


def test_a_household_that_others_live_in_stays_and_needs_a_new_head(context: Context) -> None:
    first, wife = add_people(context, "01-0001", person("Nguyễn Văn Ước"), person("Trần Thị Ánh", sex="female"))
    (second,) = add_people(context, "02-0001", person("Nguyễn Văn Ước"), hamlet="Thôn 2")
    old = row(context, "citizen", first)["household_id"]
    with context.operation("household.head", {}) as op:
        op.writer.update(registry.household, old, {"head_id": row(context, "citizen", first)["id"]})
    merged = merge_people(context, first, second, {"home"})
    assert "Hộ 01-0001 không còn chủ hộ; hãy chọn chủ hộ mới." in merged.notes
    assert rows_of(context, registry.household, id=old)[0]["head_id"] is None
    assert row(context, "citizen", wife)["household_id"] == old


def test_an_empty_household_with_a_form_stays(context: Context) -> None:
    first, second = two(context)
    home = rows_of(context, registry.household, code="02-0001")[0]
    fill(context, LearningModel.FAMILY, {home["uid"]: PASS})
    merged = merge_people(context, first, second, set())
    assert any("02-0001 không còn ai nhưng còn phiếu" in note for note in merged.notes)
    assert rows_of(context, registry.household, code="02-0001")


def test_the_survivor_heads_the_household_that_the_absorbed_record_headed(context: Context) -> None:
    first, second = sorted(add_people(context, "01-0001", person("Nguyễn Văn Ước"), person("Nguyen Van Uoc")))
    home = row(context, "citizen", first)["household_id"]
    with context.operation("household.head", {}) as op:
        op.writer.update(registry.household, home, {"head_id": row(context, "citizen", second)["id"]})
    merge_people(context, first, second)
    kept = row(context, "citizen", first)
    assert rows_of(context, registry.household, id=home)[0]["head_id"] == kept["id"]
    assert kept["relation"] == "Chủ hộ"


def test_the_number_is_taken_over_and_found_again_by_lists(context: Context) -> None:
    first, second = two(context, cccd="089084001243")
    merge_people(context, first, second, {"cccd"})
    assert row(context, "citizen", first)["cccd"] == "089084001243"
    with context.read() as connection:
        assert absorbed_numbers(connection) == {}  # the survivor has it, so it is found as his own
        assert survivor_of(connection, second) == first
    save_citizen(context, first, {"cccd": "089084001234"})
    with context.read() as connection:
        assert absorbed_numbers(connection) == {"089084001243": first}


def test_a_chain_of_merges_leads_to_who_is_present(context: Context) -> None:
    first, second = two(context)
    (third,) = add_people(context, "02-0009", person("Nguyễn Văn Ước"), hamlet="Thôn 2")
    merge_people(context, second, third)
    merge_people(context, first, second)
    with context.read() as connection:
        assert survivors(connection) == {second: first, third: first}
        assert set(absorbed_by(connection, first)) == {second, third}
    assert len(merged_people(context)) == 2


def test_a_form_that_only_the_absorbed_record_has_becomes_the_survivors_with_its_evidence(
    context: Context, tmp_path: Path
) -> None:
    first, second = two(context)
    fill(context, CITIZEN, {second: PASS})
    note = tmp_path / "giay.pdf"
    note.write_bytes(b"%PDF-1.4 x")
    attach_evidence(context, CITIZEN, second, YEAR, "", note)
    before = rows_of(context, assessment.assessment)[0]
    merge_people(context, first, second)
    (form,) = rows_of(context, assessment.assessment)
    assert form["uid"] == natural_uid("assessment", first, "citizen", natural_uid("assessment_round", YEAR))
    assert form["subject_id"] == row(context, "citizen", first)["id"]
    assert (form["total"], form["passed"]) == (before["total"], before["passed"])
    assert [item.file_name for item in list_evidence(context, CITIZEN, first, YEAR)] == ["giay.pdf"]
    assert len(rows_of(context, registry.citizen)) == 1
    (registration,) = rows_of(context, assessment.registration)
    assert registration["subject"] == first


def test_of_two_forms_of_a_round_the_fuller_one_stays_and_it_is_said(context: Context) -> None:
    first, second = two(context)
    fill(context, CITIZEN, {second: FAIL})
    with context.read() as connection:
        code = connection.execute(select(assessment.answer.c.indicator)).scalars().first()
    assert code is not None
    answer(context, CITIZEN, first, YEAR, code, 1)
    found = compare(context, first, second)
    assert "form:2026" in found.proposed
    standing = rows_of(context, assessment.assessment, subject=second)[0]
    merged = merge_people(context, first, second)
    assert "giữ phiếu của hồ sơ sau" in merged.notes[0]
    (form,) = rows_of(context, assessment.assessment)
    assert (form["subject"], form["total"], form["answered"]) == (first, standing["total"], standing["answered"])


def test_the_survivors_form_stays_when_it_is_fuller(context: Context) -> None:
    first, second = two(context)
    fill(context, CITIZEN, {first: PASS})
    with context.read() as connection:
        code = connection.execute(select(assessment.answer.c.indicator)).scalars().first()
    assert code is not None
    answer(context, CITIZEN, second, YEAR, code, 1)
    standing = rows_of(context, assessment.assessment, subject=first)[0]
    merged = merge_people(context, first, second)
    assert "giữ phiếu của hồ sơ trước" in merged.notes[0]
    (form,) = rows_of(context, assessment.assessment)
    assert (form["total"], form["answered"]) == (standing["total"], standing["answered"])


@pytest.mark.parametrize("is_second", [True, False])
def test_a_person_may_say_which_form_of_a_round_stays(context: Context, is_second: bool) -> None:
    first, second = two(context)
    fill(context, CITIZEN, {first: FAIL, second: PASS})
    totals = {item["subject"]: item["total"] for item in rows_of(context, assessment.assessment)}
    (line,) = [item for item in compare(context, first, second).lines if item.name == "form:2026"]
    assert (line.label, line.first.split()[0], line.second.split()[0]) == ("Phiếu 2026", "40", "100")
    merged = merge_people(context, first, second, {"form:2026"} if is_second else set())
    assert "như đã chọn" in merged.notes[0]
    (form,) = rows_of(context, assessment.assessment)
    assert form["total"] == totals[second if is_second else first]


def test_a_recognised_form_stays_whatever_is_chosen_and_that_is_said_before(context: Context) -> None:
    first, second = two(context)
    fill(context, CITIZEN, {first: FAIL, second: PASS})
    with context.operation("recognise", {}) as op:
        key = rows_of(context, assessment.assessment, subject=second)[0]["id"]
        op.writer.update(assessment.assessment, key, {"frozen": {"total": 100, "passed": True, "answered": 10}})
    found = compare(context, first, second)
    assert "form:2026" not in {line.name for line in found.lines}
    assert "giữ phiếu của hồ sơ sau" in found.notes[0] and "đã được công nhận" in found.notes[0]
    merge_people(context, first, second, set())
    assert rows_of(context, assessment.assessment)[0]["frozen"]["total"] == 100


def test_certificates_keep_their_numbers_and_two_of_a_year_are_pointed_out(context: Context) -> None:
    first, second = two(context)
    give_title(context, first, 1, model=CITIZEN)
    give_title(context, second, 2, model=CITIZEN)
    merged = merge_people(context, first, second)
    found = rows_of(context, recognition.certificate, subject=first)
    assert sorted(item["number"] for item in found) == ["0001/2026", "0002/2026"]
    assert {item["subject_id"] for item in found} == {row(context, "citizen", first)["id"]}
    assert "Năm 2026 người này có 2 giấy công nhận (0001/2026, 0002/2026)." in merged.notes
    assert [item["subject"] for item in rows_of(context, recognition.certificate)] == [first, first]


def test_memberships_come_together_without_doubling(context: Context) -> None:
    first, second = two(context)
    with context.operation("organization.add", {}) as op:
        ids = [op.writer.insert(registry.organization, {"name": name}) for name in ("Trường A", "Trường B")]
        schools = [op.writer.references.uid("organization", key) for key in ids]
    join_organization(context, schools[0], first, "giáo viên")
    join_organization(context, schools[0], second)
    join_organization(context, schools[1], second, "phụ huynh")
    merge_people(context, first, second)
    found = rows_of(context, registry.organization_member)
    kept = row(context, "citizen", first)["id"]
    assert {(item["organization_id"], item["role"]) for item in found} == {
        (ids[0], "giáo viên"),
        (ids[1], "phụ huynh"),
    }
    assert {item["citizen_id"] for item in found} == {kept}
    join_organization(context, schools[1], first, "phụ huynh")
    assert len(rows_of(context, registry.organization_member)) == 2


def test_former_places_go_to_the_survivor(context: Context) -> None:
    first, second = two(context)
    with context.operation("citizen.edit", {}) as op:
        values = {"citizen_id": row(context, "citizen", second)["id"], "until": "2025-01-01", "reason": "move"}
        op.writer.insert(registry.residence, values)
    merge_people(context, first, second)
    assert rows_of(context, registry.residence)[0]["citizen_id"] == row(context, "citizen", first)["id"]


@pytest.mark.parametrize(("taken", "kept_place"), [(set(), "Huế"), ({"home"}, "Vinh")])
def test_of_two_pasts_the_one_that_leads_to_the_chosen_home_is_kept(
    context: Context, taken: set[str], kept_place: str
) -> None:
    first, second = two(context)
    with context.operation("citizen.edit", {}) as op:
        for uid, place in ((first, "Huế"), (second, "Vinh")):
            values = {
                "citizen_id": row(context, "citizen", uid)["id"],
                "until": "2020",
                "reason": "move",
                "place": place,
            }
            op.writer.insert(registry.residence, values)
        away = {
            "citizen_id": row(context, "citizen", second)["id"],
            "since": "2022",
            "reason": "away",
            "place": "Hà Nội",
        }
        op.writer.insert(registry.residence, away)
    before = everything(context)
    merge_people(context, first, second, taken)
    found = rows_of(context, registry.residence)
    assert {item["place"] for item in found} == {kept_place, "Hà Nội"}
    assert {item["citizen_id"] for item in found} == {row(context, "citizen", first)["id"]}
    unmerge(context, second, are_two=False)
    assert everything(context) == before


def test_whom_the_absorbed_record_is_not_the_survivor_is_not_either(context: Context) -> None:
    first, second = two(context)
    (other,) = add_people(context, "02-0007", person("Nguyễn Văn Ước"), hamlet="Thôn 2")
    mark_distinct(context, second, other)
    mark_distinct(context, first, second)
    merge_people(context, first, second)
    (pair,) = distinct_people(context)
    assert (pair.first.uid, pair.second.uid) == (first, other)
    assert find_duplicates(context).pairs == ()


def _loaded(context: Context) -> tuple[Uid, Uid]:
    """Two records with forms, titles, memberships and places on both sides."""
    first, second = two(context, phone="0912345678", cccd="089084001243")
    fill(context, CITIZEN, {first: FAIL, second: PASS})
    give_title(context, second, 1, model=CITIZEN)
    with context.operation("organization.add", {}) as op:
        key = op.writer.insert(registry.organization, {"name": "Trường A"})
        school = op.writer.references.uid("organization", key)
    join_organization(context, school, second, "giáo viên")
    home = row(context, "citizen", second)["household_id"]
    with context.operation("household.head", {}) as op:
        op.writer.update(registry.household, home, {"head_id": row(context, "citizen", second)["id"]})
    return first, second


def test_undo_of_a_merge_brings_everything_back(context: Context) -> None:
    first, second = _loaded(context)
    before = everything(context)
    merged = merge_people(context, first, second, {"home", "cccd", "phone"})
    assert everything(context) != before
    history.undo(context, merged.operation)
    assert everything(context) == before
    certificate = rows_of(context, recognition.certificate)[0]
    assert certificate["subject_id"] == row(context, "citizen", second)["id"]


def test_unmerging_at_once_is_the_same_as_undoing(context: Context) -> None:
    first, second = _loaded(context)
    before = everything(context)
    merge_people(context, first, second, {"home", "cccd", "phone"})
    taken_back = unmerge(context, second, are_two=False)
    assert taken_back.notes == ()
    assert everything(context) == before


def test_unmerging_later_leaves_what_was_changed_since_and_says_so(context: Context) -> None:
    first, second = two(context, phone="0912345678")
    fill(context, CITIZEN, {second: PASS})
    with context.operation("organization.add", {}) as op:
        school = op.writer.references.uid("organization", op.writer.insert(registry.organization, {"name": "Trường A"}))
    join_organization(context, school, second, "giáo viên")
    merged = merge_people(context, first, second, {"phone"})
    save_citizen(context, first, {"phone": "0987654321"})
    with context.read() as connection:
        code = connection.execute(select(assessment.answer.c.indicator)).scalars().first()
    assert code is not None
    answer(context, CITIZEN, first, YEAR, code, 1)
    with pytest.raises(UndoRefused):
        history.undo(context, merged.operation)
    taken_back = unmerge(context, second)
    assert row(context, "citizen", second)["present"]
    assert row(context, "citizen", second)["phone"] == "0912345678"
    assert row(context, "citizen", first)["phone"] == "0987654321"
    assert [form["subject"] for form in rows_of(context, assessment.assessment)] == [first]
    assert any("năm 2026 đã thay đổi sau khi gộp" in note for note in taken_back.notes)
    assert any("điện thoại" in note for note in taken_back.notes)
    assert rows_of(context, registry.organization_member)[0]["citizen_id"] == row(context, "citizen", second)["id"]
    assert find_duplicates(context).pairs == ()
    history.undo(context, taken_back.operation)
    assert not row(context, "citizen", second)["present"]


def test_a_number_that_somebody_else_has_now_does_not_come_back(context: Context) -> None:
    first, second = two(context, cccd="089084001243")
    merge_people(context, first, second, set())
    save_citizen(context, None, {"full_name": "Trần Văn Bình", "cccd": "089084001243"})
    taken_back = unmerge(context, second)
    assert row(context, "citizen", second)["cccd"] is None
    assert any("CCCD" in note for note in taken_back.notes)


def test_a_record_that_was_not_absorbed_cannot_be_taken_apart(context: Context) -> None:
    first, second = two(context)
    for uid in (first, second):
        with pytest.raises(UserError) as refusal:
            unmerge(context, uid)
        assert refusal.value.code == "unmerge.unknown"


def test_many_pairs_are_one_deed_and_each_comes_apart_alone(context: Context) -> None:
    names = ("Nguyễn Văn Ước", "Trần Thị Ánh", "Lê Minh Đạt")
    older = add_people(context, "01-0001", *(person(name) for name in names))
    younger = add_people(context, "01-0002", *(person(name, phone=f"091234567{n}") for n, name in enumerate(names)))
    before = everything(context)
    pairs = list(zip(older, younger, strict=True))
    merged = merge_many(context, [*pairs, (older[0], younger[1])])
    assert (merged.merged, merged.left) == (3, 1)
    assert merged.notes == ("Lê Minh Đạt: Hộ 01-0002 không còn ai nên đã bỏ khỏi sổ.",)
    assert len(rows_of(context, registry.citizen)) == 3
    unmerge(context, younger[1])
    assert row(context, "citizen", younger[1])["present"]
    assert row(context, "citizen", older[1])["phone"] is None
    assert row(context, "citizen", older[0])["phone"] == "0912345670"
    history.undo(context)
    assert merged.operation is not None
    history.undo(context, merged.operation)
    assert everything(context) == before


def test_merging_nobody_leaves_no_trace(context: Context) -> None:
    assert merge_many(context, []).operation is None


def test_one_record_is_not_merged_with_itself_nor_with_one_that_is_gone(context: Context) -> None:
    first, second = two(context)
    with pytest.raises(UserError) as refusal:
        merge_people(context, first, first)
    assert refusal.value.code == "merge.same"
    remove_citizen(context, second)
    with pytest.raises(UserError) as refusal:
        merge_people(context, first, second)
    assert refusal.value.code == "record.gone"


def test_what_comes_in_for_an_absorbed_record_goes_on_to_the_survivor(context: Context) -> None:
    first, second = two(context)
    merge_people(context, first, second)
    assert carry_over(context) == ()
    fill(context, CITIZEN, {second: PASS})  # as a volunteer's package brings it
    carry_over(context)
    assert [form["subject"] for form in rows_of(context, assessment.assessment)] == [first]
    assert carry_over(context) == ()


def test_a_side_by_side_look_masks_numbers_and_marks_what_differs(context: Context) -> None:
    first, second = two(context, cccd="089084001243", phone="0912345678")
    register_subjects(context, CITIZEN, YEAR, [second])
    found = compare(context, second, first)
    lines = {line.name: line for line in found.lines}
    assert (found.first.uid, lines["cccd"].first, lines["cccd"].second) == (first, "0•• ••• ••• 234", "0•• ••• ••• 243")
    assert lines["cccd"].is_question and not lines["full_name"].differs
    assert lines["home"].first == "01-0001 · Thôn 1 (Chủ hộ)"
    assert found.second_hanging == ("1 lượt đăng ký",)
    assert "0912345678" not in repr(found)


def test_a_household_is_saved_after_its_head_was_absorbed(context: Context) -> None:
    first, second = _loaded(context)
    home = row(context, "citizen", second)["household_id"]
    save_citizen(
        context,
        None,
        {"full_name": "Trần Thị Ánh", "household": rows_of(context, registry.household, id=home)[0]["uid"]},
    )
    merge_people(context, first, second, set())
    uid = rows_of(context, registry.household, id=home)[0]["uid"]
    assert save_household(context, uid, {"address": "Số 1"}).errors == ()


def test_the_journal_tells_two_people_of_one_name_apart(context: Context) -> None:
    first, second = two(context)
    mark_distinct(context, first, second)
    merge_people(context, first, second)
    merged, distinct = (record.sentence for record in history.operations(context, limit=2))
    assert merged.startswith("Gộp hồ sơ trùng Nguyễn Văn Ước (") and "hộ 01-0001)" in merged
    assert distinct.startswith("Ghi Nguyễn Văn Ước (") and " và Nguyễn Văn Ước (" in distinct
