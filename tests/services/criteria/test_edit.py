"""The editor's deeds on a set: rows stay whole, sums follow, and random edits are sound or refused."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria import edit
from desktop_app.services.criteria.checks import find_problems
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.loader import get_set, load_sets
from desktop_app.services.criteria.schema import dump_set, parse_loose, parse_set
from desktop_app.services.errors import UserError


def refs(d: CriteriaSet) -> list[str]:
    rows = [f"criterion:{c.code}" for c in d.criteria] + [f"indicator:{i.code}" for i in d.indicators]
    return rows + [f"prerequisite:{p.key}" for p in d.prerequisites]


def test_a_new_row_has_a_free_code_and_must_be_written_before_use() -> None:
    d, ref = edit.add_indicator(get_set("citizen.resident"), "indicator:2")
    assert ref == "indicator:11" and [i.code for i in d.criteria[0].indicators] == ["1", "2", "11", "3", "4"]
    assert d.criteria[0].max_score == 50
    assert [p.words for p in find_problems(d)] == ["chỉ số 11 › nội dung"]


def test_a_row_at_the_edge_moves_into_the_next_criterion() -> None:
    d = edit.move_row(get_set("citizen.resident"), "indicator:4", 1)
    assert d.criteria[1].indicators[0].code == "4"
    assert (d.criteria[0].max_score, d.criteria[1].max_score) == (30, 50)
    assert [i.code for i in edit.move_row(d, "indicator:4", -1).criteria[0].indicators] == ["1", "2", "3", "4"]
    assert edit.move_row(d, "indicator:1", -1) == d


def test_numbers_follow_the_order_again_and_codes_stay() -> None:
    d = edit.renumbered(edit.move_row(get_set("citizen.resident"), "indicator:1", 1))
    assert [(i.number, i.code) for i in d.indicators[:2]] == [("1", "2"), ("2", "1")]
    assert [c.number for c in d.criteria] == ["I", "II", "III"]
    d = edit.renumbered(get_set("clan"))
    assert d == get_set("clan")


def test_a_criterion_goes_with_its_rows() -> None:
    d = edit.remove_row(get_set("citizen.resident"), "criterion:II")
    assert len(d.indicators) == 6 and d.max_total == 60


def test_unticking_official_makes_a_summary_of_it() -> None:
    d = get_set("citizen.resident")
    row = edit.change_indicator(d, "1", {"text": d.by_code["1"].text}, is_official=False).by_code["1"]
    assert row.status is TextStatus.SUMMARY and row.is_changed


deeds = st.lists(
    st.tuples(
        st.sampled_from(["text", "max", "remove", "up", "down", "add", "criterion", "number", "mark", "halves"]),
        st.integers(0, 40),
        st.integers(0, 60),
    ),
    max_size=8,
)


def applied(d: CriteriaSet, deed: str, at: int, value: int) -> CriteriaSet:
    rows = refs(d)
    ref = rows[at % len(rows)] if rows else ""
    kind, code = edit.split_ref(ref)
    if deed == "text" and kind == "indicator":
        return edit.change_indicator(d, code, {"text": f"Lời {value}"}, is_official=bool(value % 2))
    if deed == "max" and kind == "indicator" and d.kind is SetKind.POINTS:
        return edit.change_indicator(d, code, {"max_score": float(value)}, is_official=False)
    if deed == "remove" and len(d.criteria) > 1:
        return edit.remove_row(d, ref)
    if deed in ("up", "down"):
        return edit.move_row(d, ref, -1 if deed == "up" else 1)
    if deed == "add" and kind != "prerequisite":
        return edit.add_indicator(d, ref)[0]
    if deed == "criterion":
        return edit.add_criterion(d, "Tiêu chí mới")[0]
    if deed == "number":
        return edit.renumbered(d)
    if deed in ("mark", "halves") and d.kind is SetKind.POINTS:
        return edit.change_marks(d, pass_mark=float(value), floor=value / 10, halves=deed == "halves")
    return d


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([item.key for item in load_sets()]), deeds)
def test_random_edits_keep_a_set_sound_or_it_is_refused_with_places(
    key: str, steps: list[tuple[str, int, int]]
) -> None:
    d = get_set(key)
    before = {i.code: i.text for i in d.indicators}
    for deed, at, value in steps:
        d = applied(d, deed, at, value)
    problems = find_problems(d)
    text = dump_set(d)
    assert parse_loose(text, "bản soạn") == d
    if problems:
        assert all(p.place and p.text for p in problems)
        try:
            parse_set(text, "bản soạn")
        except UserError as error:
            assert error.code == "criteria.invalid"
        else:
            raise AssertionError("a set with problems was taken")
    else:
        assert parse_set(text, "bản soạn") == d
    codes = [i.code for i in d.indicators]
    assert len(codes) == len(set(codes))
    for i in d.indicators:
        if i.status is TextStatus.OFFICIAL and not i.is_changed:
            assert before[i.code] == i.text
