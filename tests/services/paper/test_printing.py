"""The file that comes out: its order, its sheets, its covers and lists, and what is left when it is stopped."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.history.reading import operations
from desktop_app.services.paper.codes import grouped
from desktop_app.services.paper.planning import plan_print
from desktop_app.services.paper.printing import note_print, write_print
from desktop_app.services.paper.request import PaperRequest
from desktop_app.services.paper.stacks import spaced
from desktop_app.services.progress import Cancelled, Progress
from tests.services.documents.helpers import page_texts
from tests.services.paper.helpers import SETS, people, plan_of, printed

Homes = dict[str, tuple[Uid, list[Uid]]]
CITIZEN = SETS["citizen.resident"]


def test_forms_follow_each_other_in_the_order_of_the_plan(tmp_path: Path, register: Context, homes: Homes) -> None:
    plan = plan_print(register, PaperRequest(2026, (LearningModel.FAMILY, LearningModel.CITIZEN), blanks=1))
    out = tmp_path / "phieu.pdf"
    assert write_print(plan, out) == plan.page_count == len(page_texts(out))
    pages = page_texts(out)
    for place, form in enumerate(plan.forms):
        assert grouped(form.code) in pages[2 * place] and grouped(form.code) in pages[2 * place + 1]
        assert form.name in pages[2 * place] and form.name in pages[2 * place + 1]
    assert all("Phiếu trống" in page for page in pages[2 * len(plan.forms) :])


def test_list_cover_and_forms_of_each_place_come_in_turn_each_on_a_new_sheet(
    tmp_path: Path, register: Context, homes: Homes
) -> None:
    request = PaperRequest(2026, has_covers=True, has_assignments=True, collectors=("Lê Thị Bảy",))
    plan = plan_print(register, request)
    out = tmp_path / "phieu.pdf"
    count = write_print(plan, out)
    pages = page_texts(out)
    assert count == len(pages)
    starts = [n for n, page in enumerate(pages) if "PHIẾU GIAO VIỆC" in page or "BÌA TẬP PHIẾU" in page]
    assert [("PHIẾU GIAO VIỆC" in pages[n]) for n in starts] == [True, False, True, False]
    assert all(n % 2 == 0 for n in starts)
    assert all(n % 2 == 0 for n, page in enumerate(pages) if "Trang 1/2" in page)
    one_sided = plan_print(register, PaperRequest(2026, has_covers=True, is_two_sided=False))
    assert write_print(one_sided, out) < count


def test_a_cover_has_its_code_its_control_boxes_and_every_name_once(tmp_path: Path) -> None:
    forms = people(45)
    plan = plan_of(CITIZEN, forms, has_covers=True, has_forms=False, stack_size=60, collectors=("K'Brài",))
    out = tmp_path / "bia.pdf"
    write_print(plan, out)
    pages = page_texts(out)
    whole = " ".join(pages)
    for words in ("Số phiếu giao", "Số phiếu thu về", "Cộng tổng điểm các phiếu", "K'Brài", "Ngày thu về", "45"):
        assert words in whole
    assert all(f"Tập {spaced(plan.stacks[0].code)}" in page for page in pages if page)
    for form in forms:
        assert whole.count(f"{form.name} {form.household}") == 1
        assert f"…{form.code[4:8]} {form.code[8:12]} {form.code[12:]}" in whole
    assert len(pages) == 2


def test_an_assignment_lists_each_household_once_with_its_forms(
    tmp_path: Path, register: Context, homes: Homes
) -> None:
    request = PaperRequest(2026, has_assignments=True, has_forms=False, collectors=("An", "Bình"))
    plan = plan_print(register, request)
    out = tmp_path / "giao.pdf"
    write_print(plan, out)
    pages = [page for page in page_texts(out) if page]
    assert len(pages) == len(plan.shares)
    whole = " ".join(pages)
    assert whole.count("01-0010") == whole.count("01-0002") == whole.count("02-0001") == 1
    assert "Người đi thu: An" in pages[0]
    assert "Được giao" in pages[0]


def test_stopping_leaves_no_file_and_an_older_one_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "phieu.pdf"
    out.write_bytes(b"cu")
    progress = Progress()
    progress.report = lambda done, total, text: progress.cancel() if done else None
    with pytest.raises(Cancelled):
        write_print(plan_of(CITIZEN, people(60)), out, progress=progress)
    assert out.read_bytes() == b"cu"
    assert list(tmp_path.iterdir()) == [out]


def test_a_folder_that_is_gone_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="thư mục"):
        write_print(plan_of(CITIZEN, people(1)), tmp_path / "khong" / "phieu.pdf")


def test_what_forms_share_is_in_the_file_once(tmp_path: Path) -> None:
    few = printed(tmp_path, CITIZEN, *people(2)).stat().st_size
    many = printed(tmp_path, CITIZEN, *people(42)).stat().st_size
    assert (many - few) / 40 < 5_000


def test_progress_counts_the_forms(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    progress = Progress(report=lambda done, total, text: seen.append((done, total)))
    write_print(plan_of(CITIZEN, people(45)), tmp_path / "phieu.pdf", progress=progress)
    assert seen[-1] == (45, 45)
    assert len(seen) >= 3


def test_a_print_is_written_into_the_journal_without_a_name(register: Context, homes: Homes) -> None:
    plan = plan_print(register, PaperRequest(2026, subjects=(homes["01-0002"][1][0],)))
    note_print(register, plan)
    sentence = operations(register, 1)[0].sentence
    assert "1 phiếu Công dân học tập năm 2026, Thôn 1" in sentence
    assert "K'Tùng" not in sentence
