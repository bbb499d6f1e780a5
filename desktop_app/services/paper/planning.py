"""Plans a print of paper forms: reads who gets one, parts the forms into stacks, counts forms and pages.

Invariant: what a plan counts is what its file holds; planning writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from desktop_app.models.types import LearningModel, Uid
from desktop_app.services.assessment.rounds import RoundRecord, round_of
from desktop_app.services.assessment.subjects import UNITS
from desktop_app.services.assessment.worklist import WorkFilter, work_list
from desktop_app.services.context import Context
from desktop_app.services.documents.fonts import Face, missing_letters
from desktop_app.services.errors import UserError
from desktop_app.services.paper.forms import templates_of
from desktop_app.services.paper.reading import read_blank_sets, read_forms, require_round_work
from desktop_app.services.paper.request import MOST_BLANKS, PaperRequest, check_count
from desktop_app.services.paper.shapes import FormHead, Home, PaperForm, PreparedSet, Share, Stack
from desktop_app.services.paper.stacks import part
from desktop_app.services.paper.template import FormTemplate
from desktop_app.services.paper.words import forms_words
from desktop_app.services.settings import read_office
from desktop_app.services.vietnamese import number_text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SHOWN_NAMES = 3
SHOWN_FORMS = 10
"""Forms that a preview shows where no stack is printed whole."""


@dataclass(frozen=True)
class PrintPlan:
    """A print, read and counted.

    Attributes:
        forms: with names, in their order; ``blanks``: of nobody.
        shares: the same forms, as they are handed out and gathered.
        sets: by local key.
        homes: households for the assignment lists.
        templates: the layout of each set's form.
    """

    request: PaperRequest
    head: FormHead
    forms: tuple[PaperForm, ...]
    blanks: tuple[PaperForm, ...]
    shares: tuple[Share, ...]
    sets: Mapping[int, PreparedSet]
    homes: Mapping[int, Home]
    templates: Mapping[int, FormTemplate]

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """All stacks in order: as many covers."""
        return tuple(stack for share in self.shares for stack in share.stacks)

    @cached_property
    def form_count(self) -> int:
        """Forms that are printed, blank ones among them."""
        return len(self.forms) + len(self.blanks) if self.request.has_forms else 0

    @cached_property
    def page_count(self) -> int:
        """Pages of the forms alone, without covers and lists."""
        if not self.request.has_forms:
            return 0
        counts = Counter(form.set_id for form in (*self.forms, *self.blanks))
        return sum(self.templates[key].pages * count for key, count in counts.items())

    @property
    def words(self) -> str:
        """ "412 phiếu, 824 trang, 11 bìa tập"."""
        parts = []
        if self.request.has_forms:
            parts += [f"{number_text(self.form_count)} phiếu", f"{number_text(self.page_count)} trang"]
        if self.request.has_covers:
            parts.append(f"{number_text(len(self.stacks))} bìa tập")
        if self.request.has_assignments:
            parts.append(f"{number_text(len(self.shares))} phiếu giao việc")
        return ", ".join(parts)

    @property
    def sets_words(self) -> str:
        """ "Theo bộ tiêu chí Gia đình học tập 2015.1, Công dân học tập 2023.1"."""
        names = dict.fromkeys(f"{item.definition.title} {item.definition.version}" for item in self.sets.values())
        return f"Theo bộ tiêu chí {', '.join(names)}"

    @property
    def what(self) -> str:
        """For the journal: titles and places, no names of people."""
        titles = ", ".join(dict.fromkeys(item.definition.title for item in self.sets.values()))
        places = list(dict.fromkeys(share.place for share in self.shares if share.place))
        where = "" if not places else f", {places[0]}" if len(places) == 1 else f", {len(places)} nơi"
        return f"{titles} năm {self.head.year}{where}"

    @property
    def detail(self) -> str:
        """Which forms: "300 phiếu công dân, 112 phiếu gia đình, 20 phiếu trống"."""
        parts = [forms_words(Counter(form.model for form in self.forms))] if self.forms else []
        parts += [f"{number_text(len(self.blanks))} phiếu trống"] if self.blanks else []
        return ", ".join(parts)

    @cached_property
    def sheets_words(self) -> str:
        """ "Cần 824 tờ A4 cho phiếu, in hai mặt": how much paper to have at hand; empty without forms."""
        if not self.form_count:
            return ""
        if not self.request.is_two_sided:
            return f"Cần {number_text(self.page_count)} tờ A4 cho phiếu, in một mặt"
        counts = Counter(form.set_id for form in (*self.forms, *self.blanks))
        sheets = sum(-(-self.templates[key].pages // 2) * count for key, count in counts.items())
        return f"Cần {number_text(sheets)} tờ A4 cho phiếu, in hai mặt"

    @cached_property
    def warning(self) -> str:
        """Names that cannot be printed as they are written; empty for none."""
        names = [form.name for form in self.forms if missing_letters(form.name, Face.BOLD)]
        if not names:
            return ""
        shown = ", ".join(names[:_SHOWN_NAMES]) + (" …" if len(names) > _SHOWN_NAMES else "")
        return f"{number_text(len(names))} tên có ký tự không in được, trên giấy sẽ thành dấu “?”: {shown}"


def plan_print(context: Context, request: PaperRequest) -> PrintPlan:
    """Read what a request asks for.

    Raises:
        UserError: ``round.unknown``, ``criteria.none_in_use``, ``round.not_taking_part``,
            ``paper.nothing_chosen``, ``paper.blanks``, ``paper.stack_size``, ``paper.empty``, ``paper.too_many``.
    """
    _check(request)
    only = _filtered(context, request)
    with context.read() as connection:
        round_ = round_of(connection, request.year)
        require_round_work(connection, request, round_)
        head = read_head(connection, request.year)
        found = read_forms(connection, request, round_, only)
        sets = {item.id: item for item in found.sets}
        blanks = _blanks(connection, request, round_, sets) if request.has_forms else ()
    if not found.forms and not blanks:
        raise _empty(request)
    check_count(len(found.forms) + len(blanks))
    return make_plan(request, head, found.forms, blanks, sets, found.homes)


def make_plan(
    request: PaperRequest,
    head: FormHead,
    forms: tuple[PaperForm, ...],
    blanks: tuple[PaperForm, ...],
    sets: Mapping[int, PreparedSet],
    homes: Mapping[int, Home],
) -> PrintPlan:
    """Forms that are read, parted, with their sets laid out."""
    shares = part(forms, request.stack_size, request.collectors, request.year)
    return PrintPlan(
        request,
        head,
        forms,
        blanks,
        shares,
        sets,
        homes,
        templates_of(sets.values(), head, has_all_levels=request.has_all_levels),
    )


def _check(request: PaperRequest) -> None:
    if not (request.has_forms or request.has_covers or request.has_assignments):
        raise UserError("Chưa chọn in gì. Hãy chọn phiếu, bìa tập hoặc phiếu giao việc.", code="paper.nothing_chosen")
    if not 0 <= request.blanks <= MOST_BLANKS:
        raise UserError(f"Số phiếu trống phải từ 0 đến {number_text(MOST_BLANKS)}; chưa in gì.", code="paper.blanks")
    if request.stack_size < 1:
        raise UserError("Mỗi tập phải có ít nhất một phiếu; chưa in gì.", code="paper.stack_size")


def _filtered(context: Context, request: PaperRequest) -> dict[LearningModel, list[Uid]]:
    """Whom a work list's filter leaves, for each model; nothing where the request has no filter."""
    if request.status is None and not request.is_registered and not request.text.strip():
        return {}
    wanted = WorkFilter(status=request.status, is_registered=request.is_registered, text=request.text)
    return {model: list(work_list(context, model, request.year, wanted).uids()) for model in request.models}


