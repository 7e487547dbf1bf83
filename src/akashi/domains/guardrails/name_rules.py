"""What lists, honorifics and field labels make certain about names, beside the model."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Iterator

from akashi.domains.guardrails.matching import match_before_gaps
from akashi.domains.guardrails.name_lists import KANJI, known_names
from akashi.domains.guardrails.places import known_places
from akashi.language.words import Form, Word, Words, dictionary_tags

Span = tuple[int, int]

# Patterns for the whole text begin with a set of characters, because such ones are searched for fastest.
_SPACED = re.compile(rf"([{KANJI}](?<![{KANJI}][{KANJI}])[{KANJI}]{{0,3}}+) (?=([{KANJI}]{{1,4}}))")
_KANA = re.compile(r"[ァ-ヴー][ァ-ヴー]{1,5}[ ・]?[ァ-ヴー]{2,7}")
_IS_KATAKANA = re.compile("[ァ-ヴー]")
_KANA_SPACED = re.compile(_KANA.pattern + r"|[ぁ-ゖー][ぁ-ゖー]{1,5}+ [ぁ-ゖー]{2,7}")
# What a text must hold where a blank parts the two names of somebody; one sign in front is found at once.
_HIRAGANA_GAP = re.compile(" (?<=[ぁ-ゖー] )[ぁ-ゖー]{2}")
_KANJI_GAP = re.compile(f" (?<=[{KANJI}] )[{KANJI}]")
_LATIN_GAP = re.compile(" (?<=[A-Za-z',-] )[A-Z]")
_LATIN = re.compile(r"([A-Z](?<![A-Za-z][A-Z])[A-Za-z'-]{1,14}),? ([A-Z][A-Za-z'-]{1,14})(?![A-Za-z])")
_HONORIFIC = re.compile(
    rf" ?(?:さん|様(?![式子々])|さま|氏|殿|ちゃん|くん|君(?![{KANJI}])|先生|姓(?![{KANJI}]))"
)
_SELF = re.compile(
    r"(?:と申|と言い|といいま|といい、|と名乗|と読み|と読む|の相続人|の代理人?|の(?:妻|夫|母|父|息子|娘|長男|長女)"
    r"|名義|宛|本人|[)）]? ?(?:印|㊞)(?![刷鑑紙章字税象]))"
)
_IS_CALLED = (
    r"(?:(?<=[様氏殿姓])|(?=[)） との名宛本印㊞さ様氏殿ちく君先姓])"
    rf"(?=\)|{_SELF.pattern}|{_HONORIFIC.pattern}))"
)
# The next run of kanji that an honorific, a bracket or an introduction ends or follows, with all that is
# before it: one match for each run would take twice as long.
_NEXT_RUN = re.compile(
    rf"(?:[^{KANJI}]++|[{KANJI}][{KANJI}]{{1,6}}+(?!{_IS_CALLED})|[{KANJI}](?![{KANJI}]))*+([{KANJI}]{{2,7}}+)"
)
_KNOWN_TO = (
    "旦那 主人 嫁 婿 叔父 叔母 伯父 伯母 いとこ 友達 友人 同僚 知人 婚約者 彼氏 彼女 先輩 後輩 パートナー"
    " 末っ子 配偶者"
)
_KIN = re.compile(
    "(?:息子|娘|長男|次男|三男|長女|次女|三女|孫|妻|夫|母|父|祖父|祖母|兄|姉|弟|妹|甥|姪|子ども|子供|"
    + "|".join(f"{one}(?=[の・、])" for one in _KNOWN_TO.split())
    + ")[の・、 は]?"
)
_AFTER_GIVEN = re.compile(r"(?:の|が|は|を|に|と|も|へ|です|名義|、|,|\)|）|\n|（|\(|$)")
_ADDRESSED = re.compile(
    r"(?:あて|宛)(?:て)?(?:に|の|で|、|です)|に(?:改め|改姓|お申し付け|ご連絡|お尋ね|お問い?合わせ|お電話|お伝え|代わ|委任)"
)
_MET = re.compile(r"(?:した|った|いた|先ほどの|先日の|昨日の|今朝の|の者で、)$")
_OWN = re.compile(r"(?:です|ですけど|ですが|と申|でございます|だけど)")
_UNIT = re.compile(r"(?:課|部|係|室|グループ|チーム|本部|センター|支店|営業所|出張所)の$")
_PREFIX = re.compile(
    r"(?:司法書士|行政書士|弁護士|税理士|会計士|公証人|代表者?|取締役|社長|店長|氏名|名前|名義人?|旧姓|新姓|契約者|申込者|債務者"
    r"|保証人|被相続人|相続人|依頼人|受取人|差出人|宛名|担当者?|患者|同居人|妻|夫|父|母|長男|長女|次男|次女|息子|娘)"
)
_TITLE = re.compile(
    r"(?:部長|次長|課長|係長|主任|支店長|室長|所長|店長|社長|副社長|会長|専務|常務|頭取|理事長?"
    r"|監査役|委員長?|調査役|審査役|検査役|推進役|参事役|主事|代理|弁護士|税理士|司法書士|行政書士|議員|先生)"
)
_ROLE = re.compile(
    r"(?:支店長|副支店長|課長|係長|部長|次長|主任|担当者?|上司|部下|行員|社長|専務|常務|頭取|旧姓"
    r"|苗字|名字|起案者?|承認者?|検証者?|決裁者?|対応者?|受付者?|報告者?|文責|記録|司会|議長"
    r"|出席者?|欠席者?|担当)(?:の|は|が|:| |・)? ?"
)
_AFTER_ROLE = re.compile(
    r"(?:より|から|が|は|に|へ|と|で[すし]|も|、|。|,|\n| |　|/|\)|$|さん|様|氏|[一-鿿]{0,2}(?:長|役|任))"
)
_COLON_ROLE = re.compile(_ROLE.pattern.replace("(?:の|は|が|:| |・)?", ":"))
_FIELD_END = re.compile(r"[ ]?(?:、|。|,|\n|\)|」|/|$)")
_START = re.compile(r"(?:^|\n|。|はい、|もしもし、|お世話になります、|お世話になっております。)[ 　]*$")
_START_SELF = re.compile(r"(?:です|と申|と言い|といい|ですが|でございます)")
_ORGANISATION = re.compile(
    r"銀行|信金|信用金庫|信組|信用組合|支店|農協|証券|組合|会社|商事|商店|工業|建設|製作所|保険|生命|大学|高校|病院|"
    r"協会|センター|市役所|税務署|警察署|神社|(?: |^)(?:Bank|Branch|Inc|Ltd|Corp|Company)(?![A-Za-z])"
)
_PLACE_AFTER = re.compile(
    r"(?:[県市区町村都府駅線川山島港湾橋郡](?![{KANJI}]*[さ様])|[{KANJI}]{0,4}(?:支店(?!長)|出張所|営業部)|本店|営業所|"
    r"銀行|信金|信用金庫|信組|信用組合|農協|労金|証券|"
    r"県|市|区|駅|町|方面|地区|地方|空港|インター|IC|商店|商事|工業|建設|通り|大学|高校|中学|小学校|病院|"
    r"バス停|マンション|商工会|税務署|警察署|郵便局)".replace("{KANJI}", KANJI)
)
_PLACE_WORD = ("地名", "固有名詞-一般")


def find_certain(text: str, words: Words) -> Iterator[Span]:
    """Yield names that need no model: readings, honorifics, self-introductions, roles and kin."""
    yield from _kana_names(text, words)
    yield from _latin_names(text)
    yield from _kanji_names(text)
    yield from _prefixed_names(text)
    yield from _surnames(text, words)
    yield from _given_names(text, words)
    yield from _labelled_names(text, words)
    yield from _told_names(text, words)
    yield from _foreign_names(text)


_FIELD = re.compile(
    r"(?:氏名|名前|名義人?|本名|通名|通称名|ローマ字|アルファベット|フリガナ|ふりがな|カナ|受取人名?|依頼人名?|宛名|差出人"
    r"|代表者名?|担当者?名?|N(?i:ame)|n(?i:ame)"
    r"|B(?i:eneficiary)|b(?i:eneficiary)|C(?i:ard ?holder)|c(?i:ard ?holder))"
    r"(?:の(?:ローマ字|カナ|読み|綴り))?(?:欄)?(?:に|は|が|を|も)?[ :=、「『(]{0,2}"
)
_TOLD_LATIN = re.compile(
    r"(?:I am|I'm|Name is|name is|This is|this is|送金先|受取人|送金人|依頼人|送り主|相手|先方"
    r"|従業員|社員|留学生|実習生|本人|夫|妻)[ :はのが]{1,2}"
)
_LATIN_HONOURED = re.compile(
    r"[A-Z](?<![A-Za-z].)[A-Za-z'-]+(?:[ ・][A-Z][A-Za-z'-]*){0,3}(?= ?(?:さん|様|さま|氏|と申|名義))"
)
_LATIN_FIRM = re.compile(
    r"(?:Bank|Pay|Card|Store|Shop|Amazon|Google|Apple|Microsoft|Yahoo|Rakuten|Facebook|LINE|Line|Support|Team|Service"
    r"|Inc|Ltd|Corp|Company|Group|Japan|Studio|Club|[A-Z]{2}$|[A-Z]{3}$)"
)
_KATAKANA_HONOURED = re.compile(r"([ァ-ヴー](?<![ァ-ヴー・].)[ァ-ヴー]{1,9})(?= ?(?:さん|様(?!式)|さま|氏))")
_TOLD_READING = re.compile(
    r"(?:旧姓|新姓|苗字|名字)[は:]? ?([ぁ-ゖ]{2,6}?|[ァ-ヴー]{2,6})(?=[)」』、。\n]|から|で[すし]|$)"
)
_TOLD_PROPER = re.compile(
    r"(?:氏名|名前|名義人?|受取人|依頼人|差出人|宛名|申込者|保証人)(?:は|が|:|=) ?"
    rf"([{KANJI}]{{2,4}})(?=で|。|、|,|\n|\)|$)"
)
_IN_CHARGE = re.compile(rf"が(?<=[{KANJI}]{{2}}.)(?:ご?担当|対応|承)")
_SIGNATURE = re.compile(rf"[。!?\n] ?([{KANJI}]{{2,4}})[ \n]*\Z")
_LONGEST_SIGNATURE = 6
_DIRECTION = re.compile(rf"[東西南北](?<![{KANJI}].)(?=様)")


def _told_names(text: str, words: Words) -> Iterator[Span]:
    """Yield names that no list has or that are words as well, where somebody tells that they are names."""
    for told in _TOLD_LATIN.finditer(text):
        if found := _ANY_LATIN.match(text, told.end()):
            yield found.span()
    for told in _TOLD_READING.finditer(text) if "姓" in text or "字" in text else ():
        if "s" in known_names().roles(told[1]):
            yield told.span(1)
    is_named = "名" in text or "人" in text or "者" in text
    said = [told.span(1) for told in _TOLD_PROPER.finditer(text)] if is_named else []
    said += [(_word_before(words, charge.start()), charge.start()) for charge in _IN_CHARGE.finditer(text)]
    for start, end in said:
        if "固有名詞" in tag_of(words, (start, end)) and not known_places().is_stem(text[start:end]):
            yield start, end
    signature = _SIGNATURE.search(text, max(0, len(text.rstrip(" \n")) - _LONGEST_SIGNATURE))
    if signature and "人名-姓" in tag_of(words, signature.span(1)):
        yield signature.span(1)
    for direction in _DIRECTION.finditer(text) if "様" in text else ():
        yield direction.span()


def _foreign_names(text: str) -> Iterator[Span]:
    """Yield names in Latin letters or katakana before さん or 様 that are no firm's and no common word."""
    is_honoured = "様" in text or "氏" in text or "さん" in text or "さま" in text
    for latin in _LATIN_HONOURED.finditer(text) if is_honoured or "と申" in text or "名義" in text else ():
        if not _LATIN_FIRM.search(latin.group()):
            yield latin.span()
    for kana in _KATAKANA_HONOURED.finditer(text) if is_honoured else ():
        if len(kana[1]) > _SHORTEST and is_person_in_kana(kana[1]):
            yield kana.span(1)


