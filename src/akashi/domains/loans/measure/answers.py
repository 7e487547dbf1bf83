"""One answer to one question: a value in the form of its kind, nothing, or the question back; no guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from akashi.domains.loans.measure.asides import fold, is_put_off, is_word, read_yesno, strip_filler
from akashi.domains.loans.measure.choosing import read_choice
from akashi.domains.loans.measure.reading import Read, Unsure, read_measure
from akashi.domains.loans.model import Item, ItemKind, ItemValue, day_of, within
from akashi.language.normalise import normalise
from akashi.language.numerals import NUMBER, read_number

_WORDY = frozenset({ItemKind.TEXT, ItemKind.PERSON, ItemKind.COMPANY})
_WITH_TAX, _WITHOUT_TAX = "税込", re.compile("税抜|税別|外税|消費税は別")
"""A product that asks for an amount with tax says so in its question."""
LONGEST_TEXT = 500
LONGEST_NAME = 60
LONGEST_ADDRESS = 200


@dataclass(frozen=True, slots=True)
class Taken:
    """A value; ``certain`` is false where the applicant confirms it first."""

    value: ItemValue
    certain: bool = True


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The applicant has nothing to say here, or does not know (``is_unknown``)."""

    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class AskedBack:
    """No value: the wording that says why, and what may have been meant; ``bound`` where one was passed."""

    wording: str
    candidates: tuple[ItemValue, ...] = ()
    bound: ItemValue | None = None


Answer = Taken | LeftOut | AskedBack


def read_answer(item: Item, text: str, today: date) -> Answer:
    """Return what ``text`` answers to ``item`` on the day ``today``."""
    if not fold(text):
        return AskedBack("empty")
    if is_word(text, "unknown") and not _is_choice_word(item, text):
        return LeftOut(is_unknown=True)
    if is_put_off(text):
        return LeftOut(is_unknown=True)
    found = _READERS[item.kind](item, text, today)
    if item.kind in _WORDY and read_yesno(text) is not None:
        found = Unsure("unclear")
    if _WITHOUT_TAX.search(text) and _WITH_TAX in item.question["ja"]:
        found = Unsure("unclear_tax")
    if isinstance(found, Unsure):
        is_none = is_word(text, "nothing") or is_word(text, "zero")
        if is_none and item.kind in (ItemKind.AMOUNT, ItemKind.COUNT) and item.least in (0, None):
            return Taken(0, certain=item.kind is ItemKind.COUNT or is_word(text, "zero"))
        is_no = read_yesno(text) is False and item.kind is not ItemKind.YESNO
        if (is_none or is_no or _is_without(item, text)) and not item.required:
            return LeftOut()
        return AskedBack(found.wording, found.candidates)
    if isinstance(found.value, str) and not item.required and is_word(text, "nothing"):
        return LeftOut()
    return check_bounds(item, found, today)


def check_bounds(item: Item, found: Read, today: date) -> Answer:
    """Return a value that keeps to the item's least and most, or says which bound it passes."""
    for bound, is_least in ((item.least, True), (item.most, False)):
        if bound is None or within(found.value, bound, is_least=is_least, today=today) is not False:
            continue
        if item.kind is ItemKind.DATE:
            return AskedBack("too_early" if is_least else "too_late", (), day_of(bound, today))
        return AskedBack("too_small" if is_least else "too_large", (), bound)
    return Taken(found.value, found.certain)


def _is_without(item: Item, text: str) -> bool:
    """Return whether the sentence names the item and says that there is none: メールはありません."""
    topic, _, rest = fold(text).partition("は")
    names = [fold(one) for one in (*item.names, item.label["ja"])]
    is_named = bool(topic) and any(name.startswith(topic) or topic.startswith(name) for name in names)
    return is_named and (is_word(rest, "nothing") or read_yesno(rest) is False)


def _is_choice_word(item: Item, text: str) -> bool:
    return item.kind is ItemKind.CHOICE and isinstance(read_choice(item, text), Read)


