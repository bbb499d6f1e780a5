"""What a printed form holds and how large it is, for every set that the program ships and for unruly ones."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.documents.fonts import clean
from desktop_app.services.documents.qr import qr_matrix
from desktop_app.services.documents.typography import MM
from desktop_app.services.paper import words
from desktop_app.services.paper.codes import grouped
from desktop_app.services.paper.forms import BAR_HEIGHT, BAR_WIDTH, QR_SIZE
from desktop_app.services.paper.printing import write_print
from desktop_app.services.paper.rows import _SMALL_BOX, BODY, BOX, LEFT, SMALLEST, WIDTH
from desktop_app.services.paper.template import FOOT, PAGE_HEIGHT, SIDE, STRIP, TOP, FormTemplate
from tests.services.documents.helpers import page_size_mm, page_texts, render
from tests.services.paper.helpers import (
    HEAD,
    SETS,
    blank_of,
    form_of,
    lowest_letter,
    plan_of,
    printed,
    read_bars,
    read_modules,
    text_sizes,
)

ALL = list(SETS.values())
by_set = pytest.mark.parametrize("definition", ALL, ids=[item.key for item in ALL])
CITIZEN = SETS["citizen.worker"]


def changed(definition: CriteriaSet, number: int = 0, **changes: object) -> CriteriaSet:
    """The set with one indicator of its first criterion altered."""
    first = definition.criteria[0]
    items = list(first.indicators)
    items[number] = dataclasses.replace(items[number], **changes)  # type: ignore[arg-type]
    return dataclasses.replace(
        definition, criteria=(dataclasses.replace(first, indicators=tuple(items)), *definition.criteria[1:])
    )


def squeezed(text: str) -> str:
    return "".join(clean(text).split())


@by_set
def test_a_form_is_one_sheet_with_every_indicator_its_maximum_and_room_for_evidence(
    tmp_path: Path, definition: CriteriaSet
) -> None:
    out = printed(tmp_path, definition, form_of(definition))
    pages = page_texts(out)
    whole = squeezed(" ".join(pages))
    assert len(pages) == 2
    assert page_size_mm(out) == (210, 297)
    for item in definition.indicators:
        assert squeezed(words.wording(item)) in whole
        if item.max_score:
            assert squeezed(words.maximum(item)) in whole
    assert whole.count("Minhchứng:") == len(definition.indicators)
    assert squeezed(words.total_label(definition)) in whole
    assert "91/2025/QH15" in whole


@by_set
def test_no_indicator_is_broken_over_two_pages(definition: CriteriaSet) -> None:
    for page in FormTemplate(definition, HEAD)._pages:
        for placed, after in itertools.pairwise(page):
            assert placed.top - placed.height == pytest.approx(after.top)
        assert page[-1].top - page[-1].height > 16 * MM
        assert not page[-1].block.keeps_next


@by_set
def test_what_is_read_to_answer_is_large_and_boxes_take_a_hand(tmp_path: Path, definition: CriteriaSet) -> None:
    out = printed(tmp_path, definition, form_of(definition))
    hints = FormTemplate(definition, HEAD).hints
    assert BODY >= 13
    assert hints.size >= SMALLEST == 12
    assert min(text_sizes(out)) >= 10.5
    assert min(BOX, _SMALL_BOX) >= 10 * MM
    assert lowest_letter(out) > 5 * MM


@by_set
def test_a_set_that_is_not_official_says_so_on_its_form(tmp_path: Path, definition: CriteriaSet) -> None:
    text = page_texts(printed(tmp_path, definition, form_of(definition)))
    assert any(item.status is not TextStatus.OFFICIAL for item in definition.indicators)
    assert "Mẫu tham khảo – chưa đối chiếu với văn bản" in text[0]
    assert definition.heading in text[0]


def test_rows_that_the_office_compared_carry_no_mark_and_the_form_no_notice(tmp_path: Path) -> None:
    family = SETS["family"]
    own = dataclasses.replace(
        family,
        heading="",
        needs_confirmation=False,
        criteria=tuple(
            dataclasses.replace(
                c, indicators=tuple(dataclasses.replace(i, status=TextStatus.OFFICIAL) for i in c.indicators)
            )
            for c in family.criteria
        ),
    )
    text = " ".join(page_texts(printed(tmp_path, own, form_of(own))))
    assert "Mẫu tham khảo" not in text
    assert words.status_line(own) == ""


def test_a_wording_that_was_not_found_is_said_so(tmp_path: Path) -> None:
    empty = changed(CITIZEN, text=" ", status=TextStatus.MISSING)
    assert "1. Chưa đối chiếu với văn bản" in page_texts(printed(tmp_path, empty, form_of(empty)))[0]


def test_a_summary_is_marked_and_its_mark_explained(tmp_path: Path) -> None:
    text = " ".join(page_texts(printed(tmp_path, CITIZEN, form_of(CITIZEN))))
    assert "thích ứng an toàn [tóm tắt]" in text
    assert "[tóm tắt] ghi theo lời tóm tắt của nguồn đã công bố" in text


@by_set
def test_the_rule_for_the_title_stands_on_the_form(definition: CriteriaSet) -> None:
    rule = words.pass_rule(definition)
    if definition.kind is SetKind.POINTS and definition.pass_mark is not None:
        assert f"tổng từ {words.score_text(definition.pass_mark.value)}" in rule
        assert ("[gợi ý]" in rule) == (definition.pass_mark.status is TextStatus.SUGGESTED)
    else:
        assert "mức độ" in rule


def test_a_checklist_has_boxes_for_yes_and_no_and_for_percent(tmp_path: Path) -> None:
    commune = SETS["commune"]
    text = " ".join(page_texts(printed(tmp_path, commune, form_of(commune))))
    met = sum(item.answer_type == "met" for item in commune.indicators)
    assert text.count("Có Không") == met
    assert text.count("tỷ lệ ") >= len(commune.indicators) - met
    assert "Mức độ 1: từ 60%; mức độ 2: từ 70% [gợi ý]" in text


def test_every_page_has_its_number_the_code_and_bars_that_say_it(tmp_path: Path) -> None:
    form = form_of(CITIZEN)
    out = printed(tmp_path, CITIZEN, form)
    for number, text in enumerate(page_texts(out)):
        assert f"Trang {number + 1}/2" in text
        assert f"Mã phiếu: {grouped(form.code)}" in text
        image = render(out, number, pixels_per_mm=16)
        top = PAGE_HEIGHT / MM - 6 - BAR_HEIGHT / MM / 2
        left = (LEFT + WIDTH - BAR_WIDTH) / MM
        assert read_bars(image, left * 16, top * 16, BAR_WIDTH / MM * 16) == form.code


def test_the_qr_code_on_the_paper_is_the_one_that_was_made(tmp_path: Path) -> None:
    form = form_of(CITIZEN)
    image = render(printed(tmp_path, CITIZEN, form), 0, pixels_per_mm=12)
    matrix = qr_matrix(form.qr)
    left = (LEFT + WIDTH - SIDE / 2) / MM + 1 - QR_SIZE / MM / 2
    top = (PAGE_HEIGHT - TOP) / MM
    assert read_modules(image, left * 12, top * 12, QR_SIZE / MM * 12, len(matrix)) == matrix
    assert QR_SIZE / MM / len(matrix) > 0.75, "một ô của mã quá nhỏ cho máy quét rẻ tiền"


def test_a_blank_form_asks_for_name_and_the_tail_of_the_cccd_only(tmp_path: Path) -> None:
    text = page_texts(printed(tmp_path, CITIZEN, blank_of(CITIZEN)))
    assert "4 số cuối CCCD" in text[0]
    assert "Phiếu trống, chưa ghi tên" in text[0] and "Phiếu trống" in text[1]
    assert "Mã phiếu" not in " ".join(text)
    family = SETS["family"]
    assert "CCCD" not in " ".join(page_texts(printed(tmp_path, family, blank_of(family))))


@pytest.mark.parametrize(
    ("name", "hamlet"),
    [
        ("K'Tùng", "Buôn Ea Súp"),
        ("H'Hen Niê Kđăm", "Thôn 1 (xã Tân Hòa cũ)"),
        ("Công Tằng Tôn Nữ Nguyễn Phước Bảo Quỳnh Trâm Anh Thùy Dương", "Tổ dân phố số 12 Khu tái định cư Bắc Sông"),
        ("Ẩn Ưỡn Ọe Ỹ", "Ấp Bình Hòa"),
        ("Ayun H’Bia", "Làng Ốp"),
    ],
)
def test_every_name_fits_its_place_whole(tmp_path: Path, name: str, hamlet: str) -> None:
    text = page_texts(printed(tmp_path, CITIZEN, form_of(CITIZEN, (name, "08/05/1984", hamlet, "03-0127"))))
    assert squeezed(name) in squeezed(text[0])
    assert squeezed(hamlet) in squeezed(text[0])
    assert "…" not in squeezed(text[0]).replace("……", "")


def test_a_name_beyond_all_measure_is_cut_and_stays_in_its_place(tmp_path: Path) -> None:
    values = ("Nguyễn " * 60, "1984", "Thôn " * 80, "03-0127")
    out = printed(tmp_path, CITIZEN, form_of(CITIZEN, values))
    assert len(page_texts(out)) == 2
    image = render(out, 0)
    assert image.crop((round(200.5 * 4), 0, 210 * 4, 297 * 4)).convert("L").getextrema()[0] > 128


def test_long_texts_go_on_to_further_pages_whole(tmp_path: Path) -> None:
    long = "Theo " + " ".join(f"điều {n} của văn bản" for n in range(120))
    grown = CITIZEN
    for number in range(3):
        grown = changed(grown, number, text=long)
    pages = page_texts(printed(tmp_path, grown, form_of(grown)))
    assert len(pages) > 2
    assert squeezed(" ".join(pages)).count(squeezed(long)) == 3
    assert f"Trang {len(pages)}/{len(pages)}" in pages[-1]


def test_one_text_longer_than_a_page_is_carried_over_with_nothing_lost(tmp_path: Path) -> None:
    endless = " ".join(f"khoản {n};" for n in range(1500))
    pages = page_texts(printed(tmp_path, changed(CITIZEN, text=endless), form_of(CITIZEN)))
    whole = " ".join(pages)
    assert all(f" {n};" in whole for n in range(1500))
    assert len(pages) >= 4


def test_half_points_and_prerequisites_are_told(tmp_path: Path) -> None:
    assert "nửa điểm" in words.how_to(dataclasses.replace(CITIZEN, allows_half_points=True))
    clan = SETS["clan"]
    assert "50% gia đình" in " ".join(page_texts(printed(tmp_path, clan, form_of(clan))))


wordings = st.lists(
    st.sampled_from(["học", "tập", "thường", "xuyên", "Kỹ", "năng:", "nghiêng" * 12, "ưỡn", "1/2", "…"]),
    min_size=1, max_size=260,
).map(" ".join)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.lists(wordings, min_size=1, max_size=12), wordings, st.booleans())
def test_whatever_the_texts_are_rows_neither_overlap_nor_leave_the_page(
    texts: list[str], name: str, has_levels: bool
) -> None:
    pattern = CITIZEN.indicators[0]
    items = tuple(
        dataclasses.replace(
            pattern, code=str(n), number=str(n), text=text, levels=pattern.levels if has_levels else (), help=text[:90]
        )
        for n, text in enumerate(texts, start=1)
    )
    criterion = dataclasses.replace(CITIZEN.criteria[0], name=name, indicators=items)
    template = FormTemplate(dataclasses.replace(CITIZEN, criteria=(criterion,)), HEAD)
    elastic = 0
    for number, page in enumerate(template._pages):
        top = TOP if number == 0 else TOP - STRIP
        for placed in page:
            assert placed.top <= top + 0.1
            assert placed.height >= placed.block.height - 0.1
            top = placed.top - placed.height
            elastic += placed.block.is_elastic
        assert top >= FOOT - 0.1
    assert elastic == len(texts)


def test_which_levels_are_not_printed_is_said_and_all_of_them_can_be_asked_for(tmp_path: Path) -> None:
    words_of = " ".join(page_texts(printed(tmp_path, CITIZEN, form_of(CITIZEN))))
    assert "chỉ in mức cao nhất và mức vừa đạt: ở giữa thì ghi số ở giữa" in words_of
    assert "7–8 điểm:" not in words_of
    whole = " ".join(page_texts(printed(tmp_path, CITIZEN, form_of(CITIZEN), has_all_levels=True)))
    assert "chỉ in mức" not in whole
    for item in CITIZEN.indicators:
        for level in item.levels:
            assert squeezed(level.description) in squeezed(whole)


def test_a_form_that_takes_two_sheets_anyway_uses_them_for_hints() -> None:
    first = CITIZEN.criteria[0]
    many = tuple(dataclasses.replace(first.indicators[0], code=f"9{place}", number=f"9{place}") for place in range(27))
    template = FormTemplate(dataclasses.replace(CITIZEN, criteria=(dataclasses.replace(first, indicators=many),)), HEAD)
    assert (template.pages, template.hints.levels) == (4, 1)


def test_an_office_with_a_long_name_pushes_the_title_down_and_is_not_cut(tmp_path: Path) -> None:
    name = "XÃ VĨNH THẠNH TRUNG HÒA LẠC PHƯỚC MỸ ĐÔNG THẠNH AN BÌNH TÂY"
    head = dataclasses.replace(HEAD, office_lines=("HỘI KHUYẾN HỌC", name))
    usual, long = FormTemplate(CITIZEN, HEAD), FormTemplate(CITIZEN, head)
    assert long.facts_top < usual.facts_top and long.pages == 2
    plan = dataclasses.replace(plan_of(CITIZEN, [form_of(CITIZEN)]), templates={1: long})
    write_print(plan, tmp_path / "long.pdf")
    assert squeezed(name) in squeezed(page_texts(tmp_path / "long.pdf")[0])


def test_names_that_cannot_be_printed_as_they_are_written_are_told_before() -> None:
    values = ("Lê 😀 An", "1984", "Thôn 3", "03-0127")
    plan = plan_of(CITIZEN, [form_of(CITIZEN), form_of(CITIZEN, values)])
    assert plan.warning == "1 tên có ký tự không in được, trên giấy sẽ thành dấu “?”: Lê 😀 An"
    assert plan_of(CITIZEN, [form_of(CITIZEN)]).warning == ""
