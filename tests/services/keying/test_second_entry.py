"""Drawing, blind keying, comparing and settling, with what may come between."""

from __future__ import annotations

import random

import pytest

from desktop_app.models.tables import assessment as tables
from desktop_app.models.tables import registry
from desktop_app.models.types import AssessmentStatus, RoundStatus, SecondEntryStatus
from desktop_app.services.assessment.answers import answer, leave_form
from desktop_app.services.assessment.rounds import change_round
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.history import undo
from desktop_app.services.keying.second_draw import draw, drop, look_at_draw
from desktop_app.services.keying.second_entries import read_entries
from desktop_app.services.keying.second_finding import find_drawn
from desktop_app.services.keying.second_keying import compare, save_second
from desktop_app.services.keying.second_queue import read_differences, read_queue, read_second
from desktop_app.services.keying.second_records import THRESHOLD, Source
from desktop_app.services.keying.second_rules import SecondRules
from desktop_app.services.keying.second_settings import load_rules, save_rules, set_own_share
from desktop_app.services.keying.second_settling import choose, finish
from desktop_app.services.keying.sheet import read_sheet
from desktop_app.services.paper.codes import form_code
from tests.services.assessment.world import CITIZEN, YEAR, figures, fill, freeze, row_uid
from tests.services.keying.conftest import TODAY
from tests.services.keying.second_world import (
    HIGH,
    compare_all,
    key_again,
    keyed_batch,
    line_of,
    people_at_work,
    rows_of,
    working,
)

LOW = (6, 6, 6, 6, 6, 6, 6, 6, 6, 6)
"""A total of the pass mark."""


@pytest.fixture
def people_here(context: Context) -> list[str]:
    return people_at_work(context, "Mai", "Hùng")


@pytest.fixture
def batch(context: Context, people_here):
    """Four forms keyed by Mai; all are keyed twice."""
    save_rules(context, SecondRules(base_share=100))
    return keyed_batch(context, [HIGH] * 4)


@pytest.fixture
def second(context: Context, batch, people_here) -> str:
    """Hùng sits at the keys."""
    context.user = people_here[1]
    return people_here[1]


def drawn(context: Context) -> dict[str, str]:
    with context.read() as connection:
        query = (
            "SELECT a.subject, e.reason FROM second_entry e JOIN assessment a ON a.id = e.assessment_id WHERE e.present"
        )
        return {subject.hex(): reason for subject, reason in connection.exec_driver_sql(query)}


def code_at(context: Context, batch, column: int) -> str:
    return read_second(context, YEAR, line_of(context, batch).key).definition.indicators[column].code


def stored(context: Context, subject: str, code: str) -> float:
    with context.read() as connection:
        return connection.exec_driver_sql(
            "SELECT n.value FROM answer n JOIN assessment a ON a.id = n.assessment_id "
            "WHERE a.subject = ? AND n.indicator = ?",
            (bytes.fromhex(subject), code),
        ).scalar_one()


def test_closing_a_batch_draws_its_share_in_the_same_deed(context: Context, people_here) -> None:
    batch = keyed_batch(context, [HIGH] * 21)
    assert len(drawn(context)) == 3
    assert line_of(context, batch).progress == "còn 3/3 phiếu"
    undo(context)
    assert drawn(context) == {}


def test_every_form_near_a_threshold_is_drawn_whatever_the_share(context: Context, people_here) -> None:
    save_rules(context, SecondRules(base_share=0, least_share=0))
    batch = keyed_batch(context, [HIGH, HIGH, HIGH], close=False)
    assert look_at_draw(context, YEAR, batch=batch.uid).count == 0
    other = keyed_batch(context, [(10, 10, 10, 10, 10, 10, 10, 10, 10, 5), HIGH], code="01-0901")
    found = drawn(context)
    assert list(found.values()) == [THRESHOLD]
    assert rows_of(context, other)[0].order == 1


def test_drawing_again_adds_nothing_and_a_larger_share_only_adds(context: Context, people_here) -> None:
    batch = keyed_batch(context, [HIGH] * 10)
    before = drawn(context)
    report = draw(context, YEAR, batch=batch.uid)
    assert (report.count, report.standing, report.eligible) == (0, 1, 10)
    save_rules(context, SecondRules(base_share=50))
    assert draw(context, YEAR).count == 4
    assert before.keys() < drawn(context).keys()


