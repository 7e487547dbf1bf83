"""Classes of things that rule each other out: of two that differ, one is something else."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from importlib.resources import files

from akashi.domains.guardrails.output_words import FIRST_AKIN, Unit, one_form, shipped_words
from akashi.language.tokens import read_tokens

# What a thing is by its last part: 消費者センター, 総務部, 委任状, 青葉支店.
_HEADS = {
    "place": [
        "店",
        "センター",
        "局",
        "署",
        "館",
        "所",
        "プラザ",
        "支店",
        "出張所",
        "オフィス",
        "室",
        "ビル",
        "駅",
        "会館",
    ],
    "office": ["部", "課", "会", "委員会", "協会", "グループ", "庁", "省", "連合会"],
    "paper": ["書", "証", "状", "票", "証書", "書類", "届", "券", "手帳", "謄本", "抄本", "印"],
    "party": ["人", "者", "長", "士", "員", "役", "会社", "社", "主", "さん", "官"],
    "price": ["料", "費", "税", "金", "代", "費用", "手数料", "利率", "金利"],
    "product": ["預金", "ローン", "保険", "カード", "ファンド", "通帳", "投信", "年金", "債", "口座"],
}
_LONGEST = 3


@functools.cache
def _classes() -> dict[tuple[str, ...], frozenset[str]]:
    raw = files("akashi.domains.guardrails").joinpath("data/output_rivals.toml").read_text(encoding="utf-8")
    found: dict[tuple[str, ...], frozenset[str]] = {}
    for name, members in tomllib.loads(raw).items():
        for member in members:
            keys = _keys_of(member)
            found[keys] = found.get(keys, frozenset()) | {name}
    return found


def _keys_of(member: str) -> tuple[str, ...]:
    """Return the keys of a thing as the units of a sentence have them: without words that say nothing."""
    words = shipped_words()
    keys = [_key(token.form) for token in read_tokens(member)]
    telling = [key for key in keys if key not in words.light]
    if telling and telling != keys and all(key in words.harmless for key in telling):
        return tuple(keys)[:_LONGEST]
    return tuple(telling or keys)[:_LONGEST]


def _key(form: str) -> str:
    words, own = shipped_words(), one_form(form)
    key = words.same.get(own, own)
    return words.opposites.get(key, key)


def classes_of(units: Sequence[Unit], at: int) -> frozenset[str]:
    """Return the classes of the thing that begins with, or is, the unit at ``at``."""
    known = _classes()
    keys = tuple(unit.key for unit in units[at : at + _LONGEST])
    found = frozenset[str]().union(*(known.get(keys[:length], ()) for length in range(1, len(keys) + 1)))
    found |= _heads().get(units[at].key, frozenset())
    if at + 1 < len(units) and units[at + 1].span.start == units[at].span.end:
        return found | _heads().get(units[at + 1].key, frozenset())
    return found


def is_everyday(one: Unit, other: Unit) -> bool:
    """Return whether two words are said for each other in everyday speech; not where they are rivals.

    外貨 may be either of ドル and ユーロ, but ドル is not ユーロ.
    """
    groups = [group for group in one.everyday & other.everyday if group < FIRST_AKIN]
    if not groups or one.key == other.key:
        return bool(groups)
    return not classes_of([one], 0) & classes_of([other], 0)


def is_akin(one: Unit, other: Unit) -> bool:
    """Return whether a word is not missed where the other stands: near in sense, and no rival of it."""
    if one.everyday.isdisjoint(other.everyday):
        return False
    return one.key == other.key or not classes_of([one], 0) & classes_of([other], 0)


def is_listed_akin(one: Unit, other: Unit) -> bool:
    """Return whether two words are near in sense by our own list, without that of the dictionary."""
    return any(group >= FIRST_AKIN for group in one.everyday & other.everyday) and is_akin(one, other)


@functools.cache
def _heads() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for name, heads in _HEADS.items():
        for head in heads:
            found[_key(head)] = found.get(_key(head), frozenset()) | {name}
    return found
