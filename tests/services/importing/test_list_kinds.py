"""A sheet's kind is told by its columns first, by its title where the columns leave it open."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.services.importing.kinds import KIND_TITLES, ListKind
from desktop_app.services.importing.parse import parse_workbook
from tests.services.importing.helpers import write_xlsx

PERSON = ("Nguyễn Văn An", "05/03/1960")


@pytest.mark.parametrize(
    ("title", "headings", "row", "kind"),
    [
        ("DANH SÁCH NHÂN KHẨU", ("Họ và tên", "Ngày sinh", "Quan hệ"), (*PERSON, "Chủ hộ"), ListKind.CITIZENS),
        ("DANH SÁCH CHỦ HỘ", ("Họ và tên", "Ngày sinh"), PERSON, ListKind.HEADS),
        ("", ("Họ và tên", "Ngày sinh", "Số khẩu"), (*PERSON, 4), ListKind.HEADS),
        ("", ("Họ và tên", "Ngày sinh", "Đơn vị công tác"), (*PERSON, "Trường TH Số 1"), ListKind.MEMBERS),
        ("DANH SÁCH GIÁO VIÊN", ("Họ và tên", "Ngày sinh"), PERSON, ListKind.MEMBERS),
        ("", ("Họ và tên", "Ngày sinh", "Danh hiệu năm trước"), (*PERSON, "Công dân học tập"), ListKind.TITLES),
        ("DANH SÁCH CÔNG DÂN ĐẠT DANH HIỆU CÔNG DÂN HỌC TẬP", ("Họ và tên", "Ngày sinh"), PERSON, ListKind.TITLES),
        ("", ("Dòng họ", "Họ tên chủ hộ", "Mã hộ"), ("Họ Nguyễn", "Nguyễn Văn An", "H1"), ListKind.CLANS),
    ],
)
def test_the_kind_of_a_list_is_told(
    tmp_path: Path, title: str, headings: tuple[str, ...], row: tuple[object, ...], kind: ListKind
) -> None:
    rows: list[tuple[object, ...]] = [(title,)] if title else []
    found = parse_workbook(write_xlsx(tmp_path / "a.xlsx", {"Thôn 1": [*rows, headings, row]}))
    assert found.sheets[0].kind is kind
    assert KIND_TITLES[kind]
    assert [person.name for person in found.rows] == ["Nguyễn Văn An"]


def test_the_samples_are_lists_of_citizens(samples: Path) -> None:
    for name in ("01_mot_bang.xlsx", "02_moi_thon_mot_trang.xlsx", "03_tcvn3.xlsx"):
        assert {sheet.kind for sheet in parse_workbook(samples / name).sheets} == {ListKind.CITIZENS}
