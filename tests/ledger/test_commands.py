"""``akashi ledger`` as people and machines use it; exit code 1 when something was done to the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner, Result

from akashi.core.errors import InputError, NotFoundError
from akashi.ledger.commands import app
from akashi.platform.site import Site
from tests.ledger.chains import break_guards, fill


def run(site: Site | None, *words: str) -> Result:
    """Run one command in front of ``site``; errors of the product come through."""
    result = CliRunner().invoke(app, list(words), obj=lambda: site)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture
def filled(sqlite_site: Site) -> Site:
    """An installation with five entries."""
    fill(sqlite_site, 5)
    return sqlite_site


def forge(site: Site) -> None:
    """Change an entry as somebody who owns the database."""
    with site.database.write() as connection:
        break_guards(connection)
        connection.execute(sa.text("UPDATE ledger_entry SET subject = 'other' WHERE sequence = 2"))


def test_verify_says_how_many_entries_verify(filled: Site) -> None:
    result = run(filled, "verify")
    assert result.exit_code == 0
    assert "5 entries and 0 checkpoints verify." in result.stdout


def test_verify_names_the_first_fault_and_exits_with_one(filled: Site) -> None:
    forge(filled)
    result = run(filled, "verify")
    assert result.exit_code == 1
    assert "Entry 2 was changed" in result.stdout
    machine = run(filled, "verify", "--json")
    assert machine.exit_code == 1
    fault = json.loads(machine.stdout)["fault"]
    assert (fault["kind"], fault["sequence"], fault["at"]) == ("changed", 2, "2026-04-01T02:00:00.000000Z")


def test_verify_takes_a_checkpoint_that_an_auditor_kept(filled: Site, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    assert run(filled, "checkpoint", "--output", str(path)).exit_code == 0
    with filled.database.write() as connection:
        break_guards(connection)
        connection.execute(sa.text("DELETE FROM ledger_entry WHERE sequence = 5"))
        connection.execute(sa.text("DELETE FROM ledger_checkpoint"))
    assert run(filled, "verify").exit_code == 0
    result = run(filled, "verify", "--checkpoint", str(path))
    assert result.exit_code == 1
    assert "entries 5 to 5 were removed" in result.stdout


def test_show_lists_the_newest_and_opens_one(filled: Site) -> None:
    assert run(filled, "show", "--limit", "2").stdout.split()[0] == "5"
    assert "previous" in run(filled, "show", "3").stdout
    entries = json.loads(run(filled, "show", "--subject", "subject0002", "--json").stdout)["entries"]
    assert [(entry["sequence"], entry["payload"]) for entry in entries] == [(2, {"n": 2})]
    with pytest.raises(NotFoundError, match="no entry 9"):
        run(filled, "show", "9")


def test_checkpoint_of_an_empty_ledger_is_refused(sqlite_site: Site) -> None:
    with pytest.raises(InputError, match="empty"):
        run(sqlite_site, "checkpoint")


def test_exported_file_verifies_without_an_installation(filled: Site, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    assert run(filled, "export", str(path)).exit_code == 0
    result = run(None, "verify-file", str(path), "--fingerprint", filled.keys.fingerprint(), "--json")
    assert (result.exit_code, json.loads(result.stdout)["entries"]) == (0, 5)
    path.write_bytes(path.read_bytes().replace(b"subject0004", b"subject0005"))
    result = run(None, "verify-file", str(path))
    assert result.exit_code == 1
    assert "Entry 4 was changed" in result.stdout


def test_file_of_another_key_is_refused(filled: Site, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    run(filled, "export", str(path))
    with pytest.raises(InputError, match="another key"):
        run(None, "verify-file", str(path), "--fingerprint", "00" * 32)


def test_export_never_overwrites_a_file(filled: Site, tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    path.write_text("mine")
    with pytest.raises(InputError, match="already"):
        run(filled, "export", str(path))
    assert path.read_text() == "mine"
