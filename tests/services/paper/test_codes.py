"""Codes of paper forms: typed, scanned, mistyped, and whom they mean."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.paper.codes import (
    FormCode,
    find_by_code,
    form_code,
    grouped,
    looks_like_code,
    looks_like_stack,
    parse_code,
    parse_stack,
    parse_stack_code,
    qr_text,
    require_form,
    stack_qr,
    unknown_code,
    with_check_digit,
)
from tests.factories import add_household, make_register

UID = "0190a5c4e1f07b3c8d2e4f6a5b7c9d0e"
uids = st.integers(min_value=0, max_value=2**128 - 1).map(lambda number: f"{number:032x}")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    context = make_register(tmp_path)
    yield context
    context.close()


def refused(text: str) -> UserError:
    with pytest.raises(UserError) as caught:
        parse_code(text)
    assert "chưa ghi gì" in caught.value.message or caught.value.code == "code.empty"
    return caught.value


def add_citizen(context: Context, uid: Uid, name: str) -> None:
    from desktop_app.models.tables import registry

    with context.operation("citizen.add", {}) as op:
        op.writer.insert(registry.citizen, {"full_name": name}, uid=uid)


@given(uids)
def test_a_code_is_thirteen_digits_and_reads_back_however_it_is_written(uid: str) -> None:
    code = form_code(uid)
    assert len(code) == 13
    assert code.isdigit()
    assert int(code[:12]) == int(uid, 16) % 2**39
    for text in (code, grouped(code), f"  {code}\r\n", "-".join(code), grouped(code).replace(" ", ".")):
        assert parse_code(text) == FormCode(code)
        assert looks_like_code(text)


@given(uids, st.integers(0, 12), st.integers(1, 9))
def test_any_one_wrong_digit_is_refused(uid: str, place: int, shift: int) -> None:
    code = form_code(uid)
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    assert refused(wrong).code == "code.check_digit"


def test_the_check_digit_is_that_of_a_printed_ean_13() -> None:
    assert parse_code("4006381333931").digits == "4006381333931"
    assert form_code(f"{400638133393:032x}") == "4006381333931"


def test_a_scanned_code_brings_its_year_and_its_set_in_capitals_or_not() -> None:
    text = qr_text(UID, 2026, "citizen.worker")
    expected = FormCode(form_code(UID), 2026, "citizen.worker")
    for scanned in (text, text.lower(), text.upper(), f"{text}\r\n", f"\ufeff{text}", text.replace(":", ";")):
        assert parse_code(scanned) == expected
        assert looks_like_code(scanned)


def test_a_vietnamese_keyboard_that_changes_the_letters_does_not_lose_the_person() -> None:
    assert parse_code(f"SHT:2026:citizen.ưỏke:{form_code(UID)}") == FormCode(form_code(UID), 2026, None)


def test_full_width_digits_are_digits() -> None:
    wide = form_code(UID).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert parse_code(wide).digits == form_code(UID)


def as_typed_on_a_vietnamese_row(text: str) -> str:
    """What the Vietnamese keyboard of Windows makes of a scanner's figures."""
    return text.translate(str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ"))


def as_full_width(text: str) -> str:
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


@given(uids)
def test_a_scan_is_read_whatever_keyboard_or_input_method_stood_in_between(uid: str) -> None:
    form, cover = qr_text(uid, 2026, "citizen.worker"), stack_qr(2026, "4829133", uid, uid)
    for mangled in (as_typed_on_a_vietnamese_row, as_full_width, lambda text: text.replace(":", "："), str.swapcase,
                    lambda text: text.replace(":", "；")):  # fmt: skip
        assert parse_code(mangled(form)).digits == form_code(uid)
        assert parse_code(mangled(form_code(uid))).digits == form_code(uid)
        assert looks_like_code(mangled(form)) and not looks_like_stack(mangled(form))
        assert parse_stack(mangled(cover)) == parse_stack(cover)
        assert looks_like_stack(mangled(cover)) and not looks_like_code(mangled(cover))


def test_composed_accents_of_a_vietnamese_row_are_figures_still() -> None:
    typed = unicodedata.normalize("NFC", as_typed_on_a_vietnamese_row("SHTT:2026:4829133"))
    assert parse_stack(typed).digits == "4829133"


@pytest.mark.parametrize("text", ["Đô", "Ước", "Âu Cơ", "Đặng Đình Đô", "2026-001", "Thôn 3 · tập 2", "12345678"])
def test_names_and_what_offices_write_on_covers_are_no_printed_codes(text: str) -> None:
    assert not looks_like_stack(text) and not looks_like_code(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "code.empty"),
        (" \r\n", "code.empty"),
        ("Nguyễn Văn Ước", "code.not_a_code"),
        ("SHT:2026:citizen.worker:", "code.not_a_code"),
        ("SHT:26:citizen.worker:4006381333931", "code.not_a_code"),
        ("SHTT:2026:3315910", "code.stack"),
        ("https://congdanhoctap.vn", "code.not_a_code"),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "code.not_a_code"),
        ("400638133393", "code.length"),
        ("40063813339311", "code.length"),
        ("SHT:2026:citizen.worker:400638133393", "code.length"),
        ("SHT:2026:citizen.worker:4006381333930", "code.check_digit"),
    ],
)
def test_what_is_not_a_code_is_told_so_in_a_sentence(text: str, code: str) -> None:
    assert refused(text).code == code


