"""Disagreements stand side by side, are settled by one key, and what the office decides reaches the volunteer."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from desktop_app.models.types import LearningModel
from desktop_app.services.context import Context
from desktop_app.services.errors import AppError
from desktop_app.services.history import operations, undo, why_not_undo
from desktop_app.services.recognition.handling import reissue
from desktop_app.services.recognition.lists import register_book
from desktop_app.services.sync.inbox import conflicts
from desktop_app.ui.sync.page import SyncPage
from desktop_app.ui.widgets import dialogs
from tests.factories import add_household
from tests.services.recognition.people import YEAR
from tests.services.sync.test_exchange import carry, edit, value
from tests.services.sync.test_same_numbers import both, numbers  # noqa: F401  # a fixture, found by name
from tests.services.sync.test_two_offices import offices  # noqa: F401  # what it stands on


@pytest.fixture
def disagreeing(star, tmp_path: Path):
    """The office and the volunteer wrote another trade and another birth for one person."""
    office, volunteer = star
    _, (uid,) = add_household(office, members=("Nguyễn Thị Lan",))
    carry(office, volunteer, tmp_path)
    edit(office, uid, occupation="Nông dân", birth="1984-05-08")
    edit(volunteer, uid, occupation="Thợ mộc", birth="1984-08-05")
    carry(volunteer, office, tmp_path)
    return office, volunteer, uid


def test_both_values_stand_side_by_side(disagreeing, open_window) -> None:
    office, _, _ = disagreeing
    page = open_window(office)
    assert page.subtitle == "2 chỗ khác nhau chờ phân xử"
    first = page.inbox.table.current()
    assert first.subject == "Nguyễn Thị Lan"
    assert {first.label, page.inbox.table.paged.row_at(1).label} == {"Nghề nghiệp", "Ngày sinh"}
    assert page.inbox.mine.value.text() == first.mine
    assert page.inbox.theirs.value.text() == first.theirs
    assert "Cộng tác viên 0" in page.inbox.theirs.foot.text()


def test_ctrl_1_keeps_and_ctrl_2_takes(disagreeing, open_window, key, tmp_path: Path) -> None:
    office, volunteer, uid = disagreeing
    page = open_window(office)
    kept = page.inbox.table.current().label
    key(page, Qt.Key.Key_1)
    assert len(conflicts(office)) == 1
    key(page, Qt.Key.Key_2)
    assert conflicts(office) == []
    assert not page.inbox.isVisibleTo(page)
    carry(office, volunteer, tmp_path)
    wanted = {
        "Nghề nghiệp": ("Nông dân", "1984-08-05"),
        "Ngày sinh": ("Thợ mộc", "1984-05-08"),
    }[kept]
    for machine in (office, volunteer):
        assert (value(machine, uid, "occupation"), value(machine, uid, "birth")) == wanted


def test_after_settling_both_ways_back_say_what_to_do_instead(disagreeing, open_window, key) -> None:
    office, _, _ = disagreeing
    page = open_window(office)
    key(page, Qt.Key.Key_1)
    settled, merged = (
        next(op for op in operations(office) if op.kind == kind) for kind in ("conflict.settle", "merge.package")
    )
    assert "hãy sửa hồ sơ ấy" in (why_not_undo(office, settled.id) or "")
    with pytest.raises(AppError) as refused:
        undo(office, merged.id)
    assert "sửa lại hồ sơ" in refused.value.message


def test_several_at_once_are_asked_about(disagreeing, open_window, key, monkeypatch: pytest.MonkeyPatch) -> None:
    office, _, uid = disagreeing
    page = open_window(office)
    asked: list[str] = []
    answer = [False, True]

    def confirm(_parent: object, title: str, *_: object, **__: object) -> bool:
        asked.append(title)
        return answer.pop(0)

    monkeypatch.setattr(dialogs, "confirm", confirm)
    page.inbox.table.view.selectAll()
    key(page, Qt.Key.Key_2)
    assert len(conflicts(office)) == 2
    page.inbox.table.view.selectAll()
    key(page, Qt.Key.Key_2)
    assert asked == ["Phân xử 2 chỗ?"] * 2
    assert conflicts(office) == []
    assert value(office, uid, "occupation") == "Thợ mộc"


def test_a_number_that_somebody_has_already_says_whose_it_is(star, open_window, tmp_path: Path) -> None:
    office, volunteer = star
    _, (mine,) = add_household(office, "01-0001", members=("Nguyễn Văn Ước",))
    _, (theirs,) = add_household(volunteer, "01-0002", members=("Phạm Đức Thắng",))
    edit(office, mine, cccd="079084000001")
    edit(volunteer, theirs, cccd="079084000001")
    carry(volunteer, office, tmp_path)
    page = open_window(office)
    assert "Nguyễn Văn Ước" in page.inbox.theirs.note.text()
    assert "079084000001" not in page.inbox.theirs.value.text()


def test_a_volunteer_sees_what_waits_for_the_office(disagreeing, open_window, tmp_path: Path, key) -> None:
    office, volunteer, _ = disagreeing
    carry(office, volunteer, tmp_path)
    page = open_window(volunteer)
    assert page.subtitle == "2 mục chờ cơ quan quyết định"
    rows = [page.pending.paged.row_at(place) for place in range(2)]
    assert {(row.label, row.mine, row.office) for row in rows} == {
        ("Nghề nghiệp", "Thợ mộc", "Nông dân"), ("Ngày sinh", "05/08/1984", "08/05/1984"),
    }  # fmt: skip
    assert all(row.is_with_office for row in rows)
    assert not page.inbox.isVisibleTo(page)
    key(page, Qt.Key.Key_1)  # settles nothing
    page.refresh()
    assert page.pending.paged.rowCount() == 2


def test_a_score_on_which_two_disagree_names_the_person_and_the_indicator(star, open_window, tmp_path: Path) -> None:
    from desktop_app.services.assessment.answers import answer, leave_form
    from desktop_app.services.assessment.rounds import current_round

    office, volunteer = star
    _, (uid,) = add_household(office, members=("Nguyễn Thị Lan",))
    edit(office, uid, citizen_group="resident")
    carry(office, volunteer, tmp_path)
    for machine, score in ((office, 7), (volunteer, 9)):
        year = current_round(machine).year
        answer(machine, LearningModel.CITIZEN, uid, year, "1", score)
        leave_form(machine)
    carry(volunteer, office, tmp_path)
    page = open_window(office)
    row = page.inbox.table.current()
    assert "Nguyễn Thị Lan" in row.subject and "1" in row.subject
    assert (row.mine, row.theirs) == ("7", "9")


def test_a_number_of_the_register_book_given_by_two_offices_is_settled_in_the_window(
    both: tuple[Context, Context],  # noqa: F811
    open_window,
    key,
    tmp_path: Path,
) -> None:
    one, other = both
    carry(other, one, tmp_path)
    page = open_window(one)
    (place,) = (at for at in range(page.inbox.table.paged.rowCount()) if is_number(page, at))
    page.inbox.table.select_row(place)
    assert "Bình" in page.inbox.table.current().subject
    assert "đã cấp cho giấy" in page.inbox.theirs.note.text()
    assert "cấp lại" in page.inbox.theirs.note.text()
    key(page, Qt.Key.Key_2)
    assert [name for name, (sequence, _) in numbers(one).items() if sequence == 1] == ["Nguyễn Văn Bình"]
    assert not any(is_number(page, at) for at in range(page.inbox.table.paged.rowCount()))
    (left,) = (paper for paper in register_book(one, YEAR, LearningModel.FAMILY) if not paper.sequence)
    again = reissue(one, left.uid, "trùng số với cơ quan kia")
    assert (again.recipient, again.sequence, left.number != again.number) == ("Nguyễn Văn An", 2, True)


def is_number(page: SyncPage, place: int) -> bool:
    return bool(page.inbox.table.paged.row_at(place).table == "certificate")
