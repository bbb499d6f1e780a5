"""The fixed parts of an administrative document: head, title, signer and "Nơi nhận" (NĐ 30/2020/NĐ-CP, Phụ lục I).

Which agency stands above, and who signs, is the caller's: nothing of it is decided here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from desktop_app.services.documents.data import DocumentHead, Signature
from desktop_app.services.documents.flow import REFERENCE_NOTE, Flow, document
from desktop_app.services.documents.fonts import Face, clean
from desktop_app.services.documents.phrases import DOTS, MOTTO, NATION, place_and_date
from desktop_app.services.documents.typography import MM, Align, Style, balance, draw_line, draw_rule, fit, width_of

_LEFT_SHARE = 0.405  # of the head's width: the agency; the rest: Quốc hiệu


def note_of(head: DocumentHead) -> str:
    """The note at the foot of each page of a form that no official text stands behind."""
    return REFERENCE_NOTE if head.is_reference_form else ""


def draw_head(flow: Flow, head: DocumentHead, *, has_number: bool = True) -> None:
    """Agency and number on the left, Quốc hiệu, Tiêu ngữ, place and date on the right."""
    canvas = flow.canvas
    share = _LEFT_SHARE * flow.width
    left, right = flow.left + share / 2, flow.left + share + (flow.width - share) / 2
    if flow.is_landscape:
        left, right = flow.left + 45 * MM, flow.left + flow.width - 55 * MM
    top = flow.y - 12
    nation = fit(NATION, Style(Face.BOLD, 13), flow.width - share, smallest=12)
    draw_line(canvas, right, top, NATION, nation.style, Align.CENTRE)
    width = draw_line(canvas, right, top - 17, MOTTO, Style(Face.BOLD, 14), Align.CENTRE)
    draw_rule(canvas, right, top - 23, width)
    lowest = min(_draw_agency(flow, head, left, top, share), top - 23)
    line = lowest - 20
    if has_number:
        number = fit(f"Số: {head.number or DOTS}", Style(Face.REGULAR, 13), share, smallest=9)
        draw_line(canvas, left, line, number.lines[0], number.style, Align.CENTRE)
    words = place_and_date(head.place, head.date, head.year)
    dated = fit(words, Style(Face.ITALIC, 14), flow.width - share, smallest=10)
    draw_line(canvas, right, line, dated.lines[0], dated.style, Align.CENTRE)
    flow.y = line - 16


@contextmanager
def titled(out: Path, head: DocumentHead, kind: str, subject: str) -> Iterator[Flow]:
    """A document without a number of its own, open below its head and title."""
    with document(out, subject, note=note_of(head)) as flow:
        flow.start_section()
        draw_head(flow, head, has_number=False)
        draw_title(flow, kind, subject)
        yield flow


def _draw_agency(flow: Flow, head: DocumentHead, centre: float, top: float, width: float) -> float:
    """Agencies in capitals, the issuing one in bold with a rule of half its length; returns the rule's height."""
    y, length, room = top, 0.0, width - 2 * MM
    for number, name in enumerate(head.authority_lines, start=1):
        face = Face.BOLD if number == len(head.authority_lines) else Face.REGULAR
        style = Style(face, 13)
        name = clean(name)
        if width_of(name, style) > room >= width_of(name, style.at(12)):
            style = style.at(12)
        for line in balance(name, style, room):
            length = draw_line(flow.canvas, centre, y, line, style, Align.CENTRE)
            y -= 16
    draw_rule(flow.canvas, centre, y + 9, length / 2)
    return y + 9


def draw_title(flow: Flow, kind: str, subject: str = "", *, has_rule: bool = True) -> None:
    """Type of document in bold capitals, its summary in bold, a rule of about a third of its length below."""
    flow.space(8)
    flow.centred(kind, Style(Face.BOLD, 14))
    if subject:
        style = Style(Face.BOLD, 14)
        flow.centred(subject, style, width=flow.width - 16 * MM)
        if has_rule:
            length = min(width_of(subject, style), flow.width) / 3
            flow.space(9)
            draw_rule(flow.canvas, flow.left + flow.width / 2, flow.y, length)
    flow.space(10)


def draw_signature(flow: Flow, signature: Signature, recipients: Sequence[str] = ()) -> None:
    """Signer on the right, "Nơi nhận" on the left; both stay on one page."""
    height = max(_signature_height(signature), 15 + 13 * len(recipients)) + 10
    flow.need(height)
    top = flow.y - 8
    if recipients:
        draw_line(flow.canvas, flow.left, top - 12, "Nơi nhận:", Style(Face.BOLD_ITALIC, 12))
        for number, text in enumerate(recipients, start=1):
            fitted = fit(f"- {text}", Style(Face.REGULAR, 11), flow.width * 0.45, smallest=8)
            draw_line(flow.canvas, flow.left, top - 12 - 13.5 * number, fitted.lines[0], fitted.style)
    _draw_signer(flow, signature, flow.left + flow.width * 0.73, top, flow.width * 0.5)
    flow.y = top - height + 10


def draw_signatures(flow: Flow, signatures: Sequence[Signature]) -> None:
    """Several signers side by side, e.g. under a form or a book."""
    if not signatures:
        return
    height = signatures_height(signatures)
    flow.need(height)
    top = flow.y - 8
    share = flow.width / len(signatures)
    for number, signature in enumerate(signatures):
        _draw_signer(flow, signature, flow.left + share * (number + 0.5), top, share - 4 * MM)
    flow.y = top - height + 4


def signatures_height(signatures: Sequence[Signature]) -> float:
    """Room that ``draw_signatures`` takes, to keep other lines with it."""
    return max((_signature_height(signature) + 4 for signature in signatures), default=0.0)


def _signature_height(signature: Signature) -> float:
    return 17 * len(signature.title_lines) + (15 if signature.note else 0) + signature.room * MM + 9


def _draw_signer(flow: Flow, signature: Signature, centre: float, top: float, width: float) -> None:
    y = top + 5
    for text in signature.title_lines:
        y -= 17
        title = fit(text, Style(Face.BOLD, 13.5), width, smallest=8)
        draw_line(flow.canvas, centre, y, title.lines[0], title.style, Align.CENTRE)
    if signature.note:
        y -= 15
        note = fit(signature.note, Style(Face.ITALIC, 12), width, smallest=8)
        draw_line(flow.canvas, centre, y, note.lines[0], note.style, Align.CENTRE)
    name = fit(signature.name, Style(Face.BOLD, 14), width, smallest=9)
    draw_line(flow.canvas, centre, y - signature.room * MM, name.lines[0], name.style, Align.CENTRE)
