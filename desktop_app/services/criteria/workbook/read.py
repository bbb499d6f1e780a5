"""Reads a criteria workbook into a set, or into the list of what is wrong with it, cell by cell.

Invariants: reading changes nothing; a workbook that was exported and not changed gives back an equal set; the result
can be scored or is not given at all.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop_app.models.types import SetKind, TextStatus
from desktop_app.services.criteria.checks import Problem, find_problems
from desktop_app.services.criteria.compare import figure
from desktop_app.services.criteria.definition import Band, CriteriaSet, Grade, LegalBasis
from desktop_app.services.criteria.schema import prepared
from desktop_app.services.criteria.workbook import layout, words
from desktop_app.services.criteria.workbook.build import Builder
from desktop_app.services.criteria.workbook.cells import date_of, points_of, whole_of
from desktop_app.services.criteria.workbook.grid import CellProblem, CriteriaBook, Table
from desktop_app.services.criteria.workbook.guidance import SetBuilder
from desktop_app.services.criteria.workbook.head import Head, head_fields
from desktop_app.services.criteria.workbook.layout import Column
from desktop_app.services.errors import UserError
from desktop_app.services.vietnamese import fold, text_sort_key

FindBase = Callable[[str, str], CriteriaSet | None]
"""Key and version → the version to compare with: that one, else the newest of the key, else None."""

FindVersions = Callable[[str], Sequence[CriteriaSet]]
"""Key → every version that the register has of it."""

MAX_GRADES = 9


@dataclass(frozen=True, slots=True)
class WorkbookReading:
    """What a workbook came to.

    Args:
        definition: the set, None while there are problems.
        base: the version it was compared with.
        problems: everything wrong, in the order of the sheets.
        warnings: sentences about what was understood in a way that should be looked at.
    """

    file: str
    definition: CriteriaSet | None
    base: CriteriaSet | None
    problems: tuple[CellProblem, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        """The file says just what the register holds."""
        return self.definition is not None and self.definition == self.base


def read_workbook(
    path: Path, find_base: FindBase, base: CriteriaSet | None = None, find_versions: FindVersions = lambda _key: ()
) -> WorkbookReading:
    """Read a criteria workbook.

    Args:
        find_base: finds the version that the file's key and version name.
        base: the version to fill where the file does not say which it is (a bare annex).
        find_versions: whatever the file was exported from: levels of any of these are levels that nobody touched.

    Raises:
        UserError, EnvironmentProblem: it is no workbook, or no criteria in it (``criteria.no_rows``).
    """
    book = CriteriaBook(path)
    head_table = book.head()
    head = Head(head_table)
    known = find_base(head.text("key"), head.text("version")) if head.text("key") else None
    known = known or base
    known = replace(known, is_confirmed=False) if known is not None else None
    kind = head.choice("kind", words.KINDS) or (known.kind if known else SetKind.POINTS)
    rows = book.table(layout.ROWS, layout.row_columns(MAX_GRADES if kind is SetKind.CHECKLIST else 0))
    if rows is None or not rows.rows:
        raise _no_rows(book)
    if head_table is None and known is None:
        raise _no_name(book)
    tables: dict[str, Table | None] = {layout.HEAD: head_table, layout.ROWS: rows}
    tables |= {name: book.table(name, columns, least) for name, columns, least in _OTHERS}
    builder = SetBuilder(known, kind)
    builder.versions = tuple(find_versions(known.key)) if known is not None else ()
    fields = head_fields(builder, head, known)
    definition = CriteriaSet(
        **fields,
        kind=kind,
        criteria=builder.criteria(rows, tables[layout.LEVELS], tables[layout.GUIDE]),
        prerequisites=builder.prerequisites(tables[layout.CONDITIONS]),
        legal_basis=_basis(builder, tables[layout.BASIS], known),
        **_bands(builder, tables[layout.BANDS], known),
    )
    definition = prepared(definition)
    _check_total(builder, head, definition)
    _add_problems(builder, find_problems(definition), head)
    _tell_bands(builder, definition)
    _tell_absent(builder, tables)
    _tell(builder, list(tables.values()), book)
    problems = _ordered(builder.problems)
    return WorkbookReading(book.file, None if problems else definition, known, tuple(problems), tuple(builder.warnings))


_OTHERS: tuple[tuple[str, tuple[Column, ...], int], ...] = (
    (layout.LEVELS, layout.LEVEL_COLUMNS, 2),
    (layout.GUIDE, layout.GUIDE_COLUMNS, 2),
    (layout.CONDITIONS, layout.CONDITION_COLUMNS, 3),
    (layout.BANDS, layout.BAND_COLUMNS, 2),
    (layout.BASIS, layout.BASIS_COLUMNS, 2),
)


def _no_rows(book: CriteriaBook) -> UserError:
    return UserError(
        f"Tệp {book.file} không có trang “{layout.ROWS}” với các cột “Số”, “Nội dung”, “Điểm tối đa”; chưa có gì "
        "thay đổi. Hãy xuất bộ tiêu chí ra Excel rồi ghi vào tệp đó.",
        code="criteria.no_rows",
    )


def _no_name(book: CriteriaBook) -> UserError:
    return UserError(
        f"Tệp {book.file} không có trang “{layout.HEAD}” nên không biết là bộ tiêu chí nào; chưa có gì thay đổi. Hãy "
        "mở bộ cần điền trong Thiết lập rồi nạp tệp từ đó, hoặc xuất bộ ấy ra Excel và ghi vào tệp xuất.",
        code="criteria.set_unnamed",
    )


def _basis(b: Builder, table: Table | None, base: CriteriaSet | None) -> tuple[LegalBasis, ...]:
    if table is None:
        return base.legal_basis if base else ()
    found = []
    for row in table.rows:
        dates = {}
        for key in ("issued", "in_force_from"):
            day = b.take(row, key, lambda v: date_of(v, "ngày"), None)
            dates[key] = day.iso() if day else None
        number = b.words(row, "number")
        if not number:
            b.fail(row, "number", "chưa ghi số văn bản")
        found.append(LegalBasis(number, b.words(row, "title"), **dates, note=b.words(row, "note")))
    return tuple(found)


def _bands(b: Builder, table: Table | None, base: CriteriaSet | None) -> dict[str, Any]:
    if table is None:
        return {"bands": base.bands if base else (), "grades": base.grades if base else ()}
    known = {item.key: item for item in base.bands} if base else {}
    bands: list[Band] = []
    grades: list[Grade] = []
    for at, row in enumerate(table.rows, 1):
        b.places.setdefault("bands", (row.sheet, row.cell("min")))
        b.places.setdefault("bands › min", (row.sheet, row.cell("min")))
        b.places.setdefault("grades", (row.sheet, row.cell("number")))
        number = b.take(row, "number", lambda v: whole_of(v, "mức độ"), None)
        name = b.line(row, "name")
        if number is not None:
            said = words.read_status(b.words(row, "status"))
            grades.append(Grade(number, name, said[0] if said else TextStatus.SUGGESTED, b.words(row, "note")))
            continue
        key = b.words(row, "key") or next((k for k, x in known.items() if x.name == name), f"band{at}")
        b.places[f"bands › {key}"] = (row.sheet, row.cell("name"))
        if any(fold(band.name) == fold(name) for band in bands):
            b.fail(row, "name", f"“{name}” đã có ở dòng trên")
        least = b.take(row, "min", lambda v: points_of(v, "điểm", from_range=True), None)
        if least is None:
            b.fail(row, "min", "phải ghi từ bao nhiêu điểm")
            continue
        old = known.get(key)
        base_status = (old.status, old.is_changed) if old else None
        status, is_changed = b.source(row, "status", base_status, old is None or old.min != least)
        bands.append(Band(key, name, least, status, is_changed))
    return {"bands": tuple(bands), "grades": tuple(grades)}


def _check_total(b: SetBuilder, head: Head, d: CriteriaSet) -> None:
    if d.kind is SetKind.CHECKLIST:
        return
    row = head.rows.get("max_total")
    written = [(row, "value")] if row is not None else []
    for row, key in [*written, *((row, "max_score") for row in b.sums if row.has("max_score"))]:
        if key in row.formulas:
            continue
        total = b.take(row, key, lambda v: points_of(v, "tổng điểm"), None)
        if total is not None and total != d.max_total:
            b.fail(row, key, f"ghi {figure(total)} nhưng điểm tối đa các chỉ số cộng lại là {figure(d.max_total)}")


def _add_problems(b: Builder, found: list[Problem], head: Head) -> None:
    """The rules' own findings, each at its cell; what was told of the same cell already is left out."""
    told = {(p.sheet, p.cell) for p in b.problems}
    for problem in found:
        parts = problem.place.split(" › ")
        at = next(
            (b.places[" › ".join(parts[:n])] for n in range(len(parts), 0, -1) if " › ".join(parts[:n]) in b.places),
            None,
        )
        if at is None:
            sheet = layout.ROWS if parts[0] in ("criteria", "indicators") else layout.HEAD
            at = (sheet, "")
            if b.problems:
                continue
        if at in told:
            continue
        told.add(at)
        b.problems.append(CellProblem(*at, _said(problem, bool(at[1]))))


