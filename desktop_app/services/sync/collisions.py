"""What a package brings that cannot stand in this register beside what is there, said in a sentence.

Invariant: what may be left empty (a CCCD, a register number) is held for the inbox before it comes to this; the rest is
refused whole, nothing is half taken in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop_app.models.journal.unique import COLLISIONS
from desktop_app.services.errors import UserError


@contextmanager
def refusing_collisions(path: Path) -> Iterator[None]:
    """Refuse a package with rows that the tables do not take beside those that stand.

    Raises:
        UserError: ``package.collides``.
    """
    try:
        yield
    except COLLISIONS as error:
        raise UserError(
            f"Gói {path.name} có dòng trùng với dòng đã có trong sổ này (hai dòng cho cùng một việc) nên bị từ chối; "
            "chưa có gì thay đổi. Hãy cập nhật chương trình trên cả hai máy rồi xin máy gửi đóng gói lại.",
            code="package.collides",
        ) from error
