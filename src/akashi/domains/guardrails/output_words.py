"""The pieces of a sentence that are compared, and the word lists they are made by."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from importlib.resources import files

from akashi.core.spans import Interval
from akashi.language.quantities import Kind, Quantity, supports

CEASING = "終了"
"""The key of every word that says that something ends."""
NOMINAL = ("of", "topic")
"""What stands behind an end that is only spoken of: 停止の解除, 継続の停止を申し込む."""
DONE = frozenset(["完了", "完成", "済む", "済ませる"])
"""The keys of what has been done; what ends may be done."""
CHARGED, FREE = "有料", "amount:0JPY"
"""The keys of what is charged for, and of what costs nothing."""
KANJI = re.compile(r"[一-鿿々]")


class Sort(Enum):
    """What a unit is: a thing named, something said of it, a quantity, a limit (のみ, 以外)."""

    NAMED = "named"
    SAID = "said"
    QUANTITY = "quantity"
    LIMIT = "limit"


@dataclass(frozen=True, slots=True)
class Unit:
    """One comparable piece; ``negated`` says whether the sentence turns it around.

    ``side`` of a quantity is what follows it: ``from`` (から, 以降), ``to`` (まで), ``least`` (以上),
    ``most`` (以下, 以内), ``less`` (未満), ``more`` (超) or nothing. ``synonyms`` are Sudachi's groups.
    ``clause`` counts the commas and brackets before it. ``is_condition``: a quantity that only says when
    something holds or what it is for (30万円以下のとき, 1件につき). ``is_listed``: one thing of a list, with
    another after it (担保・保証人). ``is_name``: a proper noun or a foreign
    one. ``after`` is the kind of particle behind a noun. ``is_case``: a quantity that tells of which case
    the sentence speaks (51歳以上の方は). ``everyday``: groups of everyday phrases, wider than
    synonyms. ``is_describing``: its negation belongs to the noun after it (使わない口座).
    ``is_implied``: follows from what stands before it (the day of the week of a date).
    """

    sort: Sort
    key: str
    span: Interval
    negated: bool = False
    quantity: Quantity | None = None
    side: str = ""
    synonyms: frozenset[int] = frozenset()
    is_noun: bool = False
    clause: int = 0
    is_condition: bool = False
    is_listed: bool = False
    is_name: bool = False
    after: str = ""
    is_case: bool = False
    everyday: frozenset[int] = frozenset()
    is_describing: bool = False
    is_implied: bool = False

    def matches(self, claim: Unit) -> bool:
        """Return whether a source with this unit says what ``claim`` says, polarity apart."""
        if self.quantity is not None and claim.quantity is not None:
            if _is_points(self.quantity, claim.quantity) or _is_points(claim.quantity, self.quantity):
                return True
            if _is_times(self.quantity, claim.quantity) or _is_in_month(self.quantity, claim.quantity):
                return True
            if claim.quantity.kind is Kind.NUMBER and claim.quantity.unit != _own_unit(self.quantity):
                return False
            return supports(self.quantity, claim.quantity) or _is_ordinal(self.quantity, claim.quantity)
        if self.quantity is not None or claim.quantity is not None:
            return False
        if self.key == claim.key or not self.synonyms.isdisjoint(claim.synonyms):
            return True
        return _is_one_verb(self, claim)


def _is_times(one: Quantity, other: Quantity) -> bool:
    """Return whether one is so many times, and the other the same in percent: 1.25倍, 125%."""
    times, rate = (one, other) if one.kind is Kind.COUNT else (other, one)
    is_pair = times.kind is Kind.COUNT and times.unit == "倍" and rate.kind is Kind.RATE
    return is_pair and times.value == rate.value


def _is_in_month(source: Quantity, claim: Quantity) -> bool:
    """Return whether a claimed month of no year (4月) is that of a date of the source."""
    if claim.kind is not Kind.NUMBER or claim.unit != "月" or source.kind is not Kind.DATE:
        return False
    parts = str(source.value).removeprefix("--").split("-")
    month = parts[0] if str(source.value).startswith("--") else parts[1] if len(parts) > 1 else ""
    return month.isdigit() and Decimal(month) == claim.value


def _is_ordinal(one: Quantity, other: Quantity) -> bool:
    """Return whether two counts are one but for their counters: 3回まで and 3回目まで, 4通貨 and 4種類."""
    is_counted = one.kind is other.kind is Kind.COUNT and one.value == other.value
    if is_counted and not {one.unit, other.unit}.isdisjoint(GENERIC_COUNTERS):
        return True
    return is_counted and one.unit.removesuffix("目") == other.unit.removesuffix("目")


# Count things of any kind.
GENERIC_COUNTERS = frozenset(["種類", "種", "つ", "通り", "か所", "点", "項目"])


def _own_unit(quantity: Quantity) -> str:
    """Return what was written after a bare number; a counted one may be said without its counter."""
    return quantity.unit if quantity.kind is Kind.NUMBER else ""


_COUNTED = ("歳", "人", "名", "枚", "回", "件", "社", "口", "冊", "通", "個", "台")


def is_same_limit(one: Unit, other: Unit) -> bool:
    """Return whether two limits of whole things are one: 70歳未満 and 69歳以下, 500枚超 and 501枚以上."""
    first, second = _closed(one), _closed(other)
    return first is not None and first == second


def _closed(unit: Unit) -> tuple[str, str, Decimal] | None:
    quantity = unit.quantity
    if quantity is None or quantity.unit not in _COUNTED or not isinstance(quantity.value, Decimal):
        return None
    step = {"less": ("most", -1), "more": ("least", 1), "to": ("most", 0)}.get(unit.side, (unit.side, 0))
    return quantity.unit, step[0], quantity.value + step[1]


_MOST_POINTS = 30


def _is_points(rate: Quantity, points: Quantity) -> bool:
    """Return whether a rate is what percentage points (0.1ポイント, 50bp) say."""
    if rate.kind is not Kind.RATE or points.unit != "ポイント" or not isinstance(points.value, Decimal):
        return False
    return points.value <= _MOST_POINTS and rate.value == points.value / 100


def _is_one_verb(one: Unit, other: Unit) -> bool:
    """Return whether two verbs are forms of one kanji: 払う and 払える, 変える and 変わる."""
    if one.is_noun or other.is_noun or not (VERB.fullmatch(one.key) and VERB.fullmatch(other.key)):
        return False
    return one.key[0] == other.key[0]


VERB = re.compile(r"[一-鿿][ぁ-ん]{0,2}[うくぐすつぬぶむる]")


def is_kin(one: Unit, other: Unit) -> bool:
    """Return whether one is a verb whose only kanji stands in the other, a noun: 盗む and 盗難."""
    if one.quantity is not None or other.quantity is not None or one.is_noun is other.is_noun:
        return False
    noun, verb = (one, other) if one.is_noun else (other, one)
    stem = KANJI.findall(verb.key)
    return len(stem) == 1 and stem[0] in noun.key and len(noun.key) > 1


# Where something stands in time; another one in its place is an antonym.
_BESIDE = frozenset(["前", "後", "先", "翌"])


def is_beside(unit: Unit) -> bool:
    """Return whether a unit only says before or after."""
    return unit.key in _BESIDE


def is_harmless(unit: Unit) -> bool:
    """Return whether a unit may be added to a sentence without changing what it claims."""
    words = shipped_words()
    is_empty = unit.key in words.harmless or unit.key in words.general
    return unit.quantity is None and not unit.negated and is_empty


def is_plain(unit: Unit) -> bool:
    """Return whether a unit names nothing by itself."""
    return is_harmless(unit) or is_beside(unit)


def has_unit(units: Iterable[Unit], unit: Unit) -> bool:
    """Return whether one of ``units`` says what ``unit`` says, polarity apart."""
    return any(one.matches(unit) or is_kin(one, unit) for one in units)


@dataclass(frozen=True, slots=True)
class Words:
    """The word lists of ``output_words.toml``."""

    light: frozenset[str]
    harmless: frozenset[str]
    general: frozenset[str]
    measures: frozenset[str]
    negations: frozenset[str]
    negating_suffixes: frozenset[str]
    negating_prefixes: frozenset[str]
    limits: frozenset[str]
    ceasing: frozenset[str]
    calendar: frozenset[str]
    opposites: dict[str, str]
    antonyms: frozenset[tuple[str, str]]
    same: dict[str, str]
    split: dict[str, tuple[str, ...]]
    same_limits: dict[str, str]
    akin: dict[str, frozenset[int]]
    phrases: tuple[tuple[re.Pattern[str], str], ...]


@functools.cache
def shipped_words() -> Words:
    """Return the shipped word lists."""
    raw = files("akashi.domains.guardrails").joinpath("data/output_words.toml").read_text(encoding="utf-8")
    table = tomllib.loads(raw)
    pairs, antonyms = table.pop("pairs"), table.pop("antonyms")
    same = _first_of(table.pop("same"))
    both = [(one_form(one), one_form(other)) for one, other in antonyms]
    both = [(same.get(one, one), same.get(other, other)) for one, other in both]
    both += [(other, one) for one, other in both]
    split = {one_form(group[0]): tuple(map(one_form, group[1:])) for group in table.pop("split")}
    limits = {one_form(word): one_form(group[0]) for group in table.pop("same_limits") for word in group}
    akin: dict[str, frozenset[int]] = {}
    for number, group in enumerate(table.pop("akin"), start=FIRST_AKIN):
        for form in map(one_form, group):
            key = same.get(form, form)
            akin[key] = akin.get(key, frozenset()) | {number}
    phrases = tuple((re.compile(pattern), meant) for pattern, meant in table.pop("phrases"))
    lists = {name: frozenset(map(one_form, words)) for name, words in table.items()}
    opposites = {one_form(opposite): one_form(word) for word, opposite in pairs}
    return Words(
        **lists,
        opposites=opposites,
        antonyms=frozenset(both),
        same=same,
        split=split,
        same_limits=limits,
        akin=akin,
        phrases=phrases,
    )


# Beyond the numbers of the groups of the dictionary and of everyday phrases.
FIRST_AKIN = 10_000_000


def _first_of(groups: Iterable[Sequence[str]]) -> dict[str, str]:
    """Return for each word the first of its group; groups that share a word are one."""
    first: dict[str, str] = {}
    for group in groups:
        forms = [one_form(word) for word in group]
        heads = {first.get(form, form) for form in forms}
        head = first.get(forms[0], forms[0])
        first |= {form: head for form, old in first.items() if old in heads}
        first |= dict.fromkeys(forms, head)
    return {form: head for form, head in first.items() if form != head}


def rephrase(text: str) -> str:
    """Return a sentence with its phrases in the words they stand for.

    >>> rephrase("もう一度お試しください。")
    '再度お試しください。'
    """
    for pattern, meant in shipped_words().phrases:
        text = pattern.sub(meant, text)
    return text


_KANA_BETWEEN = re.compile(r"(?<=[一-鿿])[ぁ-ん]+(?=[一-鿿])|(?<=[一-鿿][一-鿿])[ぁ-ん]+\Z")
_KANA_TAIL = re.compile(r"[ぁ-ん]+\Z")


def one_form(form: str) -> str:
    """Return compounds in one form, noun or verb: 引き落とし, 引き落とす -> 引落."""
    found = _KANA_BETWEEN.sub("", form)
    return _KANA_TAIL.sub("", found) if found != form else form
