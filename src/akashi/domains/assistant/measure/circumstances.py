"""Who somebody is, said beside a question: found by grammar and word lists.

A name, an age, a gender, an occupation or a town changes nothing of what the bank answers, unless an approved
text speaks of it; `bearing` decides that with the index. Here is only what a text says, not what it means.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files

from akashi.core.spans import Interval
from akashi.language.words import Word, read_words


class Kind(StrEnum):
    """What a circumstance tells of a person."""

    NAME = "name"
    AGE = "age"
    GENDER = "gender"
    ROLE = "role"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Circumstance:
    """``span`` is what falls away with its particles, ``told`` the words of the circumstance itself."""

    span: Interval
    told: Interval
    kind: Kind


# Every word becomes one letter, and the patterns below are written over these letters.
_LETTERS = {
    "age": "a",
    "gender": "g",
    "manner": "m",
    "role": "r",
    "place": "q",
    "near": "t",
    "label": "l",
    "relation": "k",
    "half": "h",
    "living": "v",
    "coming": "V",
    "holder": "L",
    "branch": "B",
}
_WRITTEN = {
    **dict.fromkeys(["です", "だ", "でございます", "っす"], "c"),
    **dict.fromkeys(["さん", "様", "さま", "氏", "ちゃん", "くん", "君"], "S"),
    **dict.fromkeys(["者", "もの", "方", "人"], "P"),
    **dict.fromkeys(["けど", "けれど", "けれども", "ので", "けん", "し"], "K"),
    **dict.fromkeys(["歳", "才", "代"], "y"),
    **dict.fromkeys(["私", "わたし", "わたくし", "僕", "ぼく", "俺", "おれ", "当方"], "I"),
    **dict.fromkeys(["申し", "申す", "いい", "言い", "名乗り"], "u"),
    **dict.fromkeys(["。", "!", "\n"], "."),
    "?": "?",
    "か": "Q",
    **dict.fromkeys(["、", ","], ","),
    **dict.fromkeys(["と", "って"], "T"),
    "の": "o",
    "が": "G",
    "は": "H",
    "も": "M",
    "で": "D",
    "に": "N",
    "へ": "E",
    "から": "R",
    "・": "j",
}
MASKED = "\ue000"
"""Stands for a name that the guards have masked. A customer cannot write it: it means nothing."""
_PERSON = re.compile(r"\[PERSON-[0-9]{1,6}[A-Z]{0,3}-[a-z]{6}\]")
_MASK = re.compile(r"\[[A-Z_]{2,20}-[0-9]{1,6}[A-Z]{0,3}-[a-z]{6}\]")
_LABEL = (
    "(?:電話|携帯|スマホ|連絡先|自宅|勤務先|住所|郵便|メール|アドレス|生年月日|誕生日|口座|カード|マイナンバー|個人番号"
    "|免許証?|店番|支店|番号|(?i:fax|tel))"
)
# A value that is only stated asks for nothing: 「電話は…です」 goes with the number that was masked.
_STATED = re.compile(
    rf"(?:{_LABEL}の?){{1,3}}(?:は|が|:)? ?{_MASK.pattern}"
    "(?:です|だ|でございます|になります|となります)?(?:ので|けど)?"
)
_MAY_BE_NAME = re.compile(r"[一-鿿々]|[ァ-ヶー]{2,12}|[一-鿿々ァ-ヶー]{1,6}\([ぁ-んァ-ヶー]{1,12}\)")
_KANJI = re.compile("[一-鿿々ヶケノ]{1,7}")
_NUMBER = re.compile("[0-9〇一二三四五六七八九十百]{1,4}")
_BRANCH = frozenset(["支店", "出張所", "営業部"])
_TRADES = frozenset(["員", "師", "士", "生"])
_LONGEST, _MOST = 5, 400
"""Words of a listed phrase at most; words of a text that are looked at. Ours."""

_AGE = "(?:dyh?|ah?)"
_TRAIT = f"(?:{_AGE}|[gmrz]|p(?:o?t)*)"
_CHAIN = f"(?:{_TRAIT}[oj]?)*(?:{_AGE}|[grzm])(?:o?P)?S?"
_BEGIN = "(?:(?<=[.?])|^)(?:lH,?|I[H,]?,?)?"
_SELF = "(?:lH,?|I[H,]?,?)?"
_END = "w*(?:[GK],?|(?=[.,?])|$)[,.]?"
_NAMED = "(?P<told>(?:[nb][j ]?){1,4}S?)"
_PLACED = "(?:[pqmB]o?)*(?:[pq](?:o?t)*|[Bfb]o?t)"
_PATTERNS: tuple[tuple[Kind | None, re.Pattern[str]], ...] = (
    (Kind.NAME, re.compile(f"{_BEGIN}(?P<told>[^.,?GHMNDokIcw]{{1,7}}?S?)Tuw*{_END}")),
    (Kind.NAME, re.compile(f"{_BEGIN}{_NAMED}c{_END}")),
    (Kind.NAME, re.compile(f"(?:lH,?)?(?<=[LH]H){_NAMED}(?:Tuw*|c){_END}")),
    (Kind.NAME, re.compile(f"o(?P<told>(?:nj?|b(?=c)){{1,4}}S?)(?:Tuw*|c){_END}")),
    (Kind.AGE, re.compile(f"{_BEGIN}(?P<told>{_AGE})D")),
    (None, re.compile(f"{_SELF}(?P<told>{_CHAIN})c{_END}")),
    (
        Kind.PLACE,
        re.compile(f"{_SELF}(?P<told>(?:[pqmfbx]o?){{0,3}}[pqfb](?:o?t)*)(?:[ND]v|RV|Rv)[Dw]*{_END}"),
    ),
    (Kind.PLACE, re.compile(f"{_SELF}(?P<told>{_PLACED})(?:oPc|o?vc?){_END}")),
    (Kind.PLACE, re.compile(f"{_BEGIN}(?P<told>{_PLACED})c{_END}")),
    (Kind.PLACE, re.compile(f"[lv]H,?(?P<told>{_PLACED}|n+)c{_END}")),
    (Kind.PLACE, re.compile("(?P<told>(?:[pq]o?t?)*[pq](?:o?t)?)o?(?=[kB])")),
    (None, re.compile("(?P<told>(?:(?:dyh?|[agmr])o?)*(?:dyh?|[agr]|mo?P)(?:o?P)?S?)[GHM],?")),
    (None, re.compile(f"(?P<told>(?:{_AGE}|[gm])+)o?(?=[kgrz])")),
    (Kind.GENDER, re.compile("(?P<told>g)(?=f)")),
)
_BACKGROUND: tuple[tuple[Kind | None, re.Pattern[str]], ...] = (
    (Kind.PLACE, re.compile(f"(?P<told>{_PLACED})[GHDER],?")),
)
_KINDS = {"d": Kind.AGE, "a": Kind.AGE, "g": Kind.GENDER, "p": Kind.PLACE, "q": Kind.PLACE}


@dataclass(frozen=True, slots=True)
class _Unit:
    """One or more words that the patterns see as one letter."""

    letter: str
    span: Interval


def find_circumstances(text: str) -> list[Circumstance]:
    """Return what a normalised ``text`` tells of a person, in order and without overlaps.

    >>> text = "25歳の会社員です。通帳をなくしました。"
    >>> [one.told.of(text) for one in find_circumstances(text)]
    ['25歳の会社員']
    """
    found: list[Circumstance] = []
    units = _read_units(text)
    letters = "".join(unit.letter for unit in units)
    told_only = _hide_questions(letters)
    searched = [(kind, pattern, letters) for kind, pattern in _PATTERNS]
    searched += [(kind, pattern, told_only) for kind, pattern in _BACKGROUND]
    for kind, pattern, seen in searched:
        for match in pattern.finditer(seen):
            span, told = _place(units, match.span()), _place(units, match.span("told"))
            if not any(span.start < one.span.end and one.span.start < span.end for one in found):
                found.append(Circumstance(span, told, kind or _kind_of(match.group("told"))))
    masks = [Interval(*one.span()) for one in re.finditer(MASKED, text)]
    found += [
        Circumstance(mask, mask, Kind.NAME)
        for mask in masks
        if not any(one.span.covers(mask) for one in found)
    ]
    return sorted(found, key=lambda one: one.span.start)


def hide_masks(text: str) -> str:
    """Return ``text`` with one sign for each name that the guards masked, and without what else they masked.

    >>> hide_masks("[PERSON-1-bcdfgh]です。携帯電話は[PHONE-1-bcdfgh]です。") == MASKED + "です。 。"
    True
    """
    return _MASK.sub(" ", _STATED.sub(" ", _PERSON.sub(MASKED, text)))


def _hide_questions(letters: str) -> str:
    """Return the letters of what is only told: the last sentence and every question are blanked out.

    >>> _hide_questions("pGx.pHxQ.pGx.xQ.")
    'pGx.*****pGx.***'
    """
    sentences = re.findall(r"[^.?]*[.?]?", letters)
    sentences = [one for one in sentences if one]
    hidden = [
        "*" * len(one) if number == len(sentences) - 1 or one.endswith("?") or "Q" in one[-3:] else one
        for number, one in enumerate(sentences)
    ]
    return "".join(hidden)


def _kind_of(letters: str) -> Kind:
    return next((_KINDS[letter] for letter in letters if letter in _KINDS), Kind.ROLE)


def _place(units: Sequence[_Unit], span: tuple[int, int]) -> Interval:
    return Interval(units[span[0]].span.start, units[span[1] - 1].span.end)


def _read_units(text: str) -> list[_Unit]:
    words = read_words(text)[:_MOST]
    units: list[_Unit] = []
    at = 0
    while at < len(words):
        size, letter = _longest(words, at)
        units.append(_Unit(letter, Interval(words[at].start, words[at + size - 1].end)))
        at += size
    return units


def _longest(words: Sequence[Word], at: int) -> tuple[int, str]:
    """Return how many words from ``at`` on are one unit, and its letter."""
    listed = _listed()
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        letter = listed.get("".join(word.surface for word in words[at : at + size]), "")
        if letter:
            return size, letter
        if size <= 3 and _is_place(words[at : at + size], words[at + size : at + size + 1]):
            return size, "p"
        if size == 2 and words[at].tag.startswith("名詞") and _is_trade(words[at + 1]):
            return size, "z"
    return 1, _letter_of(words[at])


def _is_place(words: Sequence[Word], after: Sequence[Word]) -> bool:
    """Return whether words are a place by their ending: 青磯町, 松ヶ浦町."""
    name = "".join(word.surface for word in words)
    if not _KANJI.fullmatch(name) or not all(word.tag.startswith("名詞") for word in words[:-1]):
        return False
    if not words[-1].tag.startswith(("名詞", "接尾辞")):
        return False
    follows = after[0] if after else None
    if follows and follows.surface in _BRANCH:
        return len(name) > 1 and not _tables()["unnamed"] & {name, words[-1].surface}
    goes_on = follows is not None and follows.tag.startswith(("名詞", "接尾辞"))
    is_known = "地名" in words[0].tag
    if goes_on and follows and not is_known:
        is_known = follows.surface in _tables()["near"] | _tables()["branch"]
    least = 2 if name.endswith("区") else 3
    return len(name) >= least and name[-1] in _tables()["ending"] and (is_known or not goes_on)


def _is_trade(word: Word) -> bool:
    return word.tag.startswith("接尾辞") and word.surface in _TRADES


def _letter_of(word: Word) -> str:
    if word.surface == MASKED:
        return "n"
    if word.surface in _WRITTEN:
        return _WRITTEN[word.surface]
    if word.tag.startswith("名詞-固有名詞-地名") and not word.tag.endswith("国"):
        return "p"
    if word.tag.startswith("名詞-固有名詞-人名"):
        return "n"
    if word.tag.startswith("名詞-数詞") or _NUMBER.fullmatch(word.surface):
        return "d"
    if word.tag.startswith("名詞") and _MAY_BE_NAME.fullmatch(word.surface):
        return "b"
    if word.tag.startswith("名詞"):
        return "f"
    if word.tag.startswith("助動詞") or word.tag in ("助詞-接続助詞", "動詞-非自立可能"):
        return "w"
    return " " if word.tag.startswith("空白") else "x"


@functools.cache
def _tables() -> Mapping[str, frozenset[str]]:
    raw = files("akashi.domains.assistant").joinpath("data/circumstances.toml").read_text("utf-8")
    return {name: frozenset(words) for name, words in tomllib.loads(raw).items()}


@functools.cache
def _listed() -> Mapping[str, str]:
    return {word: letter for name, letter in _LETTERS.items() for word in _tables()[name]}