def _word_before(words: Words, at: int) -> int:
    """Return where the word that ends at ``at`` begins."""
    return words.places[max(0, bisect.bisect_left(words.places, at) - 1)]


def tag_of(words: Words, span: Span) -> str:
    """Return the part of speech of what stands at ``span``; empty if that is not one word."""
    at = bisect.bisect_left(words.places, span[0])
    return words.forms[at].tag if words.places[at : at + 2] == [*span] else ""


_ANY_LATIN = re.compile(r"[A-Z][A-Za-z'-]+(?:[ ,・]{1,2}[A-Z][A-Za-z'-]+){1,3}")
_ANY_KANA = re.compile(
    r"[ァ-ヴー]{2,9}(?:[ ・=][ァ-ヴー]{1,9}){1,3}|[ァ-ヴー]{4,12}(?=」|』|\)|、|。| |\n|と|で[すし]|$)"
)


def _labelled_names(text: str, words: Words) -> Iterator[Span]:
    """Yield what stands in a field for names in Latin letters or kana, listed or not."""
    for field in _FIELD.finditer(text):
        found = _ANY_LATIN.match(text, field.end()) or _ANY_KANA.match(text, field.end())
        if found and not _is_known(words, found.span()):
            yield found.span()


def _is_known(words: Words, span: Span) -> bool:
    """Return whether a span is one word of the dictionary."""
    at = bisect.bisect_left(words.places, span[0])
    return words.places[at : at + 2] == [*span] and words.forms[at].known


