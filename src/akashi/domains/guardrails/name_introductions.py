"""Surnames that no list has, where a given name, an introduction or a title tells what they are."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from akashi.domains.guardrails.matching import match_before_gaps
from akashi.domains.guardrails.name_lists import known_names
from akashi.domains.guardrails.name_rules import tag_of
from akashi.language.words import Form, Words

Span = tuple[int, int]

_KANJI = "一-鿿々〆ヶ"
_GAP = re.compile(f" (?<=[{_KANJI}] )[{_KANJI}ぁ-ゖ]")
_RUN_BEFORE = re.compile(rf"(?<![{_KANJI}])[{_KANJI}]{{1,4}}\Z")
_SPACED = re.compile(
    rf"([{_KANJI}](?<![{_KANJI}ァ-ヴー0-9A-Za-z].)[{_KANJI}]{{0,3}}+) "
    rf"((?!上様)[{_KANJI}]{{1,3}}?|[ぁ-ゖ]{{2,4}}?(?!さま))"
    r" ?(?=と申(?![込請告])|と言います|といいます|様|さま|さん|氏(?!名)|殿)"
)
_INTRODUCED = re.compile(
    r"(?:\A|[。、!?\n]|私、?|私は|[はも]、) ?"
    rf"(([{_KANJI}]{{1,6}})([ぁ-ゖ]{{2,4}})?)と申(?:し(?!上げ|込|出|立|送)|す)"
)
_FIELDED = re.compile(
    r"(?:氏名|名前|名義人?|契約者|申込者|受取人|依頼人|差出人|宛名|保証人|相続人|代表者?)(?:は|が|の|: ?| )"
    rf"([{_KANJI}]{{1,3}} ?((?!さん|さま)[ぁ-ゖ]{{2,4}}?))(?=で[すし]|が|は|[、。,\n)）]|様|さん|名義|\Z)"
)
_PLAIN = re.compile(rf"(?:\A|[。!?\n]) ?([{_KANJI}]{{2,6}}|[{_KANJI}]{{1,3}}[ぁ-ゖ]{{2,4}})\Z")
_LONGEST_PLAIN = 9
_SAYS = re.compile(rf"[でと](?<=[{_KANJI}ぁ-ゖ].)(?:(?<=で)(?:す|ございま)|(?<=と)(?:言い|いいま))")
_OF_KIN = re.compile(
    r"の(?:父|母|妻|夫|家内|主人|息子|娘|兄|姉|弟|妹"
    r"|祖父|祖母|叔父|叔母|伯父|伯母|嫁|婿|親|身内|代理|家族)(?:です|でございま|と申し|と言いま|といいま)"
)
_WHOSE_KIN = re.compile(rf"(?:\A|[。!?\n]|はい、) ?([{_KANJI}]{{2,4}}+)(?={_OF_KIN.pattern})")
_OFFICE = re.compile(
    r"[部課係室店行社局署会所組院庫校園寺宮駅市区町村県都府道州国様殿等者人員長役任名義先元宛欄方御]\Z"
    r"|\A(?:担当|氏名|名前|契約|受付|代表|司法書士|弁護士|税理士|会員|主人|奥|皆|各|旧姓|新姓|本|当|故|妻|夫|父|母|祖父|祖母"
    r"|息子|娘|兄|弟|姉|妹|長男|長女|次男|次女|孫|友|先生|社長|専務|常務|取引|記|以上|拝啓|敬具|追伸|件|例)"
)


def find_introduced(text: str, words: Words) -> Iterator[Span]:
    """Yield surname and given name where only the given one is listed, or an introduction tells both.

    ``text`` is normalised (one blank between the two names). 浜辺 一郎様 and 浜辺太郎と申します are names,
    whatever 浜辺 is elsewhere; a word for an office or a kind of person is none.
    """
    lists = known_names()
    for found in match_before_gaps(_GAP, _RUN_BEFORE, _SPACED, text):
        listed = lists.roles(found[2])
        if ("G" in listed or "g" in listed) and _may_name(words, found.span(1), found[1]):
            yield found.start(), found.end(2)
    for told in _FIELDED.finditer(text):
        is_noun = _word_at(words, told.start(1)).tag.startswith("名詞")
        if is_noun and "g" in lists.roles(told[2]) and not _OFFICE.search(told[1][: -len(told[2])].rstrip()):
            yield told.span(1)
    if _OF_KIN.search(text):
        yield from (kin.span(1) for kin in _WHOSE_KIN.finditer(text) if "S" in lists.roles(kin[1]))
    for told in _plainly_told(text):
        if _is_word_and_given(words, told.span(1)):
            yield told.span(1)
    for found in _INTRODUCED.finditer(text) if "と申" in text else ():
        whole, kanji, kana = found[1], found[2], found[3]
        tails = [kana] if kana else [kanji[at:] for at in range(1, len(kanji))]
        is_given = any({"g", "G"} & set(lists.roles(tail)) for tail in tails)
        if is_given and _may_name(words, found.span(1), whole):
            yield found.span(1)


def _plainly_told(text: str) -> Iterator[re.Match[str]]:
    """Yield what stands between the start of a sentence and です or と言います, the shortest at each start.

    Tried only where one of these words stands, which is rarer than a start.
    """
    reached = -1
    for said in _SAYS.finditer(text):
        told = _PLAIN.search(text, max(0, said.start() - _LONGEST_PLAIN), said.start())
        if told is not None and told.start() > reached:
            reached = told.start()
            yield told


def _may_name(words: Words, span: Span, said: str) -> bool:
    """Return whether a word is neither an office nor a kind of person, nor something done (受付, 契約)."""
    return not _OFFICE.search(said) and "サ変" not in tag_of(words, span)


def _word_at(words: Words, place: int) -> Form:
    """Return the word in which ``place`` lies."""
    return words.forms[bisect.bisect_right(words.places, place) - 1]


def _is_word_and_given(words: Words, span: Span) -> bool:
    """Return whether two words stand there: any short noun, and one the dictionary calls a given name."""
    at = bisect.bisect_left(words.places, span[0])
    if words.places[at : at + 3 : 2] != [*span] or "人名-名" not in words.forms[at + 1].tag:
        return False
    first = words.forms[at]
    return (
        len(first.surface) <= _SURNAME and first.tag.startswith("名詞") and not _OFFICE.search(first.surface)
    )


_SURNAME = 3
