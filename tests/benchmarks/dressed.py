"""The application as the window's benchmarks need it: the program's fonts, words and look, without a data folder."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from desktop_app.ui import texts, theme


def dressed_app() -> QApplication:
    """The one application of this process, at the usual size and contrast."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    texts.install(app)
    theme.load_fonts()
    theme.apply(app, percent=100, contrast=False)
    return app
