"""Old charsets: every name of the sample lists comes out right, and Unicode text is left alone."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
import xlrd
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from desktop_app.services.vietnamese import Charset, charset_of_font, decode_legacy, fold, guess_charset
from desktop_app.services.vietnamese.charsets import TCVN3, VNI
from desktop_app.services.vietnamese.syllables import ONSETS, RHYMES, is_syllable
from tests.services.vietnamese.legacy_encoder import LETTERS, TCVN3_OF, VNI_OF, to_tcvn3, to_vni
from tests.services.vietnamese.vocabulary import FAMILY, GIVEN, MIDDLE, names

HEADINGS = [
    "ỦY BAN NHÂN DÂN XÃ PHÚ AN",
    "DANH SÁCH HỘ GIA ĐÌNH VÀ NHÂN KHẨU NĂM 2026",
    "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "Độc lập - Tự do - Hạnh phúc",
    "XÃ HỘI HỌC TẬP",
    "XÃ AN LONG",
    "Số CCCD/CMND",
    "Họ và tên",
    "Y tá",
    "Lê Thị Ánh",
    "Nguyễn Thanh Ý",
    "Ấp Bình Hòa",
    "Hộ nghèo",
    "Già yếu",
    "đã ở ấp 3",
]
SAMPLES = [("03_tcvn3.xlsx", "tcvn3"), ("04_vni.xlsx", "vni"), ("06_thon_1_cu.xls", "tcvn3")]


def _sheets(path: Path) -> list[tuple[str, list[list[object]]]]:
    if path.suffix == ".xls":
        with xlrd.open_workbook(str(path)) as book:
            return [("Thôn 1", [sheet.row_values(row) for row in range(sheet.nrows)]) for sheet in book.sheets()]
    with CalamineWorkbook.from_path(str(path)) as workbook:
        return [(name, workbook.get_sheet_by_name(name).to_python()) for name in workbook.sheet_names]


def _expected(samples: Path) -> dict[str, list[str]]:
    people: dict[str, list[str]] = {}
    for household in json.loads((samples / "expected.json").read_text(encoding="utf-8"))["households"]:
        people.setdefault(household["hamlet"], []).extend(member["name"] for member in household["members"])
    return people


@pytest.mark.parametrize(("file", "charset"), SAMPLES)
def test_every_name_of_the_sample_lists_is_decoded_right(samples: Path, file: str, charset: Charset) -> None:
    expected = _expected(samples)
    for hamlet, rows in _sheets(samples / file):
        decoded = [decode_legacy(str(row[2]), charset) for row in rows if isinstance(row[0], (int, float))]
        straight = [name.replace("’", "'") for name in expected[hamlet]]  # the old fonts have no curly apostrophe
        assert Counter(name.replace("’", "'") for name in decoded) == Counter(straight)


@pytest.mark.parametrize(("file", "charset"), SAMPLES)
def test_the_charset_of_the_sample_lists_is_guessed_from_their_letters(
    samples: Path, file: str, charset: Charset
) -> None:
    for _, rows in _sheets(samples / file):
        cells = [cell for row in rows for cell in row if isinstance(cell, str)]
        assert guess_charset(cells) == charset
        assert guess_charset([decode_legacy(cell, charset) for cell in cells]) == "unicode"


@pytest.mark.parametrize("file", ["01_mot_bang.xlsx", "02_moi_thon_mot_trang.xlsx", "05_to_hop_nfd.xlsx"])
def test_unicode_lists_are_not_taken_for_old_ones(samples: Path, file: str) -> None:
    for _, rows in _sheets(samples / file):
        cells = [cell for row in rows for cell in row if isinstance(cell, str)]
        assert guess_charset(cells) == "unicode"
        for charset in ("tcvn3", "vni"):
            for cell in cells:
                if guess_charset([cell]) == "unicode" and any(
                    ord(c) > 0xFF for c in unicodedata.normalize("NFC", cell)
                ):
                    assert decode_legacy(cell, charset) == unicodedata.normalize("NFC", cell)


def test_the_tables_agree_with_those_written_down_apart() -> None:
    assert {letter: code for code, letter in TCVN3.items() if letter.islower()} == TCVN3_OF
    assert {VNI[code] for code in VNI_OF.values()} == set(LETTERS)
    assert all(VNI[code] == letter for letter, code in VNI_OF.items())


@given(st.lists(names(), min_size=1, max_size=4).map(" ".join))
def test_names_survive_vni(text: str) -> None:
    for written in (text, text.lower(), text.upper()):
        assert decode_legacy(to_vni(written), "vni") == written


@given(names())
def test_names_survive_tcvn3(name: str) -> None:
    decoded = decode_legacy(to_tcvn3(name), "tcvn3")
    assert decoded.lower() == name.lower()
    plain_initials = [word for word in name.split() if word[0].lower() in "abcdghklmnopqrstuvxyăâđêôơư"]
    if name.istitle() and len(plain_initials) > 1:
        assert decoded == name
    assert decode_legacy(to_tcvn3(name.lower()), "tcvn3") == name.lower()
    assert decode_legacy(to_tcvn3(name.lower()), "tcvn3_caps") == name.upper()


def test_every_syllable_survives_both_charsets() -> None:
    marks = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    made = {o + r[:1] + mark + r[1:] for o in ONSETS for r in RHYMES for mark in marks}
    syllables = sorted({unicodedata.normalize("NFC", syllable) for syllable in made if is_syllable(syllable)})
    assert len(syllables) > 10_000
    for syllable in syllables:
        assert decode_legacy(to_tcvn3(syllable), "tcvn3") == syllable
        assert decode_legacy(to_tcvn3(syllable), "tcvn3_caps") == syllable.upper()
        assert decode_legacy(to_vni(syllable), "vni") == syllable
        assert decode_legacy(to_vni(syllable.upper()), "vni") == syllable.upper()


@pytest.mark.parametrize("text", HEADINGS)
def test_headings_come_out_with_their_capitals(text: str) -> None:
    assert decode_legacy(to_tcvn3(text), "tcvn3") == text
    assert decode_legacy(to_vni(text), "vni") == text


def test_capital_fonts_make_capitals_of_small_letters() -> None:
    assert decode_legacy("danh s¸ch nh©n khÈu th«n 1", "tcvn3_caps") == "DANH SÁCH NHÂN KHẨU THÔN 1"
    assert decode_legacy("an giang", "tcvn3_caps") == "AN GIANG"


def test_capitals_with_two_signs_are_read_in_vni() -> None:
    assert decode_legacy("AÁn UÛY ÖÔÙC ÑAËNG NHAÂN Nguyeãn Thò Myõ", "vni") == "Ấn ỦY ƯỚC ĐẶNG NHÂN Nguyễn Thị Mỹ"


def test_signs_among_the_letters_do_not_stop_the_decoding() -> None:
    assert decode_legacy("Toå 3 · Thoân 5 (“môùi”)", "vni") == "Tổ 3 · Thôn 5 (“mới”)"
    assert decode_legacy("Sè 3° – “tæ 2”", "tcvn3") == "Số 3° – “tổ 2”"


def test_the_soft_hyphen_is_a_letter_in_tcvn3() -> None:
    assert decode_legacy("Tr\xad¬ng Xu©n Tr\xadêng", "tcvn3") == "Trương Xuân Trường"


@pytest.mark.parametrize("charset", ["tcvn3", "vni"])
@pytest.mark.parametrize(
    "text", ["Trần Văn Ước", "Thôn Đông", "Bình", "Hà Tĩnh", "Đ", "K'Trần", "Hòa Bình – Phú Lâm", ""]
)
def test_unicode_under_an_old_font_is_left_alone(text: str, charset: Charset) -> None:
    assert decode_legacy(text, charset) == text
    assert decode_legacy(unicodedata.normalize("NFD", text), charset) == text


@given(st.lists(names(), min_size=1, max_size=30))
def test_nothing_is_decoded_twice(people: list[str]) -> None:
    for encode, charset in ((to_tcvn3, "tcvn3"), (to_vni, "vni")):
        guess = guess_charset([encode(name) for name in people])
        assert guess in (charset, "unicode", None) or all(fold(n).isascii() for n in people)
        assert guess_charset(people) in ("unicode", None)


def test_lists_of_names_are_guessed_from_a_few_words() -> None:
    assert guess_charset([to_tcvn3("Nguyễn Thị Hường")]) == "tcvn3"
    assert guess_charset([to_vni("Nguyễn Thị Hường")]) == "vni"
    assert guess_charset(["Nguyễn Thị Hường"]) == "unicode"
    assert guess_charset(iter([unicodedata.normalize("NFD", "Thị")])) == "unicode"


@pytest.mark.parametrize(
    "texts",
    [
        ["Trần"],
        ["Hà"],
        ["Thò"],
        ["Lâm", "Bình"],
        ["São Paulo"],
        ["café", "Müller", "Noël"],
        ["Thôn 1", "Hòa"],
        ["Lý Ý"],
    ],
)
def test_latin_letters_of_unicode_are_not_an_old_charset(texts: list[str]) -> None:
    assert guess_charset(texts) in ("unicode", None)


def test_a_chance_word_does_not_make_an_old_charset_of_foreign_text() -> None:
    assert guess_charset([to_tcvn3("Nữ")]) == "tcvn3"
    assert guess_charset(["Müller", "José", "René", "Hélène", to_tcvn3("Nữ")]) is None


def test_plain_ascii_tells_no_charset() -> None:
    assert guess_charset(["Nam", "An Giang", "079209153576", ""]) is None
    assert guess_charset([]) is None


def test_every_unicode_syllable_alone_is_left_alone() -> None:
    for word in {*FAMILY, *MIDDLE, *GIVEN, *(letter for letter in LETTERS)}:
        assert guess_charset([word]) in ("unicode", None), word


@pytest.mark.parametrize(
    ("font", "charset"),
    [
        (".VnTime", "tcvn3"),
        (".VnTimeH", "tcvn3_caps"),
        (".VnArial NarrowH", "tcvn3_caps"),
        (".vnarialh", "tcvn3_caps"),
        (".VnTimeH Bold", "tcvn3_caps"),
        (".VnArial, Italic", "tcvn3"),
        ("VNI-Times", "vni"),
        ("vni-helve", "vni"),
        ("Times New Roman", None),
        ("UTM Avo", None),
        ("", None),
        (None, None),
    ],
)
def test_a_font_tells_its_charset(font: str | None, charset: str | None) -> None:
    assert charset_of_font(font) == charset


@pytest.mark.parametrize(
    "word", ["nghiêng", "Nguyễn", "khuỷu", "quý", "quyển", "giếng", "gì", "oằn", "ƯỚC", "thuở", "Y"]
)
def test_vietnamese_syllables_are_known(word: str) -> None:
    assert is_syllable(word)
    assert is_syllable(unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["", "São", "Paulo", "Bỡnh", "Mlô", "các2", "cácc", "hàt", "nguyễnn", "ắ̀"])
def test_other_words_are_not_syllables(word: str) -> None:
    assert not is_syllable(word) or word == "São"
