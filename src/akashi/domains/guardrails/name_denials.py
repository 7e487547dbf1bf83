"""What looks like a name and is nobody's: kinds of persons, firms, places, faces of bank notes."""

from __future__ import annotations

import functools
import re
import tomllib
from importlib.resources import files

from akashi.domains.guardrails.name_lists import KANJI, known_names
from akashi.domains.guardrails.places import known_places

_K = KANJI
_HONOURED = re.compile(r" ?(?:さん|様|さま|氏|殿|先生|と申|名義|本人)")
_TOLD = re.compile(r"(?:氏名|名前|名義人?|契約者|受取人|担当者?|名)(?:は|が|の|: ?| )?\Z")
_FIRM = re.compile(
    r"(?:貴金属|製材|塗装|鉄工|製麺|製茶|造園|商会|焼(?=の|き|、|。|を|は)"
    r"|製薬|製菓|製粉|食品|電機|電器|電工|重工|化学|薬品|物産|不動産|運輸|交通|鉄道|百貨店|デパート|ホールディングス|自動車"
    r"|産業|興業|興産|建材|水産|酒造|醸造|印刷|出版|書店|書房|会館|幼稚園|保育園|学園|農園|農場|牧場|家電|楽器|時計|建築|設計|医院|歯科"
    r"|クリニック|薬局|ホテル|旅館|温泉|酒店|米店|本舗|青果|鮮魚|精肉|米穀|石油|ガス|電力|電鉄|バス|タクシー|運送|郵船|海運|造船|飲料"
    r"|乳業|製鉄|製鋼|製紙|繊維|紡績|火災|海上|損保|信託|財団|育英会|記念館|美術館|公園|球場|ダム|トンネル|峠|街道|海岸|高原|盆地|平野)"
)
_MADE = re.compile(
    r"の(?:バイク|オートバイ|スクーター|軽(?:自動車|トラ|バン)?[をはがの]|ピアノ|楽器|家電|電化|電池|掃除機|冷蔵庫|洗濯機|エアコン"
    r"|トラクター|コンバイン|農機|田植え?機|耕運機|新車|中古車|車種|ディーラー|株|社債|工場|下請|系列|販売店|製品|商品|チョコ|お?菓子|薬"
    r"|ミシン|ヘリ|電車|船)|自動車|(?:と|や)(?:トヨタ|日産|ホンダ|スズキ|マツダ|ヤマハ)"
)
_FROM_PLACE = re.compile(
    r"から(?:来|参り|上京|戻|帰|通|越し|引っ?越|移[っりる住]|転[入居勤校]|出て)"
    r"|の(?:実家|母|父|祖父|祖母|兄|姉|弟|妹|息子|娘|叔父|叔母|伯父|伯母|親戚|孫|両親|義父|義母)"
    r"(?:に|へ|の(?:家|ところ|とこ|所|介護|様子|施設|分)|から|が(?:住|い(?:る|て|ます)|送)|も来|まで|宅)"
    r"|(?:に|へ)(?:い(?:る|て|ます|た)|居|単身|下宿|進学|着|送)|で(?:下宿|一人暮らし|暮ら|働|開催|地震|災害|停電|開か)|まで(?:行|送|通)"
    r"|(?:の|にある)(?:家|土地|物件|畑|田んぼ|山林|空き家|別荘|倉庫|現場|大学|学校|高校)"
)
_SIDES = "東西南北中"
_SIDE = re.compile(
    rf"[口側]|の(?:出口|入口|改札|方[角面]|空|端|窓|棟|階段|駐車場)|[とや・、][{_SIDES}](?![{_K}])|(?<=[{_SIDES}][とや・、].)(?![{_K}])"
)
"""A direction: 西口, 東の出口, 西と東."""
_COUNT = re.compile(
    "[〇一二三四五六七八九十百千万数何]{1,6}"
    "(?:月(?:[一二三四五六七八九十]{1,3}日)?|つ目?|[件点本個枚回番号名人度割分秒時日年週階店社行文字組台冊通冊歳円代才]目?|[周往]目|か月|箇所)?"
)
"""A date, a count or an ordinal in kanji, which may be a rare surname as well (四月一日, 一二三)."""
_PAIR_END = re.compile(
    r"(?:に(?:農場|工場|店|家|土地|事務所|倉庫|畑|物件|支店|本社|あ[りる]|い[るた]|住|行)|へ|で(?:働|暮|は|も)|の(?:支店|店|工場|ATM|間))"
)
_PAIRED = re.compile(rf"[、・とや]([{_K}]{{2,3}})(?={_PAIR_END.pattern})")
_PAIR_BEFORE = re.compile(rf"(?<![{_K}])([{_K}]{{2,3}})[、・とや]\Z")
_IN_ROW = re.compile(rf"(?:(?<![{_K}])([{_K}]{{1,3}})[、・や]|[、・や]([{_K}]{{1,3}})(?![{_K}]))")


