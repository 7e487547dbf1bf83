"""Dates of birth: dates that a label or 生まれ says are one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from akashi.domains.guardrails.labels import Labels
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.numbers import Hit

_N = "[0-9〇一二三四五六七八九十]"
_ERA = r"(?:明治|大正|昭和|平成|令和|[大昭平令](?<![一-鿿].)(?=[0-9]{1,2}[./-])|(?<![A-Za-z])[MTSHRmtshr])"
_MONTHS = r"(?:(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[A-Za-z]{0,6}\.?)"
_YEAR = (
    rf"(?:{_ERA}[ .]?(?:元|{_N}{{1,3}})(?: ?年? ?\((?:西暦 ?)?(?:1[89]|20)[0-9]{{2}} ?年?\))?"
    rf"|(?:西暦 ?)?(?:1[89]|20)[0-9]{{2}}(?: ?年? ?\({_ERA} ?(?:元|{_N}{{1,3}}) ?年?\))?"
    rf"|[一二][〇一二三四五六七八九]{{3}})"
)
_DATE = re.compile(
    rf"(?<![0-9./-])(?:{_YEAR}(?: ?年の? ?|[-./の・, ]|(?<=\)) ?)(?:{_N}{{1,3}})"
    rf"(?: ?月 ?|[-./の・, ]){_N}{{1,3}}日?(?![0-9])"
    rf"|{_YEAR} ?年 ?{_N}{{1,3}} ?月(?= ?(?:生まれ|うまれ|生れ))"
    rf"|{_N}{{1,2}}月{_N}{{1,3}}日[、, ]{{0,2}}(?:{_ERA}(?:元|{_N}{{1,3}})|(?:19|20)[0-9]{{2}})年"
    rf"|[0-9]{{2}}年[0-9]{{1,2}}月[0-9]{{1,2}}日(?= ?(?:生|うまれ))"
    rf"|(?:1[89]|20)[0-9]{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])"
    rf"|{_MONTHS} ?[0-9]{{1,2}}(?:st|nd|rd|th)?,? ?(?:19|20)[0-9]{{2}}"
    rf"|[0-9]{{1,2}} {_MONTHS},? ?(?:19|20)[0-9]{{2}}"
    rf"|[0-9]{{1,2}}/[0-9]{{1,2}}/(?:19|20)[0-9]{{2}}(?![0-9]))"
)
_SHORT = re.compile(
    rf"(?<![0-9./-]){_N}{{1,3}}(?: ?年 ?|[-./]){_N}{{1,3}}(?: ?月 ?|[-./]){_N}{{1,3}}日?(?![0-9./-])"
    r"|(?<![0-9A-Za-z.,/-])[MTSHRmtshr]?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9./-])"
)
_FIRST = re.compile("[明大昭平令西MTSHRmtshrJFAOND〇一二三四五六七八九十0-9](?<![0-9./-].)")
_AFTER = re.compile(
    r" ?[)）]? ?(?:[にの]? ?(?:お?生まれ|うまれ|生れ|出生|誕生)"
    r"|生(?![産活徒保命鮮物計涯])|が(?:誕生日|生年月日)|born"
    r"|に[^。、\n0-9]{0,4}(?:息子|娘|子|子ども|子供|孫|長男|長女|次男|次女|赤ちゃん|双子)が?(?:生|産|誕))"
)
_BEFORE = re.compile(
    r"(?:born(?: on| in)?|(?:生まれ|産まれ)(?:ました|た)[!。、 ]{1,2}(?:誕生日は)?"
    r"|(?:生まれ|生れ|うまれ)(?:た(?:の|日))?(?:は|が|:)|[(（ ]生) ?:? ?$",
    re.IGNORECASE,
)
_NEAR = 14
_BORN = re.compile("(?:生まれ|生れ|うまれ|産まれ)(?!た(?!日)[一-鿿])")
_SENTENCE_END = re.compile("[。!?\n]")
_OTHER_DATE = re.compile(
    r"契約|開設|発行|交付|死亡|亡くな|逝去|他界|退職|入社|就職|結婚|離婚|婚姻|相続|登記|[建新]築|築|取得|開始|設立|創業|加入|年金|満期|作成|購入|受付|取引|頃|ころ|ごろ|当時"
)
_BETWEEN = re.compile(
    r"(?:[^。!?\n]{0,4}|[\s:;はがのもを、,()「」=|/・お欄\[\]本人様私夫妻父母息子娘祖ご家族者西暦年月日明大昭平令和yYmMdD\"']{0,14})"
)


_SPOKEN_OF = re.compile(
    r"[生誕BbDdせセバょ](?:(?<=[生誕])|(?<=んじょ)うび|(?<=[Bb])(?:irth|orn)|(?<=B)IRTH|(?<=D)(?:OB|\.O\.B)|(?<=d)ob|(?<=セ)イネン|(?<=せ)いねん|(?<=バ)ースデ)"
)


def find_births(text: str, known: Labels | None = None) -> Iterator[Hit]:
    """Yield the dates of birth of a view of ``language.digits``, whose labels may be known already."""
    if _AGO_APART.search(text) is not None:
        yield from _beside_names(text)
        yield from _in_rows(text)
    if _SPOKEN_OF.search(text) is None:
        return
    labels = [label for label in (known or Labels(text)).all if label.name == "birth_date"]
    ends = [label.end for label in labels]
    reached = -1
    for pattern in (_DATE, _SHORT) if labels else (_DATE,):
        for found in _dates(text, pattern):
            if found.start() >= reached and _is_birth(text, *found.span(), ends, pattern is _SHORT):
                reached = found.end()
                yield Hit(*found.span(), Kind.BIRTH_DATE, "A date of birth.")


def _beside_names(text: str) -> Iterator[Hit]:
    """Yield dates of long ago beside a name: 大友正志(1988.4.16), 井手様、1948/2/29, 妻 幸枝 S25.12.1."""
    for found in _dates(text, _DATE):
        if not _LONG_AGO.match(found.group()):
            continue
        near = max(0, found.start() - 12)
        before = _NAME_BEFORE.search(text, near, found.start())
        is_closed = before is not None and _CLOSED.match(text, found.end())
        if is_closed or (
            _CALLED_BEFORE.search(text, near, found.start()) and _PAUSED.match(text, found.end())
        ):
            yield Hit(*found.span(), Kind.BIRTH_DATE, "A date of birth.")


def _in_rows(text: str) -> Iterator[Hit]:
    """Yield a date of long ago in a row of a person's fields (個人番号… 平成8年6月24日 高知県…)."""
    if _FORM.search(text) is None:
        return
    for found in _dates(text, _DATE):
        start, end = found.span()
        if (
            _LONG_AGO.match(text, start)
            and _ROW_LEFT.search(text, max(0, start - 3), start)
            and _ROW_RIGHT.match(text, end)
            and not _PUBLISHED.search(text, end, end + 14)
        ):
            yield Hit(*found.span(), Kind.BIRTH_DATE, "A date of birth.")


