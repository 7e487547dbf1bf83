"""Flash messages: readable by the browser, forged by nobody, shown once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from akashi.platform.keys import Keys
from akashi.platform.kit.flashes import Flash, open_flash, seal_flash

KEYS = Keys(bytes(range(32)))
NOW = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
FLASH = Flash("{name} was registered.", "notice", {"name": "汐見駅前支店"})
FORM = {"office": "012", "kind": "explain", "purpose": "案内"}


@given(st.text(max_size=100), st.dictionaries(st.text(max_size=9), st.text(max_size=40), max_size=3))
def test_sealing_and_opening_is_the_identity(message: str, values: dict[str, str]) -> None:
    flash = Flash(message, "done", values)
    assert open_flash(KEYS, seal_flash(KEYS, flash, NOW), NOW) == flash


@given(st.integers(min_value=0), st.characters(min_codepoint=33, max_codepoint=126))
def test_a_changed_character_is_noticed(place: int, letter: str) -> None:
    cookie = seal_flash(KEYS, FLASH, NOW)
    place %= len(cookie)
    forged = cookie[:place] + letter + cookie[place + 1 :]
    assert forged == cookie or open_flash(KEYS, forged, NOW) is None


@given(st.text(max_size=200))
def test_whatever_a_browser_sends_is_survived(cookie: str) -> None:
    assert open_flash(KEYS, cookie, NOW) is None


def test_another_installation_cannot_seal() -> None:
    assert open_flash(KEYS, seal_flash(Keys(bytes(32)), FLASH, NOW), NOW) is None


def test_an_old_message_is_not_shown() -> None:
    cookie = seal_flash(KEYS, FLASH, NOW)
    assert open_flash(KEYS, cookie, NOW + timedelta(seconds=120)) == FLASH
    assert open_flash(KEYS, cookie, NOW + timedelta(seconds=122)) is None


def test_what_does_not_fit_a_cookie_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        seal_flash(KEYS, Flash("あ" * 2000), NOW)
    with pytest.raises(ValueError, match="tone"):
        seal_flash(KEYS, Flash("x", "loud"), NOW)


def test_message_appears_on_the_next_page_once_and_escaped(kit_client: TestClient) -> None:
    answer = kit_client.post("/kit", data={**FORM, "name": "<b>窓口</b>"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/kit")
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "『&lt;b&gt;窓口&lt;/b&gt;』を登録しました。" in kit_client.get("/kit").text
    assert "を登録しました。" not in kit_client.get("/kit").text
