"""What kind of thing a question asks for by its asking word, and whether an excerpt says any of that kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from akashi.language.normalise import normalise
from akashi.language.quantities import read_quantities
from akashi.language.quantity_forms import Kind
from akashi.language.tokens import read_tokens

_NUMBER = "[0-9〇一二三四五六七八九十百千万]"
# Who asks for years is not told them by months of something else; the other way round a year is exact.
_COUNTED = {
    "年": "年",
    "か月": "(?:か月|カ月|ヶ月|箇月|年)",
    "日": "(?:(?:営業)?日|週間|か月|カ月|ヶ月|年)",
    "時": "(?:時|:)",
    "歳": "(?:歳|才)",
    "才": "(?:歳|才)",
    "回": "回",
    "枚": "枚",
    "通": "通",
    "件": "件",
    "人": "(?:人|名)",
    "名": "(?:人|名)",
}
_HOW_MANY = re.compile(r"何(?P<unit>年|(?:か|カ|ヶ|箇)月|日|時(?![間代])|歳|才|回|枚|通|件|人|名)")
_MONTHS = re.compile("(?:か|カ|ヶ|箇)月")
_AT_ONCE = re.compile("即日|当日|翌日|同日|すぐ|直ちに|いつでも|随時")
_FREE = re.compile("無料|かかりません|いただきません|不要|いりません|必要ありません|ゼロ")
# An excerpt that says where a price stands does not say the price.
_ELSEWHERE = re.compile("(?:所定の|に定める|別に定める)[^。、]{0,12}(?:手数料|料金|金額|利率|利息)")
_TIMES = re.compile(
    "(?:[0-9〇一二三四五六七八九十]|数)(?:年|か月|カ月|ヶ月|週間|(?:営業)?日|時|分|月|世紀|代)|[0-9]:[0-9]"
    "|翌|即日|当日|同日|毎[年月週日朝晩]|随時|いつでも|すぐ|直ちに|その場|時代|[春夏秋冬頃]"
)
_PLACES = re.compile(
    "窓口|店|ATM|アプリ|画面|メニュー|ホームページ|サイト|センター|ダイヤル|デスク|相談室|電話|[部課係所署局]|担当"
    "|郵送|郵便|市町村|機関|コンビニ|パソコン|ダイレクト"
)
_NAMED = re.compile("(?:株式|有限|合同|相互)会社|協会|機構|公社|公庫|連合会")
_CALCULATED = (
    "(?:で|だと|に|の(?:返済|支払い?)(?:額)?は?|は)?(?:およそ|大体|だいたい|約)?(?:いくら|何(?:千|万)?円)"
)


@dataclass(frozen=True, slots=True)
class _Want:
    """A kind of thing: how it is asked for, and whether a text says any of it."""

    asked: re.Pattern[str]
    says: Callable[[str], bool]


def lacks_answer(question: str, excerpt: str) -> bool:
    """Return whether ``question`` asks for a price, a rate, a number, a time, a place, a company, a telephone
    number, something to bring or a reason and ``excerpt`` has none.

    Only what an asking word names is looked for; whether it is the right one nobody knows here. What a thing
    costs each month, or how a rate stands today, must be said as such. A question without such a word lacks
    nothing.

    >>> lacks_answer("返済期間は最長で何年ですか", "据置きは最長12か月です。")
    True
    >>> lacks_answer("手数料はいくらですか", "手数料はかかりません。")
    False
    >>> lacks_answer("手数料はいつ引かれますか", "手数料は1件165円です。")
    True
    """
    asked, told = normalise(question).text, normalise(excerpt).text
    return _lacks_number(asked, told) or any(
        want.asked.search(asked) is not None and not want.says(told) for want in _WANTS
    )


def _lacks_number(asked: str, told: str) -> bool:
    units = {_MONTHS.sub("か月", found["unit"]) for found in _HOW_MANY.finditer(asked)}
    return any(
        not re.search(_NUMBER + _COUNTED[unit], told) and not (unit in "日時" and _AT_ONCE.search(told))
        for unit in units
    )


def _says_price(told: str) -> bool:
    if _has(told, Kind.AMOUNT) or _has(told, Kind.RATE):
        return True
    return _FREE.search(told) is not None and not _ELSEWHERE.search(told)


def _says_rate(told: str) -> bool:
    return _has(told, Kind.RATE)


def _says_place(told: str) -> bool:
    return _PLACES.search(told) is not None or _says_company(told)


def _says_company(told: str) -> bool:
    return _NAMED.search(told) is not None or _says_name(told)


def _says_name(told: str) -> bool:
    return any(token.detail == "固有名詞" for token in read_tokens(told))


def _says(words: str) -> Callable[[str], bool]:
    pattern = re.compile(words)
    return lambda told: pattern.search(told) is not None


def _has(told: str, kind: Kind) -> bool:
    return any(one.kind is kind for one in read_quantities(told))


_WANTS = tuple(
    _Want(re.compile(asked), says)
    for asked, says in (
        ("いくら(?!でも)|何(?:千|万|億)?円", _says_price),
        (
            "(?:手数料|料金|費用|代金)(?:は|って|が|も)?(?:[?]|$|かか|いりま|要りま|取られ|どれ|どの)",
            _says_price,
        ),
        (
            "(?:毎月|月々|ひと月|月額?)" + _CALCULATED,
            _says("毎月|月々|月額|ひと月|月あたり|1(?:か|カ|ヶ)月|月[0-9]"),
        ),
        ("(?:毎年|年額?|年間)" + _CALCULATED, _says("毎年|年額|年間|1年|年あたり|年[0-9]|毎月|月額")),
        ("何(?:%|パーセント)", _says_rate),
        (
            "(?:今日|本日|きょう|今現在)の[^、。]{0,14}(?:レート|相場|株価|価格|価額|金利|利率)",
            _says("本日|今日|毎営業日|毎日|ホームページ|店頭|公表"),
        ),
        (
            "いつ(?!も|でも|の間|しか)|(?:どれ|どの)(?:くらい|ぐらい|ほど)の?(?:日数|期間|時間)",
            _says(_TIMES.pattern),
        ),
        (
            "(?:どこ|何処|どちら)(?:に|へ|で(?![すし])|から|の窓口|が窓口)|(?:どこ|何処)です|どこ[?]?$",
            _says_place,
        ),
        (
            "(?:会社|業者|企業|委託先|提携先|金融機関)(?:は|って|が)(?:どこ|どちら)|どこの(?:会社|業者|企業|金融機関)",
            _says_company,
        ),
        ("電話番号(?:は|って|を(?:教え|知り)|[?]|$)", _says("0[0-9]{1,4}-[0-9]|#[0-9]{4}|110|119|189")),
        (
            "何を?(?:持って|用意|準備|そろえ|揃え|提出)|(?:必要な?|(?<![てで])いる|要る)(?:書類|もの|物)(?:は|って|を教)|持ち物",
            _says("書類|印|証|通帳|カード|写し|抄本|謄本|不要|番号|控え|お持ち|票|届"),
        ),
        (
            "なぜ|なんで(?![すし])|どうして(?!も)|何故|理由",
            _says("ため|ので|から|よう|理由|原因|目的|防|法令|基づ|場合|とき|による|により|おそれ"),
        ),
    )
)
