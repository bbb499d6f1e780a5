"""What an import takes, the register's own forms take too: one engine checks both."""

from __future__ import annotations

import csv
import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.models.types import Uid
from desktop_app.services.errors import UserError
from desktop_app.services.importing.parse import ParseOptions, parse_workbook
from desktop_app.services.importing.preview import PersonRow
from desktop_app.services.registry.validation import Holder, check_citizen
from tests.services.importing.helpers import parse_rows

TODAY = datetime.date(2026, 11, 22)
HEADINGS = ("TT", "Họ và tên", "Ngày sinh", "CCCD", "Điện thoại", "Dân tộc", "Tôn giáo", "Nghề nghiệp", "Quan hệ",
            "Ghi chú")  # fmt: skip


class Nobody:
    """A register in which nothing stands in the way."""

    def cccd_holder(self, cccd: str, but: Uid | None) -> Holder | None:
        return None

    def same_person(self, name: str, birth: str | None, but: Uid | None) -> Holder | None:
        return None

    def household_with_code(self, code: str, but: Uid | None) -> Holder | None:
        return None

    def named(self, table: str, name: str, former_commune: str | None, but: Uid | None) -> Holder | None:
        return None

    def branch_with_code(self, code: str, but: Uid | None) -> Holder | None:
        return None

    def is_present(self, table: str, uid: Uid) -> bool:
        return True

    def head_of(self, household: Uid) -> Holder | None:
        return None

    def is_member(self, household: Uid, citizen: Uid) -> bool:
        return True


def form_errors(row: PersonRow) -> list[str]:
    """What the form would refuse of a row that an import takes."""
    values: dict[str, object] = {
        "full_name": row.name, "birth": row.birth.iso() if row.birth else None, "cccd": row.cccd, "phone": row.phone,
        "sex": row.sex, "ethnicity": row.ethnicity, "religion": row.religion, "occupation": row.occupation,
        "relation": row.relation, "note": row.note, "life_status": row.life,
    }  # fmt: skip
    return [f"{issue.field} {issue.code}" for issue in check_citizen(values, Nobody(), TODAY).errors]


_names = st.sampled_from(
    ["Nguyễn Văn An", "NGUYỄN VĂN AN", "An 2", "12345", "A" * 150, "K'Tùng", "?", "Lê Thị Cúc (Hai)", "😀", "nt", "-"]
)
_births = st.sampled_from(
    ["1960", "05/03/1960", "31/02/1960", "1/1/1881", "1905", "05/03/2027", "5/3/26", "5/3/27", "x", "", "00/00/1950"]
)
_numbers = st.one_of(st.from_regex(r"0[0-9]{8,11}", fullmatch=True), st.sampled_from(["", "7.92E+10", "abc", "12"]))
_texts = st.one_of(st.text(max_size=40), st.sampled_from(["x" * 61, "x" * 201, "x" * 4001, "", "-", "nt"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(_names, _births, _numbers, _numbers, *[_texts] * 5), min_size=1, max_size=12))
def test_what_an_import_takes_the_form_takes(rows: list[tuple[str, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.csv"
        with path.open("w", encoding="utf-8", newline="", errors="replace") as stream:
            csv.writer(stream).writerows([HEADINGS, *((at, *row) for at, row in enumerate(rows, start=1))])
        try:
            found = parse_workbook(path, options=ParseOptions(today=TODAY))
        except UserError:
            return
    for row in found.rows:
        if not row.is_refused:
            assert form_errors(row) == [], row


@pytest.mark.parametrize(("birth", "code"), [("1885", "birth.impossible"), ("1915", "birth.rare")])
def test_ages_are_judged_as_in_the_form(tmp_path: Path, birth: str, code: str) -> None:
    options = ParseOptions(today=TODAY)
    found = parse_rows(tmp_path, ("Họ và tên", "Năm sinh"), ("Nguyễn Văn An", birth), options=options)
    assert code in [issue.code for issue in found.rows[0].issues]
    issues = check_citizen({"full_name": "Nguyễn Văn An", "birth": birth}, Nobody(), TODAY).issues
    assert code in [issue.code for issue in issues]


def test_a_name_with_figures_is_refused_as_in_the_form(tmp_path: Path) -> None:
    found = parse_rows(tmp_path, ("Họ và tên", "Năm sinh"), ("Nguyễn Văn An 2", "1960"), ("Lê Thị Cúc", "1970"))
    assert [row.is_refused for row in found.rows] == [True, False]
    assert found.rows[0].issues[0].code == "name.digits"
