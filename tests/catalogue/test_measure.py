"""The cited texts: recognised by digest, and every anchor found in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from akashi.catalogue.commands import app
from akashi.catalogue.load import shipped_catalogue
from akashi.catalogue.measure import Edition, check_sources
from akashi.core.errors import InputError


def test_shipped_requirements_cite_the_five_texts_exactly(shared_data: Path) -> None:
    checks = check_sources(shipped_catalogue(), shared_data / "seeds")
    assert [one.edition for one in checks] == [Edition.SAME] * 5
    assert [one.lost for one in checks] == [()] * 5


def test_our_words_are_never_a_sentence_of_the_source(shared_data: Path) -> None:
    for entry in shipped_catalogue().entries:
        text = "".join((shared_data / "seeds" / entry.source.file).read_text("utf-8").split())
        assert entry.ja not in text
        assert entry.evidence_ja not in text or len(entry.evidence_ja) < 15


def test_one_changed_byte_is_another_edition(shared_data: Path, tmp_path: Path) -> None:
    source = shipped_catalogue().sources[0]
    content = (shared_data / "seeds" / source.file).read_bytes()
    (tmp_path / source.file).write_bytes(content + b" ")
    checks = check_sources(shipped_catalogue(), tmp_path)
    assert [one.edition for one in checks] == [Edition.CHANGED, *[Edition.MISSING] * 4]
    assert not checks[0].lost


def test_clause_that_vanished_is_named(tmp_path: Path) -> None:
    source = shipped_catalogue().sources[1]
    (tmp_path / source.file).write_text("nothing left", encoding="utf-8")
    check = check_sources(shipped_catalogue(), tmp_path)[1]
    assert "programme-publish" in check.lost
    assert not check.is_good


def test_missing_folder_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        check_sources(shipped_catalogue(), tmp_path / "none")


def test_command_exits_1_when_a_text_has_changed(tmp_path: Path) -> None:
    (tmp_path / shipped_catalogue().sources[0].file).write_text("new edition", encoding="utf-8")
    result = CliRunner().invoke(app, ["check", "--seeds", str(tmp_path)])
    assert result.exit_code == 1
    assert "ANOTHER EDITION" in result.stdout


def test_command_lists_and_shows() -> None:
    assert "frontier-8-stop" in CliRunner().invoke(app, ["list", "--search", "停止"]).stdout
    assert "programme-publish" in CliRunner().invoke(app, ["show", "programme-publish", "--json"]).stdout
