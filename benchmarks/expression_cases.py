"""Generated expressions with their values: the value is drawn first, then written in one of many ways.

Nothing here is taken from the reader: numerals are spelled by the tables of this file.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

TODAY = date(2026, 11, 21)
_KANJI = "〇一二三四五六七八九"
_FORMAL = "零壱弐参四五六七八九"
_KANA = ["", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう"]
_HUNDREDS = [
    "",
    "ひゃく",
    "にひゃく",
    "さんびゃく",
    "よんひゃく",
    "ごひゃく",
    "ろっぴゃく",
    "ななひゃく",
    "はっぴゃく",
    "きゅうひゃく",
]
_THOUSANDS = [
    "",
    "せん",
    "にせん",
    "さんぜん",
    "よんせん",
    "ごせん",
    "ろくせん",
    "ななせん",
    "はっせん",
    "きゅうせん",
]
_FULL = str.maketrans("0123456789,.%/-", "０１２３４５６７８９，．％／－")
_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the contract."""

    id: str
    text: str
    kind: str
    value: int | str | None
    unit: str | None
    today: str | None = None


def spell(number: int, digits: str = _KANJI, steps: str = "千百十") -> str:
    """Return a whole number in kanji.

    >>> spell(12_345_000), spell(10_000), spell(100)
    ('千二百三十四万五千', '一万', '百')
    """
    parts = []
    for mark, worth in (("億", 10**8), ("万", 10**4), ("", 1)):
        section, number = divmod(number, worth)
        text = ""
        for step, size in zip(steps, (1000, 100, 10), strict=True):
            digit, section = divmod(section, size)
            text += ("" if digit == 1 else digits[digit]) + step if digit else ""
        text += digits[section] if section else ""
        parts.append(text + mark if text else "")
    return "".join(parts)


def pronounce(number: int) -> str:
    """Return a whole number in hiragana.

    >>> pronounce(3_000_000), pronounce(18)
    ('さんびゃくまん', 'じゅうはち')
    """
    parts = []
    for mark, worth in (("おく", 10**8), ("まん", 10**4), ("", 1)):
        section, number = divmod(number, worth)
        thousands, rest = divmod(section, 1000)
        hundreds, rest = divmod(rest, 100)
        tens, ones = divmod(rest, 10)
        text = _THOUSANDS[thousands] + _HUNDREDS[hundreds]
        text += ("" if tens == 1 else _KANA[tens]) + "じゅう" if tens else ""
        text += _KANA[ones]
        parts.append(text + mark if text else "")
    return "".join(parts)


def _amount(random: Random) -> tuple[str, int]:
    yen = random.choice(
        [random.randint(1, 99) * 10**5, random.randint(2, 300) * 10**6, random.randint(11, 9999) * 10**4]
    )
    man = yen // 10_000
    ways: list[Callable[[], str]] = [
        lambda: f"{man}万円",
        lambda: f"{man:,}万円",
        lambda: f"{man}万",
        lambda: f"{yen:,}円",
        lambda: f"{yen}円",
        lambda: f"{yen:,}",
        lambda: f"{yen}",
        lambda: f"¥{yen:,}",
        lambda: f"{yen // 1000:,}千円",
        lambda: spell(yen) + "円",
        lambda: spell(yen),
        lambda: "金" + spell(yen, _FORMAL, "阡百拾").replace("万", "萬") + "円也",
        lambda: pronounce(yen) + "えん",
        lambda: pronounce(yen),
        lambda: pronounce(yen).translate(_KATAKANA) + "エン",
        lambda: f"{man}まんえん",
        lambda: f"{man} 万 円",
        lambda: f"{man}万円".translate(_FULL),
        lambda: f"{yen:,}円".translate(_FULL),
        lambda: f"{yen:,} 円",
        lambda: "".join(_KANJI[int(digit)] for digit in str(man)) + "万円" if man > 99 else f"{man}万円",
    ]
    if yen % 10**6 == 0:
        ways.append(lambda: f"{yen // 10**6}百万円")
    if yen >= 10**8 and yen % 10**7 == 0:
        ways.append(lambda: f"{Decimal(yen) / 10**8:f}億円")
    return random.choice(ways)(), yen


_ERAS = (("令和", "R", 2019), ("平成", "H", 1989), ("昭和", "S", 1926))


def _era(day: date) -> tuple[str, str, int]:
    name, letter, first = next(era for era in _ERAS if day >= date(era[2] + 1, 1, 1))
    return name, letter, day.year - first + 1


