"""A sentence as the units that can be compared: words, quantities, what is negated, what is limited."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from akashi.core.spans import Interval
from akashi.domains.guardrails.output_clauses import left_subject, read_subjects, read_topics
from akashi.domains.guardrails.output_index import Sentence, with_index
from akashi.domains.guardrails.output_measured import free_unit, lies_in, measure_units
from akashi.domains.guardrails.output_stances import read_stances
from akashi.domains.guardrails.output_words import (
    CEASING,
    CHARGED,
    KANJI,
    Sort,
    Unit,
    Words,
    is_harmless,
    one_form,
    rephrase,
    shipped_words,
)
from akashi.language.sentences import read_sentences
from akashi.language.tokens import WORD_PARTS, Token, read_tokens


@functools.lru_cache(maxsize=2_048)
def read_units(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of ``text`` with their units."""
    sentences: list[Sentence] = []
    spoken_of: list[tuple[Unit, ...]] = []
    asked: tuple[Unit, ...] = ()
    for span in read_sentences(text):
        sentence = _sentence_of(span, span.of(text))
        spoken_of = [kept for one in spoken_of if (kept := left_subject(one, sentence.subject))]
        context = (*(unit for one in spoken_of for unit in one), *asked, *sentence.context)
        sentences.append(with_index(replace(sentence, context=context)))
        spoken_of = [*spoken_of, sentence.subject][-_MOST_SUBJECTS:]
        asked = _asked(sentence) or asked
    return tuple(sentences)


_QUESTION = re.compile("か[?？。．」』]*\\s*\\Z|[?？]\\s*\\Z")


def _asked(sentence: Sentence) -> tuple[Unit, ...]:
    """Return what a question is about: the answer after it need not say it again."""
    is_question = _QUESTION.search(sentence.text) is not None
    return tuple(unit for unit in sentence.units if unit.quantity is None) if is_question else ()


_MOST_SUBJECTS = 6


def _sentence_of(span: Interval, text: str) -> Sentence:
    written = rephrase(text)
    tokens = read_tokens(written)
    units = tuple(_units_of(written, tokens, span.start))
    ends = read_subjects(tokens)
    end = ends[0] + span.start if ends else 0
    subject = tuple(unit for unit in units if unit.span.end <= end and unit.quantity is None)
    heads = subject if len(ends) == 1 and written[ends[0] + 1 : ends[0] + 2] == "、" else ()
    common = subject if len(ends) == 1 else ()
    topics, stances = read_topics(tokens, span.start), read_stances(written, units, span.start)
    return Sentence(span, text, units, topics, subject, heads, common=common, stances=stances)


# Groups of everyday phrases, too wide to say that two words mean the same.
_EVERYDAY = 1_000_000
# Said twice in the negative, meant in the positive: it must be done.
_OBLIGATION = re.compile(
    "(?:な(?:ければ|くては|いと)|ねば|なきゃ)(?:なりません|ならない|ならず|いけません|いけない|なりませぬ)"
)
# Negative in form only.
_NO_DENIAL = re.compile(
    "(?:に(?:も|は)?)?(?:かかわ|関わ|拘わ?)らず|[をは]?問(?:わ(?:ず|ない)|いません)|(?:のみ|だけ)(?:なら|では?)(?:ず|なく)|やむを得(?:ず|ない)|ざるを得(?:ず|ない|ません)|まもなく|間もなく"
    "|(?:もれ|漏れ|例外|滞り|問題|遅滞|余す(?:こと|ところ)|ほど|程)なく"
)
_CLAUSE = re.compile(r"[、，；;()（）]")
# A short remark within a clause: 定期預金(6か月もの)の金利, 3月31日(月)から.
_WITHIN = re.compile(r"[(（][^()（）、，]{1,8}[)）](?=[のはがをにでへとや0-9０-９]|から|まで|以|未満|より)")