def test_a_hamlet_is_drawn_from_alone_and_loose_forms_too(context: Context, people_here, people) -> None:
    save_rules(context, SecondRules(base_share=100))
    fill(context, CITIZEN, people["Nguyễn Thị Lan"])
    fill(context, CITIZEN, people["Nguyễn Thị Lan 2"])
    assert draw(context, YEAR, hamlet=row_uid(context, "hamlet", "Thôn 1")).count == 1
    assert list(drawn(context)) == [people["Nguyễn Thị Lan"]]
    (line,) = read_queue(context, YEAR)
    assert (line.batch, line.name, line.total) == (None, "Phiếu lẻ · Thôn 1", 1)
    draw(context, YEAR)
    assert [line.name for line in read_queue(context, YEAR)] == ["Phiếu lẻ · Thôn 1", "Phiếu lẻ · Thôn 2"]
    assert read_second(context, YEAR, line.key).rows[0].name == "Nguyễn Thị Lan"


def test_what_is_not_whole_or_gone_is_not_drawn(context: Context, people_here) -> None:
    save_rules(context, SecondRules(base_share=100))
    batch = keyed_batch(context, [HIGH, HIGH[:4], HIGH], close=False)
    with context.read() as connection:
        person = connection.exec_driver_sql("SELECT id FROM citizen WHERE full_name = 'Đinh Văn 3'").scalar_one()
    with context.operation("citizen.edit", {}) as op:
        op.writer.update(registry.citizen, person, {"life_status": "dead"})
    report = draw(context, YEAR, batch=batch.uid)
    assert (report.count, report.skipped) == (1, 2)


def test_what_is_given_for_keying_holds_nothing_of_the_first_entry(context: Context, batch, second: str) -> None:
    sheet = read_second(context, YEAR, line_of(context, batch).key)
    assert [dict(row.values) for row in sheet.rows] == [{}] * 4
    assert "phiếu thứ 1 của tập" in sheet.rows[0].detail
    assert not hasattr(sheet.rows[0], "total")


def test_a_drawn_form_scanned_through_a_vietnamese_keyboard_is_found(context: Context, people_here) -> None:
    save_rules(context, SecondRules(base_share=100))
    batch = keyed_batch(context, [HIGH] * 16)
    context.user = people_here[1]
    sheet = read_second(context, YEAR, line_of(context, batch).key)
    row_of_figures = str.maketrans("1234567890", "ăâêô\u0300\u0309\u0303\u0301\u0323đ")
    for row in sheet.rows:
        found = find_drawn(context, sheet, form_code(row.subject).translate(row_of_figures))
        assert found.sure is not None and found.sure.subject == row.subject


def test_each_cell_is_kept_and_the_last_one_makes_the_form_whole(context: Context, batch, second: str) -> None:
    row = rows_of(context, batch)[0]
    codes = [i.code for i in read_second(context, YEAR, line_of(context, batch).key).definition.indicators]
    for code in codes[:-1]:
        row = save_second(context, row, {code: 8}, today=TODAY)
    assert (rows_of(context, batch)[0].values, row.status) == (dict.fromkeys(codes[:-1], 8), SecondEntryStatus.DRAWN)
    row = save_second(context, row, {codes[-1]: 8}, today=TODAY)
    assert row.status is SecondEntryStatus.KEYED
    line = line_of(context, batch)
    assert (line.todo, line.keyed, line.second) == (3, 1, ("Hùng",))
    row = save_second(context, row, {codes[0]: None}, today=TODAY)
    assert row.status is SecondEntryStatus.DRAWN
    assert figures(context, CITIZEN, row.subject)["total"] == sum(HIGH)


def test_a_value_out_of_range_is_refused_and_nothing_is_stored(context: Context, batch, second: str) -> None:
    row = rows_of(context, batch)[0]
    with pytest.raises(UserError) as refused:
        save_second(context, row, {code_at(context, batch, 0): 11})
    assert refused.value.code == "answer.out_of_range"
    assert rows_of(context, batch)[0].values == {}


def test_who_keyed_first_is_refused_as_second(context: Context, batch, people_here) -> None:
    row = rows_of(context, batch)[0]
    assert row.is_same_person
    for allow in (False, True):
        with pytest.raises(UserError) as refused:
            save_second(context, row, {code_at(context, batch, 0): 8}, allow_same=allow)
        assert refused.value.code == "second.same_person"
    with working(context, people_here[1]):
        assert not rows_of(context, batch)[0].is_same_person
        save_second(context, row, {code_at(context, batch, 0): 8})


def test_whoever_changed_one_answer_of_the_first_entry_is_refused_too(context: Context, batch, second: str) -> None:
    row = rows_of(context, batch)[0]
    answer(context, CITIZEN, row.subject, YEAR, code_at(context, batch, 0), 10)
    leave_form(context)
    with pytest.raises(UserError) as refused:
        save_second(context, row, {code_at(context, batch, 0): 8})
    assert refused.value.code == "second.same_person"