def _dated(random: Random) -> tuple[str, str]:
    day = date(1950, 1, 1) + timedelta(days=random.randint(0, 30_000))
    name, letter, number = _era(day)
    year, month, of = day.year, day.month, day.day
    ways: list[Callable[[], tuple[str, str]]] = [
        lambda: (f"{year}年{month}月{of}日", day.isoformat()),
        lambda: (f"{year}/{month}/{of}", day.isoformat()),
        lambda: (f"{day:%Y-%m-%d}", day.isoformat()),
        lambda: (f"{year}.{month}.{of}", day.isoformat()),
        lambda: (f"{day:%Y%m%d}", day.isoformat()),
        lambda: (f"{name}{number}年{month}月{of}日", day.isoformat()),
        lambda: (f"{name}{spell(number)}年{spell(month)}月{spell(of)}日", day.isoformat()),
        lambda: (f"{letter}{number}.{month}.{of}", day.isoformat()),
        lambda: (f"{letter}{number:02}/{month:02}/{of:02}", day.isoformat()),
        lambda: (f"{letter.lower()}{number}年{month}月{of}日", day.isoformat()),
        lambda: (f"{year}年({name}{number}年){month}月{of}日", day.isoformat()),
        lambda: (f"{year} 年 {month} 月 {of} 日", day.isoformat()),
        lambda: (f"{year}年{month}月{of}日({'月火水木金土日'[day.weekday()]})", day.isoformat()),
        lambda: (f"{year}年{month}月", f"{day:%Y-%m}"),
        lambda: (f"{name}{number}年{month}月", f"{day:%Y-%m}"),
        lambda: (f"{letter}{number}.{month}", f"{day:%Y-%m}"),
        lambda: (f"{year}/{month}", f"{day:%Y-%m}"),
        lambda: (f"{year}年", f"{year}"),
        lambda: (f"{name}{number}年", f"{year}"),
        lambda: (f"{letter}{number}年", f"{year}"),
        lambda: (f"{year}年{month}月末", f"{day:%Y-%m}-{calendar.monthrange(year, month)[1]}"),
        lambda: (f"{name}{number}年{month}月末日", f"{day:%Y-%m}-{calendar.monthrange(year, month)[1]}"),
    ]
    text, value = random.choice(ways)()
    return (text.translate(_FULL) if random.random() < 0.2 else text), value


def _relative(random: Random) -> tuple[str, str]:
    month, of, count = random.randint(1, 12), random.randint(1, 28), random.randint(2, 60)
    last, ahead = calendar.monthrange(2027, month)[1], 2026 if (month, of) >= (11, 21) else 2027
    return random.choice(
        [
            (f"来年{month}月", f"2027-{month:02}"),
            (f"来年の{month}月末", f"2027-{month:02}-{last}"),
            (f"来年{month}月{of}日", f"2027-{month:02}-{of:02}"),
            (f"去年の{month}月", f"2025-{month:02}"),
            (f"昨年{month}月{of}日", f"2025-{month:02}-{of:02}"),
            (f"再来年の{month}月", f"2028-{month:02}"),
            (f"来月{of}日", f"2026-12-{of:02}"),
            (f"再来月の{of}日", f"2027-01-{of:02}"),
            ("来月末", "2026-12-31"),
            ("今月末", "2026-11-30"),
            ("再来月末", "2027-01-31"),
            ("来月", "2026-12"),
            (f"{count}日後", (TODAY + timedelta(days=count)).isoformat()),
            (f"{count % 9 + 1}週間後", (TODAY + timedelta(weeks=count % 9 + 1)).isoformat()),
            ("明日", "2026-11-22"),
            ("あさって", "2026-11-23"),
            (f"{spell(month)}月{spell(of)}日までに必要", f"{ahead}-{month:02}-{of:02}"),
        ]
    )


def _period(random: Random) -> tuple[str, str]:
    years, months, count = random.randint(1, 35), random.randint(1, 11), random.randint(1, 120)
    month = random.choice(["ヶ月", "か月", "カ月", "ヵ月", "ケ月", "箇月", "ヶ月間"])
    ways = [
        (f"{years}年", f"P{years}Y"),
        (f"{years}年間", f"P{years}Y"),
        (f"{spell(years)}年", f"P{years}Y"),
        (f"{years}年半", f"P{years}Y6M"),
        (f"{spell(years)}年半", f"P{years}Y6M"),
        (f"{years}.5年", f"P{years * 12 + 6}M"),
        (f"{years}年{months}{month}", f"P{years}Y{months}M"),
        (f"{years}年と{months}{month}", f"P{years}Y{months}M"),
        (f"{count}{month}", f"P{count}M"),
        (f"{spell(count)}か月", f"P{count}M"),
        (f"{count}週間", f"P{count}W"),
        (f"{count}日", f"P{count}D"),
        (f"{count}日間", f"P{count}D"),
        ("半年", "P6M"),
        (f"{years}ヵ年", f"P{years}Y"),
    ]  # fmt: skip
    text, value = random.choice(ways)
    if "一二" in text or any(f"{_KANJI[one]}{_KANJI[one + 1]}" in text for one in range(1, 9)):
        return f"{years}年", f"P{years}Y"
    return (text.translate(_FULL) if random.random() < 0.2 else text), value


