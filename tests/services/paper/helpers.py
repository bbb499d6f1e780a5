"""Forms of invented people, and readings of what was printed: codes from pictures, words and their sizes from pages."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from desktop_app.models.types import Uid
from desktop_app.services.criteria.definition import CriteriaSet
from desktop_app.services.criteria.loader import load_sets
from desktop_app.services.documents.qr import Matrix
from desktop_app.services.documents.typography import MM
from desktop_app.services.paper.barcode import MODULES, _left, _pattern
from desktop_app.services.paper.codes import form_code, qr_text
from desktop_app.services.paper.planning import PrintPlan, make_plan
from desktop_app.services.paper.printing import write_print
from desktop_app.services.paper.request import PaperRequest
from desktop_app.services.paper.shapes import FormHead, PaperForm, PreparedSet

HEAD = FormHead(2026, ("ỦY BAN NHÂN DÂN", "XÃ PHÚ AN"), "Ủy ban nhân dân xã Phú An")
UID = "0190a5c4e1f07b3c8d2e4f6a5b7c9d0e"
SETS = {item.key: item for item in load_sets()}
TWELVE = ("An", "Ba", "Cả", "Dần", "Én", "Gấm", "Hoa", "In", "Khao", "Lả", "Mai", "Nọi")
"""Given names of a household of twelve."""

VALUES = ("Nguyễn Thị Hồng Hạnh", "1984", "Thôn 3", "03-0127")


def uid_of(number: int) -> Uid:
    return f"0190a5c4e1f07b3c8d2e{number:012x}"


def form_of(definition: CriteriaSet, values: tuple[str, str, str, str] = VALUES, **changes: Any) -> PaperForm:
    """A form with a name and a code."""
    uid = changes.pop("uid", UID)
    made = PaperForm(
        uid, definition.model, 1, values[0], values, code=form_code(uid), qr=qr_text(uid, 2026, definition.key)
    )
    return dataclasses.replace(made, **changes)


def blank_of(definition: CriteriaSet) -> PaperForm:
    return PaperForm("", definition.model, 1, "", ("", "", "", ""))


def plan_of(definition: CriteriaSet, forms: Iterable[PaperForm], **changes: Any) -> PrintPlan:
    """A print of these forms by one set."""
    named = tuple(form for form in forms if form.code)
    blanks = tuple(form for form in forms if not form.code)
    request = PaperRequest(2026, (definition.model,), **changes)
    return make_plan(request, HEAD, named, blanks, {1: PreparedSet(1, definition)}, {})


def printed(folder: Path, definition: CriteriaSet, *forms: PaperForm, **changes: Any) -> Path:
    """The PDF of some forms."""
    out = folder / "phieu.pdf"
    write_print(plan_of(definition, forms, **changes), out)
    return out


def people(count: int, *, per_home: int = 3, place: str = "Thôn 1") -> list[PaperForm]:
    """Forms of citizens, household by household."""
    definition = SETS["citizen.resident"]
    return [
        form_of(
            definition, (f"Trần Văn Ẩn {i}", "1984", place, f"01-{i // per_home:04}"), uid=uid_of(i), place=place,
            place_key=1, home=1 + i // per_home, household=f"01-{i // per_home:04}",
        )
        for i in range(count)
    ]  # fmt: skip


def text_sizes(path: Path) -> set[float]:
    """Sizes of all text on all pages, shared drawings included."""
    sizes: set[float] = set()
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            text = page.get_textpage()
            for place in range(text.count_chars()):
                if not raw.FPDFText_IsGenerated(text, place):
                    sizes.add(round(raw.FPDFText_GetFontSize(text, place), 1))
    return sizes


def lowest_letter(path: Path) -> float:
    """The lowest edge of any letter on any page, in points from the foot."""
    lowest = 1000.0
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            text = page.get_textpage()
            for place in range(text.count_chars()):
                lowest = min(lowest, text.get_charbox(place)[1])
    return lowest


def read_modules(image: Image.Image, left: float, top: float, size: float, count: int) -> Matrix:
    """Dark modules of a code in a picture by their middles; lengths in pixels."""
    grey = image.convert("L")
    step = size / count
    return tuple(
        bytearray(
            int(grey.getpixel((round(left + (column + 0.5) * step), round(top + (row + 0.5) * step))) < 128)
            for column in range(count)
        )
        for row in range(count)
    )


def read_bars(image: Image.Image, left: float, top: float, width: float) -> str:
    """The 13 digits that a line through the bars says."""
    grey = image.convert("L")
    step = width / MODULES
    line = "".join(
        "1" if grey.getpixel((round(left + (place + 0.5) * step), round(top))) < 128 else "0"
        for place in range(MODULES)
    )
    return next((digits for digits in _candidates(line) if _pattern(digits) == line), "")


def _candidates(line: str) -> list[str]:
    """Numbers whose digits could give these elements, each possible first digit tried."""
    left, right = line[3:45], line[50:92]
    sides = {(_left(digit, kind), kind): str(digit) for digit in range(10) for kind in "LG"}
    first: list[str] = []
    for place in range(0, 42, 7):
        part_ = left[place : place + 7]
        first.append(next((text for (pattern, _), text in sides.items() if pattern == part_), "?"))
    last = [
        next((str(digit) for digit in range(10) if _left(digit, "G")[::-1] == right[place : place + 7]), "?")
        for place in range(0, 42, 7)
    ]
    body = "".join(first) + "".join(last)
    return [f"{digit}{body}" for digit in range(10)] if "?" not in body else []


def millimetres(points: float) -> float:
    return points / MM
