"""Lists that leave for the national site: exactly the fields it asks, for whoever enters or uploads them.

Invariant: the columns and their order come from the site's data; that personal data left is written in the journal.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.services.assessment.accounts import AccountList
from desktop_app.services.assessment.site.words import load_site
from desktop_app.services.context import Context
from desktop_app.services.documents.shown_list import Cell, ShownColumn, ShownList, made_on, write_shown_workbook
from desktop_app.services.errors import UserError
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.raw import all_rows
from desktop_app.services.registry.list_export import note_export, office_line
from desktop_app.services.registry.words import SEX
from desktop_app.services.vietnamese import number_text

_CHUNK = 2_000
_PEOPLE = """
SELECT c.cccd, c.full_name, c.sex, c.birth_year, c.ethnicity, c.religion, c.occupation, c.workplace,
  (SELECT o.name FROM organization_member AS m JOIN organization AS o ON o.id = m.organization_id
   WHERE m.citizen_id = c.id AND m.present AND m.until IS NULL AND o.present ORDER BY m.id LIMIT 1),
  coalesce(
    (SELECT b.code FROM branch AS b WHERE b.id = c.branch_id AND b.present),
    (SELECT b.code FROM organization_member AS m JOIN branch AS b ON b.organization_id = m.organization_id
     WHERE m.citizen_id = c.id AND m.present AND m.until IS NULL AND b.present ORDER BY b.id LIMIT 1),
    (SELECT b.code FROM branch AS b WHERE b.hamlet_id = c.hamlet_id AND b.present ORDER BY b.id LIMIT 1))
FROM json_each(?) AS j JOIN citizen AS c ON c.uid = unhex(j.value) ORDER BY j.key
"""


@dataclass(frozen=True, slots=True)
class SiteExport:
    """What was written; ``lacking`` of them lack something that the site requires."""

    path: Path
    count: int
    lacking: int

    @property
    def words(self) -> str:
        """ "Đã xuất 36 người; 4 người còn thiếu mục trang quốc gia bắt buộc." """
        told = f"Đã xuất {number_text(self.count)} người ra {self.path.name}"
        if self.lacking:
            told += f"; {number_text(self.lacking)} người còn thiếu mục mà trang quốc gia bắt buộc"
        return f"{told}."


def export_site_list(
    context: Context, people: AccountList, out: Path, *, title: str, note: str = "", progress: Progress = NO_PROGRESS
) -> SiteExport:
    """Write a list of people with the site's fields as .xlsx, and note in the journal that it left.

    Args:
        title: "Danh sách chưa có tài khoản".
        note: what it was narrowed to, in words.

    Raises:
        UserError: ``site.nobody`` when the list is empty.
        EnvironmentProblem: the file cannot be written.
    """
    uids = people.uids()
    if not uids:
        raise UserError(
            "Danh sách đang hiện không có ai nên chưa xuất gì; hãy bỏ bớt điều kiện lọc.", code="site.nobody"
        )
    site = load_site()
    lacking = [0]
    rows = _rows(context, uids, lacking)
    columns = tuple(ShownColumn(column.title, column.width) for column in site.columns)
    made = made_on(dt.date.today(), note, f"{number_text(len(uids))} người")
    shown = ShownList(office_line(context), title, made, columns, rows, len(uids))
    write_shown_workbook(shown, out, progress=progress)
    note_export(context, f"{title} (trang quốc gia)", len(uids))
    return SiteExport(out, len(uids), lacking[0])


def _rows(context: Context, uids: Sequence[str], lacking: list[int]) -> Iterator[tuple[Cell, ...]]:
    site = load_site()
    required = [column.field for column in site.columns if column.is_required]
    province, commune = _place(context)
    for start in range(0, len(uids), _CHUNK):
        with context.read() as connection:
            found = all_rows(connection, _PEOPLE, (json.dumps(uids[start : start + _CHUNK]),))
        for cccd, name, sex, year, ethnicity, religion, occupation, workplace, unit, branch in found:
            work = " – ".join(dict.fromkeys(part for part in (occupation, workplace or unit) if part))
            values: dict[str, Cell] = {
                "cccd": cccd or "",
                "name": name or "",
                "sex": SEX.get(sex, "") if sex else "",
                "birth_year": str(year) if year else "",
                "ethnicity": ethnicity or "",
                "religion": religion or "",
                "province": province,
                "commune": commune,
                "work": work,
                "branch": branch or "",
            }
            lacking[0] += any(not values[field] for field in required)
            yield tuple(values.get(column.field, "") for column in site.columns)


def _place(context: Context) -> tuple[str, str]:
    from desktop_app.services.register import home_commune

    found = home_commune(context)
    return found.get("province", ""), found.get("name", "")
