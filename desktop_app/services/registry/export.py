"""The register as a list: for the command line, and as a workbook that people and the importer read.

Invariant: ordered by hamlet, household code and place in the household; CCCD is text, a text is never a formula.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from desktop_app.models.types import Uid
from desktop_app.services.context import Context
from desktop_app.services.documents.output import replacing

if TYPE_CHECKING:
    from openpyxl.styles import Font


@dataclass(frozen=True, slots=True)
class ExportedCitizen:
    """One present person; ``birth`` is ISO of whatever is known, ``poverty`` none, poor or near_poor."""

    uid: Uid
    household_code: str | None
    hamlet: str | None
    address: str | None
    poverty: str
    name: str
    relation: str | None
    sex: str | None
    birth: str | None
    cccd: str | None
    ethnicity: str | None
    occupation: str | None
    phone: str | None
    group: str | None


_QUERY = """
SELECT citizen.uid, household.code, hamlet.name, household.address, coalesce(household.poverty, 'none'),
       citizen.full_name, citizen.relation, citizen.sex, citizen.birth, citizen.cccd, citizen.ethnicity,
       citizen.occupation, citizen.phone, citizen.citizen_group
FROM citizen
LEFT JOIN household ON household.id = citizen.household_id
LEFT JOIN hamlet ON hamlet.id = household.hamlet_id
WHERE citizen.present = 1
ORDER BY hamlet.sort_key, hamlet.id, household.sort_key, household.id, citizen.position, citizen.id
"""


def exported_citizens(context: Context) -> list[ExportedCitizen]:
    """Every present person of the register."""
    with context.read() as connection:
        return [ExportedCitizen(row[0].hex(), *row[1:]) for row in connection.exec_driver_sql(_QUERY)]


_TITLES = (
    ("Mã hộ", 12), ("Thôn, tổ dân phố", 20), ("Địa chỉ", 26), ("Diện hộ", 14), ("Họ và tên", 28),
    ("Quan hệ với chủ hộ", 18), ("Giới tính", 9), ("Ngày sinh", 12), ("Số CCCD", 16), ("Dân tộc", 10),
    ("Nghề nghiệp", 18), ("Điện thoại", 14), ("Nhóm đối tượng", 30), ("Mã hệ thống (không sửa)", 36),
)  # fmt: skip
_WRITTEN_AT = re.compile(rb"(<dcterms:(?:created|modified)\b[^>]*>)[^<]*")
_POVERTY = {"none": "", "poor": "Hộ nghèo", "near_poor": "Hộ cận nghèo"}
_SEX = {"male": "Nam", "female": "Nữ"}


def write_workbook(rows: Sequence[ExportedCitizen], out: Path) -> None:
    """Write the list as a workbook, with a hidden column of uids so that it can be changed and brought back.

    Raises:
        EnvironmentProblem: the file cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from desktop_app.services.criteria.loader import citizen_group_names
    from desktop_app.services.vietnamese import PartialDate

    groups = {group.value: names[0] for group, names in citizen_group_names().items()}
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    for index, (_, width) in enumerate(_TITLES, start=1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.column_dimensions[get_column_letter(len(_TITLES))].hidden = True
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, title, Font(bold=True)) for title, _ in _TITLES])
    for item in rows:
        birth = PartialDate.from_iso(item.birth).text() if item.birth else None
        texts = (
            item.household_code, item.hamlet, item.address, _POVERTY.get(item.poverty, ""), item.name,
            item.relation, _SEX.get(item.sex or ""), birth,
            item.cccd, item.ethnicity, item.occupation, item.phone, groups.get(item.group or ""), item.uid,
        )  # fmt: skip
        sheet.append([_text(sheet, text) if text and text[0] in "=#" else text for text in texts])
    sheet.close()
    made = io.BytesIO()
    book.save(made)
    with replacing(out) as part:
        _write_without_times(made, part)


def _write_without_times(made: BinaryIO, out: BinaryIO) -> None:
    """The same register gives the same bytes: no part of the workbook says when it was written."""
    with zipfile.ZipFile(made) as book, zipfile.ZipFile(out, "w") as archive:
        for name in book.namelist():
            part = zipfile.ZipInfo(name)
            part.external_attr = 0o600 << 16
            content = _WRITTEN_AT.sub(rb"\g<1>2000-01-01T00:00:00Z", book.read(name))
            archive.writestr(part, content, zipfile.ZIP_DEFLATED)


def _text(sheet: Any, text: str, font: Font | None = None) -> Any:
    """A cell that holds text, also where it looks like a formula or an error."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    if font is not None:
        cell.font = font
    return cell


def as_rows(rows: Sequence[ExportedCitizen]) -> list[dict[str, str | None]]:
    """The list as plain mappings, as the command line prints it."""
    return [asdict(row) for row in rows]