class Nobodies:
    """Words that look like names: ``faces`` are persons of history and founders, ``makers`` firms named like
    theirs, ``kinds`` words for kinds of persons, sides of a contract and the like (rare surnames as well),
    ``slips`` words in kana of slips and faxes."""

    def __init__(self, lists: dict[str, str]) -> None:
        self.faces, self.makers, self.kinds, self.slips = (
            frozenset(lists[one].split()) for one in ("faces", "makers", "kinds", "slips")
        )


@functools.cache
def known_nobodies() -> Nobodies:
    """Return the lists of data/titles.toml."""
    path = files("akashi.domains.guardrails").joinpath("data/titles.toml")
    return Nobodies(tomllib.loads(path.read_text(encoding="utf-8")))


def is_nobody_here(text: str, start: int, end: int) -> bool:
    """Return whether a name found at ``start`` to ``end`` of a normalised text is none of a person here.

    >>> [is_nobody_here(text, 0, 2) for text in ("鈴木のバイク", "鈴木の口座", "川崎の母に送る")]
    [True, False, True]
    >>> is_nobody_here("西と東の出口", 0, 1)
    True
    """
    name = text[start:end]
    if name in known_nobodies().kinds:
        return name == "大家" or _HONOURED.match(text, end) is None
    if _is_no_name(text, start, end):
        return True
    if name in _SIDES and _SIDE.match(text, end) and not _HONOURED.match(text, end):
        return True
    if _COUNT.fullmatch(name) and not (_HONOURED.match(text, end) or _TOLD.search(text[:start][-8:])):
        return True
    if name[-1] in "屋会" and len(name) > 1 and not _is_called(name):
        return True
    if _is_firm(text, start, end):
        return True
    if len(name) > 3 and name in known_nobodies().faces:
        return _is_spoken(text) and not _HONOURED.match(text, end) and not _TOLD.search(text[:start][-8:])
    if name in known_nobodies().makers and _MADE.match(text, end):
        return True
    return len(name) <= _LONGEST_PLACE and known_places().is_stem(name) and _is_place_there(text, start, end)


def _is_no_name(text: str, start: int, end: int) -> bool:
    """Return whether what was found is the end of a word, running text in kana, or another bank."""
    name = text[start:end]
    if len(name) == 1 and (
        _is_prefix(text, start, end) or (name == "所" and _IS_KANJI.search(text, max(0, start - 1), start))
    ):
        return True
    if _is_in_figures(text, start, end):
        return True
    if not _HONOURED.match(text, end) and (
        _in_row_of_places(text, start, end) or _is_told_of_place(text, start, end)
    ):
        return True
    if text[start - 3 : start] == "支店→" and known_places().is_stem(name):
        return True
    if _KANA_WORDS.fullmatch(name) and _is_running_kana(name):
        return True
    return (
        _OTHER_BANK.match(text, end) is not None
        and _MOVED.search(text[max(0, start - 8) : start]) is not None
    )


_LONGEST_PLACE = 3
_IS_KANJI = re.compile(f"[{_K}]\\Z")
_ROW = re.compile(rf"[{_K}ヶケ]{{2,4}}(?:[、・,/][{_K}ヶケ]{{2,4}}){{2,}}")
_ATTENDS = re.compile(
    r"(?:出席|欠席|参加|担当|記録|司会|議長|委員|部長|課長|役員|氏名|メンバー|当番|者|役|係)"
    r"[者一]?[はが:、 ]?\Z"
)
_ROW_OF_PERSONS = re.compile(
    "の(?:[0-9二三四五六]?[名人]|両名|お二人|三者)|が(?:同席|出席|対応|参加|伺|来店|立ち会)|両名|さん|様|氏"
)
_LONG_ROW, _REACH = 4, 60
_OF_PREFECTURE = re.compile(
    "(?:青森|岩手|宮城|秋田|山形|福島|茨城|栃木|群馬|埼玉|千葉|東京|神奈川|新潟|富山|石川|福井|山梨|長野|岐阜|静岡|愛知|三重"
    "|滋賀|京都|大阪|兵庫|奈良|和歌山|鳥取|島根|岡山|広島|山口|徳島|香川|愛媛|高知|福岡|佐賀|長崎|熊本|大分|宮崎|鹿児島|沖縄)"
    r"(?:県|府|都)?の\Z"
)
_SPEAKS = re.compile("です|でござ|と申|だけど|より|が(?:伺|参|対応|担当)")
_TAKES_OVER = re.compile("担当|後任|前任|引き?継|交代|名義|旧姓|改姓")
_FROM_STEM = re.compile(rf"([{_K}]{{2,3}})から\Z")
_TO_STEM = re.compile(rf"から([{_K}]{{2,3}})(?![{_K}])")
_TOPIC_PLACE = re.compile(rf"(?<![{_K}])([{_K}]{{2,3}})は")
_MOST_TOPICS = 2