def _rate(random: Random) -> tuple[str, str]:
    thousandths = random.randint(1, 15_000)
    percent = Decimal(thousandths) / 1000
    short = Decimal(random.randint(1, 150)) / 10
    wari, bu, rin = random.randint(1, 9), random.randint(1, 9), random.randint(1, 9)
    ways = [
        (f"{percent:f}%", percent / 100),
        (f"年{percent:f}%", percent / 100),
        (f"年利{short:f}％", short / 100),
        (f"{short:f}パーセント", short / 100),
        (f"{short:f}％".translate(_FULL), short / 100),
        (f"{short:f} %", short / 100),
        (f"{wari}割", Decimal(wari) / 10),
        (f"{_KANJI[wari]}割{_KANJI[bu]}分", Decimal(wari * 10 + bu) / 100),
        (f"{wari}割{bu}分{rin}厘", Decimal(wari * 100 + bu * 10 + rin) / 1000),
        (f"{bu}分{rin}厘", Decimal(bu * 10 + rin) / 1000),
        (f"{_KANJI[bu]}分{_KANJI[rin]}厘", Decimal(bu * 10 + rin) / 1000),
        (f"{_KANJI[wari]}・{_KANJI[bu]}％", Decimal(wari * 10 + bu) / 1000),
        (f"{rin}厘", Decimal(rin) / 1000),
        (f"{wari}パー", Decimal(wari) / 100),
    ]
    text, value = random.choice(ways)
    return text, f"{Decimal(f'{value.normalize():f}'):f}"


_AROUND = {
    "amount": "{}|{}です|{}お願いします|{}くらい|約{}|{}ほど借りたい|えっと、{}でお願いできますか|{}を5年で"
    "|令和9年4月に{}|だいたい{}ですわ|年3%で{}",
    "date": "{}|{}です|{}ごろ|{}に設立しました|たしか{}やったと思う|えーと{}|300万円を{}に",
    "period": "{}|{}です|{}で返したい|{}くらい|{}でお願いします|300万円を{}で|だいたい{}かな",
    "rate": "{}|{}です|{}くらい|金利は{}|{}で借りています|約{}|5年で{}",
}
_UNREADABLE = {
    "amount": "{low}0|{low}くらい|{low}0〜{high}0万円|{low}百万から{high}百万"
    "|{low}0万か{high}0万|{low}0万円以上"
    "|最大{high}0万円|数百万円|{low}0万円と{high}0万円|{low}0万円強|{high}万ドル|まだ決めていません",
    "date": "{month}月|{month}月10日|2026年{month}月{over}日|2027年2月29日"
    "|{month}月〜{next}月|{few}年{month}月3日"
    "|2026年{month}月上旬|令和8年(2025年){month}月1日|そのうち"
    "|2027年{month}月か2028年{month}月|2027年{month}月以降",
    "period": "{low}〜{high}年|{low}年から{high}年|{few},{more}年|{low}年以内|最長{high}年"
    "|数年|{low}|{low}年か{high}年"
    "|{low}年弱|{low}年以上|20{high}年|なるべく長く",
    "rate": "{low}〜{high}%|{few}.5|{low}%か{high}%|{low}%以下|{low}%台|短プラ+{few}.5%"
    "|数%|月利{few}%|{low}%弱"
    "|おまかせします|0.0{low}",
}


def _unreadable(kind: str, random: Random) -> tuple[str, bool]:
    """Return a text nobody could read, and whether today is known."""
    low, month, few = random.randint(1, 40), random.randint(1, 12), random.randint(1, 8)
    text = random.choice(_UNREADABLE[kind].split("|")).format(
        low=low, high=low + random.randint(10, 40), month=month, few=few, more=few + 1,
        next=month % 12 + 1, over=32 + low % 9,
    )  # fmt: skip
    return text, kind == "date" and random.random() < 0.3


_DRAW: dict[str, Callable[[Random], tuple[str, int] | tuple[str, str]]] = {
    "amount": _amount,
    "date": _dated,
    "period": _period,
    "rate": _rate,
}


def draw_cases(count: int = 2000, seed: int = 2026) -> list[Case]:
    """Return ``count`` expressions, a quarter of each kind, one in six of them unreadable."""
    random = Random(seed)
    return [_draw(f"generated-{number:04}", list(_DRAW)[number % 4], random) for number in range(count)]


def _draw(id_: str, kind: str, random: Random) -> Case:
    if random.random() < 1 / 6:
        text, has_today = _unreadable(kind, random)
        return Case(id_, text, kind, None, None, TODAY.isoformat() if has_today else None)
    if kind == "date" and random.random() < 0.4:
        text, day = _relative(random)
        return Case(id_, text, kind, day, _unit(kind, day), TODAY.isoformat())
    written, value = _DRAW[kind](random)
    text = random.choice(_AROUND[kind].split("|")).format(written)
    return Case(id_, text, kind, value, _unit(kind, value))


def _unit(kind: str, value: int | str) -> str:
    if kind == "date":
        return {4: "year", 7: "month", 10: "day"}[len(str(value))]
    return {"amount": "JPY", "period": "duration", "rate": "fraction"}[kind]
