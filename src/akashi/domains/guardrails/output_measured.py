"""The quantities of a sentence as units: on which side of a range, under which condition, free of charge."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from akashi.core.spans import Interval
from akashi.domains.guardrails.output_words import CHARGED, FREE, Sort, Unit
from akashi.language.limits import read_limit_word
from akashi.language.numerals import read_number
from akashi.language.quantities import Kind, Quantity, read_quantities

# 年間, 毎月, 前年: a period of one that is not counted.
_AMOUNT_NEXT = (
    r"(?=\s?[0-9０-９一二三四五六七八九][0-9０-９,，．.一二三四五六七八九十百千万億〇]*(?:円|口|株|枚|本))"
)
_EVERY = re.compile(
    rf"四半期|年間|年額|毎年|前年|昨年|月間|月額|毎月|月々|前月|日額|毎日|(?<![0-9０-９一二三四五六七八九十])[年月](?:{_AMOUNT_NEXT}|(?=に?(?:あたり|当たり|当り|換算|直す|均す|ならす)))"
    r"|(?<![0-9０-９一二三四五六七八九十前翌毎/／])[年月週日](?=に?[0-9０-９一二三四五六七八九十]{1,2}[回度])"
)
_NEXT = re.compile(r"(?:前|翌|次の)営業日")
_SIDE_BEFORE = re.compile(
    r"(?:(?P<most>最[大長高多](?:額[はがを])?|遅くとも|長くて|多くて|上限(?:額)?[はがを])"
    r"|(?P<least>最[低短小](?:額[はがを])?|早ければ|早くて|少なくとも|下限(?:額)?[はがを]))(?:でも?)?\Z"
)
_PER = re.compile(r"に?(?:つき|付き|あたり|当たり|当り|ごと|毎)")
_CONDITION = re.compile(
    r"[るて]?(?:[がはのでも]|なら|だと|であれば|場合|とき|\s?[:：]?\s?(?=無料|[0-9０-９,，.．一二三四五六七八九十百千万]+(?:円|%|％)(?!未満|以[上下内]|超|まで)))"
)
# What costs nothing: 無料, 手数料はかかりません, 年会費不要.
_FREE = re.compile(
    r"無料|無償|ゼロ円|徴収(?:しない|しません|いたしません|されません|されない|せず)|申し受け(?:ません|ない)|(?<=[料費金代用])[はがをもの]*(?:ご?負担[はがも]?(?:な[くしい]|あり|ござい)(?:ません)?|免除(?!されま|しま?せん|され?ない|しない)(?:さ(?:れ|せて)|し|いた)?)|(?<=[料費金代用])(?:は|が|も|など(?:は|も))?(?:、)?(?:[^。、]{1,8}は)?(?:一切|別途|特に|とくに)?"
    r"(?:かか(?:りません|らない|らず|らなく|ることはありません)|(?:いただ|頂|頂戴し|申し受け|徴収し)(?:きません|かない|かず|ません|ない)|(?:頂戴|徴収)いたしません|不要|掛かりません"
    r"|要りません|いりません|なし(?!では)|なく(?=、)|ございません|発生し(?:ません|ない)|必要(?:は)?(?:ありません|ない|ございません))"
)


def measure_units(text: str) -> list[Unit]:
    """Return the units of a sentence's quantities, and of what costs something or nothing."""
    often = [*_frequencies(text), *_plain_shares(text), *_named_parts(text)]
    spans = [one.span for one in often]
    read = [one for one in read_quantities(text, bare=True) if not lies_in(one.span, spans)]
    backwards = [*_same_month(text, read)]
    told_back = [one.span for one in backwards]
    read = [one for one in read if not lies_in(one.span, told_back)]
    named = [*_free_of_charge(text), *often, *backwards, *read, *_months_named(text, read)]
    quantities = _without_overlaps(named)
    measured = _with_sides_of_times(text, [*_quantity_units(text, quantities)])
    return [
        *measured,
        *_thence(text, measured),
        *_changes(text, measured),
        *_weekdays(text, measured),
        *_charges(text, quantities),
    ]


# How often: 年2回, 半年に1度, 月に一回. Every sixth month is twice a year.
_OFTEN = re.compile(
    r"(?:(?<![0-9０-９一二三四五六七八九十前翌毎])(?P<of>年|月|週|半年)"
    r"|(?P<number>[0-9０-９一二三四六]{1,2})(?P<each>年|[かヶカヵケ箇]月|週)間?)"
    r"(?:間?に)?(?P<times>[0-9０-９一二三四六]{1,2})[回度](?!以[上下内]|まで|目|を超|分|[ ]?[0-9])"
)
_MONTHS_OF = {"年": 12, "半年": 6, "月": 1}


