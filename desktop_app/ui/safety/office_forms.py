"""The questions of the first start at the office, as form specifications; also used by Thiết lập."""

from __future__ import annotations

import datetime as dt

from desktop_app.services.registry.units import find_commune, find_province
from desktop_app.services.safety.first_start import commune_text, find_communes, find_provinces
from desktop_app.ui.widgets import Field, FormSpec

SIGNER_TITLES = (
    ("CHỦ TỊCH", "CHỦ TỊCH"),
    ("KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "KT. CHỦ TỊCH, PHÓ CHỦ TỊCH"),
    ("TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH", "TM. ỦY BAN NHÂN DÂN, CHỦ TỊCH"),
    ("TM. BAN THƯỜNG VỤ\nCHỦ TỊCH", "TM. BAN THƯỜNG VỤ, CHỦ TỊCH (Hội Khuyến học)"),
)


class CommuneQuestion:
    """Province and commune; the province narrows the search for the commune."""

    def __init__(self) -> None:
        self.province: str | None = None

    def spec(self) -> FormSpec:
        return FormSpec(
            (
                Field(
                    "province",
                    "Tỉnh, thành phố",
                    "search",
                    help="Có thể bỏ qua và gõ thẳng tên xã ở ô dưới.",
                    find=find_provinces,
                    words_of=_province_words,
                    placeholder="gõ không dấu cũng được, ví dụ: an giang",
                ),
                Field(
                    "commune",
                    "Xã, phường, đặc khu",
                    "search",
                    help="Danh mục 34 tỉnh và 3.321 xã, phường, đặc khu từ ngày 01/7/2025.",
                    is_required=True,
                    find=lambda typed: find_communes(typed, self.province),
                    words_of=_commune_words,
                    placeholder="gõ tên xã, ví dụ: phu an",
                ),
            )
        )


def _province_words(code: str) -> str:
    found = find_province(code)
    return found.name if found is not None else code


def _commune_words(code: str) -> str:
    found = find_commune(code)
    return commune_text(found) if found is not None else code


OFFICE_FIELDS = (
    Field(
        "office_name",
        "Cơ quan công nhận",
        is_required=True,
        max_length=200,
        help="Đứng đầu quyết định và giấy công nhận.",
        width=520,
    ),
    Field(
        "place", "Địa danh", is_required=True, max_length=80, help="Đứng trước ngày tháng: “Phú An, ngày 05 tháng 3…”."
    ),
    Field("signer_title", "Chức danh người ký", "choice", is_required=True, choices=SIGNER_TITLES, width=420),
    Field("signer_name", "Họ tên người ký", max_length=80, help="Để trống nếu chưa biết."),
)


def people_spec(this_year: int) -> FormSpec:
    """Who works, what the machine is called, and which year's round is opened."""
    return FormSpec(
        (
            Field(
                "user_name",
                "Họ tên người làm việc",
                is_required=True,
                max_length=80,
                help="Tên này đứng trong nhật ký cạnh mỗi việc đã làm. Thêm người khác sau trong Thiết lập.",
            ),
            Field(
                "device_name",
                "Tên gọi của máy",
                is_required=True,
                max_length=60,
                help="Để máy khác nhận ra khi trao đổi gói.",
            ),
            Field(
                "year",
                "Đợt đánh giá năm",
                "integer",
                is_required=True,
                minimum=2020,
                maximum=this_year + 1,
                help="Tuổi và nơi ở tính đến ngày 31/12 của năm này.",
            ),
        )
    )


def this_year() -> int:
    return dt.date.today().year
