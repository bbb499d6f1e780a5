"""Rounds and accounts at size, against the bare driver: unfinished work, proposals, counts, a list of 40,000 accounts.

python -m tests.benchmarks.bench_rounds
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

from desktop_app.models.types import LearningModel, SiteState
from desktop_app.services.assessment.accounts import (
    account_list,
    hamlet_counts,
    organization_counts,
    record_states,
)
from desktop_app.services.assessment.next_round import group_proposals, proposals, start_next_round
from desktop_app.services.assessment.registered import registered_counts, registered_list
from desktop_app.services.assessment.registration import register_all
from desktop_app.services.assessment.round_closing import unfinished
from desktop_app.services.assessment.site.applying import apply_site_list
from desktop_app.services.assessment.site.planning import plan_site_list
from desktop_app.services.assessment.site.reading import read_site_list
from desktop_app.services.context import Context
from desktop_app.services.register import open_register
from tests.benchmarks.big_register import PEOPLE, big_register
from tests.benchmarks.floors import Floor, tell

YEAR = 2026
LISTED = 40_000
CITIZEN = LearningModel.CITIZEN


def their_list(context: Context, path: Path) -> Path:
    """A list of accounts with states, as text with separators."""
    words = ("Đã đăng ký", "Đã tự đánh giá", "Đã được công nhận")
    query = "SELECT full_name, cccd, birth FROM citizen WHERE birth <= '2010' ORDER BY id LIMIT ?"
    with context.read() as connection:
        people = connection.exec_driver_sql(query, (LISTED,)).all()
    lines = [f"{name};{cccd or ''};{birth};{words[n % 3]};10/06/2026" for n, (name, cccd, birth) in enumerate(people)]
    path.write_text("\n".join(["Họ và tên;Số CCCD;Năm sinh;Trạng thái;Ngày cập nhật", *lines]), encoding="utf-8")
    return path


def their_rows(path: Path) -> list[list[str]]:
    """The list as plain rows."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.reader(lines, delimiter=";"))


def measure_rounds(context: Context, floor: Floor) -> None:
    """What is unfinished, lists of who registered, and what the next round proposes."""
    registration_first = lambda: floor.write("registration", PEOPLE)  # noqa: E731 - one floor for one deed
    register_all(context, LearningModel.FAMILY, YEAR)
    tell("register everybody", lambda: register_all(context, CITIZEN, YEAR), registration_first, 6.0)
    tell("unfinished", lambda: unfinished(context, YEAR), floor.people, 3.0)
    tell("registered counts", lambda: registered_counts(context, CITIZEN, YEAR), floor.accounts, 3.0)
    listed = registered_list(context, CITIZEN, YEAR)
    tell("registered page", lambda: (listed.count(), listed.rows(0, 100)), floor.people, 3.0)
    start_next_round(context, YEAR)
    tell("proposals", lambda: proposals(context, CITIZEN, YEAR + 1), floor.people_read, 6.0)
    tell("groups proposed", lambda: group_proposals(context, YEAR + 1), floor.people_read, 6.0)


def measure_accounts(context: Context, floor: Floor, folder: Path) -> None:
    """Accounts on the national site: list, counts, setting in bulk, and a list of the site compared and applied."""
    people = account_list(context, YEAR)
    tell("accounts page", lambda: (people.count(), people.rows(0, 100)), floor.people, 3.0)
    uids = people.uids()
    record_states(context, YEAR, uids[:1], SiteState.REGISTERED)
    states = lambda: floor.write("site_account", 50_000)  # noqa: E731 - one floor for one deed
    tell(
        "record 50,000 states", lambda: record_states(context, YEAR, uids[1:50_001], SiteState.REGISTERED), states, 6.0
    )
    tell("hamlets", lambda: hamlet_counts(context, YEAR), floor.accounts, 3.0)
    tell("organizations", lambda: organization_counts(context, YEAR), floor.accounts, 3.0)
    path = their_list(context, folder / "trang.csv")
    both = lambda: (their_rows(path), floor.people_read())  # noqa: E731 - read twice, by hand
    read = tell("read their list", lambda: read_site_list(path), both, 20.0)
    plan = tell("compare", lambda: plan_site_list(context, YEAR, read), both, 20.0)
    tell("apply", lambda: apply_site_list(context, plan), lambda: floor.write("site_account", LISTED), 6.0)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        context = open_register(big_register(Path(name) / "data"))
        floor = Floor(context)
        measure_rounds(context, floor)
        measure_accounts(context, floor, Path(name))
        floor.close()
        context.close()


if __name__ == "__main__":
    main()