def _kana_names(text: str, words: Words) -> Iterator[Span]:
    """Yield a surname and given name in kana, unless the whole is one word of the dictionary."""
    lists = known_names()
    for found in (_KANA_SPACED if _HIRAGANA_GAP.search(text) else _KANA).finditer(text):
        start, end = found.span()
        if end - start < _SHORTEST_KANA:
            continue
        first, gap, second = found.group().replace("・", " ").partition(" ")
        if not gap and len(first) >= 5 and not _is_known(words, (start, end)):
            whole = _whole_run(text, start, end)
            if whole and lists.full_reading(text[start:end]):
                yield start, end
        elif gap and ("s" in lists.roles(first) or _is_unlisted_kana(text, start, end, first)):
            size = next((n for n in range(len(second), 1, -1) if "g" in lists.roles(second[:n])), 0)
            if size and (size == len(second) or "ぁ" <= second[0] <= "ゖ"):
                yield start, start + len(first) + 1 + size


_SHORTEST_KANA = 5
"""Two kana, a gap and two kana; without a gap a surname and a given name have as many at least."""


def _is_unlisted_kana(text: str, start: int, end: int, first: str) -> bool:
    """Return whether a word of katakana that no dictionary has stands alone with a blank behind it."""
    is_katakana = text[start] >= "ァ" and "・" not in text[start:end]
    return is_katakana and _whole_run(text, start, end) and not dictionary_tags(first)