def _read_measure(item: Item, text: str, today: date) -> Read | Unsure:
    found = read_measure(text, item, today)
    if isinstance(found, Read) and item.kind is ItemKind.DATE and item.exact and len(str(found.value)) < 10:
        return Unsure("unclear_exact")
    return found


def _read_count(item: Item, text: str, today: date) -> Read | Unsure:
    plain = _COUNTED.sub("", normalise(strip_filler(text)).text)
    if _OTHER_UNIT.search(plain):
        return Unsure("unclear")
    numbers = [read_number(one) for one in re.findall(NUMBER, plain)]
    whole = [int(one) for one in numbers if one is not None and one == one.to_integral_value()]
    if len(whole) != len(numbers) or not whole:
        return Unsure("unclear")
    if len(set(whole)) > 1:
        return Unsure("unclear_several", tuple(whole))
    return Read(whole[0], certain=_VAGUE.search(plain) is None)


_VAGUE = re.compile(r"[数何幾]|以上|以下|程度|くらい|ぐらい|前後|約|およそ|ほど|家族|夫婦|妻|about|family")


_OTHER_UNIT = re.compile(
    r"[0-9一二三四五六七八九十百千万億]\s*(?:円|年|か月|ヶ月|カ月|月|%|パーセント|割|yen|years?|months?)"
)
_COUNTED = re.compile(r"(?<=[0-9]),(?=[0-9]{3})")


def _read_yesno(item: Item, text: str, today: date) -> Read | Unsure:
    said = read_yesno(text)
    if said is not None:
        return Read(said)
    folded = fold(text)
    if "わけ" in folded:
        return Unsure("unclear")
    found = {said for pattern, said in _SAID if pattern.search(folded)}
    if found == {True} and not _AMOUNT.search(folded):
        return Read(True, certain=False)
    return Read(found.pop(), certain=False) if len(found) == 1 else Unsure("unclear")


_AMOUNT = re.compile(r"[0-9一二三四五六七八九十]\s*[万円]")
_SAID = (
    (
        re.compile(
            r"(?:ありません|ない(?:です|よ)?|ません|なし|あらへん|いない|不要)(?:です|よ|ね|わ|で)?$|^いいえ|^no\b"
        ),
        False,
    ),
    (
        re.compile(
            r"(?:あります|ある(?:よ|わ|で)?|います|住みます|住む予定|します)(?:です|よ|ね)?$|^はい[、,。\s]|^yes\b"
        ),
        True,
    ),
)


def _read_choice(item: Item, text: str, today: date) -> Read | Unsure:
    return read_choice(item, text)


def _read_text(item: Item, text: str, today: date) -> Read | Unsure:
    said = normalise(text).text.strip()
    if len(said) > LONGEST_TEXT:
        return Unsure("unclear_long")
    return Read(said) if len(re.findall(r"\w", said)) > 1 else Unsure("unclear")


_TITLE = re.compile(
    r"^(?:私は|わたしは|僕は|うちは|弊社は|当社は|名前は|氏名は|なまえは|代表者?[はの]|社長[はの]|店主[はの]|"
    r"会社名は|会社は|社名は|屋号は|店の?名(?:前)?は|勤め先は|勤務先は|"
    r"my name is|i am|i'm|our company is|the company is|it is|it's)\s*[、,:]?\s*",
    re.IGNORECASE,
)
_READING = re.compile(r"\s*[(\[【].*[)\]】]\s*$")
_SENTENCE = re.compile(
    r"\n|ません|ない(?:です)?$|たい(?:です)?$|たく|ます$|ください|下さい|けど|だから|ですが|とは|こと|\b(?:don't|not|please|want)\b"
)
_NOT_A_NAME = re.compile(r"[0-9@<>{}\[\]|\\/=+*^%$#&!?。]")