def test_one_who_works_alone_is_asked_first_and_it_is_marked(context: Context) -> None:
    save_rules(context, SecondRules(base_share=100))
    batch = keyed_batch(context, [HIGH])
    row = rows_of(context, batch)[0]
    code = code_at(context, batch, 0)
    with pytest.raises(UserError) as refused:
        save_second(context, row, {code: 8})
    assert refused.value.code == "second.alone"
    codes = [i.code for i in read_second(context, YEAR, line_of(context, batch).key).definition.indicators]
    save_second(context, row, dict.fromkeys(codes, 8), allow_same=True)
    compare_all(context, batch)
    _, (form,) = read_differences(context, YEAR, line_of(context, batch).key)
    assert form.is_same_person
    assert form.first_by == form.second_by


def test_forms_that_agree_are_done_and_others_wait_for_the_third_view(context: Context, batch, second: str) -> None:
    key_again(context, batch, {1: {0: 8, 4: 7}, 2: {9: 0}})
    found = compare_all(context, batch)
    assert (found.agreed, found.differs, found.unfinished) == (2, 2, ())
    _, forms = read_differences(context, YEAR, line_of(context, batch).key)
    assert [[(d.first, d.second, d.chosen) for d in form.differences] for form in forms] == [
        [(9, 8, None), (9, 7, None)],
        [(9, 0, None)],
    ]
    assert (forms[0].first_by, forms[0].second_by) == ("Mai", "Hùng")


def test_a_form_that_was_keyed_in_part_waits_unless_the_paper_is_blank(context: Context, batch, second: str) -> None:
    row = rows_of(context, batch)[0]
    save_second(context, row, {code_at(context, batch, 0): 9})
    key = line_of(context, batch).key
    assert compare(context, YEAR, key).unfinished == (row.name,)
    assert compare(context, YEAR, key, with_blanks=True).differs == 1
    _, (form,) = read_differences(context, YEAR, key)
    assert [(d.first, d.second) for d in form.differences] == [(9, None)] * 9
    for difference in form.differences:
        choose(context, form.entry, difference.code, Source.SECOND)
    finish(context, form.entry, today=TODAY)
    assert figures(context, CITIZEN, row.subject)["status"] == AssessmentStatus.DRAFT


def test_after_the_comparison_the_second_entry_is_not_changed(context: Context, batch, second: str) -> None:
    rows = rows_of(context, batch)
    key_again(context, batch)
    compare_all(context, batch)
    with pytest.raises(UserError) as refused:
        save_second(context, rows[0], {code_at(context, batch, 0): 1})
    assert refused.value.code == "second.compared"


@pytest.fixture
def differing(context: Context, batch, second: str):
    """The one form of which two fields differ."""
    key_again(context, batch, {1: {0: 8, 4: 7}})
    compare_all(context, batch)
    return read_differences(context, YEAR, line_of(context, batch).key)[1][0]


def test_settled_values_become_the_answers_in_one_deed_that_is_undone_whole(
    context: Context, differing, second
) -> None:
    first, other = (difference.code for difference in differing.differences)
    choose(context, differing.entry, first, Source.SECOND)
    with pytest.raises(UserError) as refused:
        finish(context, differing.entry)
    assert refused.value.code == "second.undecided"
    assert stored(context, differing.subject, first) == 9
    choose(context, differing.entry, other, Source.AGAIN, 5)
    done = finish(context, differing.entry, today=TODAY)
    assert (done.changed, done.was_accepted) == (2, False)
    assert (stored(context, differing.subject, first), stored(context, differing.subject, other)) == (8, 5)
    row = figures(context, CITIZEN, differing.subject)
    assert (row["status"], row["total"]) == (AssessmentStatus.COMPLETE, 90 - 1 - 4)
    with context.read() as connection:
        entry = connection.exec_driver_sql(
            "SELECT status, settled_by, settled_on FROM second_entry WHERE uid = ?", (bytes.fromhex(differing.entry),)
        ).one()
    assert (entry[0], entry[1].hex(), entry[2]) == ("settled", second, TODAY.isoformat())
    undo(context)
    assert (stored(context, differing.subject, first), stored(context, differing.subject, other)) == (9, 9)
    assert read_queue(context, YEAR)[0].differs == 1