def _units_of(text: str, tokens: Sequence[Token], offset: int) -> Iterator[Unit]:
    words = shipped_words()
    obligations = [
        Interval(*found.span()) for one in (_OBLIGATION, _NO_DENIAL) for found in one.finditer(text)
    ]
    measured = measure_units(text)
    covered = sorted([*(one.span for one in measured), *obligations])
    tokens = [token for token in tokens if not lies_in(token.span, covered)]
    within = [Interval(*found.span()) for found in _WITHIN.finditer(text)]
    breaks = [
        found.start() for found in _CLAUSE.finditer(text) if not lies_in(Interval(*found.span()), within)
    ]
    spoken = _with_neither(text, _without_double(text, _without_only(text, _word_units(text, tokens, words))))
    units = sorted([*spoken, *measured], key=lambda unit: unit.span)
    for unit, following in itertools.zip_longest(units, units[1:]):
        span = Interval(unit.span.start + offset, unit.span.end + offset)
        listed = unit.is_noun and _LISTED.match(text, unit.span.end) is not None
        clause = bisect.bisect_left(breaks, unit.span.start)
        told = replace(unit, span=span, clause=clause, is_listed=listed, after=_particle(text, unit))
        yield replace(told, is_describing=_is_describing(text, unit, following))


# Between a negated word and the noun it describes: 使わ-ない-口座, 時間-外-手数料.
_DESCRIBES = re.compile(r"(?:[外無]?|[ぁ-ん]{0,8}な(?:い|かった))[「『（(]?")


def _is_describing(text: str, unit: Unit, following: Unit | None) -> bool:
    """Return whether a negation only describes the noun that follows."""
    if not unit.negated or following is None or not following.is_noun or is_harmless(following):
        return False
    return _DESCRIBES.fullmatch(text, unit.span.end, following.span.start) is not None


_PARTICLE = re.compile(
    "[」』）)]?(?:さま|様)?(?:(?P<contrast>[一-鿿]{0,2}では?なく(?!な))|(?P<topic>(?:は|が|を|も|なら|、)(?![ぁ-ん]*く))"
    "|(?P<place>で)|(?P<aim>に(?!限|つき|あた|当)|へ|あて|宛)|(?P<of>の)|(?P<source>から)|(?P<than>より)"
    "|(?P<till>まで)|(?P<beside>と|や|・|または|又は|および|及び))"
)


# An end that only tells when, or which: 休業中, 終わる1か月前, 停止期間.
_OF_END = re.compile("(?:した|する|た)?(?:(?!場合)[一-鿿0-9０-９]|とき|あと)")


def _particle(text: str, unit: Unit) -> str:
    """Return the kind of particle behind a noun, a quantity or an end."""
    is_told = unit.is_noun or unit.quantity is not None or unit.key == CEASING
    if unit.key == CEASING and _OF_END.match(text, unit.span.end):
        return "of"
    if unit.key == CEASING and text[unit.span.end : unit.span.end + 1] == "、":
        return ""  # 終日休止、: an end told in a word.
    found = _PARTICLE.match(text, unit.span.end) if is_told else None
    return (found and found.lastgroup) or ""


def _word_units(text: str, tokens: Sequence[Token], words: Words) -> list[Unit]:
    """Return the units of words; a negation turns the last word that says something around."""
    units: list[Unit] = []
    flip_next = False
    for at, token in enumerate(tokens):
        form = one_form(token.form)
        if form in words.split:
            units += [replace(_word_unit(token, words, False, False), key=key) for key in words.split[form]]
        elif form in words.limits:
            units.append(Unit(Sort.LIMIT, words.same_limits.get(form, form), token.span))
        elif token.part == "接頭辞" and form in words.negating_prefixes:
            flip_next = True
        elif units and (form in words.negations or form in words.negating_suffixes):
            _turn_last(units)
        elif at and _is_one_verb(tokens[at - 1], token) and units and units[-1].span == tokens[at - 1].span:
            units[-1] = _joined(units[-1], tokens[at - 1], token)
        elif token.part in WORD_PARTS and (form not in words.light or _is_currency(tokens, at)):
            is_act = at + 1 < len(tokens) and tokens[at + 1].form in _DOING
            units.append(_word_unit(token, words, flip_next, is_act))
            flip_next = False
    return _read_charges(_move_negations(text, units))