def _read_name(item: Item, text: str, today: date) -> Read | Unsure:
    said = " ".join(_READING.sub("", _TITLE.sub("", strip_filler(text))).split())
    if not 2 <= len(said) <= LONGEST_NAME or _NOT_A_NAME.search(said) or _SENTENCE.search(said):
        return Unsure("unclear_name")
    return Read(said, certain=len(said) <= _LONG_NAME and "、" not in said)


_LONG_NAME = 24


def _read_company(item: Item, text: str, today: date) -> Read | Unsure:
    said = " ".join(_TITLE.sub("", strip_filler(text)).split())
    if not said or len(said) > LONGEST_NAME or not re.search(r"\w", said):
        return Unsure("unclear_long" if len(said) > LONGEST_NAME else "unclear")
    if _SENTENCE.search(said):
        return Unsure("unclear")
    return Read(said, certain="。" not in said)


def _read_postal_code(item: Item, text: str, today: date) -> Read | Unsure:
    digits = re.findall(r"(?<![0-9])([0-9]{3})\s?[-の ]?\s?([0-9]{4})(?![0-9])", _spell_digits(text))
    found = {f"{first}-{last}" for first, last in digits}
    return Read(found.pop()) if len(found) == 1 else Unsure("unclear_postal")


def _read_phone(item: Item, text: str, today: date) -> Read | Unsure:
    plain = re.sub(r"(?:\+|00)81[-\s]?\(?0?\)?", "0", _spell_digits(text))
    runs = re.findall(
        r"(?<![0-9])0[0-9]{1,4}[-\s()の]{0,2}[0-9]{1,4}[-\s()の]{0,2}[0-9]{3,4}(?![0-9])", plain
    )
    found = {re.sub(r"[^0-9]", "", run) for run in runs}
    fitting = [one for one in found if re.fullmatch(r"0(?:[0-9]{9}|[5789]0[0-9]{8})", one)]
    return Read(fitting[0]) if len(found) == 1 and fitting else Unsure("unclear_phone")


def _spell_digits(text: str) -> str:
    """Return a text with kanji digits in a run as digits: 〇三の一二三四 is 03の1234."""
    table = str.maketrans("〇零一二三四五六七八九", "00123456789")
    return re.sub("[〇零一二三四五六七八九]{2,}", lambda run: run[0].translate(table), normalise(text).text)


_MAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")


def _read_email(item: Item, text: str, today: date) -> Read | Unsure:
    found = set(_MAIL.findall(normalise(text).text))
    return Read(found.pop().rstrip(".")) if len(found) == 1 else Unsure("unclear_email")


_PLACE = re.compile(r"[市区町村郡]|丁目|番地|字")


def _read_address(item: Item, text: str, today: date) -> Read | Unsure:
    said = re.sub(r"^(?:住所は|所在地は|場所は)\s*", "", strip_filler(text))
    said = re.sub(r"^〒?\s*[0-9]{3}-?[0-9]{4}\s*", "", said).strip()
    if len(said) > LONGEST_ADDRESS:
        return Unsure("unclear_long")
    is_place = _PLACE.search(said) or re.search(r"[0-9]", said)
    if len(said) < 3 or not is_place or is_word(said, "nothing"):
        return Unsure("unclear_address")
    return Read(" ".join(said.split()))


_READERS: Mapping[ItemKind, Callable[[Item, str, date], Read | Unsure]] = {
    ItemKind.AMOUNT: _read_measure,
    ItemKind.DATE: _read_measure,
    ItemKind.PERIOD: _read_measure,
    ItemKind.RATE: _read_measure,
    ItemKind.COUNT: _read_count,
    ItemKind.YESNO: _read_yesno,
    ItemKind.CHOICE: _read_choice,
    ItemKind.TEXT: _read_text,
    ItemKind.PERSON: _read_name,
    ItemKind.COMPANY: _read_company,
    ItemKind.POSTAL_CODE: _read_postal_code,
    ItemKind.ADDRESS: _read_address,
    ItemKind.PHONE: _read_phone,
    ItemKind.EMAIL: _read_email,
}
