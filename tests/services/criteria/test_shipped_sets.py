"""The shipped criteria against what the sources say: wording letter by letter, numbers, and how sure each row is."""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections import Counter

import pytest

from desktop_app.models.types import CitizenGroup, LearningModel, SetKind, TextStatus
from desktop_app.services.criteria.definition import (
    CONFIRMED_HEADING,
    SUGGESTION_HEADING,
    AnswerType,
    CriteriaSet,
    status_text,
)
from desktop_app.services.criteria.facts import FACTS
from desktop_app.services.criteria.loader import default_set, get_set, is_in_force, load_sets, sets_for
from desktop_app.services.criteria.overrides import confirmed
from desktop_app.services.criteria.schema import dump_set, fingerprint, parse_set
from desktop_app.services.errors import UserError
from desktop_app.services.resources import resource_path

OFF, SUM, INF, MIS, SUG = (
    TextStatus.OFFICIAL,
    TextStatus.SUMMARY,
    TextStatus.INFERRED,
    TextStatus.MISSING,
    TextStatus.SUGGESTED,
)
CITIZEN_SETS = [s for s in load_sets() if s.model is LearningModel.CITIZEN]
every_set = pytest.mark.parametrize("definition", load_sets(), ids=lambda s: s.key)

CITIZEN_ROWS = [
    (
        "Kỹ năng tìm kiếm, tra cứu, đọc, cập nhật thông tin và kiến thức trên sách báo, các phương tiện truyền thông "
        "đại chúng, các thiết bị điện tử cá nhân.",
        OFF,
        OFF,
    ),
    (
        "Kỹ năng: sắp xếp/xây dựng kế hoạch học tập theo các chương trình phục vụ yêu cầu công việc, hoặc do nhà nước, "
        "cơ quan, đoàn thể quy định.",
        OFF,
        OFF,
    ),
    (
        "Kỹ năng: sắp xếp hợp lý công việc để có thời gian tham gia các hoạt động cộng đồng, tại các cơ sở, thiết chế "
        "văn hóa, giáo dục hoặc các hội thảo, hội nghị.",
        OFF,
        OFF,
    ),
    (
        "Kỹ năng: động viên, tạo điều kiện cho người thân trong gia đình và đồng nghiệp được học tập thường xuyên.",
        OFF,
        OFF,
    ),
    ("Kỹ năng: sử dụng công nghệ thông tin đáp ứng yêu cầu công việc và cuộc sống.", OFF, OFF),
    ("Kỹ năng: sử dụng ngoại ngữ theo yêu cầu công việc và vị trí đảm nhận.", OFF, OFF),
    (
        "Kỹ năng: tính toán để công việc luôn được cải tiến, sáng tạo đạt chất lượng và hiệu quả cao, đóng góp nhiều "
        "cho xã hội.",
        OFF,
        INF,
    ),
    (
        "Kỹ năng: tư duy biện chứng và tư duy phản biện trong công việc, trong sản xuất kinh doanh, dịch vụ và hoạt "
        "động xã hội.",
        OFF,
        OFF,
    ),
    (
        "kỹ năng thiết lập mối quan hệ thân thiện với mọi người; giải quyết xung đột, thích ứng an toàn",
        SUM,
        OFF,
    ),
    (
        "kỹ năng hợp tác, chia sẻ. Tôn trọng bình đẳng giới và sự đa dạng văn hóa, bảo vệ môi trường",
        SUM,
        OFF,
    ),
]


def test_the_ten_sets_are_shipped_in_the_order_of_models_and_groups() -> None:
    assert [(s.key, s.version) for s in load_sets()] == [
        ("citizen.resident", "2023.1"),
        ("citizen.worker", "2023.1"),
        ("citizen.official", "2023.1"),
        ("citizen.student", "2023.1"),
        ("family", "2015.1"),
        ("clan", "2022.1"),
        ("community", "2022.1"),
        ("organization.tt24", "2023.1"),
        ("organization.tt22", "2020.1"),
        ("commune", "2023.1"),
    ]
    assert {s.group for s in CITIZEN_SETS} == set(CitizenGroup)


@pytest.mark.parametrize("definition", CITIZEN_SETS, ids=lambda s: s.key)
def test_a_citizen_form_carries_the_frame_letter_by_letter(definition: CriteriaSet) -> None:
    rows = [(i.text, i.status, i.max_status) for i in definition.indicators]
    assert rows == [tuple(row) for row in CITIZEN_ROWS]
    assert [i.number for i in definition.indicators] == [str(n) for n in range(1, 11)]
    assert {i.max_score for i in definition.indicators} == {10}
    assert [c.max_score for c in definition.criteria] == [40, 40, 20]
    assert definition.pass_mark is not None and definition.floor is not None
    assert (definition.pass_mark.value, definition.pass_mark.status) == (80, OFF)
    assert (definition.floor.value, definition.floor.status) == (5, OFF)
    assert not definition.needs_confirmation
    assert definition.shown_heading == "Chưa đối chiếu phụ lục QĐ 324"
    assert definition.legal_basis[0].number == "324/QĐ-KHVN"
    assert definition.legal_basis[0].issued == "2023-10-25"


