"""Every letter of a Vietnamese or minority name is drawn with a real glyph, and what cannot be is told."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.documents import fonts
from desktop_app.services.documents.fonts import Face, clean, is_plain, missing_letters, pieces_of
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.resources import resource_path

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
VIETNAMESE = "".join(unicodedata.normalize("NFC", v + t) for v in VOWELS for t in TONES) + "bcdđghklmnpqrstvxfjwz"
SCREEN_SIGNS = "→←↑↓✓✗☐☑≥≤≈−×•…“”‘’–—₫⚠▲▼★"


@pytest.mark.parametrize("face", list(Face))
def test_each_document_face_has_all_of_vietnamese_by_itself(face: Face) -> None:
    assert [letter for letter in VIETNAMESE + VIETNAMESE.upper() + "“”…–—·" if not is_plain(letter, face)] == []


@pytest.mark.parametrize("style", ["Regular", "Italic", "SemiBold", "Bold"])
def test_each_screen_font_has_vietnamese_and_the_signs_of_the_window(style: str) -> None:
    known = fonts.font_named(f"NotoSans-{style}").face.charToGlyph
    assert [c for c in VIETNAMESE + VIETNAMESE.upper() + SCREEN_SIGNS if ord(c) not in known] == []
    assert resource_path("fonts", f"NotoSans-{style}.ttf").stat().st_size < 150_000


def test_each_font_stands_beside_its_licence() -> None:
    for name in ("OFL-NotoSans.txt", "OFL-LiberationSerif.txt"):
        assert "SIL OPEN FONT LICENSE Version 1.1" in resource_path("fonts", name).read_text(encoding="utf-8")


def test_decomposed_text_becomes_composed_before_it_is_drawn() -> None:
    assert clean(unicodedata.normalize("NFD", "  Nguyễn\tThị \n Hồng  ")) == "Nguyễn Thị Hồng"


def test_a_mark_without_a_composed_letter_is_set_above_its_letter() -> None:
    letter, mark = pieces_of(clean("ơ\u0306"), Face.REGULAR)
    boxes = fonts.metrics_of(Face.REGULAR.value).boxes
    glyphs = fonts.font_named(Face.REGULAR.value).face.charToGlyph
    base, above = boxes[glyphs[ord("ơ")]], boxes[glyphs[0x306]]
    assert (letter.text, mark.text, mark.advance) == ("ơ", "\u0306", 0.0)
    assert above[1] + mark.dy > base[3]
    middle = letter.advance + mark.dx + (above[0] + above[2]) / 2
    assert base[0] < middle < base[2]


def test_a_second_mark_stands_above_the_first() -> None:
    marks = [piece for piece in pieces_of(clean("x\u0302\u0306"), Face.BOLD) if not piece.advance]
    assert marks[0].dy < marks[1].dy


def test_a_letter_only_the_screen_font_has_is_taken_from_there() -> None:
    (piece,) = pieces_of("\u2713", Face.REGULAR)
    assert piece.font == "NotoSans-Regular"


def test_a_styled_letter_is_drawn_in_its_plain_form() -> None:
    assert [piece.text for piece in pieces_of("𝐍𝐚m", Face.REGULAR)] == ["Nam"]


def test_letters_that_cannot_be_printed_are_told_and_drawn_as_a_question_mark() -> None:
    assert missing_letters("Lê 😀 ក 😀 Ơ̆ Văn?") == ("😀", "ក")
    assert "".join(piece.text for piece in pieces_of(clean("Lê 😀"), Face.BOLD)) == "Lê ?"


@given(st.text(max_size=30))
def test_no_text_makes_a_letter_without_a_glyph(text: str) -> None:
    for piece in pieces_of(clean(text), Face.ITALIC):
        known = fonts.font_named(piece.font).face.charToGlyph
        assert all(ord(letter) in known for letter in piece.text)


def test_a_font_that_is_gone_is_told_in_words() -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        fonts.font_named("NotThere")
    assert caught.value.code == "document.font_missing"
