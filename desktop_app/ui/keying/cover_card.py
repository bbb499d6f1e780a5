"""The head of a batch: which stack, who collected it, what its cover says, how far it is.

Invariant: dumb; shows what it is told. In a short window it is one line, at the greatest text size it stands in the
page's header instead.
"""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop_app.services.keying.records import BatchRecord
from desktop_app.ui import theme
from desktop_app.ui.keying.words import cover_line, day_text, kind_words, score_text
from desktop_app.ui.widgets.basics import Card, ElidedLabel, label
from desktop_app.ui.widgets.charts import Bar
from desktop_app.ui.widgets.layouts import hbox, sized, vbox


class _Fact(QWidget):
    """A word over its value."""

    def __init__(self, name: str) -> None:
        super().__init__()
        column = vbox(self, spacing=1)
        column.addWidget(label(name, "small"))
        self.value = ElidedLabel("", "strong")
        column.addWidget(self.value)

    def set_value(self, text: str) -> None:
        self.value.setText(text)


class CoverCard(Card):
    """Shows a batch."""

    def __init__(self) -> None:
        super().__init__(margins=(18, 10), spacing=0)
        row = hbox(spacing=26)
        self.body.addLayout(row)
        self._name, self._collector, self._cover = _Fact("Loại phiếu"), _Fact("Người thu"), _Fact("Trên bìa")
        for fact in (self._name, self._collector, self._cover):
            row.addWidget(fact)
        middle = QWidget()
        column = vbox(middle, spacing=3)
        self.progress_label = label("", "small")
        column.addWidget(self.progress_label)
        self.bar = Bar()
        column.addWidget(self.bar)
        row.addWidget(sized(middle, min_width=120), 1)
        self._total = _Fact("Tổng đang có")
        row.addWidget(self._total)

    def show_batch(self, batch: BatchRecord, *, forms: int, complete: int, total: float) -> None:
        """Say how a batch stands now."""
        self._name.set_value(kind_words(batch))
        day = day_text(batch.cover.collected_on)
        self._collector.set_value(" · ".join(p for p in (batch.cover.collector or "chưa ghi", day) if p))
        self._cover.set_value(cover_line(batch))
        self.progress_label.setText(progress_words(batch, forms, complete))
        most = max(batch.cover.form_count or forms, 1)
        self.bar.set_shares(complete / most, also=forms / most)
        self._total.set_value(total_words(batch, total))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._collector.setVisible(self.width() >= theme.px(760))
        self._name.setVisible(self.width() >= theme.px(560))


def progress_words(batch: BatchRecord, forms: int, complete: int) -> str:
    """ "Đã nhập 7 / 40", with the forms that are not whole."""
    of = f" / {batch.cover.form_count}" if batch.cover.form_count is not None else ""
    left = f" · {forms - complete} phiếu chưa đủ" if forms > complete else ""
    return f"Đã nhập {complete}{of}{left}"


def total_words(batch: BatchRecord, total: float) -> str:
    """The sum so far against that of the cover."""
    of = f" / {score_text(batch.cover.score_sum)}" if batch.cover.score_sum is not None else ""
    return f"{score_text(total)}{of}"
