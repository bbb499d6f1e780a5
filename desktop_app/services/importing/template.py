"""The template of a list of citizens: empty, or filled with the register, to be changed in Excel and brought back.

Invariants: a filled template brought back unchanged changes nothing; a person is known again by a hidden uid; numbers
are text, so that no zero is lost; taking personal data out is written down in the journal (Luật Bảo vệ dữ liệu cá nhân
91/2025/QH15).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection

from desktop_app.models.types import CitizenGroup, Poverty, Sex, Uid
from desktop_app.services.context import Context
from desktop_app.services.criteria.loader import citizen_group_names
from desktop_app.services.documents.output import replacing
from desktop_app.services.errors import UserError
from desktop_app.services.importing.hamlets import hamlet_key
from desktop_app.services.importing.template_guide import PEOPLE_SHEET, Choices, write_guide
from desktop_app.services.progress import NO_PROGRESS, Progress
from desktop_app.services.registry.words import POVERTY, SEX
from desktop_app.services.vietnamese import PartialDate, text_sort_key

HOMELESS_SHEET = "Chưa có hộ"
"""Where people without a household stand, so that none of them falls into the household above."""
SPARE_ROWS = 3000
"""So many rows below the last are prepared for new people."""
_STEP = 500


@dataclass(frozen=True)
class TemplateColumn:
    """One column of the template.

    Attributes:
        key: stable name; title: its heading, which the importer understands; note: what its comment says.
        is_home: it tells of the household, so that people without one have no such column.
    """

    key: str
    title: str
    width: int
    note: str = ""
    is_home: bool = False
    is_text: bool = False


COLUMNS = (
    TemplateColumn("household_no", "TT hộ", 7, "Số chạy của hộ trong tệp này; người cùng hộ cùng số.", True),
    TemplateColumn("household_code", "Mã hộ", 12, "Ghi ở mọi người của hộ.", True, True),
    TemplateColumn("hamlet", "Thôn, tổ dân phố", 20, "Ghi ở mọi người của hộ; thôn mới được tự thêm.", True),
    TemplateColumn("address", "Địa chỉ", 26, "Chỉ ghi ở dòng đầu của hộ.", True),
    TemplateColumn("poverty", "Diện hộ", 15, "Chỉ ghi ở dòng đầu của hộ; chọn trong danh sách.", True),
    TemplateColumn("name", "Họ và tên *", 28, "Bắt buộc."),
    TemplateColumn("relation", "Quan hệ với chủ hộ", 20, "Mỗi hộ một chủ hộ.", True),
    TemplateColumn("sex", "Giới tính", 10),
    TemplateColumn("birth", "Ngày sinh", 13, "Ghi 08/05/1984, hoặc 05/1984, hoặc chỉ năm 1984.", is_text=True),
    TemplateColumn("cccd", "Số CCCD", 16, "12 chữ số, kể cả số 0 ở đầu. Không có thì để trống.", is_text=True),
    TemplateColumn("ethnicity", "Dân tộc", 12),
    TemplateColumn("religion", "Tôn giáo", 12),
    TemplateColumn("occupation", "Nghề nghiệp", 20),
    TemplateColumn("phone", "Điện thoại", 14, is_text=True),
    TemplateColumn("group", "Nhóm đối tượng", 32, "Chọn trong danh sách."),
    TemplateColumn("note", "Ghi chú", 24),
    TemplateColumn(
        "uid", "Mã hệ thống (không sửa)", 36, "Để nhận ra người đã có trong sổ. Người mới: để trống.", is_text=True
    ),
)


def write_template(
    context: Context, out: Path, *, hamlet: Uid | None = None, is_empty: bool = False, progress: Progress = NO_PROGRESS
) -> int:
    """Write the template as a workbook.

    Args:
        hamlet: only the people of this hamlet; None for the whole register.
        is_empty: no people at all.

    Returns:
        How many people it holds.

    Raises:
        EnvironmentProblem: the file cannot be written.
        UserError: there is nobody to write (``template.nobody``).
    """
    from openpyxl import Workbook

    with context.read() as connection:
        commune = connection.exec_driver_sql("SELECT name FROM commune WHERE present LIMIT 1").scalar() or ""
        choices = _choices(connection)
        people = [] if is_empty else _people(connection, hamlet)
    if not people and not is_empty:
        raise UserError(
            "Chưa có người nào để ghi vào mẫu. Chưa có gì được ghi. Hãy chọn thôn khác, hoặc tải mẫu trống.",
            code="template.nobody",
        )
    at_home = [row for row in people if row["household"] is not None]
    homeless = [row for row in people if row["household"] is None]
    book = Workbook(write_only=True)
    pen = _Pen(book, choices, f"DANH SÁCH CÔNG DÂN {str(commune).upper()}".strip(), progress, len(people))
    pen.write(PEOPLE_SHEET, COLUMNS, at_home)
    if homeless:
        pen.write(HOMELESS_SHEET, [column for column in COLUMNS if not column.is_home], homeless)
    write_guide(book, choices, is_empty=is_empty)
    with replacing(out) as part:
        book.save(part)
        if people:
            with context.operation("list.export", {"what": "mẫu nhập công dân", "count": len(people)}) as op:
                op.is_kept = True
    return len(people)


@dataclass(frozen=True)
class TemplateScope:
    """Whose people a filled template may hold.

    Attributes:
        hamlet: None for the whole register.
    """

    hamlet: Uid | None
    name: str
    people: int


def template_scopes(context: Context) -> list[TemplateScope]:
    """The whole register and each hamlet that has people, in Vietnamese order."""
    with context.read() as connection:
        rows = connection.exec_driver_sql(
            """SELECT lower(hex(hamlet.uid)), hamlet.name, count(*) FROM citizen
            JOIN hamlet ON hamlet.id = citizen.hamlet_id WHERE citizen.is_current = 1 GROUP BY hamlet.id"""
        ).all()
        total = connection.exec_driver_sql("SELECT count(*) FROM citizen WHERE is_current = 1").scalar_one()
    found = [TemplateScope(Uid(uid), name or "", count) for uid, name, count in rows]
    found.sort(key=lambda scope: text_sort_key(scope.name))
    return [TemplateScope(None, "cả xã", total), *found] if total else []


def find_hamlet(context: Context, name: str) -> Uid:
    """The hamlet that a person names, in any of its spellings ("thôn 01", "T1").

    Raises:
        UserError: there is none (``hamlet.unknown``).
    """
    with context.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT lower(hex(uid)), name FROM hamlet WHERE present AND valid_to IS NULL ORDER BY id"
        ).all()
    wanted = hamlet_key(name)
    found = next((uid for uid, known in rows if known and hamlet_key(known) == wanted), None)
    if found is None:
        names = ", ".join(sorted((known for _, known in rows if known), key=text_sort_key)) or "chưa có thôn nào"
        raise UserError(
            f"Không có thôn “{name}”. Chưa có gì được ghi. Các thôn trong sổ: {names}.", code="hamlet.unknown"
        )
    return Uid(found)


def _choices(connection: Connection) -> Choices:
    hamlets = connection.exec_driver_sql("SELECT name FROM hamlet WHERE present AND valid_to IS NULL").scalars()
    names = citizen_group_names()
    return Choices(
        hamlets=tuple(sorted({name for name in hamlets if name}, key=text_sort_key)),
        groups=tuple(names[group][0] for group in CitizenGroup if group in names),
        poverty=tuple(POVERTY[item] for item in Poverty),
        sexes=tuple(SEX[item] for item in Sex),
    )


_QUERY = """
SELECT household.id AS household, household.code AS household_code, hamlet.name AS hamlet, household.address AS address,
       household.poverty AS poverty, citizen.full_name AS name, citizen.relation AS relation, citizen.sex AS sex,
       citizen.birth AS birth, citizen.cccd AS cccd, citizen.ethnicity AS ethnicity, citizen.religion AS religion,
       citizen.occupation AS occupation, citizen.phone AS phone, citizen.citizen_group AS "group",
       citizen.note AS note, citizen.uid AS uid
