"""Evidence: copied whole or not at all, under hostile names, and what is said when a file is gone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_app.services.assessment import evidence as room
from desktop_app.services.assessment import evidence_files
from desktop_app.services.assessment.evidence import (
    attach_evidence,
    evidence_path,
    list_evidence,
    remove_evidence,
)
from desktop_app.services.assessment.evidence_files import safe_name
from desktop_app.services.context import EVIDENCE_FOLDER, Context
from desktop_app.services.errors import AppError, EnvironmentProblem, UserError
from tests.services.assessment.world import CITIZEN, YEAR, add_people, fill, freeze, operations


def stored_files(context: Context) -> list[Path]:
    return [path for path in (context.folder / EVIDENCE_FOLDER).rglob("*") if path.is_file()]


@pytest.fixture
def person(context: Context) -> str:
    return add_people(context, [{}])[1][0]


def test_a_file_is_kept_by_its_content_and_opened_again(context: Context, person: str, tmp_path: Path) -> None:
    source = tmp_path / "Giấy chứng nhận.PDF"
    source.write_bytes(b"%PDF-1.7 noi dung")
    record = attach_evidence(context, CITIZEN, person, YEAR, "3", source, "bản chụp")
    assert (record.file_name, record.indicator, record.size, record.media_type, record.note) == (
        "Giấy chứng nhận.PDF", "3", 17, "application/pdf", "bản chụp",
    )  # fmt: skip
    source.unlink()
    path = evidence_path(context, record.uid)
    assert path.read_bytes() == b"%PDF-1.7 noi dung"
    assert path.stem == hashlib.sha256(path.read_bytes()).hexdigest()
    assert list_evidence(context, CITIZEN, person, YEAR) == (record,)
    assert operations(context)[-1] == "evidence.add"


def test_one_content_attached_twice_lies_once_and_removing_one_leaves_the_other(
    context: Context, person: str, tmp_path: Path
) -> None:
    for name in ("a.pdf", "b.pdf"):
        (tmp_path / name).write_bytes(b"same")
    first = attach_evidence(context, CITIZEN, person, YEAR, "1", tmp_path / "a.pdf")
    second = attach_evidence(context, CITIZEN, person, YEAR, "", tmp_path / "b.pdf")
    assert len(stored_files(context)) == 1
    remove_evidence(context, first.uid)
    assert [record.uid for record in list_evidence(context, CITIZEN, person, YEAR)] == [second.uid]
    assert evidence_path(context, second.uid).is_file()
    with pytest.raises(UserError) as refused:
        remove_evidence(context, first.uid)
    assert refused.value.code == "evidence.unknown"
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
    context.journal.undo(uid)
    assert len(list_evidence(context, CITIZEN, person, YEAR)) == 2


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("virus.exe", b"MZ", "evidence.kind"),
        ("ảnh.jpg.exe", b"MZ", "evidence.kind"),
        ("khong_duoi", b"x", "evidence.kind"),
        ("trong.pdf", b"", "evidence.empty"),
        ("lon.pdf", b"x" * 2_001, "evidence.too_big"),
    ],
)
def test_files_that_cannot_be_evidence_are_refused_and_leave_nothing(
    context: Context,
    person: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    content: bytes,
    code: str,
) -> None:
    monkeypatch.setattr(evidence_files, "MAX_BYTES", 2_000)
    source = tmp_path / name
    source.write_bytes(content)
    before = operations(context)
    with pytest.raises(UserError) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    assert refused.value.code == code
    assert (operations(context), stored_files(context)) == (before, [])


@pytest.mark.parametrize("name", ["gone.pdf", "folder.pdf"])
def test_a_file_that_is_gone_or_a_folder_is_a_plain_sentence(
    context: Context, person: str, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder.pdf").mkdir()
    with pytest.raises(UserError) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "1", tmp_path / name)
    assert refused.value.code == "evidence.unreadable"


def test_a_form_that_takes_no_changes_takes_no_evidence(context: Context, person: str, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("ghi chú", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "99", source)
    assert refused.value.code == "answer.unknown_indicator"
    fill(context, CITIZEN, person, share=0.9)
    freeze(context, CITIZEN, person)
    with pytest.raises(UserError) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    assert refused.value.code == "answer.recognised"
    assert stored_files(context) == []


def test_a_form_holds_so_many_files_and_no_more(
    context: Context, person: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MAX_FILES", 1)
    source = tmp_path / "a.txt"
    source.write_text("ghi chú", encoding="utf-8")
    attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    with pytest.raises(UserError) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "2", source)
    assert refused.value.code == "evidence.too_many"


def test_a_stored_file_that_disappeared_is_told_and_stops_nothing(
    context: Context, person: str, tmp_path: Path
) -> None:
    source = tmp_path / "a.txt"
    source.write_text("ghi chú", encoding="utf-8")
    record = attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    stored_files(context)[0].unlink()
    assert [item.is_there for item in list_evidence(context, CITIZEN, person, YEAR)] == [False]
    with pytest.raises(EnvironmentProblem) as refused:
        evidence_path(context, record.uid)
    assert refused.value.code == "evidence.gone"


def test_a_folder_that_cannot_be_written_keeps_the_form(context: Context, person: str, tmp_path: Path) -> None:
    (context.folder / EVIDENCE_FOLDER).write_text("a file in the folder's place", encoding="utf-8")
    source = tmp_path / "a.txt"
    source.write_text("ghi chú", encoding="utf-8")
    before = operations(context)
    with pytest.raises(EnvironmentProblem) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    assert refused.value.code == "evidence.disk"
    assert operations(context) == before


def test_a_digest_from_elsewhere_never_becomes_a_path(context: Context, person: str, tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("ghi chú", encoding="utf-8")
    record = attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    with context.database.write() as connection:
        connection.exec_driver_sql("UPDATE evidence SET sha256 = '../../device', file_name = 'x.json'")
    assert not list_evidence(context, CITIZEN, person, YEAR)[0].is_there
    with pytest.raises(AppError):
        evidence_path(context, record.uid)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\Windows\\con.pdf", "tệp con.pdf"),
        ("a\u202efdp.exe.pdf", "afdp.exe.pdf"),
        ("  .pdf", "minh chứng.pdf"),
        ("ảnh\x00 \n chụp?.JPG", "ảnh chụp.JPG"),
        ("a" * 300 + ".png", "a" * 107 + ".png"),
    ],
)
def test_hostile_names_are_made_harmless(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@given(st.text(max_size=200))
def test_no_name_becomes_a_path_or_grows(name: str) -> None:
    kept = safe_name(name)
    assert kept and len(kept) <= 121
    assert not set(kept) & set('/\\<>:"|?*\0\n\r')
    assert kept not in (".", "..") and not kept.startswith(".")
