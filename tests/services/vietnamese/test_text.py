"""Folding and cleaning: what people and old files type differently comes out the same."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.vietnamese import fold, nfc, nfc_lines
from tests.services.vietnamese.legacy_encoder import LETTERS
from tests.services.vietnamese.vocabulary import names


def test_folding_ignores_case_accents_and_spaces() -> None:
    assert fold("Nguyễn Văn  Ước") == "nguyen van uoc"
    assert fold("Ðức") == fold("Đức")  # the Icelandic letter, often typed for the Vietnamese one
    assert fold("  ĐẶNG\u00a0Thị\tĐÀO ") == "dang thi dao"


def test_every_vietnamese_letter_folds_to_one_ascii_letter_in_both_cases_and_forms() -> None:
    for letter in LETTERS:
        for written in (letter, letter.upper(), unicodedata.normalize("NFD", letter)):
            assert fold(written).isascii() and len(fold(written)) == 1, written


def test_folding_makes_apostrophes_of_minority_names_one() -> None:
    assert fold("K’Tùng") == fold("K'TÙNG") == fold("Kʼtung") == "k'tung"


@pytest.mark.parametrize(
    ("written", "folded"), [("Ƀuôn Ea Čăm", "buon ea cam"), ("Đắk Lắk – Đăk Nông", "dak lak - dak nong")]
)
def test_letters_of_other_languages_of_vietnam_fold_too(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(names(), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_a_folded_name_does_not_depend_on_its_unicode_form(name: str, form: str) -> None:
    assert fold(unicodedata.normalize(form, name)) == fold(name)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_clean_text_is_composed_and_stays_as_it_is(text: str) -> None:
    cleaned = nfc(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert nfc(cleaned) == cleaned
    assert not any(unicodedata.category(c) in ("Cc", "Zl", "Zp") for c in cleaned)


def test_cleaning_takes_out_what_is_not_seen() -> None:
    assert nfc("\ufeffNguyễn\u00a0Văn\u200b A\u202c\x07 ") == "Nguyễn Văn A"
    assert nfc("Thôn 1\r") == "Thôn 1"
    assert nfc("dòng một\ndòng hai") == "dòng một dòng hai"


def test_cleaning_composes_marks_that_an_invisible_character_kept_apart() -> None:
    assert nfc("e\u0302\u200b\u0323") == "ệ"


def test_cleaning_keeps_inner_spaces_and_plain_text() -> None:
    assert nfc("Số 12,  Thôn 2") == "Số 12,  Thôn 2"
    assert nfc("") == nfc("   ") == ""


def test_notes_keep_their_lines() -> None:
    assert nfc_lines("dòng một\r\ndòng\u00a0hai\u2028dòng ba\n") == "dòng một\ndòng hai\ndòng ba"
