"""The questions about a household: where, its code, of which kind.

Invariant: fields are those of ``services.registry.validation.HOUSEHOLD``; every rule is the service's.
"""

from __future__ import annotations

from typing import Any

from desktop_app.models.types import Poverty
from desktop_app.services.registry.words import POVERTY
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.citizen_forms import RELATIONS
from desktop_app.ui.registry.person_deed_forms import day_field
from desktop_app.ui.widgets.form_spec import Field, FormSpec

_POVERTY = tuple((value.value, POVERTY[value]) for value in Poverty)


def household_spec(context: Any, *, is_new: bool = False) -> FormSpec:
    """The form of a household."""
    code_help = "Để trống thì dùng mã kế tiếp của thôn." if is_new else ""
    fields = [
        Field(
            "hamlet",
            "Thôn, tổ",
            "choice",
            is_required=True,
            choices=tuple(choices.hamlets(context)),
            width=320,
            help="" if is_new else "Chỉ sửa khi ghi nhầm; hộ chuyển thôn thì dùng “Chuyển sang thôn khác”.",
        ),
        Field("code", "Mã hộ", width=200, help=code_help),
        Field("address", "Địa chỉ"),
        Field("poverty", "Diện hộ", "choice", choices=_POVERTY, width=240),
    ]
    if not is_new:
        fields += [
            Field("valid_from", "Có trong sổ từ", "date", placeholder="08/05/2026", section="Thời gian"),
            Field("valid_to", "Không còn từ", "date", placeholder="08/05/2026", help="Khi hộ không còn ai ở xã."),
        ]
    fields.append(Field("note", "Ghi chú", "multiline"))
    return FormSpec(tuple(fields))


def relation_spec() -> FormSpec:
    return FormSpec((Field("relation", "Quan hệ với chủ hộ", placeholder=RELATIONS),))


def bring_spec(context: Any) -> FormSpec:
    """Bringing a person who is in the register already into a household."""
    return FormSpec(
        (
            Field(
                "citizen",
                "Người chuyển đến",
                "search",
                is_required=True,
                help=choices.CITIZEN_HELP,
                find=choices.find_citizen(context),
                words_of=choices.words_of_citizen(context),
            ),
            Field("relation", "Quan hệ với chủ hộ", placeholder=RELATIONS),
            day_field(),
        )
    )


def clan_spec(context: Any) -> FormSpec:
    """Choosing a clan for a household."""
    return FormSpec(
        (
            Field(
                "clan",
                "Dòng họ",
                "search",
                is_required=True,
                find=choices.find_clan(context),
                words_of=choices.words_of_clan(context),
            ),
        )
    )
