"""Tổng quan: cards against targets, hamlets drawn, what waits, and where each leads."""

from __future__ import annotations

import datetime as dt

import pytest

from desktop_app.models.types import CitizenGroup, DeviceRole, LearningModel, TextStatus
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.overview import ModelOverview, Tally, TargetState, read_overview
from desktop_app.services.assessment.rounds import set_target
from desktop_app.services.assessment.worklist import WorkFilter, WorkStatus
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import sets_in_use
from desktop_app.services.recognition.overview import model_counts
from desktop_app.services.safety.backup import make_backup
from desktop_app.ui.assessment.target import ListTarget
from desktop_app.ui.importing.wizard_page import ImportPage
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.overview import page as page_module
from desktop_app.ui.overview.hamlet_rows import Row, TotalledRows, hamlet_rows
from desktop_app.ui.overview.model_card import target_source, target_words
from desktop_app.ui.overview.page import OverviewPage
from desktop_app.ui.overview.waiting import read_waiting
from tests.factories import add_household, make_register
from tests.services.assessment.world import fill
from tests.ui.assessment.stage import YEAR, Key, enter, first_uid, focused, key, make_window
from tests.ui.conftest import settle

CITIZEN, FAMILY = LearningModel.CITIZEN, LearningModel.FAMILY


def count_again(page: OverviewPage) -> None:
    """Refresh and wait: on a busy machine the page counts in a worker."""
    page.refresh()
    assert page.shell is None or page.shell.tasks.wait_all()


@pytest.fixture
def page(window: MainWindow) -> OverviewPage:
    made = window.current_page
    assert isinstance(made, OverviewPage)
    return made


def cell(page: OverviewPage, row: int, column: int) -> str:
    model = page.table.view.model()
    return str(model.index(row, column).data())


# -- cards -----------------------------------------------------------------------------------------------------------


