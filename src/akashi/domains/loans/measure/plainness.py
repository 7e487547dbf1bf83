"""Whether an answer says nothing but its value: other words may mean that it speaks of something else.

「本当は327万円じゃった」 fits an open question about an amount as well as the amount said before. Nobody can
list all words by which people correct themselves, so it is the other way round: what is left of an answer
when its value, the words of the question and usual politeness are taken away must be next to nothing.
Otherwise the value counts only after a yes.
"""

from __future__ import annotations

import re
from functools import cache

from akashi.domains.loans.measure.asides import fold, strip_filler, strip_polite
from akashi.domains.loans.model import Item, ItemKind
from akashi.language.expressions.folding import fold as fold_expression

MEASURED = frozenset({ItemKind.AMOUNT, ItemKind.DATE, ItemKind.PERIOD, ItemKind.RATE, ItemKind.COUNT})
MOST_LEFT = 3
"""So many letters may be left: an ending of a dialect that nobody listed (ばい, だべさ). Ours."""
_VALUE = re.compile(
    r"(?:令和|平成|昭和|大正|明治|れいわ|へいせい|しょうわ|か月|週間|年間|年度|曜日|末日|上旬|中旬|下旬|営業日|毎月|毎年"
    r"|税込|税抜|西暦|再来|来|今|先|去|昨|翌|本|明後|明|再|末|頃|後|前|中|まで|から|より|以内|ちょうど|およそ|おおよそ"
    r"|だいたい|大体|やく|約|く?らい|ぐらい|ほど|程度?|ごろ|ころ|あたり|前後|万|億|yen|jpy|years?|months?|about|by|in|of"
    r"|on|the|and|million|thousand|jan[a-z]*|feb[a-z]*|mar[a-z]*|apr[a-z]*|may|june?|july?|aug[a-z]*|sep[a-z]*|oct[a-z]*"
    r"|nov[a-z]*|dec[a-z]*|st|nd|rd|th|[0-9〇一二三四五六七八九十百千万億兆円年月日週間分割厘半金也人名回件社台%¥]"
    r"|[^\wぁ-んァ-ヶ一-鿿]|[ー_])+"
)
_USUAL = re.compile(
    r"(?:えー?っ?と|ええと|あのー?|うーん|そうですね|そうねえ?|たぶん|多分|確か|たしか|一応|全部で|合わせて|合計|総額|はい"
    r"|希望|必要|予定|借り(?:入れ)?(?:たい|ます|る)?|返済?(?:したい|します|する|し)?|ほし(?:い)?|欲し(?:い)?"
    r"|返(?:したい|します|す)|見込み|くれ|もら(?:い|え)|です|ます|でした|ました|だった|ござい|になり|となり|お願い|おねが"
    r"|いたし|致し|存じ|思い|思う|考えて|ある|あり|い|し|たい|ください|下さい|ところ|もの|けど|んです|かな|かね|かしら"
    r"|[をはがもにでとのへやねよわなかさぞ])+"
)
_SIGN = re.compile(
    r"^(?:あ+っ?|え+っ?|うそ|嘘|おっと|いけな|しまった)[、,。\s!…]|^(?:前|一つ前|ひとつ前|直前)の?|答え|回答|正し|正確|さっき|先ほど|先程"
    r"|さきほど|失礼|すみません|すいません|すんません|ごめん|違|ちが|まちが|誤|ミス|直|もう一|もういち|よく考え|考え直|勘違"
    r"|待っ|まって|確認し|wrong|mistake|oops|wait|sorry|meant|actually|correct"
)
_PAST = re.compile(r"(?:でした|だった|やった|じゃった|ました)[わよねでけどがかなぁあ]{0,4}$")
_ABOUT_THE_PAST = re.compile(r"直近|前期|前年|始めて|生年月日|last|have you")


def is_plain(item: Item, text: str) -> bool:
    """Return whether ``text`` says nothing but a value of ``item``; True for items that take any words."""
    if item.kind not in MEASURED:
        return True
    said = fold(text)
    if _SIGN.search(said):
        return False
    if _PAST.search(said) and not any(_ABOUT_THE_PAST.search(one) for one in item.question.values()):
        return False
    rest = fold_expression(strip_polite(strip_filler(text)))
    for word in _words(item):
        rest = rest.replace(word, "")
    rest = _USUAL.sub("", _VALUE.sub("", rest))
    return len(rest) <= MOST_LEFT and not re.search("[一-鿿]", rest)


@cache
def _words_of(words: tuple[str, ...]) -> tuple[str, ...]:
    folded = {fold_expression(fold(word)) for word in words}
    return tuple(sorted((word for word in folded if len(word) > 1), key=len, reverse=True))


def _words(item: Item) -> tuple[str, ...]:
    """Return the words by which the item is named and asked, the longest first."""
    asked = [*item.label.values(), *item.names]
    for wording in (*item.label.values(), *item.question.values(), *item.help.values()):
        asked += re.findall(r"[一-鿿ァ-ヶー]{2,}|[a-zA-Z]{3,}", wording)
    return _words_of(tuple(asked))
