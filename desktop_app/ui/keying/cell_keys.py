"""What one key does to a cell of the grid: taken, refused with a sentence, or (one-key mode) the cell is complete.

Invariants: pure; what stands in a cell while it is typed can always become a valid value by more keys, or is one; no
key rewrites what was typed before it.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop_app.services.criteria.definition import AnswerType, CriteriaSet, Indicator
from desktop_app.services.vietnamese import number_text

YES, NO = "1", "0"
_YES_KEYS, _NO_KEYS = frozenset("1đĐdD"), frozenset("0cCkK")
ONE_KEY_TOP = 10
"""Up to this maximum one digit fills a cell in one-key mode."""


@dataclass(frozen=True, slots=True)
class CellSpec:
    """One column: what may be typed in it.

    Args:
        code: identity of the indicator.
        number: as printed on the form.
        title: its words, for the line below the grid.
        top: the highest value; 1 for met or not, 100 for a percentage.
        word: "chỉ số" or "chỉ tiêu".
        least: the floor below which the value fails by itself, 0 for none.
    """

    code: str
    number: str
    title: str
    kind: AnswerType
    top: float
    allows_half: bool = False
    word: str = "chỉ số"
    least: float = 0

    @property
    def range_text(self) -> str:
        """What may be typed, for the line below the grid and for refusals."""
        if self.kind is AnswerType.MET:
            return "1 là đạt, 0 là chưa đạt"
        if self.kind is AnswerType.PERCENT:
            return "từ 0 đến 100%"
        return f"từ 0 đến {_n(self.top)} điểm" + (", được nửa điểm" if self.allows_half else "")


@dataclass(frozen=True, slots=True)
class Typed:
    """What a key came to.

    Args:
        text: what stands in the cell now.
        refusal: why the key was not taken; the text is as before then.
        is_done: nothing more can be meant, so the cell is complete (one-key mode only).
    """

    text: str
    refusal: str = ""
    is_done: bool = False


def cells_of(definition: CriteriaSet) -> tuple[CellSpec, ...]:
    """The columns of a set, in the order of the form."""
    return tuple(_cell(i, definition) for i in definition.indicators)


def type_key(spec: CellSpec, text: str, key: str, *, one_key: bool = False) -> Typed:
    """A key typed in a cell in which ``text`` stands already."""
    if spec.kind is AnswerType.MET:
        return _type_met(spec, text, key, one_key=one_key)
    if one_key and spec.kind is AnswerType.POINTS and spec.top <= ONE_KEY_TOP:
        return _type_one(spec, text, key)
    return _type_number(spec, text, key)


def value_of(spec: CellSpec, text: str) -> tuple[float | None, str]:
    """What a finished text means (None: emptied), or why it cannot stand."""
    if not text:
        return None, ""
    if spec.kind is AnswerType.MET:
        return float(text), ""
    if text.endswith(","):
        return None, f"Số “{text}” chưa gõ xong: gõ tiếp phần lẻ, hoặc Esc để bỏ."
    return float(text.replace(",", ".")), ""


def text_of(spec: CellSpec, value: float | None) -> str:
    """A stored value as it would be typed."""
    if value is None:
        return ""
    return _n(value).replace(".", "")


def shown_of(spec: CellSpec, value: float | None) -> str:
    """A value as the grid shows it: "9", "7,5", "Đ" or "C", "62,5%"."""
    if value is None:
        return ""
    if spec.kind is AnswerType.MET:
        return "Đ" if value else "C"
    return f"{_n(value)}%" if spec.kind is AnswerType.PERCENT else _n(value)


def _cell(indicator: Indicator, definition: CriteriaSet) -> CellSpec:
    tops = {AnswerType.MET: 1.0, AnswerType.PERCENT: 100.0}
    return CellSpec(
        indicator.code,
        indicator.number,
        indicator.short or indicator.shown_text,
        indicator.answer_type,
        tops.get(indicator.answer_type, indicator.max_score or 0),
        indicator.half_points,
        definition.indicator_word,
        definition.least_score if indicator.answer_type is AnswerType.POINTS else 0,
    )


def _type_met(spec: CellSpec, text: str, key: str, *, one_key: bool) -> Typed:
    if key in _YES_KEYS:
        return Typed(YES, is_done=one_key)
    if key in _NO_KEYS:
        return Typed(NO, is_done=one_key)
    return Typed(text, _refused(spec, f"không nhận “{key}”"))


def _type_one(spec: CellSpec, text: str, key: str) -> Typed:
    """One digit is the whole score; 0 is ten, - is nought; "," before a digit adds the half where halves are."""
    if key == "-" and not text:
        return Typed("0", is_done=True)
    if key in ",." and not text and spec.allows_half:
        return Typed(",")
    if not (key.isascii() and key.isdigit()):
        return Typed(text, _refused(spec, f"không nhận “{key}”"))
    is_ten = key == "0" and spec.top == ONE_KEY_TOP and not text
    value = ONE_KEY_TOP if is_ten else int(key) + (0.5 if text else 0)
    if value > spec.top:
        return Typed(text, _refused(spec, f"{_n(value)} quá cao"))
    return Typed(_n(value), is_done=True)


def _type_number(spec: CellSpec, text: str, key: str) -> Typed:
    if key in ",.":
        return _type_comma(spec, text)
    if not (key.isascii() and key.isdigit()):
        return Typed(text, _refused(spec, f"không nhận “{key}”"))
    longer = text + key
    whole, comma, part = longer.partition(",")
    if comma:
        most = 1 if spec.kind is AnswerType.POINTS else 2
        if len(part) > most or (spec.kind is AnswerType.POINTS and part not in ("0", "5")):
            return Typed(text, _refused(spec, f"{longer} lẻ quá"))
    if len(whole) > len(_n(spec.top)) or float(longer.replace(",", ".")) > spec.top:
        return Typed(text, _refused(spec, f"{longer} quá cao"))
    return Typed(longer)


def _type_comma(spec: CellSpec, text: str) -> Typed:
    if spec.kind is AnswerType.POINTS and not spec.allows_half:
        return Typed(text, _refused(spec, "chấm điểm nguyên, không chấm lẻ"))
    if not text or "," in text or float(text) >= spec.top:
        return Typed(text, _refused(spec, "không nhận dấu phẩy ở đây"))
    return Typed(f"{text},")


def _refused(spec: CellSpec, what: str) -> str:
    return f"{spec.word.capitalize()} {spec.number}: {what}; {spec.range_text}."


def _n(value: float) -> str:
    decimals = next((d for d in (0, 1) if abs(round(value, d) - value) < 1e-9), 2)
    return number_text(value, decimals)
