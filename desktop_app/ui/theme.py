"""The look's tokens: colours, the 8-pixel grid, four text sizes, all scaled by one zoom; widgets ask, never invent.

Invariant: every pixel length a widget sets comes from ``px``, ``metrics`` or a layout helper, so that one call of
``apply`` rescales and recolours the whole program.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, fields, replace
from functools import lru_cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QLayout, QWidget

SMALL, BODY, TITLE, DISPLAY = 13, 15, 20, 28
"""The four text sizes, in pixels at 100 %."""

FONT_FILES = (
    "NotoSans-Regular.ttf",
    "NotoSans-SemiBold.ttf",
    "NotoSans-Bold.ttf",
    "NotoSans-Italic.ttf",
)
FONT_CLASSES = (
    "QAbstractItemView",
    "QHeaderView",
    "QMenu",
    "QMenuBar",
    "QMessageBox",
    "QToolTip",
    "QLineEdit",
    "QTextEdit",
    "QPlainTextEdit",
    "QComboBox",
    "QComboBoxListView",
    "QAbstractButton",
    "QLabel",
    "QTabBar",
    "QStatusBar",
    "QDialog",
    "QGroupBox",
)


@dataclass(frozen=True)
class Palette:
    """Colours by their work. Status colours never stand alone: an icon and a word go with them."""

    ground: str = "#F6F5F1"
    chrome: str = "#FDFCFA"
    card: str = "#FFFFFF"
    line: str = "#E3E0D8"
    line_soft: str = "#ECEAE4"
    line_strong: str = "#C9C6BC"
    ink: str = "#22302F"
    quiet: str = "#5F6B67"
    accent: str = "#0F6B66"
    accent_deep: str = "#0B5450"
    accent_ground: str = "#DCEBE8"
    accent_faint: str = "#EFF5F3"
    accent_soft: str = "#AFC8C2"
    on_accent: str = "#FFFFFF"
    hover: str = "#F3F1EB"
    track: str = "#ECE9DF"
    passed: str = "#2B7549"
    passed_ground: str = "#E2F0E6"
    failed: str = "#B23A2E"
    failed_ground: str = "#F9E4E1"
    attention: str = "#99600C"
    attention_ground: str = "#FBF0DA"
    attention_mark: str = "#B8741A"
    neutral: str = "#3D4A48"
    neutral_ground: str = "#EDF1F0"


LIGHT = Palette()
CONTRAST = Palette(
    ground="#FFFFFF",
    chrome="#FFFFFF",
    card="#FFFFFF",
    line="#4A4A4A",
    line_soft="#8A8A86",
    line_strong="#000000",
    ink="#000000",
    quiet="#1E2624",
    accent="#003F3B",
    accent_deep="#002624",
    accent_ground="#CFE8E4",
    accent_faint="#E8F4F2",
    accent_soft="#5E8A84",
    hover="#E9E9E4",
    track="#C9C9C4",
    passed="#00441B",
    passed_ground="#DDF3E4",
    failed="#7A0C02",
    failed_ground="#FBDCD8",
    attention="#5C3600",
    attention_ground="#FFEBC2",
    attention_mark="#8A4B00",
    neutral="#000000",
    neutral_ground="#E6EAE9",
)

TONES = ("neutral", "accent", "passed", "failed", "attention")
"""Words a widget may take for a status; ``tone_colors`` gives ink and ground."""


@dataclass(frozen=True)
class Look:
    """What the window looks like now: colours and text size in percent."""

    palette: Palette = LIGHT
    percent: int = 100
    is_contrast: bool = False


class _Notifier(QObject):
    changed = Signal()


_look = Look()
_family = "Noto Sans"
_notifier: _Notifier | None = None


def notifier() -> _Notifier:
    """The object whose ``changed`` tells self-painted widgets that colours or zoom are new."""
    global _notifier
    if _notifier is None:
        _notifier = _Notifier()
    return _notifier


def look() -> Look:
    return _look


def percent() -> int:
    return _look.percent


def px(length: float) -> int:
    """Length in pixels at the present zoom; a positive length never vanishes."""
    scaled = round(length * _look.percent / 100)
    return max(1, scaled) if length > 0 else scaled


def color(name: str) -> QColor:
    """A colour of the palette by its field name, e.g. ``color("accent")``."""
    return _color(_look.palette, name)


@lru_cache(maxsize=256)
def _color(palette: Palette, name: str) -> QColor:
    return QColor(getattr(palette, name))


def tone_colors(tone: str) -> tuple[QColor, QColor]:
    """Ink and ground of a tone out of ``TONES``."""
    if tone == "accent":
        return color("accent"), color("accent_ground")
    return color(tone), color(f"{tone}_ground")


def font(size: int = BODY, *, strong: bool = False, bold: bool = False) -> QFont:
    """The program's font at one of the four sizes; ``strong`` is semi-bold, ``bold`` for figures and titles."""
    return QFont(_font(_family, px(size), strong, bold))


