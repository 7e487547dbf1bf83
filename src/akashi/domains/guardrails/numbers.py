"""Numbers that belong to somebody: telephone, card, account, My Number, licence, passport, postal code.

Everything here reads the view of ``language.digits``; spans are places in that view.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from akashi.domains.guardrails.banks import is_branch
from akashi.domains.guardrails.checkdigits import passes_corporate_number, passes_luhn, passes_my_number
from akashi.domains.guardrails.labels import Labels
from akashi.domains.guardrails.matching import match_at
from akashi.domains.guardrails.model import Kind
from akashi.domains.guardrails.places import known_places


class Hit(NamedTuple):
    """A place in the view, what it is, and why."""

    start: int
    end: int
    kind: Kind
    reason: str


# The first digit or sign of a number, and what may not stand before it. A set of characters comes first,
# because patterns that begin with one are searched for fastest.
_NOT_BEFORE = r"(?<![0-9].)(?<![0-9][-.,/:].)(?<![¥$€].)"
_DIGIT = rf"[0-9]{_NOT_BEFORE}"
_RIGHT = (
    r"(?![0-9]|[A-Za-z_]{2})(?![-.,/:][0-9])(?!\s?(?:[円万億%％]|[個件名枚歳株](?![一-鿿])|ドル|ユーロ|千円))"
)
# What every number of this module holds: five digits, with nothing but such signs between them. Patterns that
# begin with a digit are tried only where such a row begins, those of at least a dozen digits at long ones.
_NEXT = r"(?:[-. ・/()\s]{0,5}[0-9])"
_FIVE = re.compile(rf"[0-9]{_NEXT}{{4}}")
_ROW = re.compile(rf"{_DIGIT}(?=({_NEXT}{{4,19}}+))")
_LONG = 11
_GAP = r"(?:[-. ・/]|\s-\s|\n)?"
_PHONE = re.compile(
    r"[+(0](?<![0-9].)(?<![0-9][-./:].)(?<![¥$€].)(?:"
    rf"(?<=\+)\s?81[-. (]{{0,2}}0?\)?[-. ]?[1-9][0-9]{{0,3}}"
    rf"|(?<=\()\s?0[0-9]{{1,4}}\s?\)|(?<=0)[0-9]{{1,4}}(?=[-. ・/()0-9\n]))"
    rf"[-. ・/\n]?\(?[0-9]{{1,4}}\)?{_GAP}[0-9]{{3,4}}{_RIGHT}"
)
_ABROAD = re.compile(
    rf"\+(?!81|0)(?<![0-9+].)[1-9][0-9]{{0,2}}[-. ]?(?:\([0-9]{{1,4}}\)|[0-9]{{1,4}})"
    rf"(?:[-. ]?[0-9]{{2,4}}){{1,4}}{_RIGHT}"
)
_TOLL_FREE = re.compile(r"0(?:120|800|570|990)")
_LOCAL_PHONE = re.compile(rf"[1-9]{_NOT_BEFORE}[0-9]{{1,3}}-[0-9]{{4}}{_RIGHT}")
_CARD = re.compile(
    rf"{_DIGIT}[0-9]{{3}}(?:(?:[-. ・/\n]?[0-9]{{4}}){{3}}(?:[-. ]?[0-9]{{3}})?"
    rf"|(?:[-. ][0-9]{{4}}){{2}}[-. ][0-9]{{3}}|[-. ・]?[0-9]{{6}}[-. ・]?[0-9]{{4,5}}|[0-9]{{9,15}}){_RIGHT}"
)
_TWELVE = re.compile(
    rf"{_DIGIT}(?:[0-9]{{3}}(?:[-. ・/]?[0-9]{{4}}){{2}}"
    rf"|[0-9](?:[- ]?[0-9]{{5}}){{2}}|(?:[- ・]?[0-9]){{11}}){_RIGHT}"
)
_THIRTEEN = re.compile(
    rf"{_DIGIT}(?:(?:[-. ・]?[0-9]{{4}}){{3}}|[0-9]{{3}}-[0-9]{{2}}-[0-9]{{6}}(?:[0-9])?"
    rf"|(?:[-. ]?[0-9]){{12}}){_RIGHT}"
)
_INVOICE = re.compile("[Tt][0-9]")
_PASSPORT = re.compile(
    rf"[A-Za-z](?<![A-Za-z].)[A-Za-z]?[- ]?(?:[0-9]{{7,8}}(?:{_RIGHT}(?![A-Za-z])|[A-Z](?![0-9A-Za-z-]))"
    rf"|[0-9]{{6}}{_RIGHT}(?![A-Za-z]))"
)
_PASSPORT_ALONE = re.compile(rf"[A-Z](?<![0-9A-Za-z-].)[A-Z][- ]?[0-9]{{7}}{_RIGHT}(?![A-Za-z])")
_NINE = re.compile(rf"{_DIGIT}[0-9]{{8}}{_RIGHT}")
_POSTAL = re.compile(rf"{_DIGIT}[0-9]{{2}}[-. ・/]?[0-9]{{4}}{_RIGHT}")
_ACCOUNT = re.compile(
    rf"{_DIGIT}(?:[0-9]{{5,7}}|[0-9]{{2}}[- ][0-9]{{4}}"
    rf"|[0-9]{{0,2}}-[0-9]{{6,7}}| [0-9]{{3}} [0-9]{{3}}|[0-9]{{3}}[- ][0-9]{{3}}){_RIGHT}"
)
_BRANCH = re.compile(rf"{_DIGIT}[0-9]{{2}}{_RIGHT}")
_BRANCH_BEFORE = re.compile(rf"({_DIGIT}[0-9]{{2}})[- /・]\Z")
_BRANCH_NAME_BEFORE = re.compile(r"(?:支店|出張所|営業部|本店)[ (:=]{0,2}\Z")
_SYMBOL = re.compile(rf"[01]{_NOT_BEFORE}[0-9]{{3}}0(?:-[0-9])?(?![0-9])")
_FULL_CODE = re.compile(rf"({_DIGIT}[0-9]{{3}})[-. /]([0-9]{{3}})[-. /](?:[0-9][-. /])?([0-9]{{7}}){_RIGHT}")
_BRANCH_AND_NUMBER = re.compile(rf"({_DIGIT}[0-9]{{2,3}})[-. /]([0-9]{{7}}){_RIGHT}")
_KIND_AFTER = re.compile(
    r"[ 、,(]{0,2}(?:で、)?(?:普通|当座|貯蓄)(?:で|預金|口座|[ 、。,)\n]|\Z)|\([普当貯]\)"
    r"|の(?:通帳|残高|入出金)"
    r"|(?:に|へ|から|宛に?|あてに?)[^。\n0-9]{0,6}(?:[0-9,万千]{1,9}円[^。\n0-9]{0,4})?(?:振り?込|送金|入金|引き?落|引き出)"
)
_NUMBER_OF_ELSE = re.compile(
    "(?:伝票|案件|整理券|受付|資料|注文|予約|型番|品番|番号札|チケット)[のは:]? ?\\Z"
)
_DEPOSIT_BEFORE = re.compile(
    r"(?:(?:定期|積立|積金|外貨)(?:預金|普通)?|残高照会"
    r"|(?:受取|受け取り|引落|引き落とし|返済)先?)[はの:]?[ 、]?\Z"
)
_KIND_SIGN = re.compile(rf"[普当貯](?:\)|:)?[ ]?([0-9]{{7}}){_RIGHT}")
_FIVE_DIGITS = re.compile(rf"(?<=口座番号)[はがの:]?[ 「(]{{0,2}}([0-9]{{5}}){_RIGHT}")
_COUNTED = re.compile(rf"(?<=桁)(?:で|の|は|なら)?[、:]? ?([0-9]{{6,7}}){_RIGHT}")  # うちのは6桁で318824
_POST_PAIR = re.compile(rf"([01]{_NOT_BEFORE}[0-9]{{3}}0(?:-[0-9])?)[- ・]{{1,3}}([0-9]{{2,7}}1){_RIGHT}")
_POST_WORD = re.compile("ゆうちょ|郵貯|郵便局|貯金|記号")
_BRANCH_LEFT = re.compile(
    r"(?:(?<![0-9,.-])([0-9]{3})(?: ?店(?:の|[ 、])?|支店の?|[-/ ・])|店[: ]?([0-9]{3})[ 、,/]{1,2})"
    r"(?:の?[普当貯](?:通|座|蓄)?(?:預金|口座)?[):]?[-/ ・、:]{0,2})?\Z"
)
_BRANCH_RIGHT = re.compile(
    r"[ 、,/(]{0,2}(?:[普当貯](?:通|座|蓄)?[ 、,/)]{0,2})?"
    r"(?:([0-9]{3})(?: ?店(?!舗)|支店| [一-鿿ァ-ヺー]{1,6}支店)|店[: ]([0-9]{3})(?![0-9]))"
)
_DATE_SHAPE = re.compile(r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
_PLACE_AFTER = re.compile(
    r"[\s,、)]{0,3}(?:東京都|北海道|(?:京都|大阪)府|[一-鿿]{2,3}県|[一-鿿ぁ-ヿ]{1,7}[市区郡])"
)
_NO_BRANCH = re.compile("(?![一-鿿]{0,3}(?:支店|営業|出張|本店))")
_PLACE_BEFORE = re.compile(r"[都道府県市区郡町村][^。\n]{0,16}[0-9][^。\n]{0,20}[、, \n/(]{1,2}\Z")
_SENT_TO = re.compile(r"(?:住所|宛先|送付先|届け先|送り先|転居先)[はがをも:]?[ 「(]?\Z")
_ALSO_POSTAL = re.compile("(?:から|→|->|ではなく|じゃなく|でなく|または|と|か|、)(?:て|、| )?〒?")


class Rows:
    """Where rows of five and more digits begin in a view; ``long`` are those that may have a dozen."""

    __slots__ = ("long", "starts")

    def __init__(self, text: str) -> None:
        found = [(row.start(), len(row[1])) for row in _ROW.finditer(text)]
        self.starts = [at for at, _ in found]
        self.long = [at for at, further in found if further >= _LONG]


Finder = Callable[[str, Labels, Rows], Iterator[Hit]]


_NOT_DIGIT = re.compile("[^0-9]")


def _digits(text: str) -> str:
    return _NOT_DIGIT.sub("", text)


def find_phones(text: str, labels: Labels, _: Rows) -> Iterator[Hit]:
    """Yield telephone numbers of persons; toll-free numbers are nobody's."""
    for found in _PHONE.finditer(text):
        digits = _digits(found.group())
        number = "0" + digits[2:].lstrip("0") if "+" in found.group() else digits
        label = labels.before(found.start())
        if _is_phone(number) and not (label and label.name in _NOT_PHONE and digits == found.group()):
            yield Hit(found.start(), _extended(text, found.end()), Kind.PHONE, "A telephone number.")
    for found in _ABROAD.finditer(text) if "+" in text else ():
        if _SHORTEST_ABROAD <= len(_digits(found.group())) <= _LONGEST_ABROAD:
            yield Hit(*found.span(), Kind.PHONE, "A telephone number.")
    if "phone" in labels.names:
        for found in _LOCAL_PHONE.finditer(text):
            label = labels.before(found.start(), 6)
            if label and label.name == "phone":
                yield Hit(*found.span(), Kind.PHONE, "A telephone number.")


