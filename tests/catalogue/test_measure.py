"""The cited texts: recognised by digest, and every anchor found in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from akashi.catalogue.commands import app
from akashi.catalogue.load import shipped_catalogue
from akashi.catalogue.measure import Edition, check_sources, check_text, find_copies
from akashi.core.errors import InputError


def test_shipped_requirements_cite_the_five_texts_exactly(shared_data: Path) -> None:
    checks = check_sources(shipped_catalogue(), shared_data / "seeds")
    assert [one.edition for one in checks] == [Edition.SAME] * 5
    assert [one.lost for one in checks] == [()] * 5


def test_no_run_of_twenty_characters_is_copied(shared_data: Path) -> None:
    assert find_copies(shipped_catalogue(), shared_data / "seeds") == ()


def test_copied_sentence_is_found(shared_data: Path, tmp_path: Path) -> None:
    entry = shipped_catalogue().entries[0]
    (tmp_path / "copy.txt").write_text(f"前文\n{entry.ja[:12]}\n {entry.ja[12:]}", encoding="utf-8")
    assert [one.entry_id for one in find_copies(shipped_catalogue(), tmp_path)] == [entry.id]


def test_there_are_at_least_160_and_every_law_is_to_be_confirmed() -> None:
    catalogue = shipped_catalogue()
    assert len(catalogue.entries) >= 160
    laws = [one for one in catalogue.sources if not one.file]
    assert len(laws) >= 8
    assert all(one.confirm and not one.sha256 for one in laws)
    assert all(one.force_ja and one.force_en for one in catalogue.sources)


def test_fisc_items_are_numbers_only() -> None:
    found = [entry for entry in shipped_catalogue().entries if entry.source.id == "guide-fisc"]
    assert found
    assert all(entry.clause == entry.anchor and entry.clause in entry.ja for entry in found)
    assert len({entry.ja.replace(entry.clause, "") for entry in found}) == 1


def test_text_is_recognised_by_digest_name_and_anchors(shared_data: Path) -> None:
    catalogue = shipped_catalogue()
    source = catalogue.sources[0]
    content = (shared_data / "seeds" / source.file).read_bytes()
    same = check_text(catalogue, "renamed.txt", content)
    newer = check_text(catalogue, "renamed.txt", content.replace("第1.0版".encode(), "第1.1版".encode()))
    assert same
    assert newer
    assert (same.source.id, same.edition) == (source.id, Edition.SAME)
    assert (newer.source.id, newer.edition) == (source.id, Edition.CHANGED)
    assert check_text(catalogue, "other.txt", "預金規定".encode()) is None


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


def test_command_recognises_a_file(shared_data: Path, tmp_path: Path) -> None:
    text = next((shared_data / "seeds").glob("004*.txt"))
    newer = tmp_path / "newer.txt"
    newer.write_bytes(text.read_bytes() + "改訂".encode())
    assert CliRunner().invoke(app, ["check", str(text)]).exit_code == 0
    result = CliRunner().invoke(app, ["check", str(newer)])
    assert result.exit_code == 1
    assert "fsa-frontier-ai-2026-05: ANOTHER EDITION" in result.stdout
