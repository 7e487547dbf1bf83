"""Which way of doing business a text names: the counter, a machine, the net, a convenience store, the post.

The same business has other fees, limits and hours by each way, and approved answers stand apart for each.
"""

from __future__ import annotations

import re

from akashi.language.normalise import normalise

_WAYS = {
    "counter": re.compile("窓口|店頭|店舗|支店[でにへ]|お店|来店"),
    "machine": re.compile("ATM|機械|キャッシュコーナー", re.IGNORECASE),
    "store": re.compile("コンビニ"),
    "net": re.compile("ネット|アプリ|スマホ|携帯|パソコン|オンライン|ダイレクト|ウェブ|Web", re.IGNORECASE),
    "post": re.compile("郵送|郵便(?!局|番号)"),
}


def read_ways(text: str) -> frozenset[str]:
    """Return the ways that ``text`` names; a machine in a convenience store is the store's.

    >>> sorted(read_ways("コンビニのATMと窓口")), sorted(read_ways("機械で振り込みたい"))
    (['counter', 'store'], ['machine'])
    """
    plain = normalise(text).text
    ways = {way for way, words in _WAYS.items() if words.search(plain)}
    return frozenset(ways - {"machine"} if "store" in ways else ways)


def is_other_way(question: str, heading: str) -> bool:
    """Return whether ``question`` names a way of doing business and ``heading`` names only others.

    >>> is_other_way("ATMで振り込むと手数料は", "窓口で他の銀行に振り込むといくらかかりますか")
    True
    >>> is_other_way("振り込むと手数料は", "窓口で他の銀行に振り込むといくらかかりますか")
    False
    """
    asked, answered = read_ways(question), read_ways(heading)
    return bool(asked and answered) and asked.isdisjoint(answered)
