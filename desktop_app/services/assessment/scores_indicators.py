"""Which indicators of a criteria set a sheet's score columns are, and whether its scores can answer them; pure.

Invariant: a column is an indicator by the number in its heading, else by the beginning or some words of its wording,
else (where all columns are without both and as many as the indicators) by its place, which is told; a heading whose
number and wording contradict each other is no indicator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from desktop_app.services.assessment.scoring import validate_answer
from desktop_app.services.criteria.definition import CriteriaSet, Indicator
from desktop_app.services.importing.preview import ScoreColumn, ScoreRow
from desktop_app.services.importing.scores.words import holds_phrase, phrase_key, points_text, same_wording, wording_key


@dataclass(frozen=True, slots=True)
class Meant:
    """What the columns of a sheet are in one criteria set.

    Args:
        indicators: code in the sheet → indicator.
        clashes: code in the sheet → why it is none, as a sentence.
        by_place: the columns were taken in their order.
    """

    indicators: Mapping[str, Indicator]
    clashes: Mapping[str, str] = field(default_factory=dict)
    by_place: bool = False


def meant_by(columns: Sequence[ScoreColumn], definition: CriteriaSet) -> Meant:
    """Find the indicators of a sheet's columns."""
    found: dict[str, Indicator] = {}
    clashes: dict[str, str] = {}
    word = definition.indicator_word
    by_hand = [_by_number(column.code, definition) for column in columns if column.is_chosen]
    chosen = {indicator.code for indicator in by_hand if indicator is not None}
    for column in columns:
        numbered = _by_number(column.code, definition) if column.is_numbered else None
        worded = None if column.is_chosen else _by_wording(column.title, definition)
        by_words = None if column.is_numbered else _by_words(column.title, definition)
        if numbered is not None and worded is not None and numbered is not worded:
            clashes[column.code] = (
                f"Tiêu đề cột ghi {word} {numbered.number} nhưng nội dung là của {word} {worded.number} "
                "nên phiếu chưa nhập. Hãy sửa tiêu đề cột."
            )
        elif (indicator := numbered or worded or by_words) is not None and (
            column.is_chosen or indicator.code not in chosen
        ):
            if indicator in found.values():
                clashes[column.code] = f"Có hai cột cùng ghi {word} {indicator.number} nên phiếu chưa nhập."
            else:
                found[column.code] = indicator
    if found or clashes or len(columns) != len(definition.indicators):
        return Meant(found, clashes) if clashes else _ordered(found, columns, definition)
    return Meant({c.code: i for c, i in zip(columns, definition.indicators, strict=True)}, by_place=True)


def _ordered(found: dict[str, Indicator], columns: Sequence[ScoreColumn], definition: CriteriaSet) -> Meant:
    """The columns of a flat numbering 1 to n over a set that numbers by criterion (1.1, 1.2, …)."""
    codes = [column.code for column in columns]
    is_flat = codes == [str(number) for number in range(1, len(definition.indicators) + 1)]
    if is_flat and len(found) < len(codes):
        return Meant(dict(zip(codes, definition.indicators, strict=True)), by_place=True)
    return Meant(found)


def _by_number(code: str, definition: CriteriaSet) -> Indicator | None:
    exact = definition.by_code.get(code) or next((i for i in definition.indicators if i.number == code), None)
    if exact is not None or "." not in code:
        return exact
    first, _, second = code.partition(".")
    if not (first.isdigit() and second.isdigit() and 1 <= int(first) <= len(definition.criteria)):
        return None
    inside = definition.criteria[int(first) - 1].indicators
    running = next((i for i in inside if i.number == second or i.code == second), None)
    place = int(second)
    return running or (inside[place - 1] if 1 <= place <= len(inside) else None)


def _by_wording(title: str, definition: CriteriaSet) -> Indicator | None:
    key = wording_key(title)
    fitting = [i for i in definition.indicators if same_wording(key, wording_key(i.text))]
    return fitting[0] if len(fitting) == 1 else None


def _by_words(title: str, definition: CriteriaSet) -> Indicator | None:
    """The one indicator that is shown by a heading without a number, or whose wording has its few words."""
    phrase = phrase_key(title)
    named = [i for i in definition.indicators if phrase and phrase_key(i.short) == phrase]
    if len(named) == 1:
        return named[0]
    fitting = [i for i in definition.indicators if phrase and holds_phrase(wording_key(i.text), phrase)]
    return fitting[0] if len(fitting) == 1 else None


def flat_meaning(row: ScoreRow, definition: CriteriaSet) -> Meant:
    """What a row's codes are where nothing is known of its columns; as many numbers as indicators are their places."""
    columns = [ScoreColumn(at, code, code, "") for at, code in enumerate((*row.scores, *row.met))]
    return meant_by(columns, definition)


@dataclass(frozen=True, slots=True)
class Checked:
    """A value as it is stored, or the code and sentence of why it cannot be."""

    value: float = 0
    code: str = ""
    message: str = ""


def checked(indicator: Indicator, code: str, row: ScoreRow, *, is_share: bool, word: str = "chỉ số") -> Checked:
    """A cell of a row as the answer of an indicator.

    Args:
        is_share: the column writes percentages as shares of one; word: what the set calls its indicators.
    """
    kind = indicator.answer_type.value
    if code in row.met:
        if kind == "met":
            return Checked(float(row.met[code]))
        shown = "dấu đạt" if row.met[code] else "chưa đạt"
        what = "tỷ lệ phần trăm" if kind == "percent" else "điểm bằng số"
        return Checked(
            code="score.not_number",
            message=f"Ô của {word} {indicator.number} ghi {shown}, không ghi {what}, nên phiếu chưa nhập.",
        )
    value = row.scores[code]
    if code in row.percents and kind != "percent":
        return Checked(
            code="score.percent",
            message=f"Ô của {word} {indicator.number} ghi {points_text(value)}%, không ghi điểm, nên phiếu chưa nhập.",
        )
    if code in row.maxima and row.maxima[code] != (100 if kind == "percent" else indicator.max_score):
        return Checked(
            code="score.other_maximum",
            message=f"Ô của {word} {indicator.number} ghi {points_text(value)}/{points_text(row.maxima[code])}, mà "
            f"{word} này tối đa {points_text(indicator.max_score or 0)} điểm, nên phiếu chưa nhập.",
        )
    if kind == "percent" and is_share and code not in row.percents:
        value = round(value * 100, 2)
    problem = validate_answer(indicator, value)
    if problem is not None:
        return Checked(
            code=f"score.{problem.code.rpartition('.')[2]}",
            message=f"{problem.message} Phiếu ghi {points_text(value)} nên chưa nhập.",
        )
    return Checked(int(value) if value == int(value) else float(value))