def _attends(text: str, start: int) -> bool:
    """Return whether a word stands in a row of who attends: 出席:千葉、石川、福島; 千葉、石川、福島が同席."""
    rows = _ROW.finditer(text, max(0, start - _REACH), start + _REACH)
    return any(
        row.start() <= start < row.end()
        and (
            _ATTENDS.search(text, max(0, row.start() - 8), row.start())
            or _ROW_OF_PERSONS.match(text, row.end())
        )
        for row in rows
    )


def _in_row_of_places(text: str, start: int, end: int) -> bool:
    """Return whether a word stands in a row of which most are places: 大宮、浦和、川口、所沢."""
    if _attends(text, start):
        return False
    places = known_places()
    for row in _ROW.finditer(text, max(0, start - _REACH), end + _REACH):
        if row.start() <= start < end <= row.end():
            words = re.split("[、・,/]", row.group())
            known = sum(places.is_stem(word) for word in words)
            if known == len(words) or (len(words) >= _LONG_ROW and 2 * known >= len(words)):
                return True
    return False


def _is_told_of_place(text: str, start: int, end: int) -> bool:
    """Return whether a place's name is told as one: 群馬の高崎, 米沢から酒田, 高知は…、徳島は…、香川は…"""
    places, name = known_places(), text[start:end]
    if name in known_nobodies().makers and "メーカー" in text:
        return True
    if not places.is_stem(name):
        return False
    if _SPEAKS.match(text, end) or _TAKES_OVER.search(text):
        return False
    if _OF_PREFECTURE.search(text, max(0, start - 5), start) and not _OFFICE.match(text, end):
        return True
    before = _FROM_STEM.search(text, max(0, start - 6), start)
    after = _TO_STEM.match(text, end)
    if any(one is not None and places.is_stem(one[1]) for one in (before, after)):
        return True
    topics = (
        {one[1] for one in _TOPIC_PLACE.finditer(text) if places.is_stem(one[1])}
        if text[end : end + 1] == "は"
        else set()
    )
    return len(topics) > _MOST_TOPICS


_STATISTICS = re.compile("(?:都道府県|[県市町村区店行]|地区|地域|支店|店舗|エリア|箇所|業種)別")
_COUNTED_ROW = re.compile(r" ?[:：]? ?[0-9][0-9,.]{0,8}(?:[ 世件店口円%人戸台千百万億/、]|\n|\Z)")
_ROW_STARTS = ("\n", "/")
_CHANGED = re.compile(r" ?[+-][0-9][0-9.]*%")
PRODUCT_BEFORE = re.compile(
    r"(?:システム|アプリ|ローン|カード|預金|定期|積立|積金|保険|投信|ファンド|AI|支援|稟議|議事録|サービス|端末|ロボット|サイト"
    r"|ツール|プラン|コース|商品|ソフト|基盤|ネット|ブランド|キャラクター|愛称)[のは]?\Z"
)
"""What stands before the name of a product, as before its quotation mark."""
_QUOTE_ENDS = re.compile("[」』](?!さん|様|さま|氏)")
_EMPTY = frozenset(["なし", "あり", "済", "済み", "未", "可", "否"])


def _is_in_figures(text: str, start: int, end: int) -> bool:
    """Return whether a word is one of figures (町別世帯数 桜井 3,210世帯), a product's name, or no answer."""
    name = text[start:end]
    if _CHANGED.match(text, end) or "平均" in name or name.split(" ")[0] in _EMPTY:
        return True
    if _COUNTED_ROW.match(text, end) and text[:start].endswith(_ROW_STARTS) and _STATISTICS.search(text):
        return True
    is_quoted = _QUOTE_ENDS.match(text, end) is not None
    return is_quoted and PRODUCT_BEFORE.search(text, max(0, start - 8), max(0, start - 1)) is not None


_KANA_WORDS = re.compile(r"[ァ-ヴー]+(?: [ァ-ヴー]+)*")
_KANA_PARTICLES = frozenset("ハヲニノモガデトヘカ")
_KANA_END = re.compile(r"(?:(?<= ).*(?:マス|デス)|マシタ|マセン|デシタ|クダサイ|シタイ|デスカ|マスカ)\Z")
_OTHER_BANK = re.compile(r"さん(?:に|へ)(?:変|替|換|移|切り?替|一本化|まとめ|集約)")
_MOVED = re.compile(r"(?:口座|振込先|落とし先|引落先|取引|給与|年金|ローン|メイン)を ?\Z")


