"""The first pages of the print beside the questions, as they will leave the printer; printing itself is elsewhere.

Invariant: shows a beginning of what would be written; a person cannot print or keep it from here by mistake.
"""

from __future__ import annotations

from desktop_app.services.vietnamese import number_text
from desktop_app.ui.widgets.pdf_view import PdfView


class SampleView(PdfView):
    """A preview without the buttons that print and keep."""

    def __init__(self) -> None:
        super().__init__()
        self.save_button.hide()
        self.print_button.hide()
        self.print_button.setEnabled(False)

    def _on_page(self, page: int) -> None:
        super()._on_page(page)
        self.page_label.setText(f"Xem trước trang {page + 1} / {number_text(self.page_count)}")
