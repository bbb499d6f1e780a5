"""The deeds of a household as forms: split, join, another head, another hamlet, out of the commune and back, newcomers.

Invariant: a form asks, the service decides; every form has the day of the deed, blank for today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from desktop_app.models.records import HouseholdDetail, Member, SaveResult
from desktop_app.models.types import LifeStatus
from desktop_app.ui.registry import choices, citizen_forms, household_forms
from desktop_app.ui.registry.form_pane import FormTask, Values
from desktop_app.ui.registry.person_deed_forms import day_field, household_field
from desktop_app.ui.widgets.form_spec import Field, FormSpec

Saved = Callable[[str, SaveResult], None]
"""(what to say, the service's result)."""

PAST_HELP = "Chỉ gõ năm thì là ngày cuối năm ấy."
_HERE = (LifeStatus.LIVING, LifeStatus.AWAY)
_STAYS = ("stay", "Ở lại hộ cũ")
_HEAD = ("Chủ hộ", "Sang hộ mới, làm chủ hộ")
_RELATIONS = (
    "Vợ", "Chồng", "Con", "Con dâu", "Con rể", "Cháu", "Bố", "Mẹ", "Ông", "Bà", "Anh", "Chị", "Em",
)  # fmt: skip
_SPLIT = (_STAYS, _HEAD, *((word, f"Sang hộ mới, là {word.lower()}") for word in _RELATIONS), ("?", "Sang hộ mới"))


def here(record: HouseholdDetail) -> tuple[Member, ...]:
    """Who lives in the household now or is away for a time."""
    return tuple(member for member in record.members if member.life in _HERE)


def _task(
    title: str,
    fields: list[Field],
    values: Values,
    save: Callable[[Values], SaveResult],
    said: str,
    saved: Saved,
    verb: str,
    note: str = "",
) -> FormTask:
    return FormTask(
        title,
        FormSpec(tuple(fields)),
        values,
        save=save,
        on_saved=lambda result, typed: saved(said, result),
        is_new=True,
        save_text=verb,
        note=note,
    )


def split_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """Who goes, as what; who heads the old household then; the new one's code and place."""
    from desktop_app.services.moves.household_deeds import SplitPlan, split_household

    members = here(record)

    def save(values: Values) -> SaveResult:
        going = {m.uid: values[m.uid] for m in members if values.get(m.uid) not in (None, _STAYS[0])}
        heads = [uid for uid, word in going.items() if word == _HEAD[0]]
        plan = SplitPlan(
            tuple(going), heads[0] if heads else "", {u: w for u, w in going.items() if w not in ("?", _HEAD[0])},
            code=values.get("code"), hamlet=values.get("hamlet") or None, address=values.get("address"),
            new_head=values.get("new_head") or None,
        )  # fmt: skip
        return split_household(context, record.uid, plan, on=values.get("on"))

    fields = [
        Field(
            m.uid,
            _member_words(m),
            "choice",
            choices=_SPLIT,
            section="Ai tách ra, là gì ở hộ mới" if not i else "",
        )
        for i, m in enumerate(members)
    ]
    fields += [
        Field(
            "new_head", "Chủ hộ mới của hộ cũ", "choice", choices=_people(members),
            help="Chỉ khi chủ hộ cũ cũng tách ra.",
        ),
        Field("code", "Mã hộ mới", width=200, help="Để trống: mã kế tiếp của thôn.", section="Hộ mới"),
        Field("hamlet", "Thôn, tổ", "choice", choices=tuple(choices.hamlets(context)), width=320),
        Field("address", "Địa chỉ", help="Để trống: như hộ cũ."),
        day_field("Tách từ ngày"),
    ]  # fmt: skip
    first: dict[str, Any] = dict.fromkeys((member.uid for member in members), _STAYS[0])
    first["hamlet"] = record.hamlet.uid if record.hamlet is not None else None
    return _task(f"Tách hộ từ {name}", fields, first, save, "Đã tách hộ; hộ mới đang hiện bên này.", saved, "Tách hộ")


def join_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """Into which household, and what each is to its head."""
    from desktop_app.services.moves.household_deeds import join_households

    members = here(record)

    def save(values: Values) -> SaveResult:
        relations = {member.uid: values.get(member.uid) for member in members}
        return join_households(context, record.uid, values["household"], relations=relations, on=values.get("on"))

    fields = [household_field(context, "Nhập vào hộ"), *_relation_fields(members, {}, "Quan hệ với chủ hộ ấy")]
    fields.append(day_field())
    note = f"Cả {len(members)} người sang hộ kia; hộ này được đóng và vẫn xem lại được."
    return _task(f"Nhập {name} vào hộ khác", fields, {}, save, "Đã nhập hộ.", saved, "Nhập hộ", note)


def head_task(context: Any, record: HouseholdDetail, chosen: Member, saved: Saved) -> FormTask:
    """The others' relations to the new head, proposed where they are sure."""
    from desktop_app.services.moves.household_deeds import change_head
    from desktop_app.services.moves.household_parts import propose_relations

    members = tuple(member for member in here(record) if member.uid != chosen.uid)
    proposed = propose_relations(context, record.uid, chosen.uid)

    def save(values: Values) -> SaveResult:
        relations = {member.uid: values.get(member.uid) for member in members if values.get(member.uid)}
        return change_head(context, record.uid, chosen.uid, relations=relations, on=values.get("on"))

    fields = [*_relation_fields(members, proposed, f"Quan hệ với {chosen.name}"), day_field()]
    title = f"{chosen.name} làm chủ hộ"
    note = "Chương trình đề xuất quan hệ đã rõ; hãy xem lại từng người."
    first = {member.uid: proposed.get(member.uid, "") for member in members}
    said = f"Chủ hộ nay là {chosen.name}."
    return _task(title, fields, first, save, said, saved, "Đổi chủ hộ", note if members else "")


def place_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """To which hamlet, and the address there."""
    from desktop_app.services.moves.household_deeds import move_household

    def save(values: Values) -> SaveResult:
        return move_household(
            context, record.uid, values["hamlet"], address=values.get("address"), code=values.get("code"),
            on=values.get("on"),
        )  # fmt: skip

    other = [choice for choice in choices.hamlets(context) if record.hamlet is None or choice[0] != record.hamlet.uid]
    fields = [
        Field("hamlet", "Chuyển đến thôn, tổ", "choice", is_required=True, choices=tuple(other), width=320),
        Field("address", "Địa chỉ mới"),
        Field("code", "Mã hộ mới", width=200, help=f"Để trống: giữ mã {record.code}." if record.code else ""),
        day_field(),
    ]
    note = "Mọi người trong hộ đi theo; các năm trước vẫn ở thôn cũ."
    return _task(f"Chuyển {name} sang thôn khác", fields, {}, save, "Đã chuyển hộ.", saved, "Chuyển thôn", note)


def leave_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """Where to and when the whole household leaves the commune."""
    from desktop_app.services.moves.household_deeds import household_leaves

    def save(values: Values) -> SaveResult:
        return household_leaves(context, record.uid, place=values.get("place"), on=values.get("on"))

    fields = [Field("place", "Chuyển đến đâu", placeholder="tỉnh Đồng Nai, xã Hòa Bình…"), day_field()]
    note = f"{len(here(record))} người được ghi đã chuyển đi; hộ được đóng và có thể ghi trở về."
    return _task(f"Cả {name} chuyển khỏi xã", fields, {}, save, "Đã ghi hộ chuyển khỏi xã.", saved, "Ghi nhận", note)


def back_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """Who comes back with a closed household, and where to."""
    from desktop_app.services.moves.household_deeds import household_returns

    gone = tuple(member for member in record.members if member.life is LifeStatus.MOVED)

    def save(values: Values) -> SaveResult:
        members = tuple(member.uid for member in gone if values.get(member.uid))
        hamlet, day = values.get("hamlet") or None, values.get("on")
        return household_returns(
            context, record.uid, members=members, hamlet=hamlet, address=values.get("address"), on=day
        )

    fields = [Field(m.uid, _member_words(m), "check", section="Ai trở về" if not i else "") for i, m in enumerate(gone)]
    fields += [
        Field("hamlet", "Về thôn, tổ", "choice", choices=tuple(choices.hamlets(context)), width=320, section="Về đâu"),
        Field("address", "Địa chỉ", help="Chỉ khi về thôn khác."),
        day_field("Về từ ngày"),
    ]
    first: dict[str, Any] = {member.uid: True for member in gone}
    first["hamlet"] = record.hamlet.uid if record.hamlet is not None else None
    return _task(f"{name[:1].upper()}{name[1:]} trở về", fields, first, save, "Đã ghi hộ trở về.", saved, "Ghi nhận")


def newcomer_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """A person who was born here or came from elsewhere on a day: not there before it."""
    from desktop_app.services.moves.deeds import add_newcomer
    from desktop_app.services.registry import citizens

    def person(values: Values) -> dict[str, object]:
        return {key: value for key, value in values.items() if key not in ("how", "on", "place")}

    def save(values: Values) -> SaveResult:
        return add_newcomer(
            context, record.uid, person(values), on=values.get("on"), place=values.get("place"),
            is_born_here=values.get("how") == "born",
        )  # fmt: skip

    def check(values: Values) -> SaveResult:
        found = citizens.check(context, None, {**person(values), "household": record.uid})
        return SaveResult(None, found.errors, tuple(i for i in found.warnings if i.code != "relation.head"))

    spec = citizen_forms.citizen_spec(context, asks_household=False)
    kept = tuple(field for field in spec.fields if field.key not in ("life_status", "status_date"))
    how = (("came", "Từ nơi khác đến ở"), ("born", "Mới sinh"))
    fields = (
        Field("how", "Vì sao mới có", "choice", is_required=True, choices=how, section="Mới đến hay mới sinh"),
        day_field("Ở hộ từ ngày"),
        Field("place", "Từ đâu đến", placeholder="tỉnh Cà Mau, xã Hòa Bình…"),
        *kept,
    )
    return FormTask(
        f"Người mới của {name}",
        FormSpec(fields),
        {"how": "came"},
        save=save,
        check=check,
        on_saved=lambda result, typed: saved("Đã thêm người vào hộ.", result),
        is_new=True,
        note="Người vốn ở hộ này từ trước mà sót tên thì dùng “Thêm người”.",
    )


def member_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """A person who always lived here and was only forgotten."""
    from desktop_app.services.registry import citizens

    def check(values: Values) -> SaveResult:
        return citizens.check(context, None, {**values, "household": record.uid})

    return FormTask(
        f"Thêm người vào {name}",
        citizen_forms.citizen_spec(context, asks_household=False),
        citizen_forms.first_values({}),
        save=lambda values: citizens.add_member(context, record.uid, values),
        check=check,
        on_saved=lambda result, typed: saved("Đã thêm người vào hộ.", SaveResult(record.uid)),
        is_new=True,
        note="Người mới sinh hay mới đến thì dùng “Ghi người mới sinh, mới đến” để có ngày.",
    )


def bring_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """A person who is in the register already comes into this household."""
    from desktop_app.services.moves.deeds import move_member

    def save(values: Values) -> SaveResult:
        return move_member(context, values["citizen"], record.uid, relation=values.get("relation"), on=values.get("on"))

    fields = list(household_forms.bring_spec(context).fields)
    said = "Đã chuyển người đến hộ này."
    return _task(f"Chuyển người đến {name}", fields, {}, save, said, saved, "Chuyển đến")


def clan_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """The household joins a clan."""
    from desktop_app.services.registry.memberships import join_clan

    def save(values: Values) -> SaveResult:
        return join_clan(context, values["clan"], record.uid)

    fields = list(household_forms.clan_spec(context).fields)
    return _task(f"Thêm {name} vào dòng họ", fields, {}, save, "Đã thêm hộ vào dòng họ.", saved, "Cất")


def relations_task(context: Any, record: HouseholdDetail, name: str, saved: Saved) -> FormTask:
    """What everybody is to the head, in one form: after a new head these are to be looked at."""
    from desktop_app.services.moves.household_parts import save_relations

    members = tuple(member for member in here(record) if not member.is_head)

    def save(values: Values) -> SaveResult:
        return save_relations(context, record.uid, {member.uid: values.get(member.uid) for member in members})

    head = record.head.name if record.head is not None else ""
    fields = [
        Field(m.uid, _born(m), placeholder=citizen_forms.RELATIONS, section=f"Quan hệ với {head}" if not i else "")
        for i, m in enumerate(members)
    ]
    first = {member.uid: member.relation for member in members}
    return _task(f"Quan hệ trong {name}", fields, first, save, "Đã cất quan hệ trong hộ.", saved, "Cất")


def past_task(context: Any, record: HouseholdDetail, name: str, show: Callable[[str], object]) -> FormTask:
    """Who lived in the household on a day, and where it stood; nothing is changed."""
    from desktop_app.services.moves.as_of_words import household_words_on

    found: list[str] = []

    def look(values: Values) -> SaveResult:
        words, issue = household_words_on(context, record.uid, values.get("on"))
        found[:] = [words]
        return SaveResult(record.uid) if issue is None else SaveResult(None, (issue,))

    fields = [Field("on", "Vào ngày", "date", is_required=True, placeholder="31/12/2025", help=PAST_HELP)]
    return FormTask(
        f"Xem {name} vào một ngày trước",
        FormSpec(tuple(fields)),
        {},
        save=look,
        on_saved=lambda result, typed: show(found[0]),
        is_new=True,
        save_text="Xem",
        note="Chỉ xem, không đổi gì. Đợt của năm trước tính theo hộ như ngày ấy.",
    )


def _relation_fields(members: tuple[Member, ...], proposed: Mapping[str, str], section: str) -> list[Field]:
    return [
        Field(
            m.uid,
            m.name,
            placeholder=citizen_forms.RELATIONS,
            section=section if not i else "",
            help="" if proposed.get(m.uid) or not m.relation else f"Với chủ hộ cũ: {m.relation.lower()}.",
        )
        for i, m in enumerate(members)
    ]


def _people(members: tuple[Member, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((member.uid, _member_words(member)) for member in members)


def _born(member: Member) -> str:
    return " · ".join(part for part in (member.name, member.birth[-4:]) if part)


def _member_words(member: Member) -> str:
    return " · ".join(part for part in (member.name, member.relation, member.birth[-4:]) if part)
