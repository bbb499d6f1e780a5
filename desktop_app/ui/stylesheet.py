"""The one stylesheet, generated from the theme's tokens; no other place in the program writes style rules.

Invariant: rules name only classes, the ``role`` property and object names; lengths pass through ``theme.px``.
"""

from __future__ import annotations

from string import Template

from desktop_app.ui import theme

_TEMPLATE = Template("""
QMainWindow, QDialog, QWizard { background: $ground; }
QWidget { color: $ink; }
QLabel { background: transparent; }
QLabel[role="small"], QLabel[role="quiet"] { color: $quiet; }
QLabel[role="small"], QLabel[role="help"], QLabel[role="error"], QLabel[role="warning"] { font-size: ${f_small}px; }
QLabel[role="help"] { color: $quiet; }
QLabel[role="error"] { color: $failed; }
QLabel[role="warning"] { color: $attention; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="brand"] { font-weight: 700; color: $accent_deep; }
QLabel[role="field"] { font-size: ${f_small}px; font-weight: 600; color: $ink; }
QLabel[role="title"] { font-size: ${f_title}px; font-weight: 700; }
QLabel[role="display"] { font-size: ${f_display}px; font-weight: 700; }
QLabel[tone="passed"] { color: $passed; }
QLabel[tone="failed"] { color: $failed; }
QLabel[tone="attention"] { color: $attention; }
QLabel[tone="accent"] { color: $accent; }
QLabel:focus { border: ${p2}px solid $accent; border-radius: ${p4}px; }

QFrame#navigation { background: $chrome; border: none; border-right: 1px solid $line; }
QFrame#header { background: $chrome; border: none; border-bottom: 1px solid $line; }
QFrame#status { background: $chrome; border: none; border-top: 1px solid $line; }
QFrame#status QLabel, QFrame#status QPushButton { color: $quiet; font-size: ${f_small}px; }
QFrame#status QPushButton { border: none; padding: ${p2}px ${p8}px; min-height: 0; background: transparent; }
QFrame#status QPushButton:hover { background: $hover; }
QFrame#status QPushButton:focus { border: ${p2}px solid $accent; padding: 0 ${p6}px; }
QFrame#training { border: ${p5}px solid $attention_mark; }
QFrame[role="card"] { background: $card; border: 1px solid $line; border-radius: ${p12}px; }
QFrame[role="popup"] { background: $card; border: 1px solid $line_strong; border-radius: ${p8}px; }
QFrame[role="rule"] { background: $line; border: none; max-height: 1px; min-height: 1px; }
QFrame[role="banner"] { border-radius: ${p12}px; border: 1px solid $line; background: $card; }
QFrame[role="banner"][tone="attention"] { background: $attention_ground; border-color: $attention; }
QFrame[role="banner"][tone="failed"] { background: $failed_ground; border-color: $failed; }
QFrame[role="banner"][tone="passed"] { background: $passed_ground; border-color: $passed; }
QFrame[role="banner"][tone="accent"] { background: $accent_ground; border-color: $accent; }

QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="body"] { background: transparent; }

QPushButton {
  background: $card; color: $ink; border: 1px solid $line_strong; border-radius: ${p8}px;
  padding: ${p6}px ${p16}px; min-height: ${p22}px; icon-size: ${p16}px;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $track; }
QPushButton:checked { background: $accent_ground; border-color: $accent; color: $accent_deep; }
QPushButton:disabled { color: $quiet; background: $ground; border-color: $line; }
QPushButton:focus { border: ${p2}px solid $accent; padding: ${p5}px ${p15}px; outline: none; }
QPushButton[role="primary"] { background: $accent; border-color: $accent; color: $on_accent; font-weight: 600; }
QPushButton[role="primary"]:hover { background: $accent_deep; }
QPushButton[role="primary"]:pressed { background: $accent_deep; }
QPushButton[role="primary"]:disabled { background: $accent_soft; border-color: $accent_soft; color: $card; }
QPushButton[role="primary"]:focus { border: ${p2}px solid $ink; }
QPushButton[role="danger"] { color: $failed; border-color: $failed; }
QPushButton[role="danger"]:hover { background: $failed_ground; }
QPushButton[role="danger"]:focus { border: ${p2}px solid $failed; }
QPushButton[role="plain"] { background: transparent; border: 1px solid transparent; padding: ${p4}px; }
QPushButton[role="plain"]:hover { background: $hover; }
QPushButton[role="plain"]:focus { border: ${p2}px solid $accent; padding: ${p3}px; }
QPushButton[isTight="true"], QPushButton[isTight="true"]:focus { padding: 0 ${p3}px; min-height: ${p18}px; }
QPushButton[role="plain"]:checked { background: transparent; border-color: transparent; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent; color: $accent; padding: ${p4}px; }
QPushButton[role="link"]:hover { background: $accent_ground; }
QPushButton[role="link"]:focus { border: ${p2}px solid $accent; padding: ${p3}px; }
QPushButton[isSmall="true"] { padding: ${p3}px ${p12}px; font-size: ${f_small}px; }
QPushButton[isSmall="true"]:focus { padding: ${p2}px ${p11}px; }
QPushButton[role="pill"] { border: none; padding: ${p2}px ${p12}px; font-size: ${f_small}px; }
QPushButton[role="pill"]:focus { border: none; padding: ${p2}px ${p12}px; }
QPushButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDateEdit, QComboBox {
  background: $card; border: 1px solid $line_strong; border-radius: ${p8}px;
  padding: ${p5}px ${p10}px;
  selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QSpinBox, QDateEdit, QComboBox { min-height: ${p24}px; }
QLineEdit:hover, QPlainTextEdit:hover, QTextEdit:hover, QComboBox:hover { border-color: $quiet; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QComboBox:focus {
  border: ${p2}px solid $accent; padding: ${p4}px ${p9}px;
}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled, QLineEdit:read-only {
  background: $ground; color: $quiet; border-color: $line;
}
QLineEdit[state="error"], QPlainTextEdit[state="error"], QComboBox[state="error"] {
  border: ${p2}px solid $failed; padding: ${p4}px ${p9}px;
}
QLineEdit[state="warning"], QPlainTextEdit[state="warning"], QComboBox[state="warning"] {
  border: ${p2}px solid $attention; padding: ${p4}px ${p9}px;
}
QLineEdit[role="score"] { font-size: ${f_title}px; font-weight: 700; padding: ${p4}px ${p8}px; min-height: ${p30}px; }
QLineEdit[role="search"] { padding-left: ${p36}px; padding-right: ${p44}px; }
QLineEdit[role="search"]:focus { padding-left: ${p35}px; padding-right: ${p43}px; }
QComboBox { padding-right: ${p32}px; combobox-popup: 0; }
QComboBox::drop-down { border: none; width: ${p32}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView { border: 1px solid $line_strong; background: $card; padding: ${p4}px; outline: none; }
QComboBox QAbstractItemView::item { min-height: ${p32}px; padding: 0 ${p8}px; }
QComboBox QAbstractItemView::item:selected { background: $accent_ground; color: $ink; }
QCheckBox, QRadioButton { spacing: ${p8}px; padding: ${p4}px; border: ${p2}px solid transparent; }
QCheckBox:focus, QRadioButton:focus { border: ${p2}px solid $accent; border-radius: ${p6}px; }
QCheckBox::indicator, QRadioButton::indicator { width: ${p18}px; height: ${p18}px; }

QAbstractItemView { background: $card; border: none; outline: none; selection-background-color: $accent_ground;
  selection-color: $ink; gridline-color: $line; }
QListView::item { padding: ${p6}px ${p8}px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $accent_ground; color: $ink; }
QTreeView::item { min-height: ${p30}px; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
  background: $card; color: $quiet; border: none; border-bottom: 1px solid $line;
  padding: 0 ${p8}px; font-size: ${f_small}px; font-weight: 600; height: ${p36}px;
}
QHeaderView::section:hover { color: $ink; background: $hover; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QTableCornerButton::section { background: $card; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { padding: ${p8}px ${p16}px; color: $quiet; border-bottom: ${p3}px solid transparent; }
QTabBar::tab:selected { color: $accent_deep; font-weight: 600; border-bottom-color: $accent; }
QTabBar::tab:hover { color: $ink; }
QTabBar::tab:focus { background: $accent_ground; }
QGroupBox { border: 1px solid $line; border-radius: ${p8}px; margin-top: ${p12}px; padding: ${p12}px; }
QGroupBox::title { subcontrol-origin: margin; left: ${p12}px; font-weight: 600; }

QMenu { background: $card; border: 1px solid $line_strong; padding: ${p6}px; }
QMenu::item { padding: ${p7}px ${p28}px ${p7}px ${p12}px; border-radius: ${p6}px; color: $ink; }
QMenu::item:selected { background: $accent_ground; color: $ink; }
QMenu::item:disabled { color: $quiet; }
QMenu::icon { padding-left: ${p10}px; }
QMenu::separator { height: 1px; background: $line; margin: ${p6}px; }
QMenu::indicator { width: ${p16}px; height: ${p16}px; padding-left: ${p8}px; }
QToolTip { background: $ink; color: $card; border: 1px solid $ink; padding: ${p6}px ${p8}px; font-size: ${f_small}px; }

QScrollBar:vertical { background: transparent; width: ${p12}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${p12}px; margin: 0; }
QScrollBar::handle { background: $line_strong; border-radius: ${p3}px; margin: ${p3}px; }
QScrollBar::handle:vertical { min-height: ${p32}px; }
QScrollBar::handle:horizontal { min-width: ${p32}px; }
QScrollBar::handle:hover { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: $track; border: none; border-radius: ${p5}px; max-height: ${p10}px; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: ${p5}px; }
QSplitter::handle { background: transparent; }
""")


def stylesheet(look: theme.Look) -> str:
    """All rules for a look; pure, so that a test can compare looks."""
    values: dict[str, str] = {name: getattr(look.palette, name) for name in theme.palette_names()}
    for name, size in (
        ("small", theme.SMALL),
        ("body", theme.BODY),
        ("title", theme.TITLE),
        ("display", theme.DISPLAY),
    ):
        values[f"f_{name}"] = str(max(1, round(size * look.percent / 100)))
    for length in range(1, 65):
        values[f"p{length}"] = str(max(1, round(length * look.percent / 100)))
    return _TEMPLATE.substitute(values)
