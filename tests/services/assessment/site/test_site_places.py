"""Two former communes with a "Thôn 1" each: a line of the national site's list means the one of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_app.models.tables import registry
from desktop_app.services.assessment.site.planning import SiteFate, plan_site_list
from desktop_app.services.assessment.site.reading import read_site_list
from desktop_app.services.context import Context
from tests.services.assessment.world import YEAR, add_people
from tests.services.importing.helpers import write_xlsx

HEADS = ("STT", "Họ và tên", "Ngày sinh", "Thôn", "Trạng thái")


@pytest.mark.parametrize(("title", "hamlet", "place"), [
    ("UBND XÃ PHÚ HỮU", "Thôn 1", 1), ("UBND XÃ PHÚ LÂM", "Thôn 1", 0), ("DANH SÁCH", "Thôn 1 (Phú Hữu cũ)", 1),
    ("DANH SÁCH", "Thôn 1", None),
])  # fmt: skip
def test_namesakes_of_one_day_are_told_apart_by_the_former_commune(
    context: Context, tmp_path: Path, title: str, hamlet: str, place: int | None
) -> None:
    person = {"full_name": "Lê Văn Sáu", "birth": "1975-02-03", "sex": "male"}
    uids = [add_people(context, [person], hamlet=f"Thôn {at + 1}")[1][0] for at in range(2)]
    with context.operation("hamlet.edit", {}) as op:
        for name, of in (("Thôn 1", "Phú Lâm"), ("Thôn 2", "Phú Hữu")):
            row = op.connection.exec_driver_sql("SELECT id FROM hamlet WHERE name = ?", (name,)).scalar_one()
            op.writer.update(registry.hamlet, row, {"name": "Thôn 1", "former_commune": of})
    rows = [(title,), HEADS, (1, "Lê Văn Sáu", "03/02/1975", hamlet, "Đã đăng ký")]
    plan = plan_site_list(context, YEAR, read_site_list(write_xlsx(tmp_path / "ds.xlsx", {"DS": rows})))
    (line,) = [line for line in plan.lines if line.row is not None]
    if place is None:
        assert line.fate is SiteFate.DOUBTFUL
    else:
        assert line.person is not None and line.person.uid == uids[place]
