"""Names made whole: parts that stand together, a given name in kana, the other of two that are set apart.

Texts are normalised; spans are those that other rules and the model found.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from akashi.domains.guardrails.name_denials import PRODUCT_BEFORE
from akashi.domains.guardrails.name_frames import may_name
from akashi.domains.guardrails.name_lists import KANJI, known_names
from akashi.language.words import dictionary_tags

Span = tuple[int, int]

_K = KANJI
_JOINT = frozenset("・=")
_GIVEN_KANA = re.compile(r"[ァ-ヴ][ァ-ヴー]{1,3}(?![ァ-ヴー])")
_ONLY_KANJI = re.compile(f"[{_K}ぁ-ゖ・=]+")
_ALL_KANJI = re.compile(f"[{_K}]+")
_QUOTED = r"[「『](?:([ァ-ヴー]{2,10}(?: [ァ-ヴー]{2,8})?)|([ぁ-ゖー]{2,8}))[」』]"
_PAIR = re.compile(rf"{_QUOTED}(?:が|は|を|から|→|でなく|ではなく|じゃなくて?|と|、)?{_QUOTED}")
_INSTEAD = re.compile(
    r"[(（「『]([ぁ-ゖ]{2,6}?|[ァ-ヴー]{2,7})(?:では|じゃ|で)なく(?:て|、)?([ぁ-ゖ]{2,6}?|[ァ-ヴー]{2,7})[)）」』]"
)
_OF_NAMES = re.compile(
    "名前|氏名|名義|名字|苗字|読|呼|様|さん|依頼人|受取人|振込人|登録|通称|旧姓|(?<=[一-鿿])が就任"
)
_MIXED = re.compile(rf"[「『](([{_K}]{{1,3}})([ァ-ヴ][ァ-ヴー]{{1,3}}))[」』]")
_QUOTED_FULL = re.compile(rf"[「『]([{_K}]{{1,4}} [{_K}ぁ-ゖァ-ヴー]{{1,4}})[」』](?=様|さん|さま|氏)")
_CHILD = re.compile(
    rf"(?<![{_K}])([{_K}]{{1,3}})[(（][ぁ-ゖ]{{2,6}}[、, ]"
    r"(?:長男|次男|三男|長女|次女|三女|息子|娘|孫|妻|夫|父|母|兄|弟|姉|妹)[)）]"
)
_RELATIVE = re.compile(
    r"[夫妻母父兄弟姉妹子娘](?:の|・)? ?([A-Z][a-z]{2,14}(?: [A-Z][a-z]{2,14})?)(?=[にがのとはへ、])"
)
_CHARGED = re.compile(
    r"(?:担当者?|後任|前任|主任)(?:は|が|の)(?:、| )?"
    r"([ァ-ヴー]{4,10})(?=に[替変代な]|で[すしご]|が[対担]|さん|様|。|、)"
)
_CARD_NAME = re.compile(r"[\"「『(]([A-Z]{2,12}(?: [A-Z]{1,12}){1,3})[\"」』)]")
_OF_CARD = re.compile(r"(?i:card|passport|name)|カード|刻印|パスポート|旅券|ローマ字|名義")
_NO_PERSON = re.compile(
    r"\b(?:BANK|CARD|ATM|PAY|INC|LTD|CO|CORP|VISA|JCB|GOLD|DEBIT|CREDIT|ERROR|CODE|NOT|THE|NOTE|USER|NO|NG|OK)\b"
)
_READ_AS = re.compile(
    r"(?:姓|名字|苗字|氏名|お名前|カナ|フリガナ)(?:は|が|を|の読みは)「([ぁ-ゖー]{2,8}|[ァ-ヴー]{2,8})」(?=と|です|で、|。|に|が)"
)


def whole_names(text: str, names: Sequence[Span]) -> list[Span]:
    """Return ``names`` in order, those that stand together joined and given names in kana taken in.

    >>> text = "契約者は八重樫ツヨ、妻はルイーザ・鈴木です。"
    >>> [text[start:end] for start, end in whole_names(text, [(4, 7), (12, 16), (17, 19)])]
    ['八重樫ツヨ', 'ルイーザ・鈴木']
    """
    whole: list[Span] = []
    for start, end in sorted(names):
        given = _GIVEN_KANA.match(text, end)
        if given and _may_be_given(text[start:end], given.group()):
            end = given.end()
        if whole and start == whole[-1][1] + 1 and _is_foreign_joint(text, whole[-1], end):
            whole[-1] = (whole[-1][0], end)
        else:
            whole.append((start, end))
    return whole


def _is_foreign_joint(text: str, before: Span, end: int) -> bool:
    """Return whether a dot or a double hyphen joins parts of a foreign name; between kanji it parts names."""
    joint = before[1]
    if text[joint] == "=" and "・" in text[before[0] : end]:
        return False  # two persons who meet
    return text[joint] in _JOINT and not _ONLY_KANJI.fullmatch(
        text[before[0] : joint] + text[joint + 1 : end]
    )


@functools.lru_cache(maxsize=4_096)
def _may_be_given(surname: str, given: str) -> bool:
    """Return whether katakana right after a surname is a given name, and no word of things (田中ビル)."""
    if not (_ALL_KANJI.fullmatch(surname) and may_name(surname)):
        return False
    return known_names().is_given(given) or not dictionary_tags(given)


def find_set_apart(text: str, names: Sequence[Span]) -> Iterator[Span]:
    """Yield names in brackets that are told apart from another name (「わたなべ」ではなく「わたべ」).

    One of the two must be known as a name or stand in ``names``.
    """
    if "「" in text or "『" in text or "なく" in text:
        known = frozenset(text[start:end] for start, end in names)
        if known or _OF_NAMES.search(text):
            yield from _told_apart(text, known)
        yield from _quoted_wholes(text)
        for read in _READ_AS.finditer(text):
            if known or "s" in known_names().roles(read[1]):
                yield read.span(1)
    yield from _beside_kin(text)


def _beside_kin(text: str) -> Iterator[Span]:
    """Yield foreign names of kin and staff, children's names with their reading, names on cards."""
    for relative in _RELATIVE.finditer(text):
        yield relative.span(1)
    for charged in _CHARGED.finditer(text) if "担当" in text or "任" in text else ():
        if not dictionary_tags(charged[1]):
            yield charged.span(1)
    for child in _CHILD.finditer(text) if "(" in text else ():
        yield child.span(1)
    for card in _CARD_NAME.finditer(text) if _OF_CARD.search(text) else ():
        if not _NO_PERSON.search(card[1]):
            yield card.span(1)


def _told_apart(text: str, known: frozenset[str]) -> Iterator[Span]:
    for pattern in (_PAIR, _INSTEAD):
        for pair in pattern.finditer(text):
            said = [(pair[at], pair.span(at)) for at in range(1, pattern.groups + 1) if pair[at]]
            is_product = PRODUCT_BEFORE.search(text, max(0, pair.start() - 8), pair.start()) is not None
            if not is_product and any(_is_called(one, known) for one, _ in said):
                yield from (span for _, span in said)


def _quoted_wholes(text: str) -> Iterator[Span]:
    for mixed in _MIXED.finditer(text):
        if _may_be_given(mixed[2], mixed[3]):
            yield mixed.span(1)
    for full in _QUOTED_FULL.finditer(text):
        yield full.span(1)


def _is_called(said: str, known: frozenset[str]) -> bool:
    first = said.split(" ")[0]
    lists = known_names()
    return said in known or bool({"s", "g"} & set(lists.roles(first))) or lists.full_reading(said)
