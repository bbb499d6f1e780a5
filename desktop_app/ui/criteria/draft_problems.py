"""The check of a draft in the side panel: each fault in words, with the way to its row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from desktop_app.services.criteria.checks import Problem
from desktop_app.ui import widgets as w

_RULE_PLACES = ("pass_mark", "floor", "bands", "grades")


def show_problems(panel: w.SidePanel, found: Sequence[Problem], go_to: Callable[[str], object]) -> w.Button | None:
    """Fill the panel; each fault has a button that goes to its row; returns the first of them."""
    panel.clear()
    panel.set_title("Kiểm tra", *([] if found else [w.ChipData("Không còn lỗi", "passed")]))
    if not found:
        panel.add_text("Bộ này chấm được: điểm, mức, ngưỡng, điều kiện đều khớp nhau.")

    def go(ref: str, _checked: bool = False) -> None:
        go_to(ref)

    first = None
    for problem in found:
        panel.add_text(problem.sentence)
        button = panel.add(w.QuietButton("Đến chỗ này", icon="arrow-right", small=True))
        button.setAccessibleName(f"Đến {problem.words}")
        button.clicked.connect(partial(go, place_of(problem)))
        first = first or button
    panel.set_buttons()
    return first


def place_of(problem: Problem) -> str:
    """The row that a problem is about, by its reference."""
    first = problem.place.split(" › ")[0]
    for words, kind in (("chỉ số ", "indicator"), ("tiêu chí ", "criterion"), ("điều kiện ", "prerequisite")):
        if first.startswith(words):
            return f"{kind}:{first.removeprefix(words)}"
    return "rules" if first in _RULE_PLACES else "head"
