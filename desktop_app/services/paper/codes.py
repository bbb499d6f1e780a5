"""The code of a paper form: 13 digits that a person, a scanner and a phone can read, and whom they mean.

Invariant: stateless. A code is the low 39 bits of the subject's uid as 12 digits and a check digit (that of EAN-13),
so every machine prints and reads the same code without asking another; two subjects may share one, then a person asks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.keys import subject_table
from desktop_app.services.errors import UserError
from desktop_app.services.raw import all_rows

PREFIX = "SHT"
"""Begins the text of a form's QR code."""

STACK_PREFIX = "SHTT"
"""Begins the text of the QR code on a stack's cover."""

DIGITS = 13
_LOW_BITS = 39
_MASK = (1 << _LOW_BITS) - 1
_VIETNAMESE_ROW = str.maketrans("ăâêô\u0300\u0309\u0303\u0301\u0323đĂÂÊÔĐ", "123456789012340")
"""What the row of figures gives on the Vietnamese keyboard of Windows, which turns a scanner's figures into letters."""

_GAPS = re.compile(r"[\s.\-\u2010-\u2015\u00a0\u200b\ufeff]+")
_QR = re.compile(rf"{PREFIX}[:;](\d{{4}})[:;]([^:;]*)[:;]([\d\s.\-]+)", re.IGNORECASE)
_STACK_QR = re.compile(
    rf"{STACK_PREFIX}[:;](\d{{4}})[:;]([\d\s.\-]+)(?:[:;](\d{{13}})?[:;](\d{{13}})?)?", re.IGNORECASE
)
_STACK_DIGITS = re.compile("[0-9]{7}")
_ROW_CODE = re.compile(rf"{PREFIX}T?[:;]|[\d\s.\-]{{7,}}$", re.IGNORECASE)
_SET_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class FormCode:
    """What was read from a form.

    Args:
        digits: 13 digits with a check digit that meets.
        year: of the round, None where only the digits were typed.
        set_key: criteria set as its file is keyed, None where only digits were typed, or where a Vietnamese keyboard
            changed the letters that the scanner typed.
    """

    digits: str
    year: int | None = None
    set_key: str | None = None

    @property
    def text(self) -> str:
        """The digits as people read them: "4711 0815 2342 6"."""
        return grouped(self.digits)


@dataclass(frozen=True, slots=True)
class StackCode:
    """What was read from a cover.

    Args:
        digits: seven, with a check digit that meets.
        year: of the round, None where only the digits were typed.
        place, set: codes of the hamlet or organization and of the criteria set, as ``form_code`` makes them; empty
            where the cover says none, or only the digits were typed.
    """

    digits: str
    year: int | None = None
    place: str = ""
    set: str = ""


def form_code(uid: Uid) -> str:
    """The 13 digits of a subject's forms, the same in every round and on every machine."""
    return with_check_digit(f"{int(uid, 16) & _MASK:012d}")


def with_check_digit(body: str) -> str:
    """Digits with one more by which a mistyped digit is known."""
    return body + _check_digit(body)


def grouped(digits: str) -> str:
    """Digits in groups of four, as they are printed and read aloud."""
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def qr_text(uid: Uid, year: int, set_key: str) -> str:
    """What the QR code of a form says: ``SHT:2026:citizen.worker:4711081523426``; no personal data."""
    return f"{PREFIX}:{year}:{set_key}:{form_code(uid)}"


def looks_like_code(text: str) -> bool:
    """Whether what was typed or scanned is meant as a form's code, not as a name or a CCCD tail."""
    bare = _bare(text)
    return bare[: len(PREFIX) + 1].upper() in (f"{PREFIX}:", f"{PREFIX};") or (bare.isdigit() and len(bare) == DIGITS)


def looks_like_stack(text: str) -> bool:
    """Whether a text is meant as a code that the program prints on covers, not as an office's own words there."""
    bare = _as_printed(text).strip("\ufeff\u200b").replace(" ", "").strip()
    return bare.upper().startswith(STACK_PREFIX) or _STACK_DIGITS.fullmatch(bare) is not None


