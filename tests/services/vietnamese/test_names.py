"""Order of names: tên, đệm, họ in the Vietnamese alphabet; the same as ICU's collation for locale vi."""

from __future__ import annotations

import itertools
import random
import sqlite3
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.vietnamese import name_case, name_sort_key, split_name, text_sort_key
from desktop_app.services.vietnamese.collation import text_key
from tests.services.vietnamese.icu import MISSING, SortKey, vietnamese_sort_key
from tests.services.vietnamese.vocabulary import FAMILY, GIVEN, MIDDLE, MINORITY, names

ALPHABET = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")


@pytest.fixture(scope="module")
def icu_key() -> SortKey:
    key = vietnamese_sort_key()
    if key is None:
        pytest.skip(MISSING)
    return key


def _shuffled(texts: list[str]) -> list[str]:
    return random.Random(5).sample(texts, len(texts))


def _icu_form(name: str) -> str:
    """The string that ICU compares as fields: U+FFFE divides them below every letter, at every level."""
    family, middle, given_name = split_name(name)
    return f"{given_name}\ufffe{middle}\ufffe{family}" if family else given_name


def _assert_same_order(texts: list[str], ours: dict[str, str], theirs: dict[str, bytes]) -> None:
    by_icu = sorted(texts, key=lambda text: (theirs[text], text))
    by_us = sorted(texts, key=lambda text: (ours[text], text))
    assert by_us == by_icu
    for first, second in itertools.pairwise(by_us):
        assert (ours[first] == ours[second]) == (theirs[first] == theirs[second]), (first, second)


def test_letters_follow_the_alphabet() -> None:
    assert sorted(_shuffled(ALPHABET), key=name_sort_key) == ALPHABET


def test_tones_follow_their_order() -> None:
    tones = ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"]
    assert sorted(_shuffled(tones), key=name_sort_key) == tones


def test_names_sort_by_ten_then_dem_then_ho() -> None:
    ordered = ["Trần An", "Lê Văn An", "Nguyễn Văn An", "Bùi Thị Ân", "Đỗ Bình", "Phan Anh Dũng", "Lê Đạt", "Võ Ý"]
    assert sorted(_shuffled(ordered), key=name_sort_key) == ordered


def test_letters_of_all_the_words_weigh_more_than_tones() -> None:
    assert name_sort_key("Lê Bá Hà") < name_sort_key("Lê Công Ha")
    assert name_sort_key("Lê Công Ha") < name_sort_key("Lê Công Hà")


def test_a_name_without_dem_comes_before_those_with_one() -> None:
    assert name_sort_key("Vũ An") < name_sort_key("Bùi Ái An")


def test_capitals_matter_last() -> None:
    assert name_sort_key("lê an") < name_sort_key("Lê An") < name_sort_key("LÊ AN") < name_sort_key("Lê Án")


def test_the_key_is_plain_ascii_so_that_sqlite_sorts_it() -> None:
    people = [f"{family} {given_name}" for family in FAMILY for given_name in GIVEN]
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE person (name TEXT, key TEXT)")
    connection.executemany("INSERT INTO person VALUES (?, ?)", [(name, name_sort_key(name)) for name in people])
    in_sql = [row[0] for row in connection.execute("SELECT key FROM person ORDER BY key")]
    connection.close()
    assert in_sql == sorted(name_sort_key(name) for name in people)
    assert all(key.isascii() and key.isprintable() for key in in_sql)


@given(names())
def test_the_key_does_not_depend_on_unicode_form_or_spaces(name: str) -> None:
    assert name_sort_key(unicodedata.normalize("NFD", name)) == name_sort_key(f"  {name.replace(' ', '  ')} ")


@given(st.text())
def test_any_text_has_an_ascii_key(text: str) -> None:
    assert name_sort_key(text).isascii()
    assert text_sort_key(text).isascii()


def test_minority_names_are_kept_whole() -> None:
    for name in MINORITY:
        assert split_name(name) == ("", "", name)
    assert split_name("Nguyễn Thị Minh Khai") == ("Nguyễn", "Thị Minh", "Khai")
    assert split_name("Lý Ý") == ("Lý", "", "Ý")
    assert split_name("Tèo") == ("", "", "Tèo")
    assert split_name("  ") == ("", "", "")


def test_minority_names_sort_by_their_first_word() -> None:
    ordered = ["Trần Văn Hà", "H'Hen Niê", "Lê Thị Khoa", "K'Tùng", "Y Moan Êban", "Lê Thị Yến"]
    assert sorted(ordered, key=name_sort_key) == ["H'Hen Niê", "Trần Văn Hà", "K'Tùng", "Lê Thị Khoa", *ordered[4:]]


def test_both_apostrophes_sort_alike() -> None:
    assert name_sort_key("K’Tùng") == name_sort_key("K'Tùng")


