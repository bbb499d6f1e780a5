"""What a form asks and how an answer is read: fields with their rules, free of any widget.

Invariant: reading never loses what was typed; it gives a value or a sentence, and the typed text stays with the form.
Errors block; warnings may be kept with a reason, and are told apart everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

KINDS = ("text", "multiline", "choice", "search", "date", "integer", "cccd", "phone", "check", "static")
Choices = Sequence[tuple[Any, str]]
MASK = "•"
"""Stands in a number that was not fetched; such an answer was not typed anew and is given back as it is."""


@dataclass(frozen=True)
class Unchosen:
    """What was typed into a search field and fits no single entry: kept, and an error until one is chosen."""

    text: str


@dataclass(frozen=True)
class Field:
    """One question of a form.

    Args:
        key: name of the answer in ``values``.
        label: Vietnamese words above the field.
        kind: one of ``KINDS``: text; multiline; choice (short list); search (long list, found by typing); date (day,
            month and year, month and year, or only the year); integer; cccd (masked until revealed); phone; check;
            static (shown, not asked).
        help: a sentence below, always visible.
        is_required: an empty answer is an error.
        choices: for choice: (value, words).
        find: for search: gives (value, words) for what was typed, best first.
        words_of: for search: the words of a value that is already set.
        minimum, maximum: for integer.
        max_length: most letters of a text; 0 for no limit.
        check: gets the value, returns a sentence that blocks, or None.
        warn: gets the value, returns a sentence that does not block, or None.
        placeholder: pale example inside the empty field.
        section: a heading before this field.
        width: of the field at 100 %; 0 takes the kind's own.
        reveal: for cccd and phone whose first answer is masked: fetches the number when the eye is pressed.
    """

    key: str
    label: str
    kind: str = "text"
    help: str = ""
    is_required: bool = False
    choices: Choices = ()
    find: Callable[[str], Choices] | None = None
    words_of: Callable[[Any], str] | None = None
    minimum: int | None = None
    maximum: int | None = None
    max_length: int = 0
    check: Callable[[Any], str | None] | None = None
    warn: Callable[[Any], str | None] | None = None
    placeholder: str = ""
    section: str = ""
    width: int = 0
    reveal: Callable[[], str | None] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown field kind {self.kind!r}")


@dataclass(frozen=True)
class FormSpec:
    """The questions of one form, in order.

    Args:
        fields: the questions.
        check: rules over several answers: gets all values, returns {key: sentence} that block.
        warn: the same for warnings.
    """

    fields: tuple[Field, ...]
    check: Callable[[Mapping[str, Any]], Mapping[str, str]] | None = None
    warn: Callable[[Mapping[str, Any]], Mapping[str, str]] | None = None

    def field(self, key: str) -> Field:
        return next(f for f in self.fields if f.key == key)


@dataclass(frozen=True)
class Reading:
    """A form read once: values of all fields (None where unreadable), errors that block, warnings that do not."""

    values: Mapping[str, Any]
    errors: Mapping[str, str] = field(default_factory=dict)
    warnings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_valid(self) -> bool:
        return not self.errors


DATE_ERRORS = {
    "not_a_date": "Chưa đọc được ngày. Gõ như 08/05/1984, 05/1984 hoặc chỉ năm 1984.",
    "impossible_date": "Ngày này không có trong lịch.",
    "out_of_range": "Năm phải từ 1880 đến 2100.",
    "in_future": "Ngày này còn ở phía trước.",
}
CCCD_ERRORS = {
    "length": "Số CCCD có 12 chữ số (CMND cũ: 9 chữ số).",
    "not_digits": "Số CCCD chỉ gồm chữ số.",
    "digits_lost": "Số này đã bị bảng tính làm tròn; cần gõ lại từ thẻ.",
}
PHONE_ERRORS = {
    "length": "Số điện thoại có 10 chữ số, bắt đầu bằng 0.",
    "not_digits": "Số điện thoại chỉ gồm chữ số.",
    "digits_lost": "Số này đã bị bảng tính làm tròn; cần gõ lại.",
}


def read_field(spec: Field, raw: Any) -> tuple[Any, str | None]:
    """One answer: its value, and the sentence that blocks it. ``raw`` is the typed text, or the chosen value."""
    value: Any
    error: str | None
    if isinstance(raw, Unchosen):
        return None, f"Chưa chọn mục nào cho “{raw.text}”; nhấn F4 rồi chọn trong danh sách."
    if spec.kind in ("choice", "search", "check", "static"):
        value, error = raw, None
    else:
        value, error = _READERS[spec.kind](spec, str(raw or ""))
    is_empty = value is None or value == ""
    if error is None and spec.is_required and is_empty and spec.kind != "check":
        error = "Cần có mục này."
    if error is None and spec.check is not None and not is_empty:
        error = spec.check(value)
    return value, error


def _read_text(spec: Field, raw: str) -> tuple[Any, str | None]:
    from desktop_app.services.vietnamese import nfc, nfc_lines

    text = nfc_lines(raw) if spec.kind == "multiline" else nfc(raw)
    if spec.max_length and len(text) > spec.max_length:
        return text, f"Dài quá {spec.max_length} chữ (đang có {len(text)})."
    return text, None


def _read_integer(spec: Field, raw: str) -> tuple[Any, str | None]:
    text = raw.strip().replace(".", "").replace(" ", "")
    if not text:
        return None, None
    if not (text.isascii() and text.lstrip("-").isdigit()):
        return None, "Chỉ gõ số nguyên."
    value = int(text)
    low, high = spec.minimum, spec.maximum
    if low is not None and high is not None and not low <= value <= high:
        return value, f"Phải từ {low} đến {high}."
    if low is not None and value < low:
        return value, f"Phải từ {low} trở lên."
    if high is not None and value > high:
        return value, f"Không quá {high}."
    return value, None


def _read_date(spec: Field, raw: str) -> tuple[Any, str | None]:
    from desktop_app.services.vietnamese import parse_date

    result = parse_date(raw)
    return result.value, _words(DATE_ERRORS, result.error)


def _read_cccd(spec: Field, raw: str) -> tuple[Any, str | None]:
    from desktop_app.services.vietnamese import parse_cccd

    if MASK in raw:
        return raw, None
    result = parse_cccd(raw)
    return result.value, _words(CCCD_ERRORS, result.error)


def _read_phone(spec: Field, raw: str) -> tuple[Any, str | None]:
    from desktop_app.services.vietnamese import parse_phone

    if MASK in raw:
        return raw, None
    result = parse_phone(raw)
    return result.value, _words(PHONE_ERRORS, result.error)


def _words(table: Mapping[str, str], code: str | None) -> str | None:
    return None if code is None else table.get(code, "Chưa đọc được mục này.")


_READERS: dict[str, Callable[[Field, str], tuple[Any, str | None]]] = {
    "text": _read_text,
    "multiline": _read_text,
    "integer": _read_integer,
    "date": _read_date,
    "cccd": _read_cccd,
    "phone": _read_phone,
}


def read_form(spec: FormSpec, raw: Mapping[str, Any]) -> Reading:
    """All answers at once; rules over several answers are asked only where the single answers could be read."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    warnings: dict[str, str] = {}
    for one in spec.fields:
        values[one.key], error = read_field(one, raw.get(one.key))
        if error is not None:
            errors[one.key] = error
        elif one.warn is not None and values[one.key] not in (None, ""):
            warning = one.warn(values[one.key])
            if warning is not None:
                warnings[one.key] = warning
    if spec.check is not None:
        errors = {**spec.check(values), **errors}
    if spec.warn is not None:
        warnings = {**spec.warn(values), **warnings}
    return Reading(values, errors, {key: text for key, text in warnings.items() if key not in errors})


def raw_of(spec: Field, value: Any) -> Any:
    """What the field shows for a value: typed text for text-like kinds, the value itself for choices."""
    if spec.kind in ("choice", "search", "check", "static"):
        return value
    if value is None:
        return ""
    if spec.kind == "date":
        if isinstance(value, str):
            from desktop_app.services.vietnamese import PartialDate

            return PartialDate.from_iso(value).text() if value else ""
        return value.text()
    return str(value)
