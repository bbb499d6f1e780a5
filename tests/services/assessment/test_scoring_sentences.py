"""What people read: the sentence and the chip, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from desktop_app.services.assessment.scoring import evaluate
from desktop_app.services.assessment.verdict import sentence, share_text, short_verdict
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.facts import FactValue
from desktop_app.services.criteria.loader import get_set
from desktop_app.services.criteria.overrides import confirmed, customised

FAMILIES = "clan.families_with_title_share"
MEMBERS = "organization.members_with_title_share"
RESIDENT = get_set("citizen.resident")
CLAN = [18, 14, 14, 18, 10, 10]


def said(definition: CriteriaSet, scores: list[Any], **facts: FactValue) -> tuple[str, str]:
    counted = {key.replace("__", "."): fact for key, fact in facts.items()}
    verdict = evaluate(definition, dict(zip(definition.by_code, scores, strict=False)), counted)
    return short_verdict(definition, verdict), sentence(definition, verdict)


@pytest.mark.parametrize(
    ("scores", "chip", "text"),
    [
        (
            [9, 8, 8, 9, 8, 4, 8, 8, 8, 8],
            "CS6 < 5",
            "Chưa đạt: 78/80 điểm; chỉ số 6 được 4, phải từ 5. Nếu chỉ số 6 lên 6 điểm thì đạt.",
        ),
        ([9, 8, 8, 9, 8, 9, 8, 8, 8, 8], "Đạt", "Đạt: 83/100 điểm, không chỉ số nào dưới 5."),
        (
            [9, 8, 8, 9, 8, 4, 7],
            "CS6 < 5",
            "Chưa đạt: 53/80 điểm; chỉ số 6 được 4, phải từ 5; còn 3 chỉ số chưa chấm (8, 9, 10), cần thêm ít nhất "
            "27 điểm. Nếu chỉ số 6 lên 5 điểm và ba chỉ số còn lại từ 9 điểm trở lên thì đạt.",
        ),
        (
            [9, 8, 8, 9, 8, 6, 7],
            "còn 3",
            "Chưa đủ: 55/80 điểm, còn 3 chỉ số chưa chấm (8, 9, 10); cần thêm ít nhất 25 điểm. "
            "Nếu ba chỉ số còn lại từ 9 điểm trở lên thì đạt.",
        ),
        (
            [10] * 9,
            "còn 1",
            "Chưa đủ: đã có 90/100 điểm, còn 1 chỉ số chưa chấm (10); cần thêm ít nhất 5 điểm. "
            "Nếu chỉ số 10 từ 5 điểm thì đạt.",
        ),
        (
            [],
            "Chưa chấm",
            "Chưa đủ: chưa chấm chỉ số nào; cần từ 80/100 điểm, không chỉ số nào dưới 5. "
            "Nếu cả mười chỉ số từ 8 điểm trở lên thì đạt.",
        ),
        (
            [10] * 9 + [4],
            "CS10 < 5",
            "Chưa đạt: đủ điểm (94/100) nhưng chỉ số 10 được 4, phải từ 5. Nếu chỉ số 10 lên 5 điểm thì đạt.",
        ),
        (
            [3, 3, 3, 3, 3, 8, 8, 8, 8, 8],
            "5 CS < 5",
            "Chưa đạt: 55/80 điểm; 5 chỉ số dưới 5 điểm (1, 2, 3, 4, 5). "
            "Nếu thêm ít nhất 25 điểm mà không chỉ số nào dưới 5 thì đạt.",
        ),
        ([8] * 9 + [2 + 4], "thiếu 2", "Chưa đạt: 78/80 điểm. Nếu chỉ số 10 lên 8 điểm thì đạt."),
    ],
)
def test_a_citizen_form_is_told_in_one_sentence(scores: list[int], chip: str, text: str) -> None:
    assert said(RESIDENT, scores) == (chip, text)


def test_a_suggested_set_says_so_until_the_office_confirms_it() -> None:
    family = get_set("family")
    scores = [10] * 6 + [15, 10]
    assert said(family, scores)[1] == "Đạt theo bản gợi ý: 85/100 điểm."
    assert said(confirmed(family), scores)[1] == "Đạt: 85/100 điểm."
    assert confirmed(RESIDENT) is RESIDENT


def test_an_unmet_condition_names_its_denominator_and_how_many_more() -> None:
    facts = {FAMILIES.replace(".", "__"): FactValue(9, 20, "gia đình trong dòng họ")}
    assert said(get_set("clan"), CLAN, **facts) == (
        "thiếu điều kiện",
        "Chưa đạt theo bản gợi ý: đủ điểm (84/100); mới có 9/20 gia đình trong dòng họ (45%) được công nhận Gia đình "
        "học tập, phải từ 50%. Nếu thêm 1 gia đình được công nhận Gia đình học tập thì đạt.",
    )


def test_a_condition_that_cannot_be_counted_is_told_as_such() -> None:
    assert "chưa tính được tỷ lệ gia đình trong dòng họ" in said(get_set("clan"), CLAN)[1]
    facts = {FAMILIES.replace(".", "__"): FactValue(0, 0, "gia đình trong dòng họ")}
    assert "sổ chưa có gia đình trong dòng họ để tính" in said(get_set("clan"), CLAN, **facts)[1]


def test_bands_and_grades_stand_in_the_opening() -> None:
    assert said(get_set("organization.tt22"), [9, 9, 9, 9, 5, 9, 5, 20, 5, 5]) == (
        "Đạt · Tốt",
        "Đạt loại Tốt: 85/100 điểm.",
    )
    facts = {MEMBERS.replace(".", "__"): FactValue(29, 32, "thành viên của đơn vị")}
    assert said(get_set("organization.tt24"), [1, 1, 1, 1, 1, 95, 90, 1], **facts) == (
        "Đạt mức 1",
        "Đạt mức độ 1 theo bản gợi ý: đủ 9/9 chỉ tiêu. Nếu chỉ tiêu 2.2 lên 95% và thêm 2 người được công nhận Công "
        "dân học tập thì đạt mức độ 2.",
    )


def test_what_a_checklist_lacks_is_named() -> None:
    facts = {MEMBERS.replace(".", "__"): FactValue(1203, 2215, "thành viên của đơn vị")}
    chip, text = said(get_set("organization.tt24"), [1, 0, 1, 1, 1, 89.5, 90, 1], **facts)
    assert chip == "thiếu 3 CT"
    assert text == (
        "Chưa đạt theo bản gợi ý: 6/9 chỉ tiêu đạt; chỉ tiêu 1.2 chưa đạt; chỉ tiêu 2.1 được 89,5%, phải từ 90%; "
        "chỉ tiêu 3.1 mới có 1.203/2.215 thành viên của đơn vị (54,3%), phải từ 90%. Nếu chỉ tiêu 1.2 được đáp ứng, "
        "chỉ tiêu 2.1 lên 90% và thêm 791 người được công nhận Công dân học tập thì đạt mức độ 1."
    )


def test_an_empty_checklist_says_what_is_asked() -> None:
    assert said(get_set("commune"), [])[1] == (
        "Chưa đủ theo bản gợi ý: chưa trả lời chỉ tiêu nào; phải đạt cả 15 chỉ tiêu. "
        "Nếu thêm mười lăm chỉ tiêu được đáp ứng thì đạt mức độ 1 (Khá)."
    )


def test_half_points_are_written_with_a_comma() -> None:
    halves = customised(RESIDENT, {"allows_half_points": True})
    chip, text = said(halves, [8, 8, 8, 8, 8, 8, 8, 8, 8, 6.5])
    assert chip == "thiếu 1,5"
    assert text == "Chưa đạt: 78,5/80 điểm. Nếu chỉ số 10 lên 8 điểm thì đạt."


def test_a_share_just_below_its_threshold_never_looks_like_it() -> None:
    assert share_text(FactValue(5999, 10000, "người")) == "5.999/10.000 người (59,9%)"
