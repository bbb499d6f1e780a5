"""Every screen's help exists, is short, and names only keys that work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from desktop_app.ui.actions import EVERYWHERE, FIELD_KEYS, REGISTRY
from desktop_app.ui.importing.wizard_page import ImportPage
from desktop_app.ui.page import Page
from desktop_app.ui.sync.page import SyncPage

ROOT = Path(__file__).parents[2]
TOPICS = sorted(
    {
        topic
        for path in (ROOT / "desktop_app" / "ui").rglob("*.py")
        for topic in re.findall(r'^    help_topic = "(\w+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
    }
)
MOST_WORDS = 700


def text_of(topic: str) -> str:
    return (ROOT / "resources" / "help" / f"{topic}.md").read_text(encoding="utf-8")


def test_there_are_topics() -> None:
    assert {"nhap_khau", "dong_bo", "cong_dan"} <= set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_short_text_under_one_heading(topic: str) -> None:
    text = text_of(topic)
    assert text.startswith("# ") and text.count("\n# ") == 0
    assert 30 < len(text.split()) < MOST_WORDS


@pytest.mark.parametrize("page", [ImportPage, SyncPage])
def test_the_keys_that_a_text_names_work_on_its_screen(page: type[Page]) -> None:
    for spec in page.ACTIONS:
        REGISTRY.add(spec)
    own = {spec.shortcut for spec in page.ACTIONS} | {spec.shortcut for spec in REGISTRY.in_scope(EVERYWHERE)}
    known = own | {key for key, _ in FIELD_KEYS} | {"F4"}
    named = set(re.findall(r"\b(?:Ctrl\+(?:Shift\+)?(?:Enter|[A-Z0-9])|F\d{1,2})\b", text_of(page.help_topic)))
    assert named and named <= known, named - known


@pytest.mark.parametrize("page", [ImportPage, SyncPage])
def test_a_text_names_every_key_of_its_screen(page: type[Page]) -> None:
    text = text_of(page.help_topic)
    assert [spec.shortcut for spec in page.ACTIONS if spec.shortcut not in text] == []
