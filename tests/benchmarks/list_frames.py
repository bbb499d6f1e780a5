"""Every order and every filter of the long lists, each against one frame of the window; used by ``bench_lists``.

Invariant: a measured list is new (its keys and what words find are not kept from the try before) and is counted, and
the records of a whole page are made; only what a worker keeps while the page is shown (``list_memory``) stands. The
forms name no criteria set: the words of a page's verdicts are not in these figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

from desktop_app.models.records import VerdictState
from desktop_app.models.types import CitizenGroup, LearningModel, Poverty, Sex
from desktop_app.services.assessment.worklist import AssessmentList, WorkFilter, WorkStatus, work_list
from desktop_app.services.context import Context
from desktop_app.services.registry.citizen_list import CitizenFilter, CitizenList, Residence, citizen_list
from desktop_app.services.registry.household_list import HouseholdFilter, HouseholdList, household_list
from desktop_app.services.registry.list_memory import Memory
from desktop_app.services.registry.lists import hamlet_names
from desktop_app.services.registry.unit_lists import HamletList, hamlet_list

FRAME = 16.0
"""Milliseconds."""
PAGE = 100
TEXTS = (
    "t", "th", "thon 3", "thôn 12", "n", "ng", "nguyen", "nguyen van", "nguyen van l", "nguyen thi lan", "h", "v",
    "lan", "thon t", "0", "09000", "01-00", "1984", "1", "999", "khong co",
)  # fmt: skip
AGES = ((0, 15), (16, 17), (18, 34), (35, 59), (60, None))
YEAR = 2026
Case = tuple[str, Callable[[], Any], int]
"""What it is, what makes the list, the first row that is wanted (-1: the last page)."""


def best(context: Context, case: Case, tries: int = 5) -> float:
    """Milliseconds of the quickest of some tries: the first page with the count, or a jump in a list that is shown."""
    _, make, offset = case
    times = []
    for _ in range(tries):
        for kept in context.memory.values():
            if isinstance(kept[1], Memory):
                kept[1].forget_latest()
        start = time.process_time()
        source = make()
        count = source.count()
        if isinstance(source, AssessmentList):
            source.counts()
        source.rows(0, PAGE)
        if offset:
            start = time.process_time()
            source.rows(offset if offset > 0 else max(count - PAGE, 0), PAGE)
        times.append(time.process_time() - start)
    return 1000 * min(times)


def filters(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What the chips and the box of both pages offer, alone and some together."""
    hamlet = hamlet_names(context)[2][0]
    people: list[dict[str, Any]] = [
        {"hamlet": hamlet}, {"has_cccd": False}, {"has_group": False}, {"has_birth": False}, {"has_sex": False},
        {"has_household": False}, {"has_phone": False}, {"has_title": True}, {"has_title": False}, {"had_title": True},
        {"is_assessed": True}, {"is_assessed": False},
        *({"group": group} for group in CitizenGroup), *({"sex": sex} for sex in Sex),
        *({"outcome": outcome} for outcome in VerdictState), *({"residence": residence} for residence in Residence),
        *({"min_age": low, "max_age": high} for low, high in AGES), *({"text": text} for text in TEXTS),
        {"outcome": VerdictState.PASSED, "group": CitizenGroup.RESIDENT, "has_cccd": False, "min_age": 18},
        {"outcome": VerdictState.NONE, "text": "thon 3", "has_title": False},
    ]  # fmt: skip
    homes: list[dict[str, Any]] = [
        {"hamlet": hamlet}, {"has_head": False}, {"has_members": False}, {"has_title": True}, {"has_title": False},
        {"had_title": True}, {"with_former": True}, *({"poverty": poverty} for poverty in Poverty),
        *({"outcome": outcome} for outcome in VerdictState), *({"text": text} for text in TEXTS),
        {"outcome": VerdictState.FAILED, "text": "nguyen"},
    ]  # fmt: skip
    for given in people:
        yield f"citizens {_words(given)}", lambda given=given: citizen_list(context, CitizenFilter(**given))  # type: ignore[misc]
    for given in homes:
        yield f"households {_words(given)}", lambda given=given: household_list(context, HouseholdFilter(**given))  # type: ignore[misc]