def _empty(request: PaperRequest) -> UserError:
    names = " và ".join(UNITS[model] for model in request.models)
    if request.subjects is not None and len(request.subjects) == 1:
        text = (
            f"Không in được phiếu này: {names} đã chọn không thuộc diện đánh giá của đợt {request.year} (chưa đủ tuổi, "
            "đã mất, đã chuyển đi hoặc đã xóa). Có thể in phiếu trống thay thế."
        )
    else:
        text = (
            f"Không có {names} nào khớp với lựa chọn trong đợt {request.year} nên chưa in gì. "
            "Hãy chọn rộng hơn, hoặc ghi số phiếu trống cần in."
        )
    return UserError(text, code="paper.empty")


def read_head(connection: Connection, year: int) -> FormHead:
    """The office as forms name it."""
    from desktop_app.services.recognition.recipients import inside, read_place
    from desktop_app.services.recognition.wording import authority_lines

    place = read_place(connection).name
    name = read_office(connection).office_name or (f"Ủy ban nhân dân {inside(place)}" if place else "")
    return FormHead(year, authority_lines(name), name or "cơ quan phát phiếu này")


def _blanks(
    connection: Connection, request: PaperRequest, round_: RoundRecord, sets: dict[int, PreparedSet]
) -> tuple[PaperForm, ...]:
    """Blank forms, set by set."""
    if not request.blanks:
        return ()
    made: list[PaperForm] = []
    for model, used in read_blank_sets(connection, request, round_):
        sets.setdefault(used.id, PreparedSet(used.id, used.definition, used.uid))
        made += [PaperForm("", model, used.id, "", ("", "", "", ""))] * request.blanks
    return tuple(made)


def preview(plan: PrintPlan) -> PrintPlan:
    """The beginning of a print: the first share where covers or lists are printed, else some forms; one blank a set."""
    blanks = tuple({form.set_id: form for form in plan.blanks}.values())
    first = plan.shares[:1]
    if first and not (plan.request.has_covers or plan.request.has_assignments):
        forms = first[0].forms[:SHOWN_FORMS]
        first = part(forms, plan.request.stack_size, plan.request.collectors[:1], plan.request.year)
    return replace(plan, forms=first[0].forms if first else (), blanks=blanks, shares=first)
