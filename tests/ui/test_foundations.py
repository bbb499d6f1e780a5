"""Colours, sizes, icons, actions and words: what every screen stands on."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTableView,
    QWidget,
)

from desktop_app.services.resources import resource_path
from desktop_app.ui import actions, icons, texts, theme
from desktop_app.ui import widgets as w
from desktop_app.ui.actions import EVERYWHERE, ActionRegistry, ActionSpec, DuplicateActionError
from desktop_app.ui.stylesheet import stylesheet
from desktop_app.ui.zoom import STEPS, Zoom, nearest_step


@pytest.mark.parametrize("palette", [theme.LIGHT, theme.CONTRAST], ids=["light", "contrast"])
def test_every_text_colour_is_legible_on_its_ground(palette: theme.Palette) -> None:
    pairs = [("ink", g) for g in ("ground", "chrome", "card", "accent_ground", "hover", "accent_faint")]
    pairs += [("quiet", g) for g in ("ground", "chrome", "card")]
    pairs += [(t, f"{t}_ground") for t in ("passed", "failed", "attention", "neutral")]
    pairs += [(t, "card") for t in ("passed", "failed", "attention", "accent", "accent_deep")]
    pairs += [("on_accent", "accent"), ("on_accent", "attention"), ("accent_deep", "accent_ground")]
    floor = 7.0 if palette is theme.CONTRAST else 4.5
    low = {pair: theme.contrast_ratio(getattr(palette, pair[0]), getattr(palette, pair[1])) for pair in pairs}
    assert {pair: round(ratio, 2) for pair, ratio in low.items() if ratio < floor} == {}


def test_all_qt_classes_get_the_shipped_font(look: QApplication) -> None:
    for name in theme.FONT_CLASSES:
        assert QApplication.font(name).family() == "Noto Sans", name
        assert QApplication.font(name).pixelSize() == theme.BODY, name


def test_the_stylesheet_grows_with_the_text_and_has_no_hole_in_it() -> None:
    small = stylesheet(theme.Look(percent=90))
    large = stylesheet(theme.Look(percent=200))
    assert f"font-size: {theme.TITLE * 2}px" in large
    assert f"font-size: {theme.TITLE * 2}px" not in small
    assert "$" not in large


def test_zoom_reaches_open_widgets_tables_and_menus_at_once_and_is_remembered(look: QApplication, qtbot) -> None:
    kept: list[int] = []
    zoom = Zoom(look, kept.append)
    card = w.sized(w.Card("Thẻ"), width=100)
    table = w.DataTable("test.zoom", [w.Column("name", "Tên")])
    menu = QMenu()
    for widget in (card, table, menu):
        qtbot.addWidget(widget)
    margin = card.body.contentsMargins().left()
    row = table.view.verticalHeader().defaultSectionSize()
    zoom.set_percent(200)
    assert card.width() == 200
    assert card.body.contentsMargins().left() == 2 * margin
    assert abs(table.view.verticalHeader().defaultSectionSize() - 2 * row) <= 1
    assert QApplication.font("QMenu").pixelSize() == 2 * theme.BODY
    assert kept == [200]


def test_zoom_steps_from_90_to_200_and_stops_at_both_ends(look: QApplication) -> None:
    zoom = Zoom(look)
    seen = []
    for _ in range(10):
        zoom.zoom_in()
        seen.append(zoom.percent)
    assert seen[-1] == 200
    for _ in range(10):
        zoom.zoom_out()
    assert zoom.percent == 90
    zoom.reset()
    assert zoom.percent == 100
    assert set(seen) <= set(STEPS)
    assert nearest_step(134) == 125
    assert nearest_step(10_000) == 200


def test_table_rows_are_1_9_times_as_high_as_the_text(look: QApplication, qtbot) -> None:
    label = w.label("Nguyễn")
    qtbot.addWidget(label)
    assert theme.row_height() == pytest.approx(label.fontMetrics().height() * 1.9, rel=0.06)


def test_an_icon_takes_the_colour_of_the_theme_and_stays_sharp(look: QApplication) -> None:
    icon = icons.icon("house", "accent")
    image = icon.pixmap(QSize(32, 32), 2.0).toImage()
    assert image.width() == 64
    light = _strongest(image)
    assert light == theme.color("accent").name()
    theme.apply(look, contrast=True)
    assert _strongest(icon.pixmap(QSize(32, 32), 1.0).toImage()) == theme.CONTRAST.accent.lower()


def _strongest(image) -> str:
    counts: dict[str, int] = {}
    for y in range(image.height()):
        for x in range(image.width()):
            colour = image.pixelColor(x, y)
            if colour.alpha() == 255:
                counts[colour.name()] = counts.get(colour.name(), 0) + 1
    return max(counts, key=lambda name: counts[name])


def test_the_licence_of_the_icons_is_shipped_and_every_icon_draws(look: QApplication) -> None:
    assert "ISC License" in resource_path("icons", "LICENSE.txt").read_text(encoding="utf-8")
    names = [path.stem for path in resource_path("icons").glob("*.svg")]
    assert len(names) >= 80
    empty = [n for n in names if not _has_ink(icons.pixmap(n, 16).toImage())]
    assert empty == []


def _has_ink(image) -> bool:
    return any(image.pixelColor(x, y).alpha() for x in range(image.width()) for y in range(image.height()))


def test_every_icon_of_a_registered_action_exists() -> None:
    for spec in actions.REGISTRY.all():
        if spec.icon:
            assert resource_path("icons", f"{spec.icon}.svg").is_file(), spec.id


def test_two_actions_of_one_screen_cannot_share_a_key() -> None:
    registry = ActionRegistry()
    registry.add(ActionSpec("a.one", "Một", "Ctrl+K", scope="A"))
    registry.add(ActionSpec("b.one", "Một", "Ctrl+K", scope="B"))
    with pytest.raises(DuplicateActionError):
        registry.add(ActionSpec("a.two", "Hai", "Ctrl+K", scope="A"))
    with pytest.raises(DuplicateActionError):
        registry.add(ActionSpec("a.three", "Ba", "F3", scope="A"))
    with pytest.raises(DuplicateActionError):
        registry.add(ActionSpec("a.one", "Khác", scope="A"))


def test_the_keys_of_the_design_are_in_the_registry() -> None:
    keys = {spec.id: spec.shortcut for spec in actions.STANDARD}
    expected = {
        "help": "F1",
        "edit": "F2",
        "search": "F3",
        "list": "F4",
        "reload": "F5",
        "repeat": "F7",
        "delete": "F8",
        "preview": "F9",
        "save": "Ctrl+S",
        "undo": "Ctrl+Z",
    }
    assert {name: keys[name] for name in expected} == expected


def test_an_action_calls_its_handler_and_the_plus_key_works_unshifted(look: QApplication, qtbot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    called: list[int] = []
    action = ActionRegistry().make("zoom_in", lambda: called.append(1), widget)
    action.trigger()
    assert called == [1]
    assert QKeySequence("Ctrl+=") in action.shortcuts()


def test_the_key_card_names_each_key_once_in_its_scope() -> None:
    registry = ActionRegistry()
    registry.add(ActionSpec("x.y", "Nhập <khẩu>", "Ctrl+I", scope="Công dân"))
    html = registry.key_card_html()
    assert html.index(EVERYWHERE) < html.index("Công dân")
    assert "Nhập &lt;khẩu&gt;" in html
    assert html.count("<b>F2</b>") == 1
    assert "Ctrl và dấu +" in html


def test_figures_are_written_the_vietnamese_way() -> None:
    assert texts.number(11830) == "11.830"
    assert texts.number(1234567.5, 1) == "1.234.567,5"
    assert texts.percent(0.542) == "54,2 %"


def _shown_words(root: QWidget) -> Iterator[str]:
    for widget in [root, *root.findChildren(QWidget)]:
        if isinstance(widget, (QLabel, QAbstractButton)):
            yield widget.text()
            yield widget.toolTip()
    for action in root.findChildren(QAction):
        yield action.text()


def test_file_dialogs_and_standard_buttons_have_no_english_word(look: QApplication, qtbot) -> None:
    dialog = QFileDialog(None, "Chọn tệp")
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    qtbot.addWidget(dialog)
    box = QDialogButtonBox()
    qtbot.addWidget(box)
    for button in QDialogButtonBox.StandardButton:
        if button not in (QDialogButtonBox.StandardButton.NoButton,):
            box.addButton(button)
    line, area = QLineEdit(), QPlainTextEdit()
    menus = [line.createStandardContextMenu(), area.createStandardContextMenu()]
    words = [*_shown_words(dialog), *_shown_words(box), *(a.text() for m in menus for a in m.actions())]
    for widget in (line, area, *menus):
        qtbot.addWidget(widget)
    english = {"open", "cancel", "save", "file", "name", "look", "type", "yes", "no", "undo", "copy", "delete", "back"}
    found = {word for word in words if {part.strip("&:.").lower() for part in word.split("\t")[0].split()} & english}
    assert found == set()


def test_none_and_its_like_survive_more_qt_calls_than_they_have_references(look: QApplication) -> None:
    thing = QObject()
    for _ in range(20_000):
        thing.setObjectName("x")
    assert {one for one in (None, True, False) if sys.getrefcount(one) < 1 << 20} == set()


def test_buttons_give_up_their_key_first_and_then_their_words(look: QApplication, qtbot) -> None:
    button = w.QuietButton("Nhập khẩu", icon="file-up", key="Ctrl+I")
    qtbot.addWidget(button)
    widths = []
    for level in (0, 1, 2):
        button.set_compactness(level)
        widths.append(button.sizeHint().width())
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == 3
    assert "Nhập khẩu" in button.toolTip()
    assert button.accessibleName() == "Nhập khẩu"


def test_names_from_files_are_never_read_as_markup(look: QApplication, qtbot) -> None:
    label = w.label("<b>Lan</b> & <script>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText


def test_plain_qt_widgets_are_reached_by_the_font_too(look: QApplication, qtbot) -> None:
    for made in (QPushButton("Đồng ý"), QTableView(), QLineEdit()):
        qtbot.addWidget(made)
        made.ensurePolished()
        assert made.font().family() == "Noto Sans"
