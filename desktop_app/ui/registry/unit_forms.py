"""The questions about clans, hamlets, organizations and branches.

Invariant: fields are those of ``services.registry.validation.UNITS``; every rule is the service's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from desktop_app.models.types import HamletKind, OrganizationKind
from desktop_app.services.registry.words import HAMLET_KIND, ORGANIZATION_KIND
from desktop_app.services.vietnamese import number_text
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.person_deed_forms import day_field
from desktop_app.ui.widgets.form_spec import Field, FormSpec

if TYPE_CHECKING:
    from desktop_app.services.moves.hamlet_merge import MergePreview

_HAMLET_KINDS = tuple((value.value, HAMLET_KIND[value]) for value in HamletKind)
_ORGANIZATION_KINDS = tuple((value.value, ORGANIZATION_KIND[value]) for value in OrganizationKind)
_DATE = "01/07/2025"

Reveal = Callable[[], str | None]


def _phone(reveal: Reveal | None) -> Field:
    return Field("phone", "Điện thoại", "phone", reveal=reveal)


def hamlet_spec(reveal_phone: Reveal | None = None) -> FormSpec:
    """The form of a hamlet."""
    return FormSpec(
        (
            Field("name", "Tên", is_required=True, placeholder="Thôn 3, Ấp Bình Hòa, TDP số 2…"),
            Field("kind", "Loại", "choice", choices=_HAMLET_KINDS, width=200, help="Để trống: đoán theo tên."),
            Field("former_commune", "Thuộc xã cũ", help="Tên xã trước khi sáp nhập, khi hai nơi trùng tên thôn."),
            Field("code", "Mã", width=160),
            Field("leader", "Trưởng thôn, tổ trưởng", section="Liên hệ"),
            _phone(reveal_phone),
            Field("valid_from", "Có từ", "date", placeholder=_DATE, section="Thời gian"),
            Field("valid_to", "Thôi dùng từ", "date", placeholder=_DATE),
            Field("note", "Ghi chú", "multiline"),
        )
    )


def merge_spec(context: Any, uid: str) -> FormSpec:
    """Into which hamlet, or by which new name both, and from when."""
    others = tuple(choice for choice in choices.hamlets(context) if choice[0] != uid)
    return FormSpec(
        (
            Field("hamlet", "Nhập với thôn, tổ", "choice", is_required=True, choices=others, width=320),
            Field(
                "name",
                "Tên mới của cả hai",
                placeholder="Thôn Bình An",
                help="Để trống: giữ tên thôn kia. Có tên mới thì cả hai thôn cũ được đóng, lập một thôn mới.",
            ),
            day_field("Sáp nhập từ ngày"),
        )
    )


def merge_note(seen: MergePreview) -> str:
    """What would go along, in one sentence."""
    counts = (
        (seen.households, "hộ"),
        (seen.citizens, "người"),
        (seen.clans, "dòng họ"),
        (seen.organizations, "đơn vị"),
        (seen.branches, "chi hội"),
    )
    along = ", ".join(f"{number_text(count)} {words}" for count, words in counts if count) or "chưa có hộ nào"
    forms = f" {number_text(seen.forms)} phiếu cộng đồng của các năm ở lại với tên cũ." if seen.forms else ""
    return f"Chuyển theo: {along}. Các năm trước vẫn xem được như cũ.{forms}"


def take_over_spec(context: Any) -> tuple[FormSpec, tuple[str, ...]]:
    """A former commune's name, its hamlets that are here without one, and names of those that are not; with the uids
    of the hamlets that are asked about."""
    from desktop_app.services.registry.unit_lists import hamlet_list

    rows = [row for row in hamlet_list(context).rows(0, 10_000) if not row.former_commune]
    fields = [
        Field("former_commune", "Tên xã, phường cũ", is_required=True, placeholder="Phú Hữu"),
        Field(
            "new_names",
            "Thôn, tổ chưa có trong sổ",
            "multiline",
            placeholder="Thôn 1",
            help="Mỗi dòng một tên.",
        ),
        *(
            Field(row.uid, row.name, "check", section="Thôn, tổ đã có, thuộc xã cũ này" if not place else "")
            for place, row in enumerate(rows)
        ),
    ]
    return FormSpec(tuple(fields)), tuple(row.uid for row in rows)


def clan_spec(context: Any, reveal_phone: Reveal | None = None) -> FormSpec:
    """The form of a clan."""
    return FormSpec(
        (
            Field("name", "Tên dòng họ", is_required=True, placeholder="Dòng họ Nguyễn Văn, thôn 3"),
            Field("surname", "Họ", width=160, placeholder="Nguyễn"),
            Field("hamlet", "Thôn, tổ", "choice", choices=tuple(choices.hamlets(context)), width=320),
            Field("leader", "Trưởng tộc", section="Liên hệ"),
            _phone(reveal_phone),
            Field("note", "Ghi chú", "multiline"),
        )
    )


def organization_spec(context: Any, reveal_phone: Reveal | None = None) -> FormSpec:
    """The form of an organization."""
    return FormSpec(
        (
            Field("name", "Tên đơn vị", is_required=True),
            Field("kind", "Loại", "choice", choices=_ORGANIZATION_KINDS, width=220),
            Field("code", "Mã", width=160),
            Field("hamlet", "Đóng ở thôn, tổ", "choice", choices=tuple(choices.hamlets(context)), width=320),
            Field("address", "Địa chỉ"),
            Field("leader", "Thủ trưởng", section="Liên hệ"),
            _phone(reveal_phone),
            Field("note", "Ghi chú", "multiline"),
        )
    )


def branch_spec(context: Any, reveal_phone: Reveal | None = None) -> FormSpec:
    """The form of a branch of the association."""
    return FormSpec(
        (
            Field("code", "Mã chi hội", width=200, help="Mã dùng khi khai trên trang của Hội Khuyến học Việt Nam."),
            Field("name", "Tên chi hội", is_required=True, placeholder="Chi hội khuyến học thôn 3"),
            Field("hamlet", "Của thôn, tổ", "choice", choices=tuple(choices.hamlets(context)), width=320),
            Field(
                "organization", "Hoặc của đơn vị", "choice", choices=tuple(choices.organizations(context)), width=400
            ),
            Field("leader", "Chi hội trưởng", section="Liên hệ"),
            _phone(reveal_phone),
        )
    )


def household_field(context: Any) -> FormSpec:
    """Choosing a household, for a clan."""
    return FormSpec(
        (
            Field(
                "household",
                "Hộ",
                "search",
                is_required=True,
                help=choices.HOUSEHOLD_HELP,
                find=choices.find_household(context),
                words_of=choices.words_of_household(context),
            ),
        )
    )


ROLE = Field("role", "Làm gì ở đây", placeholder="giáo viên, nhân viên, học sinh…")


def member_spec(context: Any) -> FormSpec:
    """Choosing a person and the role, for an organization."""
    return FormSpec(
        (
            Field(
                "citizen",
                "Người",
                "search",
                is_required=True,
                help=choices.CITIZEN_HELP,
                find=choices.find_citizen(context),
                words_of=choices.words_of_citizen(context),
            ),
            ROLE,
        )
    )


def role_spec() -> FormSpec:
    return FormSpec((ROLE,))
