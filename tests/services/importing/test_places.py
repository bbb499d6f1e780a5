"""A title may name the commune of today and a former one alike: evidence decides, else it is asked with a proposal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from pathlib import Path

import pytest

from desktop_app.services.context import Context
from desktop_app.services.importing.apply import ImportResult, apply_plan, import_citizens
from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.importing.planning.plan import plan_import
from desktop_app.services.importing.planning.planned import ImportPlan
from desktop_app.services.moves.hamlet_merge import merge_hamlets, take_over
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.factories import make_register
from tests.services.importing.helpers import HEADING, write_xlsx

HERE, SOUTH = "UBND XÃ PHÚ AN", "UBND XÃ PHÚ HỮU"
NAMES = ("An", "Bình", "Chi", "Dũng", "Em", "Giang")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Context]:
    """The commune of today is Phú An; Phú An and Phú Hữu of former days had a Thôn 1 each, Phú Hữu a Thôn 7 besides."""
    made = make_register(tmp_path / "register", hamlets=("Thôn 1",))
    take_over(made, "Phú An", [next(row.uid for row in hamlet_list(made).rows(0, 9))])
    take_over(made, "Phú Hữu", [], ["Thôn 1", "Thôn 7"])
    yield made
    made.close()


def people(first: str, *, count: int = 6, hamlet: str = "") -> list[tuple[object, ...]]:
    """Heads of the surname, each with a household of his own."""
    rows = [
        (f"{len(first) + n * 10:02}", f"{first} Văn {NAMES[n]}", "Chủ hộ", "Nam", f"0{n + 1}/03/19{60 + n}", "")
        for n in range(count)
    ]
    return [(*row, hamlet) for row in rows] if hamlet else list(rows)


def book(folder: Path, name: str, title: str, rows: list[tuple[object, ...]], sheet: str = "Thôn 1") -> Path:
    heading = (*HEADING, "Thôn") if len(rows[0]) > len(HEADING) else HEADING
    return write_xlsx(folder / f"{name}.xlsx", {sheet: [(title,), ("DANH SÁCH NHÂN KHẨU",), heading, *rows]})


def load(register: Context, path: Path) -> ImportResult:
    return import_citizens(register, parse_workbook(path))


def planned(register: Context, path: Path, communes: Mapping[tuple[str, ...], str] | None = None) -> ImportPlan:
    with register.read() as connection:
        return plan_import(connection, parse_workbook(path), communes=communes)


def places(register: Context) -> dict[str, set[str]]:
    """Surname → the former communes' hamlets in which its people stand."""
    query = """SELECT c.full_name, h.name, coalesce(h.former_commune, '') FROM citizen AS c
    LEFT JOIN hamlet AS h ON h.id = c.hamlet_id WHERE c.present"""
    found: dict[str, set[str]] = {}
    with register.read() as connection:
        for name, hamlet, commune in connection.exec_driver_sql(query):
            found.setdefault(name.split()[0], set()).add(f"{hamlet} {commune}")
    return found


def codes(result: ImportResult) -> list[str]:
    return [issue.code for issue in result.warnings]


def test_a_new_list_of_a_name_that_both_have_is_put_to_the_proposal_and_told(register: Context, tmp_path: Path) -> None:
    path = book(tmp_path, "an", HERE, people("Lê"))
    (asked,) = planned(register, path).asked
    assert (asked.named, asked.hamlets, asked.proposal) == ("Xã Phú An", ("Thôn 1",), "phu an")
    assert list(asked.options.values()) == ["thôn của xã Phú An cũ", "thôn của xã Phú Hữu cũ"]
    result = load(register, path)
    assert "hamlet.proposed" in codes(result)
    assert places(register) == {"Lê": {"Thôn 1 Phú An"}}
    again = load(register, path)
    assert (again.operation, codes(again)) == (None, [])  # its people say by now where they are


def test_a_person_says_of_which_former_commune_the_list_is_and_the_same_file_again_changes_nothing(
    register: Context, tmp_path: Path
) -> None:
    path = book(tmp_path, "an", HERE, people("Lê"))
    plan = planned(register, path, {("phu an",): "phu huu"})
    assert "hamlet.proposed" not in [issue.code for issue in plan.issues()]
    apply_plan(register, plan)
    assert places(register) == {"Lê": {"Thôn 1 Phú Hữu"}}
    assert load(register, path).operation is None


def test_a_list_with_a_hamlet_that_only_one_of_them_had_is_that_ones(register: Context, tmp_path: Path) -> None:
    rows = [*people("Lê", hamlet="Thôn 1"), *people("Ngô", hamlet="Thôn 7")]
    result = load(register, book(tmp_path, "an", HERE, rows, "DS"))
    assert places(register) == {"Lê": {"Thôn 1 Phú Hữu"}, "Ngô": {"Thôn 7 Phú Hữu"}}
    assert "hamlet.proposed" not in codes(result)


def test_a_list_of_the_whole_commune_leaves_everybody_in_his_own_thon_1(register: Context, tmp_path: Path) -> None:
    load(register, book(tmp_path, "south", SOUTH, people("Ngô")))
    load(register, book(tmp_path, "north", HERE, people("Lê")))
    both = book(tmp_path, "both", HERE, people("Lê") + people("Ngô"))
    before = places(register)
    assert before == {"Lê": {"Thôn 1 Phú An"}, "Ngô": {"Thôn 1 Phú Hữu"}}
    load(register, both)
    assert places(register) == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_the_lists_does_not_matter(register: Context, tmp_path: Path, order: tuple[int, ...]) -> None:
    files = (
        book(tmp_path, "south", SOUTH, people("Ngô")),
        book(tmp_path, "north", HERE, people("Lê")),
        book(tmp_path, "heads", HERE, people("Lê", count=4)),
    )
    for place in order:
        load(register, files[place])
    assert places(register) == {"Lê": {"Thôn 1 Phú An"}, "Ngô": {"Thôn 1 Phú Hữu"}}
    with register.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE present").scalar_one() == 12
    assert [load(register, path).operation for path in files] == [None, None, None]


def test_a_list_of_a_former_commune_leads_through_its_merged_hamlet_and_not_to_the_others(
    register: Context, tmp_path: Path
) -> None:
    uids = {(row.name, row.former_commune): row.uid for row in hamlet_list(register).rows(0, 9)}
    merge_hamlets(register, uids["Thôn 1", "Phú Hữu"], uids["Thôn 7", "Phú Hữu"], on="01/02/2026")
    load(register, book(tmp_path, "south", SOUTH, people("Ngô")))
    assert places(register) == {"Ngô": {"Thôn 7 Phú Hữu"}}


def test_a_hamlet_that_a_former_commune_has_not_yet_is_made_as_its_own(register: Context, tmp_path: Path) -> None:
    take_over(register, "Phú Tân", [], ["Thôn 3"])
    load(register, book(tmp_path, "tan", "UBND XÃ PHÚ TÂN", people("Võ")))
    assert places(register) == {"Võ": {"Thôn 1 (Phú Tân cũ) "}}
    assert load(register, book(tmp_path, "tan", "UBND XÃ PHÚ TÂN", people("Võ"))).operation is None


def test_hamlets_of_no_known_former_commune_are_still_asked_for(register: Context, tmp_path: Path) -> None:
    result = load(register, book(tmp_path, "none", "DANH SÁCH", people("Lê")))
    assert "hamlet.unclear" in codes(result)
    assert places(register) == {"Lê": {"None "}}
