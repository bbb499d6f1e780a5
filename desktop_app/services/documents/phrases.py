"""The fixed words that several documents share: Quốc hiệu, Tiêu ngữ, dates in words, dots to be filled in by hand."""

from __future__ import annotations

import datetime

from desktop_app.services.vietnamese import date_words

NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
REFERENCE = "Mẫu tham khảo"
DOTS = "……"


def date_line(date: datetime.date | None, year: int) -> str:
    """Date in words, "ngày 15 tháng 11 năm 2026"; dots for day and month where it is not known yet."""
    return date_words(date) if date else f"ngày {DOTS} tháng {DOTS} năm {year}"


def place_and_date(place: str, date: datetime.date | None, year: int) -> str:
    """Place and date line: "Phú An, ngày 15 tháng 11 năm 2026"; the date alone without a place."""
    words = date_line(date, year)
    return f"{place}, {words}" if place else words
