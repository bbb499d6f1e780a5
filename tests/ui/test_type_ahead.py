"""Letters typed on a closed list of choices: no accents needed, figures alone suffice, nothing is taken by accident."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desktop_app.ui import widgets as w
from desktop_app.ui.widgets.editors import ChoiceEditor
from desktop_app.ui.widgets.type_ahead import REST_S, TypeAhead
from tests.ui.conftest import press, type_text

HAMLETS = ["–", "Ấp Bình Hòa", "Thôn 1", "Thôn 2", "Thôn 10", "Thôn 3 (Hòa Bình cũ)", "Tổ dân phố Đông"]


def typed(text: str, current: int = 0) -> str:
    ahead, place = TypeAhead(lambda: 0.0), current
    for letter in text:
        place = ahead.take(letter, HAMLETS, place)
    return HAMLETS[place]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("thon 3", "Thôn 3 (Hòa Bình cũ)"),
        ("thôn 10", "Thôn 10"),
        ("1", "Thôn 1"),
        ("10", "Thôn 10"),
        ("2", "Thôn 2"),
        ("bình", "Ấp Bình Hòa"),
        ("dong", "Tổ dân phố Đông"),
        ("to", "Tổ dân phố Đông"),
        ("9", "–"),
        ("thon 2x", "Thôn 2"),
    ],
)
def test_letters_mean_a_choice_by_any_of_its_words(text: str, meant: str) -> None:
    assert typed(text) == meant


def test_one_letter_again_and_again_goes_from_choice_to_choice() -> None:
    assert [typed("t" * times) for times in (1, 2, 3)] == ["Thôn 1", "Thôn 2", "Thôn 10"]


def test_letters_begin_anew_after_a_rest() -> None:
    now = [0.0]
    ahead = TypeAhead(lambda: now[0])
    assert HAMLETS[ahead.take("1", HAMLETS, 0)] == "Thôn 1"
    now[0] = REST_S + 1
    assert HAMLETS[ahead.take("2", HAMLETS, 2)] == "Thôn 2"


def test_a_choice_is_typed_with_a_space_and_as_an_input_method_types_it(qtbot) -> None:
    box = ChoiceEditor(w.Field("hamlet", "Thôn", "choice", choices=[(name, name) for name in HAMLETS[1:]]))
    qtbot.addWidget(box)
    type_text(box, "tho")
    press(box, Qt.Key.Key_Backspace)
    type_text(box, "ôn 3")
    assert box.raw() == HAMLETS[5] and not box.view().isVisible()