@given(st.text(max_size=60))
def test_no_text_whatever_breaks_the_reader(text: str) -> None:
    looks_like_code(text)
    try:
        assert len(parse_code(text).digits) == 13
    except UserError as error:
        assert error.code.startswith("code.")


@pytest.mark.parametrize("text", ["Nguyễn Văn Ước", "319", "079184001319", "", "sht", "0912345678"])
def test_a_name_a_cccd_and_a_phone_are_not_taken_for_a_code(text: str) -> None:
    assert not looks_like_code(text)


def test_a_form_of_another_year_or_set_is_refused_with_both_named() -> None:
    code = parse_code(qr_text(UID, 2025, "citizen.worker"))
    with pytest.raises(UserError, match=r"đợt 2025, còn đang làm đợt 2026") as other_year:
        require_form(code, year=2026, set_key="citizen.worker")
    assert other_year.value.code == "code.other_year"
    with pytest.raises(UserError, match=r"bộ tiêu chí khác") as other_set:
        require_form(code, year=2025, set_key="family")
    assert other_set.value.code == "code.other_set"
    require_form(code, year=2025, set_key="citizen_worker")
    require_form(code, year=2025)
    require_form(parse_code(form_code(UID)), year=2026, set_key="family")


def test_a_code_finds_its_citizen_and_its_household(register: Context) -> None:
    household, members = add_household(register, members=("Nguyễn Văn Ước", "K'Tùng", "H'Hen Niê"))
    with register.read() as connection:
        for uid in members:
            assert find_by_code(connection, parse_code(form_code(uid)), LearningModel.CITIZEN) == (uid,)
        assert find_by_code(connection, form_code(household), LearningModel.FAMILY) == (household,)
        assert find_by_code(connection, form_code(members[0]), LearningModel.FAMILY) == ()


def test_two_people_of_one_code_are_both_found(register: Context) -> None:
    first, second = f"{UID[:22]}{0x0F4240F424:010x}", f"{'ab' * 11}{0x8F4240F424:010x}"
    assert form_code(first) == form_code(second)
    add_citizen(register, first, "Trần Văn An")
    add_citizen(register, second, "Trần Thị Bình")
    with register.read() as connection:
        assert set(find_by_code(connection, form_code(first), LearningModel.CITIZEN)) == {first, second}


def test_a_form_of_somebody_who_was_merged_finds_who_stayed(register: Context) -> None:
    from sqlalchemy import select

    from desktop_app.models.tables import registry

    _, (stayed, gone) = add_household(register, members=("Lê Thị Bảy", "Lê Thị Bẩy"))
    with register.operation("citizen.merge", {}) as op:
        key = op.connection.execute(select(registry.citizen.c.id).where(registry.citizen.c.uid == stayed)).scalar_one()
        row = op.connection.execute(select(registry.citizen.c.id).where(registry.citizen.c.uid == gone)).scalar_one()
        op.writer.update(registry.citizen, row, {"merged_into_id": key})
        op.writer.remove(registry.citizen, row)
    with register.read() as connection:
        assert find_by_code(connection, form_code(gone), LearningModel.CITIZEN) == (stayed,)


def test_a_code_that_nobody_has_says_so(register: Context) -> None:
    code = parse_code("4006381333931")
    beyond = FormCode("9999999999994")
    with register.read() as connection:
        assert find_by_code(connection, code, LearningModel.CITIZEN) == ()
        assert find_by_code(connection, beyond, LearningModel.CITIZEN) == ()
    assert "4006 3813 3393 1" in unknown_code(code, LearningModel.CITIZEN).message


@given(st.integers(0, 999_999), st.integers(0, 6), st.integers(1, 9))
def test_the_code_of_a_cover_is_read_typed_and_scanned_and_a_wrong_digit_is_refused(
    number: int, place: int, shift: int
) -> None:
    code = with_check_digit(f"{number:06d}")
    for text in (code, f"{code[:3]} {code[3:]}", stack_qr(2026, code), stack_qr(2026, code).lower() + "\r\n"):
        assert parse_stack_code(text) == code
    wrong = code[:place] + str((int(code[place]) + shift) % 10) + code[place + 1 :]
    with pytest.raises(UserError, match="mã tập"):
        parse_stack_code(wrong)


@pytest.mark.parametrize("text", ["", "331", "Thôn 2", "4006381333931", "SHT:2026:family:4006381333931"])
def test_what_is_not_the_code_of_a_cover_is_told_so(text: str) -> None:
    with pytest.raises(UserError) as caught:
        parse_stack_code(text)
    assert caught.value.code == "code.not_a_stack"
