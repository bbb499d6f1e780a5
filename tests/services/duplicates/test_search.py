"""Finding people who were entered twice: what is proposed, what is not, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from desktop_app.models.tables import registry
from desktop_app.models.types import Uid
from desktop_app.services import history
from desktop_app.services.context import Context
from desktop_app.services.duplicates import search as duplicates
from desktop_app.services.duplicates.known import known_count
from desktop_app.services.duplicates.merging import mark_distinct, unmark_distinct
from desktop_app.services.duplicates.names import NameMatch, compare_names, is_one_slip
from desktop_app.services.duplicates.search import DuplicatePair, Likelihood, find_duplicates
from desktop_app.services.progress import Cancelled, Progress
from desktop_app.services.vietnamese import fold
from tests.services.duplicates.world import make_world, write_world


def add_people(context: Context, code: str, *people: dict[str, Any], hamlet: str = "Thôn 1") -> list[Uid]:
    """A household with people as given."""
    with context.operation("import.citizens", {"count": len(people), "file": "test"}) as op:
        place = select(registry.hamlet.c.id).where(registry.hamlet.c.name == hamlet)
        home = op.writer.insert(
            registry.household, {"code": code, "hamlet_id": op.connection.execute(place).scalar_one()}
        )
        ids = [op.writer.insert(registry.citizen, {**person, "household_id": home}) for person in people]
        return [op.writer.references.uid("citizen", key) for key in ids]


def person(name: str, birth: str | None = "1984-05-08", **more: Any) -> dict[str, Any]:
    return {"full_name": name, "birth": birth, "sex": "male", **more}


def pairs_of(context: Context) -> tuple[DuplicatePair, ...]:
    return find_duplicates(context).pairs


def codes(pair: DuplicatePair) -> set[str]:
    return {reason.code for reason in pair.reasons}


def test_one_person_in_two_households_of_a_hamlet_is_proposed_with_its_reasons(context: Context) -> None:
    (older,) = add_people(context, "01-0001", person("Nguyễn Văn Ước", phone="0912345678", cccd="089084001234"))
    (younger,) = add_people(context, "01-0002", person("Nguyễn Văn Ước", phone="0912345678"))
    (pair,) = pairs_of(context)
    assert (pair.key, pair.likelihood) == ((older, younger), Likelihood.SURE)
    assert {"name.same", "birth.same", "phone.same", "hamlet.same"} <= codes(pair)
    assert "cùng ngày sinh" in pair.words and "cùng số điện thoại" in pair.words
    assert pair.first.cccd == "0•• ••• ••• 234" and pair.second.cccd == ""


def test_two_people_without_a_number_are_not_one_for_that(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước", "1984"), person("Trần Văn Bình", "1984"))
    add_people(context, "02-0001", person("Lê Thị Hoa", "1984", sex="female"), hamlet="Thôn 2")
    assert pairs_of(context) == ()


def test_two_numbers_are_two_people(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước", cccd="089084001234"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước", cccd="079084777890"))
    assert pairs_of(context) == ()


def test_a_slip_in_the_number_is_seen(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước", cccd="089084001234"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước", cccd="089084001243"))
    (pair,) = pairs_of(context)
    assert "cccd.near" in codes(pair) and pair.likelihood is Likelihood.SURE


def test_an_old_number_and_a_new_one_speak_neither_for_nor_against(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước", cccd="089084001234"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước", cccd="351234567"))
    (pair,) = pairs_of(context)
    assert "một bên ghi CMND cũ, một bên ghi CCCD" in pair.words


@pytest.mark.parametrize(("first", "second"), [("An", "Ân"), ("Lan", "Loan"), ("Thu", "Thư")])
def test_twins_are_never_sure_and_never_likely(context: Context, first: str, second: str) -> None:
    twins = (person(f"Nguyễn Văn {first}", relation="Con"), person(f"Nguyễn Văn {second}", relation="Con"))
    add_people(context, "01-0001", *twins)
    assert [pair.score for pair in pairs_of(context) if pair.score >= 50] == []


def test_father_and_son_of_one_name_are_two(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn An", "1960"), person("Nguyễn Văn An", "1985"))
    assert pairs_of(context) == ()


def test_other_sex_stands_as_counter_evidence_and_keeps_a_pair_from_being_sure(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Thanh An", phone="0912345678"))
    add_people(context, "01-0002", person("Nguyễn Thanh An", phone="0912345678", sex="female"))
    (pair,) = pairs_of(context)
    assert pair.likelihood is Likelihood.DOUBTFUL
    assert "khác giới tính" in pair.words.partition("nhưng")[2]


def test_a_family_entered_twice_with_years_only_is_found_by_its_members_together(context: Context) -> None:
    family = ("Nguyễn Văn Ước", "Trần Thị Ánh", "Nguyễn Minh Đạt", "Nguyễn Thị Yến")
    for code in ("01-0001", "01-0009"):
        add_people(context, code, *(person(name, str(1960 + 9 * n)) for n, name in enumerate(family)))
    found = pairs_of(context)
    assert len(found) == 4
    assert all("hai hộ có 4 người giống nhau" in pair.words for pair in found)
    assert all(pair.likelihood is Likelihood.SURE for pair in found)


def test_a_number_that_waits_in_the_inbox_counts(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước", cccd="089084001234"))
    (uid,) = add_people(context, "02-0001", person("Nguyễn Văn Ước", None), hamlet="Thôn 2")
    with context.database.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO conflict (uid, table_code, row_uid, field, device, operation_uid, reason, theirs, at, status) "
            "VALUES (zeroblob(16), 4, ?, 'cccd', zeroblob(16), zeroblob(16), 'unique', ?, 0, 'open')",
            (bytes.fromhex(uid), '"089084001234"'),
        )
    (pair,) = pairs_of(context)
    assert "trùng CCCD" in pair.words


def test_who_were_called_two_people_are_not_shown_again_until_that_is_taken_back(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước"))
    (pair,) = pairs_of(context)
    deed = mark_distinct(context, pair.second.uid, pair.first.uid)
    assert pairs_of(context) == ()
    history.undo(context, deed)
    assert len(pairs_of(context)) == 1
    mark_distinct(context, *pair.key)
    unmark_distinct(context, *pair.key)
    assert len(pairs_of(context)) == 1


def test_only_what_an_import_brought_is_searched_on_request(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước"))
    add_people(context, "01-0003", person("Trần Văn Bình"))
    (younger,) = add_people(context, "01-0004", person("Trần Văn Bình"))
    brought = history.newest_undoable(context)
    assert brought is not None
    assert [pair.second.uid for pair in duplicates.find_among_operation(context, brought).pairs] == [younger]
    newest = [pair for pair in pairs_of(context) if pair.newest >= duplicates.last_brought(context)]
    assert [pair.second.uid for pair in newest] == [younger]


def test_the_count_is_known_until_people_are_written(context: Context) -> None:
    assert known_count(context) is None
    add_people(context, "01-0001", person("Nguyễn Văn Ước"))
    add_people(context, "01-0002", person("Nguyễn Văn Ước"))
    find_duplicates(context)
    assert known_count(context) == (1, 0)
    add_people(context, "01-0003", person("Nguyễn Văn Ước"))
    assert known_count(context) is None


def test_a_search_can_be_stopped(context: Context) -> None:
    add_people(context, "01-0001", person("Nguyễn Văn Ước"), person("Nguyễn Văn Ước"))
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        find_duplicates(context, progress=progress)


@pytest.mark.parametrize(
    ("first", "second", "match"),
    [
        ("Nguyễn Văn Ước", "NGUYỄN VĂN ƯỚC", NameMatch.SAME),
        ("Nguyễn Thị Thuỷ", "Nguyễn Thị Thủy", NameMatch.SAME),
        ("Nguyễn Văn Ước", "Nguyen Van Uoc", NameMatch.UNACCENTED),
        ("Nguyễn Thị Mỹ", "Nguyễn Thị Mĩ", NameMatch.UNACCENTED),
        ("Trần Hữu Nghĩa", "Trần Hữu Nghỉa", NameMatch.SLIP),
        ("Nguyễn Văn Hùng", "Nguyễn Văn Hugn", NameMatch.SLIP),
        ("Nguyễn Văn Hùng", "Nguyễn VănHùng", NameMatch.SLIP),
        ("Nguyễn Thị Ngọc Lan", "Nguyễn Thị Lan", NameMatch.SHORTER),
        ("Nguyễn Văn An", "Nguyễn Văn Ân", NameMatch.ACCENT),
        ("Phan Minh An", "Phan Minh Ân", NameMatch.ONE_ACCENT),
        ("Nguyễn Thị Lan", "Nguyễn Thị Loan", NameMatch.NEAR),
        ("Nguyễn Thị Lan", "Nguyễn Văn Lan", NameMatch.OTHER),
        ("Nguyễn Văn An", "Trần Văn An", NameMatch.OTHER),
        ("", "", NameMatch.SAME),
    ],
)
def test_names_are_compared_as_a_clerk_would(first: str, second: str, match: NameMatch) -> None:
    assert compare_names(first, fold(first), second, fold(second)) is match
    assert compare_names(second, fold(second), first, fold(first)) is match


@given(st.text("abcdn", max_size=7), st.text("abcdn", max_size=7))
def test_one_slip_is_what_the_distance_says(left: str, right: str) -> None:
    from rapidfuzz.distance import OSA

    assert is_one_slip(left, right) == (OSA.distance(left, right) == 1)


def _measured(folder: Path, count: int, doubles: int, hamlets: int) -> tuple[float, float, Counter[str], Counter[str]]:
    """Share of planted doubles that are shown, share of sure pairs that are true, planted and shown by kind."""
    context, truth = write_world(folder, make_world(count, doubles, hamlets=hamlets, seed=7), hamlets)
    found = {frozenset(pair.key): pair for pair in find_duplicates(context).pairs}
    context.close()
    shown = Counter(kind for uids, kind in truth.items() if uids in found)
    sure = [uids for uids, pair in found.items() if pair.likelihood is Likelihood.SURE]
    precision = sum(uids in truth for uids in sure) / len(sure)
    return sum(shown.values()) / len(truth), precision, Counter(truth.values()), shown


def test_planted_doubles_of_every_kind_are_found_and_strangers_are_not(tmp_path: Path) -> None:
    recall, precision, planted, shown = _measured(tmp_path, 4_000, 12, 8)
    assert recall >= 0.97
    assert precision >= 0.99
    assert {kind: shown[kind] / count for kind, count in planted.items() if shown[kind] < 0.8 * count} == {}


@pytest.mark.full
@pytest.mark.timeout(300)
def test_planted_doubles_are_found_among_a_hundred_thousand(tmp_path: Path) -> None:
    recall, precision, planted, shown = _measured(tmp_path, 100_000, 100, 40)
    assert recall >= 0.95
    assert precision >= 0.99
    assert {kind: shown[kind] / count for kind, count in planted.items() if shown[kind] < 0.85 * count} == {}


def test_the_only_two_of_a_name_and_year_are_worth_a_look_unless_something_speaks_against(context: Context) -> None:
    add_people(context, "01-0001", person("Trưởng Thị Nam", "1949", sex="female"))
    add_people(context, "01-0002", person("Trưởng Thị Nam", "1949", sex=None))
    add_people(context, "01-0003", person("Lê Văn Ba", "1950"))
    add_people(context, "01-0004", person("Lê Văn Ba", "1950", sex="female"))
    found = pairs_of(context)
    assert [(pair.first.name, pair.likelihood) for pair in found] == [("Trưởng Thị Nam", Likelihood.DOUBTFUL)]


def test_whom_a_great_import_brought_is_read_once_and_not_for_each_person_of_the_register(context: Context) -> None:
    class Asked(list[Uid]):
        times = 0

        def __iter__(self) -> Iterator[Uid]:
            Asked.times += 1
            return super().__iter__()

    old = add_people(context, "01-0001", *(person(f"Nguyễn Văn {word}") for word in ("An", "Bình", "Cường")))
    new = add_people(context, "01-0002", person("Nguyễn Văn An"))
    (pair,) = find_duplicates(context, among=Asked(new)).pairs
    assert {pair.first.uid, pair.second.uid} == {old[0], new[0]}
    assert Asked.times <= 1