def _said(problem: Problem, has_cell: bool) -> str:
    name = problem.words.rpartition(" › ")[2]
    return problem.text if has_cell and name in problem.text else f"{name}: {problem.text}"


def _tell(b: Builder, tables: list[Table | None], book: CriteriaBook) -> None:
    if b.stretched:
        names = ", ".join(b.stretched)
        b.warnings.append(f"Chỉ số {names} đổi điểm tối đa nên các mức gợi ý được co giãn theo; hãy xem lại các mức.")
    if b.restated:
        b.warnings.append(
            f"{b.restated} chỗ đã sửa mà vẫn để nguồn cũ: ghi là “Do cơ quan đặt”. Nếu chép đúng từng chữ từ văn bản, "
            "hãy chọn nguồn “Do cơ quan đặt, theo văn bản”, hoặc đánh dấu đã đối chiếu sau khi nạp."
        )
    if b.dropped:
        names = ", ".join(sorted(b.dropped, key=text_sort_key))
        b.warnings.append(f"Dòng {names} không còn ở trang “Chỉ số” nên bỏ luôn mức điểm và hướng dẫn của dòng đó.")
    for sheet in dict.fromkeys(sheet for sheet, _ in b.skipped):
        numbers = ", ".join(str(number) for own, number in b.skipped if own == sheet)
        b.warnings.append(f"Trang “{sheet}”, hàng {numbers}: không có số hoặc nội dung của một dòng nên bỏ qua.")
    for table in tables:
        if table is not None and table.unknown:
            names = ", ".join(f"“{name[:30]}”" for name in table.unknown[:5])
            b.warnings.append(f"Trang “{table.sheet}” có cột chưa hiểu nên bỏ qua: {names}.")
        if table is not None and table.hidden:
            numbers = ", ".join(map(str, table.hidden[:8]))
            b.warnings.append(f"Trang “{table.sheet}” có hàng bị ẩn vẫn được đọc: {numbers}.")
    if book.ignored:
        b.warnings.append(f"Bỏ qua trang chưa hiểu: {', '.join(f'“{name[:30]}”' for name in book.ignored[:5])}.")


