"""Write cases of the output check by machine: a quantity of a text in another form, or with another digit.

    python -m benchmarks.data.output_forms > /tmp/forms.jsonl
    python -m benchmarks.output --cases /tmp/forms.jsonl --json

Source texts are the sources of `output_dev.jsonl` and the sample's documents in `scripts/own_texts.txt`. What
else a quantity may be written as is said here anew, without the readers of `akashi.language`: only where one
stands, and its value, are taken from them. Groups are `form_KIND` (same value) and `digit_KIND` (another).
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from akashi.language.calendar import format_era_year
from akashi.language.normalise import normalise
from akashi.language.quantities import Kind, Quantity, read_quantities
from akashi.language.sentences import read_sentences
from benchmarks.expression_cases import spell

ROOT = Path(__file__).parents[2]
PAGES = 300
SEED = 5
_FULL = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def era(year: int) -> str:
    """A year in its era, without 年: 令和8 for 2026; empty where two eras meet."""
    first, last = format_era_year(date(year, 1, 1)), format_era_year(date(year, 12, 31))
    return first.removesuffix("年") if first == last else ""


def _amount(quantity: Quantity, raw: str) -> list[str]:
    value = Decimal(quantity.value)
    if quantity.unit != "JPY" or value != int(value) or value <= 0:
        return []
    number = int(value)
    forms = [f"{number:,}円", f"{number}円", f"{spell(number)}円", f"{number:,}円".translate(_FULL)]
    forms += [f"{number // 10**4:,}万円"] if number % 10**4 == 0 and number < 10**8 else []
    forms += [f"{number // 10**8}億円"] if number % 10**8 == 0 else []
    return forms


def _rate(quantity: Quantity, raw: str) -> list[str]:
    percent = f"{(Decimal(quantity.value) * 100).normalize():f}"
    return [f"{percent}%", f"{percent}パーセント", percent.translate(_FULL) + "％"]


def _date(quantity: Quantity, raw: str) -> list[str]:
    value = str(quantity.value)
    if value.startswith("--"):
        month, day = map(int, value[2:].split("-"))
        return [f"{month}月{day}日", f"{spell(month)}月{spell(day)}日"]
    year, *rest = map(int, value.split("-"))
    said = era(year)
    if quantity.unit == "fiscal_year":
        return [f"{year}年度", *([f"{said}年度"] if said else [])]
    tail = "".join(f"{part}{name}" for part, name in zip(rest, "月日", strict=False))
    forms = [f"{year}年{tail}", *([f"{said}年{tail}"] if said else [])]
    return forms + ([f"{year}/{rest[0]}/{rest[1]}", f"{year}.{rest[0]}.{rest[1]}"] if len(rest) == 2 else [])


def _period(quantity: Quantity, raw: str) -> list[str]:
    if quantity.unit == "business_days":
        number = int(Decimal(quantity.value))
        return [f"{number}営業日", f"{spell(number)}営業日"]
    found = re.fullmatch(r"P(\d+)([YMWD])", str(quantity.value))
    if found is None:
        return []
    number, unit = int(found[1]), found[2]
    if unit == "Y":
        return [f"{number * 12}か月", f"{number * 12}ヶ月", f"{spell(number)}年"]
    if unit == "M":
        forms = [f"{number}か月", f"{number}カ月", f"{spell(number)}か月"]
        return forms + ([f"{number // 12}年"] if number % 12 == 0 else ["半年"] if number == 6 else [])
    if unit == "W":
        return [f"{number * 7}日", f"{number}週間"]
    return [f"{spell(number)}日", *([f"{number // 7}週間"] if number % 7 == 0 else [])]


def _time(quantity: Quantity, raw: str) -> list[str]:
    if not quantity.certain:
        return []
    hour, minute = map(int, str(quantity.value).split(":"))
    said = f"{minute}分" if minute else ""
    half = f"午前{hour}" if hour < 12 else f"午後{hour - 12}"
    return [f"{hour}時{said}", f"{hour}:{minute:02}", f"{half}時{said}"] + (
        [f"{hour}時半"] if minute == 30 else []
    )


def _count(quantity: Quantity, raw: str) -> list[str]:
    value = Decimal(quantity.value)
    suffix = re.sub(r"^[0-9,.０-９一二三四五六七八九十百千万億]+", "", raw)
    return [f"{int(value):,}{suffix}", spell(int(value)) + suffix] if value == int(value) else []


FORMS: dict[Kind, Callable[[Quantity, str], list[str]]] = {
    Kind.AMOUNT: _amount,
    Kind.RATE: _rate,
    Kind.DATE: _date,
    Kind.PERIOD: _period,
    Kind.TIME: _time,
    Kind.COUNT: _count,
}


def other_forms(quantity: Quantity, raw: str) -> list[str]:
    """How else ``quantity``, written ``raw``, may be written."""
    write = FORMS.get(quantity.kind)
    return [form for form in dict.fromkeys(write(quantity, raw) if write else []) if form != raw]


def other_digits(quantity: Quantity, raw: str, rng: random.Random) -> list[str]:
    """``raw`` with one digit changed, each place once; what still has the same value is left out."""
    plain = normalise(raw).text
    places = [at for at, sign in enumerate(plain) if sign.isdigit()]
    changed = [f"{plain[:at]}{(int(plain[at]) + rng.randint(1, 9)) % 10}{plain[at + 1 :]}" for at in places]
    return [text for text in changed if not _has_value(text, quantity)]


def _has_value(text: str, quantity: Quantity) -> bool:
    return any((one.value, one.unit) == (quantity.value, quantity.unit) for one in read_quantities(text))


def pages() -> list[str]:
    """The source texts, in a fixed random order."""
    lines = (ROOT / "benchmarks/data/output_dev.jsonl").read_text("utf-8").splitlines()
    found = [" ".join(json.loads(line)["sources"]) for line in lines]
    for page in re.split("\f+\n", (ROOT / "scripts/own_texts.txt").read_text("utf-8")):
        found += [part for part in re.split(r"\n\s*\n", page) if 60 < len(part) < 1200]
    found = list(dict.fromkeys(found))
    random.Random(SEED).shuffle(found)
    return found


def cases(count: int = PAGES) -> Iterator[dict[str, Any]]:
    """The cases of the first ``count`` source texts."""
    rng = random.Random(SEED)
    for page in pages()[:count]:
        for sentence in (span.of(page) for span in read_sentences(page)):
            if 15 < len(sentence) < 200:
                yield from _cases_of(sentence, page, rng)


def _cases_of(sentence: str, page: str, rng: random.Random) -> Iterator[dict[str, Any]]:
    for quantity in read_quantities(sentence)[:3]:
        raw = quantity.span.of(sentence)
        written = {"form": other_forms(quantity, raw), "digit": other_digits(quantity, raw, rng)}
        for group, texts in written.items():
            for text in rng.sample(texts, min(2, len(texts))):
                answer = sentence[: quantity.span.start] + text + sentence[quantity.span.end :]
                name = hashlib.sha256(f"{group}\n{answer}\n{page}".encode()).hexdigest()[:12]
                yield {
                    "id": f"{group}-{name}",
                    "group": f"{group}_{quantity.kind.value}",
                    "answer": answer,
                    "sources": [page],
                    "supported": group == "form",
                }


def main() -> None:
    """Write the cases to standard output."""
    for case in {case["id"]: case for case in cases()}.values():
        sys.stdout.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
