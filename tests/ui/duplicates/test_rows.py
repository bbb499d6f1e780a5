"""What a row of the list of duplicates says, so that two records of one name are told apart at a glance."""

from __future__ import annotations

from desktop_app.services.duplicates.search import Glance
from desktop_app.ui.duplicates.rows import PairRow


def side(uid: str, hamlet: str, household: str, birth: str = "1984") -> Glance:
    return Glance(
        uid=uid, name="Lê Văn An", birth=birth, sex="Nam", cccd="", phone="", hamlet=hamlet, hamlet_uid=uid,
        household=household, household_uid=uid, relation="", life_status="living",
    )  # fmt: skip


def test_two_hamlets_or_two_households_of_one_hamlet_are_named() -> None:
    here = side("a", "Thôn 1", "01-0003")
    assert PairRow(here, side("b", "Tổ dân phố số 2", "08-0001")).places == "Thôn 1 / TDP số 2"
    assert PairRow(here, side("b", "Thôn 1", "01-0127")).places == "01-0003 / 01-0127"
    assert PairRow(here, side("b", "Thôn 1", "01-0003")).places == "Thôn 1, hộ 01-0003"
    assert PairRow(side("a", "", ""), side("b", "", "")).places == ""


def test_years_stand_once_where_they_agree() -> None:
    assert PairRow(side("a", "Thôn 1", "", "08/05/1984"), side("b", "Thôn 1", "")).years == "1984"
    assert PairRow(side("a", "Thôn 1", "", "08/05/1984"), side("b", "Thôn 1", "", "1985")).years == "1984 / 1985"
