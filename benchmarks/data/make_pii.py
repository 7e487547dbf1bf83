"""Make the messages with personal data from the lines written by hand in `written/pii_*.txt`.

    python -m benchmarks.data.make_pii

The two files have other texts, other names and other values. A line is a template; every message knows where
its values stand, a way of writing changes values piece by piece, and the spans are counted on the result.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.data.make_corpus import AUTHOR, cases_of
from benchmarks.data.pii_values import WRITTEN, Name, Values, half_width, romaji

HERE = Path(__file__).parent
SEED = 20261121
SLOT = re.compile(r"<([a-z_]+)(\d?)>")
TYPES = {
    **dict.fromkeys(
        ("person", "surname", "given", "kana", "hira", "halfkana", "romaji", "foreign"), "person"
    ),
    **dict.fromkeys(("phone", "mobile", "landline", "phone_intl"), "phone"),
    **dict.fromkeys(("account", "branch_code", "symbol", "yucho"), "bank_account"),
    "address": "address",
    "email": "email",
    "postal": "postal_code",
    "card": "card",
    "my_number": "my_number",
    "corporate_number": "corporate_number",
    "licence": "driver_licence",
    "passport": "passport",
    "birth": "birth_date",
}
KANJI = "〇一二三四五六七八九"
CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
Piece = tuple[str, str]  # what stands there, and the slot's kind ("" for the text between)
Way = Callable[[Piece, Random], str]


class Message:
    """Draws the values of one message, so that the same slot twice names the same person or place."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.people: dict[str, Name] = {}
        self.places: dict[str, tuple[str, str]] = {}
        self.branches: dict[str, tuple[str, str, str]] = {}

    def draw(self, slot: str, key: str) -> str:
        """The value of a slot."""
        person = self.people.setdefault(key, self.values.name())
        if TYPES.get(slot) == "person":
            return self._name(slot, person)
        if slot in {"postal", "address"}:
            place = self.places.setdefault(key, self.values.address())
            return place[0 if slot == "postal" else 1]
        if slot in {"bank", "branch", "branch_code"}:
            branch = self.branches.setdefault(key, self.values.branch())
            return branch[("bank", "branch", "branch_code").index(slot)]
        if slot == "email":
            return self.values.email(person)
        if TYPES.get(slot) == "phone":
            return self.values.phone({"phone": "", "phone_intl": "intl"}.get(slot, slot))
        if slot in {"account", "symbol", "yucho"}:
            one = self.values.digits({"account": 7, "symbol": 3, "yucho": 7}[slot])
            return {"account": one, "symbol": f"1{one}0", "yucho": f"{one}1"}[slot]
        made: str = getattr(self.values, slot)()
        return made

    def _name(self, slot: str, person: Name) -> str:
        choose = self.values.random.choice
        kana = f"{person.surname_kana}{choose((' ', '　', ''))}{person.given_kana}"
        letters = (romaji(person.surname_kana), romaji(person.given_kana))
        given, surname = letters[1].capitalize(), letters[0].capitalize()
        choices = {
            "person": f"{person.surname}{choose(('', '', ' ', '　'))}{person.given}",
            "surname": person.surname,
            "given": person.given,
            "kana": kana,
            "hira": "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ン" else c for c in kana),
            "halfkana": half_width(kana.replace("　", " ")),
            "romaji": choose(
                (f"{given} {surname}", f"{surname.upper()} {given.upper()}", f"{surname} {given}")
            ),
            "foreign": self.values.foreign() if slot == "foreign" else "",
        }
        return choices[slot]


def pieces_of(text: str, message: Message) -> list[Piece]:
    """The written line with its slots filled."""
    pieces: list[Piece] = []
    end = 0
    for match in SLOT.finditer(text):
        pieces.append((text[end : match.start()], ""))
        pieces.append((message.draw(match.group(1), match.group(2)), match.group(1)))
        end = match.end()
    return [piece for piece in (*pieces, (text[end:], "")) if piece[0]]


def _kanji_number(run: str, spoken: bool) -> str:
    run = run.lstrip("0") if spoken else run
    if not spoken or len(run) != 2:
        return "".join(KANJI[int(digit)] for digit in run)
    tens, ones = int(run[0]), int(run[1])
    return ("" if tens == 1 else KANJI[tens]) + "十" + (KANJI[ones] if ones else "")


def _as_it_is(piece: Piece, chance: Random) -> str:
    del chance
    return piece[0]


def full_width(piece: Piece, chance: Random) -> str:
    """Letters, digits and signs of the whole message in full width."""
    del chance
    return "".join("　" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in piece[0])


def kanji_numerals(piece: Piece, chance: Random) -> str:
    """Digits of values as kanji, hyphens as a long bar or の."""
    text, slot = piece
    if not slot or slot in {"email", "romaji"}:
        return text
    text = (
        re.sub(r"(\d{4})[-/.](\d+)[-/.](\d+)", r"\1年\2月\3日", text) if slot in {"birth", "date"} else text
    )
    spoken = slot in {"birth", "date", "address"}
    joint = chance.choice(("ー", "の", "－"))
    made = re.sub(r"\d+", lambda run: _kanji_number(run.group(), spoken), text)
    return re.sub(rf"(?<=[{KANJI}十])[-/. ](?=[{KANJI}十])", joint, made)


def other_hyphens(piece: Piece, chance: Random) -> str:
    """Hyphens of values as other signs that people type for them."""
    text, slot = piece
    if not slot or slot == "email":
        return text
    return text.replace("-", chance.choice("‐‑–—−ーｰ－・─."))


