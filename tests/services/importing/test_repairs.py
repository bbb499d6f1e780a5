"""What reading has mended is listed with cells before and after; who came in can be listed from the journal."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.services.history import undo
from desktop_app.services.importing.apply import import_citizens
from desktop_app.services.importing.brought import BroughtList
from desktop_app.services.importing.corrections.repairs import KINDS, count_repairs, repairs_of, title_of
from desktop_app.services.importing.issues import MESSAGES
from desktop_app.services.importing.parse import parse_workbook
from tests.factories import make_register
from tests.services.importing.helpers import parse_rows

HEADING = ("Họ và tên", "Ngày sinh", "Số CCCD", "Điện thoại")


@pytest.mark.parametrize(
    ("name", "what", "after"),
    [
        ("03_tcvn3.xlsx", "Phông TCVN3 (.VnTime) đổi sang Unicode", "Nguyễn Minh Tùng"),
        ("04_vni.xlsx", "Phông VNI đổi sang Unicode", "Hoàng Đình Ấn"),
    ],
)
def test_old_letters_are_shown_before_and_after_by_column(samples: Path, name: str, what: str, after: str) -> None:
    found = repairs_of(parse_workbook(samples / name))
    named = [item for item in found if item.what == what and any(pair[1] == after for pair in item.samples)]
    assert named and named[0].cells > 100
    assert all(before != shown for item in found for before, shown in item.samples)


def test_lost_zeros_and_dates_are_counted_with_examples(tmp_path: Path) -> None:
    parsed = parse_rows(
        tmp_path, HEADING, ("Lê Văn An", "8/5/84", 79084000011, 912345678), ("Võ Đạt", "31/02/1990", 79090000012, "")
    )
    found = {item.what: item for item in repairs_of(parsed)}
    zeros = found[KINDS["cccd.lost_zero"]]
    assert (zeros.cells, zeros.column) == (2, "C · Số CCCD")
    assert ("7•••••••011", "0••••••••011") in zeros.samples
    assert found[KINDS["birth.kept_year"]].samples == [("31/02/1990", "1990")]
    assert found[KINDS["birth.two_digit_year"]].samples == [("8/5/84", "08/05/1984")]
    assert count_repairs(found.values()) >= 5


def test_a_clean_list_has_nothing_mended(tmp_path: Path) -> None:
    row = ("Lê Văn An", "08/05/1984", "079084000011", "0912345678", "Nam")
    assert repairs_of(parse_rows(tmp_path, (*HEADING, "Giới tính"), row)) == []


def test_every_kind_is_a_code_that_is_said() -> None:
    assert set(KINDS) <= set(MESSAGES)
    assert title_of("relation.ditto_head") == "Quan hệ với chủ hộ"


def test_who_came_in_is_listed_until_it_is_taken_back(samples: Path, tmp_path: Path) -> None:
    register = make_register(tmp_path / "register", hamlets=())
    first = import_citizens(register, parse_workbook(samples / "04_vni.xlsx"))
    again = import_citizens(register, parse_workbook(samples / "06_thon_1_cu.xls"))
    assert first.operation is not None and again.operation is not None
    people = BroughtList(register, first.operation)
    assert people.count() == first.created
    assert [item.name for item in people.rows(0, 2)] == ["Hoàng Đình Ấn", people.rows(1, 1)[0].name]
    assert people.rows(0, 1)[0].hamlet
    undo(register, first.operation)
    assert people.count() == 0
    register.close()
