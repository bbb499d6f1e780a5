"""How forms are parted between collectors and into stacks."""

from __future__ import annotations

import dataclasses
from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.paper.codes import stack_qr, with_check_digit
from desktop_app.services.paper.shapes import PaperForm
from desktop_app.services.paper.stacks import part, spaced, stack_code
from tests.services.paper.helpers import people


@st.composite
def any_forms(draw: st.DrawFn) -> list[PaperForm]:
    """Forms of some places, households of one to twelve, two sets mixed."""
    made: list[PaperForm] = []
    for place in range(draw(st.integers(1, 3))):
        for home in draw(st.lists(st.integers(1, 12), max_size=8)):
            key = len(made)
            made += [
                dataclasses.replace(
                    people(1)[0], place=f"Thôn {place}", place_key=place, home=place * 1000 + key + 1,
                    set_id=draw(st.integers(1, 2)), code=with_check_digit(f"{key + n:012d}"),
                )
                for n in range(home)
            ]  # fmt: skip
    return made


@given(any_forms(), st.integers(1, 50), st.lists(st.sampled_from("ABCD"), unique=True, max_size=4))
def test_every_form_is_in_one_share_and_one_stack_in_its_order(
    forms: list[PaperForm], size: int, collectors: list[str]
) -> None:
    shares = part(forms, size, collectors, 2026)
    assert [form for share in shares for form in share.forms] == forms
    for share in shares:
        assert {form.place for form in share.forms} == {share.place}
        stacked = [form for stack in share.stacks for form in stack.forms]
        assert sorted(form.code for form in stacked) == sorted(form.code for form in share.forms)
        for stack in share.stacks:
            assert {form.set_id for form in stack.forms} == {stack.set_id}
            assert stack.collector == share.collector
            homes = [len(list(run)) for _, run in groupby(stack.forms, key=lambda form: form.home)]
            assert len(stack.forms) <= size or len(homes) == 1


@given(any_forms(), st.integers(2, 4))
def test_no_household_is_parted_between_two_collectors(forms: list[PaperForm], count: int) -> None:
    names = [f"Người {n}" for n in range(count)]
    owners: dict[int, set[str]] = {}
    for share in part(forms, 40, names, 2026):
        for form in share.forms:
            owners.setdefault(form.home, set()).add(share.collector)
    assert all(len(found) == 1 for found in owners.values())


def test_collectors_get_about_as_many_forms_each() -> None:
    shares = part(people(90), 40, ("An", "Bình", "Chi"), 2026)
    assert [share.collector for share in shares] == ["An", "Bình", "Chi"]
    assert all(28 <= len(share.forms) <= 32 for share in shares)


def test_stacks_of_a_place_are_numbered_through() -> None:
    stacks = [stack for share in part(people(90), 20, ("An", "Bình"), 2026) for stack in share.stacks]
    assert [stack.number for stack in stacks] == list(range(1, len(stacks) + 1))
    assert {stack.count for stack in stacks} == {len(stacks)}


def test_the_same_forms_have_the_same_stack_code_and_others_another() -> None:
    forms = people(30)
    code = stack_code(2026, forms)
    assert code == stack_code(2026, list(forms))
    assert len(code) == 7 and with_check_digit(code[:6]) == code
    assert code != stack_code(2027, forms)
    assert code != stack_code(2026, forms[1:])
    assert spaced("4829135") == "482 9135"
    assert stack_qr(2026, "4829135") == "SHTT:2026:4829135"


def test_a_share_of_mixed_sets_is_not_stacked_and_one_of_a_single_set_is() -> None:
    forms = people(12)
    mixed = [dataclasses.replace(form, set_id=1 + n % 2) for n, form in enumerate(forms)]
    assert part(forms, 40, (), 2026)[0].is_stacked
    share = part(mixed, 40, (), 2026)[0]
    assert not share.is_stacked
    assert [stack.set_id for stack in share.stacks] == [1, 2]
