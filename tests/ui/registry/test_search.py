"""F3 from any screen: results while typing, the best first, Enter opens the record on its own page."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from desktop_app.services.context import Context
from desktop_app.services.registry.citizens import save_citizen
from desktop_app.services.registry.units_edit import save_clan
from desktop_app.ui.registry.target import ListTarget
from desktop_app.ui.search import find_hits
from tests.factories import add_household
from tests.ui.conftest import press, type_text


def test_hits_come_while_typing_and_enter_opens_the_person(sample: Context, show: Any, qtbot: Any) -> None:
    overview = show(sample, "overview")
    window = overview.window()
    window.focus_search()
    box = window.header.search_box
    type_text(box, "huynh xuan an")
    qtbot.waitUntil(lambda: window._popup.isVisible())
    assert window._popup._list.item(0).text().startswith("Huỳnh Xuân An, 09/04/2001 · Thôn 2 · hộ 02-0181")
    press(box, Qt.Key.Key_Return)
    citizens = window.page("citizens")
    assert window.current_page is citizens
    assert citizens.panel.title_label.text() == "Huỳnh Xuân An"
    assert box.text() == ""


def test_arrows_choose_another_hit_and_esc_puts_the_list_away(sample: Context, show: Any, qtbot: Any) -> None:
    window = show(sample, "overview").window()
    window.focus_search()
    box = window.header.search_box
    type_text(box, "le cong an")
    qtbot.waitUntil(lambda: window._popup.isVisible())
    press(box, Qt.Key.Key_Down)
    second = window._popup._list.currentItem().text()
    press(box, Qt.Key.Key_Escape)
    assert not window._popup.isVisible()
    type_text(box, " ")
    window._on_search_changed(box.text())
    press(box, Qt.Key.Key_Down)
    press(box, Qt.Key.Key_Return)
    assert window.page("citizens").panel.title_label.text() in second


def test_a_household_a_hamlet_and_a_clan_are_found_and_lead_to_their_pages(context: Context) -> None:
    household, people = add_household(context, "01-0001", members=("Nguyễn Văn Ước",))
    clan = save_clan(context, None, {"name": "Dòng họ Nguyễn Văn"}).uid
    by_code = find_hits(context, "01-0001")
    assert (by_code[0].text, by_code[0].page_key, by_code[0].target) == ("Hộ Nguyễn Văn Ước", "households", household)
    hamlet = find_hits(context, "thôn 2")[0]
    assert (hamlet.text, hamlet.page_key) == ("Thôn 2", "hamlets")
    found = {(hit.page_key, hit.target) for hit in find_hits(context, "nguyễn văn")}
    assert {("clans", clan), ("citizens", people[0])} <= found


def test_who_moved_away_is_found_and_said_to_be_gone(context: Context) -> None:
    _, people = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    save_citizen(context, people[1], {"life_status": "moved", "status_date": "01/02/2026"})
    assert find_hits(context, "trần thị ánh")[0].detail.endswith("không còn ở xã")


def test_more_hits_than_fit_end_with_a_way_to_all_of_them(sample: Context, show: Any) -> None:
    hits = find_hits(sample, "nguyen")
    assert hits[-1].target == ListTarget(text="nguyen")
    assert len(hits) == 21
    window = show(sample, "overview").window()
    window._on_hit_chosen(hits[-1])
    assert window.page("citizens").subtitle.endswith("/ 1.342 người")
    assert (
        hits[-1].text == f"Xem cả {window.page('citizens').subtitle.split(' / ')[0]} kết quả trong danh sách công dân"
    )


def test_nothing_typed_finds_nothing(sample: Context) -> None:
    assert find_hits(sample, "  ") == []