def _whole_run(text: str, start: int, end: int) -> bool:
    return not (_IS_KATAKANA.match(text, end) or (start and _IS_KATAKANA.match(text, start - 1)))


def _latin_names(text: str) -> Iterator[Span]:
    lists = known_names()
    for found in _LATIN.finditer(text) if _LATIN_GAP.search(text) else ():
        first, second = lists.roles(found[1]), lists.roles(found[2])
        if ("R" in first and "r" in second) or ("r" in first and "R" in second):
            yield found.span()


def _prefixed_names(text: str) -> Iterator[Span]:
    """Yield surname and given name in kanji right after a word for a kind of person or a field."""
    lists = known_names()
    for prefix in _PREFIX.finditer(text):
        is_said = _IS.match(text, prefix.end())  # 担当者が原本を確かめる: only a gap tells there
        found = _RUN_HERE.match(text, is_said.end() if is_said else prefix.end())
        if found is None or text[prefix.start() - 1 : prefix.start()] in ("口", "電"):
            continue
        first, gap, second = found.groups()
        cuts = [(first[:cut], first[cut:]) for cut in range(min(4, len(first) - 1), 0, -1)]
        is_listed = any("S" in lists.roles(one) and "G" in lists.roles(other) for one, other in cuts)
        if is_listed and not is_said:
            yield found.span(1)
        elif gap and "G" in lists.roles(second):
            yield found.span()


_IS = re.compile("[はが:=] ?")
_RUN_HERE = re.compile(rf"([{KANJI}]{{1,7}})(?:( )([{KANJI}]{{1,4}}))?(?![{KANJI}])")


