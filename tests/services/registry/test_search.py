"""Whatever order, accents or part of a number a person types, who is meant comes first, and the count is right."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.models.records import HitKind
from desktop_app.models.tables import registry
from desktop_app.services.context import Context
from desktop_app.services.registry import search as search_module
from desktop_app.services.registry.citizens import remove_citizen, save_citizen
from desktop_app.services.registry.search import search
from desktop_app.services.registry.search_terms import match_all, tier_of, tiers, words_of
from desktop_app.services.registry.units_edit import save_clan, save_hamlet, save_organization
from desktop_app.services.vietnamese import fold
from tests.factories import add_household, make_register
from tests.services.registry.conftest import TODAY

HO = ("Nguyễn", "Trần", "Lan", "Đỗ")
DEM = ("", "Thị", "Văn", "Lân", "Thị Lan")
TEN = ("Lan", "Lân", "Lành", "Ước", "Thị", "Anh", "K'Tùng")
NAMES = tuple(" ".join(part for part in parts if part) for parts in itertools.product(HO, DEM, TEN))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Context]:
    """Every name of the parts above, four to a household, over twelve hamlets."""
    context = make_register(tmp_path_factory.mktemp("town"), hamlets=tuple(f"Thôn {n}" for n in range(1, 13)))
    for number, start in enumerate(range(0, len(NAMES), 4)):
        place = number % 12 + 1
        add_household(context, f"{place:02d}-{number:04d}", hamlet=f"Thôn {place}", members=NAMES[start : start + 4])
    with context.read() as connection:
        ids = [row[0] for row in connection.exec_driver_sql("SELECT id FROM citizen ORDER BY id")]
    with context.operation("citizen.edit", {}) as op:
        values = {
            key: {"cccd": f"0791{n % 100:02d}{n:06d}", "phone": f"09{n:08d}", "birth": f"{1950 + n % 60}"}
            for n, key in enumerate(ids)
        }
        op.writer.update_many(registry.citizen, values)
    yield context
    context.close()


def names(context: Context, text: str, limit: int = 50) -> list[str]:
    return [hit.name for hit in search(context, text, limit, kinds=[HitKind.CITIZEN]).results]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("nguyen thi lan", "Nguyễn Thị Lan"),
        ("NGUYỄN THỊ LAN", "Nguyễn Thị Lan"),
        ("nguyễn thị lân", "Nguyễn Thị Lân"),
        ("uoc do van", "Đỗ Văn Ước"),
        ("đỗ văn ư", "Đỗ Văn Ước"),
        ("tran k'tung", "Trần K'Tùng"),
        ("tran k’tùng", "Trần K'Tùng"),
    ],
)
def test_the_person_whose_name_is_typed_comes_first(town: Context, text: str, first: str) -> None:
    assert names(town, text)[0] == first


def test_the_ten_comes_before_the_rest_and_whole_words_before_beginnings(town: Context) -> None:
    found = names(town, "lan", 1_000)
    ranks = [
        0 if fold(n).endswith(" lan") else 1 if " lan " in f" {fold(n)} " else 2 for n in found
    ]  # fmt: skip
    assert ranks == sorted(ranks)
    assert set(ranks) == {0, 1, 2}


@pytest.mark.parametrize("few", [0, 100_000])
def test_all_hits_are_counted_whatever_is_shown(town: Context, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
    monkeypatch.setattr(search_module, "FEW", few)
    meant = [name for name in NAMES if all(any(w.startswith(p) for w in fold(name).split()) for p in ("l", "thi"))]
    result = search(town, "l thi", 5, kinds=[HitKind.CITIZEN])
    assert (len(result.results), result.total) == (5, len(meant))
    assert sorted(names(town, "l thi", 1_000)) == sorted(meant)


def test_a_number_is_found_by_its_end_and_a_phone_by_either_end(town: Context) -> None:
    save_citizen(town, None, {"full_name": "Võ Thị Hạnh", "cccd": "079187555319", "phone": "0977123456"}, today=TODAY)
    for text in (
        "319",
        "5319",
        "555319",
        "079187555319",
        "079 187 555 319",
        "0977",
        "0977.123.456",
        "3456",
        "hanh 319",
    ):
        assert names(town, text)[0] == "Võ Thị Hạnh", text
    assert "Võ Thị Hạnh" not in names(town, "19", 1_000), "two digits are no end of a number"
    assert "Võ Thị Hạnh" not in names(town, "5551", 1_000)


def test_people_are_found_by_household_hamlet_and_year(town: Context) -> None:
    code = "03-0002"
    household = search(town, code)
    assert [hit.kind for hit in household.results[:1]] == [HitKind.HOUSEHOLD]
    assert {hit.household_code for hit in household.results} == {code}
    assert household.total == 5
    in_hamlet = search(town, "lan thôn 1", 200, kinds=[HitKind.CITIZEN]).results
    places = [hit.hamlet for hit in in_hamlet]
    whole = sum(hit.hamlet == "Thôn 1" and "lan" in fold(hit.name).split() for hit in in_hamlet)
    assert whole > 3
    assert set(places) == {"Thôn 1", "Thôn 10", "Thôn 11", "Thôn 12"}
    assert set(places[:whole]) == {"Thôn 1"}, "Thôn 1 before Thôn 10"
    assert {hit.birth for hit in search(town, "lan 1961", kinds=[HitKind.CITIZEN]).results} == {"1961"}


def test_hamlets_clans_and_organizations_are_found_before_their_people(town: Context) -> None:
    save_clan(town, None, {"name": "Họ Đỗ Tấn", "surname": "Đỗ"}, today=TODAY)
    save_organization(town, None, {"name": "Trường Tiểu học Lê Lợi", "kind": "school"}, today=TODAY)
    assert [(hit.kind, hit.name) for hit in search(town, "do tan").results] == [(HitKind.CLAN, "Họ Đỗ Tấn")]
    assert search(town, "tieu hoc le").results[0].kind is HitKind.ORGANIZATION
    hits = search(town, "thon 12").results
    assert (hits[0].kind, hits[0].name) == (HitKind.HAMLET, "Thôn 12")
    assert {hit.hamlet for hit in hits[1:]} == {"Thôn 12"}


def test_a_search_for_no_rows_still_counts(town: Context) -> None:
    found = search(town, "lan", 0)
    assert found.results == ()
    assert found.total == search(town, "lan", 5).total > 5


@pytest.mark.parametrize("text", ["", "   ", "-", "…", '"', "*", "'", "^ : ( )"])
def test_text_without_letters_or_figures_finds_nothing(town: Context, text: str) -> None:
    assert search(town, text) == search_module.SearchResults((), 0)


@pytest.mark.parametrize(
    "text", ['"lan"', "lan*", "name:lan", "lan OR", "NEAR(lan", "lan AND", "{x", "a" * 500, "lan " * 60]
)
def test_signs_of_the_index_are_plain_text(town: Context, text: str) -> None:
    search(town, text)


def test_a_search_follows_every_change(context: Context) -> None:
    _, (head,) = add_household(context)
    assert names(context, "uoc thon 1") == ["Nguyễn Văn Ước"]
    save_citizen(context, head, {"full_name": "Nguyễn Văn Đạt"}, today=TODAY)
    assert (names(context, "uoc"), names(context, "dat")) == ([], ["Nguyễn Văn Đạt"])
    save_hamlet(context, search(context, "thon 1").results[0].uid, {"name": "Ấp Bình Hòa"}, today=TODAY)
    assert (names(context, "dat thon"), names(context, "dat binh hoa")) == ([], ["Nguyễn Văn Đạt"])
    from desktop_app.services.registry.households import remove_household

    household = search(context, "01-0001").results[0].uid
    remove_household(context, household, with_members=True)
    assert search(context, "dat").total == 0
    with context.read() as connection:
        done = connection.exec_driver_sql("SELECT lower(hex(uid)) FROM operation ORDER BY id DESC LIMIT 1").scalar_one()
    context.journal.undo(done)
    assert names(context, "dat binh hoa") == ["Nguyễn Văn Đạt"]


def test_who_died_is_found_last_and_marked(context: Context) -> None:
    _, (first, _) = add_household(context, members=("An Văn Lan", "Ước Văn Lan"))
    save_citizen(context, first, {"life_status": "dead", "status_date": "2026"}, today=TODAY)
    assert [(hit.name, hit.is_current) for hit in search(context, "lan").results] == [
        ("Ước Văn Lan", True), ("An Văn Lan", False),
    ]  # fmt: skip


def test_a_removed_person_is_not_found(context: Context) -> None:
    made = save_citizen(context, None, {"full_name": "Lê Văn Hai"}, today=TODAY)
    assert made.uid
    remove_citizen(context, made.uid)
    assert search(context, "hai").total == 0


queries = st.lists(
    st.sampled_from(
        ["lan", "lân", "Lành", "la", "ngu", "nguyễn", "thi", "thị", "t", "uo", "ước", "k'tùng", "k'", "anh"]
    ),
    min_size=1,
    max_size=3,
).map(" ".join)


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=queries)
def test_the_index_ranks_a_hit_as_its_name_does(town: Context, text: str) -> None:
    words = words_of(text)
    with town.read() as connection:

        def hits(expression: str) -> set[int]:
            rows = connection.exec_driver_sql(
                "SELECT rowid & 16777215 FROM citizen_search WHERE citizen_search MATCH ?", (expression,)
            )
            return {row[0] for row in rows}

        people = dict(connection.exec_driver_sql("SELECT id, full_name FROM citizen").all())
        steps = [hits(expression) for expression in tiers(words)]
        whole = hits(match_all(words))
    assert steps[-1] == whole
    assert all(step <= whole for step in steps)
    by_index = {key: next(n for n, step in enumerate(steps) if key in step) for key in whole}
    assert by_index == {key: tier_of(words, people[key]) for key in whole}


@pytest.mark.parametrize(
    "text", ["tdp 3 nhi", "tdp nhi", "to 3 nhi", "t3 nhi", "pho 3 nhi", "nhi tổ dân phố số 3", "tc001 nhi"]
)
def test_short_forms_of_hamlets_and_codes_are_understood(context: Context, text: str) -> None:
    save_hamlet(context, None, {"name": "Tổ dân phố số 3"})
    save_hamlet(context, None, {"name": "Thôn 4"})
    add_household(context, "TC-001", hamlet="Tổ dân phố số 3", members=("Lê Thị Nhi",))
    add_household(context, "TC-002", hamlet="Thôn 4", members=("Lê Thị Nhi",))
    found = search(context, text).results
    assert [hit.household_code for hit in found if hit.kind is HitKind.CITIZEN] == ["TC-001"]
