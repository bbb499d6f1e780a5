"""A sealed package is plain age around a plain zip: an independent tool opens it (Debian's ``age``)."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from desktop_app.services.sync.identity import load_identity
from desktop_app.services.sync.writer import create_package
from tests.factories import add_household
from tests.services.sync.machines import make_star


@pytest.mark.full
@pytest.mark.skipif(sys.platform == "win32", reason="Debian's age is a Linux program")
def test_an_independent_tool_opens_a_package_and_its_signature_holds(tmp_path: Path) -> None:
    age = shutil.which("age")
    assert age is not None, "the full check needs Debian's package age (installer/dev.py installs it)"
    office, (first,) = make_star(tmp_path, 1)
    add_household(first, members=("Nguyễn Thị Ước",))
    create_package(first, tmp_path / "goi.sht")
    key = tmp_path / "key.txt"
    key.write_text(load_identity(office.folder).age_private + "\n", encoding="ascii")
    plain = tmp_path / "goi.zip"
    command = [age, "--decrypt", "--identity", str(key), "--output", str(plain), str(tmp_path / "goi.sht")]
    subprocess.run(command, check=True, timeout=60)
    with zipfile.ZipFile(plain) as archive:
        label = archive.read("manifest.json")
        sign_key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(load_identity(first.folder).sign_public))
        sign_key.verify(archive.read("manifest.sig"), label)
        assert json.loads(label)["sender"] == first.device
        assert "Nguyễn Thị Ước" in archive.read("operations.jsonl").decode("utf-8")
