"""What the analysis found is kept on disk: the same answers, and nothing believed that is damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from akashi.core.moments import tokyo_day
from akashi.core.thread import Audience
from akashi.domains.assistant import library as library_module
from akashi.domains.assistant.library import Library, with_own_words
from akashi.domains.assistant.measure import index as index_module
from akashi.domains.assistant.measure.features import Terms, read_terms
from akashi.domains.assistant.measure.index import Entry, Index, build_index
from akashi.domains.assistant.measure.kept import read_kept, write_kept
from akashi.platform.site import Site

ENTRIES = [
    Entry("a", "通帳の再発行", "窓口で再発行をお申し込みください。手数料は1,100円です。"),
    Entry("b", "キャッシュカードを無くした", "すぐに紛失受付センターへお電話ください。"),
    Entry("c", "振込手数料", "他行あては440円、当行あては無料です。\n改行もあります。"),
    Entry("d", "", "見出しのない文書です。"),
]
QUESTIONS = ["通帳を無くした", "振込の手数料はいくら", "カードの紛失", "空"]


def keep(path: Path, index: Index) -> None:
    texts = [(entry.question, entry.answer) for entry in index.entries]
    assert write_kept(path, texts, index.features, index.vocabulary)


def test_index_from_kept_features_answers_alike(tmp_path: Path) -> None:
    first = build_index(ENTRIES)
    keep(tmp_path / "terms.npz", first)
    again = build_index(ENTRIES, kept=read_kept(tmp_path / "terms.npz"))
    for question in QUESTIONS:
        assert again.search(question, 3) == first.search(question, 3)


def test_kept_texts_are_not_analysed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(tmp_path / "terms.npz", build_index(ENTRIES))
    analysed: list[str] = []

    def note(text: str) -> Terms:
        analysed.append(text)
        return read_terms(text)

    monkeypatch.setattr(index_module, "read_terms", note)
    build_index([*ENTRIES, Entry("e", "新しい問い", "新しい答え")], kept=read_kept(tmp_path / "terms.npz"))
    assert analysed == ["新しい問い", "新しい答え"]


def test_terms_of_dropped_entries_are_not_kept(tmp_path: Path) -> None:
    whole = build_index(ENTRIES)
    smaller = build_index(ENTRIES[:1], previous=whole)
    rows = np.flatnonzero(smaller.alive).tolist()
    texts = [(smaller.entries[row].question, smaller.entries[row].answer) for row in rows]
    live = [smaller.features[row] for row in rows]
    assert write_kept(tmp_path / "terms.npz", texts, live, smaller.vocabulary)
    kept = read_kept(tmp_path / "terms.npz")
    assert kept is not None
    assert len(kept.vocabulary) == len(live[0].terms) < len(whole.vocabulary)


@pytest.mark.parametrize("size", [0, 10, 2000])
def test_cut_file_is_made_again(tmp_path: Path, size: int) -> None:
    path = tmp_path / "terms.npz"
    keep(path, build_index(ENTRIES))
    path.write_bytes(path.read_bytes()[:size])
    assert read_kept(path) is None


def test_parts_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "terms.npz"
    keep(path, build_index(ENTRIES))
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    np.savez(path, **(arrays | {"terms": arrays["terms"] + 100_000}))
    assert read_kept(path) is None


def test_analysis_of_another_version_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "terms.npz"
    keep(path, build_index(ENTRIES))
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored.files}
    arrays["analysis"] = arrays["analysis"][::-1]
    np.savez(path, **arrays)
    assert read_kept(path) is None


def test_folder_that_cannot_be_written_costs_no_answer(sample_site: Site, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    day = tokyo_day(sample_site.now())
    with sample_site.database.read() as connection:
        shelf = Library(tmp_path / "cache").find_shelf(connection, Audience.CUSTOMERS, day)
    assert shelf.index.search("通帳の再発行", 1)


def test_second_start_analyses_nothing(
    sample_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = tokyo_day(sample_site.now())
    with sample_site.database.read() as connection:
        first = Library(tmp_path / "cache").find_shelf(connection, Audience.CUSTOMERS, day)
        monkeypatch.setattr(index_module, "read_terms", lambda text: pytest.fail("analysed again"))
        second = Library(tmp_path / "cache").find_shelf(connection, Audience.CUSTOMERS, day)
    question = "振込手数料はいくらですか"
    assert second.index.search(question, 5) == first.index.search(question, 5)


def test_index_of_another_audience_answers_alike_and_leaves_the_first_as_it_is() -> None:
    first = build_index(ENTRIES[:2])
    words = dict(first.vocabulary)
    second = build_index(ENTRIES, with_own_words(first))
    for question in QUESTIONS:
        assert second.search(question, 3) == build_index(ENTRIES).search(question, 3)
    assert first.vocabulary == words
    assert len(second.vocabulary) > len(words)
    assert second.features[0] is first.features[0]


def test_what_staff_read_is_analysed_once_with_what_customers_read(
    sample_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "WORTH_KEEPING", 1.0)
    library, day = Library(tmp_path), tokyo_day(sample_site.now())
    with sample_site.database.read() as connection:
        customers = library.find_shelf(connection, Audience.CUSTOMERS, day)
        read: list[str] = []

        def note_terms(text: str) -> Terms:
            read.append(text)
            return read_terms(text)

        monkeypatch.setattr(index_module, "read_terms", note_terms)
        staff = library.find_shelf(connection, Audience.STAFF, day)
    known = {text for one in customers.index.entries for text in (one.question, one.answer)}
    assert 0 < len(read) < len(staff.index.entries)
    assert {one.answer for one in staff.index.entries} - known <= set(read)
