"""Search finds what was asked, the same way however the index came to be."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.domains.assistant.measure.features import read_terms
from akashi.domains.assistant.measure.index import Entry, build_index
from akashi.domains.assistant.measure.postings import STREAMS, Saturation, build_block, encode_features

ENTRIES = [
    Entry("lost", "通帳を紛失したとき", "お電話ください。すぐに口座を止めます。"),
    Entry("carry", "通帳の繰越", "ATMでいつでも繰越できます。"),
    Entry("loan", "住宅ローンの金利", "変動金利は年0.5%です。年2回見直します。"),
    Entry("fee", "振込手数料", "他行あては550円です。"),
    Entry("seal", "届出印の変更", "窓口へ本人確認書類をお持ちください。"),
    Entry("hours", "窓口の営業時間", "平日の9時から15時までです。"),
]
WORDS = ["通帳", "紛失", "なくした", "金利", "手数料", "印鑑", "窓口", "ローン", "宇宙", "。", "を", "\ud800"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map("".join)
MANY = st.lists(st.builds(Entry, st.uuids().map(str), TEXTS, TEXTS), max_size=12)


def found(query: str, entries: list[Entry] = ENTRIES) -> list[str]:
    return [hit.entry_id for hit in build_index(entries).search(query, 10)]


@pytest.mark.parametrize(
    ("query", "entry"),
    [
        ("通帳をなくしてしまいました", "lost"),
        ("ｼﾞｭｳﾀｸﾛｰﾝ 住宅ローンの利息はどれくらい？", "loan"),
        ("はんこを変えたい", "seal"),
        ("よその銀行に送金する料金", "fee"),
        ("何時まで開いていますか", "hours"),
    ],
)
def test_everyday_question_finds_the_entry_of_the_bank(query: str, entry: str) -> None:
    assert found(query)[0] == entry


@pytest.mark.parametrize("query", ["", " \n", "天気", "教えてください。", "\ud800\x00", "？！", "🍣"])
def test_question_without_a_known_word_finds_nothing(query: str) -> None:
    assert found(query) == []


def test_empty_index_finds_nothing() -> None:
    assert found("通帳", []) == []
    assert len(build_index([])) == 0


def test_index_emptied_again_finds_nothing() -> None:
    emptied = build_index([], build_index(ENTRIES))
    assert emptied.search("通帳の紛失", 3) == []
    assert len(emptied) == 0


def test_entry_without_words_is_harmless() -> None:
    assert found("通帳の繰越", [*ENTRIES, Entry("void", "", "。。。")])[0] == "carry"


def test_no_more_than_asked_for_is_found() -> None:
    index = build_index(ENTRIES)
    assert len(index.search("通帳の窓口", 2)) == 2
    assert index.search("通帳の窓口", 0) == []


def test_equal_entries_come_in_order_of_id() -> None:
    twins = [Entry(id_, "通帳の再発行", "窓口へ。") for id_ in "dbca"]
    assert found("通帳の再発行", [*twins, *ENTRIES])[:4] == ["a", "b", "c", "d"]


def test_two_entries_with_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="same id"):
        build_index([ENTRIES[0], ENTRIES[0]])


def test_hit_says_what_the_entry_holds_of_the_question() -> None:
    (first, *_) = build_index(ENTRIES).search("宇宙で通帳をなくした", 3)
    assert first.entry_id == "lost"
    assert first.missing == ("宇宙",)
    assert 0 < first.coverage < 1
    assert first.likeness == 1.0


def test_weight_is_that_of_bm25_by_hand() -> None:
    vocabulary: dict[str, int] = {}
    one = encode_features(read_terms(""), read_terms("通帳と通帳"), vocabulary)
    two = encode_features(read_terms(""), read_terms("印鑑"), vocabulary)
    lengths = np.full((len(STREAMS), 3), 2.0)
    block = build_block([one, two], vocabulary, lengths, Saturation(k1=1.0, b=0.5))
    term = np.array([vocabulary["w通帳"]])
    # count 2, length 2 of mean 2: 2 * (1 + 1) / (2 + 1 * (0.5 + 0.5 * 1))
    assert block.score(2, term, np.array([1.0])) == pytest.approx([4 / 3, 0.0])


@settings(deadline=None, max_examples=60)
@given(MANY, TEXTS)
def test_search_is_deterministic_and_ignores_the_order_of_entries(entries: list[Entry], query: str) -> None:
    assert found(query, entries) == found(query, entries[::-1])


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_unrelated_entry_removes_no_hit(query: str) -> None:
    more = [*ENTRIES, Entry("other", "相撲の歴史", "力士が土俵で戦う。")]
    assert set(found(query)) <= set(found(query, more))


@settings(deadline=None, max_examples=200)
@given(MANY, MANY, st.integers(0, 12), TEXTS)
def test_changed_index_answers_like_one_built_anew(
    before: list[Entry], added: list[Entry], kept: int, query: str
) -> None:
    old = build_index(before)
    now = [*before[:kept], *added]
    changed, anew = build_index(now, old), build_index(now)
    ours, theirs = changed.search(query, 30), anew.search(query, 30)
    assert [hit.entry_id for hit in ours] == [hit.entry_id for hit in theirs]
    assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-3)
    assert [hit.coverage for hit in ours] == pytest.approx([hit.coverage for hit in theirs])
    assert len(changed) == len(now)


def test_old_index_goes_on_answering_after_a_change() -> None:
    old = build_index(ENTRIES)
    new = build_index([*ENTRIES[1:], Entry("new", "宇宙預金", "新しい商品です。")], old)
    assert [hit.entry_id for hit in old.search("通帳の紛失", 1)] == ["lost"]
    assert old.search("宇宙", 1) == []
    assert [hit.entry_id for hit in new.search("宇宙", 1)] == ["new"]
    assert "lost" not in [hit.entry_id for hit in new.search("通帳の紛失", 9)]


def test_edited_text_under_the_same_id_is_searched_anew() -> None:
    old = build_index(ENTRIES)
    edited = [Entry("lost", "盾と矛", "昔話です。"), *ENTRIES[1:]]
    new = build_index(edited, old)
    assert [hit.entry_id for hit in new.search("昔話", 3)] == ["lost"]
    assert "lost" not in [hit.entry_id for hit in new.search("紛失", 9)]
    back = build_index(ENTRIES, new)
    assert [hit.entry_id for hit in back.search("紛失", 1)] == ["lost"]


def test_renamed_entry_is_found_under_its_new_id() -> None:
    old = build_index(ENTRIES)
    renamed = [Entry("2", ENTRIES[0].question, ENTRIES[0].answer), *ENTRIES[1:]]
    assert build_index(renamed, old).search("通帳の紛失", 1)[0].entry_id == "2"


def test_small_change_keeps_the_large_block() -> None:
    old = build_index([Entry(str(n), f"問い{n}の答え", f"本文{n}です") for n in range(400)])
    new = build_index([*old.entries, Entry("new", "問い400の答え", "本文400です")], old)
    assert new.blocks[0] is old.blocks[0]
    assert new.blocks[1].size == 1


@pytest.mark.parametrize("part", range(3))
def test_scores_are_the_product_of_the_inverted_lists(part: int) -> None:
    (block,) = build_index(ENTRIES).blocks
    terms = np.arange(0, block.weights[part].shape[0], 3)
    gains = np.linspace(0.5, 2.0, len(terms))
    product = block.weights[part][terms].T @ gains.astype(np.float32)
    assert product.any()
    np.testing.assert_array_equal(block.score(part, terms, gains), product)


@pytest.mark.parametrize("query", ["通帳を紛失", "窓口の金利"])
def test_search_is_the_same_right_after_asking_who_speaks_of_something(query: str) -> None:
    index, other = build_index(ENTRIES), build_index(ENTRIES[:3])
    alone, elsewhere = index.search(query, 10), other.search(query, 10)
    for _ in range(2):
        index.speaks_of(query, [frozenset({"w窓口"})], [True], 0.75, 10)
        assert other.search(query, 10) == elsewhere
        index.speaks_of(query, [frozenset({"w窓口"})], [True], 0.75, 10)
        assert index.search(query, 10) == alone == index.search(query, 10)
        index.speaks_of("振込手数料", [frozenset({"w窓口"})], [True], 0.75, 10)
        assert index.search(query, 10) == alone
