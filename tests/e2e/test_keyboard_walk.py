"""The officer's whole year by keyboard alone, with a real file, in real windows, over real registers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop_app import app as application
from desktop_app.app import Program
from desktop_app.services.criteria.definition import AnswerType
from desktop_app.services.vietnamese import fold
from desktop_app.ui.assessment.form_page import FormPage
from desktop_app.ui.safety.volunteer_page import VolunteerPage
from desktop_app.ui.widgets import dialogs
from tests.e2e.hands import Hands, StrayWindows

PARTS = ("Cơ quan, ký", "Đợt, chỉ tiêu", "Bộ tiêu chí", "Người làm việc", "Máy, kiểm tra", "Hiển thị", "Sao lưu")
SAMPLES = Path(__file__).parent.parent / "samples"


def refuse(_parent: object, title: str, sentence: str, **_: object) -> None:
    """A message that nobody expects would wait for a person for ever."""
    raise AssertionError(f"{title}: {sentence}")


@pytest.fixture
def chosen(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is chosen in the next file dialogs, which are the system's own."""
    files: list[Path] = []

    def take(*_: object, **__: object) -> Path | None:
        return files.pop(0) if files else None

    monkeypatch.setattr(dialogs, "ask_open_files", lambda *_, **__: [files.pop(0)] if files else [])
    monkeypatch.setattr(dialogs, "tell", refuse)
    monkeypatch.setattr(dialogs, "ask_save_file", take)
    return files


