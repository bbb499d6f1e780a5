"""Whether a list is of the commune whose register is open.

Invariant: a list that names a predecessor of the commune (merged on 1/7/2025) is its own.
"""

from __future__ import annotations

from sqlalchemy.engine import Connection

from desktop_app.services.errors import UserError
from desktop_app.services.importing.hamlets import bare_commune
from desktop_app.services.importing.preview import ParsedWorkbook


def names_of_today(connection: Connection) -> frozenset[str]:
    """The bare name of the register's own commune: a title that names it says nothing of a former one of that name."""
    names = connection.exec_driver_sql("SELECT name FROM commune WHERE present")
    return frozenset(bare_commune(name) for (name,) in names if name)


def refuse_other_commune(connection: Connection, parsed: ParsedWorkbook) -> None:
    """A predecessor's name is not another commune (architecture: communes merged on 1/7/2025)."""
    names = connection.exec_driver_sql(
        "SELECT name FROM commune WHERE present UNION SELECT former_commune FROM hamlet WHERE present"
    )
    own = {bare_commune(name) for (name,) in names if name}
    others = [name for name in parsed.communes if bare_commune(name) not in own]
    if others and len(others) == len(parsed.communes):
        raise UserError(
            f"Danh sách này ghi là của {others[0]}, không phải xã của sổ đang mở; chưa nhập gì. "
            "Nếu đúng là danh sách của xã mình, hãy chọn nhập dù khác tên xã.",
            code="import.other_commune",
        )
