"""What a key does to a cell: taken, refused at once, or complete; and that only whole numbers reach the disk."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.criteria.definition import AnswerType
from desktop_app.ui.keying.cell_keys import CellSpec, shown_of, text_of, type_key, value_of

POINTS = CellSpec("a", "5", "Đọc sách", AnswerType.POINTS, 10)
SMALL = CellSpec("b", "3.4", "Nhỏ", AnswerType.POINTS, 5)
LARGE = CellSpec("c", "4.1", "Lớn", AnswerType.POINTS, 20)
HALVES = CellSpec("d", "1", "Nửa điểm", AnswerType.POINTS, 10, allows_half=True)
MET = CellSpec("e", "1.1", "Đạt", AnswerType.MET, 1)
PERCENT = CellSpec("f", "2.1", "Tỷ lệ", AnswerType.PERCENT, 100)
SPECS = (POINTS, SMALL, LARGE, HALVES, MET, PERCENT)


def typed(spec: CellSpec, keys: str, *, one_key: bool = False) -> tuple[str, str]:
    """What stands in the cell and what was refused last."""
    text, refusal = "", ""
    for key in keys:
        step = type_key(spec, text, key, one_key=one_key)
        text, refusal = step.text, step.refusal
    return text, refusal


@pytest.mark.parametrize(
    ("spec", "keys", "text"),
    [
        (POINTS, "10", "10"), (POINTS, "7", "7"), (POINTS, "07", "07"), (LARGE, "20", "20"), (HALVES, "7,5", "7,5"),
        (HALVES, "7.0", "7,0"), (PERCENT, "62,25", "62,25"), (PERCENT, "100", "100"), (MET, "đ", "1"), (MET, "C", "0"),
        (MET, "10", "0"),
    ],
)  # fmt: skip
def test_numbers_are_taken_key_by_key(spec: CellSpec, keys: str, text: str) -> None:
    assert typed(spec, keys) == (text, "")


@pytest.mark.parametrize(
    ("spec", "keys", "text", "words"),
    [
        (POINTS, "11", "1", "Chỉ số 5: 11 quá cao; từ 0 đến 10 điểm."),
        (POINTS, "a", "", "Chỉ số 5: không nhận “a”; từ 0 đến 10 điểm."),
        (POINTS, "7,", "7", "chấm điểm nguyên, không chấm lẻ"),
        (SMALL, "6", "", "Chỉ số 3.4: 6 quá cao; từ 0 đến 5 điểm."),
        (LARGE, "21", "2", "21 quá cao"),
        (HALVES, "7,3", "7,", "7,3 lẻ quá"),
        (HALVES, "10,", "10", "không nhận dấu phẩy ở đây"),
        (PERCENT, "101", "10", "101 quá cao"),
        (PERCENT, "5,123", "5,12", "lẻ quá"),
        (MET, "5", "", "1 là đạt, 0 là chưa đạt"),
        (POINTS, "９", "", "không nhận “９”"),
        (POINTS, "²", "", "không nhận"),
        (POINTS, "-", "", "không nhận “-”"),
    ],
)
def test_what_cannot_be_is_refused_at_the_key(spec: CellSpec, keys: str, text: str, words: str) -> None:
    standing, refusal = typed(spec, keys)
    assert standing == text and words in refusal


@pytest.mark.parametrize(
    ("spec", "key", "value"),
    [(POINTS, "0", 10), (POINTS, "7", 7), (POINTS, "-", 0), (SMALL, "0", 0), (SMALL, "5", 5), (MET, "1", 1)],
)
def test_in_one_key_mode_a_single_digit_is_the_whole_score(spec: CellSpec, key: str, value: float) -> None:
    step = type_key(spec, "", key, one_key=True)
    assert step.is_done and value_of(spec, step.text) == (value, "")


def test_one_key_mode_leaves_greater_maxima_and_shares_to_enter() -> None:
    for spec in (LARGE, PERCENT):
        step = type_key(spec, "", "2", one_key=True)
        assert not step.is_done and step.text == "2"
    assert typed(HALVES, ",7", one_key=True) == ("7,5", "")
    assert typed(HALVES, ",0", one_key=True) == ("0,5", "")
    assert "6 quá cao" in typed(SMALL, "6", one_key=True)[1]


def test_a_comma_alone_is_no_number_yet() -> None:
    assert "chưa gõ xong" in value_of(HALVES, "7,")[1]
    assert value_of(POINTS, "") == (None, "")


@given(st.sampled_from(SPECS), st.text("0123456789,.-abđC x", max_size=6), st.booleans())
def test_whatever_is_typed_stays_a_valid_value_or_the_beginning_of_one(spec: CellSpec, keys: str, one: bool) -> None:
    text = ""
    for key in keys:
        step = type_key(spec, text, key, one_key=one)
        assert bool(step.refusal) <= (step.text == text)
        text = step.text
    if text in ("", ","):
        return
    value, refusal = value_of(spec, text)
    if refusal:
        value, refusal = value_of(spec, text + "5")
    assert not refusal and value is not None and 0 <= value <= spec.top


@given(st.sampled_from((POINTS, HALVES, PERCENT, MET)), st.integers(0, 20))
def test_a_stored_value_reads_as_it_was_typed(spec: CellSpec, twice: int) -> None:
    value = min(twice / 2 if spec.allows_half else float(twice // 2), spec.top)
    assert value_of(spec, text_of(spec, value)) == (value, "")
    assert shown_of(spec, value)
