"""Commands of the year's work: verdicts, recognise, certificates."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import Any

from desktop_app.cli.answer import Answer, Call, whole_number
from desktop_app.cli.opening import opened, progress_on_stderr
from desktop_app.models.types import LearningModel
from desktop_app.services.errors import UserError

MODELS = [model.value for model in LearningModel]


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Declare this room's commands."""
    verdicts = commands.add_parser("verdicts", parents=[shared], help="ai đạt, ai chưa và vì sao")
    verdicts.add_argument("--year", metavar="Y", type=whole_number, required=True)
    verdicts.add_argument("--model", metavar="M", choices=MODELS)
    verdicts.set_defaults(run=run_verdicts)

    recognise = commands.add_parser("recognise", parents=[shared], help="công nhận những ai đạt")
    recognise.add_argument("--year", metavar="Y", type=whole_number, required=True)
    recognise.add_argument("--model", metavar="M", choices=MODELS, required=True)
    recognise.add_argument("--number", metavar="TEXT", required=True, help="số quyết định")
    recognise.add_argument("--date", metavar="DATE", required=True, help="ngày quyết định, ISO hoặc dd/mm/yyyy")
    recognise.set_defaults(run=run_recognise)

    certificates = commands.add_parser("certificates", parents=[shared], help="giấy công nhận ra PDF")
    certificates.add_argument("--year", metavar="Y", type=whole_number, required=True)
    certificates.add_argument("--model", metavar="M", choices=MODELS, required=True)
    certificates.add_argument("--out", metavar="FILE.pdf", type=Path, required=True)
    certificates.set_defaults(run=run_certificates)


def run_verdicts(call: Call) -> Answer:
    """Every verdict of a round, with its sentence."""
    from desktop_app.services.assessment.results import list_verdicts

    model = LearningModel(call.options.model) if call.options.model else None
    with opened(call) as context:
        found = list_verdicts(context, call.options.year, model)
    data = [
        {
            "uid": item.uid,
            "name": item.name,
            "model": item.model,
            "group": item.group,
            "total": item.total,
            "passed": item.passed,
            "sentence": item.sentence,
            "answers": dict(item.answers),
        }
        for item in found
    ]
    return Answer({"verdicts": data}, "\n".join(f"{item['name']}: {item['sentence']}" for item in data))


def run_recognise(call: Call) -> Answer:
    """Recognise all who pass, under one decision."""
    from desktop_app.services.recognition.deciding import recognise

    options = call.options
    with opened(call) as context:
        result = recognise(
            context, options.year, LearningModel(options.model), options.number, decision_date(options.date)
        )
    left_out = [{"uid": item.uid, "name": item.name, "reason": item.reason} for item in result.left_out]
    made = result.decision
    decision = {"uid": made.uid, "number": made.number, "date": made.date.isoformat()} if made is not None else None
    data = {"decision": decision, "recognised": result.recognised, "left_out": left_out}
    none = "Không có ai đủ điều kiện nên chưa lập quyết định nào; số quyết định còn dùng được."
    warnings = () if made is not None else (none,)
    return Answer(data, f"Đã công nhận {result.recognised}; {len(left_out)} chưa được công nhận.", warnings)


def decision_date(text: str) -> dt.date:
    """A whole date, ISO or as people write it.

    Raises:
        UserError: it is none.
    """
    from desktop_app.services.vietnamese import parse_date

    value = parse_date(text).value
    if value is None or value.day is None or value.month is None:
        raise UserError(f"Ngày “{text}” không hợp lệ; chưa công nhận ai. Hãy ghi như 15/11/2026.", code="date.bad")
    return dt.date(value.year, value.month, value.day)


def run_certificates(call: Call) -> Answer:
    """The certificates of a model and year as one PDF."""
    from desktop_app.services.recognition.papers import certificates_pdf

    options = call.options
    with opened(call) as context:
        result = certificates_pdf(
            context, options.year, LearningModel(options.model), options.out, progress=progress_on_stderr()
        )
    found = [{"number": item.number, "uid": item.uid, "name": item.name} for item in result.certificates]
    data = {"certificates": found, "pages": result.pages, "file": str(options.out)}
    return Answer(data, f"{len(found)} giấy công nhận, {result.pages} trang: {options.out}")
