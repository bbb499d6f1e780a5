"""A form that was recognised is not changed by taking an older deed back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.models.journal import UndoRefused
from desktop_app.models.types import LearningModel, Uid
from desktop_app.services import history
from desktop_app.services.assessment.answers import answer
from desktop_app.services.context import Context
from desktop_app.services.criteria.office import set_in_use
from desktop_app.services.recognition.deciding import recognise
from desktop_app.services.recognition.handling import void_certificates
from tests.factories import add_household, make_register
from tests.services.recognition.people import DECIDED, PASS, YEAR, confirm_all, values_for
from tests.services.sync.machines import register_state

FAMILY = LearningModel.FAMILY


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    made = make_register(tmp_path)
    yield made
    made.close()


@pytest.fixture
def forms(context: Context) -> tuple[Uid, Uid]:
    """Two sittings at one family's form, the newer of which touched other indicators; then it was recognised."""
    add_household(context, "01-0001", members=("Nguyễn Văn An",))
    with context.read() as connection:
        family = connection.exec_driver_sql("SELECT uid FROM household").scalar_one().hex()
        used = set_in_use(connection, FAMILY, None).definition
    confirm_all(context)
    values = list(values_for(used, PASS).items())
    made = []
    for part in (values[:4], values[4:]):
        for code, value in part:
            answer(context, FAMILY, family, YEAR, code, value)
        context.journal.seal_open()
        made.append(history.operations(context, 1)[0].id)
    assert recognise(context, YEAR, FAMILY, "112", DECIDED).recognised == 1
    return made[0], made[1]


def test_answers_under_a_recognised_form_are_not_taken_back(context: Context, forms: tuple[Uid, Uid]) -> None:
    before = register_state(context)
    for uid in forms:
        with pytest.raises(UndoRefused) as refused:
            history.undo(context, uid)
        assert history.why_not_undo(context, uid) == refused.value.message
    assert refused.value.code == "undo.recognised"
    assert "hủy giấy công nhận" in refused.value.message
    assert "Đó là: “" in refused.value.message
    assert register_state(context) == before


def test_they_are_taken_back_once_the_certificate_is_void(context: Context, forms: tuple[Uid, Uid]) -> None:
    with context.read() as connection:
        paper = connection.exec_driver_sql("SELECT uid FROM certificate").scalar_one().hex()
    void_certificates(context, [paper], "Ghi nhầm người", dt.date(2026, 11, 20))
    history.undo(context, forms[1])
    found = history.find_operation(context, forms[1])
    assert found is not None
    assert found.undone_by is not None
