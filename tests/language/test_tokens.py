"""Words with their place, from any text and in any thread."""

from __future__ import annotations

import itertools
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from akashi.language import tokens
from akashi.language.synonyms import Phrases, everyday_groups, match_groups
from akashi.language.tokens import read_ngrams, read_tokens

ANY = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)


def content(text: str) -> list[str]:
    return [token.form for token in read_tokens(text) if token.content]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("引越しの手続き", "引っ越しの手続"),
        ("ＡＴＭ", "atm"),
        ("ｷｬｯｼｭｶｰﾄﾞ", "キャッシュカード"),
        ("三千円の手数料", "3000円の手数料"),
        ("申込", "申し込み"),
    ],
)
def test_spellings_of_one_word_agree(one: str, other: str) -> None:
    assert content(one) == content(other)


def test_polite_and_asking_words_are_not_content() -> None:
    assert content("すみませんが、どうすればよいか教えていただけますでしょうか。") == []
    assert content("印鑑の変更方法を教えてください") == ["印鑑", "変更", "方法"]


def test_short_units_split_compounds() -> None:
    assert content("住宅ローン金利") == ["住宅", "ローン", "金利"]


def test_span_is_the_place_in_the_original_text() -> None:
    text = "  ｶｰﾄﾞを\u200bなくした"
    words = {token.form: token.span.of(text) for token in read_tokens(text)}
    assert words["カード"] == "ｶｰﾄﾞ"
    assert words["なくす"] == "なくし"


def groups_of(text: str, form: str) -> set[int]:
    return {group for token in read_tokens(text) if token.form == form for group in token.synonyms}


def test_everyday_word_shares_a_group_with_the_word_of_the_bank() -> None:
    assert groups_of("通帳をなくした", "なくす") & groups_of("通帳の紛失", "紛失")
    assert groups_of("はんこ", "判子") & groups_of("届出印", "印")
    assert not groups_of("通帳をなくした", "なくす") & groups_of("金利", "金利")


def test_phrase_matches_only_as_a_whole() -> None:
    phrases: Phrases = {"見つかる": [(("見つかる", "ない"), 7)]}
    assert match_groups(["鍵", "見つかる", "ない"], phrases) == [(), (7,), (7,)]
    assert match_groups(["鍵", "見つかる", "た"], phrases) == [(), (), ()]


def test_no_everyday_group_lists_a_word_twice() -> None:
    assert all(len(set(group)) == len(group) >= 2 for group in everyday_groups())


def test_ngrams_stay_inside_words_and_ignore_kana_script() -> None:
    assert read_ngrams("フリコミ", 2) == read_ngrams("ふりこみ", 2) == ["ふり", "りこ", "こみ"]
    assert read_ngrams("預金、利息", 2) == ["預金", "利息"]
    assert read_ngrams("ＡＴＭ", 3) == ["atm"]


@settings(deadline=None)
@given(ANY)
def test_any_string_gives_words_in_order_inside_the_text(text: str) -> None:
    spans = [token.span for token in read_tokens(text)]
    assert all(span.end <= len(text) for span in spans)
    assert all(one.start <= other.start for one, other in itertools.pairwise(spans))


@pytest.mark.full
@pytest.mark.parametrize("unit", ["あ", "ァ", "漢", "1", "a", "𠮷", "(", "㍿", "\ud800", "\x00", "通帳を。"])
def test_hundred_thousand_characters_are_analysed(unit: str) -> None:
    text = (unit * 100_000)[:100_000]
    assert all(token.span.end <= len(text) for token in read_tokens(text))


def test_cutting_a_long_text_does_not_change_its_words() -> None:
    sentence = "キャッシュカードの再発行には手数料がかかります。"
    assert content(sentence * 200) == content(sentence) * 200


def test_threads_share_the_dictionary_not_the_tokenizer() -> None:
    texts = [f"口座{number}の残高を照会したい" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(content, texts)) == [content(text) for text in texts]


def test_importing_does_not_load_the_dictionary() -> None:
    code = (
        "import akashi.language.tokens as t, akashi.language.numerals, akashi.language.calendar;"
        "assert t._dictionary.cache_info().currsize == 0"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


PIECES = ["名義変更", "ＡＴＭ", "ずーーっと", "3,000円", "振込手数料", "。", " ", "ぴえん"]


@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_word_met_before_is_read_as_at_first(words: list[str]) -> None:
    text = "".join(words)
    tokens._units.clear()
    first = read_tokens(text)
    assert read_tokens(text) == first
    read_tokens("お" + text)
    assert read_tokens(text) == first
