"""Errors per 10,000 fields, counted once more by hand, how shares follow them; machines that meet, erasure."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from openpyxl import load_workbook

from desktop_app.services.context import Context
from desktop_app.services.errors import EnvironmentProblem
from desktop_app.services.history import operations, undo
from desktop_app.services.history.rendering import Names, value_text
from desktop_app.services.keying.second_draw import draw
from desktop_app.services.keying.second_queue import read_differences
from desktop_app.services.keying.second_rates import export_rates, load_shares, read_rates
from desktop_app.services.keying.second_records import Source
from desktop_app.services.keying.second_rules import SecondRules
from desktop_app.services.keying.second_settings import save_rules, set_own_share
from desktop_app.services.keying.second_settling import choose, finish
from desktop_app.services.registry.personal import erase_citizen, export_person
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.services.assessment.world import YEAR
from tests.services.keying.conftest import TODAY
from tests.services.keying.second_world import (
    HIGH,
    compare_all,
    key_again,
    keyed_batch,
    line_of,
    people_at_work,
    rows_of,
)
from tests.services.sync.machines import make_star, register_state

ALL = SecondRules(base_share=100)


def settle_all(context: Context, batch, decide) -> None:
    """Decide every difference of a batch: ``decide(difference)`` gives source and value."""
    _, forms = read_differences(context, YEAR, line_of(context, batch).key)
    for form in forms:
        for difference in form.differences:
            choose(context, form.entry, difference.code, *decide(difference))
        finish(context, form.entry, today=TODAY)


def second_round(context: Context, batch, other, decide, user: str) -> None:
    """Another person keys the drawn forms, compares and settles."""
    before, context.user = context.user, user
    key_again(context, batch, other)
    compare_all(context, batch)
    settle_all(context, batch, decide)
    context.user = before


@pytest.mark.parametrize("seed", range(4))
def test_rates_equal_an_independent_count(context: Context, seed: int) -> None:
    chance = random.Random(seed)
    mai, hung, lan = people_at_work(context, "Mai", "Hùng", "Lan")
    save_rules(context, ALL)
    wrong = {"Mai": 0, "Hùng": 0, "second": 0}
    fields = {"Mai": 0, "Hùng": 0, "second": 0}
    for number, (name, user) in enumerate((("Mai", mai), ("Hùng", hung), ("Mai", mai))):
        context.user = user
        count = chance.randint(1, 4)
        batch = keyed_batch(context, [HIGH] * count, code=f"01-09{number:02d}")
        other = {row: {column: chance.randint(0, 8) for column in range(10) if chance.random() < 0.3}
                 for row in range(count)}  # fmt: skip

        def decide(difference, name=name):
            source = chance.choice(list(Source))
            value = {Source.FIRST: difference.first, Source.SECOND: difference.second}.get(source, 10)
            wrong[name] += value != difference.first
            wrong["second"] += value != difference.second
            return source, value

        fields[name] += 10 * count
        fields["second"] += 10 * count
        second_round(context, batch, other, decide, lan)
    rates = {item.name: item for item in read_rates(context, YEAR).people}
    for name in ("Mai", "Hùng"):
        found = rates[name]
        assert (found.first_fields, found.first_errors) == (fields[name], wrong[name])
        assert found.first_rate == pytest.approx(wrong[name] / fields[name] * 10_000)
    assert (rates["Lan"].second_fields, rates["Lan"].second_errors) == (fields["second"], wrong["second"])
    batches = read_rates(context, YEAR).batches
    assert sum(item.first_errors for item in batches) == wrong["Mai"] + wrong["Hùng"]
    assert sum(item.fields for item in batches) == fields["second"]
    assert {item.second for item in batches} == {("Lan",)}


def test_a_share_follows_finished_batches_and_an_undone_settlement(context: Context) -> None:
    mai, hung = people_at_work(context, "Mai", "Hùng")
    save_rules(context, SecondRules(base_share=30))
    batch = keyed_batch(context, [HIGH] * 5)
    second_round(context, batch, {0: {0: 8}}, lambda d: (Source.SECOND, None), hung)
    assert load_shares(context) == {mai: 60}
    undo(context)
    assert load_shares(context) == {}
    settle_all(context, batch, lambda d: (Source.FIRST, None))
    assert load_shares(context) == {mai: 30}
    other = keyed_batch(context, [HIGH] * 5, code="01-0901")
    second_round(context, other, {}, None, hung)
    assert load_shares(context) == {mai: 15}


def test_a_share_put_by_the_office_counts_only_later_batches(context: Context) -> None:
    mai, hung = people_at_work(context, "Mai", "Hùng")
    save_rules(context, ALL)
    second_round(context, keyed_batch(context, [HIGH]), {0: {0: 8}}, lambda d: (Source.SECOND, None), hung)
    set_own_share(context, mai, 40)
    assert load_shares(context) == {mai: 40}
    later = keyed_batch(context, [HIGH] * 2, code="01-0901")
    second_round(context, later, {0: {1: 8}}, lambda d: (Source.SECOND, None), hung)
    assert load_shares(context) == {mai: 80}


def test_forms_that_wait_are_counted_apart_and_give_no_rate(context: Context) -> None:
    people_at_work(context, "Mai")
    save_rules(context, ALL)
    keyed_batch(context, [HIGH] * 2)
    (found,) = read_rates(context, YEAR).people
    assert (found.waiting, found.first_fields, found.first_rate) == (2, 0, 0)


def test_rates_are_written_to_excel_with_their_denominators(context: Context, tmp_path: Path) -> None:
    _, hung = people_at_work(context, "=Mai", "Hùng")
    save_rules(context, ALL)
    second_round(context, keyed_batch(context, [HIGH] * 2), {0: {0: 8}}, lambda d: (Source.SECOND, None), hung)
    path = tmp_path / "tỷ lệ sai.xlsx"
    export_rates(read_rates(context, YEAR), path)
    book = load_workbook(path)
    people, batches = book["Theo người"], book["Theo tập"]
    assert [cell.value for cell in people[2]] == ["=Mai", 2, 20, 1, 500, 0, 0, 0, None, 0, 100]
    assert people["A2"].data_type == "s"
    assert [cell.value for cell in batches[2]][4:9] == [2, 0, 20, 1, 500]
    with pytest.raises(EnvironmentProblem):
        export_rates(read_rates(context, YEAR), tmp_path / "không có" / "a.xlsx")


def send(sender: Context, receiver: Context, path: Path) -> None:
    create_package(sender, path, to=receiver.device)
    merge_package(receiver, path)


def test_a_volunteer_keys_first_and_the_office_second_and_both_draw_the_same(tmp_path: Path) -> None:
    office, (volunteer,) = make_star(tmp_path, volunteers=1)
    save_rules(office, ALL)
    send(office, volunteer, tmp_path / "1.sht")
    batch = keyed_batch(volunteer, [HIGH] * 3)
    send(volunteer, office, tmp_path / "2.sht")
    draw(office, YEAR)
    draw(volunteer, YEAR)
    assert line_of(office, batch).first == ("Cộng tác viên 0",)
    second_round(office, batch, {1: {2: 6}}, lambda d: (Source.SECOND, None), str(office.user))
    send(office, volunteer, tmp_path / "3.sht")
    send(volunteer, office, tmp_path / "4.sht")
    assert register_state(office) == register_state(volunteer)
    assert line_of(volunteer, batch).done == 3
    assert load_shares(volunteer) == load_shares(office) == {volunteer.user: 100}
    rates = {item.name: item for item in read_rates(volunteer, YEAR).people}
    assert (rates["Cộng tác viên 0"].first_errors, rates["Cộng tác viên 0"].first_fields) == (1, 30)
    office.close()
    volunteer.close()


def test_two_machines_that_draw_the_same_batch_before_they_meet_agree(tmp_path: Path) -> None:
    office, (volunteer,) = make_star(tmp_path, volunteers=1)
    keyed = keyed_batch(volunteer, [HIGH] * 12, close=False)
    send(volunteer, office, tmp_path / "1.sht")
    draw(office, YEAR, batch=keyed.uid)
    draw(volunteer, YEAR, batch=keyed.uid)
    for number in range(2):
        send(office, volunteer, tmp_path / f"down{number}.sht")
        send(volunteer, office, tmp_path / f"up{number}.sht")
    assert register_state(office) == register_state(volunteer)
    assert line_of(office, keyed).total == 2
    office.close()
    volunteer.close()


def test_an_erased_person_leaves_nothing_in_second_entry(context: Context) -> None:
    _, hung = people_at_work(context, "Mai", "Hùng")
    save_rules(context, ALL)
    batch = keyed_batch(context, [HIGH] * 2)
    second_round(context, batch, {1: {0: 8}}, lambda d: (Source.SECOND, None), hung)
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM citizen WHERE full_name = 'Đinh Văn 2'").scalar_one()
    erase_citizen(context, uid.hex())
    with context.read() as connection:
        left = connection.exec_driver_sql(
            "SELECT second_values, first_values, settled FROM second_entry WHERE NOT present"
        ).all()
    assert left == [(None, None, None)]
    assert line_of(context, batch).total == 1


def test_the_journal_tells_second_entry_in_words(context: Context) -> None:
    _, hung = people_at_work(context, "Mai", "Hùng")
    save_rules(context, ALL)
    batch = keyed_batch(context, [HIGH])
    second_round(context, batch, {0: {0: 8}}, lambda d: (Source.SECOND, None), hung)
    with context.read() as connection:
        names = Names(connection)
        row = connection.exec_driver_sql(
            "SELECT first_by, entered_by, settled_on, reason, status FROM second_entry"
        ).one()
        told = [
            value_text(names, "second_entry", field, value.hex() if isinstance(value, bytes) else value)
            for field, value in zip(("first_by", "entered_by", "settled_on", "reason", "status"), row, strict=True)
        ]
    assert told[:4] == ["Mai", "Hùng", "22/11/2026", "Theo tỷ lệ"]
    assert told[4] == "Đã đối chiếu"
    sentences = [deed.sentence for deed in operations(context, limit=6)]
    assert "Đối chiếu hai lần nhập của Đinh Văn 1" in sentences
    assert "Đối chiếu hai lần nhập của Thôn 1 · tập 1" in sentences
    assert "Nhập lần hai phiếu của Đinh Văn 1" in sentences


def test_a_persons_own_sheet_tells_both_entries(context: Context) -> None:
    _, hung = people_at_work(context, "Mai", "Hùng")
    save_rules(context, ALL)
    batch = keyed_batch(context, [HIGH])
    second_round(context, batch, {0: {0: 8}}, lambda d: (Source.SECOND, None), hung)
    subject = rows_of(context, batch)[0].subject
    sections = {section.title: section for section in export_person(context, subject).sections}
    (row,) = sections["Nhập lần hai"].rows
    assert row[0] == "Đã đối chiếu"
    assert ": 9; " in row[2]
    assert ": 8; " in row[3]
    assert row[4].endswith(": 8")