def test_the_icelandic_letter_typed_for_d_with_a_stroke_sorts_as_that() -> None:
    assert name_sort_key("Nguyễn Ðức Ðạt") == name_sort_key("Nguyễn Đức Đạt")


def test_hamlets_sort_by_their_numbers() -> None:
    hamlets = [
        "Ấp 2",
        "Ấp 10",
        "Ấp Bình Hòa",
        "Bản Đôn",
        "Thôn 1",
        "Thôn 2",
        "Thôn 2A",
        "Thôn 3",
        "Thôn 10",
        "Thôn Đông",
    ]
    assert sorted(_shuffled(hamlets), key=text_sort_key) == hamlets


def test_long_numbers_sort_by_value() -> None:
    numbers = ["Số 9", "Số 99", "Số 123456789", "Số 1234567890", "Số 9999999999", "Số 12345678901234567890"]
    assert sorted(_shuffled(numbers), key=text_sort_key) == numbers
    assert text_sort_key("Thôn 02") == text_sort_key("Thôn 2")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("NGUYỄN VĂN A", "Nguyễn Văn A"),
        ("nguyễn  thị lan", "Nguyễn Thị Lan"),
        ("NGuyễn VĂn ánh", "Nguyễn Văn Ánh"),
        ("K'TÙNG", "K'Tùng"),
        ("K'Tùng", "K'Tùng"),
        ("k’tùng", "K’Tùng"),
        ("H'Hen Niê", "H'Hen Niê"),
        ("Y MOAN ÊBAN", "Y Moan Êban"),
        ("đỗ ý", "Đỗ Ý"),
        ("Trần McDonald", "Trần McDonald"),
        ("LÊ THỊ HOA-MAI", "Lê Thị Hoa-Mai"),
        ("", ""),
    ],
)
def test_names_in_capitals_get_small_letters(written: str, expected: str) -> None:
    assert name_case(written) == expected


@given(names())
def test_name_case_undoes_capitals_and_leaves_good_names(name: str) -> None:
    assert name_case(name_case(name)) == name_case(name)
    assert name_case(name.title() if "'" not in name else name).casefold() == name.casefold()


def test_names_sort_as_icu_sorts_them(icu_key: SortKey) -> None:
    random.seed(6)
    people = [f"{f} {m} {g}" for f in FAMILY[:-1] for m in random.sample(MIDDLE, 5) for g in random.sample(GIVEN, 9)]
    people += [f"{f} {g}" for f in FAMILY[:-1] for g in GIVEN] + MINORITY
    _check_names(people, icu_key)


def test_any_letters_sort_as_icu_sorts_them(icu_key: SortKey) -> None:
    _check_letters(3000, icu_key)


def test_numbers_sort_as_icu_sorts_them(icu_key: SortKey) -> None:
    random.seed(7)
    texts = {"".join(random.choices("0129aăâđ ,-/", k=random.randint(1, 7))) for _ in range(3000)}
    _check_numeric(sorted({" ".join(text.split()) for text in texts} - {""}))


@pytest.mark.full
def test_a_hundred_thousand_names_sort_as_icu_sorts_them(icu_key: SortKey) -> None:
    random.seed(8)
    words = FAMILY[:-1] + MIDDLE + GIVEN
    cases = (str.lower, str.upper, str)
    people = {
        " ".join(random.choice(cases)(word) for word in random.choices(words, k=random.randint(2, 5)))
        for _ in range(100_000)
    }
    _check_names(sorted(people), icu_key)
    _check_letters(60_000, icu_key)


def _check_names(people: list[str], icu_key: SortKey) -> None:
    people = sorted(set(people))
    _assert_same_order(
        people, {name: name_sort_key(name) for name in people}, {name: icu_key(_icu_form(name)) for name in people}
    )


def _check_letters(count: int, icu_key: SortKey) -> None:
    random.seed(9)
    letters = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèêềfghijklmnoôơởpqrstuưựvwxyỳỷỹýỵzĕŏŭčƀñüAÁĂẮÂBDĐEÊOÔƠUƯY'-.(019"
    pool = {"".join(random.choices(letters, k=random.randint(1, 5))) for _ in range(count)}
    pool |= {" ".join(pair) for pair in itertools.pairwise(sorted(pool)[::7])}
    texts = sorted(pool)
    ours = {text: text_key(text.split()) for text in texts}
    _assert_same_order(texts, ours, {text: icu_key(text) for text in texts})


def _check_numeric(texts: list[str]) -> None:
    icu_numeric = vietnamese_sort_key(numeric=True)
    assert icu_numeric is not None
    _assert_same_order(
        texts, {text: text_sort_key(text) for text in texts}, {text: icu_numeric(text) for text in texts}
    )