def test_guidance_is_written_for_its_group_and_never_repeated() -> None:
    levels = [lv.description for s in CITIZEN_SETS for i in s.indicators for lv in i.levels]
    assert len(levels) == 4 * 10 * 4
    helps = [i.help for s in CITIZEN_SETS for i in s.indicators]
    examples = [e for s in CITIZEN_SETS for i in s.indicators for e in i.examples]
    for texts in (levels, helps, examples):
        assert [text for text, count in Counter(texts).items() if count > 1] == []
    assert all(len(text.split()) >= 7 for text in levels)
    assert all(i.examples and i.evidence for s in CITIZEN_SETS for i in s.indicators)


@every_set
def test_guidance_is_a_suggestion_and_covers_every_score(definition: CriteriaSet) -> None:
    for indicator in definition.indicators:
        assert indicator.help and indicator.evidence and indicator.short
        assert indicator.guidance_status is SUG
        assert {lv.status for lv in indicator.levels} <= {SUG}
        if definition.kind is SetKind.POINTS:
            assert [lv.key for lv in indicator.levels] == ["A", "B", "C", "D"]
            covered = [n for lv in indicator.levels for n in range(int(lv.min), int(lv.max) + 1)]
            assert sorted(covered) == list(range(int(indicator.max_score or 0) + 1))


@every_set
def test_what_is_not_known_says_so(definition: CriteriaSet) -> None:
    for indicator in definition.indicators:
        marked = "[Chưa đối chiếu với văn bản]" in indicator.text
        assert marked is (indicator.status is MIS)
        if indicator.status is SUG:
            assert indicator.text.startswith("Gợi ý: ")
        if indicator.status in (OFF, SUM):
            assert indicator.source
            assert "Gợi ý" not in indicator.text
        assert indicator.is_cut is ("…" in indicator.text)


@every_set
def test_a_set_without_an_official_table_or_mark_is_headed_as_a_suggestion(definition: CriteriaSet) -> None:
    unsure = any(i.status in (MIS, SUG) for i in definition.indicators)
    unsure = unsure or (definition.pass_mark is not None and definition.pass_mark.status is SUG)
    assert definition.needs_confirmation is unsure
    assert (definition.shown_heading == SUGGESTION_HEADING) is unsure
    assert definition.is_suggestion is unsure
    if unsure:
        assert confirmed(definition).shown_heading == CONFIRMED_HEADING
        assert not confirmed(definition).is_suggestion


def test_the_family_rows_are_those_of_decision_448() -> None:
    family = get_set("family")
    assert [(i.number, i.max_score, i.max_status, i.status, i.is_cut) for i in family.indicators] == [
        ("1.1", 10, OFF, OFF, False),
        ("1.2", 10, OFF, OFF, False),
        ("1.3", 10, OFF, OFF, False),
        ("2.1", 10, OFF, OFF, False),
        ("2.2", 10, INF, OFF, True),
        ("2.3", 10, INF, SUM, False),
        ("3.1", 20, INF, SUM, False),
        ("4.1", 20, INF, SUM, False),
    ]
    assert family.max_total == 100
    assert family.by_code["1.1"].text == (
        "Trẻ em ở độ tuổi phổ cập đều được đến trường, hoàn thành phổ cập giáo dục theo quy định. (Trừ trường hợp ốm "
        "đau, bệnh tật, không có khả năng học tập)"
    )
    assert family.by_code["2.1"].text == (
        "NGƯỜI LỚN từ 19 đến 60 tuổi (trừ những người không có khả năng học tập) đều đạt chuẩn biết chữ từ bậc 1 trở "
        "lên (tương đương từ lớp 3 trở lên)."
    )
    assert family.by_code["2.2"].text == "Hằng năm, NGƯỜI LỚN trong gia đình đều tham gia học ít nhất 01 nội dung …"
    assert "nguồn bị cắt" in family.by_code["2.2"].status_text
    assert family.pass_mark is not None and (family.pass_mark.value, family.pass_mark.status) == (80, SUG)
    assert [(p.is_enabled, p.status) for p in family.prerequisites] == [(False, SUG)]


def test_the_clan_has_its_official_half_and_nothing_else_official() -> None:
    clan = get_set("clan")
    (half,) = clan.prerequisites
    assert half.text == (
        "Điều kiện tiên quyết để công nhận một “dòng họ học tập” là phải có 50% gia đình trong dòng họ được công nhận "
        "là gia đình học tập."
    )
    assert (half.percent, half.status, half.percent_status, half.is_enabled) == (50, OFF, OFF, True)
    assert {i.status for i in clan.indicators} == {SUM, SUG}
    assert {i.max_status for i in clan.indicators} == {SUG}
    assert clan.max_total == 100


