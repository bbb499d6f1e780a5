"""Who gets a form, in which order, and what is refused in a sentence."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from desktop_app.models.types import CitizenGroup, LearningModel, Uid
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.rounds import open_round
from desktop_app.services.assessment.worklist import WorkStatus
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.paper.codes import find_by_code, form_code, parse_code, require_form
from desktop_app.services.paper.planning import PrintPlan, plan_print, preview
from desktop_app.services.paper.request import MOST_BLANKS, PaperOrder, PaperRequest
from tests.factories import add_household, make_register
from tests.services.paper.conftest import add_unit, change, hamlet_uid
from tests.services.paper.helpers import TWELVE

Homes = dict[str, tuple[Uid, list[Uid]]]
CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY


def names(plan: PrintPlan) -> list[str]:
    return [form.name for form in plan.forms]


def refused(context: Context, request: PaperRequest) -> UserError:
    with pytest.raises(UserError) as caught:
        plan_print(context, request)
    return caught.value


def test_forms_are_handed_out_hamlet_by_hamlet_household_by_household_in_the_order_of_the_household(
    register: Context, homes: Homes
) -> None:
    plan = plan_print(register, PaperRequest(2026))
    assert names(plan)[:4] == ["K'Tùng", "H'Hen Niê", "Nguyễn Văn Ước", "Nguyễn Thị Bé"]
    assert names(plan)[4:] == [f"Lò Thị {n}" for n in TWELVE]
    assert plan.forms[0].values == ("K'Tùng", "1961", "Thôn 1", "01-0002")
    assert plan.words == "16 phiếu, 32 trang"


def test_a_familys_form_lies_on_those_of_its_people(register: Context, homes: Homes) -> None:
    plan = plan_print(register, PaperRequest(2026, (FAMILY, CITIZEN), hamlets=(hamlet_uid(register, "Thôn 1"),)))
    assert [(form.model, form.name) for form in plan.forms] == [
        (FAMILY, "K'Tùng"), (CITIZEN, "K'Tùng"), (CITIZEN, "H'Hen Niê"),
        (FAMILY, "Nguyễn Văn Ước"), (CITIZEN, "Nguyễn Văn Ước"), (CITIZEN, "Nguyễn Thị Bé"),
    ]  # fmt: skip
    assert plan.forms[0].values == ("K'Tùng", "01-0002", "Thôn 1", "2")
    assert plan.detail == "2 phiếu gia đình, 4 phiếu công dân"


def test_one_household_of_twelve_and_one_person(register: Context, homes: Homes) -> None:
    household, members = homes["02-0001"]
    assert len(plan_print(register, PaperRequest(2026, household=household)).forms) == 12
    plan = plan_print(register, PaperRequest(2026, subjects=(members[4],)))
    assert names(plan) == ["Lò Thị Én"]


def test_by_name_and_by_kind_of_form(register: Context, homes: Homes) -> None:
    _, members = homes["02-0001"]
    change(register, "citizen", members[1], citizen_group="worker")
    only = hamlet_uid(register, "Thôn 2")
    change(register, "citizen", members[0], sort_name="Zí")
    by_name = plan_print(register, PaperRequest(2026, hamlets=(only,), order=PaperOrder.NAME))
    assert names(by_name)[-1] == "Lò Thị An"
    by_set = plan_print(register, PaperRequest(2026, hamlets=(only,), order=PaperOrder.SET))
    assert names(by_set)[-1] == "Lò Thị Ba"
    assert [len(share.stacks) for share in by_set.shares] == [2]
    assert by_set.shares[0].is_stacked


def test_a_unit_gives_forms_to_its_members_by_name(register: Context, homes: Homes) -> None:
    first, second = homes["01-0010"][1][0], homes["02-0001"][1][5]
    unit = add_unit(register, "Trường THPT Phú An", [first, second])
    add_unit(register, "Ủy ban nhân dân xã", [first])
    plan = plan_print(register, PaperRequest(2026, organization=unit, order=PaperOrder.ORGANIZATION))
    assert names(plan) == ["Lò Thị Gấm", "Nguyễn Văn Ước"]
    assert {share.place for share in plan.shares} == {"Trường THPT Phú An"}
    own = plan_print(register, PaperRequest(2026, (LearningModel.ORGANIZATION,), organization=unit))
    assert own.forms[0].values == ("Trường THPT Phú An", "2", "Phạm Thị Hiệu", "")


def test_each_person_gets_the_form_of_his_group(register: Context, homes: Homes) -> None:
    _, members = homes["02-0001"]
    for uid, group in zip(members, [*CitizenGroup], strict=False):
        change(register, "citizen", uid, citizen_group=group.value)
    plan = plan_print(register, PaperRequest(2026, household=homes["02-0001"][0]))
    keys = [plan.sets[form.set_id].definition.key for form in plan.forms[:4]]
    assert keys == ["citizen.resident", "citizen.worker", "citizen.official", "citizen.student"]
    students = plan_print(register, PaperRequest(2026, group=CitizenGroup.STUDENT))
    assert names(students) == ["Lò Thị Dần"]


def test_a_form_that_was_begun_keeps_its_set(register: Context, homes: Homes) -> None:
    person = homes["01-0010"][1][0]
    change(register, "citizen", person, citizen_group="worker")
    answer(register, CITIZEN, person, 2026, "1", 8)
    change(register, "citizen", person, citizen_group="official")
    plan = plan_print(register, PaperRequest(2026, subjects=(person,)))
    assert plan.sets[plan.forms[0].set_id].definition.key == "citizen.worker"


def test_the_dead_the_gone_and_the_young_get_none(register: Context, homes: Homes) -> None:
    dead, gone, *_ = homes["02-0001"][1]
    change(register, "citizen", dead, life_status="dead")
    change(register, "citizen", gone, life_status="moved")
    change(register, "citizen", homes["02-0001"][1][2], birth="2015")
    assert len(plan_print(register, PaperRequest(2026)).forms) == 13
    error = refused(register, PaperRequest(2026, subjects=(dead,)))
    assert error.code == "paper.empty"
    assert "phiếu trống" in error.message


def test_only_who_is_not_yet_scored_registered_or_found_by_words(register: Context, homes: Homes) -> None:
    person = homes["01-0010"][1][0]
    answer(register, CITIZEN, person, 2026, "1", 8)
    rest = plan_print(register, PaperRequest(2026, status=WorkStatus.NOT_STARTED))
    assert "Nguyễn Văn Ước" not in names(rest) and len(rest.forms) == 15
    assert names(plan_print(register, PaperRequest(2026, is_registered=True))) == ["Nguyễn Văn Ước"]
    assert names(plan_print(register, PaperRequest(2026, text="hen nie"))) == ["H'Hen Niê"]


def test_hamlets_of_one_name_say_which_commune_they_were_of(register: Context, homes: Homes) -> None:
    change(register, "hamlet", hamlet_uid(register, "Thôn 1"), former_commune="Tân Hòa")
    change(register, "hamlet", hamlet_uid(register, "Thôn 2"), name="Thôn 1", former_commune="Phú Lâm")
    plan = plan_print(register, PaperRequest(2026))
    assert {form.values[2] for form in plan.forms} == {"Thôn 1 (Tân Hòa cũ)", "Thôn 1 (Phú Lâm cũ)"}
    assert len(plan.shares) == 2
    own = plan_print(register, PaperRequest(2026, (LearningModel.COMMUNITY,)))
    assert {form.values[::3] for form in own.forms} == {("Thôn 1", "Tân Hòa"), ("Thôn 1", "Phú Lâm")}


@pytest.mark.parametrize("model", [FAMILY, LearningModel.COMMUNITY, LearningModel.COMMUNE])
def test_every_other_model_has_its_forms(register: Context, homes: Homes, model: LearningModel) -> None:
    plan = plan_print(register, PaperRequest(2026, (model,)))
    expected = {FAMILY: 3, LearningModel.COMMUNITY: 2, LearningModel.COMMUNE: 1}
    assert len(plan.forms) == expected[model]
    assert all(form.values[0] for form in plan.forms)


def test_a_printed_code_leads_back_to_whom_it_was_printed_for(register: Context, homes: Homes) -> None:
    plan = plan_print(register, PaperRequest(2026, (FAMILY, CITIZEN)))
    with register.read() as connection:
        for form in plan.forms:
            code = parse_code(form.qr)
            require_form(code, year=2026, set_key=plan.sets[form.set_id].definition.key)
            assert code.digits == form.code == form_code(form.uid)
            assert find_by_code(connection, code, form.model) == (form.uid,)


def test_blank_forms_of_each_group_need_nobody(register: Context) -> None:
    plan = plan_print(register, PaperRequest(2026, subjects=(), blanks=5))
    assert (len(plan.forms), len(plan.blanks)) == (0, 20)
    assert plan.words == "20 phiếu, 40 trang"
    one = plan_print(register, PaperRequest(2026, group=CitizenGroup.WORKER, subjects=(), blanks=5))
    assert len(one.blanks) == 5
    clan = plan_print(register, PaperRequest(2026, (LearningModel.CLAN,), blanks=3))
    assert len(clan.blanks) == 3


def test_what_cannot_be_printed_is_said_in_a_sentence(register: Context) -> None:
    assert refused(register, PaperRequest(2026)).code == "paper.empty"
    assert "Hãy chọn rộng hơn" in refused(register, PaperRequest(2026, (LearningModel.CLAN,))).message
    assert refused(register, PaperRequest(2031)).code == "round.unknown"
    assert refused(register, PaperRequest(2026, blanks=MOST_BLANKS + 1)).code == "paper.blanks"
    assert refused(register, PaperRequest(2026, has_forms=False)).code == "paper.nothing_chosen"
    assert refused(register, PaperRequest(2026, stack_size=0)).code == "paper.stack_size"


def test_more_than_one_file_can_hold_is_refused(
    register: Context, homes: Homes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_app.services.paper.request.MOST_FORMS", 15)
    for request in (PaperRequest(2026), PaperRequest(2026, group=CitizenGroup.RESIDENT), PaperRequest(2026, blanks=4)):
        error = refused(register, request)
        assert error.code == "paper.too_many"
        assert "16 phiếu" in error.message


def test_a_preview_is_the_beginning_of_the_print(register: Context, homes: Homes) -> None:
    plan = plan_print(register, PaperRequest(2026, blanks=3))
    begun = preview(plan)
    assert begun.forms == plan.forms[:10][: len(begun.forms)] and begun.forms
    assert len(begun.blanks) == 4
    whole = plan_print(register, PaperRequest(2026, has_covers=True))
    assert preview(whole).shares == whole.shares[:1]


def test_no_number_of_an_identity_card_and_no_phone_gets_into_a_plan(register: Context, homes: Homes) -> None:
    change(register, "citizen", homes["01-0002"][1][0], cccd="079184001319", phone="0912345678")
    plan = plan_print(register, PaperRequest(2026, has_assignments=True))
    assert "079184001319" not in repr(plan)
    without_codes = re.sub(r"\b(?:[0-9a-f]{32}|[0-9]{13})\b", "", repr(plan))  # random ones may hold the four by chance
    assert "1319" not in without_codes
    assert "0912345678" not in repr(plan)


def test_a_register_of_its_own_office_name_says_it_on_the_form(tmp_path_factory: pytest.TempPathFactory) -> None:
    context = make_register(tmp_path_factory.mktemp("so2"))
    add_household(context)
    plan = plan_print(context, PaperRequest(2026))
    context.close()
    assert plan.head.office_lines[0] == "ỦY BAN NHÂN DÂN"
    assert plan.head.keeper.startswith("Ủy ban nhân dân xã")


def test_what_stays_out_of_the_round_gets_no_form(register: Context, homes: Homes) -> None:
    from desktop_app.models.tables.assessment import assessment_round, round_set
    from desktop_app.services.assessment.keys import round_set_uid

    members = homes["01-0010"][1]
    for uid, group in zip(members, ("worker", "student"), strict=True):
        change(register, "citizen", uid, citizen_group=group)
    with register.operation("round.edit", {"year": 2026}) as op:
        key = op.connection.execute(select(assessment_round.c.id)).scalar_one()
        for model, group in (("citizen", "student"), ("family", None)):
            values = {"assessment_round_id": key, "model": model, "citizen_group": group, "is_taking_part": False}
            op.writer.insert(round_set, values, uid=round_set_uid(2026, LearningModel(model), group))
    plan = plan_print(register, PaperRequest(2026, household=homes["01-0010"][0], blanks=1))
    assert names(plan) == ["Nguyễn Văn Ước"]
    assert len(plan.blanks) == 3
    assert refused(register, PaperRequest(2026, (FAMILY,))).code == "round.not_taking_part"
    assert refused(register, PaperRequest(2026, group=CitizenGroup.STUDENT)).code == "round.not_taking_part"


def test_families_by_name_follow_their_heads_and_people_without_a_unit_come_last(
    register: Context, homes: Homes
) -> None:
    by_name = plan_print(register, PaperRequest(2026, (FAMILY,), order=PaperOrder.NAME))
    assert names(by_name) == ["K'Tùng", "Nguyễn Văn Ước", "Lò Thị An"]
    add_unit(register, "Trường THPT Phú An", [homes["02-0001"][1][3]])
    by_unit = plan_print(register, PaperRequest(2026, order=PaperOrder.ORGANIZATION))
    assert [share.place for share in by_unit.shares] == ["Trường THPT Phú An", "Thôn 1", "Thôn 2"]


def test_a_round_that_is_past_gives_forms_to_who_was_here_then(register: Context, homes: Homes) -> None:
    open_round(register, 2020)
    change(register, "citizen", homes["01-0010"][1][0], life_status="dead", status_date="2022-05-01")
    past = plan_print(register, PaperRequest(2020, household=homes["01-0010"][0]))
    assert names(past) == ["Nguyễn Văn Ước", "Nguyễn Thị Bé"]
    assert all(form.qr.startswith("SHT:2020:") for form in past.forms)
    assert names(plan_print(register, PaperRequest(2026, household=homes["01-0010"][0]))) == ["Nguyễn Thị Bé"]
