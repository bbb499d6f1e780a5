"""Reusable, dumb widgets: set data in, signal out. Everything is re-exported here and loaded when first named.

Use ``from desktop_app.ui import widgets as w`` and then, e.g.::

    card = w.Card("Công dân học tập theo thôn", note="đậm: đạt · nhạt: đã chấm")
    card.body.addWidget(w.label("Chưa chấm: 12", "quiet"))
    row = w.FlowRow(w.FilterChip("Thôn", [("", "tất cả"), (uid, "Thôn 1")]),
                    w.FilterChip.switch("Thiếu CCCD: 214", "attention", "triangle-alert"))
    page.body.addWidget(w.CardGrid(*[w.StatCard(data) for data in stats]))

Lengths: ``vbox/hbox/grid(margins=, spacing=)`` and ``sized(widget, width=…)`` take pixels at 100 % and follow the zoom.
Texts: ``label(text, role)`` with role body, strong, quiet, small, help, field, title, display, error, warning.
Tones: neutral, accent, passed, failed, attention; a status is a ``Chip(text, tone)`` so that it has icon and word.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.ui.widgets.basics import (
        Button as Button,
    )
    from desktop_app.ui.widgets.basics import (
        Card as Card,
    )
    from desktop_app.ui.widgets.basics import (
        Chip as Chip,
    )
    from desktop_app.ui.widgets.basics import (
        ElidedLabel as ElidedLabel,
    )
    from desktop_app.ui.widgets.basics import (
        IconButton as IconButton,
    )
    from desktop_app.ui.widgets.basics import (
        KeyHint as KeyHint,
    )
    from desktop_app.ui.widgets.basics import (
        PrimaryButton as PrimaryButton,
    )
    from desktop_app.ui.widgets.basics import (
        QuietButton as QuietButton,
    )
    from desktop_app.ui.widgets.basics import (
        StatusChip as StatusChip,
    )
    from desktop_app.ui.widgets.basics import (
        label as label,
    )
    from desktop_app.ui.widgets.basics import (
        repolish as repolish,
    )
    from desktop_app.ui.widgets.basics import (
        set_tone as set_tone,
    )
    from desktop_app.ui.widgets.charts import (
        Bar as Bar,
    )
    from desktop_app.ui.widgets.charts import (
        DonutOrBars as DonutOrBars,
    )
    from desktop_app.ui.widgets.charts import (
        Figure as Figure,
    )
    from desktop_app.ui.widgets.charts import (
        Slice as Slice,
    )
    from desktop_app.ui.widgets.charts import (
        StatCard as StatCard,
    )
    from desktop_app.ui.widgets.charts import (
        StatData as StatData,
    )
    from desktop_app.ui.widgets.dialogs import (
        Dialog as Dialog,
    )
    from desktop_app.ui.widgets.dialogs import (
        ask_folder as ask_folder,
    )
    from desktop_app.ui.widgets.dialogs import (
        ask_open_files as ask_open_files,
    )
    from desktop_app.ui.widgets.dialogs import (
        ask_save_file as ask_save_file,
    )
    from desktop_app.ui.widgets.dialogs import (
        confirm as confirm,
    )
    from desktop_app.ui.widgets.dialogs import (
        tell as tell,
    )
    from desktop_app.ui.widgets.feedback import (
        Banner as Banner,
    )
    from desktop_app.ui.widgets.feedback import (
        ConfirmBar as ConfirmBar,
    )
    from desktop_app.ui.widgets.feedback import (
        EmptyState as EmptyState,
    )
    from desktop_app.ui.widgets.feedback import (
        IconView as IconView,
    )
    from desktop_app.ui.widgets.feedback import (
        Toast as Toast,
    )
    from desktop_app.ui.widgets.layouts import (
        CardGrid as CardGrid,
    )
    from desktop_app.ui.widgets.layouts import (
        FlowLayout as FlowLayout,
    )
    from desktop_app.ui.widgets.layouts import (
        FlowRow as FlowRow,
    )
    from desktop_app.ui.widgets.layouts import (
        MasterDetail as MasterDetail,
    )
    from desktop_app.ui.widgets.layouts import (
        ScrollBody as ScrollBody,
    )
    from desktop_app.ui.widgets.layouts import (
        grid as grid,
    )
    from desktop_app.ui.widgets.layouts import (
        hbox as hbox,
    )
    from desktop_app.ui.widgets.layouts import (
        rule as rule,
    )
    from desktop_app.ui.widgets.layouts import (
        sized as sized,
    )
    from desktop_app.ui.widgets.layouts import (
        vbox as vbox,
    )
    from desktop_app.ui.widgets.painting import (
        ChipData as ChipData,
    )
    from desktop_app.ui.widgets.progress_dialog import (
        ProgressDialog as ProgressDialog,
    )
    from desktop_app.ui.widgets.search import (
        FilterChip as FilterChip,
    )
    from desktop_app.ui.widgets.search import (
        SearchBox as SearchBox,
    )

_HOMES = {
    "basics": (
        "Button",
        "Card",
        "Chip",
        "ElidedLabel",
        "IconButton",
        "KeyHint",
        "PrimaryButton",
        "QuietButton",
        "StatusChip",
        "label",
        "repolish",
        "set_tone",
    ),
    "layouts": (
        "CardGrid",
        "FlowLayout",
        "FlowRow",
        "MasterDetail",
        "ScrollBody",
        "grid",
        "hbox",
        "rule",
        "sized",
        "vbox",
    ),
    "painting": ("ChipData",),
    "feedback": ("Banner", "ConfirmBar", "EmptyState", "IconView", "Toast"),
    "search": ("FilterChip", "SearchBox"),
    "charts": ("Bar", "DonutOrBars", "Figure", "Slice", "StatCard", "StatData"),
    "dialogs": ("Dialog", "ask_folder", "ask_open_files", "ask_save_file", "confirm", "tell"),
    "progress_dialog": ("ProgressDialog",),
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    home = _WHERE.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