def _kanji_names(text: str) -> Iterator[Span]:
    """Yield surname and given name in kanji where a space or what follows says that it is somebody."""
    lists = known_names()
    for found in match_before_gaps(_KANJI_GAP, _RUN_BEFORE, _SPACED, text):
        given = _without_honorific(found[2])
        if "S" not in lists.roles(found[1]):
            continue
        end = found.end(1) + 1 + len(given)
        is_sure = len(given) > 1 and "G" in lists.roles(given)
        if given and (is_sure or _SELF.match(text, end) or _HONORIFIC.match(text, end)):
            yield found.start(), end
    at = 0
    while run := _NEXT_RUN.match(text, at):
        start, whole, at = run.start(1), _without_honorific(run[1]), run.end()
        end = start + len(whole)
        is_bracketed = start > 0 and text[start - 1] == "(" and text[end : end + 1] == ")"
        if is_bracketed or _SELF.match(text, end) or _HONORIFIC.match(text, end):
            cuts = range(min(4, len(whole) - 1), 0, -1)
            if any("S" in lists.roles(whole[:cut]) and "G" in lists.roles(whole[cut:]) for cut in cuts):
                yield start, end


_RUN_BEFORE = re.compile(rf"(?<![{KANJI}])[{KANJI}]{{1,4}}\Z")


def _without_honorific(run: str) -> str:
    return run[:-1] if run.endswith(("様", "氏", "殿", "姓")) else run


def _surnames(text: str, words: Words) -> Iterator[Span]:
    """Yield a surname before さん or a title, after a role, or at the start of 佐藤です."""
    has_colon = ":" in text
    may_be = list(map((_FIELD_NAMES if has_colon else _SURNAMES).__getitem__, words.forms))
    for at in itertools.compress(itertools.count(), may_be):
        roles, start, end = may_be[at], words.places[at], words.places[at + 1]
        if has_colon and ("G" in roles or "g" in roles) and _is_after_colon(text, start):
            if _FIELD_END.match(text, end):
                yield start, end
            continue
        if ("S" not in roles and _TAGGED not in roles) or not _FOLLOWED.match(text, end):
            continue
        if at and _IS_KANJI.match(words.forms[at - 1].surface[-1]):
            before_role = _ROLE.search(text[max(0, start - 6) : start])
            if words.forms[at - 1].tag == "接頭辞" and _HONORIFIC.match(text, end):  # 長曽我部様
                yield words.places[at - 1], end
            if before_role is None or before_role.end() != min(6, start):
                continue
        near = max(0, start - 16)
        if (
            _HONORIFIC.match(text, end)
            or _is_titled(text, words[at])
            or (_ADDRESSED.match(text, end) and not _PLACE_CONTEXT.match(text, end))
            or (_OWN.match(text, end) and _MET.search(text[near:start]))
            or (_AFTER_ROLE.match(text, end) and _ends_with_role(text[near:start]))
            or (_START_SELF.match(text, end) and _START.search(text[near:start]))
        ):
            yield start, end


_IS_KANJI = re.compile(f"[{KANJI}]")


def _is_after_colon(text: str, at: int) -> bool:
    return _COLON_ROLE.search(text[max(0, at - 8) : at]) is not None


def _ends_with_role(before: str) -> bool:
    return any(one.end() == len(before) for one in _ROLE.finditer(before))


class _NameRoles(dict[Form, str]):
    """Which parts of a name a word can be if one of them is ``needed``; else nothing."""

    def __init__(self, needed: str) -> None:
        self._needed = frozenset(needed)

    def __missing__(self, word: Form) -> str:
        roles = known_names().roles(word.surface) + _TAGGED * ("人名-姓" in word.tag)
        if len(self) >= _MOST_WORDS:
            self.clear()
        return self.setdefault(word, "" if self._needed.isdisjoint(roles) else roles)


_TAGGED = "姓"
_MOST_WORDS = 20_000
_SURNAMES, _FIELD_NAMES = _NameRoles("S" + _TAGGED), _NameRoles("SGg" + _TAGGED)
_FOLLOWED = re.compile(
    "|".join(one.pattern for one in (_HONORIFIC, _TITLE, _ADDRESSED, _OWN, _AFTER_ROLE, _START_SELF))
)
"""What stands after a surname, whichever of the reasons below tells that it is one."""