def _tell_bands(b: Builder, d: CriteriaSet) -> None:
    ordered = sorted(d.bands, key=lambda band: band.min)
    mark = d.pass_mark.value if d.pass_mark else 0
    idle = [low.name for low, high in itertools.pairwise(ordered) if high.min <= mark]
    if idle:
        names = ", ".join(f"“{name}”" for name in idle)
        b.warnings.append(f"Xếp loại {names} nằm dưới điểm đạt nên không ai được xếp loại đó; hãy xem lại.")


def _tell_absent(b: Builder, tables: Mapping[str, Table | None]) -> None:
    """What stays as it was because the file has no sheet for it."""
    if b.base is None:
        return
    kept = [name for name, table in tables.items() if table is None and _has(b.base, name)]
    if kept:
        names = ", ".join(f"“{name}”" for name in kept)
        b.warnings.append(
            f"Tệp không có trang {names} nên phần đó giữ như “{b.base.name}”, phiên bản {b.base.version}."
        )


def _has(d: CriteriaSet, sheet: str) -> bool:
    rows: dict[str, object] = {
        layout.HEAD: True,
        layout.LEVELS: any(i.levels for i in d.indicators),
        layout.GUIDE: any(i.help or i.examples or i.evidence for i in d.indicators),
        layout.CONDITIONS: d.prerequisites,
        layout.BANDS: d.bands or d.grades,
        layout.BASIS: d.legal_basis,
    }
    return bool(rows.get(sheet))


def _ordered(problems: list[CellProblem]) -> list[CellProblem]:
    order = (layout.HEAD, layout.ROWS, layout.LEVELS, layout.GUIDE, layout.CONDITIONS, layout.BANDS, layout.BASIS)

    def place(problem: CellProblem) -> tuple[int, int, str]:
        row = int("".join(filter(str.isdigit, problem.cell)) or 0)
        return order.index(problem.sheet) if problem.sheet in order else 9, row, problem.cell

    return sorted(problems, key=place)