def parse_code(text: str) -> FormCode:
    """Read a form's code, typed (spaces, dots and hyphens allowed) or scanned.

    Raises:
        UserError: ``code.empty``, ``code.not_a_code``, ``code.length``, ``code.check_digit``.
    """
    text = _trimmed(text)
    if not text:
        raise UserError("Chưa có mã phiếu; hãy gõ 13 chữ số dưới ô vuông, hoặc quét ô vuông.", code="code.empty")
    if _STACK_QR.fullmatch(text):
        raise UserError(
            "Đây là mã bìa tập, không phải mã phiếu; chưa ghi gì. Hãy quét ô vuông ở góc phiếu.", code="code.stack"
        )
    scanned = _QR.fullmatch(text)
    if scanned is None:
        return FormCode(_checked(_bare(text)))
    year, key, digits = scanned.groups()
    key = key.strip().lower()
    return FormCode(_checked(_bare(digits)), int(year), key.replace("_", ".") if _SET_KEY.fullmatch(key) else None)


def stack_qr(year: int, code: str, place: Uid = "", set_uid: Uid = "") -> str:
    """What the QR code of a stack's cover says: ``SHTT:2026:4829135:<place>:<set>``, digits only, so that a Vietnamese
    keyboard cannot change them; covers printed before say no more than ``SHTT:2026:4829135``."""
    more = [form_code(uid) if uid else "" for uid in (place, set_uid)]
    return ":".join([STACK_PREFIX, str(year), code, *(more if any(more) else ())])


def parse_stack_code(text: str) -> str:
    """The seven digits of a stack from its cover; raises what ``parse_stack`` raises."""
    return parse_stack(text).digits


def parse_stack(text: str) -> StackCode:
    """Read a cover's code, typed ("482 9135") or scanned.

    Raises:
        UserError: ``code.not_a_stack``.
    """
    scanned = _STACK_QR.fullmatch(_trimmed(text))
    digits = _bare(scanned.group(2) if scanned else text)
    if not (_STACK_DIGITS.fullmatch(digits) and with_check_digit(digits[:-1]) == digits):
        raise UserError(
            "Đây không phải mã tập, hoặc có chữ số gõ sai; chưa ghi gì. "
            "Mã tập là 7 chữ số in dưới ô vuông của bìa tập.",
            code="code.not_a_stack",
        )
    if scanned is None:
        return StackCode(digits)
    place, of_set = (_checked(more) if more else "" for more in scanned.group(3, 4))
    return StackCode(digits, int(scanned.group(1)), place, of_set)


def require_form(code: FormCode, *, year: int, set_key: str | None = None) -> None:
    """Refuse a form of another round or of another criteria set than the one being worked on.

    Raises:
        UserError: ``code.other_year``, ``code.other_set``.
    """
    if code.year is not None and code.year != year:
        raise UserError(
            f"Phiếu này của đợt {code.year}, còn đang làm đợt {year}; chưa ghi gì. "
            f"Hãy để riêng phiếu này, hoặc chuyển sang đợt {code.year}.",
            code="code.other_year",
        )
    if set_key is not None and code.set_key is not None and code.set_key != set_key.lower().replace("_", "."):
        raise UserError(
            f"Phiếu này theo bộ tiêu chí khác ({set_name(code.set_key)}, đang làm {set_name(set_key)}); "
            "chưa ghi gì. Hãy để riêng phiếu này cho lô của bộ đó.",
            code="code.other_set",
        )


def set_name(set_key: str) -> str:
    """A set's name for a sentence; its key where the program does not ship it."""
    from desktop_app.services.criteria.loader import load_sets

    return next((f"“{item.name}”" for item in load_sets() if item.key == set_key), f"“{set_key}”")


