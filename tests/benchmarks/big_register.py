"""A register of 100,000 invented people in 25,000 households, made once a machine and copied for each benchmark."""

from __future__ import annotations

import hashlib
import random
import shutil
import tempfile
from pathlib import Path

from desktop_app.models.database import MIGRATIONS
from desktop_app.models.tables import registry
from desktop_app.services.context import Context
from desktop_app.services.register import RegisterPlan, create_register
from desktop_app.services.registry import derive

PEOPLE = 100_000
HOUSEHOLDS = 25_000
HAMLETS = 40
_SOURCES = (
    *sorted((MIGRATIONS / "versions").glob("*.py")),
    Path(derive.__file__),
    Path(__file__),
)
_STAMP = hashlib.sha256(b"".join(source.read_bytes() for source in _SOURCES)).hexdigest()[:12]
_CACHE = Path(tempfile.gettempdir()) / f"sohoctap-big-register-{_STAMP}"
"""Made anew where the tables, the derived columns or this file changed."""
_SURNAMES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Hoàng",
    "Huỳnh",
    "Phan",
    "Vũ",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
)
_MIDDLES = (
    "Văn",
    "Thị",
    "Minh",
    "Ngọc",
    "Thanh",
    "Quốc",
    "Hồng",
    "Kim",
    "Xuân",
    "Thu",
    "Đức",
    "Hữu",
    "Công",
    "Bích",
)
_NAMES = (
    "An",
    "Ánh",
    "Bình",
    "Châu",
    "Cường",
    "Dung",
    "Dũng",
    "Đạt",
    "Giang",
    "Hà",
    "Hạnh",
    "Hiếu",
    "Hoa",
    "Hùng",
    "Lan",
    "Liễu",
    "Mai",
    "Nam",
    "Oanh",
    "Phượng",
    "Quân",
    "Tùng",
    "Ước",
    "Yến",
)
_WORK = ("Nông dân", "Công nhân", "Giáo viên", "Buôn bán", "Học sinh", "Hưu trí")
_GROUPS = ("resident", "worker", "official", "resident", "student", "resident")


def big_register(folder: Path) -> Path:
    """A data folder that holds the big register."""
    if not (_CACHE / "done").exists():
        shutil.rmtree(_CACHE, ignore_errors=True)
        _make(_CACHE).close()
        (_CACHE / "done").write_text("1", encoding="utf-8")
    target = folder / "data"
    shutil.copytree(_CACHE, target)
    return target


def _make(folder: Path) -> Context:
    chance = random.Random(1)
    hamlets = tuple(f"Thôn {number}" for number in range(1, HAMLETS + 1))
    context = create_register(folder, RegisterPlan("30436", 2026, hamlets=hamlets))
    with context.operation("import.citizens", {"count": PEOPLE, "file": "benchmark"}) as op:
        ids = [row[0] for row in op.connection.exec_driver_sql("SELECT id FROM hamlet ORDER BY id")]
        homes = op.writer.insert_many(
            registry.household,
            [
                {"code": f"{1 + index % HAMLETS:02d}-{index:05d}", "hamlet_id": ids[index % HAMLETS], "poverty": "none"}
                for index in range(HOUSEHOLDS)
            ],
        )
        op.writer.insert_many(registry.citizen, [_person(chance, homes, index) for index in range(PEOPLE)])
    return context


def _person(chance: random.Random, homes: list[int], index: int) -> dict[str, object]:
    work = chance.randrange(len(_WORK))
    return {
        "full_name": " ".join((chance.choice(_SURNAMES), chance.choice(_MIDDLES), chance.choice(_NAMES))),
        "sex": chance.choice(("male", "female")),
        "birth": str(chance.randint(1940, 2018)),
        "cccd": f"0{79000000000 + index:011d}" if index % 3 else None,
        "phone": f"09{index:08d}",
        "occupation": _WORK[work],
        "citizen_group": _GROUPS[work],
        "household_id": homes[index % HOUSEHOLDS],
        "position": 1 + index // HOUSEHOLDS,
    }
