"""The questions of the screen: whose forms, for whom, in which order, what goes with them.

Invariant: ``request_of`` turns the answers into one request, and says in words what is missing; nothing is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.worklist import WORK_STATUS_TEXT, WorkStatus
from desktop_app.services.errors import UserError
from desktop_app.services.paper.request import MOST_BLANKS, ORDER_TEXT, STACK_SIZE, PaperOrder, PaperRequest
from desktop_app.ui.paper.start import PaperStart
from desktop_app.ui.registry import choices
from desktop_app.ui.registry.cells import LIST_GROUPS
from desktop_app.ui.widgets.form_spec import Field, FormSpec

Models = tuple[LearningModel, ...]
CITIZENS: Models = (LearningModel.CITIZEN,)
FAMILIES: Models = (LearningModel.FAMILY,)
TOGETHER: Models = (LearningModel.FAMILY, LearningModel.CITIZEN)
KINDS: tuple[tuple[Models, str], ...] = (
    (CITIZENS, "Công dân"),
    (FAMILIES, "Gia đình"),
    (TOGETHER, "Gia đình và công dân, theo từng hộ"),
    ((LearningModel.CLAN,), "Dòng họ"),
    ((LearningModel.COMMUNITY,), "Thôn, tổ dân phố"),
    ((LearningModel.ORGANIZATION,), "Đơn vị"),
    ((LearningModel.COMMUNE,), "Cấp xã"),
)

ALL, HAMLETS, HOUSEHOLD, ORGANIZATION, ONE, NOBODY = "all", "hamlets", "household", "organization", "one", "nobody"
SCOPES: tuple[tuple[str, str], ...] = (
    (ALL, "Tất cả trong xã"),
    (HAMLETS, "Một hay vài thôn"),
    (HOUSEHOLD, "Một hộ"),
    (ORGANIZATION, "Một đơn vị"),
    (ONE, "Một người"),
    (NOBODY, "Không ghi tên (phiếu trống)"),
)
_ONE_TEXT = {LearningModel.CLAN: "Một dòng họ"}
_SCOPES_OF: dict[Models, tuple[str, ...]] = {
    CITIZENS: (ALL, HAMLETS, HOUSEHOLD, ORGANIZATION, ONE, NOBODY),
    FAMILIES: (ALL, HAMLETS, HOUSEHOLD, NOBODY),
    TOGETHER: (ALL, HAMLETS, HOUSEHOLD, NOBODY),
    (LearningModel.CLAN,): (ALL, HAMLETS, ONE, NOBODY),
    (LearningModel.COMMUNITY,): (ALL, HAMLETS, NOBODY),
    (LearningModel.ORGANIZATION,): (ALL, HAMLETS, ORGANIZATION, NOBODY),
    (LearningModel.COMMUNE,): (ALL, NOBODY),
}
DEFAULT_BLANKS = 20


def scopes_of(models: Models) -> list[tuple[str, str]]:
    """For whom forms of these models may be printed."""
    words = dict(SCOPES)
    return [
        (scope, _ONE_TEXT.get(models[0], words[scope]) if scope == ONE else words[scope])
        for scope in _SCOPES_OF[models]
    ]


def who_spec(context: Any) -> FormSpec:
    """Whose forms, and for whom."""
    groups = [(None, "Tất cả các nhóm"), *((group, LIST_GROUPS[group]) for group in CitizenGroup)]
    return FormSpec((
        Field("models", "Phiếu", "choice", choices=KINDS, width=340),
        Field("group", "Nhóm công dân", "choice", choices=groups, width=340),
        Field("scope", "In cho", "choice", choices=SCOPES, width=340),
        Field("household", "Hộ", "search", find=choices.find_household(context),
              words_of=choices.words_of_household(context), help=choices.HOUSEHOLD_HELP, width=340),
        Field("organization", "Đơn vị", "choice", choices=choices.organizations(context), width=340),
        Field("citizen", "Người", "search", find=choices.find_citizen(context),
              words_of=choices.words_of_citizen(context), help=choices.CITIZEN_HELP, width=340),
        Field("clan", "Dòng họ", "search", find=choices.find_clan(context), words_of=choices.words_of_clan(context),
              width=340),
    ))  # fmt: skip


def how_spec() -> FormSpec:
    """What narrows the list, the order, what goes with the forms."""
    statuses = [(None, "Bất kể đã chấm hay chưa"), *((status, WORK_STATUS_TEXT[status]) for status in WorkStatus)]
    orders = [(order, ORDER_TEXT[order]) for order in PaperOrder]
    return FormSpec((
        Field("status", "Chấm đến đâu", "choice", choices=statuses, width=340),
        Field("is_registered", "Chỉ ai đã đăng ký danh hiệu", "check"),
        Field("text", "Tên hoặc mã hộ có chữ", max_length=100, width=340),
        Field("order", "Xếp theo", "choice", choices=orders, width=340),
        Field("blanks", "Thêm phiếu trống, mỗi loại", "integer", minimum=0, maximum=MOST_BLANKS),
        Field("has_forms", "In phiếu", "check", section="Trong tệp có gì"),
        Field("has_covers", "Kèm bìa cho mỗi tập phiếu", "check"),
        Field("stack_size", "Số phiếu nhiều nhất một tập", "integer", minimum=1, maximum=500),
        Field("has_assignments", "Kèm phiếu giao việc", "check"),
        Field("collectors", "Người đi thu", max_length=300, width=340,
              help="Nhiều người thì cách nhau bằng dấu phẩy; phiếu mỗi thôn được chia đều. Bỏ trống để viết tay."),
        Field("is_two_sided", "In hai mặt: mỗi phiếu bắt đầu ở tờ mới", "check"),
        Field("has_all_levels", "In đủ mọi mức gợi ý (có thể thêm tờ)", "check",
              help="Bỏ trống thì mỗi phiếu vừa một tờ; mức nào không in được nói ngay đầu phiếu."),
    ))  # fmt: skip


def first_answers(start: PaperStart, remembered: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the fields when the screen opens."""
    models = start.models if start.models in dict(KINDS) else CITIZENS
    wanted = start.filter
    scope = HAMLETS if wanted.hamlet else ALL
    if start.household:
        scope = HOUSEHOLD
    elif start.organization:
        scope = ORGANIZATION
    elif start.subject:
        scope = ONE
    is_clan = models == (LearningModel.CLAN,)
    return {
        "models": models,
        "group": wanted.group,
        "scope": scope if scope in _SCOPES_OF[models] else ALL,
        "household": start.household,
        "organization": start.organization,
        "citizen": None if is_clan else start.subject,
        "clan": start.subject if is_clan else None,
        "status": wanted.status,
        "is_registered": wanted.is_registered,
        "text": wanted.text,
        "order": PaperOrder.ORGANIZATION if start.organization else PaperOrder.HOUSEHOLD,
        "blanks": 0,
        "has_forms": True,
        "has_covers": False,
        "stack_size": STACK_SIZE,
        "has_assignments": False,
        "collectors": "",
        "is_two_sided": True,
        "has_all_levels": False,
        **remembered,
    }


