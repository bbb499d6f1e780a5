"""Citizen numbers (CCCD, and the old CMND) as text; a repair is always named, a lost digit never invented."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from desktop_app.models.types import Sex
from desktop_app.services.vietnamese.digits import digits_of, masked

CCCD_LENGTH = 12
CMND_LENGTH = 9
_CENTURIES = (1900, 1900, 2000, 2000)
_LATEST_PLAUSIBLE_20XX = 50

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


def parse_cccd(text: object) -> CccdResult:
    """Read a citizen number from a cell.

    Repairs: "spaces" (spaces, dots taken out), "from_number" (the cell held a number), "lost_zero" (leading zeros put
    back, only where province and century then make sense), "letter_o" (a letter O typed for 0),
    "placeholder" (a dash or "chưa có" read as blank).
    Errors: "digits_lost" (7.92E+10), "not_digits", "length".
    """
    if isinstance(text, str) and len(text) == CCCD_LENGTH and text.isascii() and text.isdigit():
        return CccdResult(text)
    digits, repairs, error = digits_of(text)
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

    Structure of the number: Nghị định 137/2015/NĐ-CP, Điều 13. Nine digits are a CMND, of which nothing is known.
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
    return masked(cccd, (3, 3, 3, 3) if cccd and len(cccd) > CMND_LENGTH else (3, 3, 3))


def _is_plausible(cccd: str) -> bool:
    if cccd[:3] not in PROVINCE_OF_CCCD or cccd[3] not in "0123":
        return False
    return cccd[3] in "01" or int(cccd[4:6]) <= _LATEST_PLAUSIBLE_20XX
