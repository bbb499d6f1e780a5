"""Removable drives, found in what Linux and Windows tell."""

from __future__ import annotations

from pathlib import Path

from desktop_app.services.safety.sticks import drives_at, linux_mounts, removable_drives, windows_letters

MOUNTS = """\
/dev/sda2 / ext4 rw,relatime 0 0
tmpfs /run/media tmpfs rw 0 0
/dev/sdb1 /media/hanh/KINGSTON vfat rw,nosuid 0 0
/dev/sdc1 /run/media/hanh/X\u00e3\\040Ph\u00fa\\040An exfat rw 0 0
/dev/sr0 /media/hanh/CDROM iso9660 ro 0 0
/dev/sdd1 /srv/data ext4 rw 0 0
broken line
"""


def test_linux_sticks_are_mounts_of_real_disks_under_media() -> None:
    assert linux_mounts(MOUNTS) == [Path("/media/hanh/KINGSTON"), Path("/run/media/hanh/Xã Phú An")]


def test_windows_sticks_are_letters_that_the_system_calls_removable() -> None:
    kinds = {"C:\\": 3, "D:\\": 5, "E:\\": 2, "F:\\": 2, "G:\\": 4, "A:\\": 2}
    mask = sum(1 << "ABCDEFGHIJKLMNOPQRSTUVWXYZ".index(root[0]) for root in kinds)
    assert windows_letters(mask, kinds.__getitem__) == ["E:\\", "F:\\"]


def test_a_card_reader_without_a_card_is_left_out(tmp_path: Path) -> None:
    def free(path: Path) -> int:
        if path.name == "empty":
            raise OSError("no medium")
        return 5_000

    found = drives_at([tmp_path / "empty", tmp_path / "KINGSTON"], free)
    assert [(drive.name, drive.free) for drive in found] == [("KINGSTON", 5_000)]


def test_this_machine_is_asked_without_an_error() -> None:
    assert all(drive.path.exists() for drive in removable_drives())
