"""Writes the sample commune's second workbook of scores (every hamlet but Thôn 2), always the same bytes of content.

Invariant: people and scores are invented; the seed is fixed, so a change of the file is a change of this script.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from openpyxl import Workbook

from desktop_app.services.importing.parse import parse_workbook
from desktop_app.services.registry.groups import propose_group
from desktop_app.services.registry.words import GROUP

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "samples"
COUNTED_ON = dt.date(2026, 12, 31)
SHARE = {"Thôn 1": 0.78, "Thôn 3": 0.46, "Thôn 4": 0.98, "Thôn 5": 0.9, "Thôn 6": 0.72, "Ấp Bình Hòa": 0.83,
         "Tổ dân phố số 2": 0.99}  # fmt: skip
"""How much of each hamlet is scored already, so that the overview has something to tell."""


def main() -> None:
    """Write ``phieu_cham_cac_thon.xlsx``."""
    chance = random.Random(20261122)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Phiếu chấm"
    sheet.append(["TT", "Họ và tên", "Ngày sinh", "CCCD", "Mã hộ", "Nhóm", *[f"CS{n}" for n in range(1, 11)], "Tổng"])
    count = 0
    for row in parse_workbook(FOLDER / "danh_sach_xa_phu_an.xlsx").rows:
        group = propose_group(row.birth, row.occupation, COUNTED_ON)
        if group is None or chance.random() > SHARE.get(row.hamlet, 0.0):
            continue
        level = chance.choice((7.4, 8.0, 8.4, 8.8, 9.2))
        scores = [min(10, max(3, round(chance.gauss(level, 1.1)))) for _ in range(10)]
        birth = row.birth.text() if row.birth else ""
        count += 1
        sheet.append([count, row.name, birth, row.cccd or "", row.household_code, GROUP[group], *scores, sum(scores)])
    book.save(FOLDER / "phieu_cham_cac_thon.xlsx")


if __name__ == "__main__":
    main()
