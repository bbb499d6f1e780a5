"""Scores and levels, banners, search, charts, steps, side panel, PDF preview."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.services.errors import EnvironmentProblem
from desktop_app.ui import widgets as w
from desktop_app.ui.widgets import dialogs
from tests.ui.conftest import press, type_text

LEVELS = (w.Level("Tốt", 9, 10, "rõ"), w.Level("Khá", 7, 8), w.Level("Đạt", 5, 6), w.Level("Chưa", 0, 4))


def test_a_level_is_chosen_by_its_letter_and_by_arrows(qtbot) -> None:
    levels = w.LevelList()
    qtbot.addWidget(levels)
    levels.set_levels(LEVELS)
    chosen: list[int] = []
    levels.level_chosen.connect(chosen.append)
    press(levels, Qt.Key.Key_B, "b")
    press(levels, Qt.Key.Key_Down)
    press(levels, Qt.Key.Key_Up)
    assert chosen == [1, 2, 1]
    assert levels.current == 1
    press(levels, Qt.Key.Key_H, "h")
    assert chosen == [1, 2, 1]


def test_a_digit_on_the_levels_starts_the_score_box(qtbot) -> None:
    levels, box = w.LevelList(), w.ScoreBox(10)
    for widget in (levels, box):
        qtbot.addWidget(widget)
    levels.set_levels(LEVELS)
    levels.digit_typed.connect(box.begin)
    press(levels, Qt.Key.Key_7, "7")
    assert box.score == 7


def test_showing_a_score_marks_its_level_without_reporting(qtbot) -> None:
    levels = w.LevelList()
    qtbot.addWidget(levels)
    levels.set_levels(LEVELS)
    with qtbot.assertNotEmitted(levels.level_chosen):
        levels.set_score(6)
    assert levels.current == 2
    levels.set_score(None)
    assert levels.current is None


def test_levels_are_reused_from_indicator_to_indicator(qtbot) -> None:
    levels = w.LevelList()
    qtbot.addWidget(levels)
    levels.set_levels(LEVELS)
    before = levels.findChildren(type(levels._items[0]))
    levels.set_levels(LEVELS[:2])
    levels.set_levels(LEVELS)
    assert levels.findChildren(type(levels._items[0])) == before
    assert levels.choose_letter("d")
    levels.set_levels(LEVELS[:2])
    assert not levels.choose_letter("d")


@pytest.mark.parametrize(
    ("typed", "half", "score", "is_wrong"),
    [
        ("7", False, 7, False),
        ("10", False, 10, False),
        ("11", False, None, True),
        ("7,5", False, None, True),
        ("7,5", True, 7.5, False),
        ("7.5", True, 7.5, False),
        ("7,3", True, None, True),
        ("-1", False, None, True),
        ("", False, None, False),
        ("1e1", False, None, True),
    ],
)
def test_a_typed_score_is_read_or_refused_in_words(typed, half, score, is_wrong, qtbot) -> None:
    box = w.ScoreBox(10, allows_half=half)
    qtbot.addWidget(box)
    box.setText(typed)
    if typed == "1e1":
        assert box.score in (None, 10)
        return
    assert box.score == score
    assert bool(box.error) == is_wrong


def test_letters_in_the_score_box_choose_levels_and_enter_submits_only_a_score(qtbot) -> None:
    box = w.ScoreBox(10)
    qtbot.addWidget(box)
    letters: list[str] = []
    box.level_typed.connect(letters.append)
    with qtbot.assertNotEmitted(box.submitted):
        press(box, Qt.Key.Key_Return)
    press(box, Qt.Key.Key_B, "b")
    assert (letters, box.text()) == (["B"], "")
    type_text(box, "8")
    with qtbot.waitSignal(box.submitted):
        press(box, Qt.Key.Key_Return)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=6))
def test_no_text_in_a_score_box_gives_a_score_beyond_its_limits(qtbot, text: str) -> None:
    box = w.ScoreBox(10, allows_half=True)
    box.setText(text)
    assert box.score is None or (0 <= box.score <= 10 and box.score * 2 == int(box.score * 2))
    box.deleteLater()


def test_a_question_in_place_puts_the_focus_on_the_harmless_answer(qtbot) -> None:
    bar = w.ConfirmBar("Xóa 3 hộ?", "Xóa 3 hộ")
    qtbot.addWidget(bar)
    with qtbot.waitActive(bar):
        bar.ask()
        bar.activateWindow()
    assert bar.no_button.hasFocus()
    with qtbot.waitSignal(bar.declined):
        press(bar, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    bar.ask("Xóa 4 hộ?")
    with qtbot.waitSignal(bar.confirmed):
        bar.yes_button.click()


@pytest.mark.parametrize(("width", "is_stacked"), [(1000, False), (560, True)])
def test_a_question_keeps_room_for_its_words_and_shows_them_whole(qtbot, width: int, is_stacked: bool) -> None:
    host = QWidget()
    qtbot.addWidget(host)
    column = w.vbox(host)
    bar = w.ConfirmBar("", "Khôi phục bản này", "Để nguyên sổ hiện tại")
    column.addWidget(bar)
    column.addStretch(1)
    host.resize(width, 600)
    host.show()
    bar.ask("Bản sao lưu này kém sổ hiện tại 214 thao tác; chúng được giữ trong tệp riêng. Khôi phục bản này?")
    QApplication.processEvents()
    words = bar.question_label
    assert bar.is_stacked is is_stacked
    assert words.width() >= 300
    assert words.height() >= words.heightForWidth(words.width())
    below = bar.no_button.mapTo(bar, bar.no_button.rect().topLeft()).y() >= words.geometry().bottom()
    assert below is is_stacked
    assert bar.height() < 150


def test_search_is_told_after_a_rest_and_only_once_for_the_same_text(qtbot) -> None:
    box = w.SearchBox()
    qtbot.addWidget(box)
    seen: list[str] = []
    box.search_changed.connect(seen.append)
    type_text(box, "Ước")
    assert seen == []
    qtbot.waitUntil(lambda: seen == ["Ước"], timeout=3000)
    press(box, Qt.Key.Key_Return)
    assert seen == ["Ước"]
    press(box, Qt.Key.Key_Escape)
    assert seen == ["Ước", ""]


def test_a_filter_says_its_choice_and_reports_only_a_new_one(qtbot) -> None:
    chip = w.FilterChip("Thôn", [("", "tất cả"), ("h1", "Thôn 1")])
    qtbot.addWidget(chip)
    chosen: list[object] = []
    chip.chosen.connect(chosen.append)
    assert chip.text() == "Thôn: tất cả"
    chip.menu().actions()[1].trigger()
    chip.menu().actions()[1].trigger()
    assert chosen == ["h1"]
    assert chip.text() == "Thôn: Thôn 1"
    chip.set_value("")
    assert chosen == ["h1"]


@given(st.integers(0, 20_000), st.integers(0, 20_000), st.sampled_from([0.5, 0.6, 0.75, 0.8, 0.9]))
def test_the_words_of_a_card_agree_with_its_target(done: int, whole: int, target: float) -> None:
    done = min(done, whole)
    words, tone = w.StatData("x", done, whole, "người", target).sentence()
    if not whole:
        assert tone == "neutral"
        return
    reached = done * 100 >= round(target * 100) * whole
    assert (tone == "passed") == reached
    assert words.startswith(("Vượt", "Vừa đủ")) == reached


def test_a_card_names_its_denominator_and_opens_by_enter(qtbot) -> None:
    card = w.StatCard(w.StatData("Công dân học tập", 6412, 11830, "người từ 16 tuổi", 0.6))
    qtbot.addWidget(card)
    assert "6.412 / 11.830 người từ 16 tuổi" in card.accessibleName()
    assert "Còn thiếu 686" in card.accessibleName()
    with qtbot.waitSignal(card.activated):
        press(card, Qt.Key.Key_Return)


def test_charts_draw_with_many_parts_with_none_and_say_their_numbers(qtbot) -> None:
    for count in (0, 3, 12):
        chart = w.DonutOrBars([w.Slice(f"Thôn {i}", i * 10) for i in range(count)], "người")
        qtbot.addWidget(chart)
        assert not chart.grab().isNull()
    assert "Thôn 2: 20" in chart.accessibleName()


def test_only_done_steps_can_be_gone_back_to(qtbot) -> None:
    steps = w.Stepper(["Chọn tệp", "Ghép cột", "Xem trước", "Nhập"])
    qtbot.addWidget(steps)
    steps.set_current(2)
    assert steps.accessibleName() == "Bước 3 trên 4: Xem trước"
    chosen: list[int] = []
    steps.step_chosen.connect(chosen.append)
    press(steps, Qt.Key.Key_Left)
    press(steps, Qt.Key.Key_Return)
    for _ in range(3):
        press(steps, Qt.Key.Key_Right)
    press(steps, Qt.Key.Key_Return)
    assert chosen == [1]


def test_the_side_panel_masks_secrets_until_asked_and_can_be_emptied(qtbot) -> None:
    panel = w.SidePanel()
    qtbot.addWidget(panel)
    panel.set_title("Nguyễn Thị Lan", w.ChipData("Đạt", "passed"))
    panel.add_row("Ngày sinh", "1984")
    panel.add_secret("Số CCCD", "0•• ••• ••• 319", "012184000319")
    panel.show()
    words = [label.text() for label in panel.findChildren(type(panel.title_label))]
    assert "012184000319" not in words
    eye = next(b for b in panel.findChildren(w.IconButton) if b.accessibleName() == "Hiện Số CCCD")
    eye.click()
    assert "012184000319" in [label.text() for label in panel.findChildren(type(panel.title_label))]
    panel.clear()
    assert panel.body.count() == 1


def test_side_by_side_becomes_one_above_the_other_when_narrow(qtbot) -> None:
    pair = w.MasterDetail(w.Card("Danh sách"), w.SidePanel())
    qtbot.addWidget(pair)
    pair.resize(1100, 600)
    pair.show()
    assert not pair.is_stacked
    pair.resize(600, 600)
    QApplication.processEvents()
    assert pair.is_stacked


def test_cards_stand_in_as_many_rows_as_the_room_asks(qtbot) -> None:
    cards = [w.Card(str(i)) for i in range(4)]
    grid = w.CardGrid(*cards)
    qtbot.addWidget(grid)
    grid.show()
    rows = []
    for width in (1100, 600, 300):
        grid.resize(width, 400)
        QApplication.processEvents()
        rows.append(len({card.y() for card in cards}))
    assert rows == [1, 2, 4]


@pytest.fixture
def pdf(tmp_path: Path) -> Path:
    from reportlab.lib.pagesizes import A4, landscape
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "hai_trang.pdf"
    canvas = Canvas(str(path), pagesize=landscape(A4))
    for number in (1, 2):
        canvas.drawString(100, 100, f"Trang {number}")
        canvas.rect(200, 200, 200, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return path


def test_a_preview_shows_all_pages_and_saves_the_very_same_file(pdf: Path, tmp_path: Path, qtbot, monkeypatch) -> None:
    view = w.PdfView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.load(pdf)
    assert view.page_count == 2
    assert view.page_label.text() == "Trang 1 / 2"
    view.next_button.click()
    qtbot.waitUntil(lambda: view.page == 1, timeout=3000)
    assert not view.next_button.isEnabled()
    target = tmp_path / "ban_sao.pdf"
    monkeypatch.setattr(dialogs, "ask_save_file", lambda *_a, **_k: target)
    assert view.save_as() == target
    assert target.read_bytes() == pdf.read_bytes()
    image = view.picture(0, 200)
    assert image.width() == 200
    assert image.width() > image.height()


def test_printing_sends_every_page_at_its_own_size(pdf: Path, tmp_path: Path, qtbot) -> None:
    import pypdfium2
    from PySide6.QtPrintSupport import QPrinter

    view = w.PdfView(file_name="giay.pdf")
    qtbot.addWidget(view)
    view.load(pdf.read_bytes())
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    view._set_up(printer)
    with qtbot.waitSignal(view.printed) as told:
        view.print_to(printer)
    assert told.args == [2]
    document = pypdfium2.PdfDocument(tmp_path / "in.pdf")
    try:
        assert len(document) == 2
        width, height = document[0].get_size()
        assert (round(width), round(height)) == (842, 595)
        bitmap = document[0].render(scale=1)
        pixel = (595 - 250) * bitmap.stride + 300 * bitmap.n_channels
        assert bitmap.buffer[pixel] < 64
    finally:
        document.close()


def test_what_is_printed_looks_like_the_page(pdf: Path, tmp_path: Path, qtbot) -> None:
    import pypdfium2
    from PIL import ImageChops
    from PySide6.QtPrintSupport import QPrinter

    view = w.PdfView()
    qtbot.addWidget(view)
    view.load(pdf)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    view._set_up(printer)
    with qtbot.waitSignal(view.printed):
        view.print_to(printer)
    pictures = []
    for path in (pdf, tmp_path / "in.pdf"):
        document = pypdfium2.PdfDocument(path)
        pictures.append(document[0].render(scale=2).to_pil().convert("L"))
        document.close()
    apart = ImageChops.difference(*pictures).histogram()
    assert sum(apart[100:]) < 0.005 * sum(apart)


def test_a_copy_that_cannot_be_written_is_told_and_an_older_one_stays(pdf: Path, tmp_path: Path, qtbot, monkeypatch):
    view = w.PdfView()
    qtbot.addWidget(view)
    view.load(pdf)
    told: list[EnvironmentProblem] = []
    view.refused.connect(told.append)
    in_the_way = "document.no_access" if sys.platform == "win32" else "document.write_failed"
    for name, code in ((tmp_path / "usb" / "a.pdf", "document.no_folder"), (tmp_path, in_the_way)):
        monkeypatch.setattr(dialogs, "ask_save_file", lambda *_a, _name=name, **_k: _name)
        assert view.save_as() is None
        assert told.pop().code == code
    assert [item.name for item in tmp_path.iterdir() if item.suffix == ".tmp"] == []


def test_a_damaged_pdf_is_refused_with_a_sentence(qtbot) -> None:
    view = w.PdfView()
    qtbot.addWidget(view)
    with pytest.raises(EnvironmentProblem, match="PDF bị hỏng"):
        view.load(b"khong phai pdf")


def test_qtpdf_and_qtsvg_wait_until_they_are_needed() -> None:
    import subprocess
    import sys

    code = (
        "import sys; import desktop_app.ui.main_window; from desktop_app.ui import widgets; widgets.DataTable;"
        "late = ('PySide6.QtPdf', 'PySide6.QtSvg', 'PySide6.QtPrintSupport', 'sqlalchemy');"
        "sys.exit(any(name in sys.modules for name in late))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=Path(__file__).parents[2]).returncode == 0


def test_an_endless_word_breaks_and_widens_nothing(qtbot) -> None:
    from desktop_app.ui.widgets.basics import breakable, label

    usual = "Người 70 tuổi, thôn Phước Bình, mã 0296 1862 5555 0 https://hokhauvietnam.gov.vn"
    assert breakable(usual) == usual
    wide = label(f"Ý kiến: {'X' * 2000}", wrap=True)
    qtbot.addWidget(wide)
    assert wide.minimumSizeHint().width() < 400
    assert wide.text().replace("\u200b", "") == f"Ý kiến: {'X' * 2000}"