_LISTED = re.compile(
    r"[・/／]|、(?=[^、はがをに]{1,8}(?:[・、]|など|等|または|又は|および|及び))"
    r"|や|または|又は|および|及び|と(?=[^いしすなのっ])"
)
# Not possible without it: it is needed.
_ONLY_WITH = re.compile(
    "(?P<need>(?:[がはをの]?な(?:ければ|いと(?![きこいのも])|くては|しで?は)|[がの]ない(?:場合|とき|方|お客さま|もの|口座)(?:は、?|から)))[^。]{0,60}?"
    "(?:できません|できない|いただけません|いただけない|なりません|られません|れません|申し込めません)"
)


def _without_double(text: str, units: list[Unit]) -> list[Unit]:
    """Return the units without the two negations of what is not possible without something."""
    for found in _ONLY_WITH.finditer(text):
        denied = [at for at, unit in enumerate(units) if unit.negated and unit.span.end <= found.end()]
        need = [at for at in denied if units[at].span.end <= found.start("need") + 1]
        if need and denied[-1] != need[-1]:
            for at in (need[-1], denied[-1]):
                units[at] = replace(units[at], negated=False)
    return units


_ONLY = re.compile("しか[^。、]{0,24}?(?:ません|ない|なく)")


def _without_only(text: str, units: list[Unit]) -> list[Unit]:
    """Return the units without the negation that goes with しか."""
    for found in _ONLY.finditer(text):
        denied = [at for at, unit in enumerate(units) if unit.negated and unit.span.end <= found.end()]
        if denied and units[denied[-1]].span.end > found.start() - 1:
            units[denied[-1]] = replace(units[denied[-1]], negated=False)
    return units


# Both of two things denied together: 尋ねたり預かったりすることはありません.
_NEITHER = re.compile(
    r"(?P<first>[たっいんし][たっ]?たり|たり|だり)、?[^。]{1,30}?[ただ]り(?:する(?:こと|よう)|など)?[はも]?、?(?:決して|絶対に|一切|して)?"
    r"(?:あり(?:ません|えません)|な(?:い|く|ら)|しません|いたしません|できません|いけません|ならない)"
)


def _with_neither(text: str, units: list[Unit]) -> list[Unit]:
    """Return the units with the first of two things that are denied together denied as well."""
    for found in _NEITHER.finditer(text):
        before = [at for at, unit in enumerate(units) if unit.span.start < found.start("first") + 2]
        before = [at for at in before if units[at].span.end <= found.end("first") and not units[at].is_noun]
        if before:
            units[before[-1]] = replace(units[before[-1]], negated=True)
    return units


_DOING = frozenset(["為る", "致す", "出来る", "頂く", "下さる", "為さる", "居る", "御座る"])


def _is_one_verb(before: Token, token: Token) -> bool:
    """Return whether two verbs are one: 引き + 落とす."""
    adjacent = before.span.end == token.span.start and before.part == token.part == "動詞"
    adjacent = adjacent and shipped_words().light.isdisjoint((one_form(before.form), one_form(token.form)))
    return adjacent and bool(KANJI.search(before.form)) and bool(KANJI.search(token.form))


_OF_YEN = ("預金", "定期", "貨", "建て", "高", "安", "資産", "投資", "普通")


def _is_currency(tokens: Sequence[Token], at: int) -> bool:
    """Return whether 円 tells which money: 円預金, 円定期."""
    if tokens[at].form != "円" or at + 1 == len(tokens):
        return False
    return tokens[at + 1].span.start == tokens[at].span.end and tokens[at + 1].form in _OF_YEN