def zero_width(piece: Piece, chance: Random) -> str:
    """Invisible characters inside values, one or two or between all characters."""
    text, slot = piece
    if slot not in TYPES or len(text) < 2:
        return text
    sign = chance.choice(INVISIBLE)
    if chance.random() < 0.4:
        return sign.join(text)
    at = chance.randint(1, len(text) - 1)
    return text[:at] + sign + text[at:]


def circled(piece: Piece, chance: Random) -> str:
    """Digits of values in circles."""
    del chance
    text, slot = piece
    if not slot or slot == "email":
        return text
    return re.sub(r"\d", lambda digit: CIRCLED[int(digit.group())], text)


def spaced_digits(piece: Piece, chance: Random) -> str:
    """Digits of values apart: by blanks, wide blanks, dots or one a line."""
    text, slot = piece
    if not slot or slot in {"email", "address", "date", "amount"}:
        return text
    gap = chance.choice((" ", " ", " ", "　", "・", "\n"))
    return re.sub(r"(?<=\d)(?=\d)", gap, text)


WAYS: dict[str, Way] = {
    "full_width": full_width,
    "kanji_numerals": kanji_numerals,
    "other_hyphens": other_hyphens,
    "zero_width": zero_width,
    "circled": circled,
    "spaced_digits": spaced_digits,
}
TURNS = (
    "plain",
    "full_width",
    "kanji_numerals",
    "other_hyphens",
    "zero_width",
    "circled",
    "other_hyphens",
    "spaced_digits",
)


OTHERS = {"dev": (1, 2, 3, 9, 10, 11, 12, 14), "test": (4, 5, 13), "nobody": (15, 16)}
"""Which of the authors who marked their own messages were learnt from, and which were never read."""
MARKED = re.compile(r"^<<< (\w+)\n(.*?)\n>>>$", re.MULTILINE | re.DOTALL)
SLOT_OF = {kind: slot for slot, kind in TYPES.items()}
MARK = re.compile(r"([^⟦]+)|⟦(\w+):(.*?)⟧", re.DOTALL)


def row_of(part: str, group: str, template: str, pieces: list[Piece]) -> dict[str, Any]:
    """A line of the file, its spans counted on the text as it is."""
    text, spans = "", []
    for words, slot in pieces:
        if slot in TYPES:
            spans.append({"start": len(text), "end": len(text) + len(words), "type": TYPES[slot]})
        text += words
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    row = {"id": f"pii-{part}-{digest}", "group": group, "text": text, "spans": spans}
    return row | {"template": template, "author": AUTHOR}


def structured(part: str, line: str, number: int, template: str, values: Values) -> Iterator[dict[str, Any]]:
    """Five messages of a template in five ways of writing; a way that changes nothing is plain."""
    cases = cases_of(line)
    for turn in range(5):
        group = TURNS[(number * 5 + turn) % len(TURNS)]
        for _ in range(6):
            pieces = pieces_of(cases[turn % len(cases)], Message(values))
            way = WAYS.get(group, _as_it_is)
            written = [(way(piece, values.random), piece[1]) for piece in pieces]
            if written != pieces:
                break
        yield row_of(part, group if written != pieces else "plain", template, written)


def build(part: str) -> list[dict[str, Any]]:
    """All messages of a part (dev, test)."""
    values, group, number = Values(part, SEED), "", 0
    rows: list[dict[str, Any]] = []
    for line in (WRITTEN / f"pii_{part}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("# group="):
            group = line.removeprefix("# group=")
        if not line.strip() or line.startswith((";", "# ")):
            continue
        template = hashlib.sha256(line.encode()).hexdigest()[:10]
        text = line.replace("\\n", "\n")
        if group == "structured":
            rows += structured(part, text, number, template, values)
            number += 1
        else:
            cases = cases_of(text)
            turns = range(max(len(cases), 4 if group == "names" else 1))
            made = [pieces_of(cases[turn % len(cases)], Message(values)) for turn in turns]
            rows += [row_of(part, group, template, pieces) for pieces in made]
    return list({row["id"]: row for row in rows}.values())


def build_others(part: str) -> list[dict[str, Any]]:
    """All messages of the authors who marked their own (dev, test); nothing is drawn."""
    rows = []
    for number in OTHERS[part]:
        written = (WRITTEN / f"pii_others_{number}.txt").read_text(encoding="utf-8")
        for block in MARKED.finditer(written):
            found = MARK.findall(block[2])
            pieces = [(words or plain, SLOT_OF[kind] if kind else "") for plain, kind, words in found]
            template = hashlib.sha256(block[2].encode()).hexdigest()[:10]
            row = row_of(f"others-{part}", block[1], template, pieces)
            rows.append(row | {"author": f"akashi-native-message-author-{number}"})
    return rows


def main() -> None:
    """Write the files and print their counts."""
    made = {"dev": build("dev"), "test": build("test")}
    made |= {f"others_{part}": build_others(part) for part in OTHERS}
    for part, rows in made.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (HERE / f"pii_{part}.jsonl").write_text(lines, encoding="utf-8")
        types = Counter(span["type"] for row in rows for span in row["spans"])
        print(
            json.dumps(
                {part: len(rows), "groups": dict(Counter(r["group"] for r in rows)), "types": dict(types)}
            )
        )


if __name__ == "__main__":
    main()