def _is_titled(text: str, word: Word) -> bool:
    """Return whether a title follows; after a place's name it may be the title of who heads a branch."""
    if not (title := _TITLE.match(text, word.end)):
        return False
    is_place = "地名" in word.tag and title.group() not in _STAFF_TITLES
    return not is_place or _UNIT.search(text[max(0, word.start - 6) : word.start]) is not None


def _given_names(text: str, words: Words) -> Iterator[Span]:
    """Yield a given name after a word of kin: 息子の蒼の学費."""
    lists = known_names()
    for small in _SMALL_ONE.finditer(text) if "ちゃん" in text or "くん" in text else ():
        whole = small[1]
        tails = [whole, *(whole[at:] for at in range(2, len(whole) - 1) if whole[0] < "゠")]
        if any({"G", "g"} & set(lists.roles(tail)) for tail in tails):
            surname = _KANA_BEFORE.search(text, max(0, small.start() - 8), small.start())
            yield (surname.start(1) if surname else small.start(1)), small.end(1)
    for kin in _KIN.finditer(text):
        at = bisect.bisect_left(words.places, kin.end())
        name = words[at] if words.places[at] == kin.end() < words.places[-1] else None
        is_called = name is not None and "人名" in name.tag and len(name.surface) > 1
        if name and is_called and _AFTER_GIVEN.match(text, name.end) and not _COMMON.fullmatch(name.surface):
            yield name.start, name.end
            continue
        for size in (3, 2, 1):
            given = text[kin.end() : kin.end() + size]
            if len(given) < size or not _is_called(given):
                continue
            if _AFTER_GIVEN.match(text, kin.end() + size) and not _COMMON.fullmatch(given):
                yield kin.end(), kin.end() + size
                break


@functools.lru_cache(maxsize=20_000)
def _is_called(given: str) -> bool:
    """Return whether kin can be called so: one of the lists, one kanji or katakana of the dictionary."""
    roles = known_names().roles(given)
    if _IS_KANJI.match(given):
        return "G" in roles or (len(given) == 1 and known_names().is_given(given))
    is_foreign = _IS_KATAKANA.match(given) is not None and is_person_in_kana(given)
    return len(given) > 1 and ("g" in roles or is_foreign)


def is_person_in_kana(word: str) -> bool:
    """Return whether the dictionary has a word in kana as a person's name, and two kana at least.

    >>> is_person_in_kana("マルコス"), is_person_in_kana("システム")
    (True, False)
    """
    tags = dictionary_tags(word)
    is_only = len(word) == _SHORTEST or all("固有名詞" in tag for tag in tags)
    return is_only and any("人名" in tag for tag in tags)


_SHORTEST = 2
_STAFF = "課長 係長 主任 調査役 審査役 検査役 推進役 主事 弁護士 税理士 司法書士 先生"
_STAFF_TITLES = frozenset(_STAFF.split())
_SMALL_ONE = re.compile(
    rf"((?<![{KANJI}])[{KANJI}]{{1,3}}|(?<![ぁ-ゖ])[ぁ-ゖ]{{2,10}}|(?<![ァ-ヴー])[ァ-ヴー]{{2,5}})(?:ちゃん|くん)"
)
_KANA_BEFORE = re.compile(r"(?<![ぁ-ゖ])([ぁ-ゖー]{2,6}) \Z")
_COMMON = re.compile(
    "[一上中主元先光全公円力名右周和命学家年心手文方日時月本来様物生用男目相空美者自親言話道金間顔]"
    "|一人|二人|より|みな|すべて|うち|なか|その|ため|こと|もの|から|まで|さん|ほう|あと|いま|どう|ひと|とき|ところ"
)