def _joined(unit: Unit, first: Token, second: Token) -> Unit:
    key = "".join(KANJI.findall(first.form + second.form))
    words = shipped_words()
    if key in words.ceasing:
        return Unit(Sort.SAID, CEASING, Interval(unit.span.start, second.span.end), unit.negated)
    key = words.same.get(key, key)
    return replace(unit, key=key, span=Interval(unit.span.start, second.span.end), synonyms=frozenset())


# 新端末 and 旧端末, 頭取 and 副頭取, 大企業 and 小企業 are not the same.
_TELLING_PREFIXES = frozenset("新旧副大小")


def _word_unit(token: Token, words: Words, flipped: bool, is_act: bool) -> Unit:
    form = one_form(token.form)
    if form in words.ceasing:
        return Unit(Sort.SAID, CEASING, token.span, flipped)
    key = words.same.get(form, form)
    key = words.opposites.get(key, key)
    if key in words.ceasing:
        return Unit(Sort.SAID, CEASING, token.span, not flipped)
    is_negated = (form in words.opposites or words.same.get(form) in words.opposites) is not flipped
    is_noun = token.part in ("名詞", "接尾辞", "代名詞", "形状詞", "接頭辞")
    named = token.part == "名詞" and (
        token.detail in ("固有名詞", "一般") or (token.detail == "サ変可能" and not is_act)
    )
    named = named or (is_noun and form in words.calendar) or form.isascii() or form in _TELLING_PREFIXES
    sort = Sort.NAMED if named else Sort.SAID
    is_name = token.detail == "固有名詞" or (form.isascii() and named)
    synonyms = frozenset(group for group in token.synonyms if group < _EVERYDAY)
    everyday = frozenset(token.synonyms) - synonyms | words.akin.get(key, frozenset())
    unit = Unit(sort, key, token.span, is_negated, synonyms=synonyms, is_noun=is_noun, is_name=is_name)
    return replace(unit, everyday=everyday)


def _read_charges(units: Sequence[Unit]) -> list[Unit]:
    """Return the units with what is not charged for as an amount of zero."""
    return [free_unit(unit.span) if unit.key == CHARGED and unit.negated else unit for unit in units]


# After what something is said of.
_USE = "利用"
_TOPIC = re.compile(
    "(?:の?(?:方|お?客さ?[まん]|お?客様|場合|とき|もの))?(?:に|で|へ|と|から|まで|より)?[はも]|[がを、]"
)
# Between when something happens and what then cannot be done.
_THEN = re.compile(
    "(?:[るうくすつむぶぐいた]と|ば|たら|なら|[てで]も|(?:場合|とき|時|際)(?:[はにも]|には)?|ため|ので|(?:ます|です)(?:が|から|ので|けれど))、"
)


def _move_negations(text: str, units: Sequence[Unit]) -> list[Unit]:
    """Return the units where a negated word that says nothing (必要ない) turns what it is said of.

    What cannot be used is the last noun before it with は, が, を or も; else it is the last noun.
    """
    harmless, moved = shipped_words().harmless, list(units)
    for at, unit in enumerate(units):
        if not (unit.negated and unit.key in harmless):
            continue
        things = [
            back for back in range(at - 1, -1, -1) if units[back].is_noun and units[back].key not in harmless
        ]
        things = [back for back in things if not _THEN.search(text, units[back].span.end, unit.span.start)]
        topics = (back for back in things if unit.key == _USE and _TOPIC.match(text, units[back].span.end))
        target = next(topics, things[0] if things else None)
        if target is not None:
            moved[at] = replace(unit, negated=False)
            moved[target] = replace(moved[target], negated=not moved[target].negated)
    return moved


def _turn_last(units: list[Unit]) -> None:
    for at in range(len(units) - 1, -1, -1):
        if units[at].sort is not Sort.LIMIT:
            units[at] = replace(units[at], negated=not units[at].negated)
            return
