"""Runs of digits out of cells: what Excel and typing did to a long number, undone where nothing was lost."""

from __future__ import annotations

import math
import re

from desktop_app.services.vietnamese.text import fold, nfc

Digits = tuple[str | None, tuple[str, ...], str | None]
"""Digits, repairs and error of a cell; no digits and no error is a blank."""

_PLACEHOLDERS = frozenset(
    {"0", "-", "--", ".", "...", "?", "x", "k", "ko", "kc", "khong", "chua", "khong co", "chua co"}
)
_SEPARATORS = re.compile(r"[\s.,'’`_\-–/]+")
_EXPONENT = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_WHOLE_FLOAT = re.compile(r"(\d{8,13})[.,]0{1,2}")
_WITH_LETTER_O = re.compile(r"(?=\d*[oO])[\doO]{9,12}", re.ASCII)


def digits_of(value: object) -> Digits:
    """Return the digits of a cell that holds text or a number.

    Repairs: "from_number", "spaces", "letter_o", "placeholder". Errors: "not_digits", "digits_lost".
    """
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None, (), None
    if isinstance(value, bool):
        return None, (), "not_digits"
    if isinstance(value, int):
        return _number_digits(value)
    if isinstance(value, float):
        return _number_digits(int(value)) if value.is_integer() else (None, ("from_number",), "not_digits")
    return _text_digits(nfc(str(value)))


def _number_digits(value: int) -> Digits:
    if value == 0:
        return None, ("placeholder",), None
    return (str(value), ("from_number",), None) if value > 0 else (None, ("from_number",), "not_digits")


def _text_digits(text: str) -> Digits:
    if text.isascii() and text.isdigit() and text != "0":
        return text, (), None
    if not text:
        return None, (), None
    if fold(text) in _PLACEHOLDERS:
        return None, ("placeholder",), None
    if exponent := _EXPONENT.fullmatch(text):
        return _exponent_digits(exponent[1], exponent[2] or "", int(exponent[3]))
    if whole_float := _WHOLE_FLOAT.fullmatch(text):
        return whole_float[1], ("from_number",), None
    digits = _SEPARATORS.sub("", text)
    repairs = ("spaces",) if digits != text else ()
    if _WITH_LETTER_O.fullmatch(digits):
        digits, repairs = digits.upper().replace("O", "0"), (*repairs, "letter_o")
    if digits.isascii() and digits.isdigit():
        return digits, repairs, None
    return None, (), "not_digits"


def _exponent_digits(whole: str, fraction: str, power: int) -> Digits:
    """Return the digits of "7.9209153576E+10"; where the fraction is shorter than the power, some were cut off."""
    if len(fraction) < power:
        return None, ("from_number",), "digits_lost"
    if fraction[power:].strip("0"):
        return None, ("from_number",), "not_digits"
    return whole + fraction[:power], ("from_number",), None


def masked(number: str | None, groups: tuple[int, ...]) -> str:
    """Return a number in groups with all but its first and its last three digits hidden."""
    if not number:
        return ""
    hidden = number[0] + "•" * (len(number) - 4) + number[-3:] if len(number) > 6 else "•" * len(number)
    parts: list[str] = []
    for size in groups[:-1]:
        parts.append(hidden[:size])
        hidden = hidden[size:]
    return " ".join(part for part in (*parts, hidden) if part)
