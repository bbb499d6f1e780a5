"""A household of a list beside the standing one that has its code: what both sides of the question show.

Invariant: names people and years only; the numbers of cards are no evidence between strangers and are not shown.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_app.models.types import Poverty
from desktop_app.services.importing.planning.planned import AskedHome, ImportPlan, RowFate, RowPlan
from desktop_app.services.importing.words import HEAD
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.importing.doubt_panel import Side
from desktop_app.ui.importing.words import value_text

LINES = ("Mã hộ", "Thôn", "Địa chỉ", "Diện hộ", "Chủ hộ", "Người")
MOST = 6
SAME, OTHER = "đã chọn: là hộ trong sổ", "đã chọn: là hộ khác"


def list_side(plan: ImportPlan, index: int) -> Side:
    """The household of a row as the list tells it, with all its rows."""
    row = plan.rows[index]
    rows = [item.row for item in plan.rows if item.household == row.household and item.fate is not RowFate.REFUSED]
    people = [(item.name, str(item.birth.year) if item.birth else "") for item in rows]
    head = next((item.name for item in rows if item.relation == HEAD), "")
    first = next((item for item in rows if item.address), row.row)
    poverty = next((item.poverty for item in rows if item.poverty is not None), None)
    values = (row.row.household_code, row.row.hamlet, first.address, _poverty(poverty), head, _people(people))
    numbers = [item.row for item in rows]
    where = f"dòng {numbers[0]}" if len(numbers) == 1 else f"dòng {numbers[0]}–{numbers[-1]}"
    return Side(f"Hộ trong tệp ({where})", values, lines=LINES)


def standing_side(asked: AskedHome) -> Side:
    """The household of the register."""
    home = asked.home
    people = [(str(one.values["full_name"] or ""), str(one.values["birth"] or "")[:4]) for one in asked.members]
    head = next((str(one.values["full_name"] or "") for one in asked.members if one.id == home.head), "")
    values = (home.code.upper(), home.hamlet, home.address, _poverty(Poverty(home.poverty)), head, _people(people))
    return Side("Hộ trong sổ", values, "cùng mã hộ, không có người nào cùng", lines=LINES)


def answer_words(row: RowPlan, choice: tuple[str | None, ...]) -> str:
    """What was said of a household; "" where it was not asked about, or not answered."""
    if row.asked is None or row.candidates or not choice:
        return ""
    return SAME if choice[0] == row.asked.home.uid else OTHER


def _poverty(poverty: Poverty | None) -> str:
    return value_text("poverty", poverty.value) if poverty not in (None, Poverty.NONE) else ""


def _people(people: Sequence[tuple[str, str]]) -> str:
    shown = ", ".join(f"{name} ({year})" if year else name for name, year in people[:MOST])
    more = f" và {number_text(len(people) - MOST)} người nữa" if len(people) > MOST else ""
    return shown + more
