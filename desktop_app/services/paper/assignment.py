"""Phiếu giao việc: which households (or people, units) one collector visits, with columns to tick.

Invariant: the rows are in the order of the forms, and their counts add up to the forms of the stacks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from desktop_app.services.documents.administrative import draw_signatures, signatures_height
from desktop_app.services.documents.data import Signature
from desktop_app.services.documents.flow import Flow
from desktop_app.services.documents.fonts import Face
from desktop_app.services.documents.table import Column, Row, Table
from desktop_app.services.documents.typography import Align, Style
from desktop_app.services.paper.shapes import FormHead, Home, PaperForm, PreparedSet, Share
from desktop_app.services.paper.sheet_head import draw_sheet_head
from desktop_app.services.paper.stacks import spaced
from desktop_app.services.paper.words import SHORT_NAMES, forms_words
from desktop_app.services.vietnamese import number_text

_C = Align.CENTRE
_TEXT = Style(Face.REGULAR, 13)


def draw_assignment(
    flow: Flow, share: Share, sets: Mapping[int, PreparedSet], homes: Mapping[int, Home], head: FormHead
) -> None:
    """One collector's list on pages of its own, numbered from 1."""
    forms = share.forms
    flow.note = " · ".join(part for part in ("Phiếu giao việc", share.place, share.collector) if part)
    flow.start_section()
    titles = dict.fromkeys(sets[form.set_id].definition.title for form in forms)
    place = f"\n{share.place}" if share.place else ""
    draw_sheet_head(flow, head, "PHIẾU GIAO VIỆC", f"Phát và thu phiếu {', '.join(titles)} năm {head.year}{place}")
    who = share.collector or "……………………………………"
    flow.paragraph([("Người đi thu: ", Face.REGULAR), (who, Face.BOLD)], _TEXT, indent=0, after=2)
    codes = ", ".join(spaced(stack.code) for stack in share.stacks)
    counted = forms_words(Counter(form.model for form in forms))
    flow.paragraph(f"Được giao {counted}; tập phiếu số {codes}.", _TEXT, indent=0, after=2)
    flow.paragraph("Nộp lại trước ngày …… tháng …… năm ………", _TEXT, indent=0, after=8)
    by_home = any(form.home for form in forms)
    Table(flow, _columns(forms, by_home=by_home), size=12, least_height=8.4).draw(
        _home_rows(forms, homes) if by_home else _form_rows(forms)
    )
    signers = (Signature(("NGƯỜI GIAO",), room=20), Signature(("NGƯỜI NHẬN",), room=20))
    flow.need(20 + signatures_height(signers))
    flow.space(10)
    draw_signatures(flow, signers)


def _columns(forms: Sequence[PaperForm], *, by_home: bool) -> list[Column]:
    ticks = [Column("Đã giao", 14, _C), Column("Đã thu", 14, _C), Column("Ghi chú", 21)]
    if by_home:
        return [
            Column("TT", 10, _C),
            Column("Mã hộ", 22, _C),
            Column("Chủ hộ, địa chỉ", 70),
            Column("Phiếu", 14, _C),
            *ticks,
        ]
    name = SHORT_NAMES[forms[0].model] if len({form.model for form in forms}) == 1 else "Tên"
    return [Column("TT", 10, _C), Column(name, 74), Column("Thôn, tổ", 32), *ticks]


def _home_rows(forms: Sequence[PaperForm], homes: Mapping[int, Home]) -> Iterator[Row]:
    runs = groupby(forms, key=lambda form: form.home)
    for number, (key, run) in enumerate(runs, start=1):
        of_home = list(run)
        home = homes.get(key) or Home(of_home[0].household, of_home[0].name, "")
        address = home.address.removesuffix(of_home[0].place).rstrip(" ,")
        who = ", ".join(part for part in (home.head or of_home[0].name, address) if part)
        yield Row((str(number), home.code, who, number_text(len(of_home)), "", "", ""))


def _form_rows(forms: Sequence[PaperForm]) -> Iterator[Row]:
    for number, form in enumerate(forms, start=1):
        yield Row((str(number), form.name, form.place, "", "", ""))