_SHORTEST_ABROAD, _LONGEST_ABROAD = 9, 15
_EXTENSION = re.compile(
    r" ?(?:\((?:内線|内|(?i:ext)\.?)[ :]?[0-9]{1,5}\)|(?:内線|(?i:ext)\.?)[ :]?[0-9]{1,5}(?![0-9]))"
)


def _extended(text: str, at: int) -> int:
    """Return where the extension after a telephone number that ends at ``at`` ends."""
    found = _EXTENSION.match(text, at) if text[at : at + 2].strip(" ")[:1] in "(内eE" else None
    return found.end() if found else at


_NOT_PHONE = {"other", "account", "card", "my_number", "driver_licence", "corporate_number", "symbol"}


def _is_phone(number: str) -> bool:
    if _TOLL_FREE.match(number) or number[1:2] == "0":
        return False
    is_mobile = number[0] == "0" == number[2:3] and number[1] in "56789"
    return len(number) == (11 if is_mobile else 10)


def find_cards(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    """Yield card numbers: right by Luhn, or labelled as one."""
    for found in match_at(rows.long, _CARD, text):
        digits = _digits(found.group())
        label = labels.before(found.start())
        name = label.name if label else ""
        is_member = name == "other" and _OF_CARDS.search(text) is not None and len(digits) >= _CARD_DIGITS
        is_open = name not in _NOT_CARD or is_member
        if name == "card" or (passes_luhn(digits) and is_open and digits[0] in "23456"):
            yield Hit(*found.span(), Kind.CARD, "A card number.")


_OF_CARDS = re.compile("カード|クレジット|デビット|(?i:visa|jcb|amex|master)")
_CARD_DIGITS = 15
_NOT_CARD = {"other", "corporate_number"}


def find_my_numbers(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    """Yield My Numbers and driver licences: twelve digits that their label names.

    A random number passes the check digit of My Number once in ten times, so that a right check
    digit counts only in a text that speaks of My Number.
    """
    if not rows.long:
        return
    is_of_taxes = _TAXES.search(text) is not None
    if not is_of_taxes and labels.names.isdisjoint(("driver_licence", "my_number")):
        return
    for found in match_at(rows.long, _TWELVE, text):
        digits = _digits(found.group())
        label = labels.before(found.start(), 24) or labels.after(found.end())
        name = label.name if label else ""
        name = "" if name == "phone" and digits[0] != "0" else name  # no telephone number has twelve digits
        if name == "driver_licence" or (name not in _NAMED and "driver_licence" in labels.names):
            yield Hit(*found.span(), Kind.DRIVER_LICENCE, "A driver's licence number.")
        elif name == "my_number" or (
            name not in _NAMED and (is_of_taxes or "my_number" in labels.names) and passes_my_number(digits)
        ):
            yield Hit(*found.span(), Kind.MY_NUMBER, "A My Number.")


_TAXES = re.compile(
    "住民票|iDeCo|イデコ|確定拠出|NISA|証券口座|投信口座|ワンストップ|確定申告|年末調整|源泉徴収|扶養控除|支払調書|特定口座|番号入り|税務署|公金"
)
_NAMED = {"other", "phone", "card", "account", "corporate_number", "my_number", "driver_licence"}


def find_corporate_numbers(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    """Yield corporate numbers (also as T + 13 digits of the invoice system)."""
    if not rows.long:
        return
    is_of_firms = "corporate_number" in labels.names or _OF_FIRMS.search(text) is not None
    if not (is_of_firms or _INVOICE.search(text) or _FIRM_NEXT.search(text)):
        return
    for found in match_at(rows.long, _THIRTEEN, text):
        start = found.start()
        label = labels.before(start, 24) or labels.after(found.end())
        name = label.name if label else ""
        is_told = is_of_firms or _FIRM_BEFORE.search(text, max(0, start - 6), start) is not None
        is_meant = text[max(0, start - 1) : start] in ("T", "t") or (is_told and name != "other")
        if name == "corporate_number" or (is_meant and passes_corporate_number(_digits(found.group()))):
            yield Hit(*found.span(), Kind.CORPORATE_NUMBER, "A corporate number.")


_OF_FIRMS = re.compile("国税庁|13桁|十三桁|公表サイト")
_FIRM_NEXT = re.compile("(?:会社|法人|商店|当社|弊社|御社|事業者)[ :(]{0,2}[0-9]{13}(?![0-9])")
_FIRM_BEFORE = re.compile("(?:会社|法人|商店|当社|弊社|御社|事業者)[ :(]{0,2}\\Z")


def find_passports(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    """Yield passport numbers: in a text that speaks of passports, or in their shape where one is meant."""
    if "passport" in labels.names:
        for found in _PASSPORT.finditer(text):
            if len(_digits(found.group())) >= _SERIES or _is_named(labels, found.start(), "passport"):
                yield Hit(*found.span(), Kind.PASSPORT, "A passport number.")
        for found in match_at(rows.starts, _NINE, text):
            if _is_named(labels, found.start(), "passport"):
                yield Hit(*found.span(), Kind.PASSPORT, "A passport number.")
        return
    for found in _PASSPORT_ALONE.finditer(text):
        label = labels.before(found.start())
        if label is None and _ABOUT_TRAVEL.search(text):
            yield Hit(*found.span(), Kind.PASSPORT, "A passport number.")


_SERIES = 7
_ABOUT_TRAVEL = re.compile("本人確認|期限切れ|在留|国籍|渡航|海外送金|国外送金|外国送金|ビザ|査証|入国")


def find_postal_codes(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    """Yield postal codes: after 〒, its label or another one, or right beside a place."""
    reached = -1
    is_of_codes = "postal_code" in labels.names
    for found in match_at(rows.starts, _POSTAL, text):
        label = labels.before(found.start(), 10)
        is_named = (label is not None and label.name == "postal_code") or (
            reached >= 0 and _ALSO_POSTAL.fullmatch(text, reached, found.start()) is not None
        )
        is_parted = found.group()[3] in "-・ "
        is_open = is_parted or (label is None and not found.group().endswith("000"))
        if (
            is_named
            or (is_open and _PLACE_AFTER.match(text, found.end()))
            or (is_parted and label is None and _is_sent_to(text, *found.span()))
            or (found.group()[3] == "-" and label is None and is_of_codes)
        ):
            reached = found.end()
            yield Hit(*found.span(), Kind.POSTAL_CODE, "A postal code.")


def _is_sent_to(text: str, start: int, end: int) -> bool:
    """Return whether 住所 or an address stands before seven digits, or a prefecture's bare name after."""
    if _SENT_TO.search(text, max(0, start - 8), start) or _PLACE_BEFORE.search(
        text, max(0, start - 42), start
    ):
        return True
    place = end + (text[end : end + 1] == " ")
    stems = (text[place : place + 2], text[place : place + 3])
    return any(known_places().is_stem(one) for one in stems) and _NO_BRANCH.match(text, place) is not None


_ACCOUNT_WORDS = re.compile(
    r"口座|普通|当座|貯蓄|支店|出張所|営業部|本店|銀行|信金|信用金庫|信組|信用組合|労金|労働金庫|農協|漁協|名義|振込|ゆうちょ|通帳"
)
_NUMBER_SIGN = re.compile(
    r"(?:普通|当座|貯蓄|口座|通帳)(?:預金)?(?:の|は|:)?[ 、,]{0,2}(?:No|no|NO|№)[.:]? ?\Z"
)
_NOT_ACCOUNT = {
    "other",
    "phone",
    "postal_code",
    "my_number",
    "card",
    "passport",
    "driver_licence",
    "birth_date",
    "corporate_number",
    "bank",
}


def find_accounts(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    """Yield account numbers, and the branch number or ゆうちょ symbol that goes with one."""
    hits = [
        *_full_codes(text, rows),
        *_branch_and_number(text, labels, rows),
        *_post_pairs(text),
        *_plain_accounts(text, labels, rows),
    ]
    codes = _SYMBOL.finditer(text) if "symbol" in labels.names else ()
    symbols = [found for found in codes if _is_named(labels, found.start(), "symbol")]
    yield from hits
    for found in symbols:
        yield Hit(*found.span(), Kind.BANK_ACCOUNT, "The symbol of a post-office account.")
    for hit in hits:
        yield from _branches_beside(text, hit)
    if hits:
        for found in _BRANCH.finditer(text):
            of_branch = _BRANCH_NAME_BEFORE.search(text, max(0, found.start() - 6), found.start())
            if of_branch or _is_named(labels, found.start(), "branch"):
                yield Hit(*found.span(), Kind.BANK_ACCOUNT, "The branch number of an account.")


def _is_named(labels: Labels, at: int, name: str) -> bool:
    label = labels.before(at, 10)
    return label is not None and label.name == name


def _full_codes(text: str, rows: Rows) -> Iterator[Hit]:
    """Yield branch and account of bank code, branch code and number, if that branch exists."""
    for found in match_at(rows.long, _FULL_CODE, text):
        if is_branch(found[1], found[2]):
            yield Hit(*found.span(2), Kind.BANK_ACCOUNT, "The branch number of an account.")
            yield Hit(*found.span(3), Kind.BANK_ACCOUNT, "An account number.")


def _branch_and_number(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    """Yield branch and account where a number of three digits is called a branch's (店番号305の2216604)."""
    for found in match_at(rows.starts, _BRANCH_AND_NUMBER, text):
        if _NUMBER_OF_ELSE.search(text, max(0, found.start() - 6), found.start()):
            continue
        label = labels.before(found.start())
        if (label is not None and label.name in ("branch", "account")) or (
            label is None
            and (
                ("branch" in labels.names and "phone" not in labels.names)
                or _MONEY_MOVES.search(text, max(0, found.start() - 14), found.end() + 14)
            )
        ):
            yield Hit(*found.span(1), Kind.BANK_ACCOUNT, "The branch number of an account.")
            yield Hit(*found.span(2), Kind.BANK_ACCOUNT, "An account number.")


_MONEY_MOVES = re.compile("振り?込|引き?落|送金|入金|口座")


def _post_pairs(text: str) -> Iterator[Hit]:
    """Yield symbol and number of a post-office account written as one (10190-66027141)."""
    if _POST_WORD.search(text) is None:
        return
    for found in _POST_PAIR.finditer(text):
        yield Hit(*found.span(1), Kind.BANK_ACCOUNT, "The symbol of a post-office account.")
        yield Hit(*found.span(2), Kind.BANK_ACCOUNT, "An account number.")


def _branches_beside(text: str, account: Hit) -> Iterator[Hit]:
    """Yield the branch number right before or after an account (108 普 3391027, 6690351(普通、251店))."""
    before = _BRANCH_LEFT.search(text, max(0, account.start - 14), account.start)
    after = _BRANCH_RIGHT.match(text, account.end)
    for found in (before, after):
        if found is not None:
            span = found.span(found.lastindex or 0)
            yield Hit(*span, Kind.BANK_ACCOUNT, "The branch number of an account.")


def _plain_accounts(text: str, labels: Labels, rows: Rows) -> Iterator[Hit]:
    patterns = [_KIND_SIGN]
    patterns += [_FIVE_DIGITS] if "口座番号" in text else []
    patterns += [_COUNTED] if "account" in labels.names and "桁" in text else []
    for pattern in patterns:
        for found in pattern.finditer(text):
            yield Hit(*found.span(1), Kind.BANK_ACCOUNT, "An account number.")
    for found in match_at(rows.starts, _ACCOUNT, text):
        label = labels.before(found.start()) or labels.after(found.end())
        name = label.name if label else ""
        if name == "other" and _NUMBER_SIGN.search(text, max(0, found.start() - 14), found.start()):
            name = "account"  # 普通 No.1234567
        if name in _NOT_ACCOUNT or text[found.start() - 1 : found.start()] == "第":
            continue
        is_seven = len(found.group()) == 7
        around = text[max(0, found.start() - 30) : found.start()]
        is_near = is_seven and bool(
            _ACCOUNT_WORDS.search(around)
            or (_KIND_AFTER.match(text, found.end()) and not _NUMBER_OF_ELSE.search(around))
            or (_DEPOSIT_BEFORE.search(around) and not found.group().endswith("000"))
        )
        if _DATE_SHAPE.fullmatch(found.group()) and name not in ("account", "symbol"):
            continue
        is_post_office = name == "number" and "symbol" in labels.names
        if name in ("account", "symbol") or is_near or is_post_office:
            if is_seven and (branch := _BRANCH_BEFORE.search(text, max(0, found.start() - 8), found.start())):
                yield Hit(*branch.span(1), Kind.BANK_ACCOUNT, "The branch number of an account.")
            yield Hit(*found.span(), Kind.BANK_ACCOUNT, "An account number.")


FINDERS: tuple[Finder, ...] = (
    find_cards,
    find_corporate_numbers,
    find_my_numbers,
    find_passports,
    find_phones,
    find_postal_codes,
    find_accounts,
)


def find_numbers(text: str, known: Labels | None = None) -> list[Hit]:
    """Return the numbers of a view that belong to somebody; the first finder that sees a place names it.

    ``known`` are the labels of the view where they are known already.
    """
    if _FIVE.search(text) is None:
        return []
    labels, rows = known or Labels(text), Rows(text)
    found: list[Hit] = []
    taken: list[tuple[int, int]] = []
    for finder in FINDERS:
        for hit in finder(text, labels, rows):
            place = bisect.bisect_left(taken, (hit.end, 0))
            if place == 0 or taken[place - 1][1] <= hit.start:
                taken.insert(place, (hit.start, hit.end))
                found.append(hit)
    return found + _said_again(text, found, taken)


_REPEATED = (Kind.BANK_ACCOUNT, Kind.POSTAL_CODE)
_SHORTEST_REPEATED = 6
_TOLD_APART = 3


def _said_again(text: str, found: Sequence[Hit], taken: list[tuple[int, int]]) -> list[Hit]:
    """Return accounts and postal codes that stand in the text once more, also with a zero before it."""
    known = {
        _digits(text[hit.start : hit.end]).lstrip("0"): hit
        for hit in found
        if hit.kind in _REPEATED and hit.end - hit.start >= _SHORTEST_REPEATED
    }
    known = {digits: hit for digits, hit in known.items() if text.count(digits[-_TOLD_APART:]) > 1}
    again: list[Hit] = []
    for one in (_ACCOUNT.finditer(text), _POSTAL.finditer(text)) if known else ():
        for other in one:
            hit = known.get(_digits(other.group()).lstrip("0"))
            place = bisect.bisect_left(taken, (other.end(), 0))
            if hit is not None and (place == 0 or taken[place - 1][1] <= other.start()):
                taken.insert(place, other.span())
                again.append(Hit(*other.span(), hit.kind, hit.reason))
    return again