def _frequencies(text: str) -> Iterator[Quantity]:
    """Yield how often something is done, as the period from one time to the next."""
    for found in _OFTEN.finditer(text):
        times, number = read_number(found["times"]), read_number(found["number"] or "1")
        unit = found["of"] or found["each"]
        if times is None or number is None or not times:
            continue
        of_week = unit == "週"
        length = number * _MONTHS_OF.get(unit, 1) / times
        if length == int(length):
            value = f"P{int(length)}{'W' if of_week else 'M'}"
            yield Quantity(Kind.PERIOD, value, "duration", Interval(*found.span()), certain=False)


_SHARE = re.compile("半分|半額|半数")


def _plain_shares(text: str) -> Iterator[Quantity]:
    """Yield a half that is said in a word: 半額, which is 50%."""
    for found in _SHARE.finditer(text):
        yield Quantity(Kind.RATE, Decimal("0.5"), "fraction", Interval(*found.span()))


_DIGIT = "0-9０-９〇零一二三四五六七八九十百"
_PART = re.compile(
    rf"第\s?(?P<number>[{_DIGIT}]{{1,4}})(?P<of>[・]?四半期|[QＱ]|回目?|[部期条章号項])"
    rf"|(?P<quarter>[1-4１-４])\s?[QＱ](?![A-Za-z])|(?P<turn>[{_DIGIT}]{{1,4}})(?P<of_turn>[回度枚件個本人名社冊通口台番軒])目"
)


def _named_parts(text: str) -> Iterator[Quantity]:
    """Yield what is told by its place in a row: 第3四半期, 3Q, 第三回, 3回目."""
    for found in _PART.finditer(text):
        number = read_number(found["number"] or found["quarter"] or found["turn"])
        if number is not None:
            yield Quantity(Kind.COUNT, number, _row_of(found), Interval(*found.span()))


def _row_of(found: re.Match[str]) -> str:
    """Return the row that something has its place in: 四半期, 回目, 第部."""
    if found["turn"]:
        counter = found["of_turn"]
        return {"度": "回目", "名": "人目"}.get(counter, f"{counter}目")
    of = found["of"] or "Q"
    if of in ("Q", "Ｑ") or "四半期" in of:
        return "四半期"
    return "回目" if of.startswith("回") else f"第{of}"


_MONTH = re.compile(
    rf"(?<![{_DIGIT}年\-])(?P<month>[0-9０-９]{{1,2}}|[一二三四五六七八九十]{{1,2}})月"
    rf"(?!\s?[{_DIGIT}]{{1,3}}日|末|の?末|[一-鿿](?<!度)(?<!分)(?<!号)(?<!期)(?<!中)(?<!下)(?<!上)(?<!実)(?<!以)(?<!頃))"
)


