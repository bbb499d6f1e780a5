"""A record's page shows all that hangs on it; who is gone can still be read; an unknown record is said to be so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desktop_app.models.records import VerdictState
from desktop_app.models.types import CertificateStatus, CitizenGroup, LearningModel, Poverty
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from desktop_app.services.registry.citizens import remove_citizen, save_citizen
from desktop_app.services.registry.details import (
    branch_detail,
    citizen_detail,
    clan_detail,
    hamlet_detail,
    household_detail,
    organization_detail,
)
from desktop_app.services.registry.unit_lists import hamlet_list
from tests.factories import add_household
from tests.services.registry.conftest import TODAY
from tests.services.registry.scores import give_score, give_title


def test_a_persons_page_names_titles_by_year_and_this_years_score(context: Context) -> None:
    _, (head, _) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    give_score(context, head, 83)
    give_title(context, head, 1, model=LearningModel.CITIZEN, year=2025)
    give_title(context, head, 2, model=LearningModel.CITIZEN, year=2026)
    detail = citizen_detail(context, head)
    assert [(t.year, t.number, t.decision, t.status) for t in detail.titles] == [
        (2026, "0002/2026", "12/QĐ-UBND", CertificateStatus.ISSUED),
        (2025, "0001/2025", "12/QĐ-UBND", CertificateStatus.ISSUED),
    ]
    assert [(y.year, y.score.state, y.score.total) for y in detail.years] == [(2026, VerdictState.PASSED, 83)]
    assert [(m.name, m.is_head, m.score.state) for m in detail.members] == [
        ("Nguyễn Văn Ước", True, VerdictState.PASSED), ("Trần Thị Ánh", False, VerdictState.NONE),
    ]  # fmt: skip
    assert detail.is_head
    assert detail.proposed_group is CitizenGroup.RESIDENT


def test_a_households_page_shows_its_own_title_and_its_peoples_scores(context: Context) -> None:
    home, (head,) = add_household(context)
    give_score(context, home, 91, model=LearningModel.FAMILY)
    give_score(context, head, 61, is_complete=False)
    give_title(context, home, 5, model=LearningModel.FAMILY)
    detail = household_detail(context, home)
    assert [title.number for title in detail.titles] == ["0005/2026"]
    assert [year.score.total for year in detail.years] == [91]
    assert [member.score.state for member in detail.members] == [VerdictState.PARTIAL]
    assert (detail.poverty, detail.code) == (Poverty.NONE, "01-0001")


def test_a_hamlets_page_counts_its_people_by_group_and_its_households_by_poverty(context: Context) -> None:
    _, (head, wife) = add_household(context, members=("Nguyễn Văn Ước", "Trần Thị Ánh"))
    add_household(context, "02-0001", hamlet="Thôn 2")
    save_citizen(context, head, {"citizen_group": "worker"}, today=TODAY)
    detail = hamlet_detail(context, hamlet_list(context).rows(0, 1)[0].uid)
    assert (detail.name, detail.households, detail.citizens) == ("Thôn 1", 1, 2)
    assert detail.by_group == ((CitizenGroup.WORKER, 1), (None, 1))
    assert detail.by_poverty == ((Poverty.NONE, 1),)
    remove_citizen(context, wife)
    assert hamlet_detail(context, detail.uid).citizens == 1


def test_the_page_of_a_removed_person_can_still_be_read(context: Context) -> None:
    made = save_citizen(context, None, {"full_name": "Lê Văn Hai"}, today=TODAY)
    assert made.uid
    remove_citizen(context, made.uid)
    detail = citizen_detail(context, made.uid)
    assert (detail.name, detail.is_present) == ("Lê Văn Hai", False)


@pytest.mark.parametrize(
    "read", [citizen_detail, household_detail, hamlet_detail, clan_detail, organization_detail, branch_detail]
)
def test_an_unknown_record_is_said_to_be_so(context: Context, read: Callable[[Context, str], object]) -> None:
    with pytest.raises(UserError) as error:
        read(context, "0" * 32)
    assert error.value.code == "record.unknown"
