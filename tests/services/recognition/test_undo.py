"""What was recognised is not taken away under its certificate, however big the deed that is undone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.models.journal import UndoRefused
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.context import Context
from desktop_app.services.history.undoing import undo, why_not_undo
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.handling import void_certificates
from desktop_app.services.recognition.lists import register_book
from tests.services.recognition.people import DECIDED, PARTIAL, PASS, YEAR, all_uids, fill, sample_commune

CITIZEN = LearningModel.CITIZEN
FORMS = 60


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = sample_commune(tmp_path)
    yield made
    made.close()


def deeds(context: Context, kind: str) -> list[Uid]:
    with context.read() as connection:
        rows = connection.exec_driver_sql("SELECT uid FROM operation WHERE kind = ? ORDER BY id", (kind,))
        return [row[0].hex() for row in rows]


def stands(context: Context) -> list[Any]:
    """Everything that is present, and how much the journal holds."""
    tables = ("citizen", "household", "assessment", "answer", "certificate")
    with context.read() as connection:
        found: list[Any] = [
            connection.exec_driver_sql(f"SELECT * FROM {name} WHERE present ORDER BY id").all() for name in tables
        ]
        return [*found, connection.exec_driver_sql("SELECT count(*) FROM change").scalar()]


def refused(context: Context, uid: Uid) -> UndoRefused:
    before = stands(context)
    with pytest.raises(UndoRefused) as caught:
        undo(context, uid)
    assert stands(context) == before
    assert why_not_undo(context, uid) == caught.value.message
    return caught.value


def test_an_import_of_people_is_not_undone_under_a_certificate(context: Context) -> None:
    fill(context, CITIZEN, dict.fromkeys(all_uids(context, CITIZEN, 3), PASS))
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    (imported,) = deeds(context, "import.citizens")
    refusal = refused(context, imported)
    assert refusal.code == "undo.recognised"
    assert register_book(context, YEAR, CITIZEN)[0].number in refusal.message
    assert refusal.later == tuple(deeds(context, "recognise"))


def test_nor_when_the_certificate_was_voided_for_its_number_stays_in_the_book(context: Context) -> None:
    fill(context, CITIZEN, dict.fromkeys(all_uids(context, CITIZEN, 1), PASS))
    recognise(context, YEAR, CITIZEN, "112", DECIDED)
    void_certificates(context, [paper.uid for paper in register_book(context, YEAR, CITIZEN)], "ghi nhầm")
    assert "kể cả khi giấy đã hủy" in refused(context, deeds(context, "import.citizens")[0]).message


def test_many_answers_that_came_after_their_forms_are_not_taken_from_under_a_certificate(context: Context) -> None:
    people = all_uids(context, CITIZEN, FORMS)
    fill(context, CITIZEN, dict.fromkeys(people, PARTIAL))
    fill(context, CITIZEN, dict.fromkeys(people, PASS))
    assert recognise(context, YEAR, CITIZEN, "112", DECIDED).recognised == FORMS
    begun, finished = deeds(context, "import.scores")
    refusal = refused(context, finished)
    assert refusal.code == "undo.recognised"
    assert "phiếu đã được công nhận" in refusal.message
    assert refusal.later == tuple(deeds(context, "recognise"))
    assert "công nhận" in refused(context, begun).message


def test_what_nobody_was_recognised_by_is_undone_whole(context: Context) -> None:
    people = all_uids(context, CITIZEN, FORMS)
    fill(context, CITIZEN, dict.fromkeys(people, PARTIAL))
    begun = stands(context)[:-1]
    fill(context, CITIZEN, dict.fromkeys(people, PASS))
    undo(context, deeds(context, "import.scores")[1])
    assert stands(context)[:-1] == begun