_ENUMS = {"group": CitizenGroup, "status": WorkStatus, "order": PaperOrder}


def typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Answers with their enums: a combo box gives back plain texts."""
    found = {key: _ENUMS[key](value) if key in _ENUMS and value else value for key, value in values.items()}
    found["models"] = tuple(LearningModel(model) for model in values.get("models") or CITIZENS)
    return found


def is_shown(key: str, values: Mapping[str, Any]) -> bool:
    """Whether a question makes sense beside the other answers."""
    models, scope = values.get("models") or CITIZENS, values.get("scope")
    citizens, clans = LearningModel.CITIZEN in models, LearningModel.CLAN in models
    named = scope != NOBODY
    many = scope in (ALL, HAMLETS, ORGANIZATION) and models[0] is not LearningModel.COMMUNE
    shown = {
        "group": citizens and scope != ONE,
        "household": scope == HOUSEHOLD,
        "organization": scope == ORGANIZATION,
        "citizen": scope == ONE and citizens,
        "clan": scope == ONE and clans,
        "status": many,
        "is_registered": many,
        "text": many,
        "order": many and models in (CITIZENS, FAMILIES),
        "has_forms": named,
        "has_covers": named,
        "stack_size": named and bool(values.get("has_covers")),
        "has_assignments": named,
        "collectors": named and bool(values.get("has_covers") or values.get("has_assignments")),
    }
    return shown.get(key, True)


def request_of(year: int, values: Mapping[str, Any], hamlets: tuple[Uid, ...]) -> PaperRequest:
    """The print that is asked for.

    Raises:
        UserError: ``paper.hamlets_missing``, ``paper.subject_missing``.
    """
    shown = {key: value for key, value in values.items() if is_shown(key, values)}
    scope, models = values["scope"], values["models"]
    if scope == HAMLETS and not hamlets:
        raise UserError("Chưa chọn thôn nào; hãy đánh dấu ít nhất một thôn.", code="paper.hamlets_missing")
    if scope in _ASKED and not any(shown.get(key) for key in _ASKED[scope]):
        raise UserError(_MISSING[scope], code="paper.subject_missing")
    subject = shown.get("citizen") or shown.get("clan")
    is_named = scope != NOBODY
    only: tuple[Uid, ...] | None = (str(subject),) if scope == ONE else None
    return PaperRequest(
        year=year,
        models=models,
        group=shown.get("group"),
        hamlets=hamlets if scope == HAMLETS else (),
        household=shown.get("household"),
        organization=shown.get("organization"),
        subjects=only if is_named else (),
        status=shown.get("status"),
        is_registered=bool(shown.get("is_registered")),
        text=str(shown.get("text") or ""),
        order=shown.get("order") or PaperOrder.HOUSEHOLD,
        blanks=values.get("blanks") or (0 if is_named else DEFAULT_BLANKS),
        has_forms=bool(values.get("has_forms")) or not is_named,
        has_covers=bool(shown.get("has_covers")),
        has_assignments=bool(shown.get("has_assignments")),
        stack_size=values.get("stack_size") or STACK_SIZE,
        collectors=names_of(str(shown.get("collectors") or "")),
        is_two_sided=bool(values.get("is_two_sided")),
        has_all_levels=bool(values.get("has_all_levels")),
    )


_ASKED = {HOUSEHOLD: ("household",), ORGANIZATION: ("organization",), ONE: ("citizen", "clan")}
_MISSING = {
    HOUSEHOLD: "Chưa chọn hộ; hãy gõ mã hộ hoặc tên một người trong hộ rồi chọn trong danh sách.",
    ORGANIZATION: "Chưa chọn đơn vị; hãy chọn trong danh sách.",
    ONE: "Chưa chọn in cho ai; hãy gõ tên rồi chọn trong danh sách.",
}


def names_of(text: str) -> tuple[str, ...]:
    """Names parted by commas or semicolons, each once."""
    parts = (" ".join(part.split()) for part in text.replace(";", ",").split(","))
    return tuple(dict.fromkeys(part for part in parts if part))