FROM citizen
LEFT JOIN household ON household.id = citizen.household_id
LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
WHERE citizen.is_current = 1 {where}
ORDER BY hamlet.sort_key, hamlet.id, household.sort_key, household.id, citizen.position, citizen.id
"""


def _people(connection: Connection, hamlet: Uid | None) -> list[dict[str, Any]]:
    """The people as they are written, household after household; what holds for a household on its first row."""
    where, values = ("AND hamlet.uid = ?", (bytes.fromhex(hamlet),)) if hamlet else ("", ())
    groups = {group.value: names[0] for group, names in citizen_group_names().items()}
    found: list[dict[str, Any]] = []
    number, last = 0, None
    for record in connection.exec_driver_sql(_QUERY.format(where=where), values).mappings():
        row = dict(record)
        is_first = row["household"] is not None and row["household"] != last
        number += is_first
        last = row["household"]
        row["household_no"] = number if row["household"] is not None else None
        row["poverty"] = _poverty(row["poverty"]) if is_first else None
        row["address"] = row["address"] if is_first else None
        row["sex"] = SEX[Sex(row["sex"])] if row["sex"] else None
        row["birth"] = PartialDate.from_iso(row["birth"]).text() if row["birth"] else None
        row["group"] = groups.get(row["group"] or "")
        row["uid"] = row["uid"].hex()
        found.append(row)
    return found


def _poverty(value: str | None) -> str | None:
    return POVERTY[Poverty(value)] if value and value != Poverty.NONE.value else None


class _Pen:
    """Writes sheets of people; counts on over all of them."""

    def __init__(self, book: Any, choices: Choices, title: str, progress: Progress, total: int) -> None:
        self._book, self._choices, self._title = book, choices, title
        self._progress, self._total, self._done = progress, total, 0

    def write(self, name: str, columns: Sequence[TemplateColumn], rows: Sequence[dict[str, Any]]) -> None:
        """Write a sheet: a title, the headings, the people."""
        from openpyxl.utils import get_column_letter

        sheet = self._book.create_sheet(name)
        for index, column in enumerate(columns, start=1):
            dimension = sheet.column_dimensions[get_column_letter(index)]
            dimension.width = column.width
            dimension.number_format = "@" if column.is_text else "General"
            dimension.hidden = column.key == "uid"
        sheet.freeze_panes = "A3"
        last = get_column_letter(len(columns))
        end = len(rows) + 2
        sheet.auto_filter.ref = f"A2:{last}{max(end, 3)}"
        sheet.print_title_rows = "2:2"
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = _fit_to_page()
        self._choices.validate(sheet, [column.key for column in columns], 3, end + SPARE_ROWS)
        sheet.append([_title(sheet, self._title)])
        sheet.append([_heading(sheet, column) for column in columns])
        for cells in self._rows(sheet, columns, rows):
            sheet.append(cells)
        sheet.close()

    def _rows(
        self, sheet: Any, columns: Sequence[TemplateColumn], rows: Sequence[dict[str, Any]]
    ) -> Iterator[list[Any]]:
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(sheet)
        cell.number_format = "@"
        style = cell._style
        for row in rows:
            if self._done % _STEP == 0:
                self._progress.step(self._done, self._total, "Đang ghi mẫu")
            self._done += 1
            cells = []
            for column in columns:
                value = row[column.key]
                if column.is_text and value is not None:
                    cell = WriteOnlyCell(sheet, value)
                    cell._style = style
                    cell.data_type = "s"
                    cells.append(cell)
                else:
                    cells.append(_plain(sheet, value))
            yield cells


def _plain(sheet: Any, value: Any) -> Any:
    """A value as it is; a text that begins with "=" stays a text."""
    if not isinstance(value, str) or not value.startswith("="):
        return value
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value)
    cell.data_type = "s"
    return cell


def _title(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True, size=13)
    return cell


def _heading(sheet: Any, column: TemplateColumn) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill

    cell = WriteOnlyCell(sheet, column.title)
    cell.font = Font(bold=True, color="FFFFFF")
    cell.fill = PatternFill("solid", fgColor="0F6B66")
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    if column.note:
        cell.comment = Comment(column.note, "Sổ Học Tập", height=70, width=240)
    return cell


def _fit_to_page() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)