def test_a_choice_is_kept_when_the_work_is_left_and_may_be_taken_back(context: Context, batch, differing) -> None:
    code = differing.differences[0].code
    choose(context, differing.entry, code, Source.AGAIN, 6)
    kept = read_differences(context, YEAR, line_of(context, batch).key)[1][0].differences[0]
    assert (kept.chosen, kept.source) == (6, Source.AGAIN)
    choose(context, differing.entry, code, None)
    assert read_differences(context, YEAR, line_of(context, batch).key)[1][0].differences[0].source is None


def test_first_values_that_changed_since_are_compared_again(context: Context, batch, differing) -> None:
    code = differing.differences[0].code
    answer(context, CITIZEN, differing.subject, YEAR, code, 8)
    leave_form(context)
    assert read_differences(context, YEAR, line_of(context, batch).key)[1][0].is_stale
    with pytest.raises(UserError) as refused:
        choose(context, differing.entry, code, Source.FIRST)
    assert refused.value.code == "second.changed"
    compare_all(context, batch)
    (form,) = read_differences(context, YEAR, line_of(context, batch).key)[1]
    assert [d.code for d in form.differences] == [differing.differences[1].code]


def test_what_was_recognised_meanwhile_takes_nothing_and_is_dropped_with_its_answers_kept(
    context: Context, batch, differing, second
) -> None:
    freeze(context, CITIZEN, differing.subject)
    with pytest.raises(UserError) as refused:
        choose(context, differing.entry, differing.differences[0].code, Source.FIRST)
    assert refused.value.code == "answer.recognised"
    line = line_of(context, batch)
    assert (line.differs, line.shut) == (0, 1)
    drop(context, differing.entry)
    assert line_of(context, batch).total == 3
    assert figures(context, CITIZEN, differing.subject)["total"] == sum(HIGH)


@pytest.mark.parametrize(
    ("table", "column", "value", "words"),
    [
        ("citizen", "life_status", "moved", "đã chuyển đi"),
        ("citizen", "life_status", "dead", "đã mất"),
        ("assessment", "status", "returned", "bị trả lại"),
    ],
)
def test_who_is_gone_or_sent_back_is_not_keyed_again(
    context: Context, batch, second, table, column, value, words
) -> None:
    row = rows_of(context, batch)[0]
    where = {"citizen": "uid", "assessment": "subject"}[table]
    with context.operation("citizen.edit", {}) as op:
        found = op.connection.exec_driver_sql(
            f"SELECT id FROM {table} WHERE {where} = ?", (bytes.fromhex(row.subject),)
        ).scalar_one()
        op.writer.update(registry.citizen if table == "citizen" else tables.assessment, found, {column: value})
    shut = rows_of(context, batch)[0]
    assert words in shut.locked
    with pytest.raises(UserError) as refused:
        save_second(context, row, {code_at(context, batch, 0): 8})
    assert words in refused.value.message
    assert line_of(context, batch).progress == "còn 3/4 phiếu"


def test_a_closed_round_takes_no_second_entry(context: Context, batch, second: str) -> None:
    row, code = rows_of(context, batch)[0], code_at(context, batch, 0)
    change_round(context, YEAR, status=RoundStatus.CLOSED)
    assert "đã khóa" in read_second(context, YEAR, line_of(context, batch).key).closed
    for deed in (
        lambda: save_second(context, row, {code: 8}),
        lambda: compare_all(context, batch),
        lambda: draw(context, YEAR),
    ):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "round.closed"


def test_the_rules_are_kept_and_numbers_out_of_range_are_refused(context: Context, people_here) -> None:
    save_rules(context, SecondRules(base_share=25, distance=3))
    set_own_share(context, people_here[0], 60)
    save_rules(context, SecondRules(base_share=30))
    rules = load_rules(context)
    assert (rules.base_share, rules.own[people_here[0]].percent) == (30, 60)
    for change in ({"base_share": 101}, {"distance": -1}):
        with pytest.raises(UserError) as refused:
            save_rules(context, SecondRules(**change))
        assert refused.value.code == "second.setting_bad"
    set_own_share(context, people_here[0], None)
    assert load_rules(context).own == {}