def find_by_code(connection: Connection, code: FormCode | str, model: LearningModel) -> tuple[Uid, ...]:
    """Who a code means: usually one, none when unknown here, several when two share it and a person must choose.

    A person whose record was merged into another is found as who stayed.
    """
    digits = code.digits if isinstance(code, FormCode) else _checked(_bare(code))
    low = int(digits[:-1])
    if low > _MASK:
        return ()
    table = subject_table(model)
    found = _of_low(connection, table, low)
    present = [uid for uid in found if all_rows(connection, f"SELECT 1 FROM {table} WHERE uid = ? AND present", (uid,))]
    stayed = {uid.hex() for uid in present}
    if model is LearningModel.CITIZEN and len(present) < len(found):
        from desktop_app.services.duplicates.merging import survivor_of

        stayed |= {kept for uid in found if uid not in present and (kept := survivor_of(connection, uid.hex()))}
    return tuple(sorted(stayed))


def find_row(connection: Connection, table: str, digits: str) -> Uid | None:
    """The one row of a small table that a code on a cover means; None where there is none, or more than one."""
    low = int(digits[:-1])
    found = _of_low(connection, table, low) if low <= _MASK else []
    return found[0].hex() if len(found) == 1 else None


def _of_low(connection: Connection, table: str, low: int) -> list[bytes]:
    """Uids whose low bits are these."""
    tails = [(low | top << _LOW_BITS).to_bytes(5, "big") for top in (0, 1)]
    rows = all_rows(connection, f"SELECT uid FROM {table} WHERE substr(uid, 12, 5) IN (?, ?)", tails)
    return [row[0] for row in rows]


def unknown_code(code: FormCode, model: LearningModel) -> UserError:
    """The refusal of a sound code that nobody in this register has."""
    from desktop_app.services.assessment.subjects import UNITS

    return UserError(
        f"Không có {UNITS[model]} nào trong sổ mang mã phiếu {code.text}; chưa ghi gì. "
        "Hãy tìm theo tên, hoặc nhận gói mới nhất rồi thử lại.",
        code="code.unknown",
    )


def _trimmed(text: str) -> str:
    return _as_printed(text).strip("\ufeff\u200b\r\n\t ")


def _bare(text: str) -> str:
    return _GAPS.sub("", _as_printed(text))


def _as_printed(text: str) -> str:
    """What an input method or a keyboard made of a code's letters, figures and colons, given back.

    Figures of the Vietnamese keyboard stand where the text has no others; two accents on one letter may have changed
    places, which the check digit finds.
    """
    wide = "".join(unicodedata.normalize("NFKC", c) if "\uff01" <= c <= "\uff5e" else c for c in text)
    if any(c.isdigit() for c in wide):
        return wide
    parts = (unicodedata.normalize("NFD", c) if c not in "ăâêôĂÂÊÔ" else c for c in wide)
    figures = "".join(_recomposed(part) for part in parts).translate(_VIETNAMESE_ROW)
    return figures if _ROW_CODE.match(figures) else wide


def _recomposed(part: str) -> str:
    """A letter with two accents as the letter of the keyboard and its accent: "ố" → "ô" and the accent."""
    for made, bases in (("\u0302", "aeoAEO"), ("\u0306", "aA")):
        if len(part) > 1 and part[0] in bases and made in part:
            return unicodedata.normalize("NFC", part[0] + made) + part[1:].replace(made, "")
    return part


def _checked(digits: str) -> str:
    if not (digits.isascii() and digits.isdigit()):
        raise UserError(
            "Đây không phải mã phiếu; chưa ghi gì. Mã phiếu là 13 chữ số in dưới ô vuông ở góc phiếu.",
            code="code.not_a_code",
        )
    if len(digits) != DIGITS:
        raise UserError(
            f"Mã phiếu có {DIGITS} chữ số, đã nhận {len(digits)}; chưa ghi gì. Hãy gõ lại hoặc quét lại.",
            code="code.length",
        )
    if _check_digit(digits[:-1]) != digits[-1]:
        raise UserError(
            f"Mã phiếu {grouped(digits)} có chữ số gõ sai; chưa ghi gì. Hãy so lại với phiếu rồi gõ lại.",
            code="code.check_digit",
        )
    return digits


def _check_digit(body: str) -> str:
    """The check digit of EAN-13: weights 3 and 1 in turn from the right; any one wrong digit is caught."""
    total = sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)
