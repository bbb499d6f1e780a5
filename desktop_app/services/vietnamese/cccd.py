"""Citizen numbers and telephone numbers as text; a repair is always named, a lost digit never invented."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from types import MappingProxyType

from desktop_app.models.types import Sex

CCCD_LENGTH = 12
CMND_LENGTH = 9
_CENTURIES = (1900, 1900, 2000, 2000)
_LATEST_PLAUSIBLE_20XX = 50
_PLACEHOLDERS = frozenset(
    {"0", "-", "--", "x", "không", "không có", "chưa có", "chưa", "ko", "k", "kc", "?", "...", "."}
)
_SEPARATORS = re.compile(r"[\s.,'’`_\-–/]+")
_EXPONENT = re.compile(r"(\d)(?:[.,](\d+))?[eE]\+?(\d{1,2})")
_WHOLE_FLOAT = re.compile(r"(\d+)[.,]0+")
_SEVERAL = re.compile(r"\s*[/;,\n]\s*|\s+-\s+|\s+(?=0\d{9})")

PROVINCE_OF_CCCD = MappingProxyType(
    {
        "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang",
        "010": "Lào Cai", "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái",
        "017": "Hòa Bình", "019": "Thái Nguyên", "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang",
        "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng",
        "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định", "037": "Ninh Bình",
        "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
        "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định",
        "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum",
        "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước",
        "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai", "077": "Bà Rịa - Vũng Tàu",
        "079": "Thành phố Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre", "084": "Trà Vinh",
        "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang", "092": "Cần Thơ",
        "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
    }
)  # fmt: skip
"""Code → province of birth registration: the 63 units before July 2025 (the 34 of 2025 keep codes among them)."""


@dataclass(frozen=True, slots=True)
class CccdResult:
    """What was read: 12 digits (or a 9-digit CMND), or nothing; `repairs` and `error` are codes."""

    value: str | None
    repairs: tuple[str, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True)
class PhoneResult:
    """A telephone number that begins with 0, or nothing; `repairs` and `error` are codes."""

    value: str | None
    repairs: tuple[str, ...] = ()
    error: str | None = None


def parse_cccd(text: object) -> CccdResult:
    """Read a citizen number from a cell.

    Repairs: "spaces" (spaces, dots taken out), "from_number" (the cell held a number), "lost_zero" (leading zeros put
    back, only where province and century then make sense), "placeholder" (a dash or "chưa có" read as blank).
    Errors: "digits_lost" (7.92E+10), "not_digits", "length".
    """
    if isinstance(text, str) and len(text) == CCCD_LENGTH and text.isascii() and text.isdigit():
        return CccdResult(text)
    digits, repairs, error = _digits_of(text)
    if digits is None:
        return CccdResult(None, repairs, error)
    if len(digits) in (CCCD_LENGTH, CMND_LENGTH):
        return CccdResult(digits, repairs)
    padded = digits.zfill(CCCD_LENGTH)
    if len(digits) in (10, 11) and digits[0] != "0" and _is_plausible(padded):
        return CccdResult(padded, (*repairs, "lost_zero"))
    if len(digits) == CMND_LENGTH - 1 and digits[0] != "0" and "from_number" in repairs:
        return CccdResult(digits.zfill(CMND_LENGTH), (*repairs, "lost_zero"))
    return CccdResult(None, repairs, "length")


def check_cccd(cccd: str | None, sex: Sex | None, birth_year: int | None) -> tuple[str, ...]:
    """Return warnings about a number, never refusals: "length", "bad_province", "sex_mismatch", "year_mismatch".

    Structure: Nghị định 137/2015/NĐ-CP, Điều 13. Nine digits are a CMND, of which nothing is known.
    """
    if not cccd or (len(cccd) == CMND_LENGTH and cccd.isdigit()):
        return ()
    if len(cccd) != CCCD_LENGTH or not (cccd.isascii() and cccd.isdigit()):
        return ("length",)
    warnings = [] if cccd[:3] in PROVINCE_OF_CCCD else ["bad_province"]
    number_sex = cccd_sex(cccd)
    if sex is not None and number_sex is not None and number_sex is not sex:
        warnings.append("sex_mismatch")
    year = cccd_birth_year(cccd)
    if year is None or (birth_year is not None and birth_year != year):
        warnings.append("year_mismatch")
    return tuple(warnings)


def cccd_sex(cccd: str | None) -> Sex | None:
    """Return the sex a 12-digit number tells (even century digit: male), or None."""
    if not cccd or len(cccd) != CCCD_LENGTH or cccd[3] not in "0123456789":
        return None
    return Sex.FEMALE if int(cccd[3]) % 2 else Sex.MALE


def cccd_birth_year(cccd: str | None) -> int | None:
    """Return the year of birth a 12-digit number tells, or None (CMND, or a century to come)."""
    if not cccd or len(cccd) != CCCD_LENGTH or cccd[3] not in "0123" or not cccd[4:6].isdigit():
        return None
    return _CENTURIES[int(cccd[3])] + int(cccd[4:6])


def province_of_cccd(cccd: str | None) -> str | None:
    """Return the province of birth registration (as named before July 2025) of a 12-digit number, or None."""
    return PROVINCE_OF_CCCD.get(cccd[:3]) if cccd and len(cccd) == CCCD_LENGTH else None


def mask_cccd(cccd: str | None) -> str:
    """Return a number fit for screens and logs: "0•• ••• ••• 319"; nothing for nothing."""
    return _mask(cccd, (3, 3, 3, 3) if cccd and len(cccd) > CMND_LENGTH else (3, 3, 3))


def mask_phone(phone: str | None) -> str:
    """Return a telephone number fit for screens and logs: "0••• ••• 366"; nothing for nothing."""
    return _mask(phone, (4, 3, 3))


def _mask(number: str | None, groups: tuple[int, ...]) -> str:
    if not number:
        return ""
    hidden = number[0] + "•" * (len(number) - 4) + number[-3:] if len(number) > 6 else "•" * len(number)
    parts: list[str] = []
    for size in groups[:-1]:
        parts.append(hidden[:size])
        hidden = hidden[size:]
    return " ".join(part for part in (*parts, hidden) if part)


def _is_plausible(cccd: str) -> bool:
    if cccd[:3] not in PROVINCE_OF_CCCD or cccd[3] not in "0123":
        return False
    return cccd[3] in "01" or int(cccd[4:6]) <= _LATEST_PLAUSIBLE_20XX


def _digits_of(value: object) -> tuple[str | None, tuple[str, ...], str | None]:
    """Return digits, repairs and error of a cell; digits None without error is a blank."""
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return None, (), None
    if isinstance(value, bool):
        return None, (), "not_digits"
    if isinstance(value, int):
        return _number_digits(value)
    if isinstance(value, float):
        return _number_digits(int(value)) if value.is_integer() else (None, ("from_number",), "not_digits")
    return _text_digits(str(value).strip())


def _number_digits(value: int) -> tuple[str | None, tuple[str, ...], str | None]:
    if value == 0:
        return None, ("placeholder",), None
    return (str(value), ("from_number",), None) if value > 0 else (None, ("from_number",), "not_digits")


def _text_digits(text: str) -> tuple[str | None, tuple[str, ...], str | None]:
    if text.isascii() and text.isdigit() and text != "0":
        return text, (), None
    if not text or text.lower() in _PLACEHOLDERS:
        return None, ("placeholder",) if text else (), None
    exponent = _EXPONENT.fullmatch(text)
    if exponent:
        whole, fraction, power = exponent[1], exponent[2] or "", int(exponent[3])
        if len(fraction) < power:
            return None, ("from_number",), "digits_lost"
        return (whole + fraction[:power], ("from_number",), None)
    if whole_float := _WHOLE_FLOAT.fullmatch(text):
        return whole_float[1], ("from_number",), None
    digits = _SEPARATORS.sub("", text)
    if digits.isascii() and digits.isdigit():
        return digits, ("spaces",), None
    return None, (), "not_digits"


def parse_phone(value: object) -> PhoneResult:
    """Read a telephone number from a cell.

    Repairs: "spaces", "from_number", "lost_zero", "country_code" (+84), "old_prefix" (11-digit mobile numbers, changed
    by the plan of Quyết định 2036/QĐ-BTTTT, 2017), "first_of_several", "placeholder". Errors: "not_digits",
    "digits_lost", "length".
    """
    several: tuple[str, ...] = ()
    if isinstance(value, str):
        if len(value) == 10 and value.isascii() and value.isdigit() and value[0] == "0" and value[1] != "0":
            return PhoneResult(value)
        parts = [part for part in _SEVERAL.split(value.strip()) if part]
        if len(parts) > 1 and sum(character.isdigit() for character in parts[0]) >= 9:
            value, several = parts[0], ("first_of_several",)
        value = value.replace("(", " ").replace(")", " ")
    country = isinstance(value, str) and value.lstrip().startswith("+")
    digits, repairs, error = _digits_of(value.replace("+", "") if isinstance(value, str) else value)
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
    if re.fullmatch(r"0[35789]\d{8}|02\d{8,9}", digits):
        return PhoneResult(digits, repairs)
    return PhoneResult(None, repairs, "length")


_NEW_PREFIX = {
    **{f"016{n}": f"03{n}" for n in range(2, 10)},
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip
