"""Addresses: from the first place name to the last character of the building, floor or room."""

from __future__ import annotations

import re
from collections.abc import Iterator

from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.numbers import Hit
from akashi.domains.guardrails.places import Places, known_places

_N = "0-9〇一二三四五六七八九十百"
_UNITS = "年月日時分秒円万億人名件回個歳"
_NUMBER_NEXT = r"(?:[0-9]{3}-?[0-9]{4}(?![0-9])|0[0-9]{1,4}[-(])"  # a postal code or telephone number
_ROOM_NEXT = r"[0-9]{1,4}(?:階|F(?![A-Za-z])|号室|号棟)"
_NO_UNIT = (
    rf"(?![0-9%%％]|,[0-9]{{3}}(?![0-9-])|[ 　](?!{_NUMBER_NEXT}|{_ROOM_NEXT})[0-9%%％]|日(?!本)"
    rf"|[{_UNITS.replace('日', '')}]|\s[{_UNITS}](?![一-鿿ァ-ヺ])|\.[0-9]"
    r"|\s?(?:[かヶカ]月|ドル|周年|期))"
)
_BLOCK = (
    rf"(?:(?:第?[{_N}]{{1,3}}\s?地割\s?)(?:字?[一-鿿ァ-ヺ]{{1,6}}?)?(?:[{_N}]{{1,5}}(?:\s?(?:番地の?|番|号|[-の])\s?[{_N}]{{1,5}}){{0,2}}\s?(?:番地|番|号)?)"
    rf"|第?[{_N}]{{1,5}}\s?丁(?:目|(?=[{_N}]))\s?(?:[ァ-ヺ甲乙丙丁]?[{_N}]{{1,5}}"
    rf"(?:\s?(?:番地の?|番|号|[-の・.ー―—─−ノ])\s?[{_N}]{{1,5}}){{0,3}}\s?(?:番地|番|号)?)?"
    rf"|[{_N}]{{1,5}}\s?番地?\s?(?:の\s?)?(?:-?[{_N}]{{1,5}}(?:-[{_N}]{{1,4}}){{0,2}}\s?号?)?"
    rf"|[{_N}]{{1,5}}(?:\s?[-の・.ー―—─−ノ]\s?[{_N}]{{1,5}}){{1,4}}(?:番地|番|号)?)"
)
_STRONG = re.compile(rf"{_BLOCK}{_NO_UNIT}")
_WEAK = re.compile(
    r"[0-9]{1,5}(?![-.,0-9線条丁]|(?!\s[A-Z]{2})\s?[0-9A-Za-z年月日時分秒円万億人名件回個歳%％店号階本つ台社ヶカか期月割]|ドル)"
)
_MIDDLE = re.compile(
    r"[一-鿿ァ-ヺー々〆ヶヵノが]{0,10}?[0-9一二三四五六七八九十]{1,3}(?:条|線)(?:[東西南北])?|"
    r"[一-鿿ァ-ヺー々〆ヶヵノ]{1,12}?|[一-鿿ァ-ヺー々〆ヶヵ]{1,8}[のノがヶつつッっ之][一-鿿ァ-ヺー々〆]{1,8}?"
)
_OTHER_FIELD = re.compile(
    r"電話|携帯|連絡|氏名|名前|口座|メール|生年|誕生|店番|担当|法人|カード|普通|当座|記号|番号|名義|様|金額|郵便|免許|旅券|(?i:tel|fax|mail|name)"
)
_UNIT = r"(?:号室|号棟|号館|号|室|階|棟|F(?![a-z]))"
_ROOM = rf"[A-Za-z]?-?[0-9〇一二三四五六七八九]{{1,4}}(?:-[0-9A-Z]{{1,4}})?\s?{_UNIT}?"
_BUILDING_WORD = (
    r"(?:ビル(?:ディング)?|マンション|ハイツ|コーポ|荘|アパート|メゾン|タワー|レジデンス|ハウス|コート|ヒルズ"
    r"|プラザ|ホーム|ホテル|病院|センター|[のノ][里郷家丘杜森]|苑|園|館|棟|寮|団地|ハイム|パレス|ガーデン|住宅|宿舎|社宅|官舎|ヴィラ|テラス)"
)
_INSIDE = (
    r"[A-Za-zァ-ヺー一-鿿・々ヶ&'Ⅰ-Ⅻ]|の(?=[ァ-ヺ一-鿿])"
    r"|(?<=[ァ-ヺー一-鿿 0-9])[ぁ-ゖー]{2,6}(?=[ァ-ヺ一-鿿0-9A-Z]| [A-Z]?-?[0-9])"
    r"|(?<=[A-Za-zァ-ヺー第])[0-9](?=[A-Za-zァ-ヺ一-鿿ぁ-ゖ])|(?<=[A-Za-z]) (?=[A-Za-z])"
)
_FIRST = r"(?=[A-Za-zァ-ヺ一-鿿]|(?<= )[ぁ-ゖ]{2,6}[ァ-ヺ一-鿿])"
_BUILDINGS = (
    re.compile(
        rf"[ \n]{{0,2}}{_FIRST}((?:{_INSIDE}){{2,24}}?)[ ]?{_ROOM}"
        rf"(?:[ ]?{_ROOM}(?<=[階F室号棟])|(?<=棟)[ ]?[A-Z]?-?[0-9]{{2,4}}(?:号室?|室)?)?"
        rf"(?![0-9-]|[年月日時分円万人名%]| [年月日時分円万人名%](?![一-鿿]))"
        r"(?!(?<=[〇一二三四五六七八九])[一-鿿ァ-ヺ])(?!ビル|マンション|ハイツ|コーポ|アパート|荘)"
    ),
    re.compile(rf"[ \n]{{0,2}}{_FIRST}((?:{_INSIDE}){{0,20}}{_BUILDING_WORD})(?:[ ]?{_ROOM})?"),
    re.compile(rf"[ ]?()[0-9]{{1,4}}\s?{_UNIT}"),
)
_FLOOR = re.compile(
    r"(?<=[棟館])[ ]?[A-Z]?-?[0-9]{2,4}(?![0-9年月日時分円万人名%-])|"
    r"(?<=[0-9])(?:階|F(?![A-Za-z])|号室)(?:-[0-9A-Z]{1,3}(?![0-9A-Za-z]))?|"
    rf"[ -]?(?:地下|B)?[A-Za-z]?[0-9〇一二三四五六七八九]{{1,4}}\s?{_UNIT}"
    r"|[ ]?(?:[A-Z]|[東西南北中]|別|新|本)[棟館](?![一-鿿])"
)
_FIELD = re.compile(
    r"(?:現住所|新住所|旧住所|住所|所在地|お届け先|送付先|送り先|転居先|引越先|引っ越し先|自宅|居所|実家)(?:欄|地)?\s?[はが:をの]?\s?"
)
_LEVELS = 4  # prefecture, district, city, ward; a longer chain is no address and would cost its square
_LAND = re.compile(r"[一-鿿ぁ-ヿ々ヶ]{2,12}?(?=[0-9〇一二三四五六七八九十])")
_STARTS = re.compile("[一-鿿ぁ-ヿ]")


_NUMERAL_SIGN = re.compile(f"[{_N}]")


def find_addresses(text: str) -> Iterator[Hit]:
    """Yield the addresses of a view of ``language.digits``: a known place with a block number."""
    if _NUMERAL_SIGN.search(text) is None:
        return
    places = known_places()
    reached = 0
    for at in places.starts(text):
        if at >= reached and (end := _address_at(text, at, places)) > at:
            reached = end
            yield Hit(at, end, Kind.ADDRESS, "An address.")
    yield from _labelled(text)
    yield from _in_kana(text)


def _address_at(text: str, at: int, places: Places) -> int:
    """Return where the address that begins at ``at`` ends; ``at`` if none begins there."""
    after = _cities(text, at, places)
    if after == at:
        return at
    town = places.town_at(text, after)
    block = _STRONG.match(text, town) or (_WEAK.match(text, town) if town > after else None)
    if block is None and (streets := _STREETS.match(text, after)):
        block = _STRONG.match(text, streets.end()) or _WEAK.match(text, streets.end())
    if block is None:
        block = _unknown_block(text, after, town)
    if block is None:
        return at
    end = block.end() - (text[block.end() - 1] == "の")  # 12番地のままです
    lettered = _LETTERED.match(text, end)
    return _building(text, lettered.end() if lettered else end)


_LETTERED = re.compile("(?<=[地番号])(?:の)?[イロハニホヘト甲乙丙丁](?![ァ-ヴー一-鿿])")


def _unknown_block(text: str, after: int, town: int) -> re.Match[str] | None:
    """Return the block number after the name of a place that no list has (字七日町128: 七 begins none)."""
    for begin in (town, after) if town > after else (town,):
        for middle in _middles(text, begin):
            is_told = (town > after and begin == town) or _AZA.match(text, begin, middle) is not None
            block = _STRONG.match(text, middle) or (_WEAK.match(text, middle) if is_told else None)
            if block:
                return block
    return None