@pytest.fixture
def hands_on(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    """Starts the program over a folder and puts hands on it."""
    monkeypatch.setattr(application, "install_excepthook", lambda parent: None)
    for place in ("services.safety.sticks", "ui.safety.restore_pane", "ui.safety.section_backup", "ui.sync.page"):
        monkeypatch.setattr(f"desktop_app.{place}.removable_drives", lambda: ())
    programs: list[Program] = []
    stray = StrayWindows()
    qapp.installEventFilter(stray)

    def start(folder: Path, name: str = "") -> Hands:
        program = Program(qapp, folder)
        programs.append(program)
        assert program.start()
        hands = Hands(program, name)
        assert program.window is not None
        program.window.resize(1366, 728)
        hands.settle()
        return hands

    yield start
    qapp.removeEventFilter(stray)
    for program in programs:
        if not program.is_finished:
            program.shut()
    qapp.setQuitOnLastWindowClosed(True)
    assert not stray.found


def set_up_office(hands: Hands) -> None:
    """The first start: the commune, its hamlets, the office, who works."""
    hands.shoot("bat_dau")
    hands.keys("Return")
    hands.shoot("xa_trong")
    hands.fill("")
    hands.type("phú an an giang")
    hands.keys("Down", "Return", "Return")
    hands.shoot("xa")
    hands.fill("")
    hands.type("Thôn 1-3")
    hands.keys("Return")
    hands.shoot("thon")
    hands.keys("Ctrl+Return")
    hands.shoot("co_quan")

    hands.keys("Ctrl+Return")
    hands.fill("Lê Thị Hạnh")
    hands.shoot("nguoi_lam")
    hands.keys("Ctrl+Return")
    hands.shoot("tong_quan_trong")


def import_people(hands: Hands, chosen: list[Path]) -> None:
    """From the empty register's one button to the list of people."""
    for number, name in ((1, "ho"), (4, "dong_ho"), (5, "thon"), (6, "don_vi"), (7, "danh_gia"), (8, "cong_nhan")):
        hands.keys(f"Alt+{number}" if number != 1 else "Alt+2")
        hands.shoot(f"{name}_trong")
    hands.keys("Alt+9")
    hands.shoot("dong_bo_trong")
    hands.keys("Ctrl+Tab")
    hands.shoot("nhat_ky_dau")
    hands.keys("Alt+3")
    hands.shoot("cong_dan_trong")
    hands.keys("Return")
    hands.shoot("nhap_chon_tep")
    chosen.append(SAMPLES / "01_mot_bang.xlsx")
    hands.keys("Return")
    hands.shoot("nhap_ghep_cot")
    hands.keys("Ctrl+Return")
    hands.shoot("nhap_xem_truoc")
    hands.keys("F6")
    hands.shoot("nhap_ngo_trung")
    hands.keys("Ctrl+Return")
    hands.shoot("nhap_xong")
    hands.keys("Return")
    hands.shoot("cong_dan")


def correct_a_person(hands: Hands) -> None:
    hands.keys("Down", "F2")
    hands.shoot("sua_nguoi")
    hands.keys("Ctrl+A")
    hands.type("Nguyễn Thị Ánh Sửa")
    hands.keys("Ctrl+S")
    hands.shoot("da_sua")


def score_everything(hands: Hands) -> None:
    """A citizen and a family one indicator after the other, a hamlet on one page."""
    hands.keys("Alt+7")
    hands.shoot("danh_gia")
    hands.keys("Return")
    hands.shoot("chon_nhom")
    if hands.called(hands.focus) != "Điểm":
        hands.keys("Return")
    hands.shoot("phieu_cong_dan")
    answer_all(hands)
    hands.shoot("phieu_cong_dan_xong")
    hands.keys("Alt+7", "Ctrl+2")
    hands.shoot("danh_gia_ho")
    hands.keys("Return")
    hands.shoot("phieu_ho")
    answer_all(hands)
    hands.shoot("phieu_ho_xong")
    hands.keys("Alt+7", "Ctrl+4", "Return")
    hands.shoot("phieu_thon")
    hands.keys("Ctrl+K")
    hands.shoot("phieu_thon_mot_trang")
    answer_all(hands)
    hands.shoot("phieu_thon_xong")
    hands.keys("Alt+7")


def answer_all(hands: Hands) -> None:
    """The most that can be given, indicator after indicator."""
    form = hands.window.current_page
    assert isinstance(form, FormPage)
    for _ in range(len(form.session.indicators)):
        if all(not form.session.is_open(indicator) for indicator in form.session.indicators):
            return
        indicator = form.session.indicators[form.place]
        if indicator.answer_type is AnswerType.MET:
            hands.type("1")
        elif indicator.answer_type is AnswerType.PERCENT:
            hands.type("100")
        else:
            hands.type(f"{indicator.max_score or 0:g}")
        hands.keys("Return")


def recognise(hands: Hands, chosen: list[Path], folder: Path) -> None:
    hands.keys("Alt+8")
    hands.shoot("cong_nhan")
    hands.keys("F6")
    hands.type("112")
    hands.keys("Return")
    hands.shoot("quyet_dinh")
    hands.in_dialog(lambda: hands.keys("Shift+Tab", "Return"), opened_by="Ctrl+Return", shot="hoi_cong_nhan")
    hands.shoot("da_cong_nhan")
    hands.keys("Ctrl+2")
    hands.shoot("giay")
    hands.keys("F9")
    hands.shoot("xem_giay")
    chosen.append(folder / "giay.pdf")
    hands.tab_to("Cất thành tệp")
    hands.keys("Return")
    hands.shoot("da_cat_pdf")
    hands.keys("Alt+Left")
    hands.keys("Ctrl+3")
    hands.shoot("so_theo_doi")


def back_up_and_restore(hands: Hands) -> None:
    """A backup, a person removed after it, and everything back as it was."""
    hands.tab_to("Thiết lập")
    hands.keys("Return")
    for part in (
        "Cơ quan, ký",
        "Đợt, chỉ tiêu",
        "Bộ tiêu chí",
        "Người làm việc",
        "Máy, kiểm tra",
        "Hiển thị",
        "Sao lưu",
    ):
        hands.tab_to(part)
        hands.keys("Return")
        hands.shoot("thiet_lap_" + fold(part).replace(", ", "_").replace(" ", "_"))
    hands.tab_to("Sao lưu ngay")
    hands.keys("Return")
    hands.shoot("da_sao_luu")
    before = present(hands, "citizen")
    hands.keys("Alt+3", "F8")
    hands.shoot("hoi_xoa")
    hands.keys("Shift+Tab", "Return")
    assert present(hands, "citizen") == before - 1
    hands.tab_to("Thiết lập")
    hands.keys("Return")
    hands.shoot("sao_luu_lan_nua")
    hands.tab_to("Khôi phục bản này")
    hands.keys("Return")
    hands.shoot("hoi_khoi_phuc")
    hands.keys("Shift+Tab", "Return")
    hands.shoot("da_khoi_phuc")
    assert present(hands, "citizen") == before


def present(hands: Hands, table: str) -> int:
    """How many rows of a table the file holds."""
    hands.settle()
    assert hands.program.session is not None
    with hands.program.session.context.read() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE present").scalar_one())


def introduce_volunteer(hands: Hands, chosen: list[Path], card: Path) -> str:
    """The volunteer's first start up to the device file; gives the code on the screen."""
    hands.keys("Right", "Return")
    hands.shoot("ctv_bat_dau")
    hands.type("Trần Văn Thu")
    hands.keys("Return")
    hands.type("Máy thôn 3")
    hands.keys("Return")
    chosen.append(card)
    hands.keys("Return")
    hands.shoot("ctv_da_ghi")
    page = hands.window.current_page
    assert isinstance(page, VolunteerPage)
    return page.code_label.text()


def assign(hands: Hands, chosen: list[Path], card: Path, code: str, package: Path) -> None:
    """The office trusts the volunteer's machine and packs everything for it."""
    hands.keys("Alt+9")
    hands.shoot("dong_bo")
    chosen.append(card)
    hands.in_dialog(lambda: hands.type(code), lambda: hands.keys("Return"), opened_by="Ctrl+T", shot="tin_cay")
    hands.shoot("da_tin_cay")
    chosen.append(package)
    hands.in_dialog(lambda: hands.keys("Return"), opened_by="Ctrl+Shift+G", shot="goi_giao_viec")
    hands.shoot("da_giao_viec")
    assert package.exists()


def work_as_volunteer(hands: Hands, chosen: list[Path], assignment: Path, package: Path) -> None:
    chosen.append(assignment)
    hands.tab_to("Chọn gói giao việc")
    hands.keys("Return")
    hands.shoot("ctv_tong_quan")
    hands.tab_to("Thiết lập")
    hands.keys("Return")
    hands.shoot("ctv_thiet_lap")
    hands.tab_to("Người làm việc")
    hands.keys("Return")
    hands.shoot("ctv_nguoi")
    hands.keys("Alt+7", "Down", "Return")
    if hands.called(hands.focus) != "Điểm":
        hands.keys("Return")
    answer_all(hands)
    hands.shoot("ctv_phieu")
    hands.keys("Alt+9")
    hands.shoot("ctv_dong_bo")
    chosen.append(package)
    hands.in_dialog(lambda: hands.keys("Return"), opened_by="Ctrl+G", shot="ctv_dong_goi")
    hands.shoot("ctv_da_dong_goi")
    assert package.exists()


def merge_and_undo(hands: Hands, chosen: list[Path], package: Path) -> None:
    """The office takes the package in, sees it in the journal and takes the last deed back."""
    before = present(hands, "assessment")
    chosen.append(package)
    hands.keys("Ctrl+O")
    hands.shoot("goi_den")
    hands.keys("Ctrl+Return")
    hands.shoot("da_nhan_goi")
    assert present(hands, "assessment") == before + 1
    hands.keys("Ctrl+Tab")
    hands.shoot("nhat_ky")
    hands.keys("Ctrl+Shift+Z")
    hands.shoot("hoi_hoan_tac")
    hands.keys("Shift+Tab", "Return")
    hands.shoot("da_rut_lai")
    assert present(hands, "assessment") == before


@pytest.mark.full
def test_the_whole_job_by_keyboard(tmp_path: Path, hands_on, chosen: list[Path]) -> None:
    office = hands_on(tmp_path / "xã")
    set_up_office(office)
    import_people(office, chosen)
    correct_a_person(office)
    score_everything(office)
    recognise(office, chosen, tmp_path)
    assert (tmp_path / "giay.pdf").stat().st_size > 1000
    back_up_and_restore(office)
    card, assignment, sent = (tmp_path / name for name in ("may.json", "giao.sht", "gui.sht"))
    volunteer = hands_on(tmp_path / "thôn 3", "v")
    code = introduce_volunteer(volunteer, chosen, card)
    office.come_forward()
    assign(office, chosen, card, code, assignment)
    volunteer.come_forward()
    work_as_volunteer(volunteer, chosen, assignment, sent)
    office.come_forward()
    merge_and_undo(office, chosen, sent)
