"""Names that are words or places as well, or that no list has, where the phrase around them tells a person.

What can be a surname is asked of the lists and of all that the dictionary knows of the letters, not of what
it reads in them at that place. Texts are normalised.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from akashi.domains.guardrails.name_denials import known_nobodies
from akashi.domains.guardrails.name_lists import KANJI, known_names
from akashi.domains.guardrails.places import known_places

Span = tuple[int, int]

_K = KANJI
_RUN = rf"([{_K}](?<![{_K}].)[{_K}]{{0,4}}+)"
"""A whole run of at most five kanji."""
_BACK = re.compile(rf"(?<![{_K}ァ-ヴーA-Za-z0-9])[{_K}]{{1,5}}\Z")
# What follows a name, tried after kanji alone; と名乗っ everywhere, lest って人 be read in と名乗って人.
_TAIL = re.compile(
    rf"[とのっよかばじが](?:(?<=と)名乗[っりる]|(?<=[{_K}].)(?:"
    r"(?<=と)(?:か(?:いう|言う)|(?:いう|言う)(?:者|人|方|行員|担当|職員|女性|男性|名[字前]|苗字|お客)|申(?:しま|す者))"
    r"|(?<=の)(?:叔父|叔母|伯父|伯母|おじ|おば|おばあ|お婆|おじい|お爺|奥|ご主人|旦那|お母|お父|息子|娘|お嬢)(?:さん|ちゃん|様|さま)"
    r"|(?<=っ)て(?:いう)?(?:人|方(?!が[いよ良])|者)"
    r"|(?:(?<=ば)あ|(?<=じ)い)(?:さん|ちゃん|さま|様)|(?<=が)(?=産休|育休|産前|育児休|着任|赴任|離任|退任)"
    r"|(?:(?<=よ)り|(?<=か)ら)(?=折り?返|お?電話|ご?連絡|お?聞[いき]|ご?案内|ご?説明|ご?紹介|ご?依頼|ご?相談|入電"
    r"|ご?報告|引き?継|着信|ご?返信|お?受け取)))"
)
_ROLE = (
    r"(?:担当者?|支店長|課長|係長|部長|次長|主任|上司|部下|同僚|先輩|後輩|行員|社長|専務|常務|頭取|旧姓|新姓|名字|苗字"
    r"|社員|従業員|職員|秘書|弁護士|税理士|司法書士|前任者?|後任者?|責任者|対応者?|受付者?)"
)
_TOLD = re.compile(
    rf"{_ROLE}(?:(?:は|が|:|は、) ?{_RUN}(?=です|でした|でござ|だ(?:と|そ|っ|か)"
    r"|と(?:い|言|申|聞|伺|承|存|思|なっ)|に(?:変|代|替|なり|な[っる])|さん|様|[。、\n)]|\Z)"
    rf"|の ?{_RUN}(?=です|でした|でござ|さん|様|[。、\n)]|\Z"
    rf"|(?<=[{_K}]{{2}})(?:と(?![きこも])|が|は|を|に(?!つ|よ)|より|から)))"
)
_RENAMED = re.compile(
    rf"(?:旧姓|新姓|名字|苗字|姓)(?:は|が|の|を)? ?{_RUN}(?=から|より|に(?:改|変|戻)|→)"
    rf"(?:(?:から|より|→) ?{_RUN}(?=に|へ))?"
)
_BRACKETED = re.compile(
    rf"[「『\"]([{_K}]{{1,6}}|[ぁ-ゖ]{{2,8}}|[ァ-ヴー]{{2,8}})[」』\"]"
    r"(?=さん|様|さま|氏|姓|という(?:名字|苗字|姓|名前|方|人[はがの、]))"
)
_READING = re.compile(
    rf"{_RUN}[」』]?(?:と書いて|と書き|で) ?[「『(]?([ぁ-ゖァ-ヴー]{{2,8}})[」』)]?とお?(?:読|よ[みむん]|申)"
)
_ROMAJI = re.compile(
    r"ローマ字(?:表記)?(?:で(?:は)?|は|が|:)? ?[「『]?([A-Z]{3,15}(?: [A-Z]{2,15})?)[」』]? ?"
    r"(?=で[すお印]|に|と|。|\n|\Z)"
)
_ME = re.compile(rf"(?:私|わたし|僕|俺)(?:は|が|、)? ?([{_K}]{{3,5}}+)(?![{_K}])")
_SIGNED = re.compile(rf"[。!?\n] ?{_RUN}[ \n]*\Z")
_GREETED = re.compile(
    r"(?:世話にな(?:って(?:おり|い)?ます|ります)|世話様です|はじめまして|お疲れ様です)[。、!\n ]{0,2}"
    rf"[^。、\n]{{2,25}}の ?{_RUN}(?=です|でござ|と申)"
)
_GREETS = re.compile("世話|はじめまして|お疲れ様")
_KANA = r"[ぁ-ゖー]{2,6}(?: [ぁ-ゖー]{2,6})?|[ァ-ヴー]{2,6}(?: [ァ-ヴー]{2,6})?"
_READ_BESIDE = re.compile(rf"(?:\A|\n|: ?)([{_K}]{{1,4}} [{_K}]{{1,3}}) ?\(({_KANA})\)")
_LONGEST_SIGNED = 7
# 林です at the start of a sentence is looked for from its end, which is rarer.
_SAYS = re.compile(rf"[でだ](?<=[{_K}].)(?:(?<=で)(?:す(?:[。、\n!]|が|け|\Z)|ございま)|(?<=だ)けど)")
_STARTED = re.compile(rf"(?:\A|[\n。!?]|はい、|もしもし、|あの、) ?([{_K}]{{1,5}}+)\Z")
_LONGEST_STARTED = 11
_ROW_ENDS = re.compile(
    rf"[のが両](?<=[{_K}].)(?:(?<=の)(?:[0-9二三四五六]?[名人]|順|両名|お二人|三者)|(?<=が)[同出対参伺来立]|(?<=両)名)"
)
_LISTED = re.compile(
    rf"((?:{_RUN}[、・と,])+{_RUN})"
    r"(?=の(?:[0-9二三四五六]?[名人]|順|両名|お二人|三者)|が(?:同席|出席|対応|参加|伺|来店|立ち会)|両名)"
)
_HONORIFIC = re.compile(rf"[さ様氏殿](?:(?<=[様氏殿])|(?<=[{_K}].)[んま])")
_HONOURED = re.compile(rf"{_RUN}(?=さん|さま|(?<=[様氏殿]))")
_TITLED = re.compile(rf"{_RUN}(?<=課長|係長|次長|主任)")
_NOT_BUT = re.compile(
    rf"{_RUN}(?:であって|でして|です。|で、){_RUN}(?=では(?:ありま|な|ござ)|じゃ(?:な|あり))"
)
_OPENS = re.compile(rf"(?<![{_K}])([{_K}]{{3,5}}+)(?=で(?:口座|登録|契約|申し?込|名義|作[りる成]))")
_HEADING = re.compile(rf"{_RUN}(?<=支店長)")


def find_framed(text: str) -> Iterator[Span]:
    """Yield the names of a normalised text that a frame tells.

    >>> text = "担当は雲母です。窓口の釜石とかいう人から聞きました。"
    >>> [text[start:end] for start, end in find_framed(text)]
    ['釜石', '雲母']
    """
    for tail in _TAIL.finditer(text):
        name = _BACK.search(text, max(0, tail.start() - 6), tail.start())
        is_open = (
            tail.group() in _BY or tail.group()[0] == "の"
        )  # 高崎から連絡, 高崎の奥さん: it may be a place
        if name and may_name(name.group()) and not (is_open and known_places().is_stem(name.group())):
            yield name.span()
    for opens in _OPENS.finditer(text) if "で" in text else ():
        if known_names().is_full(opens[1]):
            yield opens.span(1)
    for pattern in _told_by(text):
        for told in pattern.finditer(text):
            groups = [at for at in range(1, pattern.groups + 1) if told[at]]
            yield from (told.span(at) for at in groups if may_name(told[at]))
    for read in _READ_BESIDE.finditer(text) if "(" in text else ():
        yield from (read.span(1), read.span(2))
    yield from _quoted(text)
    yield from _alone(text)
    yield from _listed(text)
    yield from _honoured(text)


_BY = frozenset(["より", "から"])


def _told_by(text: str) -> Iterator[re.Pattern[str]]:
    """Yield the patterns whose groups are names, where the text holds what they need."""
    yield _TOLD
    if "姓" in text or "字" in text:
        yield _RENAMED
    if _GREETS.search(text):
        yield _GREETED
    if "では" in text or "じゃ" in text:
        yield _NOT_BUT


def _quoted(text: str) -> Iterator[Span]:
    """Yield names in brackets before さん, with their reading, and in Latin letters where that is said."""
    lists = known_names()
    for found in _BRACKETED.finditer(text) if "「" in text or "『" in text or '"' in text else ():
        if may_name(found[1]) or lists.is_full(found[1]) or "s" in lists.roles(found[1]):
            yield found.span(1)
    for read in _READING.finditer(text) if "と読" in text or "とよ" in text or "と申" in text else ():
        if may_name(read[1]) or lists.is_given(read[1]) or lists.is_full(read[1]):
            yield from (read.span(1), read.span(2))
    for latin in _ROMAJI.finditer(text) if "ローマ字" in text else ():
        yield latin.span(1)


def _alone(text: str) -> Iterator[Span]:
    """Yield the name of who speaks or signs."""
    signed = _SIGNED.search(text, max(0, len(text.rstrip(" \n")) - _LONGEST_SIGNED))
    spoken = [said.start() for said in _SAYS.finditer(text)]
    started = [_STARTED.search(text, max(0, at - _LONGEST_STARTED), at) for at in spoken]
    for found in (signed, *started):
        if found is None:
            continue
        name = found[1].rstrip("拝記") if found is signed else found[1]
        if len(name) > 1 and may_name(name) and not _is_only_place(name):
            yield found.start(1), found.start(1) + len(name)
    for me in _ME.finditer(text) if "私" in text or "僕" in text or "俺" in text else ():
        if known_names().is_full(me[1]):
            yield me.span(1)


def _listed(text: str) -> Iterator[Span]:
    """Yield the surnames of a row that ends in の順, が同席 and the like."""
    for row in _LISTED.finditer(text) if _ROW_ENDS.search(text) else ():
        parts = [*re.finditer(f"[{_K}]+", row[1])]
        if all(may_name(part.group()) and not _is_only_place(part.group()) for part in parts):
            yield from ((row.start(1) + part.start(), row.start(1) + part.end()) for part in parts)


def _honoured(text: str) -> Iterator[Span]:
    """Yield surnames that are words before さん, and before 支店長 where they are no city's."""
    for one in _HONOURED.finditer(text) if _HONORIFIC.search(text) else ():
        end = one.end(1) - (text[one.end(1) - 1] in "様氏殿")
        if end - one.start(1) > 1 and may_name(text[one.start(1) : end]):
            yield one.start(1), end
    for titled in _TITLED.finditer(text) if "長" in text or "主任" in text else ():
        name = titled[1][:-2]
        if len(name) > 1 and may_name(name):
            yield titled.start(1), titled.end(1) - 2
    for head in _HEADING.finditer(text) if "支店長" in text else ():
        name = head[1][:-3]
        if "S" in known_names().roles(name) and not known_places().is_stem(name):
            yield head.start(1), head.end(1) - 3


def _is_only_place(name: str) -> bool:
    return "S" not in known_names().roles(name) and known_places().is_stem(name)


@functools.lru_cache(maxsize=20_000)
def may_name(run: str) -> bool:
    """Return whether a run of kanji can be a surname: no kind of person, no shop.

    >>> [may_name(run) for run in ("久慈", "御手洗", "窓口", "花屋", "大家")]
    [True, True, False, False, False]
    """
    lists = known_names()
    return (
        run not in known_nobodies().kinds
        and (run[-1] != "屋" or "S" in lists.roles(run))
        and lists.is_surname(run)
    )