def test_the_community_is_all_suggestion_but_its_definition() -> None:
    community = get_set("community")
    assert {i.status for i in community.indicators} == {i.max_status for i in community.indicators} == {SUG}
    assert any("một thôn, bản, tổ dân phố và tương đương" in note for note in community.notes)
    assert community.max_total == 100


def test_circular_22_has_its_table_and_bands() -> None:
    table = get_set("organization.tt22")
    assert [(i.number, i.max_score, i.max_status, i.status) for i in table.indicators] == [
        ("1.1", 10, SUM, SUM),
        ("1.2", 10, SUM, SUM),
        ("1.3", 10, SUM, SUM),
        ("2.1", 10, OFF, OFF),
        ("2.2", 5, OFF, OFF),
        ("2.3", 10, INF, OFF),
        ("2.4", 5, INF, OFF),
        ("3.1", 25, OFF, OFF),
        ("3.2", 10, OFF, OFF),
        ("3.3", 5, OFF, OFF),
    ]
    assert [c.max_score for c in table.criteria] == [30, 30, 40]
    assert [(b.name, b.min) for b in table.bands] == [("Tốt", 85), ("Khá", 70), ("Trung bình", 50)]
    assert not table.needs_confirmation


def test_circular_24_is_offered_first_and_circular_22_can_be_chosen() -> None:
    assert default_set(LearningModel.ORGANIZATION).key == "organization.tt24"
    assert [s.key for s in sets_for(LearningModel.ORGANIZATION)] == ["organization.tt24", "organization.tt22"]
    table = get_set("organization.tt24")
    assert [(i.number, i.status, i.is_cut) for i in table.indicators] == [
        ("1.1", OFF, False),
        *((f"1.{n}", OFF, True) for n in range(2, 6)),
        ("2.1", SUM, False),
        ("2.2", SUM, False),
        ("2.3", MIS, False),
        ("3.1", MIS, False),
    ]
    assert table.by_code["2.1"].required_percent(1) == 90
    assert table.by_code["3.1"].fact == "organization.members_with_title_share"
    assert table.validity is not None and table.validity.months == 36


def test_circular_25_has_five_criteria_and_fifteen_rows() -> None:
    commune = get_set("commune")
    assert [c.status for c in commune.criteria] == [OFF] * 5
    assert commune.criteria[4].name == 'Tác dụng của việc xây dựng "Cộng đồng học tập" cấp xã'
    assert len(commune.indicators) == 15
    assert [i.status for i in commune.indicators] == [SUM] * 6 + [MIS] * 6 + [OFF] + [MIS] * 2
    share = commune.by_code["5.1"]
    assert (share.answer_type, share.fact) == (AnswerType.PERCENT, "commune.citizens_with_title_share")
    assert [(t.grade, t.percent, t.status) for t in share.thresholds] == [(1, 60, OFF), (2, 70, SUG)]
    assert share.fact_parameters == {"min_age": 16}
    assert commune.effective_from == dt.date(2024, 2, 12)
    assert not is_in_force(commune, dt.date(2024, 2, 11)) and is_in_force(commune, dt.date(2026, 1, 1))


@every_set
def test_every_fact_asked_has_words(definition: CriteriaSet) -> None:
    asked = [FACTS[key] for key in definition.fact_keys]
    assert all(spec.denominator and spec.predicate and spec.unit for spec in asked)
    assert all(other in FACTS for spec in asked for other in spec.other_readings)


@pytest.mark.parametrize("name", ["criteria", "reference/targets.json"])
def test_the_files_are_nfc_with_plain_line_ends(name: str) -> None:
    path = resource_path(*name.split("/"))
    for file in [path] if path.is_file() else sorted(path.glob("*.json")):
        text = file.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), file.name
        assert not any(unicodedata.category(c) in ("Cf", "Co", "Cs") for c in text), file.name
        json.loads(text)


@every_set
def test_a_set_written_and_read_again_is_the_same_set(definition: CriteriaSet) -> None:
    again = parse_set(dump_set(definition), "bản lưu", is_snapshot=True)
    assert again == definition
    assert fingerprint(again) == fingerprint(definition)
    own = confirmed(definition)
    assert parse_set(dump_set(own), "bản lưu", is_snapshot=True) == own


def test_sets_are_read_once_and_found_by_key_and_version() -> None:
    assert load_sets() is load_sets()
    assert get_set("family", "2015.1") is get_set("family")
    with pytest.raises(UserError, match="không có bộ tiêu chí “family 9”"):
        get_set("family", "9")


@pytest.mark.parametrize(
    ("status", "changed", "text"),
    [
        (OFF, False, "Lời văn bản"),
        (MIS, False, "Chưa đối chiếu với văn bản"),
        (SUG, False, "Gợi ý của phần mềm"),
        (SUG, True, "Do cơ quan đặt"),
        (OFF, True, "Do cơ quan đặt, theo văn bản"),
    ],
)
def test_how_sure_a_row_is_has_words(status: TextStatus, changed: bool, text: str) -> None:
    assert status_text(status, is_changed=changed) == text