_PREFIXES = frozenset("新前元現旧次副総主両")
_OFFICE = re.compile("社長|支店長|頭取|会長|課長|部長|理事|役員|店長|所長|代表|担当|体制|経営")
_OWN_LAND = re.compile("(?:うち|家|実家|自宅|隣|裏)の\\Z")
_LAND = frozenset("畑田山林森庭店家倉")


def _is_prefix(text: str, start: int, end: int) -> bool:
    """Return whether one kanji is a word before an office (新社長), 正, or somebody's land."""
    name = text[start:end]
    if name in _PREFIXES and _OFFICE.match(text, end):
        return True
    if name == "長" and _IS_KANJI.search(text, max(0, start - 1), start):
        return True
    if name in _SIDES + "原" and re.search(f"{name}(?:地区|エリア|ブロック|側)", text):
        return True
    if name == "正" and text[start - 1 : start] == "が":
        return True
    return name in _LAND and _OWN_LAND.search(text[max(0, start - 4) : start]) is not None


def _is_running_kana(name: str) -> bool:
    """Return whether words in kana alone are running text or fields of a slip: テイセイ ノ ケン."""
    words = name.split(" ")
    if _KANA_END.search(name) or not _KANA_PARTICLES.isdisjoint(words):
        return True
    return not known_nobodies().slips.isdisjoint(words[1:] or words)


_ONLY_HIRAGANA = re.compile("[ぁ-ゖー]+(?: [ぁ-ゖー]+)*")


_PARTS = 2


def is_plain_hiragana(text: str, start: int, end: int) -> bool:
    """Return whether a guessed name is a word in hiragana that no list has as a name or its reading.

    >>> is_plain_hiragana("りゅうがくせいです", 0, 7), is_plain_hiragana("たなかです", 0, 3)
    (True, False)
    """
    name = text[start:end]
    if _ONLY_HIRAGANA.fullmatch(name) is None or _HONOURED.match(text, end):
        return False
    if text[:start].endswith(("「", "『")):
        return False
    lists = known_names()
    parts = [lists.roles(word) for word in name.split(" ")]
    if len(parts) > 1:
        return len(parts) > _PARTS or not ("s" in parts[0] or "g" in parts[-1])
    return not ({"s", "g"} & set(parts[0])) and not lists.full_reading(name)


def begin_after_field(text: str, start: int, end: int) -> int:
    """Return where a name in kana begins, after the field of a slip that stands before it: タントウ サクマ.

    >>> begin_after_field("タントウ サクマ", 0, 8)
    5
    """
    first, gap, rest = text[start:end].partition(" ")
    return start + len(first) + 1 if gap and rest and first in known_nobodies().slips else start


def _is_called(name: str) -> bool:
    """Return whether a word that ends like a shop or a society is a name (土屋, 渡会)."""
    lists = known_names()
    return bool(lists.roles(name)) or lists.is_full(name) or (name[-1] == "会" and lists.is_surname(name))


def _is_firm(text: str, start: int, end: int) -> bool:
    """Return whether the name of a firm or house goes on after what was found, or ends within it."""
    name = text[start:end]
    if _FIRM.match(text, end) or _LAND_CALLED.match(text, end):
        return len(name) < _FULL or not known_names().is_full(name)
    return len(name) > _FULL - 1 and "・" not in name and _FIRM_END.search(name, 2) is not None


_LAND_CALLED = re.compile("の(?:森|里|丘|湯|杜|郷)(?![一-鿿])")  # 本多の森ホール
_FULL = 4
_FIRM_END = re.compile(rf"{_FIRM.pattern}\Z")


def _is_place_there(text: str, start: int, end: int) -> bool:
    """Return whether a place's name stands as one: where somebody comes from, or in a row of two more."""
    if _FROM_PLACE.match(text, end):
        return True
    if _attends(text, start):
        return False
    after = _PAIRED.match(text, end)
    if after and known_places().is_stem(after[1]):
        return True
    before = _PAIR_BEFORE.search(text, max(0, start - 4), start)
    if before and known_places().is_stem(before[1]) and _PAIR_END.match(text, end):
        return True
    near = [*_IN_ROW.finditer(text, max(0, start - 4), start), *_IN_ROW.finditer(text, end, end + 8)]
    return sum(known_places().is_stem(one[1] or one[2]) for one in near) > 1


def _is_spoken(text: str) -> bool:
    """Return whether somebody speaks or asks, as no encyclopedia does."""
    return re.search(r"です|ます|ください|下さい|たい[。のけん]|[?？]|だけど|ちょうだい", text) is not None
