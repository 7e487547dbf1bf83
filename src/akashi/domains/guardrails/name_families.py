"""Names of kin and parties, of who changed a name, and of who sits at which desk; in normalised texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from akashi.domains.guardrails.name_frames import may_name
from akashi.domains.guardrails.name_lists import KANJI, known_names
from akashi.domains.guardrails.places import known_places

Span = tuple[int, int]

_K = KANJI + "ノ"
_RUN = rf"([{_K}](?<![{_K}].)[{_K}]{{0,4}}+)"
_PARTY = re.compile(
    r"(?:園児|児童|生徒|保護者|世帯主|親権者|被保険者|受益者|来店者|同席者|立会人|付添人?|退職者|後見人|保佐人"
    r"|契約者|名義人|申込者|相続人|依頼人|受取人|連帯保証人|保証人|主人|夫|妻|父|母|息子|娘|長男|長女|次男|次女"
    r"|兄|弟|姉|妹|祖父|祖母|叔父|叔母|伯父|伯母|義父|義母)(?!公)(?:は|の|:|、| )? ?"
    rf"([{_K}]{{1,6}}+[ぁ-ゖ]{{2,4}}|[{_K}]{{3,6}}+)"
)
_BIRTH = re.compile(r"\((?=(?:昭和|平成|令和|大正|[SHRT]?[0-9])[^()]{3,14}生)")
_BORN = re.compile(rf"([{_K}]{{1,5}}|(?<=[はがの、・:/ \n])[ぁ-ゖ]{{2,5}}|[ァ-ヴー]{{2,10}}){_BIRTH.pattern}")
_AFTER_GIVEN = re.compile(r"[のがはをにでともへ、。,\n)]|さん|様|さま|氏|名義|宛|\Z")
_INITIAL = re.compile(r"[A-Z](?<![A-Za-z].)[.・] ?(?:([ァ-ヴー]{2,8})|([A-Z][a-z]{2,12}))(?![A-Za-zァ-ヴー])")
_KIN_IS = re.compile(
    rf"(?:父親?|母親?|夫|妻|私|わたし|主人|兄|弟|姉|妹)(?:は|が) ?{_RUN}(?=です|[、。\n]|で(?:[、。]|す))"
)
_OF_CHILD = re.compile(
    r"の(?:お年玉|学費|学資|入学|保育|誕生|七五三|成人|進学|こども|子ども|子供|塾|給食|修学|出産|おむつ)"
)
_CHILD = re.compile(rf"(?:\A|[。、\n!?]) ?{_RUN}(?={_OF_CHILD.pattern})")
_CHANGING = re.compile(r"離婚|結婚|再婚|改姓|入籍|苗字|名字|旧姓|改名|家裁")
_CHANGED = re.compile(rf"{_RUN}(?=に(?:戻[りっ]|改姓|改め|な[りっ]|変わ|変え))")
_RENAMED = re.compile(rf"(?:名前|名)(?:を|が) ?{_RUN}から ?{_RUN}(?=に|へ)")
_SURNAME_SAID = re.compile(
    rf"(?:現姓|旧姓|本姓|元の姓|新しい姓|姓)(?:は|が|:| )? ?{_RUN}(?=[、。,\n]|で|と|です|は)"
)
_GIVEN_SAID = re.compile(rf"、名(?:は|が) ?{_RUN}(?=で|。|、|と)")
_KEPT = re.compile(
    rf"(?:口座|名義|通帳|カード|印鑑|登録|届|表札|宛名)(?:の名義|の名前)?(?:は|が|も) ?{_RUN}"
    r"(?=のまま|名義|になっ|に戻|と(?:なって|書))"
)
_DESK = re.compile(
    r"(?:融資|営業|預金|窓口|渉外|為替|事務|総務|人事|審査|相続|ローン|本部|コールセンター|監査|経理|受付|外為|法人"
    r"|個人|ロビー|後方|支店|センター|企画|推進|統括)(?:課|係|部|室|担当|グループ|チーム|センター)?"
    rf"の{_RUN}(?=が|は|から|より|に|へ|まで|です|と(?![きこも])|も|[、。\n]|\Z)"
)
_AT_DESK = re.compile(rf"[部課係店室](?<=[{_K}].)([{_K}]{{2,3}})(?=あて|宛|まで|さん|より|です|\))")
_SIGNED = re.compile(
    rf"(?:(?:支店|[課係部室]|センター|本店|出張所|担当|銀行) {_RUN}|[。\n] ?{_RUN}より。?)[ \n]*\Z"
)
_CARE_OF = re.compile(rf"(?:[\n 0-9号室])([{_K}]{{1,4}}?)方(?=[ \n]|様|\Z)")
_FORMER = re.compile(rf"(?<![{_K}])([{_K}]{{2,3}})(?=[前元](?:副?支店長|[課部係次所]長|会長|社長|理事長))")
_GATED = (("の", _DESK), ("方", _CARE_OF), ("長", _FORMER), ("", _KEPT), ("", _AT_DESK), ("", _KIN_IS))
"""Patterns with what a text must hold for them."""
_LAST = 24
_HIRAGANA = "".join(map(chr, range(ord("ぁ"), ord("ゖ") + 1)))
_SHORT = "朴李金王張陳劉黄趙呉周徐馬朱胡郭羅鄭梁謝宋許韓崔尹姜洪裴"
"""Surnames of one letter that came from China and Korea."""
_SHORT_FULL = 2
_NUMERALS = "二三四五六七八九十百千万"


def find_families(text: str) -> Iterator[Span]:
    """Yield names after kin and parties, at desks, and of who changed a name.

    >>> text = "夫大友正志の件、融資の筒井が伺います。"
    >>> [text[start:end] for start, end in find_families(text)]
    ['大友正志', '筒井']
    """
    yield from _parties(text)
    if "姓" in text:
        yield from (found.span(1) for found in _SURNAME_SAID.finditer(text) if may_name(found[1]))
    for gate, pattern in _GATED:
        if gate in text and (pattern is not _FORMER or "前" in text or "元" in text):
            yield from (found.span(1) for found in pattern.finditer(text) if _is_sure(found[1]))
    last = text[-_LAST:]
    for signed in _SIGNED.finditer(text, max(0, len(text) - _LAST)) if " " in last or "より" in last else ():
        if may_name(signed[signed.lastindex or 1]):
            yield signed.span(signed.lastindex or 1)
    yield from _changes(text)


def _parties(text: str) -> Iterator[Span]:
    """Yield full names after a word for kin or a party, before a birth in brackets and after an initial."""
    lists = known_names()
    for party in _PARTY.finditer(text):
        kanji = party[1].rstrip(_HIRAGANA)
        whole = party[1]
        sizes = range(len(whole), len(kanji) + 1, -1) if may_name(kanji) else ()
        named = next((size for size in sizes if "g" in lists.roles(whole[len(kanji) : size])), 0)
        if named and _AFTER_GIVEN.match(text, party.start(1) + named):
            yield party.start(1), party.start(1) + named
        elif len(kanji) > _SHORT_FULL and lists.is_full(kanji):
            yield party.start(1), party.start(1) + len(kanji)
    for born in _BORN.finditer(text) if "生" in text and _BIRTH.search(text) else ():
        if lists.is_given(born[1]) or lists.is_full(born[1]) or may_name(born[1]):
            yield born.span(1)
    for initial in _INITIAL.finditer(text) if "." in text or "・" in text else ():
        if {"s", "R"} & set(lists.roles(initial[1] or initial[2])):
            yield initial.span()


def _changes(text: str) -> Iterator[Span]:
    """Yield the names of who changed one, and children by what is paid for them."""
    lists = known_names()
    if ("に戻" in text or "にな" in text or "に変" in text or "に改" in text) and _CHANGING.search(text):
        yield from (found.span(1) for found in _CHANGED.finditer(text) if _is_sure(found[1]))
    for renamed in _RENAMED.finditer(text):
        if lists.is_given(renamed[1]) and lists.is_given(renamed[2]):
            yield from (renamed.span(1), renamed.span(2))
    for pattern in (_GIVEN_SAID, _CHILD) if _OF_CHILD.search(text) else (_GIVEN_SAID,):
        yield from (found.span(1) for found in pattern.finditer(text) if _is_child(found[1]))


def _is_sure(run: str) -> bool:
    """Return whether a run of kanji is a surname and not only a place's name."""
    roles = known_names().roles(run)
    is_place = "S" not in roles and known_places().is_stem(run)
    is_long = len(run) > 1 or "S" in roles or run in _SHORT
    return may_name(run) and not is_place and is_long and run[0] not in _NUMERALS + "各"


def _is_child(run: str) -> bool:
    return len(run) > 1 and run[0] not in "一二三長次末" and known_names().is_given(run)
