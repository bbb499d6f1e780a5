"""Rounds and accounts at size: what is unfinished, proposals, lists, counts, and a list of 40,000 accounts.

python -m tests.benchmarks.bench_rounds
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from desktop_app.models.types import LearningModel, SiteState
from desktop_app.services.assessment.accounts import (
    AccountFilter,
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
from desktop_app.services.assessment.site.export import export_site_list
from desktop_app.services.assessment.site.planning import plan_site_list
from desktop_app.services.assessment.site.reading import read_site_list
from desktop_app.services.context import Context
from desktop_app.services.register import open_register
from tests.benchmarks.bench_review import tell
from tests.benchmarks.big_register import big_register

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


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        context = open_register(big_register(Path(folder) / "data"))
        tell("register everybody", lambda: register_all(context, CITIZEN, YEAR))
        tell("unfinished", lambda: unfinished(context, YEAR))
        tell("registered counts", lambda: registered_counts(context, CITIZEN, YEAR))
        listed = tell("registered list", lambda: registered_list(context, CITIZEN, YEAR))
        tell("registered page", lambda: (listed.count(), listed.rows(0, 100)))
        start_next_round(context, YEAR)
        tell("proposals", lambda: proposals(context, CITIZEN, YEAR + 1))
        tell("groups proposed", lambda: group_proposals(context, YEAR + 1))
        people = tell("accounts", lambda: account_list(context, YEAR))
        tell("accounts page", lambda: (people.count(), people.rows(0, 100)))
        uids = people.uids()
        tell("record 50,000 states", lambda: record_states(context, YEAR, uids[:50_000], SiteState.REGISTERED))
        tell("hamlets", lambda: hamlet_counts(context, YEAR))
        tell("organizations", lambda: organization_counts(context, YEAR))
        lacking = account_list(context, YEAR, AccountFilter(state=SiteState.NONE))
        tell("export", lambda: export_site_list(context, lacking, Path(folder) / "ra.xlsx", title="Danh sách"))
        path = their_list(context, Path(folder) / "trang.csv")
        read = tell("read their list", lambda: read_site_list(path))
        plan = tell("compare", lambda: plan_site_list(context, YEAR, read))
        print({fate.value: count for fate, count in plan.counts.items()})
        tell("apply", lambda: apply_site_list(context, plan))
        context.close()


if __name__ == "__main__":
    main()