_PLACE_CONTEXT = re.compile(
    r"(?:[、・と][一-鿿ぁ-ヿ]{1,6}){0,4}の ?[0-9一二三四五六七八九]{1,2}"
    r"(?:県|市|町|村|地区|支店|店|社|都市|拠点|駅|エリア)|"
    r"(?:[、・と][一-鿿ぁ-ヿ]{1,6}){0,4}の(?:各|お)?(?:支店|駅|店|市|町|街|ATM|窓口|近く|方面|バス停|"
    r"花火|商店|観光|温泉|出張所|港|空港|工場|本社)"
    r"|(?:[、・と][一-鿿ぁ-ヿ]{1,6}){0,4}の各?(?:地区|地域|エリア|管内|市内|沿岸|山間)"
    r"|の[一-鿿]{0,4}(?:支店|出張所)"
    r"|(?:へ|に)の?(?:出張|旅行|転勤|引っ?越|行[きくっ]|住[みむん]|帰省|移住|赴任|在住|ある支店)"
    r"|からの(?:転勤|異動|赴任|転居|転入|引っ?越)"
    r"|から(?![^へま]{0,6}(?:長|役|さん|様|氏))[一-鿿ぁ-ヿ]{1,6}(?:へ|まで|に(?:転勤|転居|引っ?越|異動|赴任|移))"
    r"|在住|行き|経由|出身|発の|着の"
)


def is_place_or_firm(text: str, start: int, end: int) -> bool:
    """Return whether what looks like a name is part of a place's or an organisation's.

    >>> is_place_or_firm("山口支店", 0, 2), is_place_or_firm("山口です", 0, 2)
    (True, False)
    """
    name = text[start:end]
    if _says_organisation(name) or _PLACE_AFTER.match(text, end) or _SUM.match(text, start):
        return True
    if name in _NO_NAMES and not _HONORIFIC.match(text, end):
        return True
    if len(name) > 2 and name[-1] in "町区県駅" and not known_names().roles(name):  # 井上町 is a place
        return True
    return len(name) <= _SURNAME_LENGTH and _PLACE_CONTEXT.match(text, end) is not None


@functools.lru_cache(maxsize=20_000)
def _says_organisation(name: str) -> bool:
    return _ORGANISATION.search(name) is not None


_SUM = re.compile("金[〇一二三四五六七八九十百千万億壱弐参拾]+円")
_SURNAME_LENGTH = 3
_NO_NAMES = frozenset(
    ["東口", "西口", "南口", "北口", "デビット", "クレカ", "ダウ", "ペイペイ", "小口", "大口"]
)


def is_everyday_word(words: Words, start: int, end: int) -> bool:
    """Return whether a span is one common word of the dictionary that no list calls a name."""
    first = bisect.bisect_right(words.places, start) - 1
    inside = words.forms[first : bisect.bisect_left(words.places, end)]
    if inside and inside[0].tag.startswith("接頭辞"):
        return True
    if len(inside) != 1 or not inside[0].known:
        return False
    return "固有名詞" not in inside[0].tag and not known_names().roles(inside[0].surface).strip("To")


def is_bare_place(text: str, start: int, end: int) -> bool:
    """Return whether a guessed name is that of a place in a list of places or before a thing of it.

    >>> text = "佐賀、長崎から来る。岡山の桃。長野が伺う。"
    >>> [is_bare_place(text, text.index(name), text.index(name) + 2) for name in ("長崎", "岡山", "長野")]
    [True, True, False]
    """
    places, lists = known_places(), known_names()
    if end - start > _SURNAME_LENGTH or not places.is_stem(text[start:end]):
        return False
    left = _LISTED_BEFORE.search(text, max(0, start - 6), start)
    right = _LISTED_AFTER.match(text, end)
    near = [one[1] for one in (left, right) if one and places.is_stem(one[1])]
    if any("S" not in lists.roles(name) for name in near):
        return True
    return _OF_PLACE.match(text, right.end() if right and near else end) is not None


_LISTED_BEFORE = re.compile(rf"(?<![{KANJI}])([{KANJI}]{{2,3}})[、・と]\Z")
_LISTED_AFTER = re.compile(rf"[、・と]([{KANJI}]{{2,3}})(?![{KANJI}])")
_OF_PLACE = re.compile(
    r"(?:[、・と][一-鿿ぁ-ヿ]{1,6}){0,4}(?:の(?!名|口座|[夫妻母父兄姉弟妹子娘]|息子|件|代|携帯|電話|住所|カード|通帳|印鑑|届"
    r"|ローン|保険|定期|普通|分|家族|方|者|机|後任|前任|上司|担当|通り|署名|押印|申|預金|年金|相続)[一-鿿ぁ-ヿ])"
)