def _months_named(text: str, read: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield the months of no said year that are written in kanji numerals: 四月から."""
    spans = sorted(one.span for one in read if one.kind is not Kind.NUMBER)
    for found in _MONTH.finditer(text):
        number = read_number(found["month"])
        if number is not None and 1 <= number <= 12 and not lies_in(Interval(*found.span()), spans):
            yield Quantity(Kind.NUMBER, number, "月", Interval(*found.span()))


_SAME_MONTH = re.compile(rf"同月\s?(?P<day>[{_DIGIT}]{{1,3}})日(?!間)")
_MONTH_OF_DAY = 7


def _same_month(text: str, read: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield a day told by the month of the date before it: 2022年11月8日に, 同月15日に."""
    for found in _SAME_MONTH.finditer(text):
        before = [one for one in read if one.kind is Kind.DATE and one.span.end <= found.start()]
        number = read_number(found["day"])
        if not before or before[-1].unit not in ("day", "month") or number is None or not 1 <= number <= 31:
            continue
        month = str(before[-1].value)[:_MONTH_OF_DAY]
        yield Quantity(Kind.DATE, f"{month}-{int(number):02}", "day", Interval(*found.span()))


_DENIED = re.compile(r"(?:では|じゃ|で)(?:あり|ない|なく|ござい)")


def _free_of_charge(text: str) -> Iterator[Quantity]:
    """Yield what costs nothing as an amount of zero."""
    for found in _FREE.finditer(text):
        if _DENIED.match(text, found.end()):
            continue
        yield Quantity(Kind.AMOUNT, Decimal(0), "JPY", Interval(*found.span()))


# What is charged for, where no amount is said: 年会費がかかります.
_COSTS = re.compile(
    r"(?<=[料費金代])(?:は|が|も|を)(?:別途)?(?:かかり(?=ます)|発生し(?=ます)|(?:いただ|頂)き(?=ます)|徴収(?=します|する|いたします|され)|申し受け(?=ます|る)|必要(?=です|となり|になり))"
)


def _charges(text: str, quantities: Sequence[Quantity]) -> Iterator[Unit]:
    """Yield that something costs, unless the sentence says how much."""
    if any(one.kind in (Kind.AMOUNT, Kind.RATE) and _is_price(text, one) for one in quantities):
        return
    for found in _COSTS.finditer(text):
        yield Unit(Sort.SAID, CHARGED, Interval(*found.span()), is_noun=True)


def _is_price(text: str, one: Quantity) -> bool:
    """Return whether an amount or rate may be what is charged: not free, and no limit (10万円以下の)."""
    return one.value != 0 and read_limit_word(text, one.span.end) is None


def _without_overlaps(quantities: Sequence[Quantity]) -> list[Quantity]:
    kept: list[Quantity] = []
    for one in sorted(quantities, key=lambda one: one.span):
        if not kept or one.span.start >= kept[-1].span.end:
            kept.append(one)
    return kept


def free_unit(span: Interval) -> Unit:
    """Return the unit of what costs nothing."""
    return Unit(Sort.QUANTITY, FREE, span, quantity=Quantity(Kind.AMOUNT, Decimal(0), "JPY", span))


def lies_in(span: Interval, covered: Sequence[Interval]) -> bool:
    """Return whether ``span`` touches one of the sorted intervals ``covered``."""
    at = bisect.bisect_right(covered, span)
    return any(one.touches(span) for one in covered[max(0, at - 2) : at + 1])


def _quantity_units(text: str, quantities: Sequence[Quantity]) -> Iterator[Unit]:
    """Yield a unit for each quantity; a day without a year takes that of the date before it."""
    dated = ""
    spans = sorted(one.span for one in quantities)
    for found in _EVERY.finditer(text):
        value = {"年": "P1Y", "月": "P1M", "週": "P1W", "日": "P1D", "四": "P3M"}[
            found.group().strip("毎間額前昨同々")[:1]
        ]
        if not lies_in(Interval(*found.span()), spans):
            vague = Quantity(Kind.PERIOD, value, "duration", Interval(*found.span()), certain=False)
            yield Unit(Sort.QUANTITY, f"period:{value}duration", vague.span, quantity=vague)
    for found in _NEXT.finditer(text):
        which = "business_day_before" if found.group()[0] == "前" else "business_day_after"
        day = Quantity(Kind.PERIOD, Decimal(1), which, Interval(*found.span()), certain=False)
        yield Unit(Sort.QUANTITY, f"period:{which}", day.span, quantity=day)
    previous: Unit | None = None
    for one in quantities:
        if one.kind is Kind.DATE and str(one.value).startswith("--") and dated:
            year = int(dated[:4]) + (str(one.value)[2:] < dated[5:])
            one = replace(one, value=f"{year}-{str(one.value)[2:]}")
        if one.kind is Kind.DATE and one.unit in ("day", "month", "year"):
            dated = str(one.value) if not str(one.value).startswith("--") else dated
        if one.kind is Kind.NUMBER and _ORDINAL.search(text, max(0, one.span.start - 2), one.span.start):
            one = replace(one, unit="第", certain=True)
        if one.kind is Kind.NUMBER and text[one.span.end : one.span.end + 1] == "月":
            one = replace(one, unit="月", certain=True)
        if one.kind is Kind.AMOUNT and _STEP.match(text, one.span.end):
            one = replace(one, certain=False)
        unit = _quantity_unit(text, one)
        previous = replace(unit, side="to") if previous and _is_second_end(previous, unit) else unit
        yield previous


def _with_sides_of_times(text: str, units: list[Unit]) -> list[Unit]:
    """Return two days with the sides of the times behind them: 1月1日午前0時から1月3日午前7時まで."""
    places = [at for at, unit in enumerate(units[:-1]) if _is_day_with_time(text, unit, units[at + 1])]
    for at, then in itertools.pairwise(places):
        if (units[at + 1].side, units[then + 1].side) == ("from", "to"):
            units[at], units[then] = replace(units[at], side="from"), replace(units[then], side="to")
    return units


def _is_day_with_time(text: str, day: Unit, time: Unit) -> bool:
    if day.quantity is None or time.quantity is None or day.side:
        return False
    is_pair = day.quantity.kind is Kind.DATE and time.quantity.kind is Kind.TIME
    return is_pair and text[day.span.end : time.span.start] in ("", " ", "の")


# In what steps an amount may be: 1万円以上1円単位.
_STEP = re.compile(r"単位|刻み|きざみ")


def _is_second_end(first: Unit, second: Unit) -> bool:
    """Return whether two quantities are a range whose second end has no side of its own."""
    if first.quantity is None or second.quantity is None or first.side != "from" or second.side:
        return False
    return first.quantity.kind is second.quantity.kind and second.span.start - first.span.end <= 2


_ORDINAL = re.compile(r"第\s?\Z")
_THENCE = re.compile(r"(?:それ|これ)(?:以降|以後|より(?:後|あと)|を(?:過ぎ|超え))")


def _thence(text: str, before: Sequence[Unit]) -> Iterator[Unit]:
    """Yield what それ以降 means: the quantity before it, on its other side."""
    for found in _THENCE.finditer(text):
        told = [one for one in before if one.span.end <= found.start() and one.side in ("to", "most", "less")]
        if told:
            yield replace(told[-1], span=Interval(*found.span()), side="from", is_condition=True)


_WEEKDAY = re.compile(
    r"[(（](?P<day>[月火水木金土日])(?=曜?日?(?:[)）]|・[^()（）]{1,4}[)）]))|(?<=日)[のにはが、]?(?P<said>[月火水木金土日])曜日?"
)
_WEEK = "月火水木金土日"


def _weekdays(text: str, measured: Sequence[Unit]) -> Iterator[Unit]:
    """Yield the day of the week behind a date: 9月8日（火）, 9月8日の火曜日."""
    days = {one.span.end: one.quantity for one in measured if one.quantity is not None}
    for found in _WEEKDAY.finditer(text):
        day = found["day"] or found["said"]
        follows = day == _weekday_of(days.get(found.start()))
        span = Interval(*found.span("day" if found["day"] else "said"))
        yield Unit(Sort.NAMED, f"{day}曜", span, is_noun=True, is_implied=follows)


def _weekday_of(quantity: Quantity | None) -> str:
    """Return the day of the week of a day with a year; nothing of anything else."""
    if quantity is None or quantity.kind is not Kind.DATE or quantity.unit != "day":
        return ""
    value = str(quantity.value)
    return "" if value.startswith("--") else _WEEK[date.fromisoformat(value).weekday()]


def _changes(text: str, measured: Sequence[Unit]) -> Iterator[Unit]:
    """Yield that something grew or fell by a quantity: 前年度を186人上回った."""
    for one in measured:
        verb = text[one.span.end : one.span.end + 2]
        if verb in _CHANGES:
            yield Unit(Sort.SAID, _CHANGES[verb], Interval(one.span.end, one.span.end + 2))


_CHANGES = {"上回": "増加", "下回": "減少"}
_ONE = (1, "P1D", "P1M", "P1Y", "PT1H")


def _quantity_unit(text: str, one: Quantity) -> Unit:
    """Return the unit of a quantity with the side that the words around it give it."""
    after = read_limit_word(text, one.span.end)
    before = _SIDE_BEFORE.search(text, max(0, one.span.start - 6), one.span.start)
    kind = "bare" if one.kind is Kind.NUMBER else one.kind.value
    key = f"{kind}:{one.value}{one.unit}"
    span = Interval(before.start(), one.span.end) if before else one.span
    side = after.side.value if after else (before and before.lastgroup) or ""
    is_until = side == "to" and after is not None and text[after.end : after.end + 1] == "は"
    is_condition = after is not None and (is_until or side not in ("from", "to"))
    is_condition = is_condition and _CONDITION.match(text, after.end if after else 0) is not None
    is_condition = is_condition or (one.value in _ONE and _PER.match(text, one.span.end) is not None)
    is_case = _CASE.match(text, one.span.end) is not None
    return Unit(Sort.QUANTITY, key, span, quantity=one, side=side, is_condition=is_condition, is_case=is_case)


# What tells of which case a sentence speaks: 51歳以上の方は, 3か月で解約した場合, 22時には.
_CASE = re.compile(
    r"[^。、]{0,16}?(?:場合|とき|時は|[るうくすつむぶぐ]と|[れけせてめべげえ]ば|たら|なら|だと|でも|ても|(?:方|客|人|主|者|額|年金|取引|払戻し|件|先|社)[はがもにを]"
    r"|うちは|には|に、|では|も、|の(?:方|お客|人|お?子)|分[はも])"
)
