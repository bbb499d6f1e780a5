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

Places: ``Card``, ``CardGrid`` (wraps), ``FlowRow`` (wraps), ``MasterDetail`` (list with ``SidePanel``), ``ScrollBody``.
Lists: ``DataTable(key, columns)`` with ``Column(key, title, width, kind, value=…)``, ``set_source(PageSource)``,
``row_selected``, ``row_opened``, ``set_placeholder(EmptyState(…))``; cells may be text, numbers, ``ChipData``,
``ToneText``, ``BarCell``. ``ListSource(rows)`` for short lists. Columns with ``stretch`` share or give way.
Forms: ``FormView(FormSpec((Field(key, label, kind, …), …)), values)``; ``validate()``, ``values()``, ``set_errors()``,
``set_warnings()``, ``set_previous()`` (F7), ``submitted``.
Scores: ``LevelList`` and ``ScoreBox``; join them: ``levels.digit_typed.connect(box.begin)`` and
``box.level_typed.connect(levels.choose_letter)``.
Says: ``Banner``, ``ConfirmBar`` (asks in place), ``EmptyState``, and ``from desktop_app.ui.widgets import dialogs``:
``dialogs.tell/confirm/ask_open_files/ask_save_file`` (call them through the module: tests replace them).
Draws: ``Bar``, ``Figure``, ``StatCard``, ``DonutOrBars``. Paper: ``PdfView(before_print=…)``, ``load(path or bytes)``.
Remembers: ``from desktop_app.ui.widgets import state``: ``recall(key)``, ``remember(key, value)``.
"""

# ruff: noqa: I001 (names are re-exported one by one, grouped by home)
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop_app.ui.widgets.basics import (
        Button as Button,
        Card as Card,
        Chip as Chip,
        ElidedLabel as ElidedLabel,
        IconButton as IconButton,
        KeyHint as KeyHint,
        PrimaryButton as PrimaryButton,
        QuietButton as QuietButton,
        label as label,
        repolish as repolish,
        set_tone as set_tone,
    )
    from desktop_app.ui.widgets.charts import (
        Bar as Bar,
        DonutOrBars as DonutOrBars,
        Figure as Figure,
        Slice as Slice,
        StatCard as StatCard,
        StatData as StatData,
    )
    from desktop_app.ui.widgets.counts import (
        CountRow as CountRow,
    )
    from desktop_app.ui.widgets.data_table import (
        DataTable as DataTable,
    )
    from desktop_app.ui.widgets.table_view import (
        CellDelegate as CellDelegate,
        TableView as TableView,
    )
    from desktop_app.ui.widgets.dialogs import (
        Dialog as Dialog,
    )
    from desktop_app.ui.widgets.editors import (
        ChoiceEditor as ChoiceEditor,
        LineEditor as LineEditor,
        SearchEditor as SearchEditor,
        SecretEditor as SecretEditor,
    )
    from desktop_app.ui.widgets.feedback import (
        Banner as Banner,
        ConfirmBar as ConfirmBar,
        EmptyState as EmptyState,
        IconView as IconView,
        Toast as Toast,
    )
    from desktop_app.ui.widgets.form import (
        FormField as FormField,
        FormView as FormView,
    )
    from desktop_app.ui.widgets.form_spec import (
        Field as Field,
        FormSpec as FormSpec,
        Reading as Reading,
        read_form as read_form,
    )
    from desktop_app.ui.widgets.layouts import (
        CardGrid as CardGrid,
        FlowLayout as FlowLayout,
        FlowRow as FlowRow,
        MasterDetail as MasterDetail,
        ScrollBody as ScrollBody,
        grid as grid,
        hbox as hbox,
        rule as rule,
        sized as sized,
        vbox as vbox,
    )
    from desktop_app.ui.widgets.paged_model import (
        BarCell as BarCell,
        Column as Column,
        ListSource as ListSource,
        PagedTableModel as PagedTableModel,
        PageSource as PageSource,
        ToneText as ToneText,
    )
    from desktop_app.ui.widgets.painting import (
        ChipData as ChipData,
    )
    from desktop_app.ui.widgets.panels import (
        SidePanel as SidePanel,
        Stepper as Stepper,
    )
    from desktop_app.ui.widgets.pdf_view import (
        PdfView as PdfView,
    )
    from desktop_app.ui.widgets.progress_dialog import (
        ProgressDialog as ProgressDialog,
    )
    from desktop_app.ui.widgets.scoring import (
        Level as Level,
        LevelList as LevelList,
        ScoreBox as ScoreBox,
    )
    from desktop_app.ui.widgets.search import (
        FilterChip as FilterChip,
        SearchBox as SearchBox,
    )
    from desktop_app.ui.widgets.search_popup import (
        SearchHit as SearchHit,
        SearchPopup as SearchPopup,
    )

_HOMES = {
    "basics": ("Button Card Chip ElidedLabel IconButton KeyHint PrimaryButton QuietButton label repolish set_tone"),
    "charts": "Bar DonutOrBars Figure Slice StatCard StatData",
    "counts": "CountRow",
    "data_table": "DataTable",
    "table_view": "CellDelegate TableView",
    "dialogs": "Dialog",
    "editors": "ChoiceEditor LineEditor SearchEditor SecretEditor",
    "feedback": "Banner ConfirmBar EmptyState IconView Toast",
    "form": "FormField FormView",
    "form_spec": "Field FormSpec Reading read_form",
    "layouts": "CardGrid FlowLayout FlowRow MasterDetail ScrollBody grid hbox rule sized vbox",
    "paged_model": "BarCell Column ListSource PageSource PagedTableModel ToneText",
    "painting": "ChipData",
    "panels": "SidePanel Stepper",
    "pdf_view": "PdfView",
    "progress_dialog": "ProgressDialog",
    "scoring": "Level LevelList ScoreBox",
    "search": "FilterChip SearchBox",
    "search_popup": "SearchHit SearchPopup",
}
_WHERE = {name: home for home, names in _HOMES.items() for name in names.split()}
__all__ = sorted(_WHERE)


def __getattr__(name: str) -> Any:
    home = _WHERE.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value
