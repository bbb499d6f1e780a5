"""Lines fit where they must: wrapped, shrunk, balanced, at last cut; kerning follows the base letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.typography import ELLIPSIS, Style, balance, fit, width_of, wrap

NAME = "Công Tằng Tôn Nữ Hoàng Phương Thảo Nguyên Quỳnh Anh"
STYLE = Style(Face.BOLD, 30)
names = st.text(alphabet="Nguyễn Thị Hồng Hạnh ơ̆ĐẬẰỮ😀", min_size=1, max_size=120).map(clean).filter(bool)


def test_a_short_name_keeps_its_size() -> None:
    fitted = fit("Lê Ý", STYLE, 400, smallest=20, lines=2)
    assert (fitted.lines, fitted.style.size) == (("Lê Ý",), 30)


def test_a_longer_name_is_shrunk_before_it_is_broken() -> None:
    fitted = fit(NAME, STYLE, width_of(NAME, STYLE) * 0.9, smallest=20, lines=2)
    assert fitted.lines == (NAME,)
    assert 26 < fitted.style.size < 28


def test_a_still_longer_name_takes_two_lines_of_about_the_same_length() -> None:
    fitted = fit(NAME, STYLE, 500, smallest=22, lines=2)
    words = NAME.split()
    splits = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    best = min(splits, key=lambda split: max(width_of(line, fitted.style) for line in split))
    assert fitted.lines == best


@given(names, st.integers(40, 400), st.integers(1, 3), st.sampled_from([STYLE, Style(Face.BOLD, 30, 0.08, True)]))
def test_fitted_lines_are_never_wider_than_their_room(text: str, width: int, lines: int, style: Style) -> None:
    fitted = fit(text, style, width, smallest=8, lines=lines)
    assert len(fitted.lines) <= lines
    assert all(width_of(line, fitted.style) <= width + 0.01 for line in fitted.lines)
    kept = "".join("".join(fitted.lines).split())
    assert kept == "".join(text.split()) or kept.endswith(ELLIPSIS)


@given(names, st.integers(40, 400))
def test_wrapping_and_balancing_lose_no_letter(text: str, width: int) -> None:
    expected = "".join(text.split())
    wrapped, balanced = wrap(text, STYLE, width), balance(text, STYLE, width)
    assert "".join("".join(wrapped).split()) == expected == "".join("".join(balanced).split())
    assert len(balanced) <= len(wrapped)


@pytest.mark.parametrize("pair", ["TA", "TẬ", "VĂ", "Vă", "AV"])
def test_letters_that_lean_apart_are_drawn_nearer(pair: str) -> None:
    assert width_of(pair, Style(Face.BOLD, 30, is_kerned=True)) < width_of(pair, Style(Face.BOLD, 30)) - 1


def test_spaced_capitals_are_wider_by_the_gaps_between_them() -> None:
    plain, spaced = Style(Face.BOLD, 40), Style(Face.BOLD, 40, tracking=0.1)
    assert width_of("GIẤY", spaced) == pytest.approx(width_of("GIẤY", plain) + 3 * 4)
