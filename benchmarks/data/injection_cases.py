"""Write one split of the hijack corpus as a case file of `benchmarks.injection`.

    python -m benchmarks.data.injection_cases --split test [--ways] [--author 5 13] > /tmp/cases.jsonl

Groups: attacks by their form, `attack_long` where they stand in a long harmless text; harmless texts by what
they are: `bank_message`, `policy_document` (rules, minutes, forms, notices, code), `trigger_words`, or long.
"""

import argparse
import base64
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.data.make_corpus import build

ORDINARY = {"bank_message", "feedback", "mail"}
TRIGGERS = {"trigger_words", "staff_request", "fraud_question"}


def group_of(row: dict[str, Any], attack: bool) -> str:
    """The group of a case."""
    if attack:
        return "attack_long" if "host" in row else f"attack_{row['form']}"
    family = row["family"]
    name = (
        "bank_message" if family in ORDINARY else "trigger_words" if family in TRIGGERS else "policy_document"
    )
    return f"{name}_long" if row["form"] == "long" else name


def cases(split: str, authors: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """The cases of a split (train, dev, test), of all authors or those numbered: id, group, text, label."""
    names = tuple(f"-{author}" for author in authors) or ("",)
    for label, rows in zip((1, 0), build(), strict=True):
        for row in rows:
            if row["split"] == split and row["author"].endswith(names):
                yield {
                    "id": row["id"],
                    "group": group_of(row, label == 1),
                    "text": row["text"],
                    "label": label,
                }


def _each_byte(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


WAYS: dict[str, Callable[[str], str]] = {
    "as_written": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "url": _each_byte,
    "entities": lambda text: "".join(f"&#{ord(one)};" for one in text),
    "escapes": lambda text: text.encode("unicode_escape").decode(),
    "reversed": lambda text: text[::-1],
    "spaced": " ".join,
    "one_per_line": "\n".join,
    "zero_width": "\u200b".join,
    "tags_between": "\U000e0020".join,
}


def written_in_ways(split: str, authors: Sequence[str] = ()) -> Iterator[dict[str, Any]]:
    """Explicit attacks of a split in every way of writing, and in the middle of harmless messages."""
    hosts = [case["text"] for case in cases(split, authors) if case["group"] == "bank_message"]
    explicit = [case for case in cases(split, authors) if case["group"] == "attack_explicit"]
    for at, case in enumerate(explicit):
        for way, write in WAYS.items():
            yield case | {"id": f"{case['id']}-{way}", "group": way, "text": write(case["text"])}
        around = [hosts[(at * 7 + step) % len(hosts)] for step in range(12)]
        text = "\n".join([*around[:6], case["text"], *around[6:]])
        yield case | {"id": f"{case['id']}-embedded", "group": "embedded", "text": text}


def main() -> None:
    """Write the cases to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=("train", "dev", "test"), required=True)
    parser.add_argument("--ways", action="store_true")
    parser.add_argument("--author", nargs="*", default=(), help="numbers of authors, as 5 13; without it all")
    chosen = parser.parse_args()
    for case in (written_in_ways if chosen.ways else cases)(chosen.split, chosen.author):
        sys.stdout.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