@lru_cache(maxsize=64)
def _font(family: str, pixels: int, strong: bool, bold: bool) -> QFont:
    made = QFont(family)
    made.setPixelSize(pixels)
    if bold:
        made.setWeight(QFont.Weight.Bold)
    elif strong:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def row_height() -> int:
    """Table rows: 1.9 times the height of the text."""
    return px(BODY * 1.31 * 1.9)


def load_fonts() -> None:
    """Register the shipped Noto Sans; without the files the system's own face stands in."""
    from desktop_app.services.resources import resource_path

    global _family
    for name in FONT_FILES:
        path = resource_path("fonts", name)
        if path.is_file():
            number = QFontDatabase.addApplicationFont(str(path))
            families = QFontDatabase.applicationFontFamilies(number)
            if families and name == FONT_FILES[0]:
                _family = families[0]


def apply(app: QApplication, *, percent: int | None = None, contrast: bool | None = None) -> None:
    """Set colours, fonts, stylesheet and every remembered length at once, for what is open and what will be."""
    global _look
    _look = replace(
        _look,
        percent=_look.percent if percent is None else percent,
        is_contrast=_look.is_contrast if contrast is None else contrast,
    )
    _look = replace(_look, palette=CONTRAST if _look.is_contrast else LIGHT)
    from desktop_app.ui.stylesheet import stylesheet

    app.setStyleSheet("")  # fonts reach widgets three times faster while no rules stand
    if app.style().objectName().lower() != "fusion":
        app.setStyle("Fusion")
    base = font()
    app.setFont(base)
    for name in FONT_CLASSES:
        app.setFont(base, name)  # type: ignore[arg-type]  # the stub wants bytes, the binding takes text
    app.setPalette(_qt_palette())
    app.setStyleSheet(stylesheet(_look))
    _rescale_all(app)
    notifier().changed.emit()


def _rescale_all(app: QApplication) -> None:
    """Every widget there is; no garbage is collected meanwhile, because a closed page that goes while the list of all
    widgets is being made leaves places of freed memory in it."""
    is_collecting = gc.isenabled()
    gc.disable()
    try:
        for widget in app.allWidgets():
            rescale(widget)
    finally:
        if is_collecting:
            gc.enable()


def _qt_palette() -> QPalette:
    made = QPalette()
    roles = {
        QPalette.ColorRole.Window: "ground",
        QPalette.ColorRole.Base: "card",
        QPalette.ColorRole.AlternateBase: "hover",
        QPalette.ColorRole.Text: "ink",
        QPalette.ColorRole.WindowText: "ink",
        QPalette.ColorRole.ButtonText: "ink",
        QPalette.ColorRole.Button: "card",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.PlaceholderText: "quiet",
        QPalette.ColorRole.ToolTipBase: "ink",
        QPalette.ColorRole.ToolTipText: "card",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Mid: "line_strong",
        QPalette.ColorRole.Dark: "track",
    }
    for role, name in roles.items():
        made.setColor(role, color(name))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, color("quiet"))
    return made


def rescale(widget: QWidget) -> None:
    """Reapply the lengths that ``remember_layout`` and ``remember_size`` stored on this widget."""
    sizes = widget.property("lengthsAt100")
    if sizes:
        _set_size(widget, sizes)
    layout = widget.layout()
    if layout is not None:
        _rescale_layout(layout)


def _rescale_layout(layout: QLayout) -> None:
    base = layout.property("marginsAt100")
    if base:
        left, top, right, bottom, spacing = base
        layout.setContentsMargins(px(left), px(top), px(right), px(bottom))
        layout.setSpacing(px(spacing))
    for child in layout.children():  # not itemAt: PySide6 keeps those items after Qt freed them
        if isinstance(child, QLayout):
            _rescale_layout(child)


def remember_layout(layout: QLayout, margins: tuple[int, int, int, int], spacing: int) -> None:
    """Give a layout margins and spacing at 100 %; they follow the zoom from now on."""
    layout.setProperty("marginsAt100", [*margins, spacing])
    _rescale_layout(layout)


def remember_size(widget: QWidget, **lengths: int) -> None:
    """Give a widget lengths at 100 %: width, height, min_width, min_height, max_width, max_height."""
    widget.setProperty("lengthsAt100", dict(lengths))
    _set_size(widget, lengths)


def _set_size(widget: QWidget, lengths: dict[str, int]) -> None:
    setters = {
        "width": widget.setFixedWidth,
        "height": widget.setFixedHeight,
        "min_width": widget.setMinimumWidth,
        "min_height": widget.setMinimumHeight,
        "max_width": widget.setMaximumWidth,
        "max_height": widget.setMaximumHeight,
    }
    for name, length in lengths.items():
        setters[name](px(length))


def contrast_ratio(first: str, second: str) -> float:
    """WCAG 2 contrast of two ``#RRGGBB`` colours, 1 to 21."""

    def luminance(value: str) -> float:
        parts = (int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palette_names() -> tuple[str, ...]:
    return tuple(f.name for f in fields(Palette))