_FORM = re.compile("本人確認|個人番号|マイナンバー|氏名|免許|旅券|〒|申込者|契約者|名義|フリガナ|カナ")
_ROW_LEFT = re.compile(r"(?:[0-9一-鿿ァ-ヴー)][ /|\n]|[。!?]\n?)\Z")
_ROW_RIGHT = re.compile(
    r"[ /|\n、]{1,2}(?:電話|携帯|住所|氏名|名前|〒|男|女|0[0-9]{1,4}-"
    r"|[一-鿿]{2,3}[都道府県]|[一-鿿]{1,5}[市区郡])"
)
_PUBLISHED = re.compile("条例|告示|規則|公報|指針")
_LONG_AGO = re.compile(
    r"(?:大正|昭和|[TSts](?=[0-9]{1,2} ?[./年-])|平成(?:元|[1-9]年|1[0-9])"
    r"|H(?:[1-9]|1[0-9])[./年-]|19[2-9][0-9]|200[0-9])"
)
_AGO_APART = re.compile(rf"[(（、。!? /|\n](?={_LONG_AGO.pattern})")
"""What stands before a date of long ago beside a name or in a row of fields, and its beginning."""
_NAME_BEFORE = re.compile(r"[一-鿿ァ-ヴー々](?:さん|様|氏)?[(（]\Z")
_CALLED_BEFORE = re.compile(
    r"(?:[一-鿿ぁ-ヴー](?:様|さん|氏)[、 ]{1,2}|(?:\A|[。\n])[一-鿿々]{1,3} [一-鿿々ぁ-ヴー]{1,4} "
    r"|(?:\A|[。\n、 :])[一-鿿々]{1,5}、|(?:\A|[。\n])[一-鿿々]{1,3} [一-鿿々ぁ-ヴー]{1,4}、"
    r"|(?:\A|[。\n、 0-9])[一-鿿々]{1,3} [一-鿿々ぁ-ヴー]{1,4} "
    r"|[夫妻父母子男女人主](?: |の)?[一-鿿]{1,4}(?: [一-鿿]{1,3})? )\Z"
)
_PAUSED = re.compile(r"[。、)） \n]|\Z")
_CLOSED = re.compile(r" ?(?:生 ?)?[)）]")


def _dates(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Yield what ``pattern.finditer`` would, tried only where a date can begin."""
    reached = 0
    for first in _FIRST.finditer(text):
        if first.start() >= reached and (found := pattern.match(text, first.start())) is not None:
            reached = found.end()
            yield found


def _is_birth(text: str, start: int, end: int, labels: list[int], is_short: bool) -> bool:
    before = max((at for at in labels if at <= start), default=-1)
    if before >= 0 and start - before <= _NEAR and _BETWEEN.fullmatch(text, before, start):
        return True
    if labels and _LONG_AGO.match(text, start) and not _is_other(text, start, end):
        return True
    if is_short:
        return False
    if _LONG_AGO.match(text, start) and _is_spoken_of(text, start, end):
        return True
    return _AFTER.match(text, end) is not None or _BEFORE.search(text[max(0, start - 12) : start]) is not None


def _is_other(text: str, start: int, end: int) -> bool:
    """Return whether the sentence says near a date that it is another's (of a contract, of a death)."""
    stop = _SENTENCE_END.search(text, end, end + 10)
    return _OTHER_DATE.search(text, max(0, start - 16), stop.start() if stop else end + 10) is not None


def _is_spoken_of(text: str, start: int, end: int) -> bool:
    """Return whether the sentence says near a date that somebody was born (昭和生まれで、昭和三十四年…)."""
    for born in _BORN.finditer(text, max(0, start - 20), min(len(text), end + 14)):
        between = (born.end(), start) if born.end() <= start else (end, born.start())
        if not _SENTENCE_END.search(text, *between) and not _is_other(text, start, end):
            return True
    return False
