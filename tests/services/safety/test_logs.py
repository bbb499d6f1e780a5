"""The log keeps what helps and never a person's number."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from desktop_app.services.safety.logs import LOG_BYTES, mask_numbers, start_log, stop_log


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("CCCD 001084012319", "CCCD •••319"),
        ("cmnd=123456789.", "cmnd=•••789."),
        ("gọi 0912 345 678 nhé", "gọi •••678 nhé"),
        ("gọi 0912.345.678", "gọi •••678"),
        ("hộ 03-0127, 1204 người", "hộ 03-0127, 1204 người"),
        ("at 1794466325123 ms", "at 1794466325123 ms"),
        ("2026-11-12 14:32:05,123", "2026-11-12 14:32:05,123"),
        ("uid 0190a1b2c3d4e5f60718293a4b5c6d7e", "uid 0190a1b2c3d4e5f60718293a4b5c6d7e"),
        ("uid 019012345678a234567890123456789f", "uid 019012345678a234567890123456789f"),
    ],
)
def test_numbers_of_nine_to_twelve_digits_are_masked(text: str, masked: str) -> None:
    assert mask_numbers(text) == masked


def test_tracebacks_are_masked_too(tmp_path: Path) -> None:
    path = start_log(tmp_path)
    assert path is not None
    try:
        raise ValueError("trùng số 001084012319")
    except ValueError:
        logging.getLogger("desktop_app.test").exception("không ghi được Nguyễn Thị Ước, %s", "079184012319")
    finally:
        stop_log(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert "•••319" in text
    assert "012319" not in text
    assert "Traceback" in text
    assert "không ghi được Nguyễn Thị Ước" in text


def test_a_folder_that_cannot_be_written_leaves_the_program_without_a_log(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "logs").write_text("a file in the folder's place", encoding="utf-8")
    assert start_log(tmp_path) is None
    assert "nhật ký" in capsys.readouterr().err


def test_the_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    path = start_log(tmp_path)
    assert path is not None
    logger = logging.getLogger("desktop_app.test")
    try:
        for _ in range(8):
            logger.info("x" * (LOG_BYTES - 10))
    finally:
        stop_log(tmp_path)
    files = sorted(path.parent.iterdir())
    assert len(files) == 6
    assert all(file.stat().st_size <= LOG_BYTES + 200 for file in files)