def _cities(text: str, at: int, places: Places) -> int:
    """Return where prefecture, city and ward end, written one after another, at most ``_LEVELS``."""
    end = places.city_at(text, at)
    for _ in range(_LEVELS - 1 if end > at else 0):
        follows = end + (text[end : end + 1] == " ")
        further = places.city_at(text, follows)
        if further == follows:
            break
        end = further
    return end + (end > at and text[end : end + 1] == " ")


def _middles(text: str, at: int) -> Iterator[int]:
    """Yield where the name of an unknown place ends and its number may begin."""
    yield _middle(text, at)
    if run := _PLACE_RUN.match(text, at):
        for numeral in _NUMERAL.finditer(text, at + 1, run.end()):
            yield numeral.start()
        yield run.end()


def _middle(text: str, at: int) -> int:
    found = _MIDDLE_TO_NUMBER.match(text, at)
    return found.end() if found else at


_MIDDLE_TO_NUMBER = re.compile(rf"[ ]?(?:{_MIDDLE.pattern})[ ]?(?=[0-9〇一二三四五六七八九十第])")
_PLACE_RUN = re.compile(r"[ ]?[一-鿿ァ-ヺー々〆ヶヵノ]{1,16}(?=[0-9])")
_NUMERAL = re.compile("(?<![一二三四五六七八九十])[一二三四五六七八九十]")
_AZA = re.compile(r"[ ]?[一-鿿]{0,6}?(?:大字|字|[町村郷区])[一-鿿ァ-ヺ]")


# Kyoto: by the crossing of streets, then the block (寺町通御池上る上本能寺前町).
_STREETS = re.compile(r"[一-鿿ぁ-ヿ々ヶ]{2,20}?(?:[上下][るル]|[東西]入[るル]?)(?:[一-鿿々ヶノ]{1,10}町)?")


def _building(text: str, at: int) -> int:
    """Return where the building, floor or room after a block number ends."""
    for pattern in _BUILDINGS:
        found = pattern.match(text, at)
        if found and not _OTHER_FIELD.search(found.group()):
            at = found.end()
            break
    while (floor := _FLOOR.match(text, at)) is not None:
        at = floor.end()
    return at - (text[at - 1] in " \n")


def _labelled(text: str) -> Iterator[Hit]:
    """Yield what stands after 住所 with a block number, though no city is said."""
    for field in _FIELD.finditer(text):
        land = _LAND.match(text, field.end())
        block = _STRONG.match(text, land.end()) if land else None
        if block:
            yield Hit(field.end(), _building(text, block.end()), Kind.ADDRESS, "An address.")


def _in_kana(text: str) -> Iterator[Hit]:
    """Yield addresses written in kana alone, as on slips and by fax: アキタケン ユザワシ … 2-1-39."""
    if not any(word in text for word in _KANA_SIGNS):
        return
    for found in _KANA_ADDRESS.finditer(text):
        start = found.start(1)
        yield Hit(start, _building(text, found.end()), Kind.ADDRESS, "An address.")


_KANA_PREFECTURES = (
    "ホッカイドウ|アオモリ|イワテ|ミヤギ|アキタ|ヤマガタ|フクシマ|イバラキ|トチギ|グンマ|サイタマ|チバ|トウキョウ|カナガワ|ニイガタ|トヤマ"
    "|イシカワ|フクイ|ヤマナシ|ナガノ|ギフ|シズオカ|アイチ|ミエ|シガ|キョウト|オオサカ|ヒョウゴ|ナラ|ワカヤマ|トットリ|シマネ|オカヤマ"
    "|ヒロシマ|ヤマグチ|トクシマ|カガワ|エヒメ|コウチ|フクオカ|サガ|ナガサキ|クマモト|オオイタ|ミヤザキ|カゴシマ|オキナワ"
)
_KANA_SIGNS = ("ジュウショ", "アテサキ", "ケン", "トウキョウト", "オオサカフ", "キョウトフ", "ホッカイド")
_KANA_NUMBER = (
    r"[0-9]{1,5}(?: ?(?:チョウメ|バンチノ?|バン|ゴウ|-|ノ) ?[0-9]{1,5}){0,3} ?(?:バンチ|バン|ゴウ)?"
)
_KANA_ADDRESS = re.compile(
    r"(?:(?:ジュウショ|アテサキ)[ :ハ]{0,3}(?=[ァ-ヴ])"
    rf"|(?<![ァ-ヴー])(?=(?:{_KANA_PREFECTURES}) ?(?:ケン|フ|ト)))"
    rf"((?:[ァ-ヴー]{{2,14}} ?){{1,5}}{_KANA_NUMBER})(?![0-9])"
)
