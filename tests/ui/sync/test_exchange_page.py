"""Packages go out and come in through the window by keyboard; both machines then hold the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

from desktop_app.models.journal.steps import WRITING
from desktop_app.services.context import Context
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.safety.sticks import Drive
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from desktop_app.ui.duplicates.page import DuplicatesPage
from desktop_app.ui.sync import page as page_module
from desktop_app.ui.sync.found_dialog import FoundDialog, packages_on
from desktop_app.ui.sync.lists import PACKAGES
from desktop_app.ui.sync.pack_dialog import EVERYBODY, PackDialog
from desktop_app.ui.sync.page import SyncPage
from desktop_app.ui.widgets.feedback import Banner
from tests.factories import add_household, make_register
from tests.services.sync.machines import register_state


def accept(_dialog: Any) -> bool:
    return True


def take_in(page: SyncPage, key: Any, chosen: list[Path], path: Path) -> None:
    chosen.append(path)
    key(page, Qt.Key.Key_O)
    assert page.card.is_open
    key(page, Qt.Key.Key_Return)


def test_a_package_out_and_in_by_keyboard(star, open_window, key, chosen, answers, tmp_path: Path) -> None:
    office, volunteer = star
    add_household(volunteer, "01-0050", members=("Võ Thị Mai", "Võ Đạt"))
    there = open_window(volunteer)
    assert "thay đổi chưa tới máy khác" in there.subtitle
    answers.append(accept)
    chosen.append(tmp_path / "goi.sht")
    key(there, Qt.Key.Key_G)
    assert (tmp_path / "goi.sht").is_file()
    assert there.banner is not None and "goi.sht" in there.banner.text_label.text()
    here = open_window(office)
    before = register_state(office)
    chosen.append(tmp_path / "goi.sht")
    key(here, Qt.Key.Key_O)
    assert here.card.is_open
    assert register_state(office) == before
    assert any(words.endswith("thay đổi mới") for words in here.card.figures.words())
    key(here, Qt.Key.Key_Return)
    assert not here.card.is_open
    assert register_state(office) == register_state(volunteer)


def test_both_machines_hear_of_each_other_and_nothing_is_left_to_send(
    star, open_window, key, chosen, answers, tmp_path: Path
) -> None:
    office, volunteer = star
    add_household(volunteer, "01-0050")
    there, here = open_window(volunteer), open_window(office)
    for sender, receiver, name in ((there, here, "a.sht"), (here, there, "b.sht"), (there, here, "c.sht")):
        sender.refresh()
        answers.append(accept)
        chosen.append(tmp_path / name)
        key(sender, Qt.Key.Key_G)
        chosen.append(tmp_path / name)
        key(receiver, Qt.Key.Key_O)
        assert receiver.card.is_open  # also a package that only says what the other machine holds
        key(receiver, Qt.Key.Key_Return)
    there.refresh()
    assert there.subtitle == "đã gửi hết"
    chip = next(column for column in PACKAGES if column.key == "state")
    model = there.packages.paged
    assert model is not None
    assert {chip.cell(model.row_at(place)).text for place in range(model.rowCount())} >= {"đã nhận", "đã tới nơi"}


def test_a_package_taken_in_can_be_withdrawn_at_once(star, open_window, key, chosen, tmp_path: Path) -> None:
    office, volunteer = star
    add_household(volunteer, "01-0050")
    create_package(volunteer, tmp_path / "goi.sht")
    before = register_state(office)
    here = open_window(office)
    take_in(here, key, chosen, tmp_path / "goi.sht")
    assert register_state(office) != before
    assert here.banner is not None and here.banner.button is not None
    here.banner.button.click()
    assert here.shell is not None and here.shell.tasks.wait_all()
    assert register_state(office) == before
    take_in(here, key, chosen, tmp_path / "goi.sht")
    assert register_state(office) != before


def test_taking_a_package_back_shows_its_count_and_can_be_stopped(
    star, open_window, key, chosen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, volunteer = star
    add_household(volunteer, "01-0050")
    create_package(volunteer, tmp_path / "goi.sht")
    here = open_window(office)
    take_in(here, key, chosen, tmp_path / "goi.sht")
    merged = register_state(office)
    told: list[str] = []

    def stop(progress: Progress, _done: int, _total: int = 0, text: str = "") -> None:
        told.append(text)
        if text == WRITING:
            raise Cancelled

    monkeypatch.setattr(Progress, "step", stop)
    here.banner.button.click()
    assert here.shell.tasks.wait_all()
    assert WRITING in told and register_state(office) == merged
    assert "chưa rút lại gì" in here.banner.text_label.text()


def test_people_who_may_be_doubles_of_what_came_are_offered_beside_the_way_back(
    star, open_window, key, chosen, tmp_path: Path
) -> None:
    office, volunteer = star
    add_household(office, "01-0060", members=("Nguyễn Văn Ước",))
    add_household(volunteer, "01-0070", members=("Nguyễn Văn Ước",))
    path = tmp_path / "goi.sht"
    create_package(volunteer, path)
    page = open_window(office)
    take_in(page, key, chosen, path)
    page.window().tasks.wait_all()
    QApplication.processEvents()
    assert page.banner is not None and page.banner.button is not None
    assert page.banner.button.text() == "Rút lại"
    offers = [banner for banner in page.findChildren(Banner) if "cặp có thể trùng" in banner.text_label.text()]
    assert len(offers) == 1 and offers[0].button is not None
    offers[0].button.click()
    page.window().tasks.wait_all()
    assert isinstance(page.window().current_page, DuplicatesPage)


def test_a_known_package_has_nothing_to_take_in(star, open_window, key, chosen, tmp_path: Path) -> None:
    office, volunteer = star
    add_household(volunteer)
    create_package(volunteer, tmp_path / "goi.sht")
    here = open_window(office)
    take_in(here, key, chosen, tmp_path / "goi.sht")
    chosen.append(tmp_path / "goi.sht")
    key(here, Qt.Key.Key_O)
    assert here.card.isVisibleTo(here) and not here.card.is_open
    assert "không có gì mới" in here.card.remark.text()
    key(here, Qt.Key.Key_Return)  # nothing to accept
    here.card.decline.click()
    assert not here.card.isVisibleTo(here)


@pytest.mark.parametrize("content", [b"", b"nothing", b"age-encryption.org/v1\nabc"])
def test_a_file_that_is_no_package_is_one_sentence(star, open_window, tmp_path: Path, content: bytes) -> None:
    office, _ = star
    here = open_window(office)
    (tmp_path / "lạ.sht").write_bytes(content)
    here.preview(tmp_path / "lạ.sht")
    assert here.shell is not None and here.shell.tasks.wait_all()
    assert here.banner is not None and "lạ.sht" in here.banner.text_label.text()
    assert not here.card.is_open


def test_a_strangers_package_is_refused_in_words(star, open_window, tmp_path: Path) -> None:
    from desktop_app.services.sync.devices import export_device, trust

    office, _ = star
    stranger = make_register(tmp_path / "stranger")
    export_device(office.folder, tmp_path / "office.json", office.role)
    trust(stranger.folder, stranger, tmp_path / "office.json")
    add_household(stranger)
    create_package(stranger, tmp_path / "la.sht")
    stranger.close()
    here = open_window(office)
    here.preview(tmp_path / "la.sht")
    assert here.shell is not None and here.shell.tasks.wait_all()
    assert here.banner is not None and "chưa được tin cậy" in here.banner.text_label.text()


def forget_first(volunteer: Context) -> None:
    """As if the office had said that it holds what was packed so far: the next package begins after it."""
    from sqlalchemy import func, select, update

    from desktop_app.models.tables.sync import peer
    from desktop_app.models.tables.system import operation

    with volunteer.database.write() as connection:
        own = operation.c.device == volunteer.device
        last = connection.execute(
            select(func.max(operation.c.sequence)).where(own, operation.c.generation == 1)
        ).scalar()
        connection.execute(update(peer).values(acked_own={"1": last}))


def test_a_late_package_waits_and_is_said(star, open_window, key, chosen, tmp_path: Path) -> None:
    office, volunteer = star
    add_household(volunteer, "01-0050")
    create_package(volunteer, tmp_path / "first.sht")
    forget_first(volunteer)
    add_household(volunteer, "01-0051")
    create_package(volunteer, tmp_path / "second.sht")
    here = open_window(office)
    take_in(here, key, chosen, tmp_path / "second.sht")
    row = here.machines.current()
    assert row is not None and row.waiting > 0
    take_in(here, key, chosen, tmp_path / "first.sht")
    row = here.machines.current()
    assert row is not None and row.waiting == 0
    assert register_state(office) == register_state(volunteer)


def test_a_plugged_stick_is_offered_for_writing_and_nothing_on_it_is_written_over(
    star, open_window, key, answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, volunteer = star
    add_household(volunteer)
    stick = tmp_path / "KINGSTON"
    stick.mkdir()
    monkeypatch.setattr(page_module, "removable_drives", lambda: (Drive(stick, "KINGSTON", 15_200_000_000),))
    there = open_window(volunteer)
    seen: list[str] = []

    def look(dialog: PackDialog) -> bool:
        seen.extend(button.text() for button in dialog._places.buttons())
        assert dialog.choice.folder == stick
        return True

    answers += [look, accept]
    key(there, Qt.Key.Key_G)
    assert seen == ["USB KINGSTON · còn 14,2 GB", "Chọn thư mục khác…"]
    (first,) = stick.glob("*.sht")
    content = first.read_bytes()
    monkeypatch.setattr(page_module, "file_name_for", lambda *_: first.name)
    key(there, Qt.Key.Key_G)
    assert len(list(stick.glob("*.sht"))) == 2
    assert first.read_bytes() == content


def test_packages_on_a_stick_are_found_newest_first(
    star, open_window, key, answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    office, volunteer = star
    stick = tmp_path / "KINGSTON"
    (stick / "goi").mkdir(parents=True)
    add_household(volunteer, "01-0050")
    create_package(volunteer, stick / "cu.sht")
    os.utime(stick / "cu.sht", (1_000_000_000, 1_000_000_000))
    create_package(volunteer, stick / "goi" / "moi.sht")
    drive = Drive(stick, "KINGSTON", 1)
    assert [item.path.name for item in packages_on([drive])] == ["moi.sht", "cu.sht"]
    monkeypatch.setattr(page_module, "removable_drives", lambda: (drive,))
    here = open_window(office)

    def take_first(dialog: FoundDialog) -> bool:
        dialog._take()
        return True

    answers.append(take_first)
    key(here, Qt.Key.Key_O)
    assert here.card.is_open
    assert here.card.path == stick / "goi" / "moi.sht"


def test_a_package_dropped_on_the_page_is_looked_at(star, open_window, tmp_path: Path) -> None:
    office, volunteer = star
    add_household(volunteer)
    create_package(volunteer, tmp_path / "goi.sht")
    here = open_window(office)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "goi.sht"))])
    here.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
                              Qt.KeyboardModifier.NoModifier))  # fmt: skip
    assert here.shell is not None and here.shell.tasks.wait_all()
    assert here.card.is_open


def test_after_an_assignment_package_the_button_of_a_first_start_is_named(star, open_window, tmp_path: Path) -> None:
    office, volunteer = star
    page = open_window(office)
    page.pack_to(tmp_path / "giao.sht", volunteer.device, is_snapshot=True)
    assert page.shell is not None and page.shell.tasks.wait_all()
    assert page.banner is not None
    assert "cả sổ" in page.banner.text_label.text() and "Chọn gói giao việc" in page.banner.text_label.text()


def test_with_nobody_trusted_packing_says_what_to_do_first(tmp_path: Path, open_window, key) -> None:
    lone = make_register(tmp_path / "lone")
    page = open_window(lone)
    key(page, Qt.Key.Key_G)
    assert page.banner is not None and page.banner.button is not None
    assert page.banner.button.text() == "Tin cậy một máy"
    lone.close()


def test_the_pack_dialog_names_receivers_and_what_they_lack(qtbot, star, tmp_path: Path) -> None:
    from desktop_app.services.sync.status import exchange_state
    from tests.services.sync.machines import make_star

    office, (first, _) = make_star(tmp_path / "more", 2)
    add_household(office)
    dialog = PackDialog(None, exchange_state(office).peers, ())
    qtbot.addWidget(dialog)
    assert dialog.receiver.raw() == EVERYBODY
    assert dialog.choice.receiver is None and dialog.choice.folder is None
    assert "thay đổi" in dialog.contents.text()
    only = PackDialog(None, exchange_state(office).peers, (), is_snapshot=True)
    qtbot.addWidget(only)
    assert only.choice.receiver is not None
    assert "cả sổ" in only.contents.text()
    assert "Chọn gói giao việc" in " ".join(part.text() for part in only.findChildren(QLabel))
    add_household(first, "01-0007")
    create_package(first, tmp_path / "len.sht")
    merge_package(office, tmp_path / "len.sht")
    alone = PackDialog(None, [item for item in exchange_state(office).peers if item.peer.card.uid == first.device], ())
    qtbot.addWidget(alone)
    made = create_package(office, tmp_path / "ve.sht", to=first.device)
    assert f"Gói mang {made.operations} thay đổi" in alone.contents.text()
    assert "trong đó 2 do chính máy đó gửi lên" in alone.contents.text()
    office.close()


@pytest.mark.parametrize("percent", [100, 150, 200])
def test_the_page_needs_no_sideways_scrolling(star: tuple[Context, Context], open_window, percent: int) -> None:
    office, _ = star
    page = open_window(office)
    page.window().zoom.set_percent(percent)
    area: Any = page._outer.itemAt(0).widget()
    assert area.horizontalScrollBar().maximum() == 0
