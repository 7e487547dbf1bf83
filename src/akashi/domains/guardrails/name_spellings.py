"""Names of which somebody says how they are read or written.

A text that speaks of readings and of how a name is registered sets names in brackets, in kana and in capital
letters that say nothing elsewhere. Texts are normalised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from akashi.domains.guardrails.name_frames import may_name
from akashi.domains.guardrails.name_lists import KANJI, known_names
from akashi.language.words import dictionary_tags

Span = tuple[int, int]

_K = KANJI + "ノ"
_LETTERS_APART = re.compile(r" (?<=[A-Z]{2} )[A-Z]|\((?=[A-Z])")
_OF_NAMES = re.compile(
    r"フリガナ|ふりがな|カナ(?:氏名|名)|依頼人名|氏名|お名前|名札|読みの|名義|名字|苗字|旧姓|改姓|本名|通名"
    r"|旧字|異体字|検索|署名|印鑑は|読め|ルビ|ローマじ|なまえ|在留カード|カタカナ|で登録"
    r"|名(?:の漢字|方)?(?:は|が|を|で)|読み(?:の漢字|方)?(?:は|が|を|で)|つづ?りが|綴づ?りが|漢字(?:は|が|を)"
)
_OF_KANA = re.compile(
    "フリガナ|ふりがな|ルビ|読め|読みます|で登録|カナ|依頼人名|氏名|読み(?:方)?(?:は|が|の)|お名前|名義人|漢字が"
)
_KANJI_QUOTED = re.compile(rf"[「『]([{_K}]{{1,6}})[」』]")
_KANA_QUOTED = re.compile(
    r"[「『]([ァ-ヴー]{2,10}(?: [ァ-ヴー]{2,8})?|[ぁ-ゖー]{2,8}?(?: [ぁ-ゖー]{2,8})?)"
    r"(?:様|さん|さま)?[」』](?!という)"
)
_SAID_SO = re.compile(r"と(?:読|呼)|です|では|じゃ|。")
_CAPITALS = re.compile(r"(?<![A-Za-z])(?<![A-Za-z] )[A-Z]{2,}(?: [A-Z]{2,}){1,3}(?![A-Za-z])")
_QUOTED_READING = re.compile(
    rf"[「『]([{_K}]{{1,6}})[」』](?:は|と書いて|で) ?[「『]([ぁ-ゖァ-ヴー]{{2,10}})[」』]"
    r"(?:です|と(?:読|申|よ|呼)|では|じゃ|。)"
)
_LATIN_QUOTED = re.compile(
    r"[「『(]([A-Z][A-Za-z'-]+(?: [A-Z][A-Za-z'-]*){1,3}|[A-Z][a-z]+-[A-Z][a-z]+)[」』)]"
)
_FIRM_LATIN = re.compile(
    r"\b(?:Bank|BANK|Pay|PAY|CARD|Card|ATM|Inc|Ltd|Co|CO|LTD|INC|Corp|Service|App|Web|Online|NISA|JCB|VISA"
    r"|MASTER|ERROR|CODE|PIN|QR|SMS|URL|PDF|THE|OF|AND|NOT|YOU|SYSTEM|TOOL|NOTE|USER"
    r"|ADMIN|IGNORE|MODE|PROMPT|ALL)\b"
)
_READ = re.compile(
    r"(?:読み|よみ|呼び)(?:方|名|仮名)?(?:は|が|を|:) ?[「『]?([ぁ-ゖー]{2,10}?|[ァ-ヴー]{2,10})"
    r"(?=[」』。、\n]|です|で[、。]|と)"
)
_REGISTERED = re.compile(
    r"(?:名義人?|通帳|カード|口座|登録|表示|印字|名前|本名|通名)(?:の名前|の名義|の表記)?"
    r"(?:は|が|に) ?(?:カタカナで|カナで)? ?"
    r"[「『]?([ァ-ヴー]{3,12}(?: [ァ-ヴー]{2,8})?)[」』]?"
    r"(?=に?なって|のまま|と(?:表示|印字|登録|なって|書)|で(?:登録|表示|印字|す))"
)
_BOTH = re.compile(rf"[「『]([{_K}]{{1,4}}[\[(][{_K}]{{1,4}}[\])] ?[{_K}]{{1,4}})[」』]")
_SHORTEST, _LONGEST = 4, 9
_SHORT_FULL = 2


def find_spelt(text: str) -> Iterator[Span]:
    """Yield the names of a normalised text whose reading or writing is told.

    >>> text = "後任は古閑です。読みは「こが」です。"
    >>> {text[start:end] for start, end in find_spelt(text)}
    {'こが'}
    """
    is_quoted = "「" in text or "『" in text
    if (is_quoted or _LETTERS_APART.search(text)) and _OF_NAMES.search(text):
        yield from _quoted_kanji(text)
        yield from _quoted_kana(text)
        yield from _in_letters(text)
    for read in _QUOTED_READING.finditer(text) if is_quoted else ():
        if may_name(read[1]) or known_names().is_full(read[1]) or known_names().is_given(read[1]):
            yield from (read.span(1), read.span(2))
    yield from (found.span(1) for found in _REGISTERED.finditer(text) if not _is_word(found[1]))
    if "読み" in text or "よみ" in text or "呼び" in text:
        yield from (found.span(1) for found in _READ.finditer(text))
    if is_quoted:
        yield from (found.span(1) for found in _BOTH.finditer(text))


def _quoted_kanji(text: str) -> Iterator[Span]:
    lists = known_names()
    for found in _KANJI_QUOTED.finditer(text):
        is_one = len(found[1]) > 1 or "S" in lists.roles(found[1])
        if (is_one and may_name(found[1])) or (len(found[1]) > _SHORT_FULL and lists.is_full(found[1])):
            yield found.span(1)


def _quoted_kana(text: str) -> Iterator[Span]:
    speaks_of_kana = _OF_KANA.search(text) is not None
    for found in _KANA_QUOTED.finditer(text):
        said = found[1]
        is_listed = "s" in known_names().roles(said) or (" " in said and not _is_word(said))
        is_said = said > "ァ" or _SAID_SO.match(text, found.end()) is not None
        is_unknown = _SHORTEST <= len(said) < _LONGEST and not _is_word(said)
        if is_listed or (speaks_of_kana and is_said and is_unknown):
            yield found.span(1)


def _in_letters(text: str) -> Iterator[Span]:
    for capitals in _CAPITALS.finditer(text):
        if len(capitals.group()) >= _LONGEST and not _FIRM_LATIN.search(capitals.group()):
            yield capitals.span()
    for found in _LATIN_QUOTED.finditer(text):
        is_named = found[1].isupper() or any(map(known_names().roles, re.split("[ -]", found[1])))
        if is_named and not _FIRM_LATIN.search(found[1]):
            yield found.span(1)


def _is_word(said: str) -> bool:
    """Return whether the dictionary has a word in kana, or the first of two, as anything but a name."""
    return any("人名" not in tag for tag in dictionary_tags(said.split(" ")[0]))
