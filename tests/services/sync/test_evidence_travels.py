"""Evidence files go with the forms that name them."""

from __future__ import annotations

from pathlib import Path

from desktop_app.models.types import CitizenGroup, LearningModel
from desktop_app.services.assessment.answers import answer
from desktop_app.services.assessment.evidence import attach_evidence, evidence_path, list_evidence
from desktop_app.services.assessment.regroup import choose_group
from desktop_app.services.sync.merge import merge_package
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star


def test_a_volunteers_evidence_opens_at_the_office(tmp_path: Path) -> None:
    office, (first,) = make_star(tmp_path, 1)
    _, (uid,) = add_household(first)
    choose_group(first, uid, 2026, CitizenGroup.RESIDENT)
    answer(first, LearningModel.CITIZEN, uid, 2026, "1", 8)
    source = tmp_path / "giấy khen.pdf"
    source.write_bytes(b"%PDF-1.4 invented evidence")
    attach_evidence(first, LearningModel.CITIZEN, uid, 2026, "1", source)
    create_package(first, tmp_path / "goi.sht")
    merge_package(office, tmp_path / "goi.sht")
    (item,) = list_evidence(office, LearningModel.CITIZEN, uid, 2026)
    assert evidence_path(office, item.uid).read_bytes() == source.read_bytes()
