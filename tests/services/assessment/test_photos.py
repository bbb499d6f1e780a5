"""Photos as evidence: small, upright, without the place where they were taken; what is no picture is told plainly."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.services.assessment import evidence as room
from desktop_app.services.assessment.evidence import (
    add_note,
    attach_evidence,
    edit_note,
    evidence_path,
    folder_size,
    list_evidence,
    remove_evidence,
    replace_evidence,
)
from desktop_app.services.assessment.photos import shrink
from desktop_app.services.context import Context
from desktop_app.services.errors import UserError
from tests.services.assessment.world import CITIZEN, YEAR, add_people, fill, freeze, operations

ORIENTATION, GPS, MAKER = 0x0112, 0x8825, 0x010F


@pytest.fixture
def person(context: Context) -> str:
    return add_people(context, [{}])[1][0]


def camera_photo(path: Path, size: tuple[int, int] = (2400, 1200), orientation: int = 6) -> Path:
    """A photo as a phone gives it: turned by its orientation, red at the left, with maker and place."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 4, size[1]))
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[MAKER] = "Máy của bà Lan"
    exif.get_ifd(GPS)[2] = (21.0, 1.0, 40.0)
    picture.save(path, "JPEG", exif=exif, comment="nha rieng 12")
    return path


def huge_png(path: Path, side: int = 40_000) -> Path:
    """A small file that says it is a picture of 1.6 billion points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + body)
    return path


def test_a_photo_is_shrunk_turned_upright_and_stripped(context: Context, person: str, tmp_path: Path) -> None:
    source = camera_photo(tmp_path / "lớp học.JPG")
    record = attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    path = evidence_path(context, record.uid)
    kept = path.read_bytes()
    assert record.file_name == "lớp học.jpg"
    assert record.size == len(kept)
    with Image.open(path) as picture:
        assert picture.size == (800, 1600)
        assert not picture.getexif()
        assert picture.getpixel((400, 20))[0] > 200, "the red edge is at the top after turning"
    for told in (b"Exif", b"nha rieng", "Máy".encode()):
        assert told not in kept
    assert [item.read_bytes() for item in context.folder.rglob("*.jpg")] == [kept], "the original is kept nowhere"


def test_a_picture_with_transparency_comes_on_white_and_a_drawing_stays_sharp(tmp_path: Path) -> None:
    drawing = Image.new("RGBA", (300, 200), (0, 0, 0, 0))
    drawing.paste((0, 0, 0, 255), (10, 10, 60, 60))
    drawing.save(tmp_path / "so do.png")
    photo = shrink(tmp_path / "so do.png", "so do.png")
    assert (photo.extension, photo.width, photo.height) == ("png", 300, 200)
    with Image.open(io.BytesIO(photo.content)) as picture:
        assert picture.convert("RGB").getpixel((200, 150)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "P"), ("PNG", "I;16"), ("PNG", "1"), ("WEBP", "RGB"), ("JPEG", "CMYK")]
)
def test_every_kind_of_picture_is_read(tmp_path: Path, kind: str, mode: str) -> None:
    source = tmp_path / "anh.png"
    Image.new(mode, (2000, 100)).save(source, kind)
    photo = shrink(source, source.name)
    assert (photo.width, photo.height) == (1600, 80)


def test_the_content_decides_what_a_picture_is(context: Context, person: str, tmp_path: Path) -> None:
    source = tmp_path / "that ra la png.jpg"
    Image.new("RGB", (40, 30), "white").save(source, "PNG")
    record = attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    assert (record.file_name, record.media_type) == ("that ra la png.png", "image/png")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.jpg", b"khong phai anh", "evidence.not_picture"),
        ("a.png", b"", "evidence.empty"),
        ("a.jpg", b"\0\0\0\x18ftypheic" + b"\0" * 40, "evidence.heic"),
        ("a.heic", b"\0\0\0\x18ftypheic", "evidence.heic"),
        ("a.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "evidence.not_picture"),
    ],
)
def test_what_is_no_readable_picture_is_refused_and_leaves_nothing(
    context: Context, person: str, tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    before = operations(context)
    with pytest.raises(UserError) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "1", tmp_path / name)
    assert refused.value.code == code
    assert operations(context) == before
    assert list_evidence(context, CITIZEN, person, YEAR) == ()


def test_a_broken_off_photo_is_told(context: Context, person: str, tmp_path: Path) -> None:
    source = camera_photo(tmp_path / "a.jpg")
    source.write_bytes(source.read_bytes()[:4000])
    with pytest.raises(UserError) as refused:
        attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    assert refused.value.code == "evidence.not_picture"


def test_a_decompression_bomb_is_never_opened(tmp_path: Path) -> None:
    for side in (8_000, 40_000):
        with pytest.raises(UserError) as refused:
            shrink(huge_png(tmp_path / "bom.png", side), "bom.png")
        assert refused.value.code == "evidence.too_many_points"


def test_a_missing_file_is_put_back_or_replaced_and_that_is_undone(
    context: Context, person: str, tmp_path: Path
) -> None:
    source = tmp_path / "giay.pdf"
    source.write_bytes(b"%PDF giay khen")
    record = attach_evidence(context, CITIZEN, person, YEAR, "1", source, "bản chụp")
    evidence_path(context, record.uid).unlink()
    before = operations(context)
    assert replace_evidence(context, record.uid, source)
    assert list_evidence(context, CITIZEN, person, YEAR) == (record,)
    assert operations(context) == before
    evidence_path(context, record.uid).unlink()
    other = tmp_path / "ban khac.pdf"
    other.write_bytes(b"%PDF ban chup lai")
    assert not replace_evidence(context, record.uid, other)
    (now,) = list_evidence(context, CITIZEN, person, YEAR)
    assert (now.file_name, now.is_there, now.note) == ("ban khac.pdf", True, "bản chụp")
    undo_last(context)
    (old,) = list_evidence(context, CITIZEN, person, YEAR)
    assert (old.file_name, old.is_there) == ("giay.pdf", False)


def test_the_same_photo_given_again_is_put_back_in_its_place(context: Context, person: str, tmp_path: Path) -> None:
    source = camera_photo(tmp_path / "a.jpg", (400, 300))
    record = attach_evidence(context, CITIZEN, person, YEAR, "1", source)
    evidence_path(context, record.uid).unlink()
    assert replace_evidence(context, record.uid, source)
    assert list_evidence(context, CITIZEN, person, YEAR) == (record,)


def test_a_note_without_a_file_is_evidence_too(context: Context, person: str) -> None:
    uid = add_note(context, CITIZEN, person, YEAR, "2", "  Trưởng thôn xác nhận  ")
    (note,) = list_evidence(context, CITIZEN, person, YEAR)
    assert (note.is_note, note.is_there, note.note, note.size) == (True, True, "Trưởng thôn xác nhận", 0)
    edit_note(context, uid, "Bí thư xác nhận")
    assert list_evidence(context, CITIZEN, person, YEAR)[0].note == "Bí thư xác nhận"
    for words, code in (("  ", "evidence.no_text"), ("a" * 1001, "evidence.long_text")):
        with pytest.raises(UserError) as refused:
            edit_note(context, uid, words)
        assert refused.value.code == code
    with pytest.raises(UserError) as refused:
        add_note(context, CITIZEN, person, YEAR, "2", "\n")
    assert refused.value.code == "evidence.no_text"
    remove_evidence(context, uid)
    undo_last(context)
    assert len(list_evidence(context, CITIZEN, person, YEAR)) == 1


def test_the_size_of_the_folder_counts_each_content_once(context: Context, person: str, tmp_path: Path) -> None:
    source = tmp_path / "a.pdf"
    source.write_bytes(b"x" * 500)
    for indicator in ("1", "2"):
        attach_evidence(context, CITIZEN, person, YEAR, indicator, source)
    add_note(context, CITIZEN, person, YEAR, "1", "ghi chú")
    assert folder_size(context) == 500


def test_a_recognised_form_keeps_its_evidence_as_it_is(context: Context, person: str, tmp_path: Path) -> None:
    uid = add_note(context, CITIZEN, person, YEAR, "1", "ghi chú")
    fill(context, CITIZEN, person, share=0.9)
    freeze(context, CITIZEN, person)
    for deed in (lambda: remove_evidence(context, uid), lambda: edit_note(context, uid, "khác")):
        with pytest.raises(UserError) as refused:
            deed()
        assert refused.value.code == "answer.recognised"


def test_a_form_holds_no_more_notes_than_pieces_of_evidence(
    context: Context, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MAX_FILES", 1)
    add_note(context, CITIZEN, person, YEAR, "1", "ghi chú")
    with pytest.raises(UserError) as refused:
        add_note(context, CITIZEN, person, YEAR, "1", "ghi chú nữa")
    assert refused.value.code == "evidence.too_many"


def undo_last(context: Context) -> None:
    with context.read() as connection:
        uid = connection.exec_driver_sql("SELECT uid FROM operation ORDER BY id DESC LIMIT 1").scalar_one().hex()
    context.journal.undo(uid)
