"""Vietnamese text as pure functions: folding, name order, CCCD, dates, old charsets, numbers in words."""

from desktop_app.services.vietnamese.cccd import (
    PROVINCE_OF_CCCD,
    CccdResult,
    cccd_birth_year,
    cccd_sex,
    check_cccd,
    mask_cccd,
    parse_cccd,
    province_of_cccd,
)
from desktop_app.services.vietnamese.charsets import Charset, Guess, charset_of_font, decode_legacy, guess_charset
from desktop_app.services.vietnamese.dates import DateResult, PartialDate, age_on, parse_date, suggests_month_first
from desktop_app.services.vietnamese.names import name_case, name_sort_key, split_name, text_sort_key
from desktop_app.services.vietnamese.numbers import date_words, number_text, number_words
from desktop_app.services.vietnamese.phones import PhoneResult, mask_phone, parse_phone
from desktop_app.services.vietnamese.text import fold, nfc, nfc_lines

__all__ = [
    "PROVINCE_OF_CCCD",
    "CccdResult",
    "Charset",
    "DateResult",
    "Guess",
    "PartialDate",
    "PhoneResult",
    "age_on",
    "cccd_birth_year",
    "cccd_sex",
    "charset_of_font",
    "check_cccd",
    "date_words",
    "decode_legacy",
    "fold",
    "guess_charset",
    "mask_cccd",
    "mask_phone",
    "name_case",
    "name_sort_key",
    "nfc",
    "nfc_lines",
    "number_text",
    "number_words",
    "parse_cccd",
    "parse_date",
    "parse_phone",
    "province_of_cccd",
    "split_name",
    "suggests_month_first",
    "text_sort_key",
]