def test_a_card_tells_share_denominator_and_what_is_missing(page: OverviewPage) -> None:
    tally = page.overview.of(CITIZEN).tally
    card = page.cards[CITIZEN]
    share = f"{100 * tally.passed / tally.eligible:.1f}".replace(".", ",")
    assert card.figure.accessibleName() == f"{share} %"
    assert card.fraction_label.text().startswith(f"{tally.passed} / ")
    assert card.fraction_label.text().endswith("công dân có mặt trong xã từ 16 tuổi")
    needed = -(-60 * tally.eligible // 100)
    words = card.words_label.text().replace("\N{NO-BREAK SPACE}", " ")
    assert words == f"Còn thiếu {needed - tally.passed} so với chỉ tiêu 60 %"
    assert card.words_label.property("tone") == "attention"
    assert "mẫu số suy ra" in card.toolTip()


@pytest.mark.parametrize(
    ("short", "words", "tone"),
    [
        (3, "Còn thiếu 3 so với chỉ tiêu 80 %", "attention"),
        (0, "Vừa đủ chỉ tiêu 80 %", "passed"),
        (-2, "Vượt 2 so với chỉ tiêu 80 %", "passed"),
    ],
)
def test_the_target_is_said_in_words(short: int, words: str, tone: str) -> None:
    target = TargetState(80, "hộ", TextStatus.OFFICIAL, "QĐ 387", short)
    line = ModelOverview(FAMILY, "Gia đình học tập", "hộ", "hộ gia đình trong xã", Tally(eligible=10), target)
    said, shown_tone = target_words(line)
    assert (said.replace("\N{NO-BREAK SPACE}", " "), shown_tone) == (words, tone)
    assert target_source(line) == "Chỉ tiêu tính trên hộ theo QĐ 387."


def test_without_target_or_without_anybody_no_share_is_pretended() -> None:
    line = ModelOverview(LearningModel.CLAN, "Dòng họ học tập", "dòng họ", "dòng họ trong xã", Tally(), None)
    assert target_words(line) == ("Năm nay chưa đặt chỉ tiêu", "neutral")
    target = TargetState(75, "dòng họ", TextStatus.INFERRED, "", 0)
    empty = ModelOverview(line.model, line.title, line.unit, line.denominator_name, Tally(), target)
    assert target_words(empty) == ("Sổ chưa có dòng họ nào", "neutral")


def test_the_offices_own_target_replaces_the_shipped_one(page: OverviewPage, sample: Context) -> None:
    set_target(sample, YEAR, FAMILY, 50, denominator_name="hộ của xã", source="NQ 05")
    count_again(page)
    card = page.cards[FAMILY]
    assert "50" in card.words_label.text()
    assert card.toolTip() == "Chỉ tiêu tính trên hộ của xã theo NQ 05."


def test_arrows_and_enter_on_the_cards_change_the_table(page: OverviewPage) -> None:
    assert focused() is page.cards[CITIZEN]
    key(Key.Key_Right)
    assert page.model is FAMILY
    assert focused() is page.cards[FAMILY]
    assert page.table_title.text() == "Gia đình học tập theo thôn"
    assert cell(page, 0, 1) == "420"
    key(Key.Key_Left)
    assert page.model is CITIZEN
    page.cards[LearningModel.ORGANIZATION].setFocus()
    enter()
    assert page.model is LearningModel.ORGANIZATION
    assert page.cards[LearningModel.ORGANIZATION].is_chosen


# -- the table -------------------------------------------------------------------------------------------------------


def test_hamlets_are_counted_and_the_sum_stands_first(page: OverviewPage) -> None:
    overview = page.overview
    rows = hamlet_rows(overview, CITIZEN)
    assert rows[0].is_sum
    assert rows[0].tally.eligible == sum(row.tally.eligible for row in rows[1:])
    assert [cell(page, place, 0) for place in range(4)] == ["Cả xã", "Ấp Bình Hòa", "Thôn 1", "Thôn 2"]
    thon_2 = next(row for row in rows if row.name == "Thôn 2")
    assert thon_2.tally.assessed > 0
    assert thon_2.tally.passed <= thon_2.tally.assessed <= thon_2.tally.eligible


def test_sorting_keeps_the_sum_first() -> None:
    rows = [
        Row("Cả xã", Tally(eligible=30, passed=6), 0.6, -1, is_sum=True),
        Row("Thôn 10", Tally(eligible=10, passed=5), 0.6, 0),
        Row("Thôn 2", Tally(eligible=20, passed=1), 0.6, 1),
    ]
    source = TotalledRows(rows)
    for column, descending, names in (
        ("name", False, ["Thôn 2", "Thôn 10"]),
        ("passed", True, ["Thôn 10", "Thôn 2"]),
        ("share", False, ["Thôn 2", "Thôn 10"]),
        ("missing", True, ["Thôn 2", "Thôn 10"]),
    ):
        found = source.sorted(column, descending=descending).rows(0, 10)
        assert [row.name for row in found] == ["Cả xã", *names]


def test_bars_carry_passed_assessed_and_target(page: OverviewPage) -> None:
    row = hamlet_rows(page.overview, CITIZEN)[0]
    bar = page_module.COLUMNS[5].cell(row)
    assert (bar.done, bar.target) == (row.share, 0.6)
    assert bar.also == row.tally.assessed / row.tally.eligible


def test_what_is_left_is_said_in_words(page: OverviewPage) -> None:
    column = page_module.COLUMNS[7]
    target = None
    for tally, words, tone in (
        (Tally(eligible=100, assessed=100), "đã chấm hết", "passed"),
        (Tally(eligible=100, assessed=98), "gần xong, còn 2", "neutral"),
        (Tally(eligible=100, assessed=80), "còn 20 chưa chấm", "neutral"),
        (Tally(eligible=100, assessed=10), "còn 90 chưa chấm", "attention"),
    ):
        found = column.cell(Row("Thôn 1", tally, target, 0))
        assert (found.text, found.tone) == (words, tone)


def test_citizens_can_be_seen_by_group_with_the_groups_own_targets(page: OverviewPage) -> None:
    page.by_button.click()
    names = [cell(page, place, 0) for place in range(page.table.paged.rowCount())]
    assert names[:5] == ["Cả xã", "Người dân", "Lao động", "Cán bộ", "Học sinh"]
    rows = [page.table.paged.row_at(place) for place in range(5)]
    assert [row.target for row in rows] == [0.6, None, 0.6, 0.8, None]
    page.show_model(FAMILY)
    assert not page.by_button.isVisible()
    assert cell(page, 1, 0) == "Ấp Bình Hòa"


def test_enter_on_a_hamlet_opens_its_work_list(page: OverviewPage, window: MainWindow) -> None:
    page.table.view.setFocus()
    page.table.select_row(3)
    row = page.table.current()
    enter()
    assert window.current_key == "assessment"
    assert window.current_page.filter == WorkFilter(hamlet=row.uid)
    assert window.current_page.model is CITIZEN


def test_enter_on_a_group_opens_its_work_list(page: OverviewPage, window: MainWindow) -> None:
    page.switch_order()
    page.table.view.setFocus()
    page.table.select_row(2)
    enter()
    assert window.current_page.filter == WorkFilter(group=CitizenGroup.WORKER)


# -- what waits ------------------------------------------------------------------------------------------------------


def texts(page: OverviewPage) -> list[str]:
    return [line.text for line in page.waiting.lines]


def test_what_waits_is_counted_and_named(page: OverviewPage, sample: Context) -> None:
    found = " | ".join(texts(page))
    assert "danh hiệu chờ công nhận" in found
    assert "phiếu chưa chấm" in found
    assert "5 bộ tiêu chí gợi ý chờ cơ quan xác nhận" in found
    assert "Chưa có bản sao lưu nào" in found
    assert "đang chấm dở" not in found


def recognition_lines(context: Context) -> list[tuple[str, str]]:
    lines = read_waiting(context, read_overview(context, YEAR), dt.datetime.now())
    return [(line.text, line.detail) for line in lines if line.page_key == "recognition"]


def test_titles_that_wait_are_those_that_recognition_can_give_now(sample: Context) -> None:
    ready = model_counts(sample, YEAR)[CITIZEN].ready
    assert ready > 0
    before = recognition_lines(sample)
    assert before == [(f"{ready} danh hiệu chờ công nhận", f"{ready} công dân")]
    assert any(
        item.is_in_use and not item.is_confirmed and item.definition.model is FAMILY for item in sets_in_use(sample)
    )
    fill(sample, FAMILY, first_uid(sample, "household"))
    assert read_overview(sample, YEAR).of(FAMILY).tally.passed == 1
    assert model_counts(sample, YEAR)[FAMILY].ready == 0
    assert recognition_lines(sample) == before


def test_a_volunteers_machine_is_told_of_no_titles_to_give(sample: Context) -> None:
    assert recognition_lines(sample)
    sample.role = DeviceRole.VOLUNTEER
    assert recognition_lines(sample) == []


def test_a_begun_form_waits_and_enter_goes_to_it(page: OverviewPage, sample: Context, window: MainWindow) -> None:
    answer(sample, FAMILY, first_uid(sample, "household"), YEAR, "1.1", 9)
    count_again(page)
    place = texts(page).index("1 phiếu đang chấm dở")
    assert page.waiting.lines[place].detail == "1 hộ"
    page.waiting.setFocus()
    for _ in range(place):
        key(Key.Key_Down)
    enter()
    assert window.current_key == "assessment"
    assert window.current_page.model is FAMILY
    assert window.current_page.filter == WorkFilter(status=WorkStatus.IN_PROGRESS)
    assert window.current_page.table.paged.rowCount() == 1


def test_each_waiting_line_goes_to_its_place(page: OverviewPage, window: MainWindow) -> None:
    for line in list(page.waiting.lines):
        window.open_page("overview")
        page.waiting.opened.emit(line)
        assert window.current_key == line.page_key
        if line.page_key in ("settings", "recognition"):
            assert window.current_page.asked[-1:] == ([line.target] if line.target else [])


def test_a_click_on_a_line_opens_it_too(page: OverviewPage, window: MainWindow, qtbot) -> None:
    place = next(i for i, line in enumerate(page.waiting.lines) if line.page_key == "recognition")
    rect = page.waiting._rects(page.waiting.width())[place]
    qtbot.mouseClick(page.waiting, page_module.Qt.MouseButton.LeftButton, pos=rect.center())
    assert window.current_key == "recognition"


def test_a_fresh_backup_is_not_asked_for_and_an_old_one_is(sample: Context) -> None:
    make_backup(sample)
    overview = read_overview(sample, YEAR)
    now = dt.datetime.now()
    assert not [line for line in read_waiting(sample, overview, now) if line.target == "backup"]
    later = read_waiting(sample, overview, now + dt.timedelta(days=4))
    assert [line.text for line in later if line.target == "backup"] == ["Bản sao lưu gần nhất đã 4 ngày"]


def test_forms_begun_and_sent_back_are_counted_beside_the_navigation(page, sample: Context, window) -> None:
    answer(sample, FAMILY, first_uid(sample, "household"), YEAR, "1.1", 9)
    count_again(page)
    assert window.navigation._items["assessment"]._badge == "1"


# -- beginnings, speed, size -----------------------------------------------------------------------------------------


def test_an_empty_register_offers_the_list_and_the_guide(qtbot, tmp_path) -> None:
    context = make_register(tmp_path / "new")
    window = make_window(qtbot, context)
    qtbot.waitUntil(lambda: window.current_page is not None)
    page = window.current_page
    assert page.first_button.isVisible()
    assert not page.table.isVisible()
    assert focused() is page.first_button
    assert page.header_buttons == ()
    page.guide_button.click()
    assert page._help.isVisible()
    page._help.close()
    page.action("overview.import").trigger()
    assert isinstance(window.current_page, ImportPage)
    window.close()
    context.close()


def test_the_keys_stay_on_the_page_when_the_first_people_are_counted_behind_the_window(
    qtbot, tmp_path, monkeypatch
) -> None:
    context = make_register(tmp_path / "new")
    window = make_window(qtbot, context)
    qtbot.waitUntil(lambda: window.current_page is not None and window.current_page.overview is not None)
    page = window.current_page
    assert focused() is page.first_button
    add_household(context, members=("Nguyễn Văn An",))
    monkeypatch.setattr(page_module, "SLOW_S", 0.0)
    page.refresh()
    assert window.tasks.wait_all()
    settle()
    assert not page.first_button.isVisible()
    assert focused() is page.cards[CITIZEN]
    window.close()
    context.close()


def test_the_commune_itself_leads_to_its_checklist(page: OverviewPage, window: MainWindow) -> None:
    assert page.commune_button.text() == "Cấp xã: chưa kiểm đếm xong"
    page.commune_button.click()
    assert window.current_page.model is LearningModel.COMMUNE


def test_the_primary_button_opens_the_list_of_the_model_in_front(page: OverviewPage, window: MainWindow) -> None:
    page.show_model(FAMILY)
    page.action("overview.assess").trigger()
    assert window.current_page.model is FAMILY


def test_counting_that_took_long_goes_on_behind_the_window(page, window: MainWindow, sample, monkeypatch) -> None:
    monkeypatch.setattr(page_module, "SLOW_S", 0.0)
    answer(sample, FAMILY, first_uid(sample, "household"), YEAR, "1.1", 9)
    before = page.overview
    page.refresh()
    assert page.overview is before
    assert window.tasks.wait_all()
    assert page.overview.of(FAMILY).tally.started == before.of(FAMILY).tally.started + 1


def test_a_large_file_is_counted_behind_the_window_from_the_first(qtbot, sample, monkeypatch) -> None:
    monkeypatch.setattr(page_module, "BIG_BYTES", 0)
    window = make_window(qtbot, sample)
    window.open_page("overview")
    assert window.current_page.overview is None
    assert window.tasks.wait_all()
    assert window.current_page.overview.of(FAMILY).tally.eligible == 420
    window.close()


def test_a_failed_reading_in_the_background_is_said(page, window: MainWindow, monkeypatch) -> None:
    def broken() -> None:
        raise OSError(28, "no space")

    monkeypatch.setattr(page_module, "SLOW_S", 0.0)
    monkeypatch.setattr(page, "_read", broken)
    page.refresh()
    assert window.tasks.wait_all()
    assert "Ổ đĩa đã đầy" in page.banner.text_label.text()


@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_cut_at_any_size_of_text(page: OverviewPage, window: MainWindow, percent: int) -> None:
    window.zoom.set_percent(percent)
    settle()
    for card in page.cards.values():
        assert card.mapTo(window, card.rect().topRight()).x() <= window.width()
        for words in (card.fraction_label, card.words_label):
            assert words.height() >= words.heightForWidth(words.width())
    table = page.table
    assert table.height() >= table.minimumSizeHint().height()


def test_a_list_target_is_what_other_screens_get(page: OverviewPage) -> None:
    line = next(line for line in page.waiting.lines if "chưa chấm" in line.text)
    assert isinstance(line.target, ListTarget)
    assert line.target.filter.status is WorkStatus.NOT_STARTED
