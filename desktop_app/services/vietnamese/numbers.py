"""Numbers and dates as official documents write them; no rounding but half up at the asked decimals."""

from __future__ import annotations

import datetime
from decimal import ROUND_HALF_UP, Decimal

from desktop_app.services.vietnamese.dates import PartialDate

_ONES = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ("", " nghìn", " triệu")
_BILLION = 1_000_000_000


def number_text(n: int | float | Decimal, decimals: int = 0) -> str:
    """Return a number with dots between thousands and a decimal comma: 1234567.5 with 1 decimal → "1.234.567,5"."""
    value = Decimal(str(n)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    text = f"{value if value else abs(value):,f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def number_words(n: int) -> str:
    """Return a whole number in words: 1234 → "một nghìn hai trăm ba mươi bốn"."""
    if n < 0:
        return f"âm {number_words(-n)}"
    return _below_billion(n, padded=False) if n < _BILLION else _billions(n)


def date_words(date: datetime.date | PartialDate) -> str:
    """Return a date in words: "ngày 05 tháng 03 năm 2026" (place and date line, NĐ 30/2020/NĐ-CP, Phụ lục I).

    What a partial date does not know is left out: "tháng 05 năm 1984", "năm 1984".
    """
    day = "" if date.day is None else f"ngày {date.day:02} "
    month = "" if date.month is None else f"tháng {date.month:02} "
    return f"{day}{month}năm {date.year}"


def _billions(n: int) -> str:
    high, low = divmod(n, _BILLION)
    words = f"{number_words(high)} tỷ"
    return f"{words} {_below_billion(low, padded=True)}" if low else words


def _below_billion(n: int, *, padded: bool) -> str:
    """Words of 0 to 999.999.999; `padded` when billions stand before it, so that hundreds are always said."""
    parts: list[str] = []
    for power in (2, 1, 0):
        group = n // 1000**power % 1000
        if group:
            parts.append(_hundreds(group, padded=padded or bool(parts)) + _SCALES[power])
    return " ".join(parts) or _ONES[0]


def _hundreds(n: int, *, padded: bool) -> str:
    hundreds, rest = divmod(n, 100)
    words = [f"{_ONES[hundreds]} trăm"] if hundreds or padded else []
    if rest and (words or rest >= 10):
        words.append(_tens(rest))
    elif rest:
        words.append(_ONES[rest])
    return " ".join(words)


def _tens(n: int) -> str:
    """Words of 1 to 99 after a hundred, or of 10 to 99 alone: linh, mười, mươi, mốt, lăm."""
    tens, ones = divmod(n, 10)
    if tens == 0:
        return f"linh {_ONES[ones]}"
    head = "mười" if tens == 1 else f"{_ONES[tens]} mươi"
    if ones == 0:
        return head
    if ones == 1 and tens > 1:
        return f"{head} mốt"
    return f"{head} {'lăm' if ones == 5 else _ONES[ones]}"
