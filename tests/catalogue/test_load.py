"""Requirement files: what is refused, and by what words."""

from __future__ import annotations

from pathlib import Path

import pytest

from akashi.catalogue.load import load_catalogue, shipped_catalogue
from akashi.catalogue.model import Kind
from akashi.core.errors import InputError, NotFoundError

SOURCE = """[source]
id = "rule"
title_ja = "規程"
title_en = "Rule"
issuer_ja = "当行"
issuer_en = "The bank"
edition = "1"
"""
ENTRY = """[[requirement]]
id = "one"
clause = "1"
anchor = "第一条"
kind = "attest"
ja = "守る。"
en = "Keep it."
evidence_ja = "記録"
evidence_en = "Records"
"""


def write(tmp_path: Path, text: str, name: str = "rule.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_well_formed_file_becomes_a_catalogue(tmp_path: Path) -> None:
    catalogue = load_catalogue([write(tmp_path, SOURCE + ENTRY)])
    assert catalogue.find("one").kind is Kind.ATTEST
    assert catalogue.find("one").requirement.edition == "1"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('clause = "1"', 'clause = "1"\ncolour = "red"', "colour is unknown"),
        ('ja = "守る。"', "", "ja is missing"),
        ('ja = "守る。"', f'ja = "{"守" * 81}"', "81 characters"),
        ('en = "Keep it."', f'en = "{"keep " * 41}"', "41 words"),
        ('kind = "attest"', 'kind = "guess"', "guess is not"),
        ('kind = "attest"', "kind = 1", "wrong type"),
        ('id = "one"', 'id = "One two"', "small letters"),
        ('anchor = "第一条"', f'anchor = "{"条" * 20}"', "19 characters"),
        ("[[requirement]]", "[[requirements]]", "unknown part requirements"),
    ],
)
def test_wrong_entry_is_refused_by_file_and_entry(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = write(tmp_path, SOURCE + ENTRY.replace(old, new))
    with pytest.raises(InputError, match=said) as refused:
        load_catalogue([path])
    assert "rule.toml" in refused.value.where


def test_same_id_in_two_files_is_refused(tmp_path: Path) -> None:
    other = write(tmp_path, SOURCE.replace('"rule"', '"rule-2"') + ENTRY, "other.toml")
    with pytest.raises(InputError, match="one stands twice"):
        load_catalogue([write(tmp_path, SOURCE + ENTRY), other])


def test_same_id_in_one_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="one stands twice"):
        load_catalogue([write(tmp_path, SOURCE + ENTRY + ENTRY)])


def test_broken_and_missing_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not TOML"):
        load_catalogue([write(tmp_path, "[source\n")])
    with pytest.raises(InputError, match="cannot be opened"):
        load_catalogue([tmp_path / "none.toml"])


def test_search_needs_every_word_in_either_language() -> None:
    catalogue = shipped_catalogue()
    assert "pqc-roadmap" in [entry.id for entry in catalogue.search("roadmap migration")]
    assert [entry.id for entry in catalogue.search("検討から移行 委託先")] == ["pqc-roadmap"]
    assert catalogue.search("roadmap 存在しない") == ()


def test_search_narrows_by_source_and_kind() -> None:
    found = shipped_catalogue().search(source="fsa-frontier-ai-2026-05", kind="automatic")
    assert {"frontier-3-debt", "frontier-6-risk-based"} <= {entry.id for entry in found}
    assert {entry.source.id for entry in found} == {"fsa-frontier-ai-2026-05"}
    assert {entry.kind for entry in found} == {Kind.AUTOMATIC}


def test_second_file_continues_a_source(tmp_path: Path) -> None:
    first = write(tmp_path, SOURCE + ENTRY, "a.toml")
    more = write(tmp_path, 'continues = "rule"\n' + ENTRY.replace('"one"', '"two"'), "b.toml")
    catalogue = load_catalogue([first, more])
    assert [entry.id for entry in catalogue.entries] == ["one", "two"]
    assert len(catalogue.sources) == 1
    with pytest.raises(InputError, match="stands in no earlier file"):
        load_catalogue([more])


def test_unknown_requirement_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        shipped_catalogue().find("none")
