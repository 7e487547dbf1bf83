"""Questions for a forecast or for advice: approved words may be near, but only a person may answer."""

from __future__ import annotations

import re

from akashi.language.normalise import normalise

_LATER = "(?:来年|再来年|来月|今後|将来|この先|これから先)"
_MOVES = "(?:上が|下が|あが|さが|値上がり|値下がり|何円|いくらにな|見通し|見込み)"
_ADVICE = re.compile(
    f"{_LATER}[^。！？!?]{{0,30}}{_MOVES}"
    "|(?:今のうち|どっち|どちら|いつ)[^。！？!?]{0,20}(?:得|いい|良い|よい|有利)(?:です|でしょう|の|かな|か|$|[?？])"
    "|(?:お(?:すすめ|勧め)|オススメ)(?:は|の(?:商品|銘柄|投資))"
)


def asks_advice(text: str) -> bool:
    """Return whether ``text`` asks what rates or prices will do, or which choice is the better one.

    >>> asks_advice("来年、変動金利は上がりますか"), asks_advice("変動金利はいつ見直されますか")
    (True, False)
    """
    return _ADVICE.search(normalise(text).text) is not None