def test_a_form_that_goes_over_to_another_version_stands_in_a_line_of_its_own(
    context: Context, batch, second: str
) -> None:
    key_again(context, batch)
    old = line_of(context, batch)
    row = rows_of(context, batch)[0]
    with context.read() as connection:
        other = connection.exec_driver_sql("SELECT id FROM criteria_set WHERE key = 'citizen.worker'").scalar_one()
        form = connection.exec_driver_sql(
            "SELECT id FROM assessment WHERE subject = ?", (bytes.fromhex(row.subject),)
        ).scalar_one()
    with context.operation("answer.form", {}) as op:
        op.writer.update(tables.assessment, form, {"criteria_set_id": other})
    lines = {line.key: line for line in read_queue(context, YEAR)}
    assert (len(lines), lines[old.key].total) == (2, 3)
    (new,) = (line for key, line in lines.items() if key != old.key)
    sheet = read_second(context, YEAR, new.key)
    assert sheet.definition.key == "citizen.worker"
    assert sheet.rows[0].subject == row.subject
    assert set(sheet.rows[0].values) <= set(sheet.definition.by_code)


def test_the_queue_counts_what_reading_every_form_would_count(context: Context, batch, second: str, people) -> None:
    keyed_batch(context, [HIGH] * 3, code="01-0905")  # keyed first by the second keyer here
    fill(context, CITIZEN, people["Nguyễn Thị Lan"])
    draw(context, YEAR)
    key_again(context, batch, {1: {0: 8}})
    compare_all(context, batch)
    rows = rows_of(context, batch)
    names = ("Đinh Văn 1", "Đinh Văn 2", "Đinh Văn 3")
    with context.read() as connection:
        keys = [row[0] for row in connection.exec_driver_sql(
            f"SELECT id FROM citizen WHERE full_name IN {names} ORDER BY full_name, id")]  # fmt: skip
    changes = [{"life_status": "dead"}, {"birth": "2015-03-02"}, {"birth": "2011"}, {"birth": None}]
    with context.operation("citizen.edit", {}) as op:
        for key, change in zip(keys, changes, strict=False):
            op.writer.update(registry.citizen, key, change)
    freeze(context, CITIZEN, rows[3].subject)
    with context.read() as connection:
        entries = read_entries(connection, YEAR)
    assert {entry.locked for entry in entries} > {""}
    for line in read_queue(context, YEAR):
        stack = [entry for entry in entries if entry.key == line.key]
        live = [entry for entry in stack if entry.is_done or not entry.locked]
        by_status = [sum(entry.status is status for entry in live) for status in SecondEntryStatus]
        told = {SecondEntryStatus.DRAWN: line.todo, SecondEntryStatus.KEYED: line.keyed,
                SecondEntryStatus.DIFFERS: line.differs}  # fmt: skip
        assert (line.total, line.shut) == (len(stack), len(stack) - len(live))
        assert [told.get(status) for status in SecondEntryStatus if status in told] == [
            count for status, count in zip(SecondEntryStatus, by_status, strict=True) if status in told
        ]
        assert line.done == sum(entry.is_done for entry in live)
        assert line.shut_differs == sum(e.locked != "" and e.status is SecondEntryStatus.DIFFERS for e in stack)
        assert len(line.first) == len({entry.first_by for entry in stack})
        assert len(line.second) == len({entry.entered_by for entry in stack if entry.second})


@pytest.mark.parametrize("seed", range(3))
def test_a_draw_always_holds_every_form_near_a_threshold(context: Context, people_here, seed: int) -> None:
    chance = random.Random(seed)
    rules = SecondRules(base_share=0, least_share=0, distance=chance.randint(0, 5), floor_distance=1)
    save_rules(context, rules)
    scores = [[chance.choice((7, 7, 7, 8, 9, 10, 10, 10)) for _ in range(10)] for _ in range(11)]
    scores += [[10] * 9 + [5], [10] * 9 + [6], [6] * 9 + [5]]
    batch = keyed_batch(context, scores)
    definition = read_sheet(context, batch.uid).definition
    marks = [definition.pass_mark.value] if definition.pass_mark else []
    marks += [band.min for band in definition.bands if band.min]
    near = [
        number
        for number, row in enumerate(scores, 1)
        if any(abs(sum(row) - mark) <= rules.distance for mark in marks)
        or (
            sum(row) >= min(marks)
            and any(score in (definition.least_score, definition.least_score - 1) for score in row)
        )
    ]
    assert [row.order for row in rows_of(context, batch)] == near


def test_a_drawn_form_that_was_recognised_after_the_comparison_can_still_be_reached(
    context: Context, batch, second: str
) -> None:
    key_again(context, batch, {0: {0: 8}})
    compare_all(context, batch)
    (form,) = read_differences(context, YEAR, line_of(context, batch).key)[1]
    freeze(context, CITIZEN, form.subject)
    line = line_of(context, batch)
    assert (line.differs, line.shut, line.shut_differs) == (0, 1, 1)
    assert "công nhận" in read_differences(context, YEAR, line.key)[1][0].locked
