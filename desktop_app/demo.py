"""The whole job on the shipped sample, without a hand: lists, scores, recognition, certificates, package, pictures.

Invariant: everything is written below one folder, through the services and the window that people use.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.models.types import LearningModel
from desktop_app.services.assessment.results import list_verdicts
from desktop_app.services.context import Context
from desktop_app.services.demo import YEAR, create_sample
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.letters import decision_pdf, register_book_pdf
from desktop_app.services.recognition.papers import certificates_pdf
from desktop_app.services.registry.export import exported_citizens, write_workbook
from desktop_app.services.safety.backup import back_up_to
from desktop_app.services.sync.devices import export_device, trust
from desktop_app.services.sync.identity import load_identity
from desktop_app.services.sync.receive import receive_register
from desktop_app.services.sync.writer import create_package

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop_app.ui.main_window import MainWindow

DECIDED_ON = dt.date(2026, 11, 20)
FIRST_DECISION = 112
FILE_NAMES = {
    LearningModel.CITIZEN: "cong-dan",
    LearningModel.FAMILY: "gia-dinh",
    LearningModel.CLAN: "dong-ho",
    LearningModel.COMMUNITY: "cong-dong",
    LearningModel.ORGANIZATION: "don-vi",
    LearningModel.COMMUNE: "xa",
}
PICTURES = ("overview", "households", "citizens", "assessment", "recognition", "sync", "journal")


def run(out: Path, progress: Progress = NO_PROGRESS) -> dict[str, Any]:
    """Do the whole job below ``out``; an earlier demo's register there is replaced.

    Returns:
        ``files`` (in the order to look at), and counts over all models: ``citizens``, ``assessed``, ``passed``,
        ``certificates``.

    Raises:
        EnvironmentProblem: the folder cannot be written.
    """
    data = out / "du-lieu"
    try:
        out.mkdir(parents=True, exist_ok=True)
        if data.exists():
            shutil.rmtree(data)
    except OSError as error:
        raise EnvironmentProblem(f"Không ghi được thư mục {out}; hãy chọn nơi khác.", code="demo.unwritable") from error
    context = create_sample(data / "xa", progress)
    try:
        files, certificates = _papers(context, out, progress)
        files += _lists(context, out)
        files += _package(context, out, data)
        verdicts = list_verdicts(context, YEAR)
        result: dict[str, Any] = {
            "files": files,
            "citizens": len(exported_citizens(context)),
            "assessed": len(verdicts),
            "passed": sum(item.passed for item in verdicts),
            "certificates": certificates,
        }
        files += take_pictures(context, out, PICTURES)
    finally:
        context.close()
    result["files"] = [str(path) for path in files]
    return result


def _papers(context: Context, out: Path, progress: Progress) -> tuple[list[Path], int]:
    """Recognise all who pass, and write what is printed for them."""
    files: list[Path] = []
    count = 0
    for offset, (model, name) in enumerate(FILE_NAMES.items()):
        if not any(item.passed for item in list_verdicts(context, YEAR, model)):
            continue
        done = recognise(context, YEAR, model, str(FIRST_DECISION + offset), DECIDED_ON)
        if done.decision is None:
            continue
        count += done.recognised
        certificates_pdf(context, YEAR, model, out / f"giay-cong-nhan-{name}.pdf", progress=progress)
        decision_pdf(context, done.decision.uid, out / f"quyet-dinh-{name}.pdf", progress=progress)
        register_book_pdf(context, YEAR, model, out / f"so-theo-doi-{name}.pdf", progress=progress)
        files += [out / f"{kind}-{name}.pdf" for kind in ("giay-cong-nhan", "quyet-dinh", "so-theo-doi")]
    return files, count


def _lists(context: Context, out: Path) -> list[Path]:
    write_workbook(exported_citizens(context), out / "danh-sach-cong-dan.xlsx")
    back_up_to(context, out / "ban-sao-luu.db")
    return [out / "danh-sach-cong-dan.xlsx", out / "ban-sao-luu.db"]


def _package(context: Context, out: Path, data: Path) -> list[Path]:
    """Introduce a volunteer's machine, give it the register, and write the package that carries it."""
    load_identity(data / "cong-tac-vien", "Máy cộng tác viên Thôn 2")
    card = export_device(data / "cong-tac-vien", out / "may-cong-tac-vien.json")
    trust(context.folder, context, out / "may-cong-tac-vien.json", card.code)
    create_package(context, out / "goi-giao-viec.sht", to=card.uid, is_snapshot=True)
    receive_register(data / "cong-tac-vien", out / "goi-giao-viec.sht").close()
    return [out / "may-cong-tac-vien.json", out / "goi-giao-viec.sht"]


def take_pictures(context: Context, out: Path, keys: Iterable[str]) -> list[Path]:
    """Save the main screens as a person sees them at 1366 x 768; the register is closed afterwards."""
    app = _application()
    from desktop_app.app import Program

    program = Program(app, context.folder)
    program.set_look(percent=100)
    program.show_register(context)
    window = program.window
    assert window is not None
    window.resize(1366, 768)
    files: list[Path] = []
    try:
        for number, key in enumerate(keys, start=1):
            window.open_page(key)
            window.tasks.wait_all()
            for _ in range(4):
                app.processEvents()
            path = out / f"man-hinh-{number}-{key}.png"
            window.grab().save(str(path))
            files.append(path)
        files.append(_picture_of_form(window, out, len(files) + 1))
    finally:
        program.shut()
    return files


def _picture_of_form(window: MainWindow, out: Path, number: int) -> Path:
    """The guided form of the first citizen who is not recognised, as a volunteer sees it."""
    from desktop_app.ui.assessment.target import FormTarget

    page = window.current_page
    assert page is not None
    waiting = [item for item in list_verdicts(page.context, YEAR, LearningModel.CITIZEN) if not item.passed]
    if waiting:
        window.open_page("assessment", FormTarget(LearningModel.CITIZEN, waiting[0].uid))
    window.tasks.wait_all()
    for _ in range(4):
        _application().processEvents()
    path = out / f"man-hinh-{number}-form.png"
    window.grab().save(str(path))
    return path


def _application() -> QApplication:
    """An application without a screen, unless there is one already."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    found = QApplication.instance()
    return found if isinstance(found, QApplication) else QApplication(["sohoctap", "-platform", "offscreen"])
