"""Telephone numbers as text that begins with 0; a repair is always named, a lost digit never invented."""

from __future__ import annotations

import re
from dataclasses import dataclass

from desktop_app.services.vietnamese.digits import digits_of, masked

_SEVERAL = re.compile(r"\s*[/;,\n]\s*|\s+-\s+|\s+(?=0\d{9})")
_PHONE = re.compile(r"0[35789]\d{8}|02\d{8,9}", re.ASCII)
_NEW_PREFIX = {
    **{f"016{n}": f"03{n}" for n in range(2, 10)},
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PhoneResult:
    """A telephone number that begins with 0, or nothing; `repairs` and `error` are codes."""

    value: str | None
    repairs: tuple[str, ...] = ()
    error: str | None = None


def parse_phone(value: object) -> PhoneResult:
    """Read a telephone number from a cell.

    Repairs: "spaces", "from_number", "lost_zero", "country_code" (+84), "old_prefix" (11-digit mobile numbers, changed
    by the plan of Quyết định 2036/QĐ-BTTTT, 2017), "first_of_several", "placeholder". Errors: "not_digits",
    "digits_lost", "length".
    """
    several: tuple[str, ...] = ()
    if isinstance(value, str):
        if len(value) == 10 and _PHONE.fullmatch(value):
            return PhoneResult(value)
        parts = [part for part in _SEVERAL.split(value.strip()) if part]
        if len(parts) > 1 and sum(character.isdigit() for character in parts[0]) >= 9:
            value, several = parts[0], ("first_of_several",)
        value = value.replace("(", " ").replace(")", " ")
    country = isinstance(value, str) and value.lstrip().startswith("+")
    digits, repairs, error = digits_of(value.replace("+", "") if isinstance(value, str) else value)
    repairs = (*several, *repairs)
    if digits is None:
        return PhoneResult(None, repairs, error)
    return _checked_phone(digits, repairs, country=country)


def _checked_phone(digits: str, repairs: tuple[str, ...], *, country: bool) -> PhoneResult:
    if digits.startswith("84") and (country or len(digits) in (11, 12)):
        digits, repairs = "0" + digits[2:].lstrip("0"), (*repairs, "country_code")
    elif digits[0] != "0" and len(digits) in (9, 10):
        digits, repairs = "0" + digits, (*repairs, "lost_zero")
    new = _NEW_PREFIX.get(digits[:4])
    if new and len(digits) == 11:
        digits, repairs = new + digits[4:], (*repairs, "old_prefix")
    if _PHONE.fullmatch(digits):
        return PhoneResult(digits, repairs)
    return PhoneResult(None, repairs, "length")


def mask_phone(phone: str | None) -> str:
    """Return a telephone number fit for screens and logs: "0••• ••• 366"; nothing for nothing."""
    return masked(phone, (4, 4, 3) if phone and len(phone) > 10 else (4, 3, 3))
