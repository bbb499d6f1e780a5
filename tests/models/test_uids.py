"""Uids that two machines must compute alike."""

from __future__ import annotations

import uuid

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.models.tables import natural_uid
from desktop_app.models.tables.base import UID_NAMESPACE


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@given(st.text(max_size=40), st.integers(-3, 3000))
def test_a_natural_uid_is_the_uuid5_of_its_words(word: str, number: int) -> None:
    name = f"answer|{word}|{number}"
    try:
        expected = uuid.uuid5(UID_NAMESPACE, name).hex
    except UnicodeEncodeError:
        return
    assert natural_uid("answer", word, number) == expected