def work_filters(context: Context) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The same of the work lists of Đánh giá."""
    hamlet = hamlet_names(context)[2][0]
    homes: list[dict[str, Any]] = [
        {"hamlet": hamlet}, {"is_registered": True}, *({"status": status} for status in WorkStatus),
        *({"text": text} for text in TEXTS), {"status": WorkStatus.FAILED, "text": "nguyen"},
    ]  # fmt: skip
    people = [*homes, *({"group": group} for group in CitizenGroup), {"hamlet": hamlet, "group": CitizenGroup.WORKER}]
    for model, each in ((LearningModel.CITIZEN, people), (LearningModel.FAMILY, homes)):
        for given in each:
            yield f"work {model.value} {_words(given)}", lambda given=given, model=model: _work(context, model, given)  # type: ignore[misc]


def _work(context: Context, model: LearningModel, given: dict[str, Any]) -> AssessmentList:
    return work_list(context, model, YEAR, WorkFilter(**given))


def _words(given: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in given.items() if name != "hamlet") or "hamlet"


def orders(context: Context) -> Iterator[tuple[str, Callable[[], Any], str, bool]]:
    """Every order of every list, both ways."""
    for what, make, sorts in (
        ("citizens", lambda: citizen_list(context), CitizenList.sorts),
        ("households", lambda: household_list(context), HouseholdList.sorts),
        ("work citizens", lambda: work_list(context, LearningModel.CITIZEN, YEAR), AssessmentList.sorts),
        ("work households", lambda: work_list(context, LearningModel.FAMILY, YEAR), AssessmentList.sorts),
        ("hamlets", lambda: hamlet_list(context), HamletList.sorts),
    ):
        for sort in sorts:
            for descending in (False, True):
                yield f"{what} by {sort}{' down' if descending else ''}", make, sort, descending


def cases(context: Context) -> dict[str, list[Case]]:
    """What is measured, by the name of the limit."""
    sorted_, filtered, jumps = [], [], []
    for what, make, sort, descending in orders(context):

        def chosen(make: Callable[[], Any] = make, sort: str = sort, descending: bool = descending) -> Any:
            return make().sorted(sort, descending=descending)

        sorted_.append((what, chosen, 0))
        jumps += [(f"{what}, {where}", chosen, offset) for where, offset in _places(what)]
    for what, make in (*filters(context), *work_filters(context)):
        marked = "status" if what.startswith("work") else "verdict"
        for sort, descending in (("", False), (marked, True), ("hamlet", False)):

            def narrowed(make: Callable[[], Any] = make, sort: str = sort, descending: bool = descending) -> Any:
                return make().sorted(sort, descending=descending) if sort else make()

            name = f"{what}{' by ' + sort if sort else ''}"
            filtered.append((name, narrowed, 0))
            jumps.append((f"{name}, last page", narrowed, -1))
    return {"sort_frame": sorted_, "filter_frame": filtered, "jump_frame": jumps}


def _places(what: str) -> tuple[tuple[str, int], ...]:
    middle = {"citizens": 50_000, "households": 12_500}.get(what.removeprefix("work ").split()[0], 0)
    return (("row 2000", 2_000), ("middle", middle), ("last page", -1))


def measure_frames(context: Context) -> list[dict[str, Any]]:
    """The slowest first page of an order and of a filter, and the slowest first jump; and the first without memory."""
    cold = max((best(context, case, 2), case[0]) for case in cases(context)["sort_frame"])
    context.memory.clear()
    lists = (citizen_list(context), household_list(context))
    work = (_work(context, LearningModel.CITIZEN, {}), _work(context, LearningModel.FAMILY, {}))
    seconds = [_seconds(each.remember) for each in (*lists, *work)]
    found = []
    for name, each in cases(context).items():
        measured = sorted(((best(context, case), case[0]) for case in each), reverse=True)
        slowest = measured[0]
        found.append(
            {
                "name": name, "slowest": slowest[1], "ms": round(slowest[0], 2), "ratio": round(slowest[0] / FRAME, 2),
                "limit": 1.0, "measured": len(measured), "next": [f"{what}: {ms:.1f}" for ms, what in measured[1:4]],
            }
        )  # fmt: skip
    found[0] |= {"remember_s": seconds, "before_that": f"{cold[1]}: {cold[0]:.0f}"}
    return found


def _seconds(work: Callable[[], Any]) -> float:
    start = time.process_time()
    assert work()
    return round(time.process_time() - start, 2)
