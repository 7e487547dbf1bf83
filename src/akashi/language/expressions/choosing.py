"""Which of the expressions found is the one that is said, and what around it says that nobody could tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from akashi.language.expressions.model import AskBack, Mention, Reading, Reason
from akashi.language.expressions.numerals import NUMBER

MASK = "■"
"""Stands for a character of an expression of another kind."""

_ABOUT_BEFORE = re.compile(r"(?:約|およそ|おおよそ|だいたい|大体|ざっと|概ね|おおむね|ほぼ|やく|まあ)の?\Z")
_ABOUT_AFTER = re.compile(
    r"(?:分)?(?:の)?(?:く?らい|ぐらい|位|ほど|程度?|前後|見当|ばかり|ころ|ごろ|頃|あたり|辺り|かな|って(?:とこ|感じ))"
)
_VAGUE_BEFORE = re.compile(
    r"(?:数|何|幾|十数|最低でも|最低|最大で?|最高で?|最長で?|最短で?|上限は?|下限は?|少なくとも|せいぜい|多くても|長くても|高くても|遅くても|足掛け|足かけ|あしかけ|[長短早遅高安多少]くて(?:も)?|第|⁇|~|営業日で|[ひびぴ]ゃく|じゅう|ぜん|(?<!ま)せん|おく)\Z"
)
_VAGUE_AFTER = re.compile(
    r"(?:くらい|ほど)?(?:と?(?:ちょい|ちょっと|ちょと|少々|少し|すこし|いくら|なんぼ|端数)|強(?!く|い)|弱(?!い)|余り|余(?![裕力])|あまり|超(?!え?る.{0,2}な)"
    r"|以上|いじょう|以下|いか(?!が)|未満|みまん|以内|いない(?!と)|を?(?:上限|下限|限度)|上限|前半|後半|台(?![所紙車])|だい(?!じ|たい|ひょう)|代(?!わ|金|表)|おーばー|足らず|たらず|近く|ちかく"
    r"|かそこら|の間|単位|そこそこ|~|の半分|[をは]?(?:少し|すこし|やや|ちょっと|若干)?[をは]?(?:超え|こえ|上回|下回|切[るられっ]|割[るらっ])|ちょうどくらい|弱く|(?:と|か)?もう少し)"
)
_OPEN_AFTER = re.compile(
    r"(?:から|より|まで|までで|までなら|までの範囲)(?=\Z|[、。!?]|で|借|お?願|希望|にし|なら|は|の?範囲|が)"
)
_NEGATED_AFTER = re.compile(
    r"(?:では?|じゃ)(?:な[いくか]|ありません|ございません|足り|たり|無)|(?:は|も)(?:いら|要ら|不要|必要な[いく]|無理|多すぎ|高すぎ)|も?(?:いりません|要りません)"
)
_TIMES_AFTER = re.compile(r"(?:\)|の)?(?:[x×＊*]|倍|かける|掛け|ずつ|づつ|[-+÷]\s?[0-9])")
_RELATIVE_BEFORE = re.compile(
    r"(?:月利|月率|月々|毎月|月に|月|日歩|日利|日に|短プラ|短ぷら|長ぷら|ぷらいむれーと|ぷらいむ|てぃぼー|tibor|基準金利|店頭金利|\+|ぷらす|より|に上乗せ)[のはにで]?\Z"
)
_RELATIVE_AFTER = re.compile(
    r"(?:の?(?:上乗せ|引き?下げ|引き?上げ|優遇|値引|割引|減|増|あっぷ|だうん|引き|おふ|高い|低い|高く|低く)|以上|以下|超|未満)"
)
_NUMBER_BEFORE = re.compile(
    rf"(?P<number>{NUMBER})(?P<link>~|-|から|か|または|又は|もしくは|あるいは|ないし|乃至|,|、|・|と|or|/|→|=>|->)+\Z"
)
_NUMBER_AFTER = re.compile(
    rf"(?:~|-|から|か|または|又は|もしくは|ないし|or|/|→|=>|->|と)(?P<number>{NUMBER})(?![^0-9]?[時分件人社])"
)
_MALFORMED_AFTER = re.compile(r"[.]?[0-9〇一二三四五六七八九]|[万億](?![一-鿿])")
_MALFORMED_BEFORE = re.compile(r"[0-9][ ,.]?\Z")
_PART_AFTER = re.compile(rf"の(?:半分|倍|約?{MASK}|[0-9]+(?:割|%))")
_CORRECTION = re.compile(
    r"いや|いえ|いいえ|やっぱ|やはり|[じち]ゃな|やなく|やのうて|ちご(?:う)?て|ちゃう|ちゃいま|ではな|でな[くい]|訂正|間違|まちが|違い|違う|違っ|ちがう|ちがい|ちがっ|改め|あらため|もとい|失礼|すみません|すいません|ごめん|つもりでしたが|と(?:書|言|いい|入力|申|思)[^。]{0,8}(?:が|けど|けれど)|取り消|(?:に|へ)?変更して"
)
_CHANGED_AFTER = re.compile(
    r"\A[^、。]{0,3}(?:に|へ)(?:変更|訂正|直|修正|増額|減額|延長|短縮|して|します|変え|かえ|改め)"
)
_WRONG_AFTER = re.compile(r"間違|まちが|ではな|じゃな|違|ちが|取り消|訂正前")
_SUM_BEFORE = re.compile(
    r"(?:合わせて|あわせて|合計|総額|計|とーたる|全部で|総計|しめて|締めて)(?:で|は|が|:)?\Z"
)


def mask(text: str, mentions: Iterable[Mention]) -> str:
    """Return ``text`` with every character of ``mentions`` replaced."""
    characters = list(text)
    for one in mentions:
        characters[one.start : one.end] = MASK * (one.end - one.start)
    return "".join(characters)


def resolve(own: Iterable[Mention], others: Iterable[Mention]) -> tuple[list[Mention], list[Mention]]:
    """Return what stays of both lists where they overlap: the earlier, then the longer, then own."""
    ranked = [(one.start, -one.end, 0, one) for one in own] + [
        (one.start, -one.end, 1, one) for one in others
    ]
    kept: tuple[list[Mention], list[Mention]] = ([], [])
    end = 0
    for _, _, list_, one in sorted(ranked, key=lambda row: row[:3]):
        if one.start >= end:
            kept[list_].append(one)
            end = one.end
    return kept


def choose(
    masked: str, mentions: Sequence[Mention], *, rate: bool = False, date: bool = False
) -> Reading | AskBack:
    """Return the one value of ``mentions``, or why there is none; ``masked`` hides the other kinds."""
    if not mentions:
        return AskBack(Reason.NOTHING)
    doubts = [_doubt(masked, one, rate=rate, date=date) for one in mentions]
    values = tuple(dict.fromkeys(one.value for one in mentions if one.value is not None))
    if len(mentions) > 1:
        last = _corrected(masked, mentions)
        if last:
            mentions, doubts, values = mentions[-1:], doubts[-1:], values[-1:]
        elif len(values) > 1 or any(one.value is None for one in mentions):
            return _several(masked, mentions, values, doubts)
    first = next((doubt for doubt in doubts if doubt is not None), None)
    if first is not None:
        return AskBack(
            first, tuple(dict.fromkeys((*values, *(found for one in mentions for found in one.candidates))))
        )
    chosen = max(mentions, key=lambda one: len(str(one.value)) if date else 0)
    if chosen.value is None:
        return AskBack(chosen.reason or Reason.NOTHING, chosen.candidates)
    return Reading(chosen.value, chosen.unit, _is_about(masked, chosen))


def _is_about(text: str, one: Mention) -> bool:
    return bool(
        _ABOUT_BEFORE.search(text[max(0, one.start - 12) : one.start]) or _ABOUT_AFTER.match(text, one.end)
    )


def _doubt(text: str, one: Mention, *, rate: bool, date: bool) -> Reason | None:
    if one.reason is not None:
        return one.reason
    before, after = text[max(0, one.start - 24) : one.start], text[one.end : one.end + 24]
    about = _ABOUT_AFTER.match(after)
    number = _NUMBER_BEFORE.search(before)
    if (number and _is_other_end(number, before)) or _NUMBER_AFTER.match(after):
        return Reason.RANGE
    if _VAGUE_BEFORE.search(before) or _VAGUE_AFTER.match(after[about.end() :] if about else after):
        return Reason.VAGUE
    if not date and _OPEN_AFTER.match(after):
        return Reason.RANGE
    if _MALFORMED_AFTER.match(after) or _MALFORMED_BEFORE.search(before):
        return Reason.IMPOSSIBLE
    if _NEGATED_AFTER.match(after):
        return Reason.NEGATED
    if not date and _TIMES_AFTER.match(after):
        return Reason.SEVERAL
    if (one.unit == "JPY" and _PART_AFTER.match(after)) or (date and _is_shaded(one, after)):
        return Reason.VAGUE
    if rate and (_RELATIVE_BEFORE.search(before) or _RELATIVE_AFTER.match(after)):
        return Reason.RELATIVE
    return None


_ENDS = (
    rf"\Z|[^\wぁ-んァ-ヶ一-鿿]|の?{MASK}|[ぁ-ねは-ん]|頃|前後|中|の?(?:創業|設立|開業|開店|開始|生|入社|入行|就職|卒|築|竣工"
    r"|完成|建|購入|引渡|引き渡し|入居|納品|納入|支払|予定|希望|見込|つもり|はず|分|期|決算|付|時点|現在|着工|実行)|吉日"
)
_ENDS_DATE = re.compile(_ENDS)
_OF_WEEK = re.compile("の?[月火水木金土日]曜")


def _is_shaded(one: Mention, after: str) -> bool:
    """Return whether a month or year goes on in a way that says when in it (来年早々, 2027年の桜の頃)."""
    if one.unit in ("month", "year"):
        return _ENDS_DATE.match(after) is None
    return _OF_WEEK.match(after) is not None


def _is_other_end(number: re.Match[str], before: str) -> bool:
    """Return whether the number before belongs to the same range, and is not part of a telephone number."""
    text = number["number"]
    lone = before[: number.start()][-1:] not in ("-", "/", ".")
    return lone and len(text) <= 6 and not (text[0] == "0" and len(text) > 1)


def _corrected(text: str, mentions: Sequence[Mention]) -> bool:
    """Return whether words between the last two mentions, or after them, say that the last one holds."""
    last, before = mentions[-1], mentions[-2]
    after = text[last.end :]
    if _CHANGED_AFTER.search(after):
        return True
    between = text[before.end : last.start]
    return _CORRECTION.search(between) is not None and _WRONG_AFTER.search(after) is None


def _several(
    text: str, mentions: Sequence[Mention], values: tuple[int | str, ...], doubts: Sequence[Reason | None]
) -> Reading | AskBack:
    unit = mentions[0].unit
    sums = [one for one in mentions if _SUM_BEFORE.search(text[max(0, one.start - 12) : one.start])]
    parts = [one.value for one in mentions if one not in sums]
    if len(sums) == 1 and unit == "JPY":
        total = sum(value for value in parts if isinstance(value, int))
        if sums[0].value == total and all(isinstance(value, int) for value in parts):
            return Reading(sums[0].value, unit)
        return AskBack(Reason.CONTRADICTION, values)
    texts = sorted((str(value) for value in values), key=len)
    if (
        unit in ("day", "month", "year")
        and len(texts) > 1
        and all(texts[-1].startswith(text) for text in texts)
        and all(doubt is None for doubt in doubts)
    ):
        exact = next(one for one in mentions if one.value == texts[-1])
        return Reading(texts[-1], exact.unit, _is_about(text, exact))
    found = next((doubt for doubt in doubts if doubt is not None), None)
    ranged = len(mentions) == 2 and re.fullmatch(
        r"(?:~|-|から|か|または|又は|もしくは|ないし|、|or)", text[mentions[0].end : mentions[1].start]
    )
    return AskBack(Reason.RANGE if ranged else found if found and len(values) < 2 else Reason.SEVERAL, values)
