"""Citizens are checked, added, changed, moved and removed; every deed can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from desktop_app.models.records import SaveResult
from desktop_app.models.tables import registry
from desktop_app.models.tables.system import operation
from desktop_app.models.types import CitizenGroup, LifeStatus, Sex
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.registry import citizens
from desktop_app.services.registry.citizens import (
    add_member,
    citizen_values,
    move_citizen,
    remove_citizen,
    save_citizen,
)
from desktop_app.services.registry.details import citizen_detail, household_detail
from tests.factories import add_household
from tests.services.registry.conftest import TODAY


def save(context: Context, uid: str | None = None, **values: Any) -> SaveResult:
    return save_citizen(context, uid, values, today=TODAY)


def codes(result: SaveResult) -> set[str]:
    return {issue.code for issue in (*result.errors, *result.warnings)}


def operations(context: Context) -> int:
    with context.read() as connection:
        return len(connection.execute(select(operation.c.id)).all())


def test_a_new_person_is_stored_as_cleaned_text_with_a_proposed_group(context: Context) -> None:
    household, _ = add_household(context)
    result = add_member(
        context,
        household,
        {
            "full_name": "  Nguyễn  Thị Lan ", "birth": "8/5/1984", "cccd": "079 184 000 319", "phone": "+84 912345678",
            "occupation": "Giáo viên", "relation": "VỢ",
        },
        today=TODAY,
    )  # fmt: skip
    assert result.errors == ()
    assert result.uid is not None
    detail = citizen_detail(context, result.uid)
    assert (detail.name, detail.birth, detail.birth_iso) == ("Nguyễn Thị Lan", "08/05/1984", "1984-05-08")
    assert (detail.cccd, detail.phone) == ("0•• ••• ••• 319", "0••• ••• 678")
    assert detail.sex is Sex.FEMALE
    assert detail.group is CitizenGroup.OFFICIAL
    assert detail.relation == "Vợ"
    assert detail.hamlet is not None
    assert detail.hamlet.name == "Thôn 1"
    assert [member.name for member in detail.members] == ["Nguyễn Văn Ước", "Nguyễn Thị Lan"]
    assert codes(result) == {"sex.from_cccd"}


def test_errors_are_told_by_field_and_nothing_is_written(context: Context) -> None:
    before = operations(context)
    result = save(context, full_name="", birth="31/02/1984", cccd="12345", phone="abc", sex="maybe")
    assert result.uid is None
    assert {issue.field for issue in result.errors} == {"full_name", "birth", "cccd", "phone", "sex"}
    assert all(issue.message.endswith(".") for issue in result.errors)
    assert operations(context) == before


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"full_name": "12345"}, "name.letters"),
        ({"full_name": "Lan 2"}, "name.digits"),
        ({"full_name": "Lan", "birth": "2030"}, "date.in_future"),
        ({"full_name": "Lan", "birth": "1890"}, "birth.impossible"),
        ({"full_name": "Lan" * 60}, "text.long"),
        ({"full_name": "Lan", "household": "0" * 32}, "reference.gone"),
        (
            {"full_name": "Lan", "birth": "1984", "life_status": "dead", "status_date": "1983"},
            "status_date.before_birth",
        ),
    ],
)
def test_what_cannot_be_is_refused(context: Context, values: dict[str, str], code: str) -> None:
    result = save(context, **values)
    assert code in {issue.code for issue in result.errors}
    assert result.uid is None


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({}, "birth.missing"),
        ({"birth": "1915"}, "birth.rare"),
        ({"birth": "1984", "sex": "male", "cccd": "079184000319"}, "cccd.sex_mismatch"),
        ({"birth": "1985", "cccd": "079184000319"}, "cccd.year_mismatch"),
        ({"birth": "1984", "cccd": "999184000319"}, "cccd.bad_province"),
        ({"birth": "2015", "citizen_group": "student"}, "group.too_young"),
        ({"birth": "1940", "life_status": "dead"}, "status_date.missing"),
        ({"birth": "1984"}, "household.missing"),
    ],
)
def test_what_is_odd_is_saved_with_a_warning(context: Context, values: dict[str, str], code: str) -> None:
    result = save(context, full_name="Trần Thị Ánh", **values)
    assert code in {issue.code for issue in result.warnings}
    assert result.uid is not None


def test_a_cccd_belongs_to_one_person_only_and_the_other_is_named(context: Context) -> None:
    _, (other,) = add_household(context)
    assert save(context, other, cccd="079061000319").is_saved
    result = save(context, full_name="Lê Văn Hai", birth="1961", cccd="079061000319")
    [issue] = result.errors
    assert (issue.code, issue.other) == ("cccd.used", other)
    assert "Nguyễn Văn Ước" in issue.message
    assert "Thôn 1, hộ 01-0001" in issue.message
    assert save(context, other, cccd="079061000319").is_saved, "his own number is no error for him"


def test_the_number_of_a_removed_person_is_free_again(context: Context) -> None:
    first = save(context, full_name="Lê Văn Hai", birth="1961", cccd="079061000319")
    assert first.uid
    remove_citizen(context, first.uid)
    assert save(context, full_name="Lê Văn Hải", birth="1961", cccd="079061000319").is_saved


def test_two_people_without_a_number_are_two_people(context: Context) -> None:
    one, two = (save(context, full_name="Lê Văn Hai", birth="1961", cccd=value) for value in ("", None))
    assert one.uid != two.uid
    assert "citizen.same" in codes(two)


def test_only_given_fields_change_and_a_masked_number_stays(context: Context) -> None:
    made = save(context, full_name="Lê Văn Hai", birth="1961", cccd="079061000319", phone="0912345678")
    assert made.uid
    values = citizen_values(context, made.uid)
    assert values["cccd"] == "0•• ••• ••• 319"
    assert save(context, made.uid, **{**values, "occupation": "Nông dân"}).is_saved
    with context.read() as connection:
        row = connection.execute(select(registry.citizen).where(registry.citizen.c.uid == made.uid)).one()
    assert (row.cccd, row.phone, row.occupation) == ("079061000319", "0912345678", "Nông dân")


def test_checking_while_typing_writes_nothing(context: Context) -> None:
    before = operations(context)
    result = citizens.check(context, None, {"full_name": "Lê Văn Hai", "cccd": "12"}, today=TODAY)
    assert result.of("cccd")[0].is_error
    assert operations(context) == before


def test_a_head_does_not_leave_others_behind_but_the_last_one_takes_the_headship_along(context: Context) -> None:
    first, (head, wife) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    second, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Hai",))
    assert codes(move_citizen(context, head, second, today=TODAY)) >= {"head.leaves"}
    assert move_citizen(context, wife, second, relation="em gái", today=TODAY).is_saved
    assert move_citizen(context, head, second, today=TODAY).is_saved
    assert household_detail(context, first).head is None
    moved = household_detail(context, second).members
    assert [(member.name, member.relation) for member in moved] == [
        ("Lê Văn Hai", ""), ("Trần Thị Ánh", "Em gái"), ("Nguyễn Văn Ước", ""),
    ]  # fmt: skip
    hamlet = citizen_detail(context, head).hamlet
    assert hamlet is not None
    assert hamlet.name == "Thôn 2"


def test_who_leaves_every_household_leaves_its_hamlet_too(context: Context) -> None:
    _, (head,) = add_household(context)
    assert move_citizen(context, head, None, today=TODAY).is_saved
    detail = citizen_detail(context, head)
    assert (detail.household, detail.hamlet) == (None, None)


def test_who_is_entered_as_head_of_a_household_without_one_becomes_it(context: Context) -> None:
    household, _ = add_household(context, members=())
    result = add_member(context, household, {"full_name": "Lê Văn Hai", "relation": "chủ hộ"}, today=TODAY)
    head = household_detail(context, household).head
    assert head is not None
    assert head.uid == result.uid
    second = add_member(context, household, {"full_name": "Lê Văn Ba", "relation": "chủ hộ"}, today=TODAY)
    assert "relation.head" in codes(second)


def test_a_dead_head_is_pointed_out_and_no_longer_counted(context: Context) -> None:
    household, (head, _) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    result = save(context, head, life_status=LifeStatus.DEAD.value, status_date="05/2026")
    assert codes(result) == {"head.gone"}
    members = household_detail(context, household).members
    assert [(m.name, m.life) for m in members] == [
        ("Trần Thị Ánh", LifeStatus.LIVING), ("Nguyễn Văn Ước", LifeStatus.DEAD),
    ]  # fmt: skip


def test_a_person_with_a_form_is_not_removed_and_the_reasons_are_given(context: Context) -> None:
    from tests.services.registry.scores import give_score

    _, (head, wife) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    give_score(context, head, 83)
    with pytest.raises(UserError, match=r"chủ hộ của hộ còn 1 người khác.*1 phiếu chấm") as error:
        remove_citizen(context, head)
    assert error.value.code == "remove.used"
    remove_citizen(context, wife)
    with pytest.raises(UserError) as gone:
        remove_citizen(context, wife)
    assert gone.value.code == "record.gone"


def test_every_deed_is_taken_back_to_what_was(context: Context) -> None:
    first, (head,) = add_household(context)
    second, _ = add_household(context, "02-0001", hamlet="Thôn 2", members=("Lê Văn Hai",))
    before = citizen_detail(context, head), household_detail(context, first), household_detail(context, second)
    move_citizen(context, head, second, today=TODAY)
    save(context, head, full_name="Nguyễn Văn Ước Em", birth="1970", life_status="away")
    remove_citizen(context, head)
    with context.read() as connection:
        done = connection.execute(select(operation.c.uid).order_by(operation.c.id.desc()).limit(3)).scalars().all()
    for uid in done:
        context.journal.undo(uid)
    assert (
        citizen_detail(context, head),
        household_detail(context, first),
        household_detail(context, second),
    ) == before
