"""Tombstones carried from one machine to another."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from typer.testing import CliRunner

from akashi.conversations.commands import app
from akashi.conversations.erasure import erase_conversation
from akashi.conversations.model import ErasureReason
from akashi.conversations.tombstones import tombstone_file
from akashi.core.errors import InputError
from tests.conversations.conftest import PRIVACY, Desk


def test_exported_tombstones_are_imported_once(desk: Desk, tmp_path: Path) -> None:
    conversation = desk.start().conversation.id
    desk.site.clock.advance(timedelta(days=3000))  # type: ignore[attr-defined]
    erase_conversation(desk.site, conversation, ErasureReason.CUSTOMER_REQUEST, PRIVACY, desk.site.now())
    run, path = CliRunner(), tmp_path / "carried.tombstones"
    written = run.invoke(app, ["tombstones", "export", str(path), "--json"], obj=lambda: desk.site)
    assert json.loads(written.output) == {"written": 1}
    tombstone_file(desk.site.settings).unlink()
    for expected in (1, 0):
        applied = run.invoke(app, ["tombstones", "import", str(path), "--json"], obj=lambda: desk.site)
        assert json.loads(applied.output) == {"applied": expected}
    synced = run.invoke(app, ["tombstones", "sync"], obj=lambda: desk.site)
    assert "hold the same tombstones" in synced.output


def test_existing_and_missing_files_are_refused(desk: Desk, tmp_path: Path) -> None:
    existing = tmp_path / "there"
    existing.write_text("x")
    for words in (["export", str(existing)], ["import", str(tmp_path / "absent")]):
        failed = CliRunner().invoke(app, ["tombstones", *words], obj=lambda: desk.site)
        assert isinstance(failed.exception, InputError)
    assert existing.read_text() == "x"
